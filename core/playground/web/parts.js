// Small parts that the panes share.
import { Component, h } from "./vendor.js";

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

export const classes = (...names) => names.filter(Boolean).join(" ");

// text makes a text of what should be one.
export const text = (value) => (value === null || value === undefined || typeof value === "object" ? "" : String(value));

export const json = (value) => JSON.stringify(value, null, 2) ?? "null";

// bytes says how big a file is.
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}
