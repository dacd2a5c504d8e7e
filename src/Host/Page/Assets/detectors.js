// Shows each detector: is it alive, does it keep up, how much is odd. A click shows it alone.

import { h, setText } from './dom.js';
import { count, duration, percent, rate, severities } from './format.js';

export class Detectors {
  #list;
  #choose;
  #cards = new Map();
  #chosen = '';

  /** @param choose called with a detector's name, or '' for all */
  constructor(list, choose) {
    this.#list = list;
    this.#choose = choose;
  }

  get chosen() { return this.#chosen; }

  /** @param figures as the server sends them; @param rates records a second by detector */
  show(figures, rates) {
    for (const one of figures) {
      let card = this.#cards.get(one.health.name);
      if (!card) this.#cards.set(one.health.name, card = this.#make(one.health.name, figures.length > 1));
      fill(card, one, rates.get(one.health.name) ?? null);
    }
  }

  #make(name, canChoose) {
    const state = h('span', { class: 'state' });
    const parts = {
      state,
      reason: h('p', { class: 'reason' }),
      bar: h('progress', { max: 1, 'aria-label': `Progress of ${name}` }),
      trouble: h('p', { class: 'trouble' }),
      figures: new Map(['scored a second', 'not read yet', 'anomalies', 'alerts', 'dead letters', 'partitions'].map(label => [label, h('dd', {}, '–')])),
    };
    const title = canChoose
      ? h('button', { type: 'button', class: 'name', 'aria-pressed': 'false', title: `Show ${name} alone, or all again`, onclick: () => this.#press(name) }, name)
      : h('span', { class: 'name' }, name);
    parts.title = title;
    parts.node = h('li', { class: 'panel detector' },
      h('div', { class: 'head' }, title, state),
      parts.reason, parts.bar, parts.trouble,
      h('dl', { class: 'facts' }, [...parts.figures].map(([label, node]) => h('div', {}, h('dt', {}, label), node))));
    this.#list.append(parts.node);
    return parts;
  }

  #press(name) {
    this.#chosen = this.#chosen === name ? '' : name;
    for (const [other, card] of this.#cards) card.title.setAttribute('aria-pressed', String(other === this.#chosen));
    this.#choose(this.#chosen);
  }
}

function fill(card, one, perSecond) {
  const { health } = one;
  const state = health.retraining ? 'retraining' : health.state;
  card.node.dataset.state = health.last_error || !health.broker_reachable ? 'trouble' : health.state;
  setText(card.state, state);
  const remaining = health.eta_seconds === null ? '' : `; about ${duration(health.eta_seconds)} left`;
  setText(card.reason, sentence(health.reason) + remaining);
  card.bar.hidden = health.progress === null || health.state === 'failed';
  if (health.progress !== null) card.bar.value = health.progress;
  const trouble = health.last_error ?? (health.broker_reachable ? null : 'No broker answers.');
  card.trouble.hidden = !trouble;
  setText(card.trouble, trouble ?? '');

  const behind = health.lag && perSecond > 0 ? `, about ${duration(health.lag / perSecond)}` : '';
  const bySeverity = severities.map((name, i) => `${count(one.alerts[i])} ${name}`).reverse().join(', ');
  const values = {
    'scored a second': rate(perSecond),
    'not read yet': health.lag === null ? '–' : count(health.lag) + behind,
    anomalies: one.scored ? `${count(one.anomalies)} of ${count(one.scored)}, ${percent(one.anomalies / one.scored)}` : '–',
    alerts: bySeverity,
    'dead letters': one.publish_failures ? `${count(one.dead_letters)}; ${count(one.publish_failures)} deliveries failed` : count(one.dead_letters),
    partitions: `${health.assigned_partitions}${health.broker_reachable ? '' : ', broker away'}`,
  };
  for (const [label, text] of Object.entries(values)) setText(card.figures.get(label), text);
}

const sentence = text => text.charAt(0).toUpperCase() + text.slice(1);
