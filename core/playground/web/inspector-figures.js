// The figures of an exchange: milliseconds, or null where there is nothing to measure.

// quantile of numbers in ascending order.
const quantile = (sorted, q) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : null);

const rate = (n, from, to) => (n > 1 && to > from ? (n * 1000) / (to - from) : null);

export function figures(x) {
  const events = x.entries.filter((entry) => entry.event);
  const gaps = events.slice(1).map((event, i) => event.at - events[i].at);
  const sorted = gaps.toSorted((a, b) => a - b);
  // The two clocks begin at different moments. The event that came fastest tells by how much, so that what is
  // left is how much longer the others were on their way.
  const timed = events.filter((event) => event.t !== null);
  const late = timed.map((event) => event.at - event.t).sort((a, b) => a - b);
  return {
    headers: x.answer?.at ?? null,
    firstEvent: x.firstEvent,
    firstText: x.firstText,
    total: x.endAt,
    gaps,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    longest: x.events > 1 ? x.longest : null,
    characters: rate(x.characters, x.firstText, x.lastText),
    deltas: rate(x.deltas, x.firstText, x.lastText),
    perRead: x.eventReads ? x.events / x.eventReads : null,
    perWrite: x.writes ? x.events / x.writes : null,
    held: timed.length > 1 ? late.at(-1) - late[0] : null,
    heldUsually: timed.length > 1 ? quantile(late, 0.5) - late[0] : null,
    pause: timed.length > 1 ? Math.max(...timed.slice(1).map((event, i) => event.t - timed[i].t)) : null, // of the server
    stop: x.stopAt === null || x.endAt === null ? null : x.endAt - x.stopAt,
  };
}

// ms writes a time for people.
export function ms(value) {
  if (value === null) return "–";
  if (value < 9.95) return `${value.toFixed(1)} ms`;
  return value < 9995 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
