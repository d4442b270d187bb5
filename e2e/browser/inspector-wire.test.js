// The recorder of the playground without a browser: that it changes nothing, what it notes, and what the checks
// make of that.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { afterEach, describe, mock, test } from "node:test";
import { checks } from "../../core/playground/web/checks.js";
import { Exchange } from "../../core/playground/web/inspector-exchange.js";
import { figures } from "../../core/playground/web/inspector-figures.js";
import { Wire } from "../../core/playground/web/wire.js";
import { random } from "./interruptions.js";
import { delta, event } from "./inspector.js";

const url = "http://localhost:8000/chatkit";
const encode = (text) => new TextEncoder().encode(text);
const sse = { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" };
const post = (type = "threads.create", params = {}) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ type, params }) });

// body is a stream of pieces; it ends well, breaks, or stays open until the signal aborts it.
function body(pieces, { how = "close", signal } = {}) {
  let next = 0;
  return new ReadableStream({
    start: (controller) => signal?.addEventListener("abort", () => controller.error(signal.reason)),
    pull(controller) {
      if (next < pieces.length) controller.enqueue(typeof pieces[next] === "string" ? encode(pieces[next]) : pieces[next]), next++;
      else if (how === "close") controller.close();
      else if (how === "break") controller.error(new TypeError("network error"));
      else return new Promise(() => {});
    },
  }, { highWaterMark: 0 });
}

// record sends a request through a wire and returns what was written down, when all of the answer has been read.
async function record(pieces, { headers = sse, type, options } = {}) {
  const wire = new Wire({ fetch: async () => new Response(body(pieces), { headers }), ...options });
  await (await wire.fetch(url, post(type))).text();
  return wire.exchanges.at(-1);
}

async function bytesOf(response) {
  return Buffer.from(await response.arrayBuffer());
}

afterEach(() => mock.restoreAll());

describe("what the page gets", () => {
  const next = random(7);
  const noise = Array.from({ length: 200 }, () => Uint8Array.from({ length: 1 + next() * 3000 }, () => next() * 256));
  const cases = {
    "events": [[event({ type: "a", text: "é😀" }), ": ping\n", delta("x")], { headers: sse }],
    "events letter by letter": [[...Buffer.from(event({ type: "a", text: "é😀" }))].map((byte) => Uint8Array.of(byte)), { headers: sse }],
    "bytes that are no text, called a stream of events": [noise, { headers: sse }],
    "bytes that are no text": [noise, { headers: { "content-type": "application/octet-stream" } }],
    "a document": [['{"a":1}'], { headers: { "content-type": "application/json" } }],
    "a refusal": [['{"message":"no"}'], { status: 409, statusText: "Conflict", headers: { "content-type": "application/json", "retry-after": "1" } }],
    "an empty stream": [[], { headers: sse }],
    "an unfinished event": [["data: {"], { headers: sse }],
  };
  for (const [name, [pieces, init]] of Object.entries(cases)) {
    test(`is the same: ${name}`, async () => {
      const plain = new Response(body(pieces), init);
      const recorded = await new Wire({ fetch: async () => new Response(body(pieces), init) }).fetch(url, post());
      assert.deepEqual([recorded.status, recorded.statusText, [...recorded.headers]], [plain.status, plain.statusText, [...plain.headers]]);
      assert.deepEqual(await bytesOf(recorded), await bytesOf(plain));
    });
  }

  test("is the same without a body", async () => {
    const answer = new Response(null, { status: 204 });
    assert.equal(await new Wire({ fetch: async () => answer }).fetch(url, post()), answer);
  });

  test("is the same where the answer's address matters", async () => {
    const answer = new Response("x");
    Object.defineProperty(answer, "url", { value: "http://localhost/elsewhere" });
    Object.defineProperty(answer, "redirected", { value: true });
    const got = await new Wire({ fetch: async () => answer }).fetch(url);
    assert.deepEqual([got.url, got.redirected], ["http://localhost/elsewhere", true]);
  });

  test("is the same request, untouched", async () => {
    const asked = [];
    const wire = new Wire({ fetch: async (...args) => (asked.push(args), new Response("{}")) });
    const init = post();
    const request = new Request(url, init);
    await wire.fetch(url, init);
    await wire.fetch(request);
    assert.equal(asked[0][1], init);
    assert.equal(asked[1][0], request);
    assert.equal(request.bodyUsed, false);
  });

  test("is the same error when there is no answer", async () => {
    const error = new TypeError("Failed to fetch");
    const wire = new Wire({ fetch: async () => { throw error; } });
    await assert.rejects(wire.fetch(url, post()), (got) => got === error);
    assert.deepEqual([wire.exchanges[0].end, wire.exchanges[0].error], ["failed", "Failed to fetch"]);
  });

  test("comes whole before a connection breaks, to a slow page too", async () => {
    const pieces = Array.from({ length: 50 }, (_, i) => delta(`${i} `));
    const wire = new Wire({ fetch: async () => new Response(body(pieces, { how: "break" }), { headers: sse }) });
    const reader = (await wire.fetch(url, post())).body.getReader();
    let got = "";
    await assert.rejects(async () => {
      for (;;) {
        await new Promise(setImmediate);
        got += new TextDecoder().decode((await reader.read()).value);
      }
    }, { message: "network error" });
    assert.equal(got, pieces.join(""));
    assert.equal(wire.exchanges[0].end, "broken");
  });

  test("is not read far ahead of a page that does not read", async () => {
    let made = 0;
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill((made += 10_000) && 32)) }, { highWaterMark: 0 });
    await new Wire({ fetch: async () => new Response(endless, { headers: sse }) }).fetch(url, post());
    for (let i = 0; i < 100; i++) await new Promise(setImmediate);
    assert.ok(made <= 100_000, `${made} bytes were read`);
  });

  for (const method of ["answered", "read", "finish"]) {
    test(`survives a fault of the recorder in ${method}`, async () => {
      const warn = mock.method(console, "warn", () => {});
      mock.method(Exchange.prototype, method, () => { throw new Error("a bug"); });
      const wire = new Wire({ fetch: async () => new Response(body([delta("x")]), { headers: sse }) });
      assert.equal(await (await wire.fetch(url, post())).text(), delta("x"));
      assert.equal(warn.mock.callCount(), 1);
      assert.ok(wire.exchanges[0].end, "the exchange looks as if it went on");
    });
  }

  test("survives an address that the recorder cannot read", async () => {
    mock.method(console, "warn", () => {});
    assert.equal(await (await new Wire({ fetch: async () => new Response("ok") }).fetch("::not an address", post())).text(), "ok");
  });
});

describe("stopping", () => {
  test("an abort reaches the page at once and as it is", async () => {
    const stop = new AbortController();
    const wire = new Wire({ fetch: async (_, { signal }) => new Response(body([delta("x")], { how: "open", signal }), { headers: sse }) });
    const reader = (await wire.fetch(url, { ...post(), signal: stop.signal })).body.getReader();
    await reader.read();
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(reader.read(), (error) => error === reason);
    const x = wire.exchanges[0];
    assert.equal(x.end, "stopped");
    assert.ok(figures(x).stop >= 0 && figures(x).stop < 1000, `${figures(x).stop} ms after Stop`);
  });

  test("an abort before the answer is a stop, too", async () => {
    const stop = new AbortController();
    const wire = new Wire({ fetch: (_, { signal }) => new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason))) });
    const answer = wire.fetch(url, { ...post(), signal: stop.signal });
    stop.abort();
    await assert.rejects(answer, { name: "AbortError" });
    assert.equal(wire.exchanges[0].end, "stopped");
  });

  test("cancelling the body cancels the one below", async () => {
    let cancelled;
    const below = new ReadableStream({ cancel: (reason) => { cancelled = reason; } });
    const wire = new Wire({ fetch: async () => new Response(below, { headers: sse }) });
    const response = await wire.fetch(url, post());
    await response.body.cancel("bored");
    assert.equal(cancelled, "bored");
    assert.equal(wire.exchanges[0].end, "left");
  });

  test("leaving behind the end of a run is a good end", async () => {
    const end = 'event: chatkit.end\ndata: {"status":"completed"}\n\n';
    const wire = new Wire({ fetch: async () => new Response(body([delta("x"), end], { how: "open" }), { headers: sse }) });
    const reader = (await wire.fetch(url, post())).body.getReader();
    await reader.read();
    await reader.read();
    await reader.cancel();
    assert.deepEqual([wire.exchanges[0].end, wire.exchanges[0].entries.at(-1).type], ["finished", "chatkit.end"]);
  });

  test("a request to cancel the run is one for its stream", async () => {
    let answers = 0;
    const wire = new Wire({ fetch: async () => (answers++ ? new Response("{}") : new Response(body([], { how: "open" }), { headers: { ...sse, "chatkit-run": "thr_1/run_1" } })) });
    await wire.fetch(url, post());
    await wire.fetch(url, post("runs.cancel", { thread_id: "thr_2" }));
    assert.equal(wire.exchanges[0].stopAt, null);
    await wire.fetch(url, post("runs.cancel", { thread_id: "thr_1" }));
    assert.ok(wire.exchanges[0].stopAt > 0);
  });
});

describe("what is noted", () => {
  const stream = ": t=0.5\n: chatkit\n: t=1.5\ndata: {\"type\":\"a\"}\n\n: t=19\n: ping\n: t=20.25\nid: r-2\ndata: {\"type\":\"b\",\ndata: \"text\":\"é\u2028😀\"}\n\ndata: {\"type\":\"c\"}\n\n";
  const cut = (text, size) => Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
  const ways = { "in one piece": [stream], "byte by byte": cut(encode(stream), 1), "in sevens": cut(encode(stream), 7), "with CRLF": [stream.replaceAll("\n", "\r\n")] };
  for (const [name, pieces] of Object.entries(ways)) {
    test(`of a stream ${name}`, async () => {
      const x = await record(pieces);
      const seen = x.entries.map(({ event, type, heartbeat, t }) => (event ? [type, t] : [type, heartbeat]));
      assert.deepEqual(seen, [["chatkit", false], ["a", 1.5], ["ping", true], ["b", 20.25], ["c", 20.25]]);
      assert.deepEqual([x.events, x.heartbeats, x.writes, x.garbled, x.blanks], [3, 1, 2, 0, 0]);
      assert.equal(x.reads.reduce((sum, read) => sum + read.began, 0), 3);
      assert.equal(x.entries.reduce((sum, entry) => sum + entry.bytes, 0), x.bytes);
      assert.equal(x.sse(), stream);
    });
  }

  test("how many events began in each read", async () => {
    const x = await record(["data: {}\n\nda", "ta: {}\n\n", ": ping\n", "data: {}\n\ndata: {}\n\n", "\n"]);
    assert.deepEqual(x.reads.map(({ began }) => began), [2, 0, 0, 2, 0]);
    assert.deepEqual([x.mostInRead, x.eventReads, figures(x).perRead], [2, 2, 2]);
  });

  test("the first text, and how much there was", async () => {
    const x = await record([event({ type: "thread.created" }), delta("abc"), delta("😀")]);
    assert.deepEqual([x.deltas, x.characters], [2, 5]);
    assert.ok(x.firstText >= x.firstEvent);
  });

  test("a text that comes as a whole", async () => {
    const item = { type: "assistant_message", content: [{ type: "output_text", text: "Hi" }] };
    assert.notEqual((await record([event({ type: "thread.item.done", item })])).firstText, null);
    assert.equal((await record([event({ type: "thread.item.added", item: { type: "assistant_message", content: [] } })])).firstText, null);
  });

  test("only the newest of very much", async () => {
    const pieces = Array.from({ length: 12_000 }, (_, i) => delta(`${i} `));
    const x = await record(pieces);
    assert.ok(x.entries.length <= 5000 && x.entries.length > 4000, `${x.entries.length} entries`);
    assert.equal(x.dropped + x.entries.length, 12_000);
    assert.deepEqual([x.events, x.deltas, x.readCount], [12_000, 12_000, 12_000]);
    assert.ok(x.reads.length <= 5000);
    assert.equal(x.entries.at(-1).n, 12_000);
    assert.match(x.sse(), new RegExp(`^: ${x.dropped} older`));
    assert.ok(x.sse().endsWith(pieces.at(-1)));
  });

  test("only the newest of very large events", async () => {
    const x = await record(Array.from({ length: 50 }, (_, i) => event({ type: "big", i, text: "x".repeat(200_000) })));
    const kept = x.entries.reduce((sum, entry) => sum + entry.raw.length, 0);
    assert.ok(kept <= 2 << 20, `${kept} characters`);
    assert.equal(kept, x.kept);
    assert.equal(x.events, 50);
  });

  test("one event is kept, however large", async () => {
    const x = await record([event({ type: "big", text: "x".repeat(3 << 20) })]);
    assert.equal(x.entries.length, 1);
  });

  test("only the newest requests", async () => {
    const wire = new Wire({ fetch: async () => new Response("{}") });
    for (let i = 0; i < 50; i++) await (await wire.fetch(url, post(`t${i}`))).text();
    assert.equal(wire.exchanges.length, 20);
    assert.equal(wire.exchanges.at(-1).type, "t49");
    wire.clear();
    assert.equal(wire.exchanges.length, 0);
  });

  test("of events that nobody would write, without a fault", async () => {
    const warn = mock.method(console, "warn", () => {});
    const odd = [null, 0, -1, "x", "", true, [], [null], {}, { type: {} }, { message: [] }, { delta: {}, type: "a.text_delta" }, { type: "assistant_message", content: [null, 5] }, { type: "assistant_message", content: 5 }];
    const next = random(11);
    const any = () => odd[Math.floor(next() * odd.length)];
    for (let i = 0; i < 500; i++) {
      const type = next() < 0.5 ? ["error", "debug.tick", "thread.item.updated", "thread.item.done"][i % 4] : any();
      const texts = Array.from({ length: 5 }, () => event(next() < 0.2 ? any() : { type, update: any(), item: any(), message: any(), text: any(), t: any(), code: any() }));
      const x = await record(texts, { type: next() < 0.3 ? "debug.ticks" : any() });
      assert.equal(x.events, 5);
      for (const { text, todo } of checks(x)) assert.equal(typeof text + typeof todo, "stringstring");
      for (const entry of x.entries) assert.equal(typeof entry.type + typeof entry.detail, "stringstring");
    }
    assert.equal(warn.mock.callCount(), 0);
  });

  test("at a cost that no stream feels", async () => {
    const pieces = Array.from({ length: 20_000 }, (_, i) => delta(`${i} `));
    const read = async (fetch) => {
      const began = performance.now();
      await (await fetch(url, post())).text();
      return performance.now() - began;
    };
    const fetch = async () => new Response(body(pieces), { headers: sse });
    let each = Infinity;
    for (let tries = 0; tries < 5 && each >= 0.2; tries++) { // the best of some: the machine may be busy
      const plain = await read(fetch);
      each = Math.min(each, ((await read(new Wire({ fetch }).fetch)) - plain) / pieces.length);
    }
    assert.ok(each < 0.2, `${each} ms an event`);
  });
});

test("the command for curl survives a shell", async () => {
  const wire = new Wire({ fetch: async () => new Response("{}") });
  const text = "it's \"$HOME\" `id` \\ \n é😀 !x @file";
  await wire.fetch(url, { method: "it's`id`$HOME", headers: { authorization: "Bearer it's", "idempotency-key": "k" }, body: text });
  const seen = execFileSync("sh", ["-c", `curl() { for a; do printf '%s\\0' "$a"; done; }\n${wire.exchanges[0].curl()}`], { encoding: "utf8" });
  assert.deepEqual(seen.split("\0").slice(0, -1), [
    "-N", "-X", "IT'S`ID`$HOME", url, "-H", "authorization: Bearer it's", "--data-raw", text,
  ]);
});

test("a body that is no text, or very large, is not kept", async () => {
  const wire = new Wire({ fetch: async () => new Response("{}") });
  for (const body of [new FormData(), "x".repeat(3 << 20), "x", undefined]) await wire.fetch(url, { method: "POST", body });
  await wire.fetch(new Request(url, { method: "POST", body: "x" }));
  assert.deepEqual(wire.exchanges.map((x) => x.body), [null, null, "x", "", null]);
});

// The checks get exchanges that are made up: a stream is a list of [arrival, text] in milliseconds, each a read.
function made(reads, { headers = sse, status = 200, type = "threads.create", params, end = "finished", endAt, at = 5, stall = 5000, change = {} } = {}) {
  let now = 0;
  const x = new Exchange(url, post(type, params), { events: 5000, bytes: 2 << 20, stall });
  Object.defineProperty(x, "now", { get: () => now });
  now = at;
  x.answered(new Response("", { status, headers }));
  for (const [when, text] of reads) {
    now = when;
    x.read(encode(text));
  }
  now = endAt ?? now;
  if (end) x.finish(end, end === "broken" ? new TypeError("network error") : undefined);
  return Object.assign(x, change);
}

const ticks = (n, gap = 50) => Array.from({ length: n }, (_, i) => [20 + i * gap, delta("x")]);
const timed = (t, text = delta("x")) => `: t=${t}\n${text}`;
const grouped = (all, n) => Array.from({ length: Math.ceil(all.length / n) }, (_, i) => [all.slice(i * n, (i + 1) * n).at(-1)[0], all.slice(i * n, (i + 1) * n).map(([, text]) => text).join("")]);
const tick = (i, t) => `: t=${t}\n${event({ type: "debug.tick", n: i, of: 20, t })}`;
const measured = Array.from({ length: 20 }, (_, i) => [15 + i * 100, tick(i, 3 + i * 100)]);

describe("findings", () => {
  const without = (name, value) => ({ headers: Object.fromEntries(Object.entries({ ...sse, [name]: value }).filter(([, v]) => v)) });
  const table = [
    ["a good stream", ticks(40), {}, ["fine"]],
    ["a good stream whose times are told", ticks(40).map(([at]) => [at, timed(at - 12)]), {}, ["fine"]],
    ["a good stream that goes on", ticks(3), { end: "" }, []],
    ["a document", [[9, "{}"]], { type: "threads.list", headers: { "content-type": "application/json" } }, ["fine"]],
    ["a page instead of a stream", [[9, "<html>"]], { headers: { "content-type": "text/html" } }, ["content-type"]],
    ["a stream without a type", [[9, "data: {}\n\n"]], { headers: {} }, ["content-type"]],
    ["a refusal", [[9, '{"message":"no such thread"}']], { status: 404, headers: { "content-type": "application/json" } }, ["status"], /404: no such thread/],
    ["an error of a proxy", [[9, "<html>"]], { status: 502, headers: { "content-type": "text/html" } }, ["status"], /up to five times/],
    ["no no-cache", ticks(4), without("cache-control", "max-age=60"), ["cache"], /max-age=60/],
    ["no-store", ticks(4), without("cache-control", "no-store"), ["fine"]],
    ["a compressed stream", ticks(4), without("content-encoding", "gzip"), ["compressed"], /gzip/],
    ["a missing X-Accel-Buffering", ticks(4), without("x-accel-buffering", ""), ["accel"]],
    ["one that nginx has taken out", ticks(4), { headers: { "content-type": "text/event-stream", "cache-control": "no-cache", server: "nginx/1.22" } }, ["fine"]],
    ["a late first byte", ticks(4).map(([at, text]) => [at + 2500, text]), { at: 2500 }, ["late"], /2500 ms/],
    ["words that come in order, some of them together", ticks(40).map(([at], i) => [20 + (i >> 1) * 100, delta("word ")]), {}, ["fine"]],
    ["a model that is fast after it has thought", Array.from({ length: 300 }, (_, i) => [2000 + i * 4, delta("word ")]), {}, ["fine"]],
    ["whole paragraphs, written one by one", [200, 1200, 2200].map((at) => [at, timed(at - 9, delta("x".repeat(900)))]), {}, ["process"], /up to 900 letters at once, with pauses of up to 1000 ms, as the server wrote it/],
    ["bursts that the server has merged", [200, 700, 1200].map((at) => [at, delta("x".repeat(900)) + delta("y")]), {}, ["bursts"], /901 letters/],
    ["bursts of unknown cause", grouped(ticks(40), 10), {}, ["bursts"], /Measure the path/],
    ["a burst because all was there at once", [[20, delta("x").repeat(30)]], {}, ["fine"]],
    ["bursts that the server wrote", grouped(ticks(40), 10).map(([at, text]) => [at, timed(at - 9, text)]), {}, ["process"]],
    ["bursts that a proxy made", grouped(ticks(40).map(([at]) => [at, timed(at)]), 10), {}, ["proxy"], /450 ms.*Something behind the server's write collects them/, "bad"],
    ["one read of many that are late", [[20, timed(10)], [120, timed(110)], [220, timed(210)], [781, Array.from({ length: 17 }, (_, i) => timed(230 + i * 30)).join("")]], {}, ["proxy"], /^Events were held back .*or this browser was busy. If it happens again/, "warn"],
    ["bursts that a proxy made, after a clear measurement", grouped(ticks(40).map(([at]) => [at, timed(at)]), 10), { clear: true }, ["proxy"], /this browser was busy: the path was clear when it was measured/, "warn"],
    ["a page that was busy for a moment", ticks(40).map(([at], i) => [i > 10 && i < 20 ? 20 + 20 * 50 : at, timed(at)])
      .reduce((reads, [at, text]) => (reads.at(-1)?.[0] === at ? reads.at(-1)[1] += text : reads.push([at, text]), reads), []), {}, ["fine"]],
    ["nothing before the end", [[2000, ticks(30).map(([, text]) => text).join("")]], {}, ["whole"], /Measure the path/],
    ["nothing before the end, written one by one", [[2000, ticks(30).map(([at]) => timed(at)).join("")]], {}, ["whole"], /one by one/],
    ["nothing before the end, written like that", [[2000, timed(1990, delta("x").repeat(5))]], {}, ["process"]],
    ["an error event", [[9, event({ type: "error", code: "custom", message: "Out of credit.", allow_retry: true })]], {}, ["error"], /Out of credit.*retry button/],
    ["an event that is no JSON", [[9, "data: oops\n\n"]], {}, ["garbled"]],
    ["comments with a blank line", [[9, delta("x")], [30, ": ping\n\n"]], {}, ["blank"]],
    ["a broken connection", ticks(4), { end: "broken" }, ["broken"], /network error/],
    ["an empty stream", [[9, ": chatkit\n"]], {}, ["empty"]],
    ["a silent server", [[9, delta("x")], [6009, delta("x")]], {}, ["silent"], /^Nothing came for 6000 ms, beginning at 9.0 ms. The responder .* or something on the way .*Debug/],
    ["a responder that was silent for eight seconds", [[9, timed(3)], [8009, timed(8003)]], {}, ["silent"], /^The server wrote nothing for 8000 ms, beginning at 9.0 ms: the responder, .*say\. Show progress meanwhile\.$/],
    ["a responder that was silent for long, without a heartbeat", [[9, timed(3)], [20_009, timed(20_003)]], {}, ["silent"], /^The server wrote nothing for 20.0 s/],
    ["a silence that something on the way has made", [[9, timed(3)], [15, timed(8)], [6009, timed(500)]], {}, ["silent"], /^Nothing came for 5994 ms.* something on the way held it back\.$/],
    ["a long silence that goes on", [[9, delta("x")], [16_009, ""]], { end: "" }, ["silent"], /not even a heartbeat. Either nothing was written, or the connection is dead/],
    ["a long silence that has ended", [[9, delta("x")], [16_009, delta("x")]], {}, ["silent"], /not even a heartbeat. The responder had nothing to say, or/],
    ["a silent server to the end", [[9, delta("x")]], { endAt: 7009 }, ["silent"], /^Nothing came for 7000 ms.*Debug/],
    ["a silence that goes on", [[9, delta("x")], [6009, ""]], { end: "" }, ["silent"], /^Nothing came for 6000 ms, beginning at 9.0 ms. The responder has nothing to say, or something on the way holds it back.$/],
    ["only heartbeats", [[9, delta("x")], [2009, ": ping\n"], [4009, ": ping\n"], [6009, delta("x")]], {}, ["heartbeats"], /\(2\) came for 6000 ms/],
    ["only heartbeats that go on", [[9, delta("x")], [4009, ": ping\n"], [6009, ": ping\n"]], { end: "" }, ["heartbeats"]],
    ["heartbeats before the first event", [[9, ": chatkit\n"], [4009, ": ping\n"], [9000, delta("x")]], {}, ["heartbeats"], /beginning at 0.0 ms/],
    ["a shorter limit", [[9, delta("x")], [409, delta("x")]], { stall: 300 }, ["silent"]],
    ["a slow stop", ticks(4), { end: "broken", endAt: 3000, change: { stopAt: 900, end: "stopped" } }, ["stop"], /2100 ms/],
    ["six streams over HTTP/1.1", ticks(4), { change: { open: 6, protocol: "http/1.1" } }, ["streams"]],
    ["six streams over HTTP/2", ticks(4), { change: { open: 6, protocol: "h2" } }, ["fine"]],
    ["five streams over HTTP/1.1", ticks(4), { change: { open: 5, protocol: "http/1.1" } }, ["fine"]],
    ["two things at once, the worse first", [[9, "data: oops\n\n"]], without("cache-control", ""), ["garbled", "cache"]],
    ["a clear path", measured, { type: "debug.ticks" }, ["path-clear"], /one by one/],
    ["a path with a buffer", grouped(measured, 5), { type: "debug.ticks" }, ["path-buffered"], /5\.0 at a time, up to 400 ms/],
    ["a path that holds all back", grouped(measured, 20), { type: "debug.ticks" }, ["whole", "path-buffered"]],
    ["a path through a busy machine", measured.map(([at, text], i) => [at + (i % 3) * 70, text]), { type: "debug.ticks" }, ["path-uneven"]],
    ["ticks of a server that pauses", measured.map(([at], i) => [at + (i > 9) * 300, tick(i, 3 + i * 100 + (i > 9) * 300)]), { type: "debug.ticks" }, ["path-pause", "path-clear"]],
    ["ticks cut short", measured.slice(0, 7), { type: "debug.ticks" }, ["ticks-cut"]],
    ["ticks that are not offered", [[9, '{"message":"type: unknown type of request"}']], { type: "debug.ticks", status: 400, headers: { "content-type": "application/json" } }, ["no-ticks"], /Set Debug/],
    ["ticks under way", measured.slice(0, 7), { type: "debug.ticks", end: "" }, []],
  ];
  for (const [name, reads, options, want, text, level] of table) {
    test(name, () => {
      const found = checks(made(reads, options), options.clear);
      assert.deepEqual(found.map(({ id }) => id), want);
      if (text) assert.match(`${found[0].text} ${found[0].todo}`, text);
      if (level) assert.equal(found[0].level, level);
      for (const { text, todo } of found) assert.match(`${text} ${todo}`, /^[^]*[.]\s?$/, "not a sentence");
    });
  }

  test("a request without an answer", async () => {
    const wire = new Wire({ fetch: async () => { throw new TypeError("Failed to fetch"); } });
    await wire.fetch(url, post()).catch(() => {});
    assert.deepEqual(checks(wire.exchanges[0]).map(({ id }) => id), ["no-answer"]);
  });
});
