// Draws lines over time, and the distribution of ratios. Sizes are attributes and colours are classes: the policy allows no inline style.

import { h, s, setText } from './dom.js';
import { hourAndMinute, percent, time } from './format.js';

const height = 116;
const left = 4, right = 4, top = 8, bottom = 18;
const decades = 4;

/** A panel with a title, the present figure, and one line over time. Arrow keys read it point by point. */
export class LineChart {
  #svg;
  #now;
  #note;
  #readout;
  #write;
  #points = [];
  #span = [0, 1];
  #highest = 1;
  #at = -1;
  #noun;

  /** @param {string} noun what is counted, for who does not see the chart; @param write writes a value */
  constructor(panel, title, noun, kind, write) {
    this.#noun = noun;
    this.#write = write;
    this.#now = h('strong', { class: 'figure' }, '–');
    this.#note = h('span', { class: 'quiet' });
    this.#readout = h('span', { class: 'readout', 'aria-live': 'off' });
    this.#svg = s('svg', { class: `chart ${kind}`, role: 'img', height, tabindex: 0, focusable: 'true' });
    panel.append(h('h3', {}, title), h('p', { class: 'now' }, this.#now, ' ', this.#note, this.#readout), this.#svg);
    this.#svg.addEventListener('pointermove', event => this.#point(this.#indexAt(event)));
    this.#svg.addEventListener('pointerleave', () => this.#point(-1));
    this.#svg.addEventListener('blur', () => this.#point(-1));
    this.#svg.addEventListener('keydown', event => {
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
      if (!step || !this.#points.length) return;
      event.preventDefault();
      this.#readout.setAttribute('aria-live', 'polite');
      const from = this.#at < 0 ? this.#points.length - 1 : this.#at;
      this.#point(Math.max(0, Math.min(this.#points.length - 1, from + step)));
    });
    new ResizeObserver(() => this.#draw()).observe(panel);
  }

  show(points, from, to, now, note) {
    this.#points = points;
    this.#span = [from, to];
    setText(this.#now, now);
    setText(this.#note, note);
    this.#draw();
  }

  #draw() {
    const width = this.#svg.clientWidth;
    if (!width) return;
    const values = this.#points.map(point => point.value).filter(value => value !== null);
    this.#highest = niceCeiling(Math.max(1, ...values));
    const x = at => left + (at - this.#span[0]) / (this.#span[1] - this.#span[0]) * (width - left - right);
    const y = value => top + (1 - value / this.#highest) * (height - top - bottom);
    const parts = [];
    for (const share of [0, 0.5, 1]) {
      const line = y(this.#highest * share);
      parts.push(s('line', { class: 'grid', x1: left, x2: width - right, y1: line, y2: line }));
      if (share) parts.push(s('text', { class: 'tick', x: left + 2, y: line + 11 }, this.#write(this.#highest * share)));
    }
    for (const [i, share] of [0, 1 / 3, 2 / 3, 1].entries()) {
      const at = this.#span[0] + share * (this.#span[1] - this.#span[0]);
      parts.push(s('text', { class: 'tick', x: x(at), y: height - 4, 'text-anchor': ['start', 'middle', 'middle', 'end'][i] }, hourAndMinute(at)));
    }
    for (const run of runs(this.#points)) {
      const line = run.map(point => `${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join('L');
      parts.push(s('path', { class: 'area', d: `M${x(run[0].at).toFixed(1)} ${y(0)}L${line}L${x(run.at(-1).at).toFixed(1)} ${y(0)}Z` }), s('path', { class: 'line', d: `M${line}` }));
    }
    const chosen = this.#points[this.#at];
    if (chosen?.value != null) {
      parts.push(s('line', { class: 'cursor', x1: x(chosen.at), x2: x(chosen.at), y1: top, y2: height - bottom }), s('circle', { class: 'cursor', cx: x(chosen.at), cy: y(chosen.value), r: 3 }));
    }
    this.#svg.replaceChildren(...parts);
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('aria-label', values.length
      ? `${this.#noun}: now ${this.#write(values.at(-1))}, least ${this.#write(Math.min(...values))}, most ${this.#write(Math.max(...values))} in the time shown`
      : `${this.#noun}: nothing known yet`);
  }

  #indexAt(event) {
    const share = (event.offsetX - left) / (this.#svg.clientWidth - left - right);
    const at = this.#span[0] + share * (this.#span[1] - this.#span[0]);
    let best = -1;
    this.#points.forEach((point, i) => {
      if (point.value !== null && (best < 0 || Math.abs(point.at - at) < Math.abs(this.#points[best].at - at))) best = i;
    });
    return best;
  }

  #point(index) {
    this.#at = index;
    const point = this.#points[index];
    setText(this.#readout, point ? `${time(point.at)}: ${point.value === null ? 'not known' : this.#write(point.value)}` : '');
    if (!point) this.#readout.setAttribute('aria-live', 'off');
    this.#draw();
  }
}

/** A panel with the distribution of ratios: a bar for each bucket, the threshold between normal and anomalous ones, and a mark where the bar was since the start. */
export class RatioChart {
  #svg;
  #now;
  #note;
  #shown = null;

  constructor(panel) {
    this.#now = h('strong', { class: 'figure' }, '–');
    this.#note = h('span', { class: 'quiet' });
    this.#svg = s('svg', { class: 'chart ratios', role: 'img', height });
    panel.append(h('h3', {}, 'Score ÷ threshold'), h('p', { class: 'now' }, this.#now, ' ', this.#note), this.#svg);
    new ResizeObserver(() => this.#draw()).observe(panel);
  }

  /** @param recent cumulative counts of the time shown; @param all likewise since the start */
  show(bounds, recent, all, since) {
    this.#shown = { bounds, recent: shares(recent), all: shares(all) };
    const limit = bounds.indexOf(1);
    const total = recent.at(-1) ?? 0;
    setText(this.#now, total ? percent(1 - recent[limit] / total) : '–');
    setText(this.#note, total ? `above the threshold ${since}` : 'no ratios yet');
    this.#draw();
  }

  #draw() {
    const width = this.#svg.clientWidth;
    if (!width || !this.#shown) return;
    const { bounds, recent, all } = this.#shown;
    const bars = Math.max(recent.length, 1);
    const step = (width - left - right) / bars;
    const base = height - bottom;
    // By powers of ten: anomalies are rare, and would not be seen otherwise.
    const y = share => top + Math.min(1, -Math.log10(share) / decades) * (base - top);
    const level = share => Math.min(base - 1, y(share));
    const parts = [];
    for (const share of [1, 0.01, 10 ** -decades]) {
      parts.push(s('line', { class: 'grid', x1: left, x2: width - right, y1: y(share), y2: y(share) }));
      if (y(share) < base) parts.push(s('text', { class: 'tick', x: width - right, y: y(share) + 11, 'text-anchor': 'end' }, percent(share)));
    }
    const limit = bounds.indexOf(1);
    recent.forEach((share, i) => {
      const name = i === 0 ? `up to ${bounds[0]}` : i === bounds.length ? `above ${bounds[i - 1]}` : `${bounds[i - 1]} to ${bounds[i]}`;
      if (share > 0) {
        parts.push(s('rect', { class: i > limit ? 'bar over' : 'bar', x: left + i * step + 1, width: Math.max(1, step - 2), y: level(share), height: base - level(share) }, s('title', {}, `${name}: ${percent(share)}`)));
      }
      if (all[i] > 0) parts.push(s('line', { class: 'before', x1: left + i * step + 1, x2: left + (i + 1) * step - 1, y1: level(all[i]), y2: level(all[i]) }));
    });
    if (limit >= 0) {
      const x = left + (limit + 1) * step;
      parts.push(s('line', { class: 'threshold', x1: x, x2: x, y1: top - 4, y2: base }));
    }
    for (const [i, bound] of bounds.entries()) {
      if ([0.1, 0.5, 1, 2, 10, 100].includes(bound)) parts.push(s('text', { class: 'tick', x: left + (i + 1) * step, y: height - 4, 'text-anchor': 'middle' }, bound === 1 ? 'threshold' : `${bound}×`));
    }
    this.#svg.replaceChildren(...parts);
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.setAttribute('aria-label', `Distribution of score over threshold: ${this.#now.textContent} ${this.#note.textContent}`);
  }
}

// Cumulative counts to the share of each bucket.
function shares(counts) {
  const total = counts.at(-1) ?? 0;
  return total ? counts.map((count, i) => (count - (counts[i - 1] ?? 0)) / total) : [];
}

// Stretches of points without a gap.
function runs(points) {
  const all = [];
  let run = [];
  for (const point of points) {
    if (point.value !== null) {
      run.push(point);
    } else if (run.length) {
      all.push(run);
      run = [];
    }
  }
  if (run.length) all.push(run);
  return all;
}

function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 5, 6, 8, 10].map(n => n * power).find(n => n >= value);
}
