// Explains one alert in full: the reasons, how bad, whose, when, by which model, and where the record lies.

import { h } from './dom.js';
import { date, fullTime, number, percent, rarity, value } from './format.js';
import { reasons } from './reasons.js';

const wide = matchMedia('(min-width: 900px)');

export class Detail {
  #section;
  #close;
  #episode = null;
  #at = 0;

  /** @param close called with the episode that was explained */
  constructor(section, close) {
    this.#section = section;
    this.#close = close;
    section.addEventListener('keydown', event => { if (event.key === 'Escape') this.close(); });
    this.#draw();
  }

  get isEmpty() { return this.#episode === null; }

  static get isBeside() { return wide.matches; }

  open(episode, moveFocus) {
    this.#episode = episode;
    this.#at = episode.alerts.indexOf(episode.shown);
    this.#draw();
    this.#section.scrollTop = 0;
    if (moveFocus) this.#section.focus();
  }

  close() {
    const episode = this.#episode;
    if (!episode) return;
    this.#episode = null;
    this.#draw();
    this.#close(episode);
  }

  #draw() {
    this.#section.classList.toggle('open', this.#episode !== null);
    if (!this.#episode) {
      this.#section.replaceChildren(
        h('h2', { id: 'detail-title' }, 'Why'),
        h('p', { class: 'note' }, 'Choose an alert to see why it was raised: what was observed, what was expected, how rare that is, and where the record lies.'));
      return;
    }

    // The oldest of a long episode may have left meanwhile.
    const alert = this.#episode.alerts[Math.max(0, this.#at)] ?? this.#episode.shown;
    this.#section.replaceChildren(
      h('div', { class: 'head' },
        h('h2', { id: 'detail-title' }, 'Why ', h('span', { class: `severity ${alert.severity}` }, alert.severity)),
        h('div', { class: 'grow' }),
        this.#step(-1, 'Earlier in this episode', '‹'), this.#step(1, 'Later in this episode', '›'),
        h('button', { type: 'button', class: 'plain close', 'aria-label': 'Close the explanation', onclick: () => this.close() }, '×')),
      h('p', { class: 'sentence' }, alert.sentence),
      reasons(alert.features),
      facts(alert),
      h('details', {}, h('summary', {}, 'As JSON, as in the alert topic'), h('pre', { tabindex: 0 }, JSON.stringify(alert, null, 2))));
  }

  #step(by, label, sign) {
    const to = this.#at + by;
    return h('button', {
      type: 'button', class: 'plain', 'aria-label': label, title: label, disabled: !this.#episode.alerts[to], onclick: () => { this.#at = to; this.#draw(); },
    }, sign);
  }
}

function facts(alert) {
  const { entity, episode, evidence, model, quality } = alert;
  const scored = new Date(alert.scored_time), ingested = alert.ingest_time && new Date(alert.ingest_time);
  const rows = [
    ['Ratio', `${alert.ratio.toFixed(2)} (score ${number(alert.score)}, threshold ${number(alert.threshold)})`],
    ['How rare', `${rarity(alert.tail_probability)} normal records scores higher; ${percent(alert.confidence)} sure by held-out records alone`],
    ['Whose', entity ? `${entity.field} ${entity.value}${entity.masked ? ' (masked)' : ''}` : 'the record names no entity'],
    entity?.pseudonym && ['Pseudonym', h('code', {}, entity.pseudonym)],
    alert.tenant && ['Tenant', alert.tenant],
    ['Episode', `record ${number(episode.sequence)} of one that began ${fullTime(episode.started_at)}`],
    ['Happened', `${fullTime(alert.event_time)}${alert.late ? ', reached the broker late' : ''}`],
    ['Scored', `${fullTime(alert.scored_time)}${ingested ? `, ${number(Math.max(0, scored - ingested))} ms after the broker had it` : ''}`],
    ['Record', h('code', {}, `${evidence.topic} / ${evidence.partition} @ ${evidence.offset}`)],
    ...Object.entries(evidence.fields).map(([name, shown]) => [name, value(shown)]),
    ['Model', `${model.variant}, version ${model.version}`],
    ['Learned from', `${number(model.training_window.records)} records, ${date(model.training_window.from)} to ${date(model.training_window.to)}`],
    quality.cold_start && ['Note', 'The model is the first of this detector.'],
    quality.missing_fields.length > 0 && ['Missing', quality.missing_fields.join(', ')],
    ['Alert', h('code', {}, alert.id)],
    alert.response.runbook && ['Runbook', link(alert.response.runbook)],
  ];
  return h('dl', { class: 'rows' }, rows.filter(Boolean).map(([name, shown]) => h('div', {}, h('dt', {}, name), h('dd', {}, shown))));
}

// Only addresses that a browser opens as a page.
function link(address) {
  return /^https?:\/\//.test(address) ? h('a', { href: address, rel: 'noreferrer', target: '_blank' }, address) : address;
}
