// Lists alerts by episode: a row stays where it is while its episode goes on, so that it can be read.

import { h, setText } from './dom.js';
import { fullTime, severities, time } from './format.js';
import { reasons } from './reasons.js';

const mostRows = 150;
const mostOfEpisode = 30;
const reasonsShown = 3;
const announceEvery = 5000;

export class Alerts {
  #nodes;
  #open;
  #episodes = new Map();
  #ids = new Set();
  #wanted = new Set(severities);
  #detector = '';
  #find = '';
  #order = 'newest';
  #isHeld = false;
  #waiting = [];
  #several = false;
  #current = '';
  #announced = 0;
  #unannounced = [];
  #chips = new Map();

  /** @param nodes list, count, note, hold, chips, find, order, announce; @param open called with an episode to explain */
  constructor(nodes, open) {
    this.#nodes = nodes;
    this.#open = open;
    for (const severity of [...severities].reverse()) {
      const chip = h('button', { type: 'button', class: `chip ${severity}`, 'aria-pressed': 'true', onclick: () => this.#toggle(severity) }, severity);
      this.#chips.set(severity, chip);
      nodes.chips.append(chip);
    }
    nodes.find.addEventListener('input', () => { this.#find = nodes.find.value.trim().toLowerCase(); this.#filter(); });
    nodes.order.addEventListener('change', () => { this.#order = nodes.order.value; this.#arrange(); });
    nodes.hold.addEventListener('click', () => this.#hold(!this.#isHeld));
    nodes.list.addEventListener('keydown', event => this.#key(event));
  }

  /** Shows one detector alone, or all by ''. */
  set detector(name) { this.#detector = name; this.#filter(); }

  set several(isSo) { this.#several = isSo; }

  get first() { return [...this.#nodes.list.children].find(row => !row.hidden)?.episode; }

  /** Says above the list why there is none, or not all. */
  note(text) { setText(this.#nodes.note, text); }

  add(alerts, omitted) {
    const fresh = alerts.filter(alert => !this.#ids.has(alert.id));
    if (this.#isHeld) {
      this.#waiting.push(...fresh);
      this.#waiting.splice(0, this.#waiting.length - 500);
      setText(this.#nodes.hold, `Held: ${this.#waiting.length} new`);
      return;
    }
    for (const alert of fresh) this.#take(alert);
    if (fresh.length) {
      this.#drop();
      this.#arrange();
      this.#announce(fresh);
    }
    if (omitted > 0) this.note(`${omitted} more came than are shown; all are in the alert topic.`);
    else if (this.#episodes.size) this.note('');
  }

  /** Marks the row that is explained. */
  mark(episodeId) {
    this.#episodes.get(this.#current)?.row.firstChild.removeAttribute('aria-current');
    this.#current = episodeId;
    this.#episodes.get(episodeId)?.row.firstChild.setAttribute('aria-current', 'true');
  }

  focus(episodeId) { this.#episodes.get(episodeId)?.row.firstChild.focus(); }

  #take(alert) {
    this.#ids.add(alert.id);
    let episode = this.#episodes.get(alert.episode.id);
    if (!episode) {
      episode = { id: alert.episode.id, alerts: [], worst: 0, first: alert.scored_time };
      episode.row = h('li', {}, h('button', { type: 'button', class: 'episode', tabindex: -1, onclick: () => this.#open(episode) }));
      episode.row.episode = episode;
      this.#episodes.set(episode.id, episode);
      this.#nodes.list.append(episode.row);
    }
    episode.alerts.push(alert);
    if (episode.alerts.length > mostOfEpisode) this.#ids.delete(episode.alerts.shift().id);
    const severity = severities.indexOf(alert.severity);
    // The row explains its worst alert; the latest of equals.
    if (!episode.shown || severity > episode.worst || (severity === episode.worst && alert.ratio >= episode.shown.ratio)) {
      episode.worst = Math.max(episode.worst, severity);
      episode.shown = alert;
    }
    episode.records = Math.max(episode.records ?? 0, alert.episode.sequence);
    episode.last = alert;
    this.#draw(episode);
  }

  #draw(episode) {
    const { shown, last } = episode;
    const button = episode.row.firstChild;
    button.className = `episode ${shown.severity}`;
    button.replaceChildren(
      h('span', { class: 'row-head' },
        h('span', { class: `severity ${shown.severity}` }, shown.severity),
        h('span', { class: 'entity' }, shown.entity?.value ?? shown.detector),
        this.#several ? h('span', { class: 'quiet' }, shown.detector) : null,
        h('span', { class: 'ratio', title: 'score over threshold' }, `${shown.ratio.toFixed(1)}×`),
        h('span', { class: 'grow' }),
        episode.records > 1 ? h('span', { class: 'quiet' }, `${episode.records} records`) : null,
        h('time', { datetime: last.scored_time, title: fullTime(last.scored_time) }, time(last.scored_time))),
      reasons(shown.features, reasonsShown));
    episode.text = [shown.entity?.value, shown.entity?.pseudonym, shown.detector, shown.sentence, ...Object.values(shown.evidence.fields)].join(' ').toLowerCase();
    this.#show(episode);
  }

  #show(episode) {
    episode.row.hidden = !this.#wanted.has(episode.shown.severity)
      || (this.#detector !== '' && episode.shown.detector !== this.#detector)
      || !episode.text.includes(this.#find);
  }

  // Those that nothing was added to for longest go first.
  #drop() {
    const over = [...this.#episodes.values()].sort((a, b) => a.last.scored_time < b.last.scored_time ? -1 : 1).filter(episode => episode.id !== this.#current);
    for (const episode of over.slice(0, Math.max(0, this.#episodes.size - mostRows))) {
      episode.alerts.forEach(alert => this.#ids.delete(alert.id));
      episode.row.remove();
      this.#episodes.delete(episode.id);
    }
  }

  #arrange() {
    const newest = (a, b) => a.first < b.first ? 1 : a.first > b.first ? -1 : 0;
    const worst = (a, b) => b.worst - a.worst || b.shown.ratio - a.shown.ratio;
    const focused = document.activeElement;
    [...this.#episodes.values()].sort(this.#order === 'worst' ? worst : newest).forEach((episode, i) => {
      const there = this.#nodes.list.children[i];
      if (there !== episode.row) this.#nodes.list.insertBefore(episode.row, there ?? null);
    });
    // A row that moves loses the focus.
    if (focused !== document.activeElement && this.#nodes.list.contains(focused)) focused.focus();
    this.#count();
  }

  #filter() {
    for (const episode of this.#episodes.values()) this.#show(episode);
    this.#count();
  }

  #count() {
    const rows = [...this.#nodes.list.children];
    const shown = rows.filter(row => !row.hidden);
    setText(this.#nodes.count, shown.length === rows.length ? `${rows.length} episodes` : `${shown.length} of ${rows.length} episodes`);
    const focused = shown.find(row => row.firstChild.tabIndex === 0);
    if (!focused) {
      rows.forEach(row => { row.firstChild.tabIndex = -1; });
      if (shown[0]) shown[0].firstChild.tabIndex = 0;
    }
  }

  #toggle(severity) {
    const isWanted = !this.#wanted.delete(severity);
    if (isWanted) this.#wanted.add(severity);
    this.#chips.get(severity).setAttribute('aria-pressed', String(isWanted));
    this.#filter();
  }

  #hold(isHeld) {
    this.#isHeld = isHeld;
    this.#nodes.hold.setAttribute('aria-pressed', String(isHeld));
    setText(this.#nodes.hold, isHeld ? 'Held' : 'Hold');
    if (!isHeld) this.add(this.#waiting.splice(0), 0);
  }

  #key(event) {
    const rows = [...this.#nodes.list.children].filter(row => !row.hidden).map(row => row.firstChild);
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (at < 0 || to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[at].tabIndex = -1;
    rows[to].tabIndex = 0;
    rows[to].focus();
  }

  #announce(alerts) {
    this.#unannounced.push(...alerts);
    if (Date.now() - this.#announced < announceEvery) return;
    this.#announced = Date.now();
    const worst = this.#unannounced.reduce((a, b) => severities.indexOf(b.severity) > severities.indexOf(a.severity) ? b : a);
    const many = this.#unannounced.length;
    setText(this.#nodes.announce, `${many === 1 ? 'New alert' : `${many} new alerts, the worst`}: ${worst.severity}, ${worst.entity?.value ?? worst.detector}, ${worst.sentence}`);
    this.#unannounced = [];
  }
}
