// Lists the versions of a detector, and asks the daemon to retrain, to go back, or to go on after too many dead letters.

import { h, setText } from './dom.js';
import { count, date, number } from './format.js';

export class Models {
  #nodes;
  #ask;
  #token;
  #detector = '';
  #key = '';

  /** @param nodes table, note, answer, retrain, resume; @param ask shows a question and gives a promise of the answer; @param token gives the token, and asks for it where wanted */
  constructor(nodes, ask, token) {
    [this.#nodes, this.#ask, this.#token] = [nodes, ask, token];
    nodes.retrain.addEventListener('click', () => this.#retrain());
    nodes.resume.addEventListener('click', () => this.#resume());
  }

  /** Shows a detector; versions are read again where the one that scores, or a training, changed. */
  show(health) {
    this.#nodes.resume.hidden = health?.state !== 'halted';
    if (!health) {
      this.#key = this.#detector = '';
      this.#nodes.retrain.hidden = true;
      setText(this.#nodes.note, 'choose a detector above');
      this.#nodes.table.replaceChildren();
      return;
    }
    const key = `${health.name} ${health.model_version} ${health.retraining}`;
    if (key === this.#key) return;
    if (health.name !== this.#detector) setText(this.#nodes.answer, '');
    [this.#key, this.#detector] = [key, health.name];
    setText(this.#nodes.note, `of ${health.name}${health.retraining ? ': a training runs' : ''}`);
    this.#read();
  }

  again() { if (this.#detector) this.#read(); }

  async #read() {
    const detector = this.#detector;
    const response = await this.#call(`api/page/detectors/${encodeURIComponent(detector)}/versions`).catch(() => null);
    if (detector !== this.#detector) return;
    if (!response?.ok) {
      this.#nodes.retrain.hidden = false;
      this.#nodes.table.replaceChildren(h('p', { class: 'note' }, response ? 'The versions are shown to whom the admin API answers.' : 'The daemon does not answer.'));
      return;
    }
    const versions = await response.json();
    this.#nodes.retrain.hidden = false;
    this.#nodes.table.replaceChildren(versions.length ? this.#table(versions) : h('p', { class: 'note' }, 'No version yet: the first one is trained as soon as the topic holds enough records.'));
  }

  #table(versions) {
    const head = ['Version', 'Trained', 'Why', 'Learned from', 'Window', 'Threshold', ''];
    return h('table', {},
      h('thead', {}, h('tr', {}, head.map(text => h('th', { scope: 'col' }, text || h('span', { class: 'hidden' }, 'Action'))))),
      h('tbody', {}, versions.map(version => h('tr', { class: version.current ? 'current' : null },
        h('th', { scope: 'row' }, h('code', {}, version.version), version.current ? h('span', { class: 'state' }, 'scores') : null),
        version.problem
          ? h('td', { colspan: 5, class: 'trouble' }, version.problem)
          : [
            h('td', {}, date(version.created_at)),
            h('td', {}, `${version.trigger}; ${version.variant}${version.device === 'native' ? '' : ` on ${version.device}`}`),
            h('td', {}, `${count(version.records)} records${version.excluded ? `, ${count(version.excluded)} left out` : ''}`),
            h('td', {}, `${date(version.from)} – ${date(version.to)}`),
            h('td', { title: `learned from ${count(version.held_out_scores)} held-out scores` }, `${number(version.threshold)} at ${number(version.quantile * 100)} %`),
          ],
        h('td', {}, version.current || version.problem ? null : h('button', { type: 'button', onclick: () => this.#rollback(version.version) }, 'Roll back', h('span', { class: 'hidden' }, ` to ${version.version}`)))))));
  }

  async #retrain() {
    const detector = this.#detector;
    if (!await this.#ask('Retrain now', `Train a new version of ${detector} from its topic's history. It scores on meanwhile, and swaps when the new version is ready. A requested training learns from all of the window, also from what was flagged.`, 'Retrain')) return;
    await this.#post(`api/detectors/${encodeURIComponent(detector)}/retrain`);
  }

  async #resume() {
    const detector = this.#detector;
    if (!await this.#ask('Go on reading', `${detector} stopped because too many of its records went to the dead letters. Going on sets aside what is bad, and stops again when it is too much again.`, 'Go on')) return;
    await this.#post(`api/detectors/${encodeURIComponent(detector)}/resume`);
  }

  async #rollback(version) {
    const detector = this.#detector;
    if (!await this.#ask('Roll back', `Let ${detector} score with version ${version}, between two batches and without a restart.`, 'Roll back')) return;
    await this.#post(`api/detectors/${encodeURIComponent(detector)}/rollback?version=${encodeURIComponent(version)}`);
    this.again();
  }

  async #post(address) {
    let response = await this.#call(address, 'POST').catch(() => null);
    // The token is asked for once; what is typed may be wrong again.
    if (response?.status === 401 && await this.#token.ask()) response = await this.#call(address, 'POST').catch(() => null);
    const answer = response ? (await response.json().catch(() => ({}))).message ?? `the daemon answers ${response.status}` : 'The daemon does not answer.';
    setText(this.#nodes.answer, answer);
    this.#nodes.answer.classList.toggle('trouble', !response?.ok);
  }

  #call(address, method = 'GET') {
    const token = this.#token.value;
    return fetch(address, { method, cache: 'no-store', headers: token ? { Authorization: `Bearer ${token}` } : {} });
  }
}
