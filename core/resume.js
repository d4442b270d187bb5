// resumable wraps fetch for ChatKit: a lost connection no longer loses the answer, and Stop is a request of
// its own. It is for the `api.fetch` option of ChatKit.js, and for any page that reads the stream itself.
//
//   import { resumable, rejoin } from "/chatkit?resume.js";
//   const api = { url: "/chatkit", fetch: resumable() };
//
// What it does to a streaming request:
//   - a connection that breaks is continued after the last whole event, for as long as the turn lasts;
//   - an abort in a visible page is a Stop and is told to the server; one in a hidden page, or because the
//     page goes away, is not, so that the turn goes on and can be joined again;
//   - a request that never got an answer is sent again under the same Idempotency-Key.
// Everything else passes through untouched.

const streaming = new Set([
  "threads.create", "threads.add_user_message", "threads.add_client_tool_output",
  "threads.add_structured_input", "threads.retry_after_item", "threads.custom_action",
]);

// The action with which a page asks ChatKit.js to show a turn that is in progress: see rejoin.
const attachAction = "chatkit.attach";

// patience is how long, in milliseconds, a broken connection is tried again without getting anything.
const patience = 30_000;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// resumable returns a fetch function. Options: fetch, the function that it builds on; onRun(thread, run),
// called with the ids of each turn; leaving(), which may return true if an abort that is being handled is
// no Stop, because the user only looks at another thread.
export function resumable({ fetch: inner = globalThis.fetch.bind(globalThis), onRun = () => {}, leaving = () => false } = {}) {
  return async function resumableFetch(input, init = {}) {
    const body = typeof init.body === "string" ? parse(init.body) : null;
    if (!body || !streaming.has(body.type)) return inner(input, init);
    const turn = new Turn(inner, input, init, body, leaving);
    const response = await turn.open();
    if (turn.run) onRun(turn.thread, turn.run);
    return response;
  };
}

// rejoin lets a page that was loaded again show the turn that is in progress on a thread. Send gets an
// action for ChatKit.js's sendCustomAction; nothing happens if no turn is in progress.
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

// A Turn is one answer, over as many connections as it takes.
class Turn {
  constructor(inner, input, init, body, leaving) {
    Object.assign(this, { inner, input, init, body, leaving });
    this.thread = body.params?.thread_id ?? "";
    this.run = "";
    this.after = 0; // the number of the last whole event
    this.over = false;
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
    const first = this.body.type === "threads.custom_action" && this.body.params?.action?.type === attachAction
      ? this.attachment(this.body.params.action.payload?.run_id)
      : request(this.init, this.body, { "idempotency-key": this.key });
    const response = await this.post(first);
    const type = response.headers.get("content-type") ?? "";
    if (!response.ok || !type.startsWith("text/event-stream") || !response.body) return response;
    [this.thread, this.run] = (response.headers.get("chatkit-run") ?? `${this.thread}/`).split("/");
    if (this.stopping) { // the user was faster than the first answer
      this.cancel();
      response.body.cancel().catch(() => {});
    }
    const stream = new ReadableStream({
      start: (controller) => { this.out = controller; this.pump(response.body); },
      cancel: () => this.abort(),
    });
    return new Response(stream, { status: response.status, headers: response.headers });
  }

  attachment(run) {
    return request(this.init, { type: "runs.attach", params: { thread_id: this.thread, run_id: run, after: this.after } });
  }

  // post sends a request until it is answered. That is safe: the server knows it again.
  async post(options) {
    const until = Date.now() + patience;
    for (let wait = 200; ; wait = Math.min(wait * 2, 5000)) {
      try {
        const response = await this.inner(this.input, { ...options, signal: this.connection.signal });
        if (response.status < 502 || Date.now() > until) return response; // a proxy, or a server that restarts
      } catch (error) {
        if (this.over || Date.now() > until) throw this.init.signal?.reason ?? error;
      }
      await sleep(wait);
    }
  }

  // pump passes whole events on, over one connection after the other.
  async pump(body) {
    try {
      for (let since = Date.now(); !this.over; ) {
        const before = this.after;
        await this.read(body);
        if (this.over) return;
        if (this.after > before) since = Date.now();
        else if (Date.now() - since > patience) throw new Error("connection lost");
        else await sleep(200);
        const response = await this.post(this.attachment(this.run));
        if (!response.ok) throw new Error(`the answer cannot be continued: ${response.status}`);
        body = response.body;
      }
    } catch (error) {
      if (!this.over) this.out.error(error);
      this.over = true;
    }
  }

  // read passes on what one connection brings. It returns when the connection ends, however it does.
  async read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const encoder = new TextEncoder();
    let rest = "";
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done || this.over) return;
        rest += value;
        // An event counts when its blank line is there, and not before.
        const end = rest.lastIndexOf("\n\n") + 2;
        if (end < 2) continue;
        let whole = "";
        for (const event of rest.slice(0, end).split(/(?<=\n\n)/)) {
          if (/^event: chatkit\.end$/m.test(event)) {
            if (whole) this.out.enqueue(encoder.encode(whole));
            this.over = true;
            this.out.close();
            return;
          }
          const id = /^id: [^\n]*-(\d+)$/m.exec(event);
          if (id) this.after = Number(id[1]);
          if (!/^event: chatkit\./m.test(event)) whole += event;
        }
        rest = rest.slice(end);
        if (whole) this.out.enqueue(encoder.encode(whole));
      }
    } catch {
      // The connection broke. What comes next begins after the last whole event.
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  // abort ends the stream for the page. Whether it ends the turn depends on why.
  abort() {
    if (this.over) return;
    this.over = true;
    const page = globalThis.document;
    const stop = (!page || page.visibilityState === "visible") && !this.leaving();
    if (stop && !this.run && !this.out) {
      this.stopping = true; // what is to be stopped has no name yet
      return;
    }
    if (stop) this.cancel();
    this.connection.abort();
    try {
      this.out?.error(this.init.signal?.reason ?? new DOMException("aborted", "AbortError"));
    } catch {
      // The page has cancelled the stream itself.
    }
  }

  cancel() {
    const params = { thread_id: this.thread, run_id: this.run || null };
    this.inner(this.input, { ...request(this.init, { type: "runs.cancel", params }), keepalive: true }).catch(() => {});
  }
}
