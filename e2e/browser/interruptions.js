// What the tests about interruptions share: the server with numbered words, a connection that breaks on
// demand, and the words for driving the test page.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { built, startProgram } from "./programs.js";

const library = join(dirname(fileURLToPath(import.meta.url)), "node_modules/@microsoft/fetch-event-source/lib/esm");

// startServer runs the server with numbered words.
export async function startServer(...args) {
  const server = await startProgram(built("INTERRUPTIONS"), ["-library", library, ...args]);
  const { url } = server;
  return {
    ...server,
    async ask(type, params) {
      const response = await post(url, { type, params });
      if (!response.ok) throw new Error(`${type}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    // stored is every item of a thread, the hidden ones too.
    async stored(thread) {
      return (await fetch(`${url}/stored?thread=${thread}`)).json();
    },
  };
}

export function post(url, body, headers = {}) {
  return fetch(`${url}/chatkit`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
}

export const words = (n) => Array.from({ length: n }, (_, i) => `w${i} `).join("");

export const messageOf = (text, thread) => {
  const input = { content: [{ type: "input_text", text }], attachments: [], inference_options: {} };
  return thread ? { type: "threads.add_user_message", params: { thread_id: thread, input } } : { type: "threads.create", params: { input } };
};

export const textOf = (item) => (item.content ?? []).map((part) => part.text).join("");

// random is a small generator, so that a failure can be repeated with its seed.
export function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A Proxy passes bytes between a browser and the server, until it is told to break something.
//
//   cut      how many bytes of answers a connection may carry, a function that is asked anew for each
//            connection; null for all
//   answers  what happens to the next requests, one each: "502" passes the request on and answers with
//            that status itself, "reset" passes it on and breaks the connection, "refuse" breaks it
//            before; then all is well
//   delay    milliseconds before an answer is passed back
export class Proxy {
  cut = null;
  answers = [];
  delay = 0;
  cuts = 0;
  #sockets = new Set();
  #server;

  async start(url) {
    const { hostname, port } = new URL(url);
    this.#server = createServer({ noDelay: true }, (client) => this.#join(client, connect({ host: hostname, port, noDelay: true })));
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  #join(client, upstream) {
    const both = [client, upstream];
    const kill = () => both.forEach((socket) => socket.destroy());
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.on("error", kill);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        kill();
      });
    }
    let left; // bytes until the cut
    let cut; // that says so
    let plan;
    client.on("data", (data) => {
      // A request comes in one piece here: they are all short.
      plan = this.answers.shift();
      if (plan === "refuse") return kill();
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (plan === "reset") return kill();
      if (plan === "502") {
        plan = "gone";
        client.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      }
      if (plan === "gone") return;
      const pass = () => {
        if (cut !== this.cut) {
          cut = this.cut;
          left = cut?.() ?? Infinity;
        }
        if (data.length < left) {
          left -= data.length;
          return client.write(data);
        }
        this.cuts++;
        upstream.destroy();
        client.write(data.subarray(0, left), () => kill());
      };
      if (this.delay) setTimeout(pass, this.delay);
      else pass();
    });
  }

  // interrupt breaks every connection there is.
  interrupt() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop() {
    this.#server.close();
    this.interrupt();
    await once(this.#server, "close");
  }
}

// A Client is one test page.
export class Client {
  problems = [];

  static async open(context, url, hash = "", query = "") {
    const client = new Client();
    client.page = await context.newPage();
    client.page.setDefaultTimeout(30_000);
    client.page.on("pageerror", (error) => client.problems.push(error.message));
    await client.page.goto(`${url}/${query}${hash && `#${hash}`}`);
    await client.page.waitForFunction(() => window.chat?.ready);
    await client.page.evaluate(() => window.chat.ready);
    return client;
  }

  // begin starts to send a message and does not wait for the answer.
  begin(how, ...args) {
    return this.page.evaluate(([how, args]) => void window.chat[how](...args), [how, args]);
  }

  async state() {
    return this.page.evaluate(() => {
      const { thread, items, events, posts, error, busy } = window.chat;
      return { thread, items, events, posts, error, busy };
    });
  }

  // until waits for an answer with at least so many words.
  until(n) {
    return this.page.waitForFunction((word) => window.chat.items.at(-1)?.text.includes(word), `w${n} `);
  }

  idle() {
    return this.page.waitForFunction(() => window.chat.busy === false && window.chat.ends > 0, null, { timeout: 60_000 });
  }

  visible(yes) {
    return this.page.evaluate((yes) => window.chat.visible(yes), yes);
  }
}
