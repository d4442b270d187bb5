// Interrupted answers in a real browser: with the official client's parser as it is, and with the script.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { startBrowser } from "./harness.js";
import { Client, Proxy, messageOf, post, random, startServer, textOf, words } from "./interruptions.js";

let browser;
let context;
let servers; // by policy
let proxy; // in front of the server with the default policy
let clients;

before(async () => {
  servers = { auto: await startServer(), grace: await startServer("-policy", "grace", "-grace", "20s") };
  browser = await startBrowser(); // last: a browser that nobody closes would keep the run from ending
});
after(async () => {
  await browser?.close();
  for (const server of Object.values(servers ?? {})) {
    assert.equal(await server.stop(), 0, `the server's exit code: ${server.log()}`);
    assert.doesNotMatch(server.log(), /level=ERROR|DATA RACE/);
  }
});
beforeEach(async () => {
  context = await browser.newContext();
  proxy = await new Proxy().start(servers.auto.url);
  clients = [];
});
afterEach(async () => {
  const problems = clients.flatMap((client) => client.problems);
  await context.close();
  await proxy.stop();
  assert.deepEqual(problems, [], "errors on the pages");
});

async function open(url, hash, query) {
  const client = await Client.open(context, url, hash, query);
  clients.push(client);
  return client;
}

// whole checks that a page and the store have one message and its whole answer.
async function whole(server, state, n) {
  assert.equal(state.error, null);
  assert.deepEqual(state.items.map((item) => item.type), ["user_message", "assistant_message"], "items on the page");
  assert.equal(state.items[1].text, words(n), "the deltas");
  assert.equal(state.items[1].final, words(n), "the finished item");
  const { items } = await server.ask("threads.get_by_id", { thread_id: state.thread });
  assert.deepEqual(items.data.map((item) => item.type), ["user_message", "assistant_message"], "history");
  assert.equal(textOf(items.data[1]), words(n), "history");
  assert.deepEqual((await server.stored(state.thread)).length, 2, "items in the store, hidden ones too");
}

// free polls until a thread has no turn in progress and returns how long that took.
async function free(server, thread) {
  const since = performance.now();
  while ((await server.ask("runs.active", { thread_id: thread })).run_id) {
    if (performance.now() - since > 20_000) throw new Error("the turn does not end");
    await new Promise((done) => setTimeout(done, 10));
  }
  return performance.now() - since;
}

describe("the official client's parser, without the script", () => {
  for (const policy of ["auto", "grace"]) {
    test(`${policy}: a tab that is hidden twice in one answer has it whole`, async (t) => {
      const server = servers[policy];
      const client = await open(server.url);
      await client.begin("library", "60 words 30ms");
      for (const word of [8, 20]) {
        await client.until(word);
        await client.visible(false);
        await client.page.waitForTimeout(150);
        await client.visible(true);
      }
      await client.idle();
      const state = await client.state();
      await whole(server, state, 60);
      assert.equal(state.posts.length, 3, "posts");
      assert.equal(new Set(state.posts.map((post) => post.body)).size, 1, "bodies");
      assert.ok(state.posts.slice(1).every((post) => /^.{8}-\d+$/.test(post.headers["last-event-id"])), "ids of the repetitions");
      const removed = state.events.filter((type) => type === "thread.item.removed").length;
      assert.equal(removed, policy === "auto" ? 2 : 0, "answers taken back");
      t.diagnostic(`posts 3, removed ${removed}`);
    });
  }

  test("a tab that is hidden and shown at every event has the answer whole", async (t) => {
    const server = servers.grace;
    const client = await open(server.url);
    await client.page.evaluate(() => {
      // In the turn of the event loop that brings an event, the tab flickers.
      let last = 0;
      new MutationObserver(() => {
        const { length } = window.chat.events;
        if (length === last || window.chat.events.at(-1) === "thread.item.done" && length > 5) return;
        last = length;
        setTimeout(() => {
          window.chat.visible(false);
          setTimeout(() => window.chat.visible(true), 150); // the parser takes an abort and a repetition at once for an error
        });
      }).observe(document.querySelector("main"), { childList: true });
    });
    await client.begin("library", "15 words 200ms");
    await client.idle();
    const state = await client.state();
    await whole(server, state, 15);
    assert.ok(state.posts.length > 8, `${state.posts.length} posts`);
    t.diagnostic(`posts ${state.posts.length}`);
  });
});

describe("with the script", () => {
  test("a connection that breaks again and again loses and repeats nothing", async (t) => {
    for (const seed of [1, 2, 3]) {
      const next = random(seed);
      proxy.cut = null;
      proxy.cuts = 0;
      const client = await open(proxy.url);
      // An event has about 200 bytes: cuts fall into and between events.
      proxy.cut = () => (proxy.cuts < 9 ? 700 + Math.floor(next() * 1800) : Infinity);
      // Slow enough that a page that comes back is not so far behind that it gets many words as one event.
      await client.begin("script", "100 words 20ms");
      await client.idle();
      const state = await client.state();
      await whole(servers.auto, state, 100);
      assert.ok(proxy.cuts >= 4, `${proxy.cuts} cuts`); // how many there are depends on the machine
      t.diagnostic(`seed ${seed}: ${proxy.cuts} cuts, ${state.posts.length} posts, 100 words`);
    }
  });

  test("a silent turn survives connections that break", async () => {
    const client = await open(proxy.url);
    await client.begin("script", "5 words after 2s");
    await client.page.waitForFunction(() => window.chat.thread);
    proxy.cut = () => (proxy.cuts < 4 ? 300 : Infinity); // not even the header of an answer
    proxy.interrupt();
    await client.idle();
    await whole(servers.auto, await client.state(), 5);
    assert.equal(proxy.cuts, 4, "cuts");
  });

  test("a page that is loaded again in mid-answer shows it to its end", async () => {
    const server = servers.auto;
    const client = await open(server.url);
    await client.begin("script", "60 words 40ms");
    await client.until(10);
    await client.page.reload();
    await client.page.waitForFunction(() => window.chat?.joined);
    await client.idle();
    const state = await client.state();
    await whole(server, state, 60);
    assert.deepEqual(state.posts.map((post) => post.type), ["threads.get_by_id", "runs.active", "runs.attach"]);
  });

  test("Stop ends the turn at once and leaves one note", async (t) => {
    const server = servers.auto;
    const client = await open(server.url);
    await client.begin("script", "400 words 25ms");
    await client.until(12);
    const { thread } = await client.state();
    await client.page.evaluate(() => window.chat.abort.abort());
    const took = await free(server, thread);
    assert.ok(took < 3000, `the turn ended ${took} ms after Stop`);
    const state = await client.state();
    assert.equal(state.error, "AbortError");
    const stored = await server.stored(thread);
    assert.deepEqual(stored.map((item) => item.type), ["user_message", "assistant_message", "sdk_hidden_context"]);
    const kept = textOf(stored[1]);
    assert.ok(words(400).startsWith(kept) && kept.startsWith(state.items[1].text), `kept ${kept}, shown ${state.items[1].text}`);
    t.diagnostic(`ended after ${Math.round(took)} ms`);
  });

  test("Stop before the first answer stops the turn, too", async (t) => {
    const server = servers.auto;
    const client = await open(proxy.url);
    await client.begin("script", "1 words");
    await client.idle();
    const { thread } = await client.state();
    proxy.delay = 600; // the browser has not even a header when the user presses Stop
    await client.begin("script", "400 words 25ms");
    await client.page.waitForFunction(() => window.chat.posts.length === 2);
    await poll(async () => (await server.ask("runs.active", { thread_id: thread })).run_id, "the turn begins");
    await client.page.evaluate(() => window.chat.abort.abort());
    await client.idle();
    const took = await free(server, thread);
    assert.ok(took < 600 + 3000, `the turn ended ${took} ms after Stop`);
    const types = (await server.stored(thread)).map((item) => item.type);
    assert.deepEqual(types.filter((type) => type !== "assistant_message"), ["user_message", "user_message", "sdk_hidden_context"]);
    t.diagnostic(`ended after ${Math.round(took)} ms with answers ${proxy.delay} ms late`);
  });

  test("Stop before the first answer reaches the server over a connection that breaks", async () => {
    const server = servers.auto;
    const client = await open(proxy.url);
    await client.begin("script", "1 words");
    await client.idle();
    const { thread } = await client.state();
    proxy.answers = ["reset", "502", "reset"];
    proxy.delay = 300;
    await client.begin("script", "400 words 25ms");
    await poll(async () => (await server.ask("runs.active", { thread_id: thread })).run_id, "the turn begins");
    await client.page.evaluate(() => window.chat.abort.abort());
    await free(server, thread);
    const types = (await server.stored(thread)).map((item) => item.type);
    assert.deepEqual(types.filter((type) => type !== "assistant_message"), ["user_message", "user_message", "sdk_hidden_context"]);
  });

  test("an abort in a hidden page is no Stop", async () => {
    const server = servers.auto;
    const client = await open(server.url);
    await client.begin("script", "40 words 25ms");
    await client.until(5);
    const { thread } = await client.state();
    await client.visible(false);
    await client.page.evaluate(() => window.chat.abort.abort());
    await client.idle();
    await free(server, thread);
    const stored = await server.stored(thread);
    assert.deepEqual(stored.map((item) => item.type), ["user_message", "assistant_message"]);
    assert.equal(textOf(stored[1]), words(40));
  });

  test("an abort while the page goes away is no Stop", async () => {
    const server = servers.auto;
    const client = await open(server.url);
    await client.begin("script", "60 words 40ms");
    await client.until(5);
    await client.page.evaluate(() => addEventListener("pagehide", () => window.chat.abort.abort()));
    await client.page.reload();
    await client.page.waitForFunction(() => window.chat?.joined);
    await client.idle();
    await whole(server, await client.state(), 60);
  });

  test("the official parser in a tab that is hidden twice goes on where it was", async () => {
    const server = servers.auto;
    const client = await open(proxy.url);
    await client.begin("library", "80 words 30ms", { fetch: "resumable" });
    for (const word of [8, 20]) {
      await client.until(word);
      await client.visible(false);
      await client.page.waitForTimeout(150);
      // What comes back breaks before its first whole event.
      let cuts = 0;
      proxy.cut = () => (cuts++ < 1 ? 330 : Infinity);
      await client.visible(true);
    }
    await client.idle();
    const state = await client.state();
    await whole(server, state, 80);
    assert.ok(!state.events.includes("thread.item.removed"), "an answer was taken back");
  });

  test("the official parser in a tab that is hidden before the first event sends one message", async () => {
    const server = servers.auto;
    const client = await open(proxy.url);
    await client.begin("script", "1 words");
    await client.idle();
    const { thread } = await client.state();
    proxy.delay = 500;
    await client.begin("library", "30 words 30ms", { fetch: "resumable" });
    await poll(async () => (await server.ask("runs.active", { thread_id: thread })).run_id, "the turn begins");
    await client.visible(false);
    proxy.delay = 0;
    await client.visible(true);
    await client.page.waitForFunction(() => window.chat.ends > 1);
    const { items } = await server.ask("threads.get_by_id", { thread_id: thread });
    assert.deepEqual(items.data.map((item) => item.type), ["user_message", "assistant_message", "user_message", "assistant_message"]);
    assert.equal((await client.state()).items.at(-1).text, words(30));
  });

  test("a message in a second tab ends the first tab's stream cleanly", async () => {
    const server = servers.auto;
    const one = await open(server.url);
    await one.begin("script", "400 words 25ms");
    await one.until(10);
    const { thread } = await one.state();
    const two = await open(server.url, thread, "?watch");
    await two.begin("script", "12 words");
    await Promise.all([one.idle(), two.idle()]);
    const [first, second] = [await one.state(), await two.state()];
    assert.equal(first.error, null, "the first tab");
    assert.equal(second.error, null, "the second tab");
    assert.equal(second.items.at(-1).text, words(12));
    const stored = await server.stored(thread);
    assert.deepEqual(stored.map((item) => item.type),
      ["user_message", "assistant_message", "sdk_hidden_context", "user_message", "assistant_message"]);
    assert.equal(textOf(stored[1]), first.items[1].text, "what was kept and what the first tab showed");
  });

  for (const [name, answers] of [
    ["a proxy that answers 502 after it has passed the request on", ["502", "502"]],
    ["a connection that breaks after the request", ["reset", "reset"]],
    ["a connection that breaks before the request", ["refuse", "refuse"]],
  ]) {
    test(`${name} makes no second message`, async () => {
      const client = await open(proxy.url);
      proxy.answers = answers;
      await client.begin("script", "20 words");
      await client.idle();
      const state = await client.state();
      await whole(servers.auto, state, 20);
      assert.deepEqual(state.posts.map((post) => post.type), Array(state.posts.length).fill("threads.create"));
      assert.equal(new Set(state.posts.map((post) => post.headers["idempotency-key"])).size, 1, "keys");
    });
  }
});

describe("without a browser", () => {
  test("one Idempotency-Key is one message, however often and through whatever it comes", async () => {
    const server = servers.auto;
    const { thread } = await startThread(server);
    const headers = { "idempotency-key": "key-1", "chatkit-resume": "1" };
    const body = messageOf("10 words", thread);
    proxy.answers = ["502"];
    const first = await post(proxy.url, body, headers);
    assert.equal(first.status, 502);
    const streams = await Promise.all(Array.from({ length: 3 }, () => post(proxy.url, body, headers).then((response) => response.text())));
    for (const stream of streams) assert.match(stream, /w9 /);
    const { items } = await server.ask("threads.get_by_id", { thread_id: thread });
    assert.deepEqual(items.data.slice(2).map((item) => item.type), ["user_message", "assistant_message"]);
  });
});

async function startThread(server) {
  const stream = await (await post(server.url, messageOf("1 words"))).text();
  return { thread: JSON.parse(/data: (.*thread\.created.*)/.exec(stream)[1]).thread.id };
}

async function poll(ask, what) {
  for (const since = performance.now(); ; await new Promise((done) => setTimeout(done, 10))) {
    if (await ask()) return;
    if (performance.now() - since > 20_000) throw new Error(`waited too long: ${what}`);
  }
}
