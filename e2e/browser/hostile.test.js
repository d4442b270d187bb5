// A server that means harm. Whatever it can send is tried in every place that shows it: none of it may run, load
// a script, or even try to, which the policy would report.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { assistant, fake, item, thread, user } from "./fake.js";
import { openChat, startBrowser, startQuickstart } from "./harness.js";

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

let server;
let browser;
let chat;

before(async () => {
  [server, browser] = await Promise.all([startQuickstart(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

describe("a hostile server", () => {
  beforeEach(async () => {
    chat = await openChat(browser, server.url);
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

  test("in refusals", async () => {
    let message;
    await chat.page.route(/\/chatkit$/, (route) => route.fulfill({ status: 400, json: { message } }));
    for (message of probes) {
      await chat.page.getByRole("button", { name: "New chat" }).click();
      await chat.send("x");
      await chat.page.getByRole("alert").waitFor();
      assert.equal(await chat.page.getByRole("alert").innerText(), message.replace(/\s+/g, " ").trim());
    }
    await unharmed();
  });
});
