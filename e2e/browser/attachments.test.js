// Files in a real browser: attach, send, see them in the message, and a widget that changes in place.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { closeUnharmed, openPage, png, startBrowser } from "./harness.js";
import { startAttachments } from "./programs.js";

let server;
let browser;
let page;
let problems;

before(async () => {
  server = await startAttachments();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0, `exit code after an interrupt: ${server?.log()}`);
});

describe("attachments", () => {
  beforeEach(async () => {
    ({ page, problems } = await openPage(browser, server.url));
  });
  afterEach(() => closeUnharmed(page, problems));

  const choose = (...files) => page.getByLabel("Files", { exact: true }).setInputFiles(files);
  const pendingFiles = (n) => page.locator('.pending-files li[aria-busy="false"]').nth(n - 1).waitFor();
  const send = async (text) => {
    await page.getByRole("textbox", { name: "Message" }).fill(text);
    await page.getByRole("button", { name: "Send the message" }).click();
    await page.locator('#log[aria-busy="false"] .widget').last().waitFor();
  };
  const picture = (within) => page.locator(`${within} img`).evaluate((img) => img.decode().then(() => [img.naturalWidth, img.src]));

  test("an image is attached, sent, and shown in the message, also after a reload", async () => {
    await choose({ name: "red.png", mimeType: "image/png", buffer: png });
    await pendingFiles(1);
    assert.equal((await picture(".pending-files"))[0], 1, "width of the picture before it is sent");
    await send("What is this?");
    const [width, source] = await picture("article.user");
    assert.equal(width, 1, "width of the picture in the message");
    assert.ok(source.startsWith(`${server.url}files/`), source);
    assert.match(await page.locator("article.assistant").innerText(), /red\.png is an image, image\/png, 70 bytes, 1×1 pixels\. The model gets it as data:image\/png;base64,/);
    await page.reload();
    await page.locator("article.user img").waitFor();
    assert.equal((await picture("article.user"))[0], 1, "width after a reload");
  });

  test("a text goes into the prompt", async () => {
    await choose({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("remember the milk") });
    await pendingFiles(1);
    await send("");
    assert.match(await page.locator("article.assistant").innerText(), /note\.txt is a text, text\/plain\. The model gets it as it is:\s+remember the milk/);
    assert.equal(await page.locator("article.user").innerText(), "note.txt");
  });

  test("what is no image and what may not be attached is refused", async () => {
    const failed = page.locator(".pending-files .failed");
    const script = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    await choose({ name: "x.svg", mimeType: "image/svg+xml", buffer: script });
    await failed.filter({ hasText: "x.svg" }).getByText("Files of the type image/svg+xml cannot be attached.").waitFor();
    await choose({ name: "x.png", mimeType: "image/png", buffer: script });
    await failed.filter({ hasText: "x.png" }).getByText("The file is not of the type image/png.").waitFor();
    assert.equal(await page.getByRole("button", { name: "Send the message" }).isDisabled(), true, "there is nothing to send");
    await page.getByRole("button", { name: "Remove x.svg" }).click();
    assert.equal(await failed.count(), 1);
  });

  test("a button changes its widget in place", async () => {
    await choose({ name: "red.png", mimeType: "image/png", buffer: png });
    await pendingFiles(1);
    await send("Keep this");
    const items = () => page.locator("#log > *").evaluateAll((nodes) => nodes.map((node) => node.dataset.id));
    const before = await items();
    await page.getByRole("button", { name: "Keep" }).click();
    await page.locator(".widget").getByText("Kept").waitFor();
    assert.equal(await page.getByRole("button", { name: "Keep" }).count(), 0, "buttons that are left");
    assert.deepEqual(await items(), before, "items before and after");
    await page.reload();
    await page.locator(".widget").getByText("Kept").waitFor();
    assert.deepEqual(await items(), before, "items after a reload");
  });
});
