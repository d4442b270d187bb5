// The page: three panes and what holds them together.
import { html, render, useEffect, useLayoutEffect, useReducer, useRef, useState } from "./vendor.js";
import { settings, wire } from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { StructuredInput, ToolDrawer } from "./forms.js";
import { HeadersDialog } from "./headers.js";
import { Icon, IconButton } from "./icons.js";
import { Inspector } from "./inspector.js";
import { Markdown } from "./markdown.js";
import { Item } from "./messages.js";
import { Guard, classes, text } from "./parts.js";
import { recall, remember } from "./prefs.js";
import { Sidebar } from "./sidebar.js";
import { lastUserMessage, pendingInput, pendingToolCall } from "./state.js";

// icon is beside this file, wherever that is.
const icon = new URL("icon.svg", import.meta.url).href;
const wide = matchMedia("(min-width: 64rem)");
const themes = ["", "light", "dark"]; // what the system says, or what the user does
const root = document.documentElement;

let drawing = false;
let draw = () => {};

// changed draws the page at the next frame, once for all events before it.
function changed() {
  if (drawing) return;
  drawing = true;
  const now = () => {
    drawing = false;
    draw();
  };
  // A hidden page gets no frames.
  if (document.hidden) setTimeout(now, 100);
  else requestAnimationFrame(now);
}

const chat = new Chat(changed);
const on = { action: chat.action, rate: chat.rate, copy: chat.copy, quote: (words) => chat.composer?.quote(words) };

function App() {
  const [, again] = useReducer((n) => n + 1, 0);
  const [menu, setMenu] = useState(false);
  const [inspector, setInspector] = useState(wide.matches && recall("inspector", false));
  const [drawer, setDrawer] = useState(false); // true, or the id of the call for which it was closed
  const [dropping, setDropping] = useState(false);
  const [asking, ask] = useState(false); // for headers
  useLayoutEffect(() => {
    draw = () => again();
    chat.start();
  }, []);
  const { current, threads, toasts, announcer } = chat;
  const { thread, run, loading } = current;
  useEffect(() => {
    setMenu(false);
    setDrawer((now) => now !== true && now); // what was opened without a call stays behind
  }, [current]);
  useEffect(() => {
    document.title = [thread.title, settings.title].filter(Boolean).join(" – ");
  }, [thread.title]);
  useEffect(() => {
    const keys = (event) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      setMenu(false);
      if (drawer === true) setDrawer(false);
      else chat.stop();
    };
    document.addEventListener("keydown", keys);
    return () => document.removeEventListener("keydown", keys);
  }, [drawer]);
  const showInspector = (shown) => {
    setInspector(shown);
    remember("inspector", shown);
  };
  const fresh = thread.items.length === 0 && !run && !loading && !thread.error && !thread.id;
  const pending = !run && pendingToolCall(thread);
  const drawn = drawer === true || Boolean(pending && drawer !== pending.id);
  const drop = {
    onDragOver: (event) => {
      if (!chat.composer?.add || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      setDropping(true);
    },
    onDragLeave: (event) => event.currentTarget.contains(event.relatedTarget) || setDropping(false),
    onDrop: (event) => {
      if (!chat.composer?.add) return;
      event.preventDefault();
      setDropping(false);
      chat.composer.add(event.dataTransfer.files);
    },
  };
  return html`
    <${Sidebar} threads=${threads} open=${thread.id} chat=${chat} icon=${icon} />
    <div id="shade" hidden=${!menu} onClick=${() => setMenu(false)} />
    <main class=${classes(fresh && "fresh", dropping && "dropping")} ...${drop}>
      <header>
        <${IconButton} icon="menu" label="Conversations" class="menu" aria-controls="sidebar" aria-expanded=${String(menu)} onClick=${() => setMenu(!menu)} />
        <h1 id="title">${thread.title || (thread.id ? "Untitled" : "New chat")}</h1>
        <${IconButton} icon="wrench" label="Client tools" aria-expanded=${String(drawn)} onClick=${() => setDrawer(drawn ? (pending ? pending.id : false) : true)} />
        <${Theme} />
        <${IconButton} icon="panel" label="Inspector" class="worded" aria-controls="inspector" aria-expanded=${String(inspector)} onClick=${() => showInspector(!inspector)}><span>Inspector</span><//>
      </header>
      <${Scroller} session=${current} fresh=${fresh} feedback=${chat.feedback} onLogin=${() => ask(true)} />
      <div class="dock">
        ${drawn && html`<${ToolDrawer} pending=${pending} onClose=${() => setDrawer(pending ? pending.id : false)} onAnswer=${(item, result) => (setDrawer(false), chat.answerTool(current, item, result))} />`}
        <${Guard} value=${thread}><${Dock} thread=${thread} run=${run} /><//>
        <div id="toasts">${toasts.map((toast) => html`<p class="toast" role="status" key=${toast.id}>${toast.text}${toast.detail && html`<code>${toast.detail}</code>`}</p>`)}</div>
      </div>
    </main>
    ${inspector && html`<aside id="inspector" aria-label="Inspector"><${Inspector} wire=${wire} url=${settings.url} onHeaders=${chat.again} onClose=${() => showInspector(false)} /></aside>`}
    ${asking && html`<${HeadersDialog} onClose=${(saved) => (ask(false), saved && chat.again())} />`}
    <div id="announcer" class="sr-only" role="status" aria-live="polite">${announcer.text}</div>`;
}

// Dock is where the user says something: a message, or what the server has asked for.
function Dock({ thread, run }) {
  const form = !run && pendingInput(thread);
  const { type, reason } = thread.status;
  if (type === "closed") return html`<p class="notice" role="status"><${Icon} name="info" /><span>${reason || "This conversation is closed."}</span></p>`;
  if (form) return html`<${StructuredInput} key=${form.id} item=${form} onAnswer=${chat.structuredInput} />`;
  const placeholder = type === "locked" ? reason || "This conversation is locked." : "Write a message…";
  return html`<${Composer} chat=${chat} closed=${type === "locked"} placeholder=${placeholder} /><p class="hint"><kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> makes a new line, <kbd>Esc</kbd> stops</p>`;
}

function Theme() {
  const [theme, setTheme] = useState(recall("theme", ""));
  useLayoutEffect(() => {
    root.style.colorScheme = theme;
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length];
  const change = () => (setTheme(next), remember("theme", next));
  return html`<${IconButton} icon=${{ light: "sun", dark: "moon" }[theme] ?? "monitor"} label=${`Colours: ${theme || "as the system"}`} onClick=${change} />`;
}

// Scroller follows the answer as long as the user has not scrolled away from its end.
function Scroller({ session, fresh, feedback, onLogin }) {
  const { thread, run, loading, older } = session;
  const scroller = useRef();
  const column = useRef();
  const following = useRef(true);
  const last = useRef(0); // where it was scrolled to
  const [away, setAway] = useState(false);
  const log = useRef();
  // follow goes to the end, or to the beginning of a page that has only that.
  const follow = () => {
    if (following.current) scroller.current.scrollTop = log.current.childElementCount && scroller.current.scrollHeight;
  };
  const toEnd = () => {
    following.current = true;
    setAway(false);
    follow();
  };
  useLayoutEffect(() => {
    const keep = new ResizeObserver(follow);
    keep.observe(scroller.current);
    keep.observe(column.current);
    return () => keep.disconnect();
  }, []);
  useLayoutEffect(toEnd, [session, thread.items.findLast((item) => item.local)]);
  useLayoutEffect(follow);
  const scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = scroller.current;
    const empty = !log.current.childElementCount;
    // Only people scroll up. What grows below, or a window that shrinks, is followed as soon as it is measured.
    following.current = empty ? !scrollTop : scrollHeight - scrollTop - clientHeight < 60 || (following.current && scrollTop >= last.current);
    last.current = scrollTop;
    setAway(!empty && !following.current);
  };
  return html`<div id="scroller" tabindex="-1" ref=${scroller} onScroll=${scrolled}>
    <div class="column" ref=${column}>
      ${fresh && html`<${Welcome} />`}
      ${older && html`<button id="earlier" class="quiet" type="button" onClick=${chat.earlier}>Show earlier messages</button>`}
      <div id="log" ref=${log} role="log" aria-label="Messages" aria-live="off" aria-busy=${String(Boolean(run))}>
        ${thread.items.map((item) => html`<${Item} key=${text(item.id)} item=${item} on=${on} rating=${feedback[text(item.id)]} cut=${chat.cut.has(item.id)} />`)}
      </div>
      <${Guard} value=${thread}><${Tail} thread=${thread} run=${run} loading=${loading} onLogin=${onLogin} /><//>
    </div>
    ${away && html`<${IconButton} icon="chevron-down" label="Jump to the latest message" class="latest" onClick=${toEnd} />`}
  </div>`;
}

// Tail is what comes after the last item: progress, notices, the error, the way to try again.
function Tail({ thread, run, loading, onLogin }) {
  const { progress, notices, error, status } = thread;
  const last = thread.items.at(-1);
  const busy = last?.live && (last.type !== "assistant_message" || last.content?.length > 0);
  const retry = !run && !error && !loading && lastUserMessage(thread) && last?.status !== "pending";
  return html`<div id="tail">
    ${progress && html`<p class="progress" data-part="progress" key="progress">${progress.icon && html`<${Icon} name=${progress.icon} />`}<span>${progress.text}</span></p>`}
    ${((run && !progress && !busy) || loading) && html`<p class="dots" data-part="waiting" key="waiting" role="img" aria-label="Please wait"><i /><i /><i /></p>`}
    ${notices.map((notice, i) => html`<div class="notice" role="status" data-part="notices" key=${`notice-${i}`} data-level=${notice.level}><${Icon} name=${notice.level === "info" ? "info" : "warning"} />
      <div>${notice.title && html`<p class="task-title">${notice.title}</p>`}<${Markdown} text=${notice.message} /></div></div>`)}
    ${error && html`<div class="notice" role="alert" data-part="error" key="error" data-level="danger"><${Icon} name="warning" /><div><p>${error.message}</p></div>
      ${error.retry && html`<button type="button" class="button secondary" onClick=${chat.retry}><${Icon} name="reload" />Try again</button>`}
      ${error.login && html`<button type="button" class="button secondary" onClick=${onLogin}>Set headers</button>`}</div>`}
    ${retry && html`<button type="button" class="quiet" data-part="retry" key="retry" onClick=${chat.retry}><${Icon} name="reload" />Answer again</button>`}
    ${status.type === "locked" && html`<p class="notice" data-part="status" key="status"><${Icon} name="info" /><span>${status.reason || "This conversation is locked."}</span></p>`}
  </div>`;
}

function Welcome() {
  return html`<section id="welcome">
    <h2>What shall we talk about?</h2>
    <p>${settings.intro}</p>
    <ul class="chips">${settings.suggestions.map(({ icon, title, text }) => html`<li><button type="button" onClick=${() => chat.sendText(text)}><${Icon} name=${icon} /><strong>${title}</strong><span>${text}</span></button></li>`)}</ul>
  </section>`;
}

render(html`<${App} />`, document.getElementById("app"));
