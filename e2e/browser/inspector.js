// What the tests of the inspector share: a server in front of a ChatKit server, which spoils streams in the ways that
// proxies do, a page that holds nothing but the inspector, and the words for reading it.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../core/playground/web");
const types = { ".js": "text/javascript", ".css": "text/css" };

// The policy is that of the playground: what it forbids must not be needed.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const document = `<!doctype html><html lang="en"><title>Inspector</title>
<link rel="stylesheet" href="/web/app.css"><link rel="stylesheet" href="/fixture.css">
<main id="app"></main><script type="module" src="/fixture.js"></script></html>`;

const style = "body { display: block; margin: 0 } #app { width: 460px; height: 100vh }";

const script = `
import { html, render } from "/web/vendor.js";
import { Inspector } from "/web/inspector.js";
import { Wire } from "/web/wire.js";
const options = JSON.parse(decodeURIComponent(location.search.slice(1)) || "{}");
window.wire = new Wire(options);
// ask sends a request as a chat page would, and returns what the page got.
window.ask = async (body, { headers = {}, signal, stopAfter } = {}) => {
  const stop = new AbortController();
  const response = await wire.fetch("/chatkit", {
    method: "POST", headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
    body: JSON.stringify(body), signal: stop.signal,
  });
  if (stopAfter !== undefined) setTimeout(() => stop.abort(), stopAfter);
  return response.text();
};
render(html\`<\${Inspector} wire=\${wire} url="/chatkit" />\`, document.getElementById("app"));
`;

// startFront serves the inspector's page, and passes /chatkit on to the address target by way of a function
// (answer, response) that a test can replace: front.pass. With front.answer(request, response, body) there is no
// server behind it at all.
export async function startFront(target) {
  const front = { pass: direct, answer: null };
  const server = createServer(async (req, res) => {
    const path = new URL(req.url, "http://localhost").pathname;
    const own = { "/": [document, "text/html"], "/fixture.js": [script, "text/javascript"], "/fixture.css": [style, "text/css"] }[path];
    if (own) {
      res.writeHead(200, { "content-type": `${own[1]}; charset=utf-8`, "content-security-policy": policy });
      res.end(own[0]);
    } else if (path.startsWith("/web/")) {
      const body = await readFile(join(web, basename(path))).catch(() => null);
      res.writeHead(body ? 200 : 404, { "content-type": types[extname(path)] ?? "text/plain" }).end(body);
    } else if (front.answer) {
      const body = [];
      for await (const piece of req) body.push(piece);
      await front.answer(req, res, Buffer.concat(body).toString());
    } else {
      const onward = request(new URL(req.url, target), { method: req.method, headers: req.headers }, (answer) => front.pass(answer, res));
      onward.on("error", () => res.destroy());
      res.on("close", () => onward.destroy());
      req.pipe(onward);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  front.url = `http://127.0.0.1:${server.address().port}`;
  front.stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return front;
}

// direct passes every piece on as it comes.
export function direct(answer, response) {
  response.writeHead(answer.statusCode, answer.headers);
  response.flushHeaders();
  answer.pipe(response);
}

// collecting passes on what has come within so many milliseconds, as a proxy does that buffers.
export const collecting = (ms) => (answer, response) => {
  response.writeHead(answer.statusCode, answer.headers);
  response.flushHeaders();
  let held = [];
  const flush = () => {
    if (held.length) response.write(Buffer.concat(held));
    held = [];
  };
  const timer = setInterval(flush, ms);
  answer.on("data", (piece) => held.push(piece));
  answer.on("close", () => {
    clearInterval(timer);
    flush();
    response.end();
  });
};

// holding passes on nothing before the end.
export const holding = collecting(1 << 30);

// pieces answers with a stream of texts; a number in between is a pause in milliseconds.
export const pieces = (...list) => async (req, res) => {
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache", "x-accel-buffering": "no" });
  res.flushHeaders();
  for (const piece of list) {
    if (typeof piece === "number") await new Promise((done) => setTimeout(done, piece));
    else res.write(piece);
  }
  res.end();
};

export const event = (value) => `data: ${JSON.stringify(value)}\n\n`;

export const delta = (text) => event({
  type: "thread.item.updated", item_id: "msg_1",
  update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: text },
});

export class InspectorPage {
  problems = [];

  static async open(browser, url, options = {}, context = {}) {
    const page = await (await browser.newContext({ viewport: { width: 480, height: 900 }, ...context })).newPage();
    return new InspectorPage(page).open(`${url}/?${encodeURIComponent(JSON.stringify(options))}`);
  }

  constructor(page) {
    this.page = page;
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "log" && !message.text().includes("status of") && !message.text().includes("favicon")) this.problems.push(message.text());
    });
  }

  async open(url) {
    await this.page.goto(url);
    await this.page.getByRole("heading", { name: "Inspector" }).waitFor();
    return this;
  }

  close() {
    return this.page.context().close();
  }

  ask(body, options) {
    return this.page.evaluate(([b, o]) => window.ask(b, o), [body, options]);
  }

  // drawn waits until the page shows the newest state, which it does ten times a second.
  drawn() {
    return this.page.waitForFunction(async () => {
      await new Promise((done) => setTimeout(done, 150));
      return new Promise((done) => requestAnimationFrame(() => done(true)));
    });
  }

  rows() {
    return this.page.getByRole("list", { name: "Events" }).locator("li");
  }

  // finding waits for the finding whose id begins like that and which has that text, and returns its text.
  async finding(id, hasText = "") {
    const found = this.page.locator(`[data-finding^="${id}"]`, { hasText }).first();
    await found.waitFor({ timeout: 20_000 });
    return found.innerText();
  }

  findings() {
    return this.page.locator("[data-finding]").evaluateAll((nodes) => nodes.map((node) => node.dataset.finding));
  }

  // figures are what stands under each name.
  figures() {
    return this.page.locator(".figures > div").evaluateAll((nodes) =>
      Object.fromEntries(nodes.map((node) => [node.querySelector("dt").innerText, node.querySelector("dd").innerText])));
  }

  // figure is a time among the figures, in milliseconds.
  async figure(name) {
    const text = (await this.figures())[name];
    return parseFloat(text) * (text.endsWith(" ms") ? 1 : 1000);
  }
}
