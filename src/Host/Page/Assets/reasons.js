// Draws why a record was flagged: a bar for each field by its share, with what was observed and what was expected.

import { h, s } from './dom.js';
import { percent, value } from './format.js';

/** Makes the lines of the fields that explain an alert. */
export function reasons(features, most = features.length) {
  return h('ul', { class: 'reasons' }, features.slice(0, most).map(feature => h('li', { class: feature.missing ? 'reason-line missing' : 'reason-line' },
    h('span', { class: 'field' }, feature.name),
    h('span', { class: 'values' },
      h('b', {}, value(feature.observed, feature.missing ? null : feature.unit)),
      h('span', { class: 'quiet' }, feature.unseen ? ' never seen before; expected ' : ', expected '),
      h('span', { class: 'expected' }, value(feature.expected, feature.unit)),
      feature.expected_probability === undefined ? null : h('span', { class: 'quiet' }, ` (${percent(feature.expected_probability)} sure)`)),
    bar(feature),
    h('span', { class: 'share' }, feature.missing ? '' : percent(feature.share)))));
}

function bar(feature) {
  return s('svg', { class: 'share-bar', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    s('rect', { class: 'track', width: 100, height: 8, rx: 2 }),
    s('rect', { class: 'fill', width: feature.share > 0 ? Math.max(1, feature.share * 100) : 0, height: 8, rx: 2 }));
}
