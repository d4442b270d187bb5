// What a server can send without an end: marks, words, a line, a depth. Each piece of work runs in a process of its own,
// because nothing interrupts a pattern that has gone astray: the sizes would take it minutes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);

// result runs a script, in which from(name) is a module of the page, and returns what it gives to say.
async function result(script, settings = {}) {
  const code = `
    globalThis.document = { querySelector: () => ({ content: ${JSON.stringify(JSON.stringify(settings))} }) };
    globalThis.location = new URL("http://127.0.0.1:8080/playground/");
    const from = (name) => import(${JSON.stringify(new URL("../../core/playground/web/", import.meta.url).href)} + name);
    const say = (value) => process.stdout.write(JSON.stringify(value));
    ${script}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { timeout: 30_000, maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

test("marks behind an address", async () => {
  assert.deepEqual(await result(`
    const { addressEnd } = await from("markdown.js");
    const ends = ["http://x/a).", "http://x/a))", "http://x/a.b", "..!?'\\"", ""].map(addressEnd);
    say([...ends, addressEnd("http://x" + ".".repeat(1e5) + "a"), addressEnd("http://x" + ".".repeat(1e5))]);
  `), [10, 11, 12, 0, 0, 100_009, 8]);
});

test("an address that no server takes leads nowhere", async () => {
  assert.deepEqual(await result(`
    const { safeLink } = await from("links.js");
    say([safeLink("https://a.example/" + "x".repeat(100)).length, safeLink("https://a.example/" + "x".repeat(1e6))]);
  `), [118, null]);
});

test("underscores that may go on", async () => {
  assert.deepEqual(await result(`
    const { underscoresBegin } = await from("markdown.js");
    say([underscoresBegin("a__"), underscoresBegin("a"), underscoresBegin("_".repeat(1e6) + "a"), underscoresBegin("_".repeat(1e6))]);
  `), [1, 1, 1_000_001, 0]);
});

test("words without the end of a sentence", async () => {
  assert.deepEqual(await result(`
    const { sentencesEnd } = await from("announcer.js");
    const ends = ["One. Two", "One.", "(One.) two", "a.b", "line\\nmore", ". ", ""].map(sentencesEnd);
    say([...ends, sentencesEnd("a".repeat(1e6)), sentencesEnd(".)))".repeat(3e5) + "a"), sentencesEnd(" ".repeat(1e6))]);
  `), [4, 4, 6, 0, 5, 1, 0, 0, 0, 0]);
});

test("a long line in many reads", async () => {
  assert.deepEqual(await result(`
    const { Parser } = await from("sse.js");
    const parser = new Parser();
    parser.push("data: ");
    for (let i = 0; i < 16 << 10; i++) parser.push("x".repeat(1 << 10));
    say(parser.push("\\n\\n").map((data) => data.length));
  `), [16 << 20]);
});

for (const [name, piece] of [["a line", "x"], ["a line of a comment", ": x"], ["an event of many lines", "data: x\n"]]) {
  test(`${name} without an end is given up`, async () => {
    const [parsed, recorded] = await result(`
      const { Parser } = await from("sse.js");
      const { Exchange } = await from("inspector-exchange.js");
      const pieces = [${JSON.stringify(piece)}, ...Array(33).fill(${JSON.stringify(piece)}.repeat((1 << 20) / ${piece.length}))];
      const tried = (take) => {
        try {
          pieces.forEach(take);
          return "all of it is kept";
        } catch (error) {
          return error.message;
        }
      };
      const parser = new Parser();
      const x = new Exchange("http://127.0.0.1/", {}, { events: 10, bytes: 1000, stall: 5000 });
      x.answered(new Response("", { headers: { "content-type": "text/event-stream" } }), 0);
      say([tried((text) => parser.push(text)), tried((text) => x.read(new TextEncoder().encode(text)))]);
    `);
    assert.match(parsed, /an event that is too long/);
    assert.match(recorded, /too long/);
  });
}

test("the recording of a comment in many reads", async () => {
  assert.equal(await result(`
    const { Exchange } = await from("inspector-exchange.js");
    const x = new Exchange("http://127.0.0.1/", {}, { events: 10, bytes: 1000, stall: 5000 });
    x.answered(new Response("", { headers: { "content-type": "text/event-stream" } }), 0);
    const piece = new TextEncoder().encode(": " + "x".repeat(254));
    for (let i = 0; i < 64 << 10; i++) x.read(piece);
    x.read(new TextEncoder().encode("\\ndata: x\\n\\n"));
    say(x.events);
  `), 1);
});

test("a value that is deep, wide or long is shown in part", async () => {
  const [plain, ...cut] = await result(`
    const { json } = await from("parts.js");
    const deep = JSON.parse('{"a":'.repeat(1e5) + "1" + "}".repeat(1e5));
    const wide = Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["k" + i, i]));
    say([json({ a: [1, "b", null], c: true }), ...[deep, wide, Array(1e6).fill(0), "x".repeat(1e6), { ["x".repeat(1e6)]: 1 }].map(json)]);
  `);
  assert.deepEqual(JSON.parse(plain), { a: [1, "b", null], c: true });
  for (const text of cut) {
    assert.ok(text.length < 100_000, `${text.length} characters`);
    assert.match(text, /…/);
  }
});

test("pictures come from where the options say", async () => {
  const asked = async (settings) => result(`
    const { safePicture } = await from("links.js");
    say(["https://a.example/x.png", "http://b.example:9000/x.png", "/x.png", "data:image/png;base64,AA==", "blob:http://127.0.0.1:8080/x", "http://c.example/x.png"]
      .map((address) => safePicture(address) !== null));
  `, settings);
  assert.deepEqual(await asked({ image_origins: null }), [true, false, true, true, false, false], "any with https");
  assert.deepEqual(await asked({ image_origins: [] }), [false, false, true, true, false, false], "none");
  assert.deepEqual(await asked({ image_origins: ["http://b.example:9000"] }), [false, true, true, true, false, false], "one");
});
