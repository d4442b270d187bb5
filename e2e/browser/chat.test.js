// The quickstart's demo in a real browser: what a user does first, and what they do wrong.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

describe("chat", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  afterEach(() => chat.end());

  test("an answer arrives word by word and is complete in the end", async () => {
    await chat.at(await shared.slow());
    await chat.watch();
    await chat.ask("Hello, who are you?");
    const { lengths, progress } = await chat.seen();
    assert.deepEqual(progress, ["Looking for something to show…"]);
    assert.equal(await chat.page.locator("[data-part=progress]").count(), 0, "progress lines after the answer");
    const growth = lengths.filter((n) => n > 0);
    assert.ok(growth.length >= 5, `the answer grew in ${growth.length} steps: ${growth}`);
    // A mark that turns out to be one disappears from the text, so a step back of two is no loss.
    assert.ok(growth.every((n, i) => i === 0 || n >= growth[i - 1] - 2), `it got shorter: ${growth}`);
    const answer = await chat.lastAnswer().innerText();
    assert.match(answer, /built-in demo/);
    assert.match(answer, /Hello, who are you\?/);
    assert.match(answer, /start the server with OPENAI_API_KEY\.$/);
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message"]);
    assert.equal(await chat.lastAnswer().locator("pre code").count(), 1);
    assert.equal(await chat.page.locator("#title").innerText(), "Hello, who are you?");
  });

  test("stop ends the answer, keeps the part that was read and frees the composer", async () => {
    await chat.at(await shared.slow());
    await chat.send("Something long, please");
    await chat.until(60);
    await chat.page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.answered();
    const kept = await chat.lastAnswer().innerText();
    assert.ok(kept.length < 1500, `stopped after ${kept.length} characters`);
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    const stored = await chat.lastAnswer().innerText();
    // Words that were on their way when the button was pressed may be stored without having been shown.
    assert.ok(stored.startsWith(kept.slice(0, 60)), `stored: ${stored}\nshown: ${kept}`);
    assert.ok(stored.length < 1500, `stored ${stored.length} characters`);
    await chat.ask("A notice, please");
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message", "user_message", "assistant_message"]);
  });

  test("Escape stops too", async () => {
    await chat.at(await shared.slow());
    await chat.send("Something long, please");
    await chat.until(40);
    await chat.page.keyboard.press("Escape");
    await chat.answered();
    assert.ok((await chat.lastAnswer().innerText()).length < 1500);
    assert.ok(await chat.page.getByRole("textbox", { name: "Message" }).isEnabled());
  });

  test("a message sent too early ends the answer before it, and the order stays right", async () => {
    await chat.at(await shared.slow());
    await chat.send("Something long, please");
    await chat.until(60);
    await chat.send("A notice in between");
    await chat.answered();
    const items = await chat.items();
    assert.deepEqual(items.map((item) => item.type), ["user_message", "assistant_message", "user_message", "assistant_message"]);
    assert.match(items[1].text, /The life of an answer/);
    assert.ok(items[1].text.length < 1500, `the first answer has ${items[1].text.length} characters`);
    assert.match(items[2].text, /A notice in between/);
    assert.match(items[3].text, /The box beside this message/);
    await chat.page.reload();
    await chat.page.locator("article.assistant").nth(1).waitFor();
    const stored = await chat.items();
    assert.deepEqual(stored.map((item) => item.id), items.map((item) => item.id), "ids after a reload");
    assert.ok(stored[1].text.startsWith(items[1].text.slice(0, 60)), stored[1].text);
  });

  test("a reload keeps the list of threads and the history", async () => {
    await chat.ask("Hello one");
    const first = await chat.threadID();
    const shown = await chat.items();
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await chat.ask("Hello two");
    assert.notEqual(await chat.threadID(), first);
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    assert.match(await chat.lastAnswer().innerText(), /Hello two/);
    assert.deepEqual((await chat.threads()).slice(0, 2), ["Hello two", "Hello one"]);
    await chat.page.locator("#threads").getByText("Hello one").click();
    await chat.page.locator("article.assistant").getByText("Hello one").waitFor();
    assert.equal(await chat.threadID(), first);
    assert.deepEqual(await chat.items(), shown);
    await chat.page.goBack();
    await chat.page.locator("article.assistant").getByText("Hello two").waitFor();
  });

  test("the end is followed, whatever changes its size, until somebody scrolls up", async () => {
    await chat.ask("Answer in bursts");
    const scroller = chat.page.locator("#scroller");
    const atEnd = () => chat.page.waitForFunction(() => {
      const { scrollHeight, scrollTop, clientHeight } = document.querySelector("#scroller");
      return scrollHeight - scrollTop - clientHeight < 2;
    });
    // The window shrinks, and what is left of the last scrolling is told before anybody has measured that.
    await scroller.evaluate((node) => {
      node.style.maxHeight = `${node.clientHeight - 150}px`;
      node.dispatchEvent(new Event("scroll"));
    });
    await atEnd();
    const jump = chat.page.getByRole("button", { name: "Jump to the latest message" });
    assert.equal(await jump.count(), 0);
    await scroller.evaluate((node) => node.scrollBy(0, -300));
    await jump.waitFor();
    await scroller.evaluate((node) => { node.style.maxHeight = `${node.clientHeight - 50}px`; });
    await chat.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.ok(await scroller.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight) > 200, "it stays where somebody has scrolled to");
    await jump.click();
    await atEnd();
  });

  test("a long history is read page by page", async () => {
    const id = await seed(25);
    await chat.open(`#${id}`);
    await chat.page.locator("article.assistant").nth(15).waitFor();
    const items = await chat.items();
    assert.ok(items.length < 50, `${items.length} items at once`);
    assert.match(items.at(-2).text, /^notice 25$/, "the newest question");
    await chat.page.getByRole("button", { name: "Show earlier messages" }).click();
    await chat.page.locator("article.user").nth(24).waitFor();
    const all = await chat.items();
    assert.deepEqual(all.filter((item) => item.type === "user_message").map((item) => item.text),
      Array.from({ length: 25 }, (_, i) => `notice ${i + 1}`));
    assert.equal(await chat.page.getByRole("button", { name: "Show earlier messages" }).count(), 0);
  });

  // seed fills a thread through the protocol; the words of 25 answers would take long to watch. An
  // answer that is not waited for leaves its question alone, so every one is stopped after its first words.
  async function seed(turns) {
    let thread = null;
    for (let i = 1; i <= turns; i++) {
      const input = { content: [{ type: "input_text", text: `notice ${i}` }], attachments: [], inference_options: {} };
      const body = thread
        ? { type: "threads.add_user_message", params: { thread_id: thread, input } }
        : { type: "threads.create", params: { input } };
      const response = await fetch(`${shared.server.origin}/chatkit`, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
      });
      assert.equal(response.status, 200);
      let text = "";
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        if (text.includes("text_delta")) break;
      }
      thread ??= /"thread\.created","thread":\{.*?"id":"([^"]+)"/.exec(text)[1];
    }
    return thread;
  }

  test("a thread can be renamed and deleted", async () => {
    await chat.ask("Hello name");
    const id = await chat.threadID();
    const row = chat.page.locator(`#threads li[data-id="${id}"]`);
    await row.getByRole("button", { name: /^Rename/ }).click();
    await chat.page.getByRole("textbox", { name: "New name" }).fill("A better name");
    await chat.page.keyboard.press("Enter");
    await chat.page.locator("#title", { hasText: "A better name" }).waitFor();
    await chat.page.reload();
    await row.getByText("A better name").waitFor();
    await row.getByRole("button", { name: /^Delete/ }).click();
    await chat.page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
    assert.equal(await row.count(), 1, "rows after a change of mind");
    await row.getByRole("button", { name: /^Delete/ }).click();
    await chat.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    assert.equal(await chat.threadID(), "");
    await chat.open(`#${id}`);
    await chat.page.getByText("does not exist any more").waitFor();
  });

  test("a title that comes during a turn, a new name and a deletion are in the list at once", async () => {
    const first = { id: "thr_1", title: "First words", created_at: "2030-05-06T07:08:09Z", status: { type: "active" }, metadata: {}, items: { data: [], has_more: false } };
    await chat.page.route(/\/chatkit$/, async (route) => {
      const { type, params } = route.request().postDataJSON();
      if (type === "threads.update") return route.fulfill({ json: { ...first, title: params.title } });
      if (type === "threads.delete") return route.fulfill({ json: {} });
      return route.continue();
    });
    // A stream that is not over: what comes before its end has to show.
    await chat.page.addInitScript(({ events }) => {
      const real = window.fetch;
      window.fetch = async (url, init) => {
        if (JSON.parse(init?.body ?? "{}").type !== "threads.create") return real(url, init);
        const body = new ReadableStream({
          async start(controller) {
            for (const event of events) controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
            await new Promise((resolve) => (window.over = resolve));
            controller.close();
          },
        });
        return new Response(body, { headers: { "content-type": "text/event-stream" } });
      };
    }, { events: [{ type: "thread.created", thread: { ...first, title: null } }, { type: "thread.updated", thread: first }] });
    await chat.page.reload();
    await chat.page.locator("#welcome").waitFor();
    await chat.send("Hi");
    const row = chat.page.locator('#threads li[data-id="thr_1"]');
    await row.getByText("First words").waitFor();
    await chat.page.locator("#title", { hasText: "First words" }).waitFor();
    assert.equal(await chat.page.locator("#log").getAttribute("aria-busy"), "true", "the turn goes on");
    await row.getByRole("button", { name: /^Rename/ }).click();
    await chat.page.getByRole("textbox", { name: "New name" }).fill("Other words");
    await chat.page.keyboard.press("Enter");
    await row.getByText("Other words").waitFor();
    await chat.page.locator("#title", { hasText: "Other words" }).waitFor();
    await chat.page.evaluate(() => window.over());
    await row.getByRole("button", { name: /^Delete/ }).click();
    await chat.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    assert.equal(await chat.threadID(), "");
  });

  test("what this page saw cut short says so, until it is loaded again", async () => {
    const mark = chat.page.locator("[data-part=cut]");
    await chat.send("Tell me something long");
    await chat.until(60);
    assert.equal(await mark.count(), 0, "marks while it is being written");
    await chat.page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.answered();
    assert.equal(await mark.innerText(), "Cut short");
    await chat.ask("Hello there");
    assert.equal(await mark.count(), 1, "marks after another answer");
    const id = await chat.threadID();
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await chat.page.locator("#welcome").waitFor();
    await chat.page.locator(`#threads li[data-id="${id}"] a`).click();
    await mark.waitFor();
    await chat.page.reload();
    await chat.page.locator("article.assistant").first().waitFor();
    assert.equal(await mark.count(), 0, "the wire does not tell");
  });

  test("an error shows what happened and offers another try", async () => {
    await chat.ask("Fail with an error");
    const alert = chat.page.getByRole("alert");
    assert.match(await alert.innerText(), /failed, on purpose/);
    await alert.getByRole("button", { name: "Try again" }).click();
    await chat.log.getByText("This time it worked.").waitFor();
    await chat.answered();
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message"]);
    await chat.page.reload();
    await chat.log.getByText("This time it worked.").waitFor();
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message"], "what the failed try left behind is gone");
  });

  test("the last turn can be answered again", async () => {
    await chat.ask("Hello once more");
    const before = await chat.items();
    await chat.page.getByRole("button", { name: "Answer again" }).click();
    await chat.page.locator(`#log > [data-id="${before[1].id}"]`).waitFor({ state: "detached" });
    await chat.answered();
    const later = await chat.items();
    assert.equal(later[0].id, before[0].id);
    assert.deepEqual(later.map((item) => item.text), before.map((item) => item.text));
  });

  test("a server that cannot be reached gives the words back", async () => {
    await chat.page.route("**/chatkit", (route) => route.abort());
    await chat.send("Are you there?");
    await chat.page.getByText("cannot be reached").waitFor();
    assert.equal(await chat.page.getByRole("textbox", { name: "Message" }).inputValue(), "Are you there?");
    assert.deepEqual(await chat.types(), []);
    chat.problems.length = 0; // The browser reports the request that this test has broken.
  });

  test("a workflow shows its steps and folds when it is done", async () => {
    await chat.at(await shared.slow());
    await chat.watch();
    await chat.send("Show me a workflow");
    const workflow = chat.page.locator("details.workflow");
    await workflow.waitFor();
    assert.equal(await workflow.evaluate((node) => node.open), true, "open while it runs");
    await chat.answered();
    const { tasks } = await chat.seen();
    for (const states of ["loading", "complete,loading", "complete,complete,loading", "complete,complete,complete"]) {
      assert.ok(tasks.includes(states), `${states} is missing in ${tasks.join(" / ")}`);
    }
    assert.equal(await workflow.evaluate((node) => node.open), false, "open afterwards");
    assert.match(await workflow.locator("summary").innerText(), /Three steps done/);
    await workflow.locator("summary").click();
    assert.equal(await workflow.locator(".task[data-status=complete]").count(), 3);
  });

  test("a tool of the browser answers by itself", async () => {
    await chat.send("Use a tool");
    await chat.log.getByText("Your browser says that it is").waitFor();
    await chat.answered();
    assert.deepEqual(await chat.types(), ["user_message", "assistant_message", "client_tool_call", "assistant_message"]);
    await chat.page.getByText("Used the browser tool get_time").waitFor();
    await chat.page.reload();
    await chat.page.getByText("Used the browser tool get_time").waitFor();
  });

  test("a form asks, takes the answers and shows them", async () => {
    await chat.send("Ask me with a form");
    const form = chat.page.getByRole("form", { name: "Questions" });
    await form.getByLabel("Go", { exact: true }).check();
    await form.getByLabel("What will your chat be about?").fill("gardening");
    await form.getByRole("button", { name: "Send answers" }).click();
    await chat.page.locator(".assistant").getByText("I have noted").waitFor();
    await chat.answered();
    assert.deepEqual(await chat.types(), ["user_message", "structured_input", "assistant_message"]);
    assert.match(await chat.lastAnswer().innerText(), /Go[\s\S]*gardening/);
    await chat.page.reload();
    await chat.page.locator("dl.card").waitFor();
    assert.deepEqual(await chat.page.locator("dl.card dd").allInnerTexts(), ["Go", "gardening"]);
  });

  test("a form can be skipped", async () => {
    await chat.send("Ask me with a form");
    await chat.page.getByRole("form", { name: "Questions" }).getByRole("button", { name: "Skip" }).click();
    await chat.page.locator(".assistant").getByText("You skipped it.").first().waitFor();
    assert.deepEqual(await chat.page.locator("dl.card dd").allInnerTexts(), ["Skipped", "Skipped"]);
  });

  test("a widget is drawn and its button reaches the server", async () => {
    await chat.ask("Draw a widget");
    const widget = chat.page.locator(".widget");
    await widget.getByText("Friday evening").waitFor();
    await widget.getByRole("button", { name: "20:30" }).click();
    await chat.log.getByText("your table is booked for").waitFor();
    await chat.answered();
    assert.match(await widget.innerText(), /Friday, 20:30/);
    assert.equal(await widget.getByRole("button").count(), 0, "buttons after the choice");
    assert.deepEqual(await chat.types(), ["user_message", "widget", "assistant_message", "assistant_message"]);
  });

  test("a notice is shown and not stored", async () => {
    await chat.ask("Give me a notice");
    assert.match(await chat.page.locator(".notice").innerText(), /For your information/);
    await chat.page.reload();
    await chat.page.locator("article.assistant").waitFor();
    assert.equal(await chat.page.locator(".notice").count(), 0);
  });

  test("a thumb is sent with the message's id", async () => {
    await chat.ask("Hello thumbs");
    const [request] = await Promise.all([
      chat.page.waitForRequest((r) => r.method() === "POST" && r.postData().includes("items.feedback")),
      chat.page.getByRole("button", { name: "Good answer" }).click(),
    ]);
    const { params } = request.postDataJSON();
    assert.deepEqual(params, { thread_id: await chat.threadID(), item_ids: [(await chat.items())[1].id], kind: "positive" });
    await chat.page.locator('[aria-label="Good answer"][aria-pressed="true"]').waitFor();
  });

  test("markup in a message stays text, everywhere it is shown", async () => {
    const probes = [
      "<img src=x onerror=window.hit=1>", "<script>window.hit=1</script>", "<svg onload=window.hit=1>",
      "[link](javascript:window.hit=1)", "[data](data:text/html,<script>window.hit=1</script>)",
      "![picture](javascript:window.hit=1)", "<javascript:window.hit=1>", "`<iframe srcdoc='<script>parent.hit=1</script>'>`",
      "[a](https://a.example/\"onmouseover=\"window.hit=1)", "[x](  JaVaScRiPt:window.hit=1  )", "**<b onclick=window.hit=1>b</b>**",
    ];
    await chat.ask(probes.join("\n"));
    const found = await chat.page.evaluate(() => ({
      hit: window.hit,
      elements: document.querySelectorAll("#log :is(script, iframe, img, svg:not(.icon), b, [onclick], [onerror], [onload], [onmouseover])").length,
      links: [...document.querySelectorAll("#log a[href], #threads a")].map((a) => a.protocol),
    }));
    const answer = await chat.lastAnswer().innerText();
    assert.match(answer, /<img src=[\s\S]*<script>window\.hit=1<\/script>[\s\S]*link/, "the demo has repeated the message");
    assert.equal(found.hit, undefined);
    assert.equal(found.elements, 0);
    assert.ok(found.links.every((protocol) => ["http:", "https:", "mailto:"].includes(protocol)), found.links.join());
    assert.match((await chat.threads())[0], /^<img src=x/);
    const links = chat.page.locator("article.assistant a[href]");
    for (const link of await links.all()) assert.match(await link.getAttribute("rel"), /noopener/);
  });

  test("several threads answer at the same time", async () => {
    await chat.at(await shared.slow());
    await chat.send("Something long for one");
    await chat.until(30);
    const one = await chat.threadID();
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await chat.ask("A notice beside it");
    await chat.page.locator(`#threads li[data-id="${one}"] a`).click();
    assert.equal(await chat.page.locator("#log").getAttribute("aria-busy"), "true", "the first one still runs");
    await chat.until(200);
    await chat.page.keyboard.press("Escape");
    await chat.answered();
  });

  test("the page can be used without a mouse and says what it does", async () => {
    assert.equal(await chat.page.evaluate(() => document.activeElement.id), "input", "focus after loading");
    const nameless = await chat.page.locator("button, input, textarea, a").evaluateAll((nodes) =>
      nodes.filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim())).map((node) => node.outerHTML));
    assert.deepEqual(nameless, []);
    await chat.ask("Hello ears");
    assert.match(await chat.page.locator("#announcer").innerText(), /built-in demo/);
    assert.equal(await chat.page.locator("#log").getAttribute("role"), "log");
    assert.equal(await chat.page.evaluate(() => document.activeElement.id), "input", "focus after an answer");
  });
});
