// Where a message is written: files, a quote, tags, the choice of a model and a tool.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, png, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

describe("composer", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  afterEach(() => chat.end());

  const files = () => chat.page.locator(".pending-files li");
  const ready = (n) => chat.page.locator('.pending-files li[aria-busy="false"]').nth(n - 1).waitFor();
  const input = () => chat.page.getByRole("textbox", { name: "Message" });
  const table = () => chat.page.locator("article.assistant td").allInnerTexts();

  // carry builds a DataTransfer in the page and hands it to an element, as a paste or a drop does.
  const carry = (selector, event, name, type, base64) => chat.page.evaluate(([to, kind, file, mime, data]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], file, { type: mime }));
    const init = { bubbles: true, cancelable: true };
    const made = kind === "paste" ? new ClipboardEvent(kind, { ...init, clipboardData: transfer }) : new DragEvent(kind, { ...init, dataTransfer: transfer });
    return !document.querySelector(to).dispatchEvent(made);
  }, [selector, event, name, type, base64]);

  test("files are attached by button, paste and drop, and reach the server", async () => {
    const [chooser] = await Promise.all([chat.page.waitForEvent("filechooser"), chat.page.getByRole("button", { name: "Attach files" }).click()]);
    await chooser.setFiles([{ name: "red.png", mimeType: "image/png", buffer: png }]);
    assert.equal(await carry("#input", "paste", "note.txt", "text/plain", btoa("remember")), true, "the paste is taken");
    await carry("main", "dragover", "data.json", "application/json", btoa("{}"));
    await chat.page.locator("main.dropping").waitFor();
    await carry("main", "drop", "data.json", "application/json", btoa("{}"));
    assert.equal(await chat.page.locator("main.dropping").count(), 0);
    await ready(3);
    assert.equal(await files().first().locator("img").evaluate((img) => img.decode().then(() => img.naturalWidth)), 1, "a preview");
    assert.match(await chat.page.locator("#announcer").innerText(), /is attached/);
    await chat.ask("What is this?");
    assert.deepEqual((await table()).sort(), ["8", "70", "2", "red.png", "note.txt", "data.json", "image/png", "text/plain", "application/json"].sort());
    assert.equal(await files().count(), 0, "files that are left in the composer");
    const shown = () => chat.page.locator("article.user .files").innerText();
    assert.match(await shown(), /note\.txt/);
    await chat.page.reload();
    await chat.page.locator("article.user .files img").waitFor();
    assert.equal(await chat.page.locator("article.user .files img").evaluate((img) => img.decode().then(() => img.naturalWidth)), 1, "the picture after a reload");
    assert.match(await shown(), /data\.json/);
  });

  test("a file can be taken away again, and one that is refused says why", async () => {
    await chat.page.getByLabel("Files", { exact: true }).setInputFiles([
      { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") }, { name: "b.html", mimeType: "text/html", buffer: Buffer.from("<b>") },
    ]);
    await ready(2);
    assert.match(await chat.page.locator(".pending-files .failed").innerText(), /b\.html[\s\S]*cannot be attached/);
    const [request] = await Promise.all([
      chat.page.waitForRequest((r) => r.postData()?.includes("attachments.delete")),
      chat.page.getByRole("button", { name: "Remove a.txt" }).click(),
    ]);
    assert.match(request.postDataJSON().params.attachment_id, /./);
    await chat.page.getByRole("button", { name: "Remove b.html" }).click();
    assert.equal(await files().count(), 0);
  });

  test("what the user picks and quotes goes along", async () => {
    await chat.ask("Hello first");
    await chat.page.getByRole("combobox", { name: "Model" }).selectOption("Demo, slow");
    await chat.page.getByRole("combobox", { name: "Tool" }).selectOption("Search");
    await chat.page.locator("article.assistant blockquote").click({ clickCount: 3 });
    await chat.page.getByRole("button", { name: "Quote" }).click();
    assert.equal(await chat.page.locator(".quoted blockquote").innerText(), "Hello first");
    const [request] = await Promise.all([
      chat.page.waitForRequest((r) => r.postData()?.includes("add_user_message")), chat.send("And now?"),
    ]);
    const { input: sent } = request.postDataJSON().params;
    assert.deepEqual(sent.inference_options, { model: "demo-slow", tool_choice: { id: "search" } });
    assert.equal(sent.quoted_text, "Hello first");
    await chat.page.locator("article.user:not(.local) .bubble blockquote", { hasText: "Hello first" }).waitFor();
    assert.equal(await chat.page.locator(".quoted").count(), 0, "quotes that are left in the composer");
    await chat.page.keyboard.press("Escape");
    await chat.answered();
    await chat.page.reload();
    assert.equal(await chat.page.getByRole("combobox", { name: "Model" }).inputValue(), "demo-slow", "the model is remembered");
  });

  test("a quote can be taken away again", async () => {
    await chat.ask("Hello again");
    await chat.page.getByRole("button", { name: "Quote" }).click();
    await chat.page.getByRole("button", { name: "Remove the quote" }).click();
    assert.equal(await chat.page.locator(".quoted").count(), 0);
  });

  test("an @ offers tags, by keyboard and mouse, and they reach the server as such", async () => {
    await input().pressSequentially("Ask @");
    const options = chat.page.getByRole("listbox", { name: "Tags" }).getByRole("option");
    assert.equal(await options.count(), 4);
    await input().pressSequentially("al");
    assert.equal(await options.count(), 1);
    await chat.page.keyboard.press("Backspace");
    await chat.page.keyboard.press("ArrowDown");
    assert.equal(await input().getAttribute("aria-activedescendant"), await options.nth(1).getAttribute("id"));
    await chat.page.keyboard.press("Enter");
    assert.equal(await input().inputValue(), "Ask @Alan Turing ");
    assert.equal(await options.count(), 0);
    await input().pressSequentially("or @gr");
    await options.first().click();
    await input().pressSequentially("please, not mail@go.example");
    assert.equal(await input().inputValue(), "Ask @Alan Turing or @Grace Hopper please, not mail@go.example");
    const [request] = await Promise.all([
      chat.page.waitForRequest((r) => r.postData()?.includes("threads.create")), chat.page.keyboard.press("Enter"),
    ]);
    const tag = (id, text, group) => ({ type: "input_tag", id, text, data: {}, group, interactive: false });
    assert.deepEqual(request.postDataJSON().params.input.content, [
      { type: "input_text", text: "Ask " }, tag("alan", "Alan Turing", "People"),
      { type: "input_text", text: " or " }, tag("grace", "Grace Hopper", "People"),
      { type: "input_text", text: " please, not mail@go.example" },
    ]);
    await chat.answered();
    assert.match(await chat.lastAnswer().innerText(), /You named Alan Turing, whose id is alan/);
    assert.equal(await chat.page.locator("article.user .tag").count(), 2);
  });

  test("Escape closes the list of tags and stops nothing", async () => {
    await input().pressSequentially("@");
    await chat.page.getByRole("listbox").waitFor();
    await chat.page.keyboard.press("Escape");
    assert.equal(await chat.page.getByRole("listbox").count(), 0);
    assert.equal(await input().inputValue(), "@");
  });

  test("Shift Enter makes a new line and the field grows", async () => {
    const height = () => input().evaluate((node) => node.clientHeight);
    const before = await height();
    await input().pressSequentially("one");
    await chat.page.keyboard.press("Shift+Enter");
    await input().pressSequentially("two");
    assert.equal(await input().inputValue(), "one\ntwo");
    assert.ok(await height() > before, "the field has grown");
    assert.equal((await chat.items()).length, 0, "nothing was sent");
  });
});
