// A page with no more than it takes to attach files: both ways to upload, messages that show them, and
// widgets. The protocol's state and its event stream are the quickstart's modules.
import { h } from "/dom.js";
import { readEvents } from "/sse.js";
import { applyEvent, newThread } from "/state.js";
import { renderWidget } from "/widget.js";

const byID = (id) => document.getElementById(id);
const drawn = new Map(); // by item id: the item and its element
let thread = newThread();
let pending = []; // attachments that have been uploaded and not sent

async function checked(response) {
  if (response.ok) return response;
  throw new Error((await response.json().catch(() => ({}))).message || `status ${response.status}`);
}

async function post(type, params) {
  return checked(await fetch("/chatkit", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ type, params }),
  }));
}

// upload sends images in two phases and everything else directly, to show both. A page needs one of them.
async function upload(file) {
  if (!file.type.startsWith("image/")) {
    const form = new FormData();
    form.append("file", file);
    return (await checked(await fetch("/files", { method: "POST", body: form }))).json();
  }
  const params = { name: file.name, size: file.size, mime_type: file.type };
  const attachment = await (await post("attachments.create", params)).json();
  const { url, method, headers } = attachment.upload_descriptor;
  await checked(await fetch(url, { method, headers, body: file }));
  return attachment;
}

async function run(type, params) {
  byID("log").setAttribute("aria-busy", "true");
  trouble("");
  try {
    const response = await post(type, params);
    for await (const event of readEvents(response.body)) {
      thread = applyEvent(thread, event);
      draw();
    }
    if (thread.error) trouble(thread.error.message);
  } finally {
    byID("log").setAttribute("aria-busy", "false");
  }
}

function draw() {
  const nodes = thread.items.map((item) => {
    const known = drawn.get(item.id);
    if (known?.item === item) return known.node;
    const node = element(item);
    node.dataset.id = item.id;
    node.dataset.type = item.type;
    drawn.set(item.id, { item, node });
    return node;
  });
  byID("log").replaceChildren(...nodes);
}

function element(item) {
  switch (item.type) {
    case "user_message":
      return h("article", { class: "user" }, item.attachments.map(shown), item.content.map((part) => part.text));
    case "assistant_message":
      return h("article", { class: "assistant" }, item.content.map((part) => part.text));
    case "widget":
      return renderWidget(item.widget, ({ type, payload }) =>
        run("threads.custom_action", { thread_id: thread.id, item_id: item.id, action: { type, payload } }).catch((e) => trouble(e.message)));
    default:
      return h("article", {}, item.type);
  }
}

function shown(attachment) {
  return attachment.type === "image" ? h("img", { src: attachment.preview_url, alt: attachment.name }) : h("div", {}, attachment.name);
}

function trouble(message) {
  byID("trouble").textContent = message;
  byID("trouble").hidden = !message;
}

byID("file").addEventListener("change", async (event) => {
  const chosen = [...event.target.files];
  event.target.value = "";
  trouble("");
  for (const file of chosen) {
    try {
      const attachment = await upload(file);
      pending.push(attachment);
      const picture = attachment.type === "image" && h("img", { src: URL.createObjectURL(file), alt: file.name });
      byID("pending").append(h("li", { dataset: { id: attachment.id } }, picture || file.name));
    } catch (error) {
      trouble(`${file.name}: ${error.message}`);
    }
  }
});

byID("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byID("text").value;
  if (!text && pending.length === 0) return;
  const input = {
    content: text ? [{ type: "input_text", text }] : [], attachments: pending.map(({ id }) => id), inference_options: {},
  };
  try {
    pending = [];
    byID("pending").replaceChildren();
    byID("text").value = "";
    if (thread.id) await run("threads.add_user_message", { thread_id: thread.id, input });
    else await run("threads.create", { input });
    history.replaceState(null, "", `#${thread.id}`);
  } catch (error) {
    trouble(error.message);
  }
});

// A thread that the address names is shown again after a reload.
if (location.hash.length > 1) {
  post("items.list", { thread_id: location.hash.slice(1), order: "asc", limit: 100 })
    .then((response) => response.json())
    .then((page) => {
      thread = { ...newThread(location.hash.slice(1)), items: page.data };
      draw();
    })
    .catch((error) => trouble(error.message));
}
