// The state of one thread and the function that changes it. Nothing is changed in place: an item that is
// the same object as before needs no new drawing.

// newThread is a thread of which nothing is known but its id, or nothing at all.
//
// items     in the order of the conversation; `live` marks one that is still being written,
//           `local` a message of the user that the server has not confirmed
// progress  what the server is doing right now: {icon, text}, or null
// notices   what the server wanted the user to know during this turn
// error     why the turn failed: {message, retry, login}, or null; login says that the server wants to know who asks
export function newThread(id = null) {
  return {
    id,
    title: "",
    status: { type: "active" },
    items: [],
    progress: null,
    notices: [],
    error: null,
    allowCancel: true,
  };
}

const generic = "Something went wrong while answering.";

// applyEvent returns the thread after one stream event. Kinds it does not know change nothing.
export function applyEvent(thread, event) {
  switch (event.type) {
    case "thread.created":
    case "thread.updated":
      return withMeta(thread, event.thread);
    case "thread.item.added":
      return put(settle(thread), { ...event.item, live: true });
    case "thread.item.done":
      return put(event.item.type === "user_message" ? thread : settle(thread), event.item);
    case "thread.item.replaced":
      return put(thread, event.item);
    case "thread.item.removed":
      return { ...thread, items: thread.items.filter((item) => item.id !== event.item_id) };
    case "thread.item.updated":
      return update(thread, event.item_id, event.update);
    case "stream_options":
      return { ...thread, allowCancel: event.stream_options.allow_cancel };
    case "progress_update":
      return { ...thread, progress: { icon: event.icon, text: event.text } };
    case "notice":
      return { ...thread, notices: [...thread.notices, event] };
    case "error": {
      const message = event.code === "custom" && event.message ? event.message : generic;
      return { ...thread, progress: null, error: { message, retry: event.allow_retry } };
    }
    default:
      return thread;
  }
}

// withMeta takes over what a thread response says about the thread itself.
export function withMeta(thread, response) {
  return {
    ...thread,
    id: response.id,
    title: typeof response.title === "string" ? response.title : "",
    status: response.status || thread.status,
  };
}

// settle ends the progress line: whatever was announced has now led to something.
function settle(thread) {
  return thread.progress ? { ...thread, progress: null } : thread;
}

// put stores an item under its id, at its old place if it has one. The server's copy of a user message
// ends the waiting for it.
function put(thread, item) {
  const at = thread.items.findIndex((other) => other.id === item.id);
  if (at >= 0) return { ...thread, items: thread.items.with(at, item) };
  const { items } = item.type === "user_message" ? withoutLocal(thread) : thread;
  return { ...thread, items: [...items, item] };
}

function update(thread, id, change) {
  const at = thread.items.findIndex((item) => item.id === id);
  if (at < 0) return thread;
  const item = updateItem(thread.items[at], change);
  if (item === thread.items[at]) return thread;
  const next = change.type.startsWith("assistant_message.") ? settle(thread) : thread;
  return { ...next, items: next.items.with(at, item) };
}

function updateItem(item, change) {
  switch (change.type) {
    case "assistant_message.content_part.added":
    case "assistant_message.content_part.done":
      return withPart(item, change.content_index, () => change.content);
    case "assistant_message.content_part.text_delta":
      return withPart(item, change.content_index, (part) => ({ ...part, text: part.text + change.delta }));
    case "assistant_message.content_part.annotation_added":
      return withPart(item, change.content_index, (part) => {
        const at = Math.min(change.annotation_index, part.annotations.length);
        return { ...part, annotations: part.annotations.toSpliced(at, 0, change.annotation) };
      });
    case "workflow.task.added":
      if (!item.workflow) return item;
      return { ...item, workflow: { ...item.workflow, tasks: [...item.workflow.tasks, change.task] } };
    case "workflow.task.updated": {
      const tasks = item.workflow?.tasks;
      if (!tasks || change.task_index < 0 || change.task_index >= tasks.length) return item;
      return { ...item, workflow: { ...item.workflow, tasks: tasks.with(change.task_index, change.task) } };
    }
    case "widget.root.updated":
      return { ...item, widget: change.widget };
    case "widget.component.updated":
      return { ...item, widget: replaceComponent(item.widget, change.component_id, () => change.component) };
    case "widget.streaming_text.value_delta":
      return {
        ...item,
        widget: replaceComponent(item.widget, change.component_id, (component) => ({
          ...component,
          value: (component.value || "") + change.delta,
          streaming: !change.done,
        })),
      };
    case "generated_image.updated":
      return { ...item, image: change.image, progress: change.progress };
    default:
      return item;
  }
}

function withPart(item, index, change) {
  if (!Array.isArray(item.content) || index < 0 || index > 1000) return item;
  const content = item.content.slice();
  while (content.length <= index) content.push({ annotations: [], text: "", type: "output_text" });
  content[index] = change(content[index]);
  return { ...item, content };
}

// replaceComponent walks a widget and changes the component with that id; the rest stays as it is.
function replaceComponent(node, id, change) {
  if (Array.isArray(node)) {
    const nodes = node.map((child) => replaceComponent(child, id, change));
    return nodes.some((child, i) => child !== node[i]) ? nodes : node;
  }
  if (node === null || typeof node !== "object") return node;
  if (node.id === id) return change(node);
  const children = replaceComponent(node.children, id, change);
  return children === node.children ? node : { ...node, children };
}

// beginTurn clears what belonged to the turn before.
export function beginTurn(thread) {
  return { ...thread, progress: null, notices: [], error: null, allowCancel: true };
}

// endTurn settles what the stream left open. A message that never got a word goes: the server does not
// keep it either.
export function endTurn(thread) {
  const items = thread.items
    .filter((item) => !(item.live && item.type === "assistant_message" && itemText(item).trim() === ""))
    .map((item) => (item.live ? { ...item, live: false } : item));
  return { ...thread, items, progress: null };
}

// addLocalMessage shows the user's words before the server has confirmed them.
export function addLocalMessage(thread, id, { content, attachments = [], quoted_text }) {
  const item = { id, type: "user_message", local: true, content, attachments, quoted_text };
  return { ...thread, items: [...thread.items, item] };
}

// withoutLocal takes unconfirmed messages away again.
export function withoutLocal(thread) {
  return { ...thread, items: thread.items.filter((item) => !item.local) };
}

// cutAfter drops everything after an item. The server does the same on a retry and sends no events for it.
export function cutAfter(thread, id) {
  const at = thread.items.findIndex((item) => item.id === id);
  return at < 0 ? thread : { ...thread, items: thread.items.slice(0, at + 1) };
}

// prependItems puts an older page, oldest first, before what is there already.
export function prependItems(thread, older) {
  const known = new Set(thread.items.map((item) => item.id));
  return { ...thread, items: [...older.filter((item) => !known.has(item.id)), ...thread.items] };
}

// lastUserMessage is the message that a retry answers again, or undefined.
export function lastUserMessage(thread) {
  return thread.items.findLast((item) => item.type === "user_message" && !item.local);
}

// pendingToolCall is the call that the thread waits for. Only the newest item can be one.
export function pendingToolCall(thread) {
  const last = thread.items.at(-1);
  return last?.type === "client_tool_call" && last.status === "pending" ? last : null;
}

// pendingInput is the form that the thread waits for. Only the newest item can be one.
export function pendingInput(thread) {
  const last = thread.items.at(-1);
  return last?.type === "structured_input" && last.status === "pending" && !last.live ? last : null;
}

// itemText is the plain text of a message.
export function itemText(item) {
  const parts = Array.isArray(item.content) ? item.content : [];
  return parts.map((part) => (typeof part?.text === "string" ? part.text : "")).join(item.type === "user_message" ? "" : "\n\n");
}
