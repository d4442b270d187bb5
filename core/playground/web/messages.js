// How each kind of thread item looks.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor.js";
import { Icon, IconButton } from "./icons.js";
import { safeLink, safePicture } from "./links.js";
import { Markdown, copied } from "./markdown.js";
import { Guard, Raw, classes, json, memo, text } from "./parts.js";
import { itemText } from "./state.js";
import { Widget } from "./widget.js";

const views = {
  user_message: UserMessage,
  assistant_message: AssistantMessage,
  workflow: Workflow,
  task: ({ item }) => html`<div class="tasks"><${Task} task=${item.task} /></div>`,
  widget: WidgetItem,
  structured_input: Answers,
  client_tool_call: ToolCall,
  generated_image: GeneratedImage,
  end_of_turn: () => null,
};

// Item draws an item again only when it has changed. Kinds that it does not know are shown as they came.
export const Item = memo((props) => {
  const { item, cut } = props;
  const type = text(item.type);
  const View = Object.hasOwn(views, type) ? views[type] : Unknown;
  const names = classes("item", type === "user_message" && "user", type === "assistant_message" && "assistant", item.live && "live", item.local && "local");
  const label = { user_message: "You", assistant_message: "Assistant" }[type];
  return html`<article class=${names} aria-label=${label} aria-busy=${item.live ? "true" : undefined} data-id=${text(item.id)} data-type=${type}><${Guard} value=${item}><${View} ...${props} /><//>${cut && !item.live && html`<p class="label" data-part="cut">Cut short</p>`}</article>`;
});

const Unknown = ({ item }) => html`<${Raw} name=${`Item of type ${text(item.type)}`} value=${item} />`;

function UserMessage({ item }) {
  const files = item.attachments ?? [];
  return html`
    ${files.length > 0 && html`<ul class="files">${files.map((file) => html`<li key=${file.id}><${File} file=${file} /></li>`)}</ul>`}
    ${(item.content.length > 0 || item.quoted_text) && html`<div class="bubble">
      ${item.quoted_text && html`<blockquote>${item.quoted_text}</blockquote>`}
      ${item.content.map((part) => part.type === "input_tag" ? html`<span class="tag">@${text(part.text)}</span>` : text(part.text))}
    </div>`}`;
}

// File shows an attachment: a picture if there is one, its name otherwise.
function File({ file }) {
  const picture = file.type === "image" && safePicture(file.preview_url);
  if (picture) return html`<img src=${picture} alt=${text(file.name)} title=${text(file.name)} referrerpolicy="no-referrer" />`;
  return html`<span class="file"><${Icon} name="document" /><span>${text(file.name)}</span></span>`;
}

function AssistantMessage({ item, on, rating }) {
  const body = useRef();
  const sources = item.content.flatMap((part) => part.annotations ?? []).map((annotation) => annotation.source);
  const quote = () => {
    const marked = getSelection();
    const inside = !marked.isCollapsed && body.current.contains(marked.anchorNode) && body.current.contains(marked.focusNode);
    on.quote((inside ? marked.toString() : itemText(item)).trim());
  };
  const thumb = (icon, label, kind) => html`<${IconButton} icon=${icon} label=${label} aria-pressed=${String(rating === kind)} onClick=${() => on.rate(item, kind)} />`;
  const copyCode = (event) => {
    const code = copied(event);
    if (code !== null) on.copy(code);
  };
  return html`
    <div class="body" ref=${body} onClick=${copyCode}>${item.content.map((part, i) => html`<${Markdown} key=${i} text=${part.text} live=${Boolean(item.live)} />`)}</div>
    <${Sources} sources=${sources} />
    ${!item.live && html`<div class="actions">
      <${IconButton} icon="copy" label="Copy" onClick=${() => on.copy(itemText(item))} />
      <${IconButton} icon="quote" label="Quote" onClick=${quote} />
      ${thumb("thumb-up", "Good answer", "positive")}${thumb("thumb-down", "Bad answer", "negative")}
    </div>`}`;
}

// Sources names every source once, in the order in which they were used.
function Sources({ sources }) {
  const known = new Map();
  for (const source of sources) {
    const key = source.url || source.filename || source.id || source.title;
    if (!known.has(key)) known.set(key, source);
  }
  if (known.size === 0) return null;
  return html`<ol class="sources" aria-label="Sources">${[...known].map(([key, source], i) => {
    const name = text(source.title) || text(key);
    const address = source.type === "url" && safeLink(source.url);
    const inner = html`<span class="number">${i + 1}</span><${Icon} name=${source.icon || { url: "globe", file: "document" }[source.type] || "cube"} /><span>${name}</span>`;
    const title = [source.description, source.attribution, source.timestamp].map(text).filter(Boolean).join(" · ") || undefined;
    return html`<li key=${key} title=${title}>${address ? html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${inner}</a>` : html`<span>${inner}</span>`}</li>`;
  })}</ol>`;
}

// useSeconds counts the seconds of something that runs, as this page has seen them. What it has not seen
// begin has none.
function useSeconds(running) {
  const begin = useRef();
  const [seconds, setSeconds] = useState(null);
  useEffect(() => {
    if (!running) return;
    begin.current ??= performance.now();
    const tick = () => setSeconds((performance.now() - begin.current) / 1000);
    const timer = setInterval(tick, 250);
    return () => (clearInterval(timer), tick());
  }, [running]);
  return seconds;
}

const Seconds = ({ value }) => value !== null && html`<span class="seconds">${value < 10 ? value.toFixed(1) : Math.round(value)} s</span>`;

function Workflow({ item }) {
  const { workflow, live } = item;
  const fold = useRef();
  const was = useRef();
  const seconds = useSeconds(Boolean(live));
  const reasoning = workflow.type === "reasoning";
  const { summary } = workflow;
  const took = summary?.duration ?? null;
  const title = summary?.title || (live ? (reasoning ? "Thinking…" : "Working…") : reasoning ? (took !== null ? `Thought for ${took} s` : "Thoughts") : "Steps");
  // It folds once, when the work is done; after that the user decides.
  useLayoutEffect(() => {
    if (was.current === undefined) fold.current.open = Boolean(live || workflow.expanded);
    else if (was.current && !live) fold.current.open = Boolean(workflow.expanded);
    was.current = Boolean(live);
  }, [live]);
  return html`<details class=${classes("fold workflow", reasoning && "reasoning")} ref=${fold}>
    <summary>${live ? html`<span class="spinner" />` : html`<${Icon} name=${summary?.icon || (reasoning ? "lightbulb" : "check-circle")} />`}
      <span class="fold-title">${title}</span><${Seconds} value=${took === null || live ? seconds : null} /></summary>
    <div class="tasks">${workflow.tasks.map((task, i) => html`<${Task} key=${i} task=${task} live=${live} />`)}</div>
  </details>`;
}

const taskTitles = { web_search: "Searched the web", file: "Read files", image: "Made a picture" };
const taskIcons = { web_search: "globe", file: "document", image: "images", thought: "lightbulb" };

function Task({ task, live }) {
  const status = live || task.status_indicator !== "loading" ? task.status_indicator : "none";
  const seconds = useSeconds(status === "loading");
  const title = text(task.title) || text(task.title_query) || taskTitles[task.type];
  const mark = status === "loading" ? html`<span class="spinner" />`
    : html`<${Icon} name=${status === "complete" ? "check" : (task.type === "custom" && task.icon) || taskIcons[task.type] || "dot"} />`;
  return html`<div class="task" data-status=${status}><span class="mark">${mark}</span><div>
    ${title && html`<p class="task-title">${title} <${Seconds} value=${seconds} /></p>`}
    ${(task.queries ?? []).length > 0 && html`<p class="tags">${task.queries.map((query) => html`<span class="tag"><${Icon} name="search" />${text(query)}</span>`)}</p>`}
    ${task.content && html`<${Markdown} text=${task.content} live=${status === "loading"} />`}
    <${Sources} sources=${task.sources ?? []} />
  </div></div>`;
}

function WidgetItem({ item, on }) {
  return html`<${Widget} root=${item.widget} act=${(action) => on.action(item, action)} />
    ${item.copy_text && !item.live && html`<div class="actions"><${IconButton} icon="copy" label="Copy" onClick=${() => on.copy(item.copy_text)} /></div>`}`;
}

function ToolCall({ item }) {
  const done = item.status === "completed";
  return html`<details class="fold"><summary><${Icon} name="wrench" /><span class="fold-title">${done ? "Used" : "Waits for"} the browser tool <code>${text(item.name)}</code></span></summary>
    <div><p class="label">Arguments</p><pre tabindex="0">${json(item.arguments)}</pre>
    ${done && html`<p class="label">Reply</p><pre tabindex="0">${json(item.output ?? null)}</pre>`}</div></details>`;
}

function GeneratedImage({ item }) {
  const source = safePicture(item.image?.url);
  const part = item.progress ?? 0;
  return html`<figure class="image">
    ${source ? html`<img src=${source} alt="Generated picture" referrerpolicy="no-referrer" class=${item.live ? "unfinished" : ""} />` : html`<div class="canvas"><${Icon} name="images" /></div>`}
    ${item.live && html`<figcaption>Drawing… <progress max="1" value=${part} aria-label="Progress of the picture" /></figcaption>`}
    ${!item.live && !source && html`<figcaption>A picture that cannot be shown</figcaption>`}
  </figure>`;
}

// Answers shows a form in the conversation. It is filled in where the composer is.
function Answers({ item }) {
  if (item.status === "pending") return html`<p class="waits"><${Icon} name="notebook" />${item.inputs.length === 1 ? "A question" : `${item.inputs.length} questions`} for you, below</p>`;
  return html`<dl class="card">${item.inputs.map((input) => {
    const { values = [], skipped = true } = input.answer ?? {};
    return html`<div key=${input.id}><dt>${text(input.question)}</dt><dd>${skipped || values.length === 0 ? "Skipped" : values.join(", ")}</dd></div>`;
  })}</dl>`;
}
