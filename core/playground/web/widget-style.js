// The looks of a widget's properties. Each value becomes one property of a style object, so that none can
// reach further than its own element.
import { text } from "./parts.js";

const flexWords = { start: "flex-start", end: "flex-end", between: "space-between", around: "space-around", evenly: "space-evenly" };
const weights = { normal: 400, medium: 500, semibold: 600, bold: 700 };
const radii = { none: 0, "2xs": 2, xs: 4, sm: 6, md: 8, lg: 12, xl: 16, "2xl": 20, "3xl": 24, "4xl": 32, full: 9999, "100%": "100%" };
const hues = { red: 25, orange: 55, yellow: 90, green: 150, blue: 250, purple: 300, pink: 350 };
const tokens = {
  prose: "text", primary: "text", emphasis: "text", secondary: "soft", tertiary: "soft", success: "success", warning: "warning", caution: "warning",
  danger: "danger", info: "info", discovery: "info", default: "line", subtle: "line", strong: "soft",
  surface: "raised", "surface-secondary": "sunken", "surface-tertiary": "sunken", "surface-elevated": "raised", "surface-elevated-secondary": "sunken",
};

// color turns a token, a primitive such as red-100, a pair {light, dark} or a plain colour into CSS.
export function color(value) {
  if (value && typeof value === "object") return `light-dark(${color(value.light)}, ${color(value.dark)})`;
  value = text(value);
  if (Object.hasOwn(tokens, value)) return `var(--${tokens[value]})`;
  const [, hue, step] = /^([a-z]+)(?:-(\d+))?$/.exec(value) || [];
  if (hue === "gray" && step) return `oklch(${1 - step / 1100} 0 0)`;
  if (Object.hasOwn(hues, hue)) return `oklch(${1 - (step ?? 600) / 1300} ${Math.min(0.17, 0.03 + (step ?? 600) / 4000)} ${hues[hue]})`;
  return /^(#[0-9a-f]{3,8}|[a-z]+|(rgb|hsl|oklch|oklab|lab|lch)a?\([\d\s.,%/deg-]*\))$/i.test(value) ? value : "";
}

// space is a distance: numbers count in steps of four pixels.
const space = (value) => (typeof value === "number" ? `${value * 4}px` : size(value));
// size is a length: numbers are pixels. What is no plain length is left out.
const size = (value) => (typeof value === "number" ? `${value}px` : /^[\w.%+\-*/\s()]*$/.test(text(value)) ? text(value) : "");

function edges(style, name, value, one) {
  if (value === undefined) return;
  if (typeof value !== "object") return void (style[name] = one(value));
  const { x, y, top = y, bottom = y, left = x, right = x } = value;
  for (const [edge, each] of Object.entries({ Top: top, Right: right, Bottom: bottom, Left: left })) {
    if (each !== undefined) style[name + edge] = one(each);
  }
}

function border(value) {
  const { size = value, color: tone = "default", style = "solid" } = Object(value);
  return `${Number(size) || 0}px ${/^[a-z]+$/.test(style) ? style : "solid"} ${color(tone) || "var(--line)"}`;
}

// styleOf returns the style of a component.
export function styleOf(node) {
  const style = {};
  const set = (name, value) => value !== undefined && value !== "" && (style[name] = value);
  for (const name of ["height", "width", "minHeight", "minWidth", "maxHeight", "maxWidth"]) if (name in node) set(name, size(node[name]));
  for (const [name, of] of [["size", ["width", "height"]], ["minSize", ["minWidth", "minHeight"]], ["maxSize", ["maxWidth", "maxHeight"]]]) {
    if (typeof node[name] === "number" || /\d/.test(node[name] ?? "") && !/^\dx[sl]$/.test(node[name])) for (const one of of) set(one, size(node[name]));
  }
  if ("gap" in node) set("gap", space(node.gap));
  edges(style, "padding", node.padding, space);
  edges(style, "margin", node.margin, space);
  if (typeof node.border === "object" && !("size" in node.border)) edges(style, "border", node.border, border);
  else if (node.border !== undefined) set("border", border(node.border));
  set("borderRadius", typeof radii[node.radius] === "number" ? `${radii[node.radius]}px` : radii[node.radius]);
  if (node.background) set("background", color(node.background));
  if (node.color && node.type !== "Badge" && node.type !== "Button") set("color", color(node.color));
  set("alignItems", flexWords[node.align] ?? text(node.align));
  set("justifyContent", flexWords[node.justify] ?? text(node.justify));
  set("flexWrap", text(node.wrap));
  set("flex", /^[\d.\s%a-z]+$/.test(node.flex ?? "") ? String(node.flex) : "");
  set("aspectRatio", /^[\d./\s]+$/.test(node.aspectRatio ?? "") ? String(node.aspectRatio) : "");
  set("fontWeight", weights[node.weight]);
  set("textAlign", text(node.textAlign));
  set("objectFit", text(node.fit));
  set("objectPosition", text(node.position));
  if (node.italic) style.fontStyle = "italic";
  if (node.lineThrough) style.textDecoration = "line-through";
  if (node.maxLines > 0) style["-webkit-line-clamp"] = String(node.maxLines);
  if (node.minLines > 0) style.minHeight = `${node.minLines * 1.5}em`;
  if (node.theme) style.colorScheme = node.theme === "dark" ? "dark" : "light";
  return style;
}
