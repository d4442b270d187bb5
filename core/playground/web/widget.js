// Widgets: what a tree of components looks like and what its controls send.
import { html, useState } from "./vendor.js";
import { Icon } from "./icons.js";
import { safePicture } from "./links.js";
import { Markdown } from "./markdown.js";
import { Guard, Raw, classes, text } from "./parts.js";
import { color, styleOf } from "./widget-style.js";

// Widget draws a widget. act(action) runs an action and returns when it is over.
export function Widget({ root, act }) {
  return html`<div class="widget"><${Part} node=${root} act=${act} depth=${0} /></div>`;
}

const nameOf = (node) => `Component ${text(node?.type) || "without a type"}`;

// Part draws a component, or shows it as it came if it cannot be drawn.
const Part = (props) => html`<${Guard} value=${props.node} name=${nameOf(props.node)}><${Drawing} ...${props} /><//>`;

function Drawing({ node, act, depth }) {
  const type = text(node?.type);
  if (depth > 60 || !Object.hasOwn(components, type)) return html`<${Raw} name=${nameOf(node)} value=${node} />`;
  const children = [node.children ?? []].flat().map((child, i) =>
    child && typeof child === "object" && html`<${Part} key=${text(child.key) || text(child.id) || i} node=${child} act=${act} depth=${depth + 1} />`);
  return components[type]({ node, act, children, style: styleOf(node) });
}

// known is the class of a size or a variant. A server must not choose among all classes of the page.
const words = "3xs 2xs xs sm md lg xl 2xl 3xl 4xl 5xl full solid soft outline ghost".split(" ");
const known = (value, prefix = "w-") => words.includes(value) && prefix + value;

const components = {
  Card,
  ListView,
  ListViewItem,
  Basic: Container,
  Box: Container,
  Row: Container,
  Col: Container,
  Form: Container,
  Transition: ({ children }) => html`<div class="w-transition">${children}</div>`,
  Text: ({ node, style }) => node.editable ? html`<${Editable} node=${node} style=${style} />` : Line("p", "w-text", node, style),
  Title: ({ node, style }) => Line("p", "w-title", node, style),
  Caption: ({ node, style }) => Line("p", "w-caption", node, style),
  Label: ({ node, style }) => html`<label class=${classes("w-label", known(node.size))} style=${style}
    onClick=${(event) => field(event.currentTarget, node.fieldName)?.focus()}>${text(node.value)}</label>`,
  Markdown: ({ node }) => html`<${Markdown} text=${text(node.value)} live=${Boolean(node.streaming)} />`,
  Badge: ({ node }) => html`<span class=${classes("w-badge", known(node.variant), known(node.size))} data-color=${text(node.color)}>${text(node.label)}</span>`,
  Icon: ({ node, style }) => html`<${Icon} name=${text(node.name)} class=${classes("icon", known(node.size, "w-icon-"))} style=${style} />`,
  Image: ({ node, style }) => {
    const src = safePicture(node.src);
    if (!src) return html`<p class="w-caption">${text(node.alt) || "Picture"}</p>`;
    return html`<img src=${src} alt=${text(node.alt)} class=${classes("w-image", node.frame && "w-frame", node.flush && "w-flush")} style=${style} referrerpolicy="no-referrer" loading="lazy" />`;
  },
  Divider: ({ node }) => html`<hr class=${classes("w-divider", node.flush && "w-flush")} style=${{ borderColor: color(node.color), ...styleOf({ margin: { y: node.spacing } }) }} />`,
  Spacer: ({ node }) => html`<span class="w-spacer" style=${styleOf({ minWidth: node.minSize, minHeight: node.minSize })} />`,
  Button: ({ node, act }) => html`<${Button} node=${node} action=${node.onClickAction} act=${act} submit=${node.submit} />`,
  Input: (props) => Field("input", props, { type: text(props.node.inputType) || "text", pattern: props.node.pattern, defaultValue: text(props.node.defaultValue) }),
  Textarea: (props) => Field("textarea", props, { rows: props.node.rows ?? 3, defaultValue: text(props.node.defaultValue) }),
  DatePicker: (props) => Field("input", props, {
    type: "date", defaultValue: day(props.node.defaultValue), min: day(props.node.min), max: day(props.node.max),
  }),
  Select: (props) => {
    const { options, placeholder, defaultValue, clearable } = props.node;
    return Field("select", props, {}, html`${(placeholder || clearable) && html`<option value="">${text(placeholder) || "None"}</option>`}
      ${options.map((option) => html`<option value=${text(option.value)} disabled=${option.disabled} selected=${option.value === defaultValue} title=${text(option.description)}>${text(option.label)}</option>`)}`);
  },
  Checkbox: (props) => html`<label class="w-choice">${Field("input", props, { type: "checkbox", defaultChecked: Boolean(props.node.defaultChecked), class: "", "aria-label": props.node.label ? undefined : text(props.node.name) })}${text(props.node.label)}</label>`,
  RadioGroup: (props) => {
    const { node } = props;
    return html`<div role="radiogroup" class=${node.direction === "row" ? "w-row" : "w-col"} aria-label=${text(node.ariaLabel) || text(node.name)}>
      ${(node.options ?? []).map((option) => html`<label class="w-choice">${Field("input", props, {
        type: "radio", value: text(option.value), defaultChecked: option.value === node.defaultValue, disabled: node.disabled || option.disabled, class: "", "aria-label": undefined,
      })}${text(option.label)}</label>`)}</div>`;
  },
  Table: ({ children }) => html`<div class="w-table" tabindex="0"><table><tbody>${children}</tbody></table></div>`,
  "Table.Row": ({ node, children }) => html`<tr class=${node.header ? "w-head" : ""}>${children}</tr>`,
  "Table.Cell": ({ node, children, style }) => html`<td colspan=${node.colSpan} rowspan=${node.rowSpan} style=${{ ...style, textAlign: text(node.align), verticalAlign: { start: "top", center: "middle", end: "bottom" }[node.vAlign] }}>${children}</td>`,
  Chart,
};

const day = (value) => text(value).slice(0, 10) || undefined;

const Line = (Tag, name, node, style) =>
  html`<${Tag} class=${classes(name, known(node.size), node.truncate && "w-truncate", node.maxLines > 0 && "w-clamp", node.streaming && "streaming")} style=${style}>${text(node.value)}<//>`;

function Editable({ node, style }) {
  const { name, required, pattern, placeholder, autoFocus } = node.editable;
  const props = { name, required, placeholder, autofocus: autoFocus, defaultValue: text(node.value), "aria-label": placeholder || name, class: "w-field w-editable", style };
  return node.minLines > 1 ? html`<textarea rows=${node.minLines} ...${props} />` : html`<input type="text" pattern=${pattern} ...${props} />`;
}

function Status({ status }) {
  if (!status?.text) return null;
  const favicon = safePicture(status.favicon);
  return html`<p class="w-status">${favicon ? html`<img src=${favicon} alt="" class=${status.frame ? "w-frame" : ""} />` : status.icon && html`<${Icon} name=${status.icon} />`}${status.text}</p>`;
}

function Card({ node, act, children, style }) {
  const Tag = node.asForm ? "form" : "div";
  const { confirm, cancel } = node;
  const submit = (event) => {
    event.preventDefault();
    if (confirm) fire(confirm.action, event.submitter ?? event.currentTarget, act, "container");
  };
  const { padding, background, colorScheme } = style;
  return html`<${Tag} class=${classes("w-card", known(node.size ?? "md"))} style=${{ padding, background, colorScheme }} onSubmit=${node.asForm ? submit : undefined}>
    <${Status} status=${node.status} />
    ${node.collapsed ? html`<details><summary>Details</summary>${children}</details>` : children}
    ${(confirm || cancel) && html`<div class="w-row w-foot">
      ${confirm && html`<${Button} node=${{ label: confirm.label }} action=${confirm.action} act=${act} submit=${node.asForm} wait="container" />`}
      ${cancel && html`<${Button} node=${{ label: cancel.label, style: "secondary" }} action=${cancel.action} act=${act} wait="container" />`}
    </div>`}
  <//>`;
}

function ListView({ node, children, style }) {
  return html`<${Rows} node=${node} rows=${children} style=${style} />`;
}

function Rows({ node, rows, style }) {
  const [all, setAll] = useState(false);
  const limit = all ? Infinity : node.limit === "auto" ? 5 : node.limit ?? Infinity;
  return html`<div class="w-card w-list" style=${{ colorScheme: style.colorScheme }}><${Status} status=${node.status} />
    <ul>${rows.slice(0, limit).map((row) => html`<li key=${row.key}>${row}</li>`)}</ul>
    ${rows.length > limit && html`<button type="button" class="quiet" onClick=${() => setAll(true)}>Show ${rows.length - limit} more</button>`}</div>`;
}

function ListViewItem({ node, act, children, style }) {
  if (!node.onClickAction) return html`<div class="w-row w-item" style=${style}>${children}</div>`;
  return html`<button type="button" class="w-row w-item" style=${style} onClick=${(event) => fire(node.onClickAction, event.currentTarget, act, "self")}>${children}</button>`;
}

function Container({ node, act, children, style }) {
  const row = node.type === "Row" || node.direction === "row";
  const names = row ? "w-row" : "w-col";
  if (node.type !== "Form") return html`<div class=${names} style=${style}>${children}</div>`;
  const submit = (event) => {
    event.preventDefault();
    if (node.onSubmitAction) fire(node.onSubmitAction, event.submitter ?? event.currentTarget, act, "self");
  };
  return html`<form class=${names} style=${style} onSubmit=${submit}>${children}</form>`;
}

function Button({ node, action, act, submit, wait = "self" }) {
  const secondary = node.style === "secondary" || node.variant && node.variant !== "solid";
  // A submit button speaks through its form, which checks the fields first.
  const click = action && !submit ? (event) => fire(action, event.currentTarget, act, wait) : undefined;
  const tone = ["info", "discovery", "success", "caution", "warning", "danger"].includes(node.color) ? node.color : undefined;
  return html`<button type=${submit ? "submit" : "button"} disabled=${node.disabled} data-color=${tone} onClick=${click}
    aria-label=${node.label ? undefined : text(node.iconStart) || "Button"}
    class=${classes("button", secondary ? "secondary" : "primary", known(node.variant), known(node.size), node.block && "w-block", node.uniform && "w-uniform")}>
    ${node.iconStart && html`<${Icon} name=${node.iconStart} />`}${text(node.label)}${node.iconEnd && html`<${Icon} name=${node.iconEnd} />`}</button>`;
}

function Field(tag, { node, act }, props, children) {
  const { name, disabled, required, placeholder, autoFocus, onChangeAction } = node;
  const change = onChangeAction && ((event) => fire(onChangeAction, event.currentTarget, act, "none"));
  return html`<${tag} class=${classes("w-field", node.block && "w-block")} name=${text(name)} disabled=${disabled} required=${required} placeholder=${placeholder && text(placeholder)}
    autofocus=${autoFocus} aria-label=${text(placeholder) || text(name)} onChange=${change} ...${props}>${children}<//>`;
}

// field finds the control that a label is for.
const field = (label, name) => label.closest(".widget").querySelector(`[name="${CSS.escape(name)}"]`);

// A chart is its numbers: everybody can read them, and no library is needed.
function Chart({ node }) {
  const x = text(Object(node.xAxis).dataKey ?? node.xAxis);
  const label = (value) => text(Object(node.xAxis).labels?.[value] ?? value);
  return html`<figure class="w-table" tabindex="0"><table><thead><tr><th>${x}</th>${node.series.map((one) => html`<th>${text(one.label) || text(one.dataKey)}</th>`)}</tr></thead>
    <tbody>${node.data.map((row) => html`<tr><td>${label(row[x])}</td>${node.series.map((one) => html`<td>${text(row[one.dataKey])}</td>`)}</tr>`)}</tbody></table>
    <figcaption class="w-caption">A chart: the playground shows its numbers.</figcaption></figure>`;
}

// fire sends an action with the values of the form it was fired in. What waits for it is locked meanwhile: the
// control, the whole widget, or nothing.
async function fire(action, control, act, auto) {
  const values = {};
  for (const input of control.form?.elements ?? control.elements ?? (control.name ? [control] : [])) {
    if (!input.name || input.type === "radio" && !input.checked) continue;
    setPath(values, input.name.split("."), input.type === "checkbox" ? input.checked : input.value);
  }
  const payload = Object.keys(values).length > 0 ? { ...values, ...action.payload } : action.payload;
  const behaviour = !action.loadingBehavior || action.loadingBehavior === "auto" ? auto : action.loadingBehavior;
  const locked = behaviour === "none" ? null : behaviour === "container" ? control.closest(".widget") : control;
  locked?.setAttribute("aria-busy", "true");
  if (locked) locked.inert = true;
  try {
    await act({ ...action, payload });
  } finally {
    locked?.removeAttribute("aria-busy");
    if (locked) locked.inert = false;
  }
}

// setPath writes a form value; the dots of a field's name make objects inside objects.
function setPath(values, names, value) {
  if (names.includes("__proto__")) return;
  let at = values;
  for (const name of names.slice(0, -1)) {
    if (!Object.hasOwn(at, name) || typeof at[name] !== "object") at[name] = {};
    at = at[name];
  }
  at[names.at(-1)] = value;
}
