// A small part of Markdown as DOM nodes. Text only ever becomes text nodes, so no markup in it can come
// to life, and links keep http, https and mailto alone.

// MarkdownView keeps an element in step with a growing text. Blocks that did not change keep their
// nodes, so a long answer costs no more per token than a short one, and a selection survives.
export class MarkdownView {
  #blocks = [];

  constructor(element) {
    this.element = element;
  }

  update(text) {
    const blocks = splitBlocks(text);
    let same = 0;
    while (same < blocks.length && blocks[same] === this.#blocks[same]) same++;
    while (this.element.childNodes.length > same) this.element.lastChild.remove();
    for (const block of blocks.slice(same)) this.element.append(renderBlock(block, 0));
    this.#blocks = blocks;
  }
}

// markdown renders a text that will not change.
export function markdown(text, className = "md") {
  const element = document.createElement("div");
  element.className = className;
  new MarkdownView(element).update(text);
  return element;
}

const fence = /^ {0,3}(```+|~~~+) *([\w+#.-]*)/;
const heading = /^ {0,3}(#{1,6})\s+(\S.*)$/;
const rule = /^ {0,3}([-*_])( *\1){2,} *$/;
const quote = /^ {0,3}> ?/;
const bullet = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
const maxDepth = 8;

// splitBlocks cuts a text into the source of its blocks.
function splitBlocks(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const blocks = [];
  let i = 0;
  const take = (goesOn) => {
    const start = i++;
    while (i < lines.length && goesOn(lines[i], i)) i++;
    blocks.push(lines.slice(start, i).join("\n"));
  };
  while (i < lines.length) {
    const line = lines[i];
    if (line.trim() === "") {
      i++;
      continue;
    }
    const open = fence.exec(line);
    if (open) {
      const start = i++;
      while (i < lines.length && !closes(lines[i], open[1])) i++;
      i = Math.min(i + 1, lines.length);
      blocks.push(lines.slice(start, i).join("\n"));
    } else if (heading.test(line) || rule.test(line)) {
      take(() => false);
    } else if (quote.test(line)) {
      take((next) => quote.test(next));
    } else if (bullet.test(line)) {
      take((next, at) => {
        if (next.trim() === "") return bullet.test(lines[at + 1] || "") || /^ {2,}\S/.test(lines[at + 1] || "");
        return bullet.test(next) || /^ {2,}/.test(next) || !startsBlock(next);
      });
    } else {
      take((next) => next.trim() !== "" && !startsBlock(next));
    }
  }
  return blocks;
}

function closes(line, mark) {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === mark[0].repeat(trimmed.length);
}

function startsBlock(line) {
  return fence.test(line) || heading.test(line) || rule.test(line) || quote.test(line) || bullet.test(line);
}

function element(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

// unclosed cuts off the number signs that may close a heading. A pattern for that takes for ever on long ones.
function unclosed(title) {
  const text = title.trimEnd();
  let end = text.length;
  while (text[end - 1] === "#") end--;
  return end === 0 || text[end - 1] === " " ? text.slice(0, end).trimEnd() : text;
}

function renderBlock(source, depth) {
  const open = fence.exec(source);
  if (open) return renderCode(source, open);
  const title = heading.exec(source);
  // The page has its own h1 and h2; an answer starts below them.
  if (title) return element(`h${Math.min(title[1].length + 2, 6)}`, ...inline(unclosed(title[2])));
  if (rule.test(source)) return element("hr");
  if (depth < maxDepth) {
    if (quote.test(source)) {
      const inner = source.split("\n").map((line) => line.replace(quote, "")).join("\n");
      return element("blockquote", ...renderBlocks(inner, depth + 1));
    }
    if (bullet.test(source)) return renderList(source, depth);
  }
  return element("p", ...inline(source));
}

function renderBlocks(source, depth) {
  return splitBlocks(source).map((block) => renderBlock(block, depth));
}

function renderCode(source, open) {
  const lines = source.split("\n").slice(1);
  if (lines.length > 0 && closes(lines.at(-1), open[1])) lines.pop();
  const code = element("code", lines.join("\n"));
  const pre = element("pre", code);
  if (open[2]) pre.dataset.language = open[2];
  pre.tabIndex = 0; // Long lines scroll, so the keyboard has to get there.
  return pre;
}

function renderList(source, depth) {
  const lines = source.split("\n");
  const first = bullet.exec(lines[0]);
  const ordered = /\d/.test(first[2]);
  const list = element(ordered ? "ol" : "ul");
  if (ordered && parseInt(first[2], 10) !== 1) list.start = parseInt(first[2], 10);
  let item = null;
  const close = () => {
    if (!item) return;
    const text = item.join("\n");
    const blocks = splitBlocks(text);
    // A one-paragraph item is written without the paragraph, as people expect of a tight list.
    const nodes = blocks.map((block, i) =>
      i === 0 && !startsBlock(block) ? inline(block) : [renderBlock(block, depth + 1)],
    );
    list.append(element("li", ...nodes.flat()));
  };
  let width = 0;
  for (const line of lines) {
    const mark = bullet.exec(line);
    if (mark && mark[1].length < Math.max(width, 2)) {
      close();
      width = Math.min(mark[0].length, mark[1].length + mark[2].length + 1);
      item = [line.slice(mark[0].length)];
    } else {
      item.push(line.slice(Math.min(width, line.length - line.trimStart().length)));
    }
  }
  close();
  return list;
}

// Each rule looks at one place in the text. The first that fits wins.
const rules = [
  [/\\([!-/:-@[-`{-~])/y, (m) => m[1]],
  [/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y, (m) => element("code", m[2].replace(/\n/g, " ").replace(/^ (.*\S.*) $/, "$1"))],
  [/\*\*(?=\S)([\s\S]*?\S)\*\*(?!\*)/y, (m, depth) => element("strong", ...inline(m[1], depth))],
  [/(?<![\w])__(?=\S)([\s\S]*?\S)__(?!\w)/y, (m, depth) => element("strong", ...inline(m[1], depth))],
  [/\*(?=[^\s*])([\s\S]*?[^\s*])\*(?!\*)/y, (m, depth) => element("em", ...inline(m[1], depth))],
  [/(?<![\w])_(?=[^\s_])([\s\S]*?[^\s_])_(?!\w)/y, (m, depth) => element("em", ...inline(m[1], depth))],
  [/~~(?=\S)([\s\S]*?\S)~~/y, (m, depth) => element("s", ...inline(m[1], depth))],
  [/!?\[([^\]\n]*)\]\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)/y,
    (m, depth) => link(m[2], inline(m[1], depth))],
  [/<((?:https?:\/\/|mailto:)[^\s<>]+)>/y, (m) => link(m[1], [m[1]])],
  [/https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}*_]/y, (m) => link(m[0], [m[0]])],
  [/(?: {2,}|\\)\n/y, () => element("br")],
];

// special is every character at which a rule can begin.
const special = /[\\`*_~![<h ]/g;

function inline(text, depth = 0) {
  const nodes = [];
  let plain = "";
  let at = 0;
  // Very long runs without a break are not prose. Searching them for pairs would cost quadratic time.
  const pairs = depth < maxDepth && text.length < 8000;
  outer: while (at < text.length) {
    special.lastIndex = at;
    const next = pairs ? special.exec(text) : null;
    const stop = next ? next.index : text.length;
    plain += text.slice(at, stop);
    at = stop;
    if (!next) break;
    for (const [pattern, make] of rules) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) continue;
      at += match[0].length;
      const node = make(match, depth + 1);
      if (typeof node === "string") plain += node;
      else {
        if (plain) nodes.push(plain);
        plain = "";
        nodes.push(node);
      }
      continue outer;
    }
    plain += text[at++];
  }
  if (plain) nodes.push(plain);
  return nodes;
}

// safeURL returns an address that may be put into a link, or "".
export function safeURL(address) {
  const clean = String(address).trim();
  return /^(https?:\/\/|mailto:)[^\s\u0000-\u001f]+$/i.test(clean) ? clean : "";
}

// link makes a link if its address is harmless; otherwise only its text is shown.
export function link(address, children) {
  const href = safeURL(address);
  if (!href) return element("span", ...children);
  const anchor = element("a", ...children);
  anchor.href = href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  return anchor;
}
