// The page around the conversation. Rendering touches only what differs from the state.
import { h, icon, iconButton } from "./dom.js";
import { makeItem } from "./items.js";
import { markdown } from "./markdown.js";
import { lastUserMessage } from "./state.js";

const $ = (id) => document.getElementById(id);

export class View {
  #on;
  #items = new Map(); // item id -> {item, node, update}
  #shown = null; // the session on the page
  #tail = {};
  #follow = true;

  constructor(on) {
    this.#on = on;
    for (const place of document.querySelectorAll("[data-icon]")) place.prepend(icon(place.dataset.icon));
    $("new-chat").addEventListener("click", () => on.open(null));
    $("earlier").addEventListener("click", on.earlier);
    $("more-threads").addEventListener("click", on.moreThreads);
    $("menu").addEventListener("click", () => this.#sidebar(!document.body.classList.contains("menu-open")));
    $("shade").addEventListener("click", () => this.#sidebar(false));
    $("stop").addEventListener("click", on.stop);
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = $("input").value.trim();
      if (text) on.send(text);
    });
    $("input").addEventListener("input", () => this.#composer());
    $("input").addEventListener("keydown", (event) => {
      // Enter inside an input method only picks a word.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      $("composer").requestSubmit();
    });
    for (const chip of document.querySelectorAll("[data-send]")) chip.addEventListener("click", () => on.send(chip.dataset.send));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      this.#sidebar(false);
      on.stop();
    });
    const scroller = $("scroller");
    scroller.addEventListener("scroll", () => {
      this.#follow = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
      $("latest").hidden = this.#follow;
    });
    $("latest").addEventListener("click", () => this.toLatest());
    new ResizeObserver(() => this.#follow && this.toLatest()).observe(scroller);
  }

  #sidebar(open) {
    document.body.classList.toggle("menu-open", open);
    $("menu").setAttribute("aria-expanded", String(open));
  }

  // render shows a session.
  render(session) {
    if (this.#shown !== session) {
      this.#shown = session;
      this.#items.clear();
      $("log").replaceChildren();
      this.#tail = {};
      this.#follow = true;
      this.#sidebar(false);
    }
    const { thread, run } = session;
    const fresh = thread.items.length === 0 && !run && !session.loading && !thread.error;
    $("welcome").hidden = !fresh;
    document.body.classList.toggle("fresh", fresh);
    $("earlier").hidden = !session.older;
    $("title").textContent = thread.title || (thread.id ? "Untitled" : "New chat");
    document.title = thread.title ? `${thread.title} – ChatKit` : "ChatKit quickstart";
    this.#log(thread);
    this.#end(session);
    this.#composer();
    if (this.#follow) this.toLatest();
  }

  #log(thread) {
    const log = $("log");
    const keep = new Set();
    let before = null;
    for (const item of thread.items) {
      keep.add(item.id);
      let view = this.#items.get(item.id);
      if (!view || (view.item !== item && !view.update)) {
        const made = { ...makeItem(item, this.#on), item };
        if (view) view.node.replaceWith(made.node);
        this.#items.set(item.id, (view = made));
      } else if (view.item !== item) {
        view.item = item;
        view.update(item);
      }
      const place = before ? before.nextSibling : log.firstChild;
      if (place !== view.node) log.insertBefore(view.node, place);
      before = view.node;
    }
    for (const [id, view] of this.#items) {
      if (keep.has(id)) continue;
      view.node.remove();
      this.#items.delete(id);
    }
  }

  // #end draws what comes after the last item: progress, notices, the error, the way to try again.
  #end({ thread, run, loading }) {
    const last = thread.items.at(-1);
    const waiting = run && !thread.progress && !(last?.live && (last.type !== "assistant_message" || last.content.length > 0));
    this.#part("progress", thread.progress, (progress) =>
      h("p", { class: "progress" }, progress.icon ? icon(progress.icon) : null, h("span", {}, progress.text)));
    this.#part("waiting", waiting || loading || null, () =>
      h("p", { class: "dots", "aria-label": "Please wait" }, h("i"), h("i"), h("i")));
    this.#part("notices", thread.notices.length ? thread.notices : null, (notices) =>
      h("div", {}, notices.map((notice) => h("div", { class: "notice", role: "status", dataset: { level: notice.level } },
        icon(notice.level === "info" ? "info" : "warning"),
        h("div", {}, notice.title ? h("p", { class: "task-title" }, notice.title) : null, markdown(notice.message))))));
    this.#part("error", thread.error, (error) =>
      h("div", { class: "notice", role: "alert", dataset: { level: "danger" } }, icon("warning"), h("div", {}, h("p", {}, error.message)),
        error.retry ? h("button", { type: "button", class: "button secondary", onclick: () => this.#on.retry() }, icon("reload"), "Try again") : null));
    const retry = !run && !thread.error && !loading && lastUserMessage(thread) && last?.status !== "pending";
    this.#part("retry", retry || null, () =>
      h("button", { type: "button", class: "quiet", onclick: () => this.#on.retry() }, icon("reload"), "Answer again"));
    this.#part("status", thread.status.type === "active" ? null : thread.status, (status) =>
      h("p", { class: "notice", dataset: { level: "info" } }, icon("info"), status.reason || `This conversation is ${status.type}.`));
  }

  // #part keeps an element of the tail while its value stays the same, so that it is announced once.
  #part(name, value, make) {
    const old = this.#tail[name];
    if (old?.value === value) return;
    old?.node?.remove();
    const node = value ? make(value) : null;
    this.#tail[name] = { value, node };
    if (node) {
      node.dataset.part = name;
      $("tail").querySelector(`:scope > slot[name=${name}]`).after(node);
    }
  }

  #composer() {
    const { thread, run } = this.#shown;
    const input = $("input");
    const closed = thread.status.type !== "active";
    const empty = input.value.trim() === "";
    input.disabled = closed;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
    $("stop").hidden = !(run && thread.allowCancel);
    $("send").hidden = Boolean(run) && empty;
    $("send").disabled = empty || closed;
    $("log").setAttribute("aria-busy", String(Boolean(run)));
  }

  toLatest() {
    this.#follow = true;
    $("latest").hidden = true;
    $("scroller").scrollTop = $("scroller").scrollHeight;
  }

  // takeInput empties the composer; putInput gives words back that could not be sent.
  takeInput() {
    $("input").value = "";
    this.#follow = true;
    this.#composer();
  }

  putInput(text) {
    if ($("input").value.trim() === "") $("input").value = text;
    this.#composer();
  }

  focus() {
    // On a phone the keyboard would cover what the user wants to see.
    if (matchMedia("(hover: hover)").matches) $("input").focus();
  }

  // threads draws the list: {data, has_more} and the id of the open one.
  threads(list, open) {
    if ($("threads").querySelector("form")) return; // A name is being typed.
    $("threads").replaceChildren(...list.data.map((thread) => this.#threadRow(thread, thread.id === open)));
    $("more-threads").hidden = !list.has_more;
    $("no-threads").hidden = list.data.length > 0;
  }

  #threadRow(thread, open) {
    const name = thread.title || "Untitled";
    const row = h("li", { dataset: { id: thread.id }, class: open ? "open" : "" },
      h("a", { href: `#${thread.id}`, "aria-current": open ? "page" : null, title: name }, name),
      iconButton("write", `Rename ${name}`, () => this.#renameRow(row, thread)),
      iconButton("trash", `Delete ${name}`, () => this.#confirmDelete(thread, name)));
    return row;
  }

  #renameRow(row, thread) {
    const input = h("input", { type: "text", value: thread.title || "", "aria-label": "New name", maxlength: "200" });
    let over = false;
    const finish = (save) => {
      if (over) return;
      over = true;
      const title = input.value.trim();
      form.remove();
      this.#on.refreshThreads();
      if (save && title && title !== thread.title) this.#on.rename(thread, title);
    };
    const form = h("form", { onsubmit: (event) => (event.preventDefault(), finish(true)) }, input);
    input.addEventListener("blur", () => finish(true));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      finish(false);
    });
    row.replaceChildren(form);
    input.focus();
    input.select();
  }

  #confirmDelete(thread, name) {
    const dialog = $("confirm");
    $("confirm-name").textContent = name;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "delete" && this.#on.remove(thread), { once: true });
    dialog.showModal();
  }

  // announce reads something out whole, instead of every token.
  announce(text) {
    $("announcer").textContent = markdown(text).textContent;
  }

  toast(text) {
    const toast = h("p", { class: "toast", role: "status" }, text);
    $("toasts").append(toast);
    setTimeout(() => toast.remove(), 5000);
  }
}
