// How each kind of thread item looks. makeItem returns {node, update}; update draws a newer version into
// the same node where that keeps something the user would miss, such as an open fold.
import { h, icon, iconButton } from "./dom.js";
import { MarkdownView, link, markdown } from "./markdown.js";
import { itemText } from "./state.js";
import { renderWidget } from "./widget.js";

const makers = {
  user_message: userMessage,
  assistant_message: assistantMessage,
  workflow: workflowItem,
  task: (item) => fixed(item, h("div", { class: "tasks" }, task(item.task, false))),
  widget: (item, on) => fixed(item, h("div", {}, renderWidget(item.widget, (action) => on.action(item, action)))),
  structured_input: structuredInput,
  client_tool_call: toolCall,
  generated_image: generatedImage,
  end_of_turn: (item) => fixed(item, h("div", { hidden: true })),
};

export function makeItem(item, on) {
  const view = (Object.hasOwn(makers, item.type) ? makers[item.type] : unknownItem)(item, on);
  view.node.dataset.id = item.id;
  view.node.dataset.type = item.type;
  return view;
}

// fixed is an item without anything worth keeping: a newer version gets a new node.
function fixed(item, node) {
  node.classList.add("item");
  return { node, update: null };
}

function unknownItem(item) {
  return fixed(item, fold(`Item of type ${item.type}`, json(item)));
}

function json(value) {
  return h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2) ?? "null");
}

function fold(title, ...content) {
  return h("details", { class: "fold" }, h("summary", {}, title), ...content);
}

function userMessage(item) {
  const bubble = h("div", { class: "bubble" });
  if (item.quoted_text) bubble.append(h("blockquote", {}, item.quoted_text));
  for (const part of item.content) {
    if (part.type === "input_tag") bubble.append(h("span", { class: "tag" }, `@${part.text}`));
    else if (part.text) bubble.append(part.text);
  }
  for (const file of item.attachments || []) bubble.append(h("span", { class: "tag" }, icon("document"), file.name));
  return fixed(item, h("article", { class: item.local ? "user local" : "user", "aria-label": "You" }, bubble));
}

function assistantMessage(item, on) {
  const body = h("div", { class: "body" });
  const sources = h("ol", { class: "sources", "aria-label": "Sources" });
  const actions = h("div", { class: "actions" },
    iconButton("copy", "Copy", (event) => on.copy(itemText(current), event.currentTarget)),
    thumb("thumb-up", "Good answer", "positive"), thumb("thumb-down", "Bad answer", "negative"));
  const node = h("article", { class: "assistant item", "aria-label": "Assistant" }, body, sources, actions);
  const parts = [];
  let current = item;

  function thumb(name, label, kind) {
    return iconButton(name, label, (event) => on.feedback(current, kind, event.currentTarget), { "aria-pressed": "false" });
  }
  function update(next) {
    current = next;
    next.content.forEach((part, i) => {
      if (!parts[i]) {
        parts[i] = new MarkdownView(h("div", { class: "md" }));
        body.append(parts[i].element);
      }
      parts[i].update(part.text);
    });
    for (const part of parts.splice(next.content.length)) part.element.remove();
    sources.replaceChildren(...sourceList(next.content.flatMap((part) => part.annotations || []).map((a) => a.source)));
    sources.hidden = sources.childElementCount === 0;
    actions.hidden = Boolean(next.live);
    node.classList.toggle("live", Boolean(next.live));
    node.setAttribute("aria-busy", String(Boolean(next.live)));
  }
  update(item);
  return { node, update };
}

// sourceList names every source once.
function sourceList(sources) {
  const seen = new Set();
  const list = [];
  for (const source of sources) {
    const key = source.url || source.filename || source.id || source.title;
    if (seen.has(key)) continue;
    seen.add(key);
    list.push(h("li", {}, source.url ? link(source.url, [source.title || source.url]) : source.title || key));
  }
  return list;
}

function workflowItem(item) {
  const summary = h("summary", {});
  const list = h("div", { class: "tasks" });
  const node = h("details", { class: "fold workflow item" }, summary, list);
  node.open = Boolean(item.live || item.workflow.expanded);
  let live = item.live;

  function update(next) {
    const { workflow } = next;
    const title = workflow.summary?.title
      || (workflow.summary?.duration !== undefined && `Thought for ${workflow.summary.duration} s`)
      || (workflow.type === "reasoning" ? (next.live ? "Thinking…" : "Thoughts") : next.live ? "Working…" : "Steps");
    summary.replaceChildren(workflow.summary?.icon ? icon(workflow.summary.icon) : "", title);
    list.replaceChildren(...workflow.tasks.map((t) => task(t, next.live)));
    // It folds once, when the work is done; after that the user decides.
    if (live && !next.live) node.open = Boolean(workflow.expanded);
    live = next.live;
  }
  update(item);
  return { node, update };
}

function task(t, live) {
  const status = live ? t.status_indicator : t.status_indicator === "loading" ? "none" : t.status_indicator;
  const mark = status === "complete" ? icon("check") : t.type === "custom" && t.icon ? icon(t.icon) : status === "loading" ? "" : icon("dot");
  const titles = { web_search: "Searched the web", file: "Read files", image: "Made an image" };
  const content = [];
  if (t.title || titles[t.type]) content.push(h("p", { class: "task-title" }, t.title || t.title_query || titles[t.type]));
  for (const query of t.queries || []) content.push(h("span", { class: "tag" }, icon("search"), query));
  if (t.content) content.push(markdown(t.content));
  if (t.sources?.length) content.push(h("ol", { class: "sources" }, sourceList(t.sources)));
  return h("div", { class: "task", dataset: { status } }, h("span", { class: "mark" }, mark), h("div", {}, content));
}

function toolCall(item, on) {
  const done = item.status === "completed";
  const node = fold(`${done ? "Used" : "Wants to use"} the browser tool ${item.name}`,
    h("p", { class: "label" }, "Arguments"), json(item.arguments));
  if (done) node.append(h("p", { class: "label" }, "Answer"), json(item.output ?? null));
  // After a reload nobody answers the call any more.
  else if (item.stale) node.append(h("button", { type: "button", class: "button secondary", onclick: () => on.answerTool(item) }, "Answer now"));
  node.open = Boolean(item.stale);
  return fixed(item, node);
}

function generatedImage(item) {
  const source = item.image?.url || "";
  const usable = /^(https:\/\/|data:image\/(png|jpeg|gif|webp);|\/(?!\/))/i.test(source);
  return fixed(item, h("figure", { class: "image" },
    usable ? h("img", { src: source, alt: "Generated image", referrerpolicy: "no-referrer" }) : null,
    item.live || !usable ? h("figcaption", {}, usable || item.live ? "Drawing…" : "Image") : null));
}

function structuredInput(item, on) {
  if (item.status !== "pending" || item.live) return fixed(item, answers(item));
  const form = h("form", { class: "card form", "aria-label": "Questions" });
  item.inputs.forEach((input, i) => form.append(question(input, `${item.id}-${i}`)));
  const send = (status) => {
    form.inert = true;
    on.structuredInput(item, { status, answers: status === "answered" ? collect(form, item) : {} });
  };
  form.append(h("div", { class: "w-row" },
    h("button", { type: "submit", class: "button primary" }, "Send answers"),
    h("button", { type: "button", class: "button secondary", onclick: () => send("skipped") }, "Skip")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("answered");
  });
  return fixed(item, form);
}

function question(input, id) {
  if (input.type !== "multiple_choice") {
    return h("div", { class: "question" }, h("label", { for: id }, input.question),
      input.description ? h("p", { class: "label" }, input.description) : null, h("textarea", { id, name: input.id, rows: "2" }));
  }
  const type = input.multiple ? "checkbox" : "radio";
  return h("fieldset", { class: "question" }, h("legend", {}, input.question),
    input.options.map((option) => h("label", { class: "w-choice" }, h("input", { type, name: input.id, value: option.value }), option.value)),
    h("input", { type: "text", name: input.id, "aria-label": `${input.question} Something else`, placeholder: "Something else…" }));
}

function collect(form, item) {
  const answered = {};
  for (const input of item.inputs) {
    const values = [...form.elements]
      .filter((control) => control.name === input.id && (control.checked || !["radio", "checkbox"].includes(control.type)))
      .map((control) => control.value.trim())
      .filter((value) => value !== "");
    // What somebody wrote themselves outranks the one option they had ticked before.
    const kept = input.type === "multiple_choice" && !input.multiple ? values.slice(-1) : values;
    answered[input.id] = { values: kept, skipped: kept.length === 0 };
  }
  return answered;
}

function answers(item) {
  const list = h("dl", { class: "card" });
  for (const input of item.inputs) {
    const { values = [], skipped = true } = input.answer || {};
    list.append(h("dt", {}, input.question), h("dd", {}, skipped || values.length === 0 ? "Skipped" : values.join(", ")));
  }
  return list;
}
