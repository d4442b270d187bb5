// What the conversation can hold besides plain words, as the demo shows it and as a test says it.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { assistant, done, fake, holding, item, thread, user } from "./fake.js";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

describe("messages", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url, { permissions: ["clipboard-read", "clipboard-write"] });
  });
  afterEach(() => chat.end());

  const clipboard = () => chat.page.evaluate(() => navigator.clipboard.readText());

  test("thoughts grow, then fold with the time that they took", async () => {
    await chat.at(await shared.slow());
    await chat.watch();
    await chat.ask("Share your thoughts");
    const { titles } = await chat.seen();
    assert.ok(titles.some((title) => /^Thinking…$/.test(title)) && titles.some((title) => /^Thinking… *\d\.\d s$/.test(title)), titles.join());
    const thoughts = chat.page.locator("details.reasoning");
    assert.match(await thoughts.locator("summary").innerText(), /Thought for \d+ s/);
    assert.equal(await thoughts.evaluate((node) => node.open), false);
    await thoughts.locator("summary").click();
    assert.match(await thoughts.innerText(), /What is asked[\s\S]*What to answer[\s\S]*A short answer will do/);
  });

  test("a task that took its time says how much", async () => {
    await chat.at(await shared.slow());
    await chat.ask("Show me a workflow");
    const seconds = await chat.page.locator(".workflow .task .seconds").allTextContents();
    assert.equal(seconds.length, 3);
    for (const one of seconds) assert.match(one, /^\d\.\d s$/);
  });

  test("sources are listed once below the answer, and lead where they may", async () => {
    await chat.ask("Name your sources");
    const list = chat.page.getByRole("list", { name: "Sources" });
    assert.deepEqual(await list.locator("li").allInnerTexts().then((all) => all.map((one) => one.replace(/^\d\s*/, ""))),
      ["The Go Programming Language", "The Go specification", "Effective Go", "Gopher"]);
    assert.deepEqual(await list.getByRole("link").evaluateAll((links) => links.map((a) => [a.href, a.rel.includes("noopener")])),
      [["https://go.dev/", true], ["https://go.dev/ref/spec", true]]);
  });

  test("a picture is painted before the user's eyes", async () => {
    await chat.page.evaluate(() => {
      window.pictures = new Set();
      new MutationObserver(() => {
        for (const img of document.querySelectorAll(".image img")) window.pictures.add(img.src);
      }).observe(document.querySelector("#log"), { childList: true, subtree: true, attributes: true });
    });
    await chat.ask("Paint an image");
    const picture = chat.page.getByRole("img", { name: "Generated picture" });
    assert.equal(await picture.evaluate((img) => img.decode().then(() => img.naturalWidth)), 324);
    assert.equal(await chat.page.evaluate(() => window.pictures.size), 3, "stages that were shown");
    assert.equal(await chat.page.getByRole("progressbar").count(), 0);
    await chat.page.reload();
    await picture.waitFor();
  });

  test("an effect is shown as a toast", async () => {
    await chat.send("Make an effect");
    const toast = chat.page.locator(".toast");
    assert.match(await toast.innerText(), /Effect: confetti\s*\{"pieces":200\}/);
    await chat.answered();
  });

  test("on a phone, long and many effects leave the composer free", async () => {
    await chat.page.setViewportSize({ width: 390, height: 760 });
    const effects = Array.from({ length: 4 }, (_, i) => ({ type: "client_effect", name: `effect_${i}`, data: { text: "long ".repeat(100) } }));
    await fake(chat.page, { "threads.create": [{ type: "thread.created", thread: thread() }, done(user("Hi")), ...effects, done(assistant("Hello"))] });
    await chat.send("Hi");
    await chat.page.locator(".toast").nth(3).waitFor();
    await chat.answered();
    await chat.still();
    const { toasts, composer } = await chat.page.evaluate(() => ({
      toasts: [...document.querySelectorAll(".toast")].map((node) => ({ ...node.getBoundingClientRect().toJSON(), text: node.innerText })),
      composer: document.querySelector("#composer").getBoundingClientRect().toJSON(),
    }));
    for (const { bottom, top, left, right, text } of toasts) {
      assert.ok(top >= 0 && left >= 0 && right <= 390 && bottom <= composer.top, `a toast from ${top} to ${bottom}, the composer begins at ${composer.top}`);
      assert.ok(text.length < 100, text);
    }
  });

  test("a silence and a burst lose nothing", async () => {
    await chat.ask("Stall for a while");
    assert.equal(await chat.lastAnswer().innerText(), "I fall silent now … and here I am again.");
    await chat.ask("Answer in bursts");
    assert.equal((await chat.lastAnswer().innerText()).split(" ").length, 400);
    assert.match(await chat.lastAnswer().innerText(), /word400$/);
  });

  test("code and answers can be copied", async () => {
    await chat.ask("Hello");
    await chat.page.getByRole("button", { name: "Copy the code" }).click();
    await chat.page.locator(".toast", { hasText: "Copied" }).waitFor();
    assert.equal(await clipboard(), 'func respond(ctx context.Context, t *chatkit.Turn) error {\n\treturn t.Text("Hello!")\n}');
    await chat.page.getByRole("button", { name: "Copy", exact: true }).click();
    await chat.page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.startsWith("I am a **built-in demo**")));
  });

  test("tables, lists and pictures of an answer are drawn", async () => {
    const text = "| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n2. two\n\n![dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)";
    await fake(chat.page, holding(user("Draw"), assistant(text)));
    await chat.open("#thr_1");
    await chat.lastAnswer().locator("table").waitFor();
    assert.deepEqual(await chat.lastAnswer().locator("td").allInnerTexts(), ["1", "2"]);
    assert.deepEqual(await chat.lastAnswer().locator("ol > li").allInnerTexts(), ["one", "two"]);
    assert.equal(await chat.lastAnswer().getByRole("img", { name: "dot" }).count(), 1);
  });

  test("every kind of task is shown", async () => {
    const url = { type: "url", title: "Go", url: "https://go.dev/" };
    const tasks = [
      { status_indicator: "complete", type: "web_search", title_query: "Looking for Go", queries: ["go", "golang"], sources: [url] },
      { status_indicator: "none", type: "file", title: "Read a file", sources: [{ type: "file", title: "Notes", filename: "notes.txt" }] },
      { status_indicator: "none", type: "image", title: "Drew a picture" },
      { status_indicator: "none", type: "custom", title: "Something else", icon: "bolt", content: "with **words**" },
    ];
    await fake(chat.page, holding(user("Work"), item("workflow", "wf_1", { workflow: { type: "custom", tasks, expanded: true, summary: { title: "All done" } } }),
      item("task", "task_1", { task: { status_indicator: "none", type: "custom", title: "A lone task" } })));
    await chat.open("#thr_1");
    const workflow = chat.page.locator("details.workflow");
    await workflow.getByText("Looking for Go").waitFor();
    assert.equal(await workflow.evaluate((node) => node.open), true, "the server has asked for it");
    assert.match(await workflow.innerText(), /All done[\s\S]*golang[\s\S]*Go[\s\S]*Notes[\s\S]*Drew a picture[\s\S]*with words/);
    await chat.page.getByText("A lone task").waitFor();
  });

  test("what this page has never heard of is shown as it came", async () => {
    await fake(chat.page, holding(user("New"), item("hologram", "h_1", { beams: 3 })));
    await chat.open("#thr_1");
    await chat.page.getByText("Item of type hologram").click();
    assert.match(await chat.page.locator('[data-type="hologram"] pre').innerText(), /"beams": 3/);
  });

  test("a locked conversation says why and takes nothing, a closed one has no composer", async () => {
    let status = { type: "locked", reason: "An agent is looking into it." };
    const answers = { "threads.get_by_id": () => thread({ status, items: { data: [user("Hi"), assistant("Hello")], has_more: false } }) };
    await fake(chat.page, answers);
    await chat.page.goto(`${shared.server.url}#thr_1`);
    await chat.page.locator("article.assistant").waitFor();
    assert.equal(await chat.page.locator("#input").isDisabled(), true);
    assert.equal(await chat.page.locator("#input").getAttribute("placeholder"), status.reason);
    status = { type: "closed" };
    await chat.page.reload();
    await chat.page.getByText("This conversation is closed.").waitFor();
    assert.equal(await chat.page.locator("#input").count(), 0);
  });

  test("a server may forbid to stop", async () => {
    let end;
    const wait = new Promise((resolve) => (end = resolve));
    await fake(chat.page, {
      "threads.create": async () => {
        await wait;
        return [{ type: "thread.created", thread: thread() }, done(user("Hi")), { type: "stream_options", stream_options: { allow_cancel: false } }, done(assistant("Hello"))];
      },
    });
    await chat.send("Hi");
    await chat.page.getByRole("button", { name: "Stop the answer" }).waitFor();
    end();
    await chat.answered();
    assert.equal(await chat.lastAnswer().innerText(), "Hello");
  });

  test("the title of the thread follows the server, in the list and above", async () => {
    await fake(chat.page, {
      "threads.create": [{ type: "thread.created", thread: thread({ title: undefined }) }, done(user("Hi")), { type: "thread.updated", thread: thread({ title: "A better title" }) }, done(assistant("Hello"))],
    });
    await chat.ask("Hi");
    assert.equal((await chat.threads())[0], "A better title");
    assert.match(await chat.page.getByRole("link", { name: "Official ChatKit.js" }).getAttribute("href"), /^official#thr_1$/);
    assert.equal(await chat.page.locator("#title").innerText(), "A better title");
    assert.equal(await chat.page.title(), "A better title – ChatKit playground");
  });

  test("a server that knows nothing of resuming is good enough", async () => {
    await chat.page.route("**/chatkit?resume.js", (route) => route.fulfill({ status: 405 }));
    await fake(chat.page, { ...holding(user("Hi"), assistant("Hello")), "runs.active": undefined, "threads.add_user_message": [done(user("Again", { id: "msg_2" })), done(assistant("Hello again", [], "msg_3"))] });
    await chat.page.goto(`${shared.server.url}#thr_1`);
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    await chat.ask("Again");
    assert.equal(await chat.lastAnswer().innerText(), "Hello again");
    assert.match(await chat.page.locator(".foot").innerText(), /without GET on \/chatkit, lost answers do not resume/);
  });

  test("what could not be sent comes back as it was", async () => {
    await chat.page.route(/\/chatkit$/, (route) => route.fulfill({ status: 400, json: { message: "Not today." } }));
    await chat.send("Ask @Ada Lovelace");
    await chat.page.getByRole("alert").getByText("Not today.").waitFor();
    assert.equal(await chat.page.getByRole("textbox", { name: "Message" }).inputValue(), "Ask @Ada Lovelace");
    assert.equal((await chat.items()).length, 0);
  });
});
