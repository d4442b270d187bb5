// resumable wraps fetch for ChatKit: a lost connection no longer loses the answer, and Stop is a request of
// its own. It is for the `api.fetch` option of ChatKit.js, and for any page that reads the stream itself.
//
//   import { resumable, rejoin } from "/chatkit?resume.js";
//   const api = { url: "/chatkit", fetch: resumable() };
//
// What it does to a streaming request:
//   - a connection that breaks, or falls silent, is continued after the last whole event, for as long as the
//     turn lasts;
//   - an abort in a visible page is a Stop and is told to the server; one in a hidden page, or because the
//     page goes away, is not, so that the turn goes on and can be joined again;
//   - a request that never got an answer is sent again under the same Idempotency-Key.
// Everything else passes through untouched.

const streaming = new Set([
  "threads.create", "threads.add_user_message", "threads.add_client_tool_output",
  "threads.add_structured_input", "threads.retry_after_item", "threads.custom_action", "runs.attach",
]);

// The action with which a page asks ChatKit.js to show a turn that is in progress: see rejoin.
const attachAction = "chatkit.attach";

// How long, in milliseconds, a request that gets no answer is sent again and again: a new one, whose words the
// user still has, and one that continues an answer. Only the pauses count, so that a computer that was asleep
// has all of them left.
const patienceToBegin = 5_000;
const patience = 30_000;

// silence is how long, in milliseconds, a connection may bring nothing, not even a heartbeat, before it
// counts as broken. A phone that has lost its network hears of it in no other way.
const silence = 45_000;

// The pauses between two tries, in milliseconds. They double from the first to the last.
const firstPause = 200;
const lastPause = 5_000;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// An abort while the page goes away is the page's tidying up. It is still visible then.
let goingAway = false;
globalThis.addEventListener?.("pagehide", () => { goingAway = true; }, true);
globalThis.addEventListener?.("pageshow", () => { goingAway = false; }, true);

// resumable returns a fetch function. Options: fetch, the function that it builds on; onRun(thread, run),
// called with the ids of each turn; leaving(), which may return true if an abort that is being handled is
// no Stop, because the user only looks at another thread.
export function resumable({ fetch: inner = globalThis.fetch.bind(globalThis), onRun = () => {}, leaving = () => false } = {}) {
  // By thread, the last request of which the page has seen nothing. If the page's next one says the same, it
  // is that one again: the official parser repeats a request when its tab is shown, or after a 5xx.
  const unseen = new Map();
  return async function resumableFetch(input, init = {}) {
    const body = typeof init.body === "string" ? parse(init.body) : null;
    if (!streaming.has(body?.type)) return inner(input, init);
    const turn = new Turn(inner, input, init, body, leaving);
    const before = unseen.get(turn.thread);
    unseen.delete(turn.thread);
    if (before?.body === init.body) turn.key = before.key;
    const { thread } = turn;
    turn.unseen = () => unseen.set(thread, { body: init.body, key: turn.key });
    const response = await turn.open();
    if (turn.run) onRun(turn.thread, turn.run);
    return response;
  };
}

// rejoin lets a page that was loaded again show the turn that is in progress on a thread. Send gets an
// action for ChatKit.js's sendCustomAction; nothing happens if no turn is in progress. It returns the turn's
// id, or null.
//
//   chatkit.addEventListener("chatkit.thread.load.end", (e) =>
//     rejoin({ url: "/chatkit", thread: e.detail.threadId, send: (action) => chatkit.sendCustomAction(action) }));
export async function rejoin({ url, thread, send, fetch: inner = globalThis.fetch.bind(globalThis), init = {} }) {
  const response = await inner(url, request(init, { type: "runs.active", params: { thread_id: thread } }));
  const run = response.ok ? (await response.json()).run_id : null;
  if (run) await send({ type: attachAction, payload: { run_id: run } });
  return run ?? null;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// request returns the options of a POST with the headers of another one.
function request(init, body, extra = {}) {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  headers.set("chatkit-resume", "1");
  for (const [name, value] of Object.entries(extra)) headers.set(name, value);
  return { ...init, method: "POST", headers, body: JSON.stringify(body), signal: undefined };
}

const isStream = (response) =>
  response.ok && response.body && (response.headers.get("content-type") ?? "").startsWith("text/event-stream");

// A Turn is one answer, over as many connections as it takes.
class Turn {
  constructor(inner, input, init, body, leaving) {
    Object.assign(this, { inner, input, init, body, leaving });
    this.thread = body.params?.thread_id ?? "";
    this.run = "";
    this.after = 0; // the number of the last whole event
    this.passed = 0; // pieces of the answer that were passed on
    this.over = false; // for the page
    this.connection = new AbortController();
    this.key = globalThis.crypto?.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  }

  // open sends the request and returns a response whose body is the whole answer.
  open() {
    const signal = this.init.signal;
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => { this.abort(); reject(signal.reason); }, { once: true });
      this.begin().then(resolve, reject);
    });
  }

  async begin() {
    let response;
    try {
      response = await this.post(this.first(), this.connection.signal, patienceToBegin);
    } catch (error) {
      if (!this.over) this.unseen();
      else if (!this.connection.signal.aborted) this.cancel(); // it may have begun all the same
      throw error;
    }
    if (response.status >= 500) this.unseen();
    // A stream without a name is what is stored of a turn that is no longer known. There is nothing to follow.
    const name = isStream(response) && response.headers.get("chatkit-run");
    if (!name) {
      this.unnamed = true;
      return response;
    }
    [this.thread, this.run] = name.split("/");
    if (this.over) { // the user was faster than the first answer
      this.cancel();
      this.connection.abort();
      throw this.init.signal.reason;
    }
    // A client that has seen part of this turn goes on behind that.
    const [tag, number] = (new Headers(this.init.headers).get("last-event-id") ?? "").split("-");
    if (number && this.run.endsWith(tag)) this.after = Number(number);
    const stream = new ReadableStream({
      start: (controller) => { this.out = controller; this.pump(response.body); },
      cancel: () => this.abort(),
    });
    return new Response(stream, { status: response.status, headers: response.headers });
  }

  first() {
    const { type, params } = this.body;
    if (type === "runs.attach") return this.attachment(params?.run_id, params?.after);
    if (type === "threads.custom_action" && params?.action?.type === attachAction) return this.attachment(params.action.payload?.run_id);
    return request(this.init, this.body, { "idempotency-key": this.key });
  }

  attachment(run, after = this.after) {
    return request(this.init, { type: "runs.attach", params: { thread_id: this.thread, run_id: run, after } });
  }

  // post sends a request until it is answered. That is safe: the server knows it again.
  async post(options, signal, left = patience) {
    for (let wait = firstPause; ; left -= wait, wait = Math.min(2 * wait, lastPause)) {
      try {
        const response = await this.inner(this.input, { ...options, signal });
        // A proxy that finds no server says 502 to 504, and so does a server that shuts down.
        if (response.status < 502 || response.status > 504 || left <= 0) return response;
        response.body?.cancel().catch(() => {});
      } catch (error) {
        if (signal?.aborted || left <= 0) throw error;
      }
      await sleep(wait);
    }
  }

  // pump passes whole events on, over one connection after the other.
  async pump(body) {
    try {
      for (let wait = 0; ;) {
        const before = this.after;
        await this.read(body);
        if (this.over) return;
        // As long as the server knows the turn, there is an end to come, however long it is silent until then.
        wait = this.after > before ? 0 : Math.min(2 * wait || firstPause, lastPause);
        if (wait) await sleep(wait);
        if (this.over) return;
        const response = await this.post(this.attachment(this.run), this.connection.signal);
        if (!isStream(response)) throw new Error(`the answer cannot be continued: status ${response.status}`);
        body = response.body;
      }
    } catch (error) {
      if (this.over) return;
      this.over = true;
      this.out.error(error);
    }
  }

  // read passes on what one connection brings. It returns when the connection ends, however it does.
  async read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    let alarm;
    try {
      for (;;) {
        clearTimeout(alarm);
        alarm = setTimeout(() => reader.cancel().catch(() => {}), silence);
        const { value, done } = await reader.read();
        if (done || this.over) return;
        rest += value;
        // An event counts when its blank line is there, and not before.
        const end = rest.lastIndexOf("\n\n") + 2;
        if (end < 2) continue;
        this.pass(rest.slice(0, end));
        if (this.over) return;
        rest = rest.slice(end);
      }
    } catch {
      // The connection broke. What comes next begins after the last whole event.
    } finally {
      clearTimeout(alarm);
      reader.cancel().catch(() => {});
    }
  }

  // pass hands whole events to the page, without those that are the script's own.
  pass(events) {
    let whole = "";
    let ended = false;
    for (const event of events.split(/(?<=\n\n)/)) {
      const id = /^id: [^\n]*-(\d+)$/m.exec(event);
      if (id) this.after = Number(id[1]);
      ended ||= /^event: chatkit\.end$/m.test(event);
      if (!/^event: chatkit\./m.test(event)) whole += event;
    }
    if (whole) {
      this.out.enqueue(new TextEncoder().encode(whole));
      this.passed++;
    }
    if (ended) {
      this.over = true;
      this.out.close();
    }
  }

  // abort ends the stream for the page. Whether it ends the turn depends on why.
  abort() {
    if (this.over) return;
    this.over = true;
    const page = globalThis.document;
    const stop = !goingAway && (!page || page.visibilityState === "visible") && !this.leaving();
    if (stop && !this.run && !this.unnamed) return; // what is to be stopped has no name yet: see begin
    if (stop && this.run) this.cancel();
    if (!stop && !this.seen()) this.unseen();
    this.connection.abort();
    try {
      this.out?.error(this.init.signal?.reason ?? new DOMException("aborted", "AbortError"));
    } catch {
      // The page has cancelled the stream itself.
    }
  }

  // seen reports whether the page has taken any of the answer: what waits in the stream is lost with it.
  seen() {
    return this.out && this.passed > 1 - this.out.desiredSize;
  }

  // cancel ends the turn; without its name, the one in progress.
  cancel() {
    if (!this.thread) return;
    const params = { thread_id: this.thread, run_id: this.run || null };
    this.post({ ...request(this.init, { type: "runs.cancel", params }), keepalive: true }).catch(() => {});
  }
}
