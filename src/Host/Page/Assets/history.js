// Keeps what the charts show: totals of each detector over the last hour, dense for the last minutes, thin before.

const kept = 3600_000;
const dense = 300_000;
const thin = 9_500;
const ratioEvery = 5_000;

export class History {
  #points = new Map();
  #ratios = new Map();

  /** Takes the samples that the server kept before anybody looked, and leaves out those that are there already. */
  addTrail(trail) {
    for (const [detector, samples] of Object.entries(trail)) {
      const known = this.#of(detector);
      const times = known.map(point => point.at);
      const isNew = at => !times.some(time => Math.abs(time - at) < thin / 2);
      const added = samples.map(x => ({ at: x.time_ms, scored: x.scored, lag: x.lag })).filter(point => isNew(point.at));
      this.#points.set(detector, [...known, ...added].sort((a, b) => a.at - b.at));
    }
  }

  add(at, detector, scored, lag, ratios) {
    const points = this.#of(detector);
    points.push({ at, scored, lag });
    for (let i = points.length - 2; i > 0 && points[i].at > at - dense - 60_000; i--) {
      if (points[i].at < at - dense && points[i].at - points[i - 1].at < thin) points.splice(i, 1);
    }
    while (points[0].at < at - kept) points.shift();

    const seen = this.#ratios.get(detector) ?? [];
    if (!seen.length || at - seen.at(-1).at >= ratioEvery) seen.push({ at, ratios });
    while (seen[0].at < at - kept) seen.shift();
    this.#ratios.set(detector, seen);
  }

  /** Gives records a second and lag of some detectors together, from a time on. A value that is not known is null. */
  lines(detectors, from) {
    const all = detectors.map(detector => this.#of(detector)).filter(points => points.length);
    if (!all.length) return { rates: [], lags: [] };
    const rates = [], lags = [];
    const others = all.slice(1).map(points => new Map(points.map(point => [point.at, point])));
    let before = null;
    for (const point of all[0]) {
      const same = [point, ...others.map(points => points.get(point.at))];
      if (same.some(other => !other)) continue;
      const scored = sum(same.map(other => other.scored));
      if (point.at >= from) {
        // A gap, and a process that began anew, have no rate.
        const isKnown = before && scored >= before.scored && point.at - before.at < 30_000;
        rates.push({ at: point.at, value: isKnown ? (scored - before.scored) * 1000 / (point.at - before.at) : null });
        lags.push({ at: point.at, value: same.some(other => other.lag === null) ? null : sum(same.map(other => other.lag)) });
      }
      before = { at: point.at, scored };
    }
    return { rates, lags };
  }

  /** Gives the ratios that were measured since a time, as far back as they were watched, and since when that is. */
  ratiosSince(detectors, from, now) {
    let since = 0;
    const counts = [];
    for (const detector of detectors) {
      const seen = this.#ratios.get(detector) ?? [];
      const first = seen.find(point => point.at >= from);
      const last = now.get(detector);
      if (!first || !last?.length) continue;
      since = Math.max(since, first.at);
      // A process that began anew counts from 0.
      const base = first.ratios.length && first.ratios.at(-1) <= last.at(-1) ? first.ratios : [];
      last.forEach((count, i) => { counts[i] = (counts[i] ?? 0) + count - (base[i] ?? 0); });
    }
    return { since, counts };
  }

  #of(detector) {
    if (!this.#points.has(detector)) this.#points.set(detector, []);
    return this.#points.get(detector);
  }
}

const sum = numbers => numbers.reduce((a, b) => a + b, 0);
