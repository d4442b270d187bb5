// What the tests share: a browser, and the words for looking at the page.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { startQuickstart } from "./programs.js";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// sharedQuickstart runs a quickstart and a browser for all tests of a file: shared.server and shared.browser, from the
// first test to the last. shared.slow() is another one, which takes its time, for what has to be seen in the middle of
// an answer.
export function sharedQuickstart(options) {
  const shared = {};
  const servers = [];
  const start = async (options) => {
    servers.push(await startQuickstart(options));
    return servers.at(-1);
  };
  let slow;
  shared.slow = () => (slow ??= start({ pause: "30ms" }));
  before(async () => {
    shared.server = await start(options);
    shared.browser = await startBrowser(); // last: a browser that nobody closes would keep the run from ending
  });
  after(async () => {
    await shared.browser?.close();
    for (const one of servers) assert.equal(await one.stop(), 0, `quickstart's exit code after an interrupt: ${one.log()}`);
  });
  return shared;
}

// png is a picture of one red pixel.
export const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==", "base64");

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

// problemsOf collects what should not happen on a page whose own address is url().
export function problemsOf(page, url) {
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // The browser itself writes such a line for every answer with an error status.
    if (message.type() === "error" && !message.text().includes("status of")) problems.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const address = request.url();
    if (!/^(data|blob):/.test(address) && new URL(address).origin !== new URL(url()).origin) problems.push(`request to ${address}`);
  });
  return problems;
}

// closeUnharmed closes a page and checks that nothing happened on it that should not.
export async function closeUnharmed(page, problems) {
  await page.context().close();
  assert.deepEqual(problems, [], "page errors, refused policies, dialogs and foreign requests");
}

// openPage opens a page in a fresh context and collects what should not happen on it.
export async function openPage(browser, url, options) {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(30_000);
  const problems = problemsOf(page, () => url);
  await page.goto(url);
  return { page, problems };
}

export class Chat {
  constructor(page, url) {
    this.page = page;
    this.url = url;
    this.problems = problemsOf(page, () => this.url);
    page.setDefaultTimeout(30_000);
  }

  async open(hash = "") {
    await this.page.goto(this.url + hash);
    await this.page.getByRole("button", { name: "New chat" }).waitFor();
    await this.page.getByRole("textbox", { name: "Message" }).or(this.page.getByRole("form", { name: "Questions" })).waitFor();
    return this;
  }

  // at opens the page of another server.
  async at(server) {
    this.url = server.url;
    await this.open();
  }

  // module is the address of one of the page's own modules.
  module(name) {
    return this.page.evaluate((file) => new URL(file, document.querySelector("script[type=module]").src).href, name);
  }

  async close() {
    await this.page.context().close();
  }

  // end closes it and checks that nothing happened on it that should not.
  async end() {
    await closeUnharmed(this.page, this.problems);
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

  // watch notes, from now on, every length that the last answer has, every progress line, the states of every task
  // and every title of a workflow. What shows for a moment only cannot be missed by a test on a busy machine.
  watch() {
    return this.page.evaluate(() => {
      window.seen = { lengths: [], progress: [], tasks: [], titles: [] };
      const note = (list, value) => value !== undefined && value !== list.at(-1) && list.push(value);
      const all = (selector) => [...document.querySelectorAll(selector)];
      const look = () => {
        note(window.seen.lengths, all("article.assistant .body").at(-1)?.textContent.length);
        note(window.seen.progress, all("[data-part=progress]").at(-1)?.textContent);
        note(window.seen.tasks, all(".workflow .task").map((task) => task.dataset.status).join() || undefined);
        note(window.seen.titles, all(".workflow summary").at(-1)?.textContent.trim());
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
