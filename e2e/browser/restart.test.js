// What is left of a conversation when the quickstart dies, and when it is asked to end.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openChat, startBrowser } from "./harness.js";
import { startQuickstart } from "./programs.js";

let browser;
let folder;

before(async () => {
  [browser, folder] = await Promise.all([startBrowser(), mkdtemp(join(tmpdir(), "chatkit-restart-"))]);
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

// begun starts a quickstart with a history and an answer in the middle, and returns both.
async function begun(db) {
  const server = await startQuickstart({ db, pause: "10ms" });
  const chat = await openChat(browser, server.url);
  await chat.ask("Give me a notice");
  await chat.send("Something long, please");
  await chat.page.waitForFunction(() => document.querySelectorAll("article.assistant").length === 2);
  await chat.until(300);
  const partial = (await chat.lastAnswer().innerText()).slice(0, 250);
  const id = await chat.threadID();
  return { server, chat, id, partial };
}

// found starts it again and checks that everything is there.
async function found(db, id, partial) {
  const server = await startQuickstart({ db });
  const chat = await openChat(browser, server.url);
  assert.deepEqual(await chat.threads(), ["Give me a notice"]);
  await chat.open(`#${id}`);
  await chat.page.locator("article.assistant").nth(1).waitFor();
  const items = await chat.items();
  assert.deepEqual(items.map((item) => item.type), ["user_message", "assistant_message", "user_message", "assistant_message"]);
  assert.match(items[1].text, /^The box beside this message is a notice/);
  assert.ok((await chat.lastAnswer().innerText()).startsWith(partial), `shown before: ${partial}\nfound: ${items[3].text}`);
  assert.ok(items[3].text.length < 2000, "the rest was never written");
  await chat.ask("Hello again");
  assert.equal((await chat.items()).length, 6, "the conversation goes on");
  assert.deepEqual(chat.problems, []);
  await chat.close();
  assert.equal(await server.stop(), 0, server.log());
}

test("a kill -9 in the middle of an answer loses neither the history nor the part that was read", async () => {
  const db = join(folder, "killed.db");
  const { server, chat, id, partial } = await begun(db);
  await chat.close(); // a page that asks for the rest is another test's business
  await server.kill();
  await found(db, id, partial);
});

test("an interrupt in the middle of an answer loses neither", async () => {
  const db = join(folder, "interrupted.db");
  const { server, chat, id, partial } = await begun(db);
  assert.equal(await server.stop(), 0, server.log());
  await chat.close();
  await found(db, id, partial);
});

test("a page that is open during a crash shows the part and goes on with the new process", async () => {
  const db = join(folder, "open.db");
  const { server, chat, partial } = await begun(db);
  const port = new URL(server.url).port;
  await server.kill();
  const again = await startQuickstart({ db, addr: `127.0.0.1:${port}` });
  await chat.answered();
  assert.ok((await chat.lastAnswer().innerText()).startsWith(partial));
  await chat.page.reload();
  await chat.page.locator("article.assistant").nth(1).waitFor();
  assert.ok((await chat.lastAnswer().innerText()).startsWith(partial), "after a reload");
  await chat.ask("Hello again");
  await chat.close();
  await again.stop();
});
