// The script's inner life, without a browser: a fetch that the tests make up, and a clock that they turn.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { rejoin, resumable } from "../../core/resume.js";

const run = "run_0123456789abcdef";
const tag = run.slice(-8);
const url = "/chatkit";
const delta = (i) => `data: {"delta":"wörd ${i} 😀"}\nid: ${tag}-${i}\n\n`;
const end = 'event: chatkit.end\ndata: {"status":"completed"}\n\n';
const message = { type: "threads.add_user_message", params: { thread_id: "thr_1", input: {} } };
const named = { "content-type": "text/event-stream", "chatkit-run": `thr_1/${run}` };

// A Server answers each request with the next of its answers and remembers what it was asked.
class Server {
  asked = [];
  constructor(...answers) {
    this.answers = answers;
    this.fetch = async (input, init) => {
      const headers = Object.fromEntries(init.headers);
      this.asked.push({ input, init, headers, ...JSON.parse(init.body) });
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      return answer(init.signal);
    };
  }
  types() {
    return this.asked.map((request) => request.type);
  }
}

// stream is an answer in pieces. It ends as connections do: whole, broken, or never.
const stream = (pieces, { how = "close", headers = named } = {}) => (signal) => new Response(new ReadableStream({
  start(controller) {
    for (const piece of pieces) controller.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    if (how === "never") signal?.addEventListener("abort", () => controller.error(signal.reason));
    if (how === "close") controller.close();
    if (how === "break") setImmediate(() => controller.error(new TypeError("network error")));
  },
}), { headers });
const status = (code, body = "{}") => () => new Response(body, { status: code, headers: { "content-type": "application/json" } });
const broken = () => { throw new TypeError("failed to fetch"); };
const never = (signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));

const send = (fetch, { body = message, ...init } = {}) => fetch(url, { method: "POST", body: JSON.stringify(body), ...init });

// settle lets everything happen that needs no clock.
const settle = async () => { for (let i = 0; i < 20; i++) await new Promise(setImmediate); };

// patiently turns the clock until the work is done.
async function patiently(work) {
  let over = false;
  const done = work.finally(() => { over = true; });
  done.catch(() => {});
  for (let i = 0; !over && i < 400; i++) {
    await settle();
    mock.timers.tick(500);
  }
  return done;
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => {
  mock.timers.reset();
  delete globalThis.document;
});

describe("reading", () => {
  const whole = delta(1) + ": ping\n" + delta(2) + delta(3);

  test("an answer passes through as it is, without what is the script's own", async () => {
    const server = new Server(stream([": chatkit\n", whole, "event: chatkit.hint\ndata: {}\n\n", end]));
    const response = await send(resumable({ fetch: server.fetch }));
    assert.equal(await response.text(), ": chatkit\n" + whole);
    assert.equal(server.asked.length, 1);
    assert.equal(server.asked[0].headers["chatkit-resume"], "1");
    assert.match(server.asked[0].headers["idempotency-key"], /.{8}/);
  });

  test("an answer that arrives byte by byte is the same", async () => {
    const bytes = new TextEncoder().encode(whole + end);
    const server = new Server(stream([...bytes].map((byte) => Uint8Array.of(byte))));
    assert.equal(await (await send(resumable({ fetch: server.fetch }))).text(), whole);
    assert.equal(server.asked.length, 1);
  });

  test("a connection that breaks after any byte is continued after the last whole event", async () => {
    const events = [delta(1), delta(2), delta(3)];
    const bytes = new TextEncoder().encode(events.join(""));
    const ends = events.map((_, i) => new TextEncoder().encode(events.slice(0, i + 1).join("")).length);
    for (let cut = 0; cut <= bytes.length; cut++) {
      for (const how of ["close", "break"]) {
        const seen = ends.filter((at) => at <= cut).length;
        const server = new Server(stream([bytes.slice(0, cut)], { how }), stream([...events.slice(seen), end]));
        const response = await send(resumable({ fetch: server.fetch }));
        assert.equal(await patiently(response.text()), events.join(""), `${how} after ${cut} bytes`);
        assert.deepEqual(server.asked[1].params, { thread_id: "thr_1", run_id: run, after: seen }, `${how} after ${cut} bytes`);
        assert.equal(server.asked.length, 2);
      }
    }
  });

  test("a connection that falls silent counts as broken", async () => {
    const server = new Server(stream([delta(1)], { how: "never" }), stream([delta(2), end]));
    const text = (await send(resumable({ fetch: server.fetch }))).text();
    await settle();
    mock.timers.tick(44_000);
    await settle();
    assert.equal(server.asked.length, 1, "after 44 s");
    assert.equal(await patiently(text), delta(1) + delta(2));
  });

  test("a turn may be silent for longer than any connection lasts", async () => {
    const hello = stream([": chatkit\n"]);
    const server = new Server(...Array(30).fill(hello), stream([delta(1), end]));
    const text = (await send(resumable({ fetch: server.fetch }))).text();
    await settle();
    assert.equal(server.asked.length, 1, "requests without a pause");
    assert.equal(await patiently(text), delta(1));
    assert.equal(server.asked.length, 31);
    assert.ok(server.asked.slice(1).every((request) => request.type === "runs.attach" && request.params.after === 0));
  });

  test("a client that has seen part of the turn goes on behind it", async () => {
    for (const [id, after] of [[`${tag}-41`, 41], ["otherrun-41", 0]]) {
      const server = new Server(stream(["data: {"], { how: "break" }), stream([end]));
      const response = await send(resumable({ fetch: server.fetch }), { headers: { "Last-Event-ID": id } });
      assert.equal(await patiently(response.text()), "");
      assert.equal(server.asked[1].params.after, after, id);
    }
  });

  test("what is stored of a forgotten turn is passed on and not followed", async () => {
    const server = new Server(stream([delta(1)], { headers: { "content-type": "text/event-stream" } }));
    assert.equal(await (await send(resumable({ fetch: server.fetch }))).text(), delta(1));
    assert.equal(server.asked.length, 1);
  });

  for (const [name, answer] of [["404", status(404)], ["401", status(401)], ["a page of HTML", () => new Response("<p>", { headers: { "content-type": "text/html" } })]]) {
    test(`an answer that cannot be continued fails: ${name}`, async () => {
      const server = new Server(stream([delta(1)]), answer);
      const response = await send(resumable({ fetch: server.fetch }));
      const reader = response.body.getReader();
      assert.equal(new TextDecoder().decode((await reader.read()).value), delta(1));
      await assert.rejects(patiently(reader.read()), /cannot be continued: status \d/);
      assert.equal(server.asked.length, 2);
    });
  }

  test("an answer whose server is gone fails in the end", async () => {
    const server = new Server(stream([delta(1)]), broken);
    const response = await send(resumable({ fetch: server.fetch }));
    await assert.rejects(patiently(response.text()), /failed to fetch/);
    assert.ok(server.asked.length > 8, `${server.asked.length} tries`);
  });
});

describe("sending", () => {
  for (const [name, answers] of [["502", [status(502)]], ["503 and 504", [status(503), status(504)]], ["no answer", [broken, broken]]]) {
    test(`${name} is tried again under the same key`, async () => {
      const server = new Server(...answers, stream([delta(1), end]));
      const response = await patiently(send(resumable({ fetch: server.fetch })));
      assert.equal(await response.text(), delta(1));
      assert.deepEqual(server.types(), Array(answers.length + 1).fill(message.type));
      assert.equal(new Set(server.asked.map((request) => request.headers["idempotency-key"])).size, 1);
    });
  }

  for (const code of [400, 401, 403, 404, 409, 413, 429, 500, 501]) {
    test(`${code} is an answer`, async () => {
      const server = new Server(status(code, '{"message":"no"}'));
      const response = await send(resumable({ fetch: server.fetch }));
      assert.equal(response.status, code);
      assert.deepEqual(await response.json(), { message: "no" });
      assert.equal(server.asked.length, 1);
    });
  }

  test("503 for ever is an answer in the end", async () => {
    const server = new Server(status(503));
    assert.equal((await patiently(send(resumable({ fetch: server.fetch })))).status, 503);
  });

  test("no answer for ever is an error, and the same request later has the same key", async () => {
    const server = new Server(broken);
    const fetch = resumable({ fetch: server.fetch });
    await assert.rejects(patiently(send(fetch)), /failed to fetch/);
    server.answers = [stream([end])];
    for (const body of [message, message, { ...message, params: { ...message.params, input: { other: 1 } } }]) await send(fetch, { body });
    const keys = server.asked.map((request) => request.headers["idempotency-key"]);
    const [later, afterwards, other] = keys.slice(-3);
    assert.equal(later, keys[0], "the repetition's key");
    assert.equal(new Set([later, afterwards, other]).size, 3, "the keys of what came then");
  });

  test("other requests and other bodies are not touched", async () => {
    const calls = [];
    const fetch = resumable({ fetch: async (...args) => calls.push(args) });
    const cases = [
      [url, { method: "POST", body: '{"type":"threads.list","params":{}}' }], [url], [url, { body: "{" }],
      [url, { body: "null" }], [url, { body: new FormData() }], [new Request("http://127.0.0.1/")],
    ];
    for (const args of cases) await fetch(...args);
    calls.forEach((call, i) => {
      assert.equal(call[0], cases[i][0]);
      if (cases[i][1]) assert.equal(call[1], cases[i][1]);
    });
    assert.equal(calls.length, cases.length);
  });

  test("the page's headers and options stay", async () => {
    const server = new Server(stream([delta(1)]), stream([end]));
    const init = { headers: { authorization: "Bearer x" }, credentials: "include" };
    await patiently((await send(resumable({ fetch: server.fetch }), init)).text());
    for (const request of server.asked) {
      assert.equal(request.headers.authorization, "Bearer x");
      assert.equal(request.init.credentials, "include");
    }
  });

  test("onRun is told the names of the turn", async () => {
    const names = [];
    await send(resumable({ fetch: new Server(stream([end])).fetch, onRun: (...name) => names.push(name) }));
    assert.deepEqual(names, [["thr_1", run]]);
  });
});

describe("aborting", () => {
  const abortable = () => {
    const controller = new AbortController();
    return { abort: () => controller.abort(), signal: controller.signal };
  };
  const cancel = { thread_id: "thr_1", run_id: run };

  for (const [name, page, leaving, want] of [
    ["in a visible page is a Stop", { visibilityState: "visible" }, false, [message.type, "runs.cancel"]],
    ["where there is no page is a Stop", undefined, false, [message.type, "runs.cancel"]],
    ["in a hidden page is none", { visibilityState: "hidden" }, false, [message.type]],
    ["of a page that leaves the thread is none", { visibilityState: "visible" }, true, [message.type]],
  ]) {
    test(`an abort ${name}`, async () => {
      if (page) globalThis.document = page;
      const server = new Server(stream([delta(1)], { how: "never" }), status(200));
      const { abort, signal } = abortable();
      const response = await send(resumable({ fetch: server.fetch, leaving: () => leaving }), { signal });
      const reader = response.body.getReader();
      await reader.read();
      abort();
      await assert.rejects(reader.read(), { name: "AbortError" });
      await settle();
      assert.deepEqual(server.types(), want);
      if (want.length > 1) {
        assert.deepEqual(server.asked[1].params, cancel);
        assert.equal(server.asked[1].init.keepalive, true);
      }
      assert.equal(server.asked[0].init.signal.aborted, true, "the connection");
    });
  }

  test("a page that cancels the stream stops the turn", async () => {
    const server = new Server(stream([delta(1)], { how: "never" }), status(200));
    await (await send(resumable({ fetch: server.fetch }))).body.cancel();
    await settle();
    assert.deepEqual(server.types(), [message.type, "runs.cancel"]);
  });

  test("a Stop is told again until it is heard", async () => {
    const server = new Server(stream([delta(1)], { how: "never" }), broken, status(502), status(200));
    const { abort, signal } = abortable();
    await send(resumable({ fetch: server.fetch }), { signal });
    abort();
    await patiently((async () => { while (server.asked.length < 4) await new Promise(setImmediate); })());
    assert.deepEqual(server.types().slice(1), Array(3).fill("runs.cancel"));
  });

  test("a Stop before the first answer waits for the name of what it stops", async () => {
    let answer;
    const later = (signal) => new Promise((resolve, reject) => {
      answer = resolve;
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    const server = new Server(broken, later, status(200));
    const { abort, signal } = abortable();
    const sent = send(resumable({ fetch: server.fetch }), { signal });
    await settle();
    abort();
    await assert.rejects(sent, { name: "AbortError" });
    mock.timers.tick(200);
    await settle();
    answer(stream([delta(1)], { how: "never" })());
    await settle();
    assert.deepEqual(server.types(), [message.type, message.type, "runs.cancel"]);
    assert.deepEqual(server.asked[2].params, cancel);
  });

  test("a Stop of a request that is never answered stops whatever is in progress", async () => {
    const server = new Server(broken);
    const { abort, signal } = abortable();
    const sent = send(resumable({ fetch: server.fetch }), { signal });
    abort();
    await assert.rejects(sent, { name: "AbortError" });
    await patiently((async () => { while (server.types().at(-1) !== "runs.cancel") await new Promise(setImmediate); })());
    assert.deepEqual(server.asked.at(-1).params, { thread_id: "thr_1", run_id: null });
  });

  test("a request that is aborted before it is sent is not sent", async () => {
    const server = new Server(stream([end]));
    await assert.rejects(send(resumable({ fetch: server.fetch }), { signal: AbortSignal.abort() }), { name: "AbortError" });
    assert.equal(server.asked.length, 0);
  });

  test("an abort after the end is nothing", async () => {
    const server = new Server(stream([delta(1), end]));
    const { abort, signal } = abortable();
    await (await send(resumable({ fetch: server.fetch }), { signal })).text();
    abort();
    await settle();
    assert.equal(server.asked.length, 1);
  });

  for (const [name, first, same] of [
    ["before the first answer", never, true],
    ["before the first event", stream([": chatkit\n"], { how: "never" }), true],
    ["with an event that the page has not read", stream([delta(1)], { how: "never" }), true],
  ]) {
    test(`a request that comes again after its tab was hidden ${name} has the same key`, async () => {
      globalThis.document = { visibilityState: "hidden" };
      const server = new Server(first, stream([end]));
      const fetch = resumable({ fetch: server.fetch });
      const { abort, signal } = abortable();
      send(fetch, { signal }).catch(() => {});
      await settle();
      abort();
      await settle();
      await send(fetch);
      const [a, b] = server.asked.map((request) => request.headers["idempotency-key"]);
      assert.equal(a === b, same);
      assert.equal(server.asked.length, 2);
    });
  }

  test("words that were answered in part are new words the next time", async () => {
    globalThis.document = { visibilityState: "hidden" };
    const server = new Server(stream([delta(1)], { how: "never" }), stream([end]));
    const fetch = resumable({ fetch: server.fetch });
    const { abort, signal } = abortable();
    await (await send(fetch, { signal })).body.getReader().read();
    abort();
    await send(fetch);
    assert.notEqual(server.asked[0].headers["idempotency-key"], server.asked[1].headers["idempotency-key"]);
  });
});

describe("joining", () => {
  test("a turn in progress is joined by an action of the page", async () => {
    const server = new Server(() => Response.json({ run_id: run, status: "active" }));
    const sent = [];
    const name = await rejoin({ url, thread: "thr_1", fetch: server.fetch, send: async (action) => sent.push(action) });
    assert.equal(name, run);
    assert.deepEqual(sent, [{ type: "chatkit.attach", payload: { run_id: run } }]);
    assert.deepEqual(server.asked[0].params, { thread_id: "thr_1" });
    server.answers = [stream([delta(1)]), stream([delta(2), end])];
    const body = { type: "threads.custom_action", params: { thread_id: "thr_1", item_id: null, action: sent[0] } };
    assert.equal(await (await send(resumable({ fetch: server.fetch }), { body })).text(), delta(1) + delta(2));
    assert.deepEqual(server.asked.slice(1).map(({ type, params }) => [type, params.after]), [["runs.attach", 0], ["runs.attach", 1]]);
  });

  test("runs.attach of a client of one's own is followed, too", async () => {
    const server = new Server(stream([delta(8)]), stream([delta(9), end]));
    const body = { type: "runs.attach", params: { thread_id: "thr_1", run_id: run, after: 7 } };
    assert.equal(await (await send(resumable({ fetch: server.fetch }), { body })).text(), delta(8) + delta(9));
    assert.deepEqual(server.asked.map((request) => request.params.after), [7, 8]);
  });

  for (const [name, answer] of [["no turn is in progress", () => Response.json({})], ["the thread is not known", status(404)]]) {
    test(`nothing is joined if ${name}`, async () => {
      const fetch = new Server(answer).fetch;
      assert.equal(await rejoin({ url, thread: "thr_1", fetch, send: () => assert.fail("an action was sent") }), null);
    });
  }
});
