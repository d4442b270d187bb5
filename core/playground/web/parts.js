// Small parts that the panes share.
import { Component, h, html, useEffect, useRef } from "./vendor.js";

// memo makes a component that is drawn again only when one of its properties is another one.
export function memo(view) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const { props } = this;
      for (const name in next) if (next[name] !== props[name]) return true;
      for (const name in props) if (!(name in next)) return true;
      return false;
    }

    render(props) {
      return h(view, props);
    }
  };
}

// Dialog asks something. onClose(value) gets the value of the button that has ended it.
export function Dialog({ id, title, onSubmit, onClose, children }) {
  const dialog = useRef();
  useEffect(() => dialog.current.showModal(), []);
  return html`<dialog ref=${dialog} aria-labelledby=${id} onClose=${() => onClose(dialog.current.returnValue)}>
    <form method="dialog" onSubmit=${onSubmit}><h2 id=${id}>${title}</h2>${children}</form></dialog>`;
}

export const classes = (...names) => names.filter(Boolean).join(" ");

// text makes a text of what should be one.
export const text = (value) => (value === null || value === undefined || typeof value === "object" ? "" : String(value));

// json shows a value as far as anybody reads it. An answer may be too deep for the browser, or endless.
export function json(value) {
  const depths = new Map();
  let room = 50_000; // characters, more or less
  const shown = JSON.stringify(value, function (name, each) {
    room -= name.length + 8;
    if (room < 0) return undefined;
    if (typeof each === "string") {
      if (each.length > room) each = `${each.slice(0, room)}…`;
      room -= each.length;
    }
    if (!each || typeof each !== "object") return each;
    const depth = (depths.get(this) ?? 0) + 1;
    if (depth > 40) return "…";
    if (each.length > 1000 && Array.isArray(each)) each = [...each.slice(0, 1000), "…"];
    depths.set(each, depth);
    return each;
  }, 2) ?? "null";
  return room < 0 ? `${shown}\n…` : shown;
}

// Raw shows something as it came.
export const Raw = ({ name, value }) => html`<details class="fold"><summary>${name}</summary><pre tabindex="0">${json(value)}</pre></details>`;

// Guard keeps a fault in drawing one value, of a shape that nobody expected, from taking the page with it. It
// tries again with the next value. What it holds has to be a component: a fault in its own elements is its parent's.
export class Guard extends Component {
  componentDidCatch(error) {
    console.warn("cannot be shown:", error);
    this.setState({ failed: [this.props.value] });
  }

  render({ value, name = "This item cannot be shown", children }, { failed }) {
    return failed?.[0] === value && failed ? html`<${Raw} name=${name} value=${value} />` : children;
  }
}

// bytes says how big a file is.
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}
