// Client tools and forms: what the server asks of the page and of its user.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

describe("client tools", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  afterEach(() => chat.end());

  const drawer = () => chat.page.getByRole("region", { name: "Client tools" });
  const reply = () => drawer().getByLabel("Reply, as JSON");

  test("a call is answered by hand", async () => {
    await chat.ask("Use a tool that I answer by hand");
    assert.match(await drawer().innerText(), /The server waits for pick_seat/);
    assert.match(await drawer().locator("pre").innerText(), /"7F"[\s\S]*"row": 7/);
    await reply().fill("{seat");
    await drawer().getByRole("button", { name: "Send reply" }).click();
    await drawer().getByRole("alert").getByText("This is not JSON.").waitFor();
    await reply().fill('{"seat": "7C"}');
    await drawer().getByRole("button", { name: "Send reply" }).click();
    await chat.log.getByText("You have answered the tool").waitFor();
    await chat.answered();
    assert.deepEqual(JSON.parse(await chat.lastAnswer().locator("code").innerText()), { seat: "7C" });
    assert.equal(await drawer().count(), 0, "open drawers");
    await chat.page.getByText("Used the browser tool pick_seat").click();
    assert.match(await chat.page.locator("[data-type=client_tool_call] pre").last().innerText(), /7C/);
  });

  test("a saved reply answers the next calls by itself, until it is forgotten", async () => {
    await chat.ask("Use a tool that I answer by hand");
    await reply().fill('{"seat": "7F"}');
    await drawer().getByRole("button", { name: "Send and save for next time" }).click();
    await chat.log.getByText("You have answered the tool").waitFor();
    await chat.answered();
    await chat.page.reload();
    await chat.page.locator("article.assistant").first().waitFor();
    await chat.send("Use a tool that I answer by hand");
    await chat.log.getByText("You have answered the tool").nth(1).waitFor();
    await chat.answered();
    await chat.page.getByRole("button", { name: "Client tools" }).click();
    const saved = drawer().getByRole("list", { name: "Saved replies" });
    assert.match(await saved.innerText(), /pick_seat[\s\S]*7F/);
    await saved.getByLabel("by itself").uncheck();
    await drawer().getByRole("button", { name: "Close client tools" }).click();
    await chat.ask("Use a tool that I answer by hand");
    assert.equal(await reply().inputValue(), '{\n  "seat": "7F"\n}', "the saved reply is offered");
    await drawer().getByRole("button", { name: "Forget the reply of pick_seat" }).click();
    assert.equal(await saved.count(), 0);
  });

  test("what was opened without a call closes on Escape, and stays behind in its thread", async () => {
    const open = () => chat.page.getByRole("button", { name: "Client tools", exact: true }).click();
    await open();
    await drawer().getByText("No call waits for a reply.").waitFor();
    await chat.page.keyboard.press("Escape");
    await drawer().waitFor({ state: "detached" });
    await chat.ask("Hello there");
    await open();
    await drawer().waitFor();
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await drawer().waitFor({ state: "detached" });
    // A call that waits is not closed by the way, and not forgotten either.
    await chat.ask("Use a tool that I answer by hand");
    await chat.page.keyboard.press("Escape");
    await reply().waitFor();
  });

  test("a call that was left alone can be answered after a reload", async () => {
    await chat.ask("Use a tool that I answer by hand");
    await chat.page.reload();
    await reply().fill('"7A"');
    await drawer().getByRole("button", { name: "Send reply" }).click();
    await chat.log.getByText("You have answered the tool").waitFor();
    await chat.answered();
  });

  test("a form stands in for the composer, and gives its place back", async () => {
    await chat.ask("Ask me with a form");
    const form = chat.page.getByRole("form", { name: "Questions" });
    assert.equal(await chat.page.locator("#input").count(), 0, "composers beside the form");
    assert.equal(await chat.page.evaluate(() => document.activeElement.closest("form")?.getAttribute("aria-label")), "Questions", "where the focus is");
    await chat.page.reload();
    await form.waitFor();
    await form.getByLabel("Which language do you write most? Something else").fill("Zig");
    await form.getByLabel("Go", { exact: true }).check();
    await form.getByRole("button", { name: "Send answers" }).click();
    await chat.page.locator(".assistant").getByText("I have noted").waitFor();
    await chat.answered();
    assert.deepEqual(await chat.page.locator("dl.card dd").allInnerTexts(), ["Zig", "Skipped"], "own words outrank a tick");
    assert.equal(await chat.page.evaluate(() => document.activeElement.id), "input", "where the focus is afterwards");
  });
});
