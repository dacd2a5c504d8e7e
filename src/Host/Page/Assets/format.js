// Writes numbers, times and values as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });
const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

export const severities = ['low', 'medium', 'high', 'critical'];

export function count(n) {
  return n >= 1e7 ? compact.format(n) : whole.format(n);
}

export function rate(n) {
  return n === null ? '–' : n >= 10 || n === 0 ? count(n) : n.toFixed(1);
}

export function percent(share) {
  const p = share * 100;
  if (share === 0 || share === 1) return `${p} %`;
  return p < 0.01 ? '<0.01 %' : p > 99.99 ? '>99.99 %' : `${p.toFixed(p < 1 || p > 99 ? 2 : p < 10 ? 1 : 0)} %`;
}

export function number(n) {
  return Math.abs(n) >= 1e9 || (n !== 0 && Math.abs(n) < 1e-4) ? n.toExponential(2) : Number.isInteger(n) ? whole.format(n) : precise.format(n);
}

export function time(when) {
  return when ? clock.format(new Date(when)) : '–';
}

export function hourAndMinute(when) {
  return minutes.format(new Date(when));
}

export function date(when) {
  return when ? dated.format(new Date(when)) : 'unknown';
}

export function fullTime(when) {
  return when ? full.format(new Date(when)) : 'unknown';
}

/** Writes seconds as 12 s, 4 min, 3 h 20 min, 5 d. */
export function duration(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
  return `${Math.round(seconds / 86400)} d`;
}

/** Writes a value that a record holds or that was expected: number, truth, time, text, or nothing. */
export function value(v, unit) {
  if (v === null || v === undefined) return 'missing';
  if (typeof v === 'number') return unit ? `${number(v)} ${unit}` : number(v);
  if (typeof v === 'boolean') return v ? 'true' : 'false';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(v) ? v.replace('T', ' ').replace(/\.\d+Z$/, 'Z') : v === '' ? '(empty)' : v;
}

/** Writes a probability as one record in so many. */
export function rarity(probability) {
  return probability <= 1e-12 ? 'fewer than 1 in a trillion' : `about 1 in ${count(Math.max(1, Math.round(1 / probability)))}`;
}
