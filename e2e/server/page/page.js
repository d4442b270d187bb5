// A client for tests: it shows what it was told, word for word, and mends nothing. The test drives it by
// window.chat. The text of an answer is what its deltas say; the text of the finished item is kept beside it,
// because it would hide what is missing or double.
import { rejoin, resumable } from "/chatkit?resume.js";
import { fetchEventSource } from "/library/index.js";

const url = "/chatkit";
const chat = { thread: "", items: [], events: [], posts: [], error: null, busy: false, ends: 0, visible, text };
window.chat = chat;

// posts is every request that leaves the page, by either client.
const inner = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const post = { type: JSON.parse(init.body).type, body: init.body, headers: Object.fromEntries(new Headers(init.headers)), at: performance.now() };
  chat.posts.push(post);
  const response = await inner(input, init);
  post.status = response.status;
  return response;
};
const followed = resumable();

function text(part) {
  return (part?.content ?? []).map((content) => content.text).join("");
}

function draw() {
  document.querySelector("main").replaceChildren(...chat.items.map((item) => {
    const article = document.createElement("article");
    article.className = item.type;
    article.textContent = item.text;
    return article;
  }));
}

function apply(event) {
  chat.events.push(event.type);
  const at = (id) => chat.items.findIndex((item) => item.id === id);
  switch (event.type) {
    case "thread.created":
      chat.thread = event.thread.id;
      history.replaceState(null, "", `#${chat.thread}`);
      break;
    case "thread.item.added":
    case "thread.item.replaced":
    case "thread.item.done": {
      const { id, type } = event.item;
      const done = event.type === "thread.item.done";
      if (at(id) < 0) chat.items.push({ id, type, text: text(event.item) });
      else if (!done) chat.items[at(id)].text = text(event.item);
      if (done) chat.items[at(id)].final = text(event.item);
      break;
    }
    case "thread.item.updated":
      if (event.update.type === "assistant_message.content_part.text_delta") chat.items[at(event.item_id)].text += event.update.delta;
      break;
    case "thread.item.removed":
      chat.items.splice(at(event.item_id), 1);
      break;
    case "error":
      chat.error = event.message || event.code;
      break;
  }
  draw();
}

// visible pretends that the tab is hidden or shown, by what the library and the script look at.
function visible(yes) {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !yes });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (yes ? "visible" : "hidden") });
  document.dispatchEvent(new Event("visibilitychange"));
}

const input = (words) => ({ content: [{ type: "input_text", text: words }], attachments: [], inference_options: {} });

function message(words) {
  return chat.thread
    ? { type: "threads.add_user_message", params: { thread_id: chat.thread, input: input(words) } }
    : { type: "threads.create", params: { input: input(words) } };
}

async function during(work) {
  Object.assign(chat, { busy: true, error: null });
  chat.abort = new AbortController();
  try {
    await work(chat.abort.signal);
  } catch (error) {
    chat.error = error.name === "AbortError" ? "AbortError" : String(error);
  }
  chat.busy = false;
  chat.ends++;
}

// library sends a message as the official client does, with its parser and its way to wait in a hidden tab.
chat.library = (words, { fetch } = {}) => during((signal) => fetchEventSource(url, {
  method: "POST",
  headers: { "content-type": "application/json", "chatkit-frame-instance-id": "frame-1" },
  body: JSON.stringify(message(words)),
  signal,
  fetch: fetch === "resumable" ? followed : (...args) => window.fetch(...args),
  onmessage: (event) => apply(JSON.parse(event.data)),
  onerror: (error) => { throw error; },
}));

// script sends a message with the script's fetch and reads the stream by hand.
chat.script = (words) => chat.stream(message(words));

chat.stream = (body) => during(async (signal) => {
  const response = await followed(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      if (/^event:/m.test(event)) throw new Error(`an event that is none of the page's business: ${event}`);
      apply(JSON.parse(/^data: (.*)$/m.exec(event)[1]));
    }
  }
  if (rest.replace(/^:.*\n/gm, "") !== "") throw new Error(`half an event: ${rest}`);
});

chat.ask = async (type, params) => {
  const response = await followed(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ type, params }) });
  if (!response.ok) throw new Error(`${type}: status ${response.status}`);
  return response.json();
};

// A page that is loaded with a thread's id shows it, and joins the turn in progress.
chat.ready = (async () => {
  chat.thread = location.hash.slice(1);
  if (!chat.thread) return;
  const thread = await chat.ask("threads.get_by_id", { thread_id: chat.thread });
  for (const item of thread.items.data) chat.items.push({ id: item.id, type: item.type, text: text(item), final: text(item) });
  draw();
  if (new URLSearchParams(location.search).has("watch")) return;
  const send = (action) => {
    chat.joined = chat.stream({ type: "threads.custom_action", params: { thread_id: chat.thread, item_id: null, action } });
  };
  chat.run = await rejoin({ url, thread: chat.thread, send });
})();
