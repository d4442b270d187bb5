// The support desk as its customers use it: log in, ask, click in a card, send a photo, log out.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { closeUnharmed, openPage, png, startBrowser } from "./harness.js";
import { startSupportDesk } from "./programs.js";

const pictures = process.env.SCREENSHOTS;

let folder;
let desk;
let browser;
let page;
let problems;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

describe("support desk", () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "support-desk-"));
    desk = await startSupportDesk(folder);
    ({ page, problems } = await openPage(browser, desk.url, { viewport: { width: 1100, height: 760 } }));
  });
  afterEach(async () => {
    try {
      await closeUnharmed(page, problems);
    } finally {
      assert.equal(await desk.stop(), 0, `exit code after an interrupt: ${desk.log()}`);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const login = async (name, password = "secret") => {
    await page.getByLabel("Name").fill(name);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Log in" }).click();
  };
  const enter = async (name) => {
    await login(name);
    await page.getByRole("link", { name: "Talk to us" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
  };
  const answered = async () => {
    await page.locator("article.user:not(.local)").last().waitFor();
    await page.locator('#log[aria-busy="false"]').waitFor();
  };
  const ask = async (text) => {
    await page.getByRole("textbox", { name: "Message" }).fill(text);
    await page.keyboard.press("Enter");
    await page.locator("article.user:not(.local)").filter({ hasText: text }).last().waitFor();
    await answered();
  };
  const said = () => page.locator("article.assistant .body").last().innerText();
  const items = () => page.locator("#log > *").evaluateAll((nodes) => nodes.map((node) => node.dataset.id));
  const loaded = (image) => image.evaluate((img) => img.decode().then(() => img.naturalWidth));
  const keep = (name) => pictures && page.screenshot({ path: join(pictures, `support-desk-${name}.png`) });

  test("the right password shows the customer's orders, a wrong one none", async () => {
    await keep("login");
    await login("alice", "guess");
    await page.getByRole("alert").getByText("do not go together").waitFor();
    assert.equal(await page.getByLabel("Name").inputValue(), "alice");
    await login("alice");
    await page.getByRole("heading", { name: "Your orders" }).waitFor();
    assert.deepEqual(await page.locator("[data-order]").evaluateAll((nodes) => nodes.map((node) => node.dataset.order)), ["A-1001", "A-1002", "A-1003"]);
    assert.ok(await loaded(page.locator("[data-order=A-1002] .picture")) > 0);
    const [session] = await page.context().cookies();
    assert.equal(session.httpOnly, true);
    assert.equal(session.sameSite, "Lax");
    await keep("orders");
  });

  test("an order is moved and cancelled, and its card changes in place", async () => {
    await enter("alice");
    await ask("Deliver A-1002 on Friday.");
    assert.match(await said(), /^Done\. Order A-1002 now arrives on Friday, /);
    await ask("Please cancel it.");
    const before = await items();
    const card = page.locator('[data-type="widget"]').last();
    await card.getByText("Cancel this order?").waitFor();
    await keep("card");
    await card.getByRole("button", { name: "Keep the order" }).click();
    await card.getByText("Arrives on Friday").waitFor();
    assert.deepEqual(await items(), before, "items after it was kept");
    await answered();
    await card.getByRole("button", { name: "Cancel order" }).click();
    await card.getByRole("button", { name: "Yes, cancel it" }).click();
    await card.getByText("Cancelled").waitFor();
    await answered();
    assert.equal(await card.getByRole("button").count(), 0, "buttons that are left");
    assert.match(await said(), /^Order A-1002 is cancelled/);
    const afterwards = await items();
    assert.deepEqual(afterwards.slice(0, -1), before, "items after it was cancelled, without the answer");
    await keep("cancelled");

    await page.reload();
    await page.locator('[data-type="widget"]').last().getByText("Cancelled").waitFor();
    assert.deepEqual(await items(), afterwards, "items after a reload");
    assert.match(await page.locator("#threads").innerText(), /Delivery about A-1002/);
    await page.goto(desk.url);
    await page.locator("[data-order=A-1002]").getByText("Cancelled").waitFor();
  });

  test("the chat has the shop's name, which leads back to the orders, and one heading to begin with", async () => {
    await enter("alice");
    assert.equal(await page.title(), "Alder & Oak");
    assert.doesNotMatch(await page.locator("#welcome").innerText(), /\?[^]*\?/, "two questions in a row");
    await keep("begin");
    await page.getByRole("complementary", { name: "Conversations" }).getByRole("link", { name: "Alder & Oak" }).click();
    await page.getByRole("heading", { name: "Your orders" }).waitFor();
  });

  test("a click in the list of orders shows a card", async () => {
    await enter("bob");
    await ask("Show me my orders.");
    assert.equal(await page.getByText("A-1001").count(), 0, "orders of somebody else");
    await page.getByRole("button", { name: /Armchair/ }).click();
    const card = page.locator('[data-type="widget"]').last();
    await card.getByRole("button", { name: "Cancel order" }).waitFor();
    assert.ok(await loaded(card.locator("img")) > 0);
    await keep("list");
  });

  test("a photo of the damage is sent, seen, and kept with the order", async () => {
    await enter("alice");
    await page.locator('input[type="file"]').setInputFiles({ name: "lamp.png", mimeType: "image/png", buffer: png });
    await page.getByRole("list", { name: "Files to send" }).locator('li[aria-busy="false"]').waitFor();
    await ask("A-1001 arrived broken");
    assert.match(await said(), /I have your photo \(image\/png, \d+ bytes\).* A replacement arrives on /);
    assert.equal(await loaded(page.locator("article.user img")), 1, "width of the photo in the message");
    await page.getByText("Replacement ordered").first().waitFor();
    await page.getByText("Damage checked").click();
    await page.getByText("Ordering a replacement").waitFor();
    await keep("photo");
    // Where there is little room, the text of a card keeps its own, whatever stands beside it.
    await page.setViewportSize({ width: 390, height: 760 });
    const widths = await page.locator(".w-row:has(> .w-badge) > .w-col").evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect().width));
    assert.ok(widths.length > 0 && widths.every((width) => width >= 140), `the texts are ${widths} wide`);
    assert.equal(await page.evaluate(() => [...document.querySelectorAll(".w-card")].every((card) => card.scrollWidth <= card.clientWidth + 1)), true, "a card is wider than its frame");
    await keep("narrow");
    await page.goto(desk.url);
    assert.equal(await loaded(page.getByRole("img", { name: "Your photo of the damage" })), 1, "width of the photo with the order");
    await keep("photo-order");
  });

  test("a file that cannot be used is refused with a reason", async () => {
    await enter("alice");
    const script = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    await page.locator('input[type="file"]').setInputFiles({ name: "x.svg", mimeType: "image/svg+xml", buffer: script });
    await page.getByText("Files of the type image/svg+xml cannot be attached.").waitFor();
  });

  test("after a logout nothing is left to see", async () => {
    await enter("alice");
    await ask("Show me my orders.");
    const chat = page.url();
    await page.goto(desk.url);
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    for (let pages = 0; pages < 2; pages++) { // the orders, then the chat
      await page.goBack();
      await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    }
    await page.goto(chat);
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    assert.deepEqual(await page.context().cookies(), []);
    await login("bob");
    await page.goto(chat); // an address of alice's
    await page.getByText("does not exist").waitFor();
  });
});
