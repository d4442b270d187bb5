// The inspector shows what a Wire has recorded: requests, their events, figures, and what is wrong with them.
import { Component, html, useEffect, useReducer, useState } from "./vendor.js";
import { checks } from "./checks.js";
import { Chart, Events } from "./inspector-events.js";
import { figures, ms } from "./inspector-figures.js";
import { HeadersDialog, withHeaders } from "./headers.js";

const redrawAfter = 100; // milliseconds, so that a fast stream costs little

// Inspector fills its parent. Wire is what it shows; url is the address of the ChatKit route, for measuring the path;
// onHeaders is called when the user has changed the headers of all requests, onClose by its close button.
export class Inspector extends Component {
  // A fault in here is not to take the chat down with it.
  componentDidCatch(error) {
    console.error("inspector:", error);
    this.setState({ error });
  }

  render(props, { error }) {
    return error ? html`<p class="inspector">The inspector has failed: ${error.message}</p>` : html`<${Panel} ...${props} />`;
  }
}

function Panel({ wire, url = "/chatkit", onHeaders, onClose }) {
  const [chosen, choose] = useState(null); // an exchange's id; null is the newest stream
  const [said, say] = useState("");
  const [measured, note] = useState(null); // the verdict, which is to be seen among the findings
  const [asking, ask] = useState(false); // for headers
  useChanges(wire);
  const { exchanges } = wire;
  const x = exchanges.find((some) => some.id === chosen) ?? exchanges.findLast((some) => some.wantsStream);
  const clear = exchanges.some((some) => some.url === x?.url && some.id < x.id && some.type === "debug.ticks" && checks(some)[0]?.id === "path-clear");

  const measure = async () => {
    choose(null);
    say("Measuring …");
    const body = JSON.stringify({ type: "debug.ticks", params: { count: 20, gap: 100 } });
    try {
      const answer = wire.fetch(url, withHeaders(url, { method: "POST", headers: { "content-type": "application/json" }, body }));
      const exchange = wire.exchanges.at(-1);
      await (await answer).text();
      const { text } = checks(exchange)[0];
      note(text);
      say(text);
    } catch (error) {
      say(`The path cannot be measured: ${error.message}`);
    }
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(x.curl());
      say("Copied. It has what the page sent, logins included.");
    } catch {
      say("The browser does not allow copying here. The command is under Request, without logins.");
    }
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([x.sse()], { type: "text/event-stream" }));
    link.download = `${x.type || "exchange"}-${x.id}.sse`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  return html`<div class="inspector">
    <header>
      <h2>Inspector</h2>
      ${onClose && html`<button type="button" onClick=${onClose} aria-label="Close the inspector">×</button>`}
    </header>
    <div class="actions">
      <button type="button" onClick=${measure}>Measure the path</button>
      <button type="button" onClick=${() => ask(true)} title="Headers sent with every request, such as a login">Headers…</button>
      <button type="button" onClick=${() => (wire.clear(), choose(null))} disabled=${!exchanges.length}>Clear</button>
    </div>
    <p class=${said === measured ? "sr-only" : "said"} role="status">${said}</p>
    <${Exchanges} ...${{ exchanges, x, choose }} />
    <label class="follow"><input type="checkbox" checked=${chosen === null} onChange=${() => choose(chosen === null ? x?.id : null)} />
      Follow the newest stream</label>
    ${!x && exchanges.length > 0 && html`<p class="none">Send a message to see its stream here, or choose a request above.</p>`}
    ${x && html`
      <div class="actions">
        <button type="button" onClick=${copy} disabled=${x.body === null}>Copy as curl</button>
        <button type="button" onClick=${save} disabled=${!x.entries.length}>Save as .sse</button>
      </div>
      <${Findings} x=${x} clear=${clear} />
      <${Figures} x=${x} />
      ${x.streaming && html`<${Chart} x=${x} /><${Events} key=${x.id} x=${x} />`}
      <${Raw} x=${x} />`}
  </div>
  ${asking && html`<${HeadersDialog} onClose=${(saved) => (ask(false), saved && onHeaders?.())} />`}`;
}

// useChanges draws the component again when the wire has something new.
function useChanges(wire) {
  const [, redraw] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    let timer = 0;
    const later = () => {
      timer ||= setTimeout(() => {
        timer = 0;
        redraw();
      }, redrawAfter);
    };
    // A stall is that nothing happens, so nothing tells of it.
    const clock = setInterval(() => wire.exchanges.some((x) => !x.end) && redraw(), 500);
    wire.addEventListener("change", later);
    return () => {
      wire.removeEventListener("change", later);
      clearInterval(clock);
      clearTimeout(timer);
    };
  }, [wire]);
}

const state = (x) => (x.end && x.end !== "finished" ? x.end : x.end || !x.answer ? x.answer?.status ?? "waiting" : "running");

function Exchanges({ exchanges, x, choose }) {
  if (!exchanges.length) return html`<p class="none">Requests appear here as the page sends them.</p>`;
  return html`<ol class="exchanges" aria-label="Requests">${exchanges.toReversed().map((some) => html`
    <li key=${some.id}><button type="button" aria-current=${some === x} title=${some.sent.toTimeString()} onClick=${() => choose(some.id)}>
      <b>${some.type || `${some.method} ${new URL(some.url).pathname}`}</b>
      <span>${state(some)}</span>
      <span>${some.streaming ? `${some.events} events` : ""}</span>
      <span>${ms(some.endAt)}</span>
    </button></li>`)}</ol>`;
}

const marks = { bad: "✕", warn: "!", note: "i", good: "✓" };

function Findings({ x, clear }) {
  return html`<ul class="findings" aria-label="Findings">${checks(x, clear).map(({ level, id, text, todo }) => html`
    <li key=${id} class=${level} data-finding=${id}><span aria-label=${level}>${marks[level]}</span>
      <div>${text}${todo && html` <small>${todo}</small>`}</div></li>`)}</ul>`;
}

function Figures({ x }) {
  const f = figures(x);
  const number = (n) => (n === null ? "–" : n.toFixed(n < 10 ? 1 : 0));
  const rows = [
    ["Headers", ms(f.headers), "From the request to the head of the answer"],
    ["Whole", ms(f.total), "From the request to the end of the answer"],
    ...(x.streaming ? [
      ["First event", ms(f.firstEvent), "From the request to the first event"],
      ["First text", ms(f.firstText), "From the request to the first letters of the answer"],
      ["Gap: median", ms(f.median), "Half of the events came sooner than this after the one before"],
      ["Gap: p95", ms(f.p95), "19 of 20 events came sooner than this after the one before"],
      ["Gap: longest", ms(f.longest), "The longest time between two events"],
      ["Characters/s", number(f.characters), "Letters of the answer a second, from its first to its last"],
      ["Deltas/s", number(f.deltas), "Pieces of text a second"],
      ["Events/read", f.perRead === null ? "–" : `${number(f.perRead)}, most ${x.mostInRead}`, "Events that one read from the network brought"],
      ["Heartbeats", x.heartbeats, "Comments that only say that the connection lives"],
      ...(x.writes ? [
        ["Events/write", number(f.perWrite), "Events that the server wrote together"],
        ["Held back", ms(f.held), "How much longer the slowest event was on its way than the fastest"],
      ] : []),
    ] : []),
    ["Bytes", x.bytes.toLocaleString(), "Size of the answer's body"],
    ...(x.stopAt === null ? [] : [["After Stop", ms(f.stop), "From Stop to the end of the answer"]]),
  ];
  return html`<dl class="figures" aria-label="Figures">${rows.map(([name, value, title]) => html`
    <div key=${name} title=${title}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// masked hides what a header says that may be a login: somebody may look over the user's shoulder.
const open = /^(accept|content-|idempotency-|last-event-|chatkit-)/;
const masked = ([name, value]) => [name, open.test(name) ? value : "••••"];

// Raw shows the request and the head of the answer as they went over the wire, but for logins.
function Raw({ x }) {
  const { answer } = x;
  const message = (first, headers, body) => [first, ...headers.map((pair) => pair.join(": ")), "", body].join("\n");
  const body = () => (x.body === null ? "(not kept)" : `${x.request ? JSON.stringify(x.request, null, 2) : x.body}\n\n${x.curl(masked)}`);
  return html`
    <${Fold} name="Request" text=${() => message(`${x.method} ${x.url}`, x.headers.map(masked), body())} />
    ${answer && html`<${Fold} name="Response" text=${() => message(`${x.protocol} ${answer.status} ${answer.statusText}`, answer.headers, x.text)} />`}`;
}

function Fold({ name, text }) {
  const [open, setOpen] = useState(false);
  return html`<details onToggle=${(event) => setOpen(event.target.open)}><summary>${name}</summary>${open && html`<pre tabindex="0">${text()}</pre>`}</details>`;
}
