// What the tests share: a quickstart on a free port, a browser, and the words for looking at the page.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// startQuickstart runs the program that run.sh has built and returns the address of its page, the origin of that,
// and ways to end it. Pause is the time between two words of the demo, db the file that it keeps threads in.
export async function startQuickstart({ pause = "5ms", db = "", addr = "127.0.0.1:0", env = {} } = {}) {
  const program = process.env.QUICKSTART;
  if (!program) throw new Error("QUICKSTART is not set: run ./run.sh");
  const clean = { ...process.env };
  for (const name of ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "ADDR", "DB"]) delete clean[name];
  const child = spawn(program, ["-addr", addr, "-pause", pause, "-db", db], { env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (data) => (log += data));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /http:\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    ended.then((code) => reject(new Error(`quickstart ended with ${code}: ${log}`)));
  });
  return {
    url,
    origin: new URL(url).origin,
    log: () => log,
    // kill ends it as a crash would.
    async kill() {
      child.kill("SIGKILL");
      return ended;
    },
    // stop asks politely, as a terminal does, and returns the exit code.
    async stop() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

// startBrowser runs Chromium. Playwright gives it a new, empty profile and removes that afterwards.
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags, headless: true });
}

// openChat opens the page in a fresh context and collects everything that should not happen on it.
export async function openChat(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 }, ...options });
  const page = await context.newPage();
  return new Chat(page, url).open();
}

export class Chat {
  problems = [];

  constructor(page, url) {
    this.page = page;
    this.url = url;
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => this.problems.push(`error: ${error.message}`));
    page.on("console", (message) => {
      // The browser itself writes such a line for every answer with an error status.
      if (message.type() === "error" && !message.text().includes("status of")) this.problems.push(`console: ${message.text()}`);
    });
    page.on("dialog", (dialog) => {
      this.problems.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on("request", (request) => {
      const address = request.url();
      if (!/^(data|blob):/.test(address) && new URL(address).origin !== new URL(this.url).origin) this.problems.push(`request to ${address}`);
    });
  }

  async open(hash = "") {
    await this.page.goto(this.url + hash);
    await this.page.getByRole("button", { name: "New chat" }).waitFor();
    await this.page.getByRole("textbox", { name: "Message" }).or(this.page.getByRole("form", { name: "Questions" })).waitFor();
    return this;
  }

  // module is the address of one of the page's own modules.
  module(name) {
    return this.page.evaluate((file) => new URL(file, document.querySelector("script[type=module]").src).href, name);
  }

  async close() {
    await this.page.context().close();
  }

  async send(text) {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.keyboard.press("Enter");
    // The page draws at the next frame: what is seen before that is what was there before.
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  // ask sends a message and waits for the whole answer.
  async ask(text) {
    await this.send(text);
    await this.answered();
  }

  async answered() {
    await this.page.locator("article.user:not(.local)").last().waitFor();
    await this.page.locator('#log[aria-busy="false"]').waitFor({ timeout: 60_000 });
  }

  // still waits until everything on the page is where it stays.
  still() {
    return this.page.evaluate(() => Promise.all(document.getAnimations()
      .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
      .map((one) => one.finished.catch(() => {})))); // one that is cancelled moves nothing any more
  }

  get log() {
    return this.page.locator("#log");
  }

  // items is what the log shows: kind and text of every item, in order.
  items() {
    return this.page.locator("#log > *").evaluateAll((nodes) =>
      nodes.map((node) => ({ id: node.dataset.id, type: node.dataset.type, text: node.innerText.trim() })));
  }

  async types() {
    return (await this.items()).map((item) => item.type);
  }

  lastAnswer() {
    return this.page.locator("article.assistant .body").last();
  }

  // watch notes, from now on, every length that the last answer has, every progress line and the states
  // of every task. What shows for a moment only cannot be missed by a test on a busy machine.
  watch() {
    return this.page.evaluate(() => {
      window.seen = { lengths: [], progress: [], tasks: [] };
      const note = (list, value) => value !== undefined && value !== list.at(-1) && list.push(value);
      const all = (selector) => [...document.querySelectorAll(selector)];
      const look = () => {
        note(window.seen.lengths, all("article.assistant .body").at(-1)?.textContent.length);
        note(window.seen.progress, all("[data-part=progress]").at(-1)?.textContent);
        note(window.seen.tasks, all(".workflow .task").map((task) => task.dataset.status).join() || undefined);
      };
      new MutationObserver(look).observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true, attributes: true });
    });
  }

  seen() {
    return this.page.evaluate(() => window.seen);
  }

  // until waits for the last answer to have at least so many characters.
  async until(characters) {
    await this.page.waitForFunction(
      (n) => ([...document.querySelectorAll("article.assistant .body")].at(-1)?.textContent.length ?? 0) >= n, characters);
  }

  threads() {
    return this.page.locator("#threads li a").allInnerTexts();
  }

  threadID() {
    return this.page.evaluate(() => location.hash.slice(1));
  }
}
