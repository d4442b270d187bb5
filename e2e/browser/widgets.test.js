// Widgets: every component, what its controls send, and what is locked meanwhile.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { assistant, done, fake, holding, item, user } from "./fake.js";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

describe("widgets", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  afterEach(() => chat.end());

  // show opens a thread that holds a widget, and returns what was requested since.
  async function show(widget, answers = {}) {
    const requests = await fake(chat.page, { ...holding(user("Draw"), item("widget", "wid_1", { widget })), ...answers });
    await chat.open("#thr_1");
    await chat.page.locator(".widget").waitFor();
    requests.length = 0;
    return requests;
  }
  const card = (...children) => ({ type: "Card", children });
  const widget = () => chat.page.locator(".widget");
  const text = (value) => ({ type: "Text", value });

  test("the gallery: a text grows, a form is checked and sent, a row is picked, a box is ticked", async () => {
    await chat.ask("Open the gallery");
    const [words, form, list] = [widget().nth(0), widget().nth(1), widget().nth(2)];
    await words.getByText("This text grows inside of its widget, word by word.").waitFor();
    assert.deepEqual(await words.locator("td").allInnerTexts(), ["City", "°C", "Oslo", "14", "Rome", "27"]);
    await form.getByRole("button", { name: "Save" }).click();
    assert.equal(await form.getByLabel("Your name").evaluate((node) => node.validity.valueMissing), true, "the form needs a name");
    await form.getByLabel("Your name").fill("Ada");
    await form.getByLabel("Outside").check();
    await form.getByRole("combobox").selectOption("Fish");
    await form.getByRole("button", { name: "Save" }).click();
    await chat.log.getByText("The server has got the action gallery.save").waitFor();
    await chat.answered();
    assert.deepEqual(JSON.parse(await chat.lastAnswer().locator("code").last().innerText()),
      { guest: { name: "Ada", meal: "fish", day: "2030-05-06", seat: "out", wishes: "", news: true } });
    await form.getByRole("button", { name: "Tell the page" }).click();
    await chat.page.locator(".toast", { hasText: "Action for the page: gallery.skip" }).waitFor();
    await list.getByRole("button", { name: "Rome" }).click();
    await chat.log.getByText("The server has got the action gallery.pick").waitFor();
    await chat.answered();
    await list.getByLabel("Answer without a turn").click(); // the answer takes the box away
    await list.getByText("Ticked, as the server says").waitFor();
    await chat.page.reload();
    await chat.page.locator(".widget").nth(2).waitFor();
    assert.match(await words.innerText(), /word by word/);
  });

  test("every component is drawn", async () => {
    const leaf = (name) => [text(name)];
    await show(card(
      { type: "Title", value: "a title", size: "lg" }, { type: "Caption", value: "a caption" }, { type: "Label", value: "a label", fieldName: "in" },
      { type: "Markdown", value: "a **bold** word" }, { type: "Badge", label: "a badge", color: "success" }, { type: "Icon", name: "bolt" },
      { type: "Image", src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=", alt: "a picture" }, { type: "Divider" },
      { type: "Box", children: leaf("in a box") }, { type: "Row", children: [text("in a row"), { type: "Spacer" }] }, { type: "Col", children: leaf("in a column") },
      { type: "Transition", children: text("in a transition") }, { type: "Basic", children: leaf("in a basic") },
      { type: "Form", children: [
        { type: "Input", name: "in" }, { type: "Textarea", name: "area" }, { type: "Checkbox", name: "box", label: "a box" },
        { type: "Select", name: "select", options: [{ value: "1", label: "one" }] }, { type: "DatePicker", name: "date", defaultValue: "2030-05-06T00:00:00Z" },
        { type: "RadioGroup", name: "radio", options: [{ value: "1", label: "a radio" }] }, { type: "Button", label: "a button", submit: true },
        { type: "Text", value: "edit me", editable: { name: "edit" } },
      ] },
      { type: "Table", children: [{ type: "Table.Row", header: true, children: [{ type: "Table.Cell", colSpan: 2, children: leaf("a cell") }] }] },
      { type: "ListView", children: [{ type: "ListViewItem", children: leaf("in a list") }] },
      { type: "Chart", xAxis: "day", series: [{ type: "bar", label: "Sold", dataKey: "n" }], data: [{ day: "Mon", n: 3 }] },
      { type: "Hologram", beams: 3 },
    ));
    for (const words of ["a title", "a caption", "a label", "a bold word", "a badge", "in a box", "in a row", "in a column", "in a transition", "in a basic",
      "a box", "a radio", "a button", "a cell", "in a list", "Mon", "the playground shows its numbers", "Component Hologram"]) {
      assert.equal(await widget().getByText(words).first().isVisible(), true, words);
    }
    assert.equal(await widget().getByRole("img", { name: "a picture" }).count(), 1);
    assert.equal(await widget().locator('svg[data-icon="bolt"]').count(), 1);
    assert.equal(await widget().locator('input[type="date"]').inputValue(), "2030-05-06");
    assert.equal(await widget().locator('[name="edit"]').inputValue(), "edit me");
    await widget().getByText("a label").click();
    assert.equal(await chat.page.evaluate(() => document.activeElement.name), "in", "a label leads to its field");
  });

  test("sizes, colours and distances become styles of their own element", async () => {
    await show(card(
      { type: "Box", id: "b", padding: 2, margin: { x: 1 }, radius: "lg", background: "red-100", border: { size: 2, style: "dashed" }, width: 200, children: [text("x")] },
      { type: "Text", value: "coloured", color: { light: "#123456", dark: "#abcdef" }, weight: "bold", textAlign: "center", maxLines: 2 },
      { type: "Text", value: "no way", color: "url(https://evil.example/)", width: "expression(alert(1))" },
    ));
    const style = (selector, ...names) => widget().locator(selector).first().evaluate((node, list) => list.map((name) => getComputedStyle(node)[name]), names);
    assert.deepEqual(await style(".w-card > .w-col", "paddingTop", "marginLeft", "borderTopLeftRadius", "borderTopStyle", "width"), ["8px", "4px", "12px", "dashed", "200px"]);
    assert.deepEqual(await style(".w-text.w-clamp", "color", "fontWeight", "textAlign"), ["rgb(18, 52, 86)", "700", "center"]);
    assert.equal(await widget().getByText("no way").evaluate((node) => node.getAttribute("style") || ""), "");
  });

  test("an action locks its control, its widget, or nothing, until it is over", async () => {
    let release;
    const waits = { "threads.custom_action": () => new Promise((resolve) => (release = () => resolve([done(assistant("Done"))]))) };
    const button = (label, loadingBehavior) => ({ type: "Button", label, onClickAction: { type: label, loadingBehavior } });
    const requests = await show({ ...card(button("plain"), button("whole", "container"), button("free", "none")), confirm: { label: "confirm", action: { type: "confirm" } } }, waits);
    const locked = () => chat.page.evaluate(() => [...document.querySelectorAll("[aria-busy=true]:not(#log)")].filter((node) => node.inert).map((node) => node.className.includes("widget") ? "widget" : node.textContent));
    for (const [label, want] of [["plain", ["plain"]], ["whole", ["widget"]], ["free", []], ["confirm", ["widget"]]]) {
      await widget().getByRole("button", { name: label }).click();
      await chat.page.locator('#log[aria-busy="true"]').waitFor();
      assert.deepEqual(await locked(), want, label);
      release();
      await chat.answered();
      assert.deepEqual(await locked(), [], `${label}, afterwards`);
    }
    assert.deepEqual(requests.map((request) => request.params.action), ["plain", "whole", "free", "confirm"].map((type) => ({ type, payload: null })));
    assert.equal(requests[0].params.item_id, "wid_1");
  });

  test("a change of a field tells the server, with its value and without a turn if it says so", async () => {
    const requests = await show(card(
      { type: "Select", name: "meal", options: [{ value: "soup", label: "Soup" }, { value: "fish", label: "Fish" }], onChangeAction: { type: "chosen", streaming: false, payload: { table: 7 } } },
    ), { "threads.sync_custom_action": { updated_item: item("widget", "wid_1", { widget: card(text("You get fish.")) }) } });
    await widget().getByRole("combobox").selectOption("fish");
    await widget().getByText("You get fish.").waitFor();
    assert.deepEqual(requests, [{ type: "threads.sync_custom_action", params: { thread_id: "thr_1", item_id: "wid_1", action: { type: "chosen", payload: { meal: "fish", table: 7 } } } }]);
  });

  test("updates change a text, a component and the whole", async () => {
    const added = item("widget", "wid_1", { widget: card({ type: "Text", id: "t", value: "a", streaming: true }, { type: "Badge", id: "b", label: "one" }) });
    const update = (change) => ({ type: "thread.item.updated", item_id: "wid_1", update: change });
    const events = [done(user("Draw")), { type: "thread.item.added", item: added },
      update({ type: "widget.streaming_text.value_delta", component_id: "t", delta: "bc", done: true }),
      update({ type: "widget.component.updated", component_id: "b", component: { type: "Badge", id: "b", label: "two" } })];
    await fake(chat.page, { "threads.create": events });
    await chat.ask("Draw");
    assert.deepEqual(await widget().locator(".w-text, .w-badge").allInnerTexts(), ["abc", "two"]);
  });

  test("a long list shows its first rows, a collapsed card its head", async () => {
    const rows = Array.from({ length: 8 }, (_, i) => ({ type: "ListViewItem", children: [text(`row ${i}`)] }));
    await show({ type: "ListView", limit: 3, children: rows, status: { text: "Results", icon: "search" } });
    assert.equal(await widget().locator("li").count(), 3);
    await widget().getByText("Results").waitFor();
    await widget().getByRole("button", { name: "Show 5 more" }).click();
    assert.equal(await widget().locator("li").count(), 8);
  });

  test("a widget of a shape that nobody expected does no harm", async () => {
    for (const odd of [null, 7, "x", [], {}, { type: "Card" }, { type: "Card", children: "x" }, card(null, 7, { type: 7 }, { type: "Select", name: {} }, { type: "Chart" },
      { type: "Table", children: {} }, { type: "Text", value: { a: 1 } }, { type: "constructor" }, { type: "__proto__" }, { type: "Badge", label: null }, { type: "RadioGroup", options: null })]) {
      await show(odd);
      assert.equal(await chat.page.locator("article.user").count(), 1, JSON.stringify(odd));
      await chat.page.unrouteAll();
    }
  });

  test("a copy text goes to the clipboard", async () => {
    await chat.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await chat.ask("Draw a widget");
    await chat.page.locator("[data-type=widget]").getByRole("button", { name: "Copy" }).click();
    await chat.page.locator(".toast", { hasText: "Copied" }).waitFor();
    assert.equal(await chat.page.evaluate(() => navigator.clipboard.readText()), "A table for two, Friday evening");
  });
});
