// The page with OpenAI's own ChatKit.js. Tests do not reach the internet: they see the page without it, and with
// a stand-in that does on the page what the real script does there, which is to call api.fetch.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBrowser } from "./harness.js";
import { InspectorPage } from "./inspector.js";
import { messageOf, startServer, words } from "./interruptions.js";

const address = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";

const standIn = `
customElements.define("openai-chatkit", class extends HTMLElement {
  setOptions(options) {
    window.options = options;
  }
  connectedCallback() {
    const style = document.createElement("style");
    style.textContent = "p { color: rgb(1, 2, 3) }";
    const frame = document.createElement("iframe");
    frame.src = "https://cdn.platform.openai.com/frame";
    this.attachShadow({ mode: "open" }).append(style, frame);
  }
  sendCustomAction(action) {
    window.actions = [...(window.actions ?? []), action];
  }
});`;

describe("official page", { timeout: 120_000 }, () => {
  let server;
  let browser;

  before(async () => {
    [server, browser] = await Promise.all([startServer("-debug"), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  // open opens the page where requests to OpenAI are answered by a function, and all others off this origin noted.
  async function open(answer, hash = "") {
    const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
    const strays = [];
    await page.route((url) => url.origin !== server.url, (route) => {
      if (new URL(route.request().url()).origin === new URL(address).origin) return answer(route);
      strays.push(route.request().url());
      return route.abort();
    });
    const opened = new InspectorPage(page);
    await opened.open(`${server.url}/playground/official${hash}`);
    return Object.assign(opened, { strays });
  }

  const stand = (route) => (route.request().url() === address
    ? route.fulfill({ contentType: "text/javascript", body: standIn })
    : route.fulfill({ contentType: "text/html", body: "<p>frame</p>" }));

  test("has a link only if the options ask for it", async () => {
    for (const official of [true, false]) {
      const page = await browser.newPage();
      await page.route(`${server.url}/playground/`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace("&#34;official&#34;:true", `&#34;official&#34;:${official}`) });
      });
      await page.goto(`${server.url}/playground/`);
      await page.getByRole("button", { name: "New chat" }).waitFor();
      assert.equal(await page.getByRole("link", { name: "Official ChatKit.js" }).count(), Number(official));
      await page.close();
    }
  });

  test("says plainly that the script did not load", async () => {
    const page = await open((route) => route.abort("internetdisconnected"));
    await page.page.getByText("ChatKit.js did not load.").waitFor();
    assert.match(await page.page.locator("main [role=status]").innerText(), /comes from cdn\.platform\.openai\.com.*needs the internet/);
    assert.equal(await page.page.getByRole("textbox", { name: "Domain key" }).inputValue(), "local-dev");
    assert.deepEqual(page.problems, ["Failed to load resource: net::ERR_INTERNET_DISCONNECTED"]);
    await page.close();
  });

  test("gives the script the options, and the inspector its requests", async () => {
    const page = await open(stand);
    await page.page.waitForFunction(() => window.options);
    const options = await page.page.evaluate(() => JSON.parse(JSON.stringify(window.options)));
    assert.deepEqual(options.api, { url: "/chatkit", domainKey: "local-dev" });
    assert.equal(options.startScreen.greeting, "Ask for words.");
    assert.equal(options.initialThread, null);
    const body = await page.page.evaluate(async (message) => {
      const response = await window.options.api.fetch("/chatkit", {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message),
      });
      return response.text();
    }, messageOf("30 words 5ms"));
    assert.ok(body.includes(JSON.stringify(words(30)).slice(1, -1)), "the answer is not whole");
    await page.page.getByRole("list", { name: "Requests" }).getByText(/threads\.create\s*200\s*\d+ events/).waitFor();
    assert.ok((await page.rows().count()) > 10);
    assert.equal(await page.page.frames()[1].locator("p").innerText(), "frame");
    assert.deepEqual([page.problems, page.strays], [[], []]);
    await page.close();
  });

  test("remembers the domain key", async () => {
    const page = await open(stand);
    const key = page.page.getByRole("textbox", { name: "Domain key" });
    await key.fill("domain_pk_x");
    await Promise.all([page.page.waitForEvent("load"), page.page.getByRole("button", { name: "Load again" }).click()]);
    await page.page.waitForFunction(() => window.options?.api.domainKey === "domain_pk_x");
    await page.close();
  });

  test("opens the thread of the address, and joins its answer", async () => {
    const running = await fetch(`${server.url}/chatkit`, {
      method: "POST", headers: { "content-type": "application/json", "chatkit-resume": "1" }, body: JSON.stringify(messageOf("100 words 100ms")),
    });
    const thread = running.headers.get("chatkit-run").split("/")[0];
    const page = await open(stand, `#${thread}`);
    await page.page.waitForFunction((id) => window.options?.initialThread === id, thread);
    await page.page.evaluate((id) => document.querySelector("openai-chatkit")
      .dispatchEvent(new CustomEvent("chatkit.thread.load.end", { detail: { threadId: id } })), thread);
    await page.page.waitForFunction(() => window.actions?.[0]?.type === "chatkit.attach");
    await page.page.evaluate(() => document.querySelector("openai-chatkit")
      .dispatchEvent(new CustomEvent("chatkit.thread.change", { detail: { threadId: "thr_other" } })));
    assert.equal(new URL(page.page.url()).hash, "#thr_other");
    await page.close();
    await running.body.cancel();
    await server.ask("runs.cancel", { thread_id: thread });
  });

  test("the playground asks nobody but its own origin, and shows every stream of its chat in the inspector", async () => {
    const page = await (await browser.newContext({ viewport: { width: 1300, height: 800 } })).newPage();
    const strays = [];
    page.on("request", (request) => request.url().startsWith(`${server.url}/`) || strays.push(request.url()));
    const seen = new InspectorPage(page);
    await page.goto(`${server.url}/playground/`);
    await page.getByRole("button", { name: "Inspector", exact: true }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("40 words 10ms");
    await page.keyboard.press("Enter");
    await page.getByText("w39").first().waitFor();
    await page.getByRole("list", { name: "Requests" }).getByText(/threads\.create\s*200/).waitFor();
    const figures = await seen.figures();
    assert.ok(Number(figures["Deltas/s"]) > 5, JSON.stringify(figures));
    await page.getByRole("button", { name: "Measure the path" }).click();
    await seen.finding("path-");
    await page.getByRole("textbox", { name: "Message" }).fill("500 words 20ms");
    await page.keyboard.press("Enter");
    await page.getByText("w60").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("li", { hasText: "threads.add_user_message" }).getByText("stopped").waitFor();
    await seen.drawn();
    assert.ok((await seen.figure("After Stop")) < 3000);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/inspector-page.png` });
    assert.deepEqual([seen.problems, strays], [[], []]);
    await page.context().close();
  });
});
