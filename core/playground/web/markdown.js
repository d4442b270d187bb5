// Markdown as it grows. Elements are made one by one out of text: there is no way for markup to come through.
import { html, smd, useLayoutEffect, useRef } from "./vendor.js";
import { safeLink, safePicture } from "./links.js";

const maxDepth = 40;
const tab = "\u{e009}"; // stands in for one in code, which the parser would make spaces of

// renderer puts what the parser finds into an element.
function renderer(root) {
  const made = smd.default_renderer(root);
  const { data } = made;
  const here = () => data.nodes[data.index];
  return {
    ...made,
    add_token(_, type) {
      // Nobody reads what is nested deeper, and browsers choke on it.
      if (data.index >= maxDepth) {
        data.nodes[data.index + 1] = here();
        data.index++;
        return;
      }
      // A heading in an answer is below those of the page.
      smd.default_add_token(data, type >= 3 && type <= 8 ? Math.min(type + 2, 8) : type);
      const node = here();
      switch (type) {
        case smd.IMAGE:
          Object.assign(node, { alt: "", loading: "lazy", referrerPolicy: "no-referrer" });
          break;
        case smd.CODE_FENCE:
        case smd.CODE_FENCE - 1:
          frame(node);
          break;
        case smd.RAW_URL:
          node.dataset.raw = "yes";
          break;
        case smd.TABLE:
          node.parentElement.insertBefore(element("div", { className: "table", tabIndex: 0 }), node).append(node);
          break;
      }
    },
    add_text(_, text) {
      const node = here();
      if (node.localName === "img") node.alt += text;
      else smd.default_add_text(data, text.replaceAll(tab, "\t"));
    },
    end_token() {
      const node = here();
      if (node.dataset?.raw) trim(node);
      smd.default_end_token(data);
    },
    set_attr(_, type, value) {
      const node = here();
      if (type === smd.HREF) {
        if (node.localName !== "a") return;
        const address = safeLink(value);
        if (address !== null) Object.assign(node, { href: address, target: "_blank", rel: "noopener noreferrer nofollow" });
      } else if (type === smd.SRC) {
        if (node.localName !== "img") return;
        const address = safePicture(value);
        if (address !== null) node.src = address;
        else node.replaceWith((data.nodes[data.index] = element("span", { className: "no-picture", textContent: node.alt })));
      } else if (type === smd.LANG) {
        if (node.localName !== "code") return;
        node.closest(".code").querySelector(".language").textContent = value;
        node.closest("pre").dataset.language = value;
      } else {
        smd.default_set_attr(data, type, value);
      }
    },
  };
}

// trim gives back the marks behind an address, which belong to the sentence.
function trim(link) {
  delete link.dataset.raw;
  const address = link.textContent;
  const end = addressEnd(address);
  const marks = address.slice(end);
  if (!marks || (marks.includes(")") && address.includes("("))) return;
  link.textContent = address.slice(0, end);
  link.setAttribute("href", safeLink(link.textContent) ?? "");
  link.after(marks);
}

// underscoresBegin returns where those at the end of a text do.
export function underscoresBegin(text) {
  let begin = text.length;
  while (text[begin - 1] === "_") begin--;
  return begin;
}

// addressEnd returns where an address ends and the marks begin, of which one may close a bracket. It goes
// back by hand: a pattern would begin again at every mark.
export function addressEnd(text) {
  let closed = false;
  for (let end = text.length; end > 0; end--) {
    const mark = text[end - 1];
    if (mark === ")" && !closed) closed = true;
    else if (!".,;:!?'\"".includes(mark)) return end;
  }
  return 0;
}

const element = (name, props) => Object.assign(document.createElement(name), props);

// frame puts a head with the language and a button around a block of code. The button is seen to by the
// page, which listens for all of them: see copied.
function frame(code) {
  const box = element("div", { className: "code" });
  const head = element("div", { className: "code-head" });
  const copy = element("button", { type: "button", className: "quiet", textContent: "Copy" });
  copy.ariaLabel = "Copy the code";
  const pre = code.parentElement;
  pre.tabIndex = 0;
  head.append(element("span", { className: "language" }), copy);
  pre.replaceWith(box);
  box.append(head, pre);
}

// copied returns the code that a click in a message asks for, or null.
export function copied(event) {
  return event.target.closest?.(".code-head button")?.closest(".code").querySelector("code").textContent ?? null;
}

// A Writer draws a text that mostly grows at its end.
export class Writer {
  #parser;
  #written = 0; // how much of the text the parser has
  #text = "";
  #ended = false;

  constructor(root) {
    this.root = root;
  }

  // write shows a text. A live one may go on, so its last signs wait for what they turn out to mean.
  write(text, live) {
    if (!this.#parser || this.#ended || !text.startsWith(this.#text)) {
      if (this.#ended && text === this.#text) return;
      this.root.replaceChildren();
      this.#parser = smd.parser(renderer(this.root));
      this.#written = 0;
      this.#ended = false;
    }
    this.#text = text;
    this.#feed(live);
    if (live) return;
    smd.parser_end(this.#parser);
    this.#ended = true;
  }

  // feed gives the parser what it has not got yet. An underscore inside of a word is one, as in snake_case, and
  // no mark, which the parser does not know: it gets it escaped, except where a backslash would stay one.
  #feed(live) {
    const text = this.#text;
    const inside = /(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])|\t/gu;
    // What comes after the last underscore decides what it is.
    const end = live ? underscoresBegin(text) : text.length;
    inside.lastIndex = this.#written;
    for (let found = inside.exec(text); found && found.index < end; found = inside.exec(text)) {
      this.#write(found.index);
      const [marks] = found;
      smd.parser_write(this.#parser, this.#safe(marks));
      this.#written += marks.length;
    }
    this.#write(end);
  }

  #safe(marks) {
    // In a list a tab may be what makes a line belong to it.
    if (marks === "\t") return this.#parser.len === 1 && this.#parser.tokens[1] === smd.CODE_FENCE ? tab : marks;
    return this.#literal() ? marks : marks.replaceAll("_", "\\_");
  }

  #write(end) {
    if (end > this.#written) smd.parser_write(this.#parser, this.#text.slice(this.#written, end));
    this.#written = Math.max(end, this.#written);
  }

  // literal reports whether the parser is where it takes every letter as it is: in code, or in an address.
  #literal() {
    const { token, pending } = this.#parser;
    return [smd.CODE_FENCE - 1, smd.CODE_FENCE, smd.CODE_FENCE + 1, smd.RAW_URL, smd.EQUATION_BLOCK, smd.EQUATION_INLINE].includes(token)
      || token > 100 || /^[`\]\\]/.test(pending) || pending.startsWith("http");
  }
}

// Markdown is a block of text that may still grow.
export function Markdown({ text, live = false }) {
  const root = useRef();
  const writer = useRef();
  useLayoutEffect(() => {
    writer.current ??= new Writer(root.current);
    writer.current.write(String(text ?? ""), live);
  }, [text, live]);
  return html`<div class="md" ref=${root} />`;
}

// plain is what somebody who hears a text needs of it.
export function plain(text) {
  const root = document.createElement("div");
  new Writer(root).write(text, false);
  for (const head of root.querySelectorAll(".code-head")) head.remove();
  return root.textContent;
}
