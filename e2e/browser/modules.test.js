// The page's modules that need no browser: the stream reader and the reducer. If the golden vectors are
// there, every stream of the reference has to lead to the thread that the reference has stored.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Parser, readEvents } from "../../core/playground/web/sse.js";
import * as state from "../../core/playground/web/state.js";

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

describe("stream reader", () => {
  const cases = [
    ["one event", 'data: {"a":1}\n\n', ['{"a":1}']],
    ["no space after the colon", "data:x\n\n", ["x"]],
    ["CRLF", "data: x\r\n\r\ndata: y\r\n\r\n", ["x", "y"]],
    ["bare carriage returns", "data: x\r\rdata: y\r\r.", ["x", "y"]],
    ["several data lines", "data: a\ndata: b\n\n", ["a\nb"]],
    ["ids, names and retries", "id: 7\nevent: m\nretry: 10\ndata: x\n\n", ["x"]],
    ["comments with one newline", ": ping\n: ping\ndata: x\n\n", ["x"]],
    ["a comment with a blank line", ": ping\n\ndata: x\n\n", ["x"]],
    ["a byte-order mark", "\ufeffdata: x\n\n", ["x"]],
    ["an unfinished last event", "data: x\n\ndata: y\n", ["x"]],
  ];
  for (const [name, text, want] of cases) {
    test(name, () => {
      assert.deepEqual(new Parser().push(text), want, "in one piece");
      const parser = new Parser();
      assert.deepEqual([...text].flatMap((letter) => parser.push(letter)), want, "letter by letter");
    });
  }

  test("a character split over two reads stays whole", async () => {
    const bytes = new TextEncoder().encode('data: "é😀"\n\n');
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(body)) events.push(event);
    assert.deepEqual(events, ["é😀"]);
  });
});

describe("reducer", () => {
  const base = { thread_id: "t", created_at: "2026-01-01T00:00:00Z" };
  const message = (id, text) => ({ ...base, id, type: "assistant_message", content: text ? [{ annotations: [], text, type: "output_text" }] : [] });
  const play = (events, thread = state.newThread("t")) => events.reduce(state.applyEvent, thread);
  const delta = (id, text) => ({ type: "thread.item.updated", item_id: id, update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: text } });

  test("it changes nothing in place", () => {
    const freeze = (value) => (value && typeof value === "object" && Object.values(value).forEach(freeze), Object.freeze(value));
    const before = freeze(play([{ type: "thread.item.added", item: message("m", "") }]));
    assert.equal(state.itemText(play([delta("m", "Hi")], before).items[0]), "Hi");
    assert.equal(state.itemText(before.items[0]), "");
  });

  test("progress ends with the first word", () => {
    const events = [{ type: "thread.item.added", item: message("m", "") }, { type: "progress_update", text: "Searching" }];
    assert.equal(play(events).progress.text, "Searching");
    assert.equal(play([...events, delta("m", "x")]).progress, null);
  });

  test("the server's message takes the place of the local one", () => {
    const local = state.addLocalMessage(state.newThread("t"), "local-1", { content: [{ type: "input_text", text: "Hi" }] });
    const done = play([{ type: "thread.item.done", item: { ...base, id: "u", type: "user_message", content: [] } }], local);
    assert.deepEqual(done.items.map((item) => item.id), ["u"]);
  });

  test("an error without words gets some", () => {
    assert.match(play([{ type: "error", code: "stream.error", allow_retry: true }]).error.message, /went wrong/);
    assert.equal(play([{ type: "error", code: "custom", message: "No.", allow_retry: false }]).error.message, "No.");
  });

  test("the end drops a message without a word and keeps a partial one", () => {
    const thread = play([{ type: "thread.item.added", item: message("a", "") }, { type: "thread.item.added", item: message("b", "") }, delta("b", "part")]);
    assert.deepEqual(state.endTurn(thread).items.map((item) => [item.id, item.live]), [["b", false]]);
  });

  test("what it does not know changes nothing", () => {
    const thread = play([{ type: "thread.item.added", item: message("m", "x") }]);
    for (const event of [{ type: "new.kind" }, delta("other", "x"), { type: "thread.item.updated", item_id: "m", update: { type: "new" } },
      { type: "thread.item.updated", item_id: "m", update: { type: "workflow.task.updated", task_index: 9, task: {} } }]) {
      assert.equal(state.applyEvent(thread, event), thread, JSON.stringify(event));
    }
  });

  test("a component deep in a widget grows", () => {
    const widget = { type: "Card", children: [{ type: "Row", children: [{ type: "Text", id: "t", value: "a" }] }] };
    const thread = play([
      { type: "thread.item.added", item: { ...base, id: "w", type: "widget", widget } },
      { type: "thread.item.updated", item_id: "w", update: { type: "widget.streaming_text.value_delta", component_id: "t", delta: "b", done: true } },
    ]);
    assert.equal(thread.items[0].widget.children[0].children[0].value, "ab");
  });
});

describe("golden vectors", () => {
  const folders = [process.env.CHATKIT_VECTORS, join(checkout, "core/testdata/vectors"), resolve(checkout, "../shared/vectors")];
  const folder = folders.filter(Boolean).map((path) => join(path, "server")).find(existsSync);
  if (!folder) {
    test("the reference's streams", { skip: "no golden vectors; set CHATKIT_VECTORS" }, () => {});
    return;
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const vector = JSON.parse(readFileSync(join(folder, file), "utf8"));
    if (!vector.exchanges.some((exchange) => exchange.expect.kind === "sse")) continue;
    test(file, () => {
      for (const { expect } of vector.exchanges) {
        if (expect.kind !== "sse") continue;
        let thread = state.newThread("t");
        for (const event of expect.events) thread = state.applyEvent(thread, event);
        state.endTurn(thread);
        // Whatever the stream has finished has to look as the reference has stored it.
        const done = new Map();
        for (const event of expect.events) {
          if (event.type === "thread.item.done" || event.type === "thread.item.replaced") done.set(event.item.id, event.item);
          if (event.type === "thread.item.removed") done.delete(event.item_id);
        }
        for (const [id, item] of done) assert.deepEqual(thread.items.find((other) => other.id === id), item);
      }
    });
  }

  test("a partial answer reads as the reference has stored it", () => {
    let compared = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const vector = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const { expect } = vector.exchanges.at(-1);
      if (expect.ended_by !== "cancelled") continue;
      let thread = state.newThread("t");
      for (const event of expect.events) thread = state.applyEvent(thread, event);
      const stored = Object.values(vector.final.items).flat();
      for (const item of state.endTurn(thread).items.filter((item) => item.live === false && item.type === "assistant_message")) {
        compared++;
        assert.equal(state.itemText(item), state.itemText(stored.find((other) => other.id === item.id)), file);
      }
    }
    assert.ok(compared > 0, "partial answers to compare");
  });
});
