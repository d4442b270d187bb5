// The quickstart's page when an answer is interrupted: it is made with the script.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";
import { Proxy, random, textOf } from "./interruptions.js";
import { startQuickstart } from "./programs.js";

const shared = sharedQuickstart({ pause: "12ms" });
let proxy;
let chat;

// ask sends a request that is no stream past the page.
async function ask(type, params) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${shared.server.origin}/chatkit`, { method: "POST", headers, body: JSON.stringify({ type, params }) });
  return response.json();
}

const stored = async () => (await ask("threads.get_by_id", { thread_id: await chat.threadID() })).items.data;

// whole checks that the page shows the whole answer, and that it is what is stored.
async function whole() {
  assert.deepEqual(await chat.types(), ["user_message", "assistant_message"]);
  const items = await stored();
  assert.deepEqual(items.map((item) => item.type), ["user_message", "assistant_message"]);
  const shown = await chat.lastAnswer().innerText();
  await chat.page.reload();
  await chat.page.locator("article.assistant").waitFor();
  assert.equal(shown, await chat.lastAnswer().innerText(), "the answer and the same one loaded again");
  assert.ok(textOf(items[1]).length > 1500, `the answer has ${textOf(items[1]).length} characters`);
}

describe("the quickstart", () => {
  beforeEach(async () => {
    proxy = await new Proxy().start(shared.server.origin);
    chat = await openChat(shared.browser, `${proxy.url}/playground/`);
  });
  afterEach(async () => {
    const { problems } = chat;
    await chat.close();
    await proxy.stop();
    assert.deepEqual(problems.filter((problem) => !/net::ERR_/.test(problem)), [], "page errors, refused policies, foreign requests");
  });

  test("an answer goes on after a reload, and its words are whole", async () => {
    await chat.send("Something long, please");
    await chat.until(60);
    const before = await chat.lastAnswer().innerText();
    await chat.page.reload();
    await chat.page.locator('#log[aria-busy="true"]').waitFor();
    await chat.until(before.length + 100);
    assert.equal(await chat.page.locator("article.assistant").count(), 1);
    await chat.answered();
    await whole();
  });

  test("an answer that was joined after a reload can be stopped", async () => {
    await chat.send("Something long, please");
    await chat.until(60);
    await chat.page.reload();
    await chat.until(100);
    await chat.page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.answered();
    assert.ok(textOf((await stored())[1]).length < 1500, "the answer went on");
    await chat.ask("A notice, please");
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message", "user_message", "assistant_message"]);
  });

  test("a tool of a joined answer waits for a click: another tab may have run it", async () => {
    const slow = await startQuickstart({ pause: "120ms" });
    try {
      const tab = await openChat(shared.browser, slow.url);
      await tab.send("Use a browser tool");
      await tab.page.locator("article.user:not(.local)").waitFor();
      await tab.page.reload();
      await tab.page.locator('#log[aria-busy="true"]').waitFor(); // it joins
      await tab.answered();
      assert.deepEqual(await tab.types(), ["user_message", "assistant_message", "client_tool_call"]);
      await tab.page.getByRole("button", { name: "Send reply" }).click();
      await tab.page.locator("article.assistant").nth(1).waitFor();
      await tab.close();
    } finally {
      await slow.stop();
    }
  });

  test("a network that breaks again and again is not noticed", async (t) => {
    const next = random(7);
    proxy.cut = () => (proxy.cuts < 8 ? 800 + Math.floor(next() * 3000) : Infinity);
    await chat.send("Something long, please");
    await chat.page.locator("article.assistant").waitFor();
    await chat.answered();
    assert.equal(await chat.page.getByRole("alert").count(), 0, "errors on the page");
    assert.equal(proxy.cuts, 8, "cuts");
    await whole();
    t.diagnostic(`${proxy.cuts} cuts`);
  });

  test("another tab on the thread sees the answer, too", async () => {
    await chat.send("Something long, please");
    await chat.until(60);
    const tab = await chat.page.context().newPage();
    await tab.goto(chat.page.url());
    await tab.locator('#log[aria-busy="true"]').waitFor();
    await chat.answered();
    await tab.locator('#log[aria-busy="false"]').waitFor();
    assert.equal(await tab.locator("article.assistant .body").innerText(), await chat.lastAnswer().innerText());
  });

  test("the script is the server's own and the policy allows no other", async () => {
    const response = await fetch(`${shared.server.origin}/chatkit?resume.js`);
    assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
    const page = await fetch(shared.server.url);
    assert.match(page.headers.get("content-security-policy"), /script-src 'self';/);
    assert.equal((await fetch(`${shared.server.origin}/chatkit`)).status, 405);
  });
});
