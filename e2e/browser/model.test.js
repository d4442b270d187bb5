// The quickstart with a model behind it: a recorded stream of the Responses API, played back slowly.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openChat, startBrowser } from "./harness.js";
import { startQuickstart } from "./programs.js";

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const fixtures = process.env.CHATKIT_FIXTURES || resolve(checkout, "../shared/fixtures");
const recording = join(fixtures, "responses", "agent-framework-streaming.sse.txt");
const skip = existsSync(recording) ? false : `no recorded stream at ${recording}; set CHATKIT_FIXTURES`;

let model;
let server;
let browser;

before(async () => {
  if (skip) return;
  model = await startReplay(await readFile(recording, "utf8"));
  [server, browser] = await Promise.all([
    startQuickstart({ env: { OPENAI_API_KEY: "test", OPENAI_BASE_URL: model.url, OPENAI_MODEL: "recorded" } }), startBrowser(),
  ]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await model?.stop();
});

// delay is the time between two events, in milliseconds.
const delay = 15;

// startReplay answers every request with the recording, event by event.
async function startReplay(text) {
  const events = text.replace(/\r\n/g, "\n").split("\n\n").filter((event) => event.trim());
  const deltas = events
    .map((event) => JSON.parse(/^data: (.*)$/m.exec(event)[1]))
    .filter((event) => event.type === "response.output_text.delta")
    .map((event) => event.delta);
  const requests = [];
  const http = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const seen = { path: request.url, body: JSON.parse(body), gone: false };
    requests.push(seen);
    seen.closed = new Promise((resolve) => response.on("close", () => resolve((seen.gone = !response.writableFinished))));
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of events) {
      if (seen.gone) return;
      response.write(`${event}\n\n`);
      await new Promise((done) => setTimeout(done, delay));
    }
    response.end();
  });
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${http.address().port}/v1`,
    text: deltas.join(""),
    requests,
    stop: () => new Promise((done) => (http.close(done), http.closeAllConnections())),
  };
}

const flat = (text) => text.replace(/\s+/g, " ").trim();

test("a recorded answer shows in the browser, token by token", { skip }, async () => {
  const chat = await openChat(browser, server.url);
  assert.match(await chat.page.locator(".foot").innerText(), /recorded/);
  await chat.watch();
  await chat.ask("Tell me a story");
  const growth = (await chat.seen()).lengths.filter((n) => n > 0);
  assert.ok(growth.length >= 20, `the answer grew in ${growth.length} steps`);
  const steps = growth.map((n, i) => n - (growth[i - 1] ?? 0));
  assert.ok(Math.max(...steps) < model.text.length / 4, `the largest step was ${Math.max(...steps)} characters`);
  assert.equal(flat(await chat.lastAnswer().innerText()), flat(model.text));
  // The recording stops at its limit of tokens, in the middle of a sentence.
  assert.match(await chat.page.locator(".notice").innerText(), /cut short: max output tokens/);
  const [request] = model.requests;
  assert.equal(request.path, "/v1/responses");
  assert.deepEqual(request.body.input, [{ role: "user", content: "Tell me a story" }]);
  assert.equal(request.body.stream, true);
  assert.deepEqual(chat.problems, []);
  await chat.close();
});

test("stop ends the model's stream and the next question knows the part", { skip }, async () => {
  const chat = await openChat(browser, server.url);
  await chat.send("Another story");
  await chat.until(80);
  await chat.page.getByRole("button", { name: "Stop the answer" }).click();
  await chat.answered();
  const stopped = model.requests.at(-1);
  await stopped.closed;
  assert.equal(stopped.gone, true, "the model's connection was closed before the end");
  await chat.send("Go on");
  await chat.until(20);
  const { input } = model.requests.at(-1).body;
  assert.deepEqual([input[0].content, input.at(-1).content], ["Another story", "Go on"]);
  const [partial] = input.filter((item) => item.role === "assistant");
  assert.ok(partial.content.length >= 60 && model.text.startsWith(partial.content), partial.content);
  assert.deepEqual(chat.problems, []);
  await chat.close();
});

test("a model that cannot be reached is an error with another try", { skip }, async () => {
  const lost = await startQuickstart({ env: { OPENAI_API_KEY: "test", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" } });
  const chat = await openChat(browser, lost.url);
  await chat.send("Hello?");
  await chat.page.getByRole("alert").getByRole("button", { name: "Try again" }).waitFor({ timeout: 30_000 });
  assert.match(await chat.page.getByRole("alert").innerText(), /cannot be reached/);
  await chat.close();
  await lost.stop();
});
