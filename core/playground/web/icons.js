// Icons, drawn for this page on a grid of 24, stroked, not filled.
import { html } from "./vendor.js";
import { text } from "./parts.js";

const circle = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
const paths = {
  agent: "M5 9h14v10H5zM12 9V5M12 3.5v.01M9 13.5v1M15 13.5v1M2.5 13v3M21.5 13v3",
  analytics: "M4 20V4M4 20h16M8 16l3.5-5 3 3L20 7",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  "book-open": "M12 6c-3-2-6-2-9-1v13c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1zM12 6v13",
  bug: "M8 9h8v6a4 4 0 0 1-8 0zM9 6l1.5 3M15 6l-1.5 3M4 12h4M16 12h4M5 18l3-2M19 18l-3-2",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  check: "M5 12.5 10 17 19 7",
  "check-circle": `${circle}M8 12.5l3 2.5 5-6`,
  "chevron-down": "M5 9l7 7 7-7",
  "chevron-left": "M15 5l-7 7 7 7",
  "chevron-right": "M9 5l7 7-7 7",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7",
  clock: `${circle}M12 7v5l3.5 2`,
  close: "M6 6l12 12M18 6L6 18",
  compass: `${circle}M15.5 8.5l-2 5-5 2 2-5z`,
  confetti: "M4 20l4-11 7 7zM14 4v3M19 9l-3 1M18 4l-2 2M20 15h-2",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  cube: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  dot: "M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z",
  "dots-horizontal": "M5 11.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4zM12 11.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4zM19 11.3a.7.7 0 1 0 0 1.4.7.7 0 0 0 0-1.4z",
  "external-link": "M14 4h6v6M20 4l-9 9M11 5H5v14h14v-6",
  globe: `${circle}M3 12h18M12 3c3.5 3 3.5 15 0 18-3.5-3-3.5-15 0-18z`,
  images: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  info: `${circle}M12 11v5M12 8v.01`,
  lab: "M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3M8 15h8",
  lightbulb: "M9 18h6M10 21h4M8.5 15a6 6 0 1 1 7 0l-.5 3h-6z",
  mail: "M3 6h18v13H3zM3 7l9 6 9-6",
  "map-pin": "M12 21c-5-5-7-8-7-11a7 7 0 0 1 14 0c0 3-2 6-7 11zM12 8a2.3 2.3 0 1 0 0 4.6A2.3 2.3 0 0 0 12 8z",
  menu: "M4 7h16M4 12h16M4 17h16",
  monitor: "M3 5h18v12H3zM12 17v4M8 21h8",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  notebook: "M6 3h13v18H6zM6 8H4M6 12H4M6 16H4M10 8h5",
  panel: "M4 5h16v14H4zM14 5v14",
  phone: "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
  play: "M7 4l13 8-13 8z",
  plus: "M12 5v14M5 12h14",
  quote: "M5 6h14M5 18h9M9 12h10M5 11v2",
  reload: "M20 11a8 8 0 1 0-2 6M20 5v6h-6",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20",
  send: "M12 19V5M6 11l6-6 6 6",
  "settings-slider": "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4",
  sparkle: "M12 3c1 6 3 8 9 9-6 1-8 3-9 9-1-6-3-8-9-9 6-1 8-3 9-9z",
  "square-code": "M4 4h16v16H4zM10 9l-3 3 3 3M14 9l3 3-3 3",
  star: "M12 3.5l2.6 5.6 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6L3.4 9.9l6-.8z",
  stop: "M7 7h10v10H7z",
  suitcase: "M3 8h18v11H3zM9 8V5h6v3M3 13h18",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  "thumb-down": "M7 13V4H4v9zM7 12l4 8c2 0 3-1 2.5-3L13 14h6c1 0 2-1 1.5-2.5l-2-6c-.3-1-1-1.5-2-1.5H7",
  "thumb-up": "M7 11v9H4v-9zM7 12l4-8c2 0 3 1 2.5 3L13 10h6c1 0 2 1 1.5 2.5l-2 6c-.3 1-1 1.5-2 1.5H7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  warning: "M12 4 2.5 20h19zM12 10v5M12 17.5v.01",
  wrench: "M14.5 9.5L5 19M20 7.5a5 5 0 0 1-7 4.5M12 9a5 5 0 0 1 5-6l-2.5 3.5 3 3L21 7",
  write: "M4 20l1-4L16 5l3 3L8 19zM13 20h7",
};
// Names of the protocol that a drawing of another name stands for.
const same = {
  "book-closed": "notebook", "book-clock": "notebook", "check-circle-filled": "check-circle", "circle-question": "info",
  desktop: "monitor", "dots-vertical": "dots-horizontal", maps: "map-pin", name: "user", "notebook-pencil": "write",
  "page-blank": "document", profile: "user", "profile-card": "user", "sparkle-double": "sparkle", "square-image": "images",
  "square-text": "document", "star-filled": "star", "write-alt": "write", "write-alt2": "write",
};

// Icon draws one of the protocol's icons, or a dot for those this page has no drawing of.
export function Icon({ name, ...props }) {
  const known = text(name);
  const path = paths[Object.hasOwn(same, known) ? same[known] : known];
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" data-icon=${known} ...${props}>
    <path d=${typeof path === "string" ? path : paths.dot} />
  </svg>`;
}

// IconButton is a button with a drawing alone; label is its name for those who cannot see it.
export function IconButton({ icon, label, children, class: names = "", ...props }) {
  return html`<button type="button" class=${`icon-button ${names}`} aria-label=${label} title=${label} ...${props}><${Icon} name=${icon} />${children}</button>`;
}
