// Puts the page together: the stream fills what is shown.

import { Alerts } from './alerts.js';
import { LineChart, RatioChart } from './charts.js';
import { Detail } from './detail.js';
import { Detectors } from './detectors.js';
import { byId, setText } from './dom.js';
import { count, duration, rate, time } from './format.js';
import { History } from './history.js';
import { Models } from './models.js';
import { ask, Token } from './questions.js';
import { Stream } from './stream.js';

// The shortest time that a chart spans, in milliseconds.
const least = 120_000;

const history = new History();
const throughput = new LineChart(byId('throughput'), 'Throughput', 'Records scored a second', 'throughput', rate);
const lag = new LineChart(byId('lag'), 'Lag', 'Records not read yet', 'lag', count);
const ratios = new RatioChart(byId('ratios'));
const detectors = new Detectors(byId('detectors'), choose);
const detail = new Detail(byId('detail'), episode => { alerts.mark(''); alerts.focus(episode.id); });
const alerts = new Alerts(
  { list: byId('episodes'), count: byId('alerts-count'), note: byId('alerts-note'), hold: byId('hold'), chips: byId('severities'), find: byId('find'), order: byId('order'), announce: byId('announce') },
  episode => explain(episode, true));
const token = new Token(() => { stream.open(token.value); models.again(); });
const models = new Models({ table: byId('versions'), note: byId('models-note'), answer: byId('models-answer'), retrain: byId('retrain'), resume: byId('resume') }, ask, token);
const stream = new Stream(receive, tell);
let latest = null;

byId('range').addEventListener('change', draw);
byId('token').addEventListener('click', () => token.ask());
theme();
stream.open(token.value);

function receive(name, data) {
  if (name === 'hello') hello(data);
  else if (name === 'figures') figures(data);
  else if (name === 'alerts') {
    alerts.add(data.alerts, data.omitted);
    if (detail.isEmpty && Detail.isBeside && alerts.first) explain(alerts.first, false);
  }
}

function hello({ version, refusal, trail }) {
  setText(byId('version'), version);
  history.addTrail(trail);
  byId('token').hidden = refusal?.status !== 401 && !token.value;
  setText(byId('token'), refusal ? 'Enter the token' : 'Change the token');
  alerts.note(refusal ? `Alerts hold values of records. ${refusal.message}` : 'No alerts yet. They appear here within two seconds of their record.');
}

function figures(data) {
  const at = Date.parse(data.time);
  for (const one of data.detectors) history.add(at, one.health.name, one.scored, one.health.lag, one.ratios);
  latest = { ...data, at };
  alerts.several = data.detectors.length > 1;
  draw();
}

function draw() {
  if (!latest) return;
  const { at } = latest;
  const seconds = Number(byId('range').value);
  const rates = new Map(latest.detectors.map(one => [one.health.name, recentRate(history.lines([one.health.name], at - 60_000).rates)]));
  detectors.show(latest.detectors, rates);

  const shown = latest.detectors.filter(one => detectors.chosen === '' || one.health.name === detectors.chosen);
  const names = shown.map(one => one.health.name);
  // No emptier than it must be while little is known.
  const from = Math.max(at - seconds * 1000, Math.min(history.first(names) ?? at, at - least));
  const lines = history.lines(names, from);
  const perSecond = recentRate(lines.rates);
  throughput.show(lines.rates, from, at, rate(perSecond), 'records a second');
  const behind = lines.lags.at(-1)?.value ?? null;
  lag.show(lines.lags, from, at, behind === null ? '–' : count(behind), behind && perSecond > 0 ? `records, about ${duration(behind / perSecond)} behind` : 'records not read yet');

  const all = sumOf(shown.map(one => one.ratios));
  const recent = history.ratiosSince(names, from, new Map(shown.map(one => [one.health.name, one.ratios])));
  const isEnough = (recent.counts.at(-1) ?? 0) >= 50;
  ratios.show(latest.ratio_bounds, isEnough ? recent.counts : all, all, isEnough ? `in the last ${duration((at - recent.since) / 1000)}` : 'since the start');

  models.show(shown.length === 1 ? shown[0].health : null);
  summarize(latest.detectors.map(one => one.health));
  setText(byId('live-text'), `live, ${time(at)}`);
}

// Of the last seconds: one second alone jumps about.
function recentRate(points) {
  const known = points.filter(point => point.value !== null).slice(-5);
  return known.length ? known.reduce((sum, point) => sum + point.value, 0) / known.length : null;
}

function sumOf(counts) {
  return counts.reduce((sum, some) => some.map((n, i) => n + (sum[i] ?? 0)), []);
}

function summarize(all) {
  const trouble = all.find(one => one.state === 'failed' || one.last_error || !one.broker_reachable);
  const waiting = all.find(one => one.state !== 'scoring');
  byId('summary').classList.toggle('trouble', Boolean(trouble));
  setText(byId('summary'), trouble
    ? `${trouble.name}: ${trouble.last_error ?? (trouble.broker_reachable ? trouble.reason : 'no broker answers')}`
    : waiting ? `${waiting.name} is ${waiting.state}`
      : all.length === 1 ? `${all[0].name} is scoring` : `all ${all.length} detectors are scoring`);
}

function choose(name) {
  alerts.detector = name;
  draw();
}

function explain(episode, moveFocus) {
  alerts.mark(episode.id);
  detail.open(episode, moveFocus && !Detail.isBeside);
}

function tell(state, message) {
  byId('live').dataset.state = state;
  if (state !== 'on') setText(byId('live-text'), state === 'off' ? message : 'connection lost');
  byId('lost').hidden = state !== 'wait';
  setText(byId('lost'), state === 'wait' ? `No connection: ${message}. What is shown is of ${latest ? time(latest.at) : 'no time yet'}; it is tried again.` : '');
}

// The browser's choice, or the viewer's.
function theme() {
  const button = byId('theme');
  const order = ['system', 'light', 'dark'];
  const show = () => {
    const chosen = localStorage.getItem('aeanomaly-theme') ?? 'system';
    document.documentElement.dataset.theme = chosen;
    setText(button, `Theme: ${chosen}`);
  };
  button.addEventListener('click', () => {
    localStorage.setItem('aeanomaly-theme', order[(order.indexOf(document.documentElement.dataset.theme) + 1) % order.length]);
    show();
  });
  show();
}
