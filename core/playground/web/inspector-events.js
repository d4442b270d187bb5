// The list of a stream's events, of which only what is in sight is in the page, and the chart of their gaps.
import { html, useLayoutEffect, useRef, useState } from "./vendor.js";
import { dataOf } from "./inspector-exchange.js";
import { figures, ms } from "./inspector-figures.js";

// Heights in pixels, as in app.css, and rows that are drawn beyond what is in sight.
const rowHeight = 24;
const openHeight = 192;
const beyond = 12;

export function Events({ x }) {
  const [filter, setFilter] = useState("");
  const [top, setTop] = useState(0);
  const [open, setOpen] = useState(null); // the number of an entry
  const [active, setActive] = useState(null); // likewise, for the keyboard
  const box = useRef();
  const stuck = useRef(true); // to the end, where new ones appear
  const end = useRef(0); // where that was
  useLayoutEffect(() => {
    const list = box.current;
    if (list.scrollTop < end.current && !atEnd(list)) stuck.current = false; // the user has scrolled just now
    if (stuck.current) list.scrollTop = list.scrollHeight;
    end.current = list.scrollTop;
  });

  const entries = x.entries.filter(matching(filter));
  const opened = entries.findIndex(({ n }) => n === open);
  const extra = (i) => (opened >= 0 && opened < i ? openHeight : 0); // above the row i
  const height = box.current?.clientHeight ?? 400;
  const from = Math.max(0, Math.min(Math.floor((top - openHeight) / rowHeight), entries.length - 1) - beyond);
  const to = Math.min(entries.length, Math.ceil((top + height) / rowHeight) + beyond);
  const shown = entries.slice(from, to);
  const focus = shown.some(({ n }) => n === active) ? active : shown.at(-1)?.n;

  const scrolled = ({ target }) => {
    stuck.current = atEnd(target);
    setTop(target.scrollTop);
  };
  const focused = (n) => {
    stuck.current = false; // it must not run away from a pointer
    setActive(n);
  };
  const move = (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step || event.target.tagName !== "BUTTON") return;
    event.preventDefault();
    event.target.parentElement[step]?.querySelector("button").focus();
  };

  return html`
    <div class="filter">
      <input type="search" placeholder="Filter: words, -without" aria-label="Filter events" value=${filter} onInput=${(event) => setFilter(event.target.value)} />
      <span>${filter ? `${entries.length} of ${x.entries.length}` : x.entries.length}${x.dropped ? `, ${x.dropped} older ones dropped` : ""}</span>
    </div>
    <div class="caption" aria-hidden="true"><span>ms</span><span>gap</span><span>bytes</span><span>event</span></div>
    <div class="events" ref=${box} onScroll=${scrolled} onKeyDown=${move}>
      <ol aria-label="Events" style=${{
        paddingTop: `${from * rowHeight + extra(from)}px`,
        paddingBottom: `${(entries.length - to) * rowHeight + extra(Infinity) - extra(to)}px`,
      }}>${shown.map((entry, i) => html`<${Row} key=${entry.n} ...${{
        entry, place: from + i + 1, size: entries.length, open: entry.n === open, focus: entry.n === focus, focused, toggle: () => setOpen(entry.n === open ? null : entry.n),
      }} />`)}</ol>
    </div>`;
}

const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < rowHeight;

// matching returns a filter for entries that have all words, and none that begins with a minus.
function matching(filter) {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word.replace("-", ""));
  if (!words.length) return () => true;
  return (entry) => {
    const text = `${entry.type} ${entry.raw}`.toLowerCase();
    return words.every((word) => (word[0] === "-" ? !text.includes(word.slice(1)) : text.includes(word)));
  };
}

function Row({ entry, place, size, open, focus, focused, toggle }) {
  const { n, at, gap, bytes, event, type, detail, heartbeat, stall } = entry;
  const name = event ? type || "no type" : `: ${type}`;
  return html`<li aria-posinset=${place} aria-setsize=${size} class=${[event ? "" : "comment", gap ? "" : "same", stall ? "stall" : ""].join(" ")}>
    <button type="button" tabindex=${focus ? 0 : -1} aria-expanded=${open} onClick=${toggle} onFocus=${() => focused(n)}>
      <span>${at.toFixed()}</span><span>${gap ? `+${gap.toFixed(gap < 9.95 ? 1 : 0)}` : ""}</span><span>${bytes}</span>
      <b>${name}${heartbeat ? " (heartbeat)" : ""} ${stall ? html`<em>${stall.heartbeats ? `only heartbeats for ${ms(stall.ms)}` : `silent for ${ms(stall.ms)}`}</em>` : ""} <i>${detail}</i></b>
    </button>
    ${open && html`<pre tabindex="0">${text(entry)}</pre>`}
  </li>`;
}

// text is what an open row shows.
function text(entry) {
  if (!entry.event) return entry.raw;
  const written = entry.t === null ? "" : `written by the server at ${entry.t} ms, read here at ${entry.at.toFixed(1)} ms\n`;
  const data = dataOf(entry);
  try {
    return written + JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return written + data;
  }
}

const bars = 240;
const fewest = 24; // that the width is made for

// Chart shows the gaps between the newest events, from nothing to 10 seconds, on a logarithmic scale.
export function Chart({ x }) {
  const { gaps } = figures(x);
  const shown = gaps.slice(-bars);
  if (!shown.length) return null;
  const width = Math.max(shown.length, fewest);
  const height = (gap) => Math.min(40, Math.max(1, 10 * Math.log10(1 + gap)));
  const path = (some) => shown.map((gap, i) => (some(gap) ? `M${i} 40v-${height(gap).toFixed(1)}h.8V40z` : "")).join("");
  return html`<figure class="chart">
    <svg viewBox=${`0 0 ${width} 40`} preserveAspectRatio="none" role="img" aria-label=${`Gaps between the last ${shown.length + 1} events, the longest ${ms(Math.max(...shown))}`}>
      <path class="lines" d="M0 10H${width}M0 20H${width}M0 30H${width}" />
      <path d=${path((gap) => gap < x.limits.stall)} />
      <path class="stall" d=${path((gap) => gap >= x.limits.stall)} />
    </svg>
    <figcaption>gaps; lines at 10 ms, 100 ms, 1 s</figcaption>
  </figure>`;
}
