// What the inspector says of the quickstart, as its README promises: of the silence, of the bursts, and at first.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart({ pause: "25ms" });
let chat;

describe("the inspector of the quickstart", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url, { viewport: { width: 1400, height: 900 } });
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
  });
  afterEach(() => chat.end());

  const finding = (id) => chat.page.locator(`[data-finding="${id}"]`);

  test("asks for a message before it judges, and explains its figures after", async () => {
    await chat.page.getByText("Send a message to see its stream here").waitFor();
    assert.equal(await chat.page.getByRole("list", { name: "Findings" }).count(), 0);
    assert.equal(await chat.page.getByRole("button", { name: "Inspector", exact: true }).locator("span").isVisible(), true, "the word in the button");
    await chat.ask("Hello there");
    const id = await chat.threadID();
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    assert.match(await chat.page.evaluate(() => location.hash), new RegExp(id));
    await chat.page.getByText("Send a message to see its stream here").waitFor();
    await chat.page.getByRole("list", { name: "Requests" }).getByRole("button", { name: /threads\.get_by_id/ }).click();
    await finding("fine").waitFor();
    const titles = await chat.page.locator(".figures > div").evaluateAll((nodes) => nodes.map((node) => node.title));
    assert.ok(titles.length >= 3 && titles.every((title) => title.length > 15), titles.join("\n"));
  });

  test("says of bursts that the server wrote them so", async () => {
    await chat.ask("Answer in bursts");
    assert.match(await finding("process").innerText(), /The text came in bursts, up to \d+ letters in \d+ events at once, with pauses of up to [3-9]\d\d ms, as the server wrote it/);
  });

  test("says of a silence that the responder had nothing to say", async () => {
    await chat.ask("Stall for a while");
    const text = await finding("silent").innerText();
    assert.match(text, /The server wrote nothing for (8\.\d s|8\d\d\d ms|[89]\.\d s).*the responder/);
    assert.doesNotMatch(text, /dead|heartbeat/i);
  });

  test("few gaps fill the chart", async () => {
    await chat.ask("Use a browser tool");
    const { part } = await chat.page.locator(".chart").evaluate((chart) => {
      const whole = chart.querySelector("svg").getBoundingClientRect().width;
      return { part: chart.querySelector("path:not(.lines)").getBoundingClientRect().width / whole };
    });
    assert.ok(part > 0.3 && part <= 1, `the bars take ${part} of the width`);
  });
});
