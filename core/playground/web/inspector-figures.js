// The figures of an exchange: milliseconds, or null where there is nothing to measure.

export const heldBack = 100; // on the way: what a reader of an answer begins to see

// quantile of numbers in ascending order.
const quantile = (sorted, q) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : null);

const rate = (n, from, to) => (n > 1 && to > from ? (n * 1000) / (to - from) : null);

// What makes pieces of text a clump and not a flow, as for chatkit probe: milliseconds, pieces and letters.
const together = 10;
const crowd = 5;
const much = 200;
const noticed = 150;

// clumpsOf tells of text that mostly comes in clumps with pauses before them: the most pieces and letters of one,
// the longest pause. It is null for text that flows.
function clumpsOf(events) {
  const clumps = [];
  for (const { at, letters } of events) {
    if (!letters) continue;
    const last = clumps.at(-1);
    if (last && at - last.end < together) last.pieces++, (last.letters += letters), (last.end = at);
    else clumps.push({ pieces: 1, letters, end: at, pause: at - (last?.end ?? at) });
  }
  const big = clumps.filter((some) => some.pieces >= crowd || some.letters >= much);
  const sum = (some) => some.reduce((all, { letters }) => all + letters, 0);
  const most = (name) => Math.max(0, ...big.map((some) => some[name]));
  return most("pause") >= noticed && 2 * sum(big) >= sum(clumps) ? { pieces: most("pieces"), letters: most("letters"), pause: most("pause") } : null;
}

export function figures(x) {
  const events = x.entries.filter((entry) => entry.event);
  const gaps = events.slice(1).map((event, i) => event.at - events[i].at);
  const sorted = gaps.toSorted((a, b) => a - b);
  // The two clocks begin at different moments. The event that came fastest tells by how much, so that what is
  // left is how much longer the others were on their way.
  const timed = events.filter((event) => event.t !== null);
  const late = timed.map((event) => event.at - event.t).sort((a, b) => a - b);
  const crowds = new Set(timed.filter((event, i) => event.at === timed[i - 1]?.at && event.at - event.t - late[0] >= heldBack).map(({ at }) => at));
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
    crowds: crowds.size, // reads that brought events too late, and several of them
    clumps: clumpsOf(events),
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
