// How the page makes elements. Text stays text: there is no way to pass markup through here.

// h makes an element. Props that begin with "on" are listeners, null and false are left out.
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Drawn for this page on a grid of 24, stroked, not filled.
const paths = {
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  "book-open": "M12 6c-3-2-6-2-9-1v13c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1zM12 6v13",
  bug: "M8 9h8v6a4 4 0 0 1-8 0zM9 6l1.5 3M15 6l-1.5 3M4 12h4M16 12h4M5 18l3-2M19 18l-3-2",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  check: "M5 12.5 10 17 19 7",
  "check-circle": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.5l3 2.5 5-6",
  "chevron-down": "M5 9l7 7 7-7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  cube: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8v.01",
  lightbulb: "M9 18h6M10 21h4M8.5 15a6 6 0 1 1 7 0l-.5 3h-6z",
  menu: "M4 7h16M4 12h16M4 17h16",
  notebook: "M6 3h13v18H6zM6 8H4M6 12H4M6 16H4M10 8h5",
  plus: "M12 5v14M5 12h14",
  reload: "M20 11a8 8 0 1 0-2 6M20 5v6h-6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
  send: "M12 19V5M6 11l6-6 6 6",
  sparkle: "M12 3c1 6 3 8 9 9-6 1-8 3-9 9-1-6-3-8-9-9 6-1 8-3 9-9z",
  stop: "M7 7h10v10H7z",
  "thumb-up": "M7 11v9H4v-9zM7 12l4-8c2 0 3 1 2.5 3L13 10h6c1 0 2 1 1.5 2.5l-2 6c-.3 1-1 1.5-2 1.5H7",
  "thumb-down": "M7 13V4H4v9zM7 12l4 8c2 0 3-1 2.5-3L13 14h6c1 0 2-1 1.5-2.5l-2-6c-.3-1-1-1.5-2-1.5H7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  warning: "M12 4 2.5 20h19zM12 10v5M12 17.5v.01",
  write: "M4 20l1-4L16 5l3 3L8 19zM13 20h7",
};

// icon draws one of the protocol's icons, or a dot for those this page has no drawing of.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", Object.hasOwn(paths, name) ? paths[name] : "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z");
  svg.append(path);
  return svg;
}

// iconButton is a button with a drawing alone; label is its name for those who cannot see it.
export function iconButton(name, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}
