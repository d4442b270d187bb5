// What happens on a click, on an event of a stream, on a change of the address.
import { RequestError, call, stream, userMessage } from "./api.js";
import * as state from "./state.js";
import { View } from "./view.js";

// clientTools are what the server may ask this page to do.
const clientTools = {
  get_time: () => ({ time: new Date().toLocaleTimeString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
};
const maxToolRounds = 8; // A server that asks for ever must not keep the page busy for ever.
const pageSize = 40;

// A session is a thread on this page and what happens to it. It goes on when another one is shown.
const sessions = new Map(); // by thread id
let current = newSession(null);
let threads = { data: [], has_more: false };
let localIds = 0;

function newSession(id) {
  return { thread: state.newThread(id), run: null, older: null, loading: false };
}

const view = new View({
  send, stop, retry, open, earlier, moreThreads, rename, remove, action, structuredInput, feedback, copy,
  refreshThreads: showThreads,
  answerTool: (item) => answerTool(current, item),
});

let drawing = false;

// draw shows the current session at the next frame, once for all events before it.
function draw() {
  if (drawing) return;
  drawing = true;
  const render = () => {
    drawing = false;
    view.render(current);
  };
  // A hidden page gets no frames.
  if (document.hidden) setTimeout(render, 100);
  else requestAnimationFrame(render);
}

function change(session, next) {
  session.thread = next;
  if (session === current) draw();
}

// run sends a streaming request and applies what comes back. A new one stops the last.
async function run(session, type, params, toolRounds = 0) {
  session.run?.abort();
  const controller = new AbortController();
  session.run = controller;
  change(session, state.beginTurn(state.endTurn(session.thread)));
  let failure;
  try {
    for await (const event of stream(type, params, controller.signal)) {
      if (session.run !== controller) return;
      receive(session, event);
    }
  } catch (error) {
    if (!controller.signal.aborted) failure = error;
  }
  if (session.run !== controller) return;
  session.run = null;
  change(session, state.endTurn(session.thread));
  if (failure) fail(session, failure);
  const call = state.pendingToolCall(session.thread);
  if (!call || failure || session.thread.error || controller.signal.aborted) return;
  if (type === "runs.attach") replace(session, { ...call, stale: true }); // another tab may run it
  else if (toolRounds < maxToolRounds) answerTool(session, call, toolRounds + 1);
}

function receive(session, event) {
  change(session, state.applyEvent(session.thread, event));
  switch (event.type) {
    case "thread.created":
      sessions.set(session.thread.id, session);
      threads.data = [event.thread, ...threads.data.filter((thread) => thread.id !== event.thread.id)];
      if (session === current) history.replaceState(null, "", `#${session.thread.id}`);
      showThreads();
      break;
    case "thread.updated":
      retitle(event.thread);
      break;
    case "thread.item.done":
      if (event.item.type === "assistant_message" && session === current) view.announce(state.itemText(event.item));
      break;
    case "progress_update":
      if (session === current) view.announce(event.text);
      break;
    case "client_effect":
      view.toast(`Effect: ${event.name}`);
      break;
  }
}

// fail shows an error that did not come as an event. If the server never took the message, its words go
// back into the composer.
function fail(session, error) {
  const lost = session.thread.items.find((item) => item.local);
  if (lost) {
    change(session, state.withoutLocal(session.thread));
    if (session === current) view.putInput(state.itemText(lost));
  }
  if (!(error instanceof RequestError)) console.error(error);
  const retry = !lost && Boolean(state.lastUserMessage(session.thread));
  change(session, { ...session.thread, error: { message: error.message, retry } });
}

function send(text) {
  const session = current;
  view.takeInput();
  const local = `local-${++localIds}`;
  change(session, state.addLocalMessage(session.thread, local, text));
  const input = userMessage(text);
  if (session.thread.id) run(session, "threads.add_user_message", { thread_id: session.thread.id, input });
  else run(session, "threads.create", { input });
  view.focus();
}

function stop() {
  if (!current.run || !current.thread.allowCancel) return;
  current.run.abort();
  view.announce("Stopped");
  view.focus();
}

function retry() {
  const message = state.lastUserMessage(current.thread);
  if (!message) return;
  change(current, state.cutAfter(current.thread, message.id));
  run(current, "threads.retry_after_item", { thread_id: current.thread.id, item_id: message.id });
}

// answerTool runs a tool of this page and sends its result. The server goes on from there.
async function answerTool(session, item, toolRounds = 0) {
  let result;
  try {
    const known = Object.hasOwn(clientTools, item.name);
    result = known ? await clientTools[item.name](item.arguments) : { error: `this page has no tool named ${item.name}` };
  } catch (error) {
    result = { error: String(error) };
  }
  // No event says that the call is answered, so the page notes it itself.
  replace(session, { ...item, stale: false, status: "completed", output: result });
  run(session, "threads.add_client_tool_output", { thread_id: session.thread.id, result }, toolRounds);
}

function structuredInput(item, input) {
  run(current, "threads.add_structured_input", { thread_id: current.thread.id, item_id: item.id, input });
}

// attempt runs something that is not worth more than a short word when it fails.
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    view.toast(error.message);
  }
}

function action(item, { type, payload, handler, streaming }) {
  const session = current;
  const params = { thread_id: session.thread.id, item_id: item.id, action: { type, payload } };
  if (handler === "client") return view.toast(`Action for the page: ${type}`);
  if (streaming !== false) {
    return session.run ? view.toast("Please wait for the answer first.") : run(session, "threads.custom_action", params);
  }
  return attempt(async () => {
    const { updated_item: updated } = await call("threads.sync_custom_action", params);
    if (updated) replace(session, updated);
  });
}

function replace(session, item) {
  change(session, state.applyEvent(session.thread, { type: "thread.item.replaced", item }));
}

function feedback(item, kind, button) {
  return attempt(async () => {
    await call("items.feedback", { thread_id: current.thread.id, item_ids: [item.id], kind });
    for (const other of button.parentNode.querySelectorAll("[aria-pressed]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    view.announce("Thank you for your feedback");
  });
}

function copy(text) {
  return attempt(async () => {
    await navigator.clipboard.writeText(text);
    view.toast("Copied");
  });
}

// open shows a thread, or an empty page for a new one.
async function open(id) {
  if (location.hash.slice(1) !== (id ?? "")) history.pushState(null, "", id ? `#${id}` : location.pathname);
  const known = sessions.get(id);
  const session = known?.run ? known : newSession(id);
  current = session;
  if (id) sessions.set(id, session);
  showThreads();
  if (id && !session.run) await load(session);
  draw();
  view.focus();
}

// load reads a thread. The first answer holds its oldest items; a long thread shows its newest ones. The
// turn comes before: it may end in between.
async function load(session) {
  session.loading = true;
  draw();
  try {
    const params = { thread_id: session.thread.id };
    const { run_id } = await call("runs.active", params);
    const response = await call("threads.get_by_id", params);
    session.thread = state.withMeta(session.thread, response);
    if (response.items.has_more) await loadPage(session);
    else session.thread = state.prependItems(session.thread, response.items.data);
    const pending = state.pendingToolCall(session.thread);
    if (pending) replace(session, { ...pending, stale: true });
    if (run_id && !session.run) run(session, "runs.attach", { ...params, run_id });
  } catch (error) {
    if (error.status === 404) {
      view.toast("This conversation does not exist any more.");
      if (session === current) return open(null);
    }
    fail(session, error);
  } finally {
    session.loading = false;
  }
}

async function loadPage(session) {
  const params = { thread_id: session.thread.id, limit: pageSize, order: "desc" };
  if (session.older) params.after = session.older;
  const page = await call("items.list", params);
  session.older = page.has_more ? page.after : null;
  session.thread = state.prependItems(session.thread, page.data.toReversed());
}

function earlier() {
  const session = current;
  return attempt(async () => {
    await loadPage(session);
    change(session, session.thread);
  });
}

function showThreads() {
  view.threads(threads, current.thread.id);
}

function retitle({ id, title }) {
  threads.data = threads.data.map((thread) => (thread.id === id ? { ...thread, title } : thread));
  showThreads();
}

function moreThreads() {
  return attempt(async () => {
    const params = { limit: pageSize, order: "desc" };
    if (threads.after) params.after = threads.after;
    const page = await call("threads.list", params);
    const known = new Set(threads.data.map((thread) => thread.id));
    threads = { ...page, data: [...threads.data, ...page.data.filter((thread) => !known.has(thread.id))] };
    showThreads();
  });
}

const sessionOf = (id) => (id === current.thread.id ? current : sessions.get(id));

function rename({ id }, title) {
  return attempt(async () => {
    const response = await call("threads.update", { thread_id: id, title });
    const session = sessionOf(id);
    if (session) change(session, state.withMeta(session.thread, response));
    retitle(response);
  });
}

function remove({ id }) {
  return attempt(async () => {
    sessionOf(id)?.run?.abort();
    await call("threads.delete", { thread_id: id });
    sessions.delete(id);
    threads.data = threads.data.filter((thread) => thread.id !== id);
    if (id === current.thread.id) open(null);
    showThreads();
  });
}

// The address decides what is shown, so that reload, back and a shared link do what people expect.
function follow() {
  const id = location.hash.slice(1) || null;
  if (id !== current.thread.id) open(id);
}

addEventListener("hashchange", follow);
addEventListener("popstate", follow);
draw();
follow();
moreThreads();
view.focus();
