// Widgets: the components a chat answer needs most, and the JSON of those this page does not draw.
import { h, icon } from "./dom.js";
import { markdown } from "./markdown.js";

// renderWidget draws a widget. act(action) runs an action; its control is locked until that ends.
export function renderWidget(root, act) {
  return h("div", { class: "widget" }, draw(root, act, 0));
}

function draw(node, act, depth) {
  const make = node && depth < 40 && Object.hasOwn(components, node.type) ? components[node.type] : unknown;
  try {
    return make(node, act, (list) => [list || []].flat().map((child) => draw(child, act, depth + 1)));
  } catch {
    return unknown(node); // A property of a shape that nobody expected.
  }
}

function unknown(node) {
  return h("details", { class: "w-unknown" }, h("summary", {}, `Component ${node?.type || "without a type"}`),
    h("pre", { tabindex: "0" }, JSON.stringify(node, null, 2)));
}

const components = {
  Card(node, act, draws) {
    const card = h(node.asForm ? "form" : "div", { class: `w-card w-${node.size || "md"}` });
    if (node.status?.text) card.append(h("p", { class: "w-status" }, node.status.icon && icon(node.status.icon), node.status.text));
    card.append(...draws(node.children));
    const buttons = [
      node.confirm && button({ ...node.confirm, submit: node.asForm }, node.confirm.action, act),
      node.cancel && button({ ...node.cancel, style: "secondary" }, node.cancel.action, act),
    ];
    if (buttons.some(Boolean)) card.append(h("div", { class: "w-row" }, buttons));
    return node.asForm ? submits(card, node.confirm?.action, act) : card;
  },
  ListView: (node, act, draws) => h("ul", { class: "w-card w-list" }, draws(node.children).map((child) => h("li", {}, child))),
  ListViewItem(node, act, draws) {
    if (!node.onClickAction) return h("div", { class: "w-row w-item" }, draws(node.children));
    const onclick = (event) => fire(node.onClickAction, event.currentTarget, act);
    return h("button", { class: "w-row w-item", type: "button", onclick }, draws(node.children));
  },
  Basic: box,
  Box: box,
  Row: box,
  Col: box,
  Transition: box,
  Form: (node, act, draws) => submits(box(node, act, draws), node.onSubmitAction, act),
  Text: (node) => styled(h("p", { class: `w-text w-${node.size || "md"}` }, text(node.value)), node),
  Title: (node) => styled(h("p", { class: `w-title w-${node.size || "md"}` }, text(node.value)), node),
  Caption: (node) => styled(h("p", { class: "w-caption" }, text(node.value)), node),
  Markdown: (node) => markdown(text(node.value)),
  Badge: (node) => h("span", { class: "w-badge", dataset: { color: text(node.color) } }, text(node.label)),
  Icon: (node) => styled(icon(node.name), node),
  Image(node) {
    const usable = /^(https:\/\/|data:image\/(png|jpeg|gif|webp);)/i.test(node.src);
    if (!usable) return h("p", { class: "w-caption" }, text(node.alt) || "Image");
    return h("img", { src: node.src, alt: text(node.alt), referrerpolicy: "no-referrer" });
  },
  Divider: () => h("hr"),
  Spacer: () => h("span", { class: "w-spacer" }),
  Button: (node, act) => button(node, node.onClickAction, act),
  Input: (node, act) => field("input", { type: node.inputType || "text", value: node.defaultValue, pattern: node.pattern }, node, act),
  Select: (node, act) => field("select", {}, node, act,
    node.placeholder && h("option", { value: "" }, node.placeholder),
    node.options.map(({ value, label, disabled }) => h("option", { value, disabled, selected: value === node.defaultValue }, label))),
  Checkbox: (node, act) => h("label", { class: "w-choice" },
    field("input", { type: "checkbox", checked: node.defaultChecked }, node, act), text(node.label)),
};

function text(value) {
  return String(value ?? "");
}

function box(node, act, draws) {
  const row = node.type === "Row" || node.direction === "row";
  return styled(h(node.type === "Form" ? "form" : "div", { class: row ? "w-row" : "w-col" }, draws(node.children)), node);
}

const flexWords = { start: "flex-start", end: "flex-end", between: "space-between", around: "space-around", evenly: "space-evenly" };
const weights = { normal: 400, medium: 500, semibold: 600, bold: 700 };

// styled sets the few properties that matter in a chat, through the style object, which knows no scripts.
function styled(element, node) {
  const measure = (value) => (typeof value === "number" ? `${value * 4}px` : text(value));
  if (node.color) element.dataset.color = node.color;
  Object.assign(element.style, {
    gap: measure(node.gap),
    padding: measure(node.padding),
    alignItems: flexWords[node.align] || text(node.align),
    justifyContent: flexWords[node.justify] || text(node.justify),
    flex: text(node.flex),
    fontWeight: weights[node.weight] || "",
    textAlign: text(node.textAlign),
  });
  return element;
}

function button(node, action, act) {
  const secondary = node.style === "secondary" || (node.variant && node.variant !== "solid");
  return h("button", {
    type: node.submit ? "submit" : "button",
    class: `button ${secondary ? "secondary" : "primary"}${node.block ? " w-block" : ""}`,
    disabled: node.disabled,
    // A submit button speaks through its form, which checks the fields first.
    onclick: action && !node.submit ? (event) => fire(action, event.currentTarget, act) : null,
  }, node.iconStart && icon(node.iconStart), text(node.label), node.iconEnd && icon(node.iconEnd));
}

function field(tag, props, { name, disabled, required, placeholder, onChangeAction }, act, ...children) {
  const label = props.type === "checkbox" ? null : placeholder || name;
  const onchange = onChangeAction ? (event) => fire(onChangeAction, event.currentTarget, act) : null;
  return h(tag, { ...props, name, disabled, required, placeholder, "aria-label": label, onchange }, ...children);
}

function submits(form, action, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (action) fire(action, event.submitter || form, act);
  });
  return form;
}

// fire sends an action with the values of the form it was fired in.
async function fire(action, control, act) {
  const values = {};
  for (const input of control.form?.elements || [control]) {
    if (input.name) setPath(values, input.name.split("."), input.type === "checkbox" ? input.checked : input.value);
  }
  const payload = Object.keys(values).length > 0 ? { ...values, ...action.payload } : action.payload;
  control.inert = true;
  control.setAttribute("aria-busy", "true");
  try {
    await act({ ...action, payload });
  } finally {
    control.inert = false;
    control.removeAttribute("aria-busy");
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
