// Headers that the user sets: a server that wants a login in one, which the page cannot know by itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const token = "Bearer s3cret-t0ken";

const shared = sharedQuickstart();
let front; // before the server: it refuses chat requests without the token
let chat;
let refused;
let uploads;

async function startFront() {
  const guard = createServer((req, res) => {
    const wants = req.method === "POST" && /^\/(chatkit|files)/.test(req.url);
    if (wants && req.headers.authorization !== token) {
      refused++;
      res.writeHead(401, { "content-type": "application/json" }).end('{"message":"not signed in"}');
      return;
    }
    if (req.url.startsWith("/files") && wants) uploads++;
    const onward = request(new URL(req.url, shared.server.origin), { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode, answer.headers);
      res.flushHeaders();
      answer.pipe(res);
    });
    onward.on("error", () => res.destroy());
    res.on("close", () => onward.destroy());
    req.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(guard, "listening");
  return {
    url: `http://127.0.0.1:${guard.address().port}/playground/`,
    async stop() {
      guard.closeAllConnections();
      guard.close();
      await once(guard, "close");
    },
  };
}

describe("headers", () => {
  beforeEach(async () => {
    refused = uploads = 0;
    front = await startFront();
    chat = await openChat(shared.browser, front.url, { viewport: { width: 1400, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
  });
  afterEach(async () => {
    try {
      await chat.end();
    } finally {
      await front.stop();
    }
  });

  const dialog = () => chat.page.getByRole("dialog", { name: "Headers sent with every request" });
  const set = async (text) => {
    await dialog().getByLabel("Headers").fill(text);
    await dialog().getByRole("button", { name: "Save" }).click();
  };
  const alert = () => chat.page.getByRole("alert");

  test("a refusal leads to them, and with them the page works: lists, answers, files, the measurement", async () => {
    assert.match(await alert().innerText(), /not signed in/i);
    await alert().getByRole("button", { name: "Set headers" }).click();
    await set(`Authorization: ${token}`);
    await dialog().waitFor({ state: "detached" });
    await chat.page.locator("#welcome").waitFor();
    const before = refused;
    await chat.ask("Hello there");
    await chat.page.getByLabel("Files", { exact: true }).setInputFiles([{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") }]);
    await chat.page.locator('.pending-files li[aria-busy="false"]').waitFor();
    assert.equal(uploads, 1);
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await chat.page.getByRole("button", { name: "Measure the path" }).click();
    await chat.page.locator('[data-finding^="path-"]').first().waitFor();
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    assert.deepEqual((await chat.threads()).slice(0, 1), ["Hello there"]);
    assert.equal(refused, before, "refusals after the login");
  });

  test("a message that was refused is not lost", async () => {
    await chat.send("Hello again");
    await alert().getByRole("button", { name: "Set headers" }).click();
    await set(`Authorization: ${token}`);
    await chat.page.locator("#welcome").waitFor();
    assert.equal(await chat.page.getByRole("textbox", { name: "Message" }).inputValue(), "Hello again");
    await chat.page.keyboard.press("Enter");
    await chat.answered();
  });

  test("the inspector leads to them, shows no login, and copies it with the command", async () => {
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await chat.page.getByRole("button", { name: "Headers…" }).click();
    await set(`authorization: ${token}\n\nX-User: ada\n`);
    await chat.page.locator("#welcome").waitFor();
    await chat.ask("Hello there");
    await chat.page.locator(".inspector summary", { hasText: "Request" }).click();
    const shown = await chat.page.locator(".inspector details[open] pre").innerText();
    assert.match(shown, /authorization: ••••[^]*x-user: ••••[^]*-H 'authorization: ••••'/);
    assert.doesNotMatch(await chat.page.locator("body").innerText(), /s3cret/);
    await chat.page.getByRole("button", { name: "Copy as curl" }).click();
    await chat.page.getByText("Copied. It has what the page sent, logins included.").waitFor();
    assert.match(await chat.page.evaluate(() => navigator.clipboard.readText()), /-H 'authorization: Bearer s3cret-t0ken'[^]*-H 'x-user: ada'/);
  });

  test("what is no header, or not the page's to set, is refused with a sentence", async () => {
    await alert().getByRole("button", { name: "Set headers" }).click();
    const trouble = dialog().getByRole("alert");
    for (const [text, want] of [
      ["Authorization", "“Authorization” is not a name, a colon and a value."],
      ["X-User: ada\nCookie: a=b", "A browser lets no page send the header Cookie."],
      ["Sec-Fetch-Site: none", "A browser lets no page send the header Sec-Fetch-Site."],
      ["Content-Type: text/plain", "The page sets Content-Type itself."],
      ["X-User: é😀", "No header can be “X-User: é😀”."],
      ["X(User): ada", "No header can be “X(User): ada”."],
    ]) {
      await set(text);
      await trouble.getByText(want).waitFor();
    }
    await chat.page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await alert().getByRole("button", { name: "Set headers" }).click();
    assert.equal(await dialog().getByLabel("Headers").inputValue(), "", "what was refused is not kept");
    await chat.page.keyboard.press("Escape");
  });

  test("they are kept in this tab alone, and go to this origin alone", async () => {
    await alert().getByRole("button", { name: "Set headers" }).click();
    await set(`Authorization: ${token}`);
    await chat.page.locator("#welcome").waitFor();
    assert.equal(await chat.page.evaluate(() => JSON.stringify(localStorage) + document.cookie + location.href).then((all) => all.includes("s3cret")), false);
    const module = await chat.module("headers.js");
    const sent = await chat.page.evaluate(async (address) => {
      const { withHeaders } = await import(address);
      return ["/chatkit", "https://bucket.example.com/a", `//${location.hostname}:1/chatkit`].map((url) => withHeaders(url, { headers: { Accept: "x" } }).headers);
    }, module);
    assert.deepEqual(sent, [{ authorization: token, accept: "x" }, { Accept: "x" }, { Accept: "x" }]);
    const other = await chat.page.context().newPage();
    await other.goto(front.url);
    await other.getByRole("alert").getByText("not signed in").waitFor();
  });
});
