// What happens on a click, on an event of a stream, on a change of the address. It knows no elements.
import { RequestError, call, stream } from "./api.js";
import { Announcer } from "./announcer.js";
import * as state from "./state.js";
import * as tools from "./tools.js";

const maxToolRounds = 8; // A server that asks for ever must not keep the page busy for ever.
const pageSize = 40;
const toastTime = 6000;

// A session is a thread on this page and what happens to it. It goes on when another one is shown.
const newSession = (id) => ({ thread: state.newThread(id), run: null, older: null, loading: false });

export class Chat {
  current = newSession(null);
  threads = { data: [], has_more: false };
  toasts = []; // {id, text, detail}
  feedback = {}; // by item id: positive or negative
  cut = new Set(); // ids of the items that this page saw end before they were done
  composer = null; // takes back words that could not be sent, and quotes; see Composer
  #sessions = new Map(); // by thread id
  #ids = 0;

  // changed is called when something is to be drawn.
  constructor(changed) {
    this.changed = changed;
    this.announcer = new Announcer(changed);
  }

  start() {
    const follow = () => {
      const id = location.hash.slice(1) || null;
      if (id !== this.current.thread.id) this.open(id);
    };
    // The address decides what is shown, so that reload, back and a shared link do what people expect.
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    follow();
    this.moreThreads();
  }

  #change(session, thread) {
    session.thread = thread;
    if (session === this.current) this.changed();
  }

  // run sends a streaming request and applies what comes back. A new one stops the last.
  run = async (session, type, params, toolRounds = 0) => {
    session.run?.abort();
    const controller = new AbortController();
    session.run = controller;
    if (session === this.current) this.announcer.begin();
    this.#end(session);
    this.#change(session, state.beginTurn(session.thread));
    let failure;
    try {
      for await (const event of stream(type, params, controller.signal)) {
        if (session.run !== controller) return;
        this.#receive(session, event);
      }
    } catch (error) {
      if (!controller.signal.aborted) failure = error;
    }
    if (session.run !== controller) return;
    session.run = null;
    this.#end(session);
    if (failure) this.#fail(session, failure);
    const pending = state.pendingToolCall(session.thread);
    if (!pending || failure || session.thread.error || controller.signal.aborted) return;
    // What an answer asked for before this page joined it may be in the hands of another tab.
    if (type === "runs.attach" || toolRounds >= maxToolRounds || !tools.automatic(pending.name)) return;
    this.answerTool(session, pending, await tools.answer(pending.name, pending.arguments), toolRounds + 1);
  };

  // end ends a turn. The wire does not tell later what was cut short, so it is noted.
  #end(session) {
    for (const item of session.thread.items) if (item.live) this.cut.add(item.id);
    this.#change(session, state.endTurn(session.thread));
  }

  #receive(session, event) {
    this.#change(session, state.applyEvent(session.thread, event));
    const shown = session === this.current;
    switch (event.type) {
      case "thread.created":
        this.#sessions.set(session.thread.id, session);
        this.#list((data) => [event.thread, ...data.filter((thread) => thread.id !== event.thread.id)]);
        if (shown) history.replaceState(null, "", `#${session.thread.id}`);
        break;
      case "thread.updated":
        this.#retitle(event.thread);
        break;
      case "thread.item.updated":
      case "thread.item.done": {
        if (event.item) this.cut.delete(event.item.id);
        const item = shown && session.thread.items.find(({ id }) => id === (event.item_id ?? event.item.id));
        if (item?.type === "assistant_message") this.announcer.follow(state.itemText(item), event.type === "thread.item.done");
        break;
      }
      case "progress_update":
        if (shown) this.announcer.say(event.text);
        break;
      case "client_effect":
        this.toast(`Effect: ${event.name}`, event.data);
        break;
    }
  }

  // fail shows an error that did not come as an event. If the server never took the message, its words go
  // back into the composer.
  #fail(session, error) {
    const lost = session.thread.items.find((item) => item.local);
    if (lost) {
      this.#change(session, state.withoutLocal(session.thread));
      if (session === this.current) this.composer?.restore(lost);
    }
    if (!(error instanceof RequestError)) console.error(error);
    const login = [401, 403].includes(error.status);
    const retry = !login && !lost && Boolean(state.lastUserMessage(session.thread));
    this.#change(session, { ...session.thread, error: { message: error.message, retry, login } });
  }

  // send sends a message: {content, attachments, quoted_text, inference_options}. Attachments are whole.
  send = (message) => {
    const session = this.current;
    this.#change(session, state.addLocalMessage(session.thread, `local-${++this.#ids}`, message));
    const input = { ...message, attachments: message.attachments.map(({ id }) => id) };
    if (session.thread.id) this.run(session, "threads.add_user_message", { thread_id: session.thread.id, input });
    else this.run(session, "threads.create", { input });
  };

  sendText = (text) => this.send({ content: [{ type: "input_text", text }], attachments: [], inference_options: {} });

  stop = () => {
    if (!this.current.run || !this.current.thread.allowCancel) return;
    this.current.run.abort();
    this.announcer.say("Stopped");
  };

  retry = () => {
    const session = this.current;
    const message = state.lastUserMessage(session.thread);
    if (!message) return;
    this.#change(session, state.cutAfter(session.thread, message.id));
    this.run(session, "threads.retry_after_item", { thread_id: session.thread.id, item_id: message.id });
  };

  // answerTool sends what a tool has said. The server goes on from there.
  answerTool = (session, item, result, toolRounds = 0) => {
    // No event says that the call is answered, so the page notes it itself.
    this.#replace(session, { ...item, status: "completed", output: result });
    this.run(session, "threads.add_client_tool_output", { thread_id: session.thread.id, result }, toolRounds);
  };

  structuredInput = (item, input) =>
    this.run(this.current, "threads.add_structured_input", { thread_id: this.current.thread.id, item_id: item.id, input });

  // attempt runs something that is not worth more than a short word when it fails.
  #attempt = async (work) => {
    try {
      return await work();
    } catch (error) {
      if (error.status === 401) return this.#fail(this.current, error);
      this.toast(error.message);
    }
  };

  action = (item, { type, payload = null, handler, streaming }) => {
    const session = this.current;
    const params = { thread_id: session.thread.id, item_id: item.id, action: { type, payload } };
    if (handler === "client") return this.toast(`Action for the page: ${type}`, payload);
    if (streaming !== false) {
      return session.run ? this.toast("Please wait for the answer first.") : this.run(session, "threads.custom_action", params);
    }
    return this.#attempt(async () => {
      const { updated_item: updated } = await call("threads.sync_custom_action", params);
      if (updated) this.#replace(session, updated);
    });
  };

  #replace(session, item) {
    this.#change(session, state.applyEvent(session.thread, { type: "thread.item.replaced", item }));
  }

  rate = (item, kind) =>
    this.#attempt(async () => {
      await call("items.feedback", { thread_id: this.current.thread.id, item_ids: [item.id], kind });
      this.feedback = { ...this.feedback, [item.id]: kind };
      this.announcer.say("Thank you for your feedback");
    });

  copy = (text) =>
    this.#attempt(async () => {
      await navigator.clipboard.writeText(text);
      this.toast("Copied");
    });

  // open shows a thread, or an empty page for a new one.
  open = async (id) => {
    if (location.hash.slice(1) !== (id ?? "")) history.pushState(null, "", id ? `#${id}` : location.pathname + location.search);
    const known = this.#sessions.get(id);
    const session = known?.run ? known : newSession(id);
    this.current = session;
    this.announcer.begin();
    if (id) this.#sessions.set(id, session);
    this.changed();
    if (id && !session.run) await this.#load(session);
    this.changed();
  };

  // load reads a thread. The first answer holds its oldest items; a long thread shows its newest ones. The
  // turn comes before: it may end in between.
  async #load(session) {
    session.loading = true;
    try {
      const params = { thread_id: session.thread.id };
      const run = await this.#active(params);
      const response = await call("threads.get_by_id", params);
      session.thread = state.withMeta(session.thread, response);
      if (response.items.has_more) await this.#loadPage(session);
      else session.thread = state.prependItems(session.thread, response.items.data);
      if (run && !session.run) this.run(session, "runs.attach", { ...params, run_id: run });
    } catch (error) {
      if (error.status === 404) {
        this.toast("This conversation does not exist any more.");
        if (session === this.current) return this.open(null);
      }
      this.#fail(session, error);
    } finally {
      session.loading = false;
    }
  }

  // active returns the turn in progress. Servers of other makes do not know the question, and say so in many ways.
  async #active(params) {
    try {
      return (await call("runs.active", params)).run_id;
    } catch (error) {
      if (error.status === 0 || error.status === 404) throw error;
      return null;
    }
  }

  async #loadPage(session) {
    const params = { thread_id: session.thread.id, limit: pageSize, order: "desc" };
    if (session.older) params.after = session.older;
    const page = await call("items.list", params);
    session.older = page.has_more ? page.after : null;
    session.thread = state.prependItems(session.thread, page.data.toReversed());
  }

  earlier = () => {
    const session = this.current;
    return this.#attempt(async () => {
      await this.#loadPage(session);
      this.#change(session, session.thread);
    });
  };

  #list(change) {
    this.threads = { ...this.threads, data: change(this.threads.data) };
    this.changed();
  }

  #retitle({ id, title }) {
    this.#list((data) => data.map((thread) => (thread.id === id ? { ...thread, title } : thread)));
  }

  moreThreads = () =>
    this.#attempt(async () => {
      const params = { limit: pageSize, order: "desc" };
      if (this.threads.after) params.after = this.threads.after;
      const page = await call("threads.list", params);
      const known = new Set(this.threads.data.map((thread) => thread.id));
      this.threads = { ...page, data: [...this.threads.data, ...page.data.filter((thread) => !known.has(thread.id))] };
      this.changed();
    });

  #sessionOf = (id) => (id === this.current.thread.id ? this.current : this.#sessions.get(id));

  rename = (id, title) =>
    this.#attempt(async () => {
      const response = await call("threads.update", { thread_id: id, title });
      const session = this.#sessionOf(id);
      if (session) this.#change(session, state.withMeta(session.thread, response));
      this.#retitle(response);
    });

  remove = (id) =>
    this.#attempt(async () => {
      this.#sessionOf(id)?.run?.abort();
      await call("threads.delete", { thread_id: id });
      this.#sessions.delete(id);
      this.#list((data) => data.filter((thread) => thread.id !== id));
      if (id === this.current.thread.id) this.open(null);
    });

  // again reads everything anew, after a login.
  again = () => {
    this.threads = { data: [], has_more: false };
    this.open(this.current.thread.id);
    this.moreThreads();
  };

  toast = (text, value) => {
    const toast = { id: ++this.#ids, text, detail: value && JSON.stringify(value).replace(/^(.{60}).+$/, "$1…") };
    this.toasts = [...this.toasts.slice(-3), toast];
    setTimeout(() => {
      this.toasts = this.toasts.filter((other) => other !== toast);
      this.changed();
    }, toastTime);
    this.changed();
  };
}
