// A server that means harm. Whatever it can send is tried in every place that shows it: none of it may run, load
// a script, or even try to, which the policy would report.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { assistant, done, fake, holding, item, thread, user } from "./fake.js";
import { openChat, sharedQuickstart } from "./harness.js";

const probes = [
  "<img src=x onerror=hit()>",
  "<script>hit()</script>",
  "<svg onload=hit()>",
  "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
  "javascript:hit()",
  " JaVa\tScRiPt:hit()",
  "data:text/html,<script>parent.hit()</script>",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='hit()'/>",
  "\"onmouseover=\"hit()\" autofocus onfocus=\"hit()",
  "vbscript:hit()",
];
const links = (p) => `[a](${p}) [b](<${p}>) ![c](${p}) <${p}> [d]: ${p}\n\n# ${p}\n\n| ${p} |\n|---|\n| ${p} |\n\n\`\`\`${p}\n${p}\n\`\`\`\n\n> ${p}\n\n- [ ] ${p}\n\n${p}`;

const shared = sharedQuickstart();
let chat;

describe("a hostile server", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
    await chat.page.addInitScript(() => {
      window.hits = [];
      window.hit = () => window.hits.push("hit");
      document.addEventListener("securitypolicyviolation", (event) => window.hits.push(`${event.violatedDirective}: ${event.blockedURI}`));
    });
    await chat.page.reload();
  });
  afterEach(() => chat.close());

  // unharmed presses everything that can be pressed, then looks for what ran and for what should not be there.
  async function unharmed() {
    const page = chat.page;
    await page.evaluate(() => {
      for (const fold of document.querySelectorAll("details")) fold.open = true;
    });
    const found = await page.evaluate(() => {
      for (const node of document.querySelectorAll("main *, #sidebar *")) for (const kind of ["mouseover", "focus", "error", "load"]) node.dispatchEvent(new Event(kind));
      const within = (selector) => [...document.querySelectorAll(`:is(main, #sidebar, #toasts) ${selector}`)];
      return {
        elements: within(":is(script, iframe, object, embed, link, meta, base, style)").map((node) => node.outerHTML),
        handlers: within("*").filter((node) => [...node.attributes].some(({ name }) => name.startsWith("on"))).map((node) => node.outerHTML),
        links: within("a[href]").map((a) => a.protocol).filter((protocol) => !["http:", "https:", "mailto:", "tel:"].includes(protocol)),
        pictures: within("img").map((img) => img.getAttribute("src")).filter((src) => src && !/^(https:|data:image\/(png|jpeg|gif|webp)[;,]|blob:|\/|http:\/\/127\.0\.0\.1)/.test(src) && !URL.canParse(src, "http://relative.example")),
        schemes: within("img, a").map((node) => node.getAttribute("src") ?? node.getAttribute("href") ?? "").filter((at) => /^\s*(java\s*script|vbscript|data:(?!image\/(png|jpeg|gif|webp)))/i.test(at)),
        hits: window.hits,
      };
    });
    assert.deepEqual(found, { elements: [], handlers: [], links: [], pictures: [], schemes: [], hits: [] });
    // The browser reports a picture that is not there; nothing else may be reported.
    assert.deepEqual(chat.problems.filter((problem) => !/ERR_|status of|Failed to load resource|^request to https:/.test(problem)), []);
  }

  test("would be found out", async () => {
    const log = chat.page.locator("#log");
    await assert.rejects(log.evaluate((node) => (node.innerHTML = "<b>b</b>")), /TrustedHTML/);
    await assert.rejects(log.evaluate((node) => node.setAttribute("onclick", "hit()")), /TrustedScript/);
    await log.evaluate((node) => node.append(document.createElement("iframe")));
    await assert.rejects(unharmed(), /iframe/);
    await log.evaluate((node) => node.replaceChildren());
    await log.evaluate((node) => node.setAttribute("style", "color: red"));
    await chat.page.waitForFunction(() => window.hits.length > 0);
    await assert.rejects(unharmed(), /style-src/);
  });

  test("in Markdown", async () => {
    await fake(chat.page, { "threads.get_by_id": thread({ items: { data: probes.flatMap((p, i) => [user(p, { id: `u${i}` }), assistant(links(p), [], `a${i}`)]), has_more: false } }) });
    await chat.open("#thr_1");
    await chat.page.locator("article.assistant").nth(probes.length - 1).waitFor();
    await unharmed();
  });

  test("in titles, names, sources, tasks, tools and forms", async () => {
    const p = probes.join(" ");
    const each = (make) => probes.map(make);
    const source = (at, i) => ({ type: "annotation", source: { type: "url", title: at, url: at, description: at, attribution: at }, index: i });
    const data = [
      user(p, { quoted_text: p, attachments: each((at, i) => ({ id: `f${i}`, type: i % 2 ? "image" : "file", name: at, mime_type: at, preview_url: at })), content: [{ type: "input_tag", id: p, text: p, data: {}, group: p, interactive: true }] }),
      assistant(p, each(source)),
      item("workflow", "wf", { workflow: { type: p, expanded: true, summary: { title: p, icon: p }, tasks: each((at) => ({ type: "web_search", status_indicator: at, title: at, title_query: at, queries: [at], content: at, icon: at, sources: [{ type: "url", title: at, url: at }] })) } }),
      ...each((at, i) => item("generated_image", `g${i}`, { image: { id: at, url: at } })),
      ...each((at, i) => item("client_tool_call", `c${i}`, { status: "completed", name: at, call_id: at, arguments: { [at]: at }, output: at })),
      item(p, "odd", { [p]: p }),
      item("structured_input", "si", { status: "pending", inputs: each((at, i) => ({ id: at, question: at, description: at, type: i % 2 ? "freeform" : "multiple_choice", options: [{ value: at }] })) }),
    ];
    await fake(chat.page, {
      "threads.list": { data: each((at, i) => thread({ id: `t${i}`, title: at })), has_more: false },
      "threads.get_by_id": thread({ title: p, status: { type: "locked", reason: p }, items: { data, has_more: false } }),
    });
    await chat.open("#thr_1");
    await chat.page.getByRole("form", { name: "Questions" }).waitFor();
    await unharmed();
  });

  test("in every property of every component", async () => {
    const types = ["Card", "ListView", "ListViewItem", "Basic", "Box", "Row", "Col", "Form", "Text", "Title", "Caption", "Markdown", "Badge", "Button", "Icon", "Image", "Divider",
      "Spacer", "Input", "Textarea", "Select", "Checkbox", "RadioGroup", "DatePicker", "Label", "Table", "Table.Row", "Table.Cell", "Transition", "Chart", "Other"];
    const names = ["value", "label", "src", "alt", "name", "placeholder", "pattern", "color", "background", "size", "variant", "width", "height", "gap", "padding", "border", "flex",
      "aspectRatio", "align", "justify", "wrap", "radius", "fit", "position", "direction", "inputType", "defaultValue", "min", "max", "fieldName", "ariaLabel", "iconStart", "iconEnd",
      "icon", "style", "class", "innerHTML", "onclick", "onClick", "dangerouslySetInnerHTML", "href", "textAlign", "weight", "theme", "id", "key", "ref", "rows", "colSpan", "rowSpan", "xAxis"];
    const props = (at) => ({ ...Object.fromEntries(names.map((name) => [name, at])), options: [{ value: at, label: at, description: at }], status: { text: at, favicon: at, icon: at },
      confirm: { label: at, action: { type: at } }, series: [{ dataKey: at, label: at }], data: [{ [at]: at }], editable: { name: at, placeholder: at } });
    const children = probes.flatMap((at) => types.map((type) => ({ ...props(at), type, children: [{ ...props(at), type: "Text" }] })));
    await fake(chat.page, { "threads.get_by_id": thread({ items: { data: [user("x"), item("widget", "w", { widget: { type: "Card", children }, copy_text: probes[0] })], has_more: false } }) });
    await chat.open("#thr_1");
    await chat.page.locator(".widget").waitFor();
    await unharmed();
  });

  test("in events: errors, notices, progress, effects, a pending tool", async () => {
    const p = probes.join(" ");
    await fake(chat.page, {
      "threads.create": [
        { type: "thread.created", thread: thread({ title: p }) }, { type: "thread.item.done", item: user("x") },
        { type: "progress_update", icon: p, text: p }, ...probes.map((at) => ({ type: "notice", level: at, title: at, message: links(at) })),
        { type: "client_effect", name: p, data: { [p]: p } },
        { type: "thread.item.done", item: item("client_tool_call", "c", { status: "pending", name: p, call_id: "c", arguments: { [p]: p } }) },
      ],
      "threads.add_client_tool_output": [{ type: "error", code: "custom", message: p, allow_retry: true }],
    });
    await chat.open();
    await chat.ask("x");
    await unharmed();
    await chat.page.getByRole("button", { name: "Send reply" }).click();
    await chat.page.getByRole("alert").waitFor();
    await unharmed();
  });

  // shapes are items that no server should send, by what is odd about them, as JSON. Some are too deep to be made of objects.
  const odd = { toString: 1, valueOf: 1 };
  const nested = (n) => `${'{"a":'.repeat(n)}1${"}".repeat(n)}`;
  const shapes = {
    "no content": item("assistant_message", "odd"),
    "content that is no list": item("assistant_message", "odd", { content: odd }),
    "a text that is none": assistant(odd, [], "odd"),
    "a type that is no text": item(odd, "odd"),
    "an id that is no text": item("hologram", odd),
    "a message of nothing": item("user_message", "odd"),
    "a workflow of nothing": item("workflow", "odd"),
    "a source that is nothing": assistant("x", [{ type: "annotation", source: null }], "odd"),
    "a form of nothing": item("structured_input", "odd", { status: "pending" }),
    "a tool without a name": item("client_tool_call", "odd", { status: "completed", name: odd }),
    "an icon that is no text": item("task", "odd", { task: { type: "custom", icon: odd, title: odd } }),
    "no widget": item("widget", "odd"),
    "a widget of an odd type": item("widget", "odd", { widget: { type: odd } }),
    "a component of an odd type": item("widget", "odd", { widget: { type: "Card", size: odd, children: [{ type: odd, key: odd, id: odd }] } }),
    "components of odd properties": item("widget", "odd", { widget: { type: "Card", children: ["Select", "Chart", "Button", "Image", "Text", "Input"].map((type) => ({ type, size: odd, name: odd, value: odd, width: odd, flex: odd })) } }),
    "a widget too deep for objects": `{"id":"odd","type":"widget","widget":${nested(9000)}}`,
    "components too deep": `{"id":"odd","type":"widget","widget":${'{"type":"Box","children":['.repeat(4000)}${"]}".repeat(4000)}}`,
    "an item too deep": `{"id":"odd","type":"hologram","beams":${nested(9000)}}`,
    "arguments too deep": `{"id":"odd","type":"client_tool_call","status":"completed","name":"x","arguments":${nested(9000)}}`,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    test(`one odd item harms no other: ${name}`, async () => {
      const items = [user("before", { id: "u1" }), shape, assistant("after", [], "a1"), user("last", { id: "u2" })].map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
      const body = JSON.stringify(thread({ items: { data: [0], has_more: false } })).replace('"data":[0]', () => `"data":[${items.join()}]`);
      await fake(chat.page, { "threads.create": [done(user("Hello", { id: "u3" })), done(assistant("Still here", [], "a3"))] });
      await chat.page.route(/\/chatkit$/, (route) => (route.request().postDataJSON().type === "threads.get_by_id" ? route.fulfill({ contentType: "application/json", body }) : route.fallback()));
      await chat.open("#thr_1");
      await chat.log.getByText("after").waitFor();
      assert.equal(await chat.log.locator("article").count(), 4);
      assert.equal(await chat.log.getByText("before").isVisible(), true);
      await chat.page.getByRole("button", { name: "New chat" }).click();
      await chat.ask("Hello");
      assert.equal(await chat.lastAnswer().innerText(), "Still here");
      assert.deepEqual(chat.problems, []);
    });
  }

  test("what cannot be shown is a box with what came, and the next version of it is shown", async () => {
    const events = [done(user("x")), done(item("assistant_message", "odd")), done(item("widget", "wid_1", { widget: { type: "Card", children: [{ type: "Chart", series: 1 }, { type: "Text", value: "beside it" }] } }))];
    await fake(chat.page, { ...holding(), "threads.create": [{ type: "thread.created", thread: thread() }, ...events], "threads.add_user_message": [done(user("again", { id: "u2" })), { type: "thread.item.replaced", item: assistant("whole again", [], "odd") }] });
    await chat.open();
    await chat.ask("x");
    const box = chat.log.getByText("This item cannot be shown");
    await box.click();
    assert.match(await chat.log.locator("pre").first().innerText(), /"type": "assistant_message"/);
    assert.equal(await chat.log.getByText("Component Chart").isVisible(), true);
    assert.equal(await chat.log.getByText("beside it").isVisible(), true);
    await chat.ask("again");
    await chat.log.getByText("whole again").waitFor();
    assert.equal(await box.count(), 0);
  });

  test("one odd thread harms no other in the list", async () => {
    await fake(chat.page, { "threads.list": { data: [thread({ id: "t1", title: "One" }), thread({ id: "t2", title: odd }), thread({ id: odd, title: "Three" }), thread({ id: "t4", title: "Four" })], has_more: false }, ...holding(user("x")) });
    await chat.page.reload();
    const list = chat.page.locator("#threads");
    await list.getByRole("link", { name: "Four" }).waitFor();
    assert.equal(await list.getByText("Cannot be shown").count(), 2);
    await list.getByRole("link", { name: "One" }).click();
    await chat.log.getByText("x").waitFor();
    assert.deepEqual(chat.problems, []);
  });

  test("a widget reaches no further than itself", async () => {
    const box = (more) => ({ type: "Box", background: "#ffffff", height: 400, width: "100vw", ...more, children: [{ type: "Text", value: "forged" }] });
    const roots = [
      { type: "Card", children: [box({ margin: { top: -75 } })] },
      box({ margin: { top: -75, bottom: -75, left: -50 } }),
      { type: "Card", children: [box({ margin: "-300px", minWidth: "200vw" })] },
    ];
    await fake(chat.page, holding(...roots.flatMap((widget, i) => [assistant("genuine", [], `a${i}`), item("widget", `w${i}`, { widget })]), assistant("genuine", [], "end")));
    await chat.open("#thr_1");
    await chat.page.locator(".widget").nth(2).waitFor();
    const answers = await chat.log.locator("article.assistant .md").all();
    for (const answer of [...answers, chat.page.getByRole("heading", { level: 1 }), chat.page.getByRole("textbox", { name: "Message" })]) {
      await answer.evaluate((node) => node.scrollIntoView({ block: "center" }));
      const covered = await answer.evaluate((node) => {
        const { x, y, width, height } = node.getBoundingClientRect();
        const top = document.elementFromPoint(x + Math.min(20, width / 2), y + height / 2);
        return node.contains(top) ? null : top.outerHTML;
      });
      assert.equal(covered, null);
    }
  });

  test("a widget chooses among its own classes only", async () => {
    const evil = "x toast latest dropping";
    const types = ["Card", "Text", "Title", "Caption", "Label", "Badge", "Icon", "Button", "Input", "Image"];
    const children = [evil, "card", "row", "flush"].flatMap((at) => types.map((type) => ({ type, size: at, variant: at, style: at, color: at, name: "bolt", value: "x", label: "x", src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" })));
    await fake(chat.page, holding(user("x"), item("widget", "w", { widget: { type: "Card", size: evil, children: [...children, { type: "Title", value: "known", size: "lg" }] } })));
    await chat.open("#thr_1");
    await chat.page.locator(".widget .w-title.w-lg", { hasText: "known" }).waitFor();
    const names = await chat.page.locator(".widget").evaluate((node) => [...new Set([...node.querySelectorAll("*")].flatMap((each) => [...each.classList]))]);
    assert.deepEqual(names.filter((name) => !/^(w-(card|text|title|caption|label|badge|field|image|lg)|button|primary|secondary|icon)$/.test(name)), []);
  });

  test("in refusals", async () => {
    let message;
    await chat.page.route(/\/chatkit$/, (route) => route.fulfill({ status: 400, json: { message } }));
    for (message of probes) {
      await chat.page.getByRole("button", { name: "New chat" }).click();
      await chat.send("x");
      await chat.page.getByRole("alert").waitFor();
      assert.equal((await chat.page.getByRole("alert").innerText()).toLowerCase(), message.replace(/\s+/g, " ").trim().toLowerCase());
    }
    await unharmed();
  });
});
