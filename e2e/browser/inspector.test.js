// The inspector in a real browser: streams of a real server, directly and through servers in front that spoil them.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { Parser } from "../../core/playground/web/sse.js";
import { startBrowser } from "./harness.js";
import { messageOf, startServer } from "./interruptions.js";
import { InspectorPage, collecting, delta, direct, event, holding, pieces, startFront } from "./inspector.js";

const run = promisify(execFile);

describe("inspector", { timeout: 240_000 }, () => {
  let server;
  let quiet; // a server without the option Debug
  let front;
  let browser;
  let page;

  before(async () => {
    [server, quiet, browser] = await Promise.all([startServer("-debug", "-heartbeat", "1s"), startServer(), startBrowser()]);
  });
  after(async () => {
    await browser?.close();
    await Promise.all([server?.stop(), quiet?.stop()]);
  });
  beforeEach(async () => { front = await startFront(server.url); });
  afterEach(async () => {
    const { problems } = page;
    await page.close();
    await front.stop();
    assert.deepEqual(problems, []);
  });

  const open = async (options, context) => (page = await InspectorPage.open(browser, front.url, options, context));
  const say = (text) => page.ask(messageOf(text));
  const measure = () => page.page.getByRole("button", { name: "Measure the path" }).click();

  test("rows appear while the answer is on its way, and the figures fit it", async () => {
    await open();
    const answer = say("60 words 50ms");
    await page.page.getByText('"w5 "').waitFor();
    const early = await page.page.locator(".filter span").innerText();
    assert.ok(Number(early) < 60, `${early} entries when the sixth word is there`);
    const body = await answer;
    await page.drawn();
    const figures = await page.figures();
    assert.equal(Number(figures.Bytes.replace(/\D/g, "")), Buffer.byteLength(body));
    const median = await page.figure("Gap: median");
    assert.ok(median > 15 && median < 300, `median gap ${median} ms, want about 50`);
    const rate = Number(figures["Deltas/s"]);
    assert.ok(rate > 3 && rate < 30, `${rate} deltas a second, want about 20`);
    const [headers, first, text, whole] = await Promise.all(["Headers", "First event", "First text", "Whole"].map((name) => page.figure(name)));
    assert.ok(headers <= first && first <= text && text < whole && whole > 2900, `${headers}, ${first}, ${text}, ${whole} ms`);
    assert.match(figures["Events/write"], /^1\.\d$/);
    await page.page.getByRole("img", { name: /Gaps between the last \d+ events/ }).waitFor();
  });

  test("an event opens and shows its data and both times", async () => {
    await open();
    await say("5 words");
    await page.drawn();
    const row = page.rows().filter({ hasText: '"w3 "' });
    await row.getByRole("button").click();
    const text = await row.locator("pre").innerText();
    assert.match(text, /^written by the server at [\d.]+ ms, read here at [\d.]+ ms\n/);
    assert.equal(JSON.parse(text.slice(text.indexOf("\n"))).update.delta, "w3 ");
    await row.getByRole("button").click();
    assert.equal(await row.locator("pre").count(), 0);
  });

  test("the arrow keys walk through the events", async () => {
    await open();
    await say("5 words");
    await page.drawn();
    const buttons = page.rows().getByRole("button");
    await buttons.last().focus();
    await page.page.keyboard.press("ArrowUp");
    await page.page.keyboard.press("Enter");
    const before = page.rows().nth(await buttons.count() - 2);
    await before.locator("pre").waitFor();
    assert.equal(await before.getByRole("button").getAttribute("aria-expanded"), "true");
    assert.equal(await page.rows().locator("button[tabindex='0']").count(), 1);
  });

  test("the filter takes words and the lack of words", async () => {
    await open();
    await say("20 words 1ms");
    await page.drawn();
    const filter = page.page.getByRole("searchbox", { name: "Filter events" });
    await filter.fill("text_delta w1");
    await page.page.locator(".filter span", { hasText: /^11 of/ }).waitFor();
    await filter.fill("text_delta w1 -w17");
    await page.page.locator(".filter span", { hasText: /^10 of/ }).waitFor();
    const shown = await page.rows().allInnerTexts();
    assert.ok(shown.length === 10 && shown.every((row) => row.includes('"w1') && !row.includes("w17")), shown.join("\n"));
    await filter.fill("");
    await page.page.locator(".filter span", { hasText: /^\d+$/ }).waitFor();
  });

  test("the path is clear without a buffer, and a buffer on it is found", async () => {
    await open();
    for (let tries = 0; tries < 5; tries++) { // a busy machine has other verdicts
      await measure();
      await page.finding("path-");
      if ((await page.findings()).includes("path-clear")) break;
    }
    assert.match(await page.finding("path-clear"), /20 events came (one by one|1\.\d at a time)/);
    front.pass = collecting(600);
    await measure();
    const text = await page.finding("path-buffered");
    const [, each, late] = /came ([\d.]+) at a time, up to ([\d.]+) ms late/.exec(text);
    assert.ok(each >= 4 && late >= 300 && late <= 3000, text);
    front.pass = holding;
    await measure();
    assert.match(await page.finding("whole"), /written them one by one|wrote them one by one/);
    assert.match(await page.page.getByRole("status").innerText(), /No event came before the end/);
  });

  test("an answer through a buffer is told from one that the server wrote in bursts", async () => {
    await open();
    front.pass = collecting(600);
    await say("60 words 25ms");
    assert.match(await page.finding("proxy"), /Something behind the server's write/);
    front.pass = direct;
    await say("400 words 0s");
    await page.drawn();
    assert.ok(!(await page.findings()).includes("proxy"));
  });

  test("without the server's times, a burst asks for a measurement", async () => {
    await front.stop();
    front = await startFront(quiet.url);
    await open();
    front.pass = collecting(500);
    await say("80 words 25ms");
    assert.match(await page.finding("bursts"), /The text came in bursts, up to \d+ letters in \d+ events at once.*Measure the path/s);
    await measure();
    assert.match(await page.finding("no-ticks"), /Set Debug/);
  });

  test("a stall shows while it lasts: a silent server", async () => {
    front.answer = pieces(": chatkit\n", delta("a"), 2500, delta("b"), 10, delta("c"));
    await open({ stall: 400 });
    const answer = say("anything");
    await page.finding("silent");
    assert.equal(await page.page.evaluate(() => wire.exchanges[0].end), "");
    await answer;
    await page.finding("silent", /Nothing came for 2[4-9]\d\d ms/);
    await page.rows().filter({ hasText: "silent for" }).waitFor();
    assert.equal(await page.page.locator(".chart path.stall").getAttribute("d").then(Boolean), true);
  });

  test("a stall of the usual five seconds: only heartbeats", async () => {
    await open();
    await say("2 words 1ms after 5500ms");
    await page.finding("heartbeats", /Only heartbeats \([456]\) came for [56]\d\d\d ms/);
    assert.ok(!(await page.findings()).includes("silent"));
    assert.ok(Number((await page.figures()).Heartbeats) >= 4);
    await page.rows().filter({ hasText: "only heartbeats for" }).waitFor();
  });

  test("after Stop, the time until the stream ended", async () => {
    await open();
    const answer = page.ask(messageOf("200 words 50ms"), { stopAfter: 400 }).catch(String);
    assert.match(await answer, /AbortError/);
    await page.drawn();
    assert.ok((await page.figure("After Stop")) < 3000);
    assert.match(await page.page.getByRole("list", { name: "Requests" }).innerText(), /stopped/);
  });

  test("the command for curl gets the same kind of answer in a shell", async () => {
    await open({}, { permissions: ["clipboard-read", "clipboard-write"] });
    const body = messageOf("3 words 1ms");
    body.params.input.content[0].text = "3 words 1ms";
    body.metadata = { quotes: `it's "quoted" $HOME \`id\` \\` };
    const seen = await page.ask(body, { headers: { "idempotency-key": "once", "chatkit-frame-instance-id": "it's" } });
    await page.drawn();
    await page.page.getByRole("button", { name: "Copy as curl" }).click();
    await page.page.getByText("Copied.").waitFor();
    const command = await page.page.evaluate(() => navigator.clipboard.readText());
    const { stdout } = await run("sh", ["-c", command]);
    const events = (text) => new Parser().push(text).map((data) => JSON.parse(data).type);
    assert.deepEqual(events(stdout), events(seen));
    assert.notEqual(stdout, seen, "the same answer again, instead of a new one");
  });

  test("the saved file is the stream", async () => {
    await open();
    const seen = await say("30 words 1ms");
    await page.drawn();
    const [download] = await Promise.all([
      page.page.waitForEvent("download"),
      page.page.getByRole("button", { name: "Save as .sse" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /^threads\.create-\d+\.sse$/);
    const saved = await readFile(await download.path(), "utf8");
    assert.ok(saved === seen, `${saved.length} characters are not the ${seen.length} that came`);
    assert.ok(new Parser().push(saved).every((data) => JSON.parse(data).type));
  });

  test("very many events are listed without being in the page, and only the newest are kept", async () => {
    front.answer = pieces(...Array.from({ length: 80 }, (_, i) => Array.from({ length: 100 }, (_, j) => delta(`n${i * 100 + j} `)).join("")).flatMap((piece) => [piece, 1]));
    await open();
    const longest = page.page.evaluate(() => new Promise((done) => {
      let worst = 0;
      let last = performance.now();
      const frame = (now) => {
        worst = Math.max(worst, now - last);
        last = now;
        if (window.wire.exchanges[0]?.end) done(worst);
        else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    }));
    await say("anything");
    const worst = await longest;
    await page.drawn();
    assert.ok(worst < 2000, `a frame took ${worst} ms`);
    const kept = await page.page.evaluate(() => wire.exchanges[0].entries.length);
    assert.ok(kept <= 5000, `${kept} entries`);
    assert.ok((await page.rows().count()) < 100);
    assert.match(await page.page.locator(".filter span").innerText(), new RegExp(`^${kept}, ${8000 - kept} older ones dropped$`));
    await page.rows().filter({ hasText: '"n7999 "' }).waitFor();
    await page.page.locator(".events").evaluate((box) => box.scrollTo(0, 0));
    await page.rows().filter({ hasText: `"n${8000 - kept} "` }).waitFor();
    assert.ok((await page.rows().count()) < 100);
  });

  test("the page gets the same bytes as without the recorder", async () => {
    const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256));
    const zipped = gzipSync(delta("zipped ".repeat(5000)));
    const answers = [
      (res) => res.writeHead(200, { "content-type": "text/event-stream" }).end(noise),
      (res) => res.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end(zipped),
      (res) => res.writeHead(409, "Conflict", { "content-type": "application/json", "x-extra": "é" }).end('{"message":"no"}'),
      (res) => res.writeHead(204).end(),
      (res) => res.writeHead(302, { location: "/web/wire.js" }).end(),
    ];
    let next;
    front.answer = (req, res) => next(res);
    await open();
    for (const answer of answers) {
      next = answer;
      const [plain, recorded] = await page.page.evaluate(async () => {
        const look = async (fetch) => {
          const response = await fetch("/chatkit", { method: "POST", body: "{}" });
          const hash = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
          const headers = [...response.headers].filter(([name]) => name !== "date");
          return [[...new Uint8Array(hash)].join(), headers, response.status, response.statusText, response.url, response.redirected, response.type].join("|");
        };
        return [await look(fetch), await look(wire.fetch)];
      });
      assert.equal(recorded, plain);
    }
  });

  test("what is wrong with a response is said", async () => {
    await open();
    const cases = [
      ["content-type", (res) => res.writeHead(200, { "content-type": "text/html" }).end("<title>Sign in</title>")],
      ["compressed", (res) => res.writeHead(200, { "content-type": "text/event-stream", "content-encoding": "gzip" }).end(gzipSync(delta("x")))],
      ["cache", (res) => res.writeHead(200, { "content-type": "text/event-stream" }).end(delta("x"))],
      ["error", (res) => res.writeHead(200, { "content-type": "text/event-stream" }).end(event({ type: "error", message: "Out of credit." }))],
      ["status", (res) => res.writeHead(503, { "content-type": "application/json" }).end('{"message":"later"}')],
      ["broken", (res) => { res.writeHead(200, { "content-type": "text/event-stream" }); res.write(delta("x")); setTimeout(() => res.destroy(), 100); }],
    ];
    for (const [id, answer] of cases) {
      front.answer = (req, res) => answer(res);
      await say("anything").catch(() => {});
      await page.finding(id);
    }
    await page.page.evaluate(() => { window.ask = (body) => wire.fetch("http://127.0.0.1:9/chatkit", { method: "POST", body: JSON.stringify(body) }); });
    await say("anything").catch(() => {});
    await page.finding("no-answer");
    page.problems = page.problems.filter((text) => !/Content Security Policy|Fetch API cannot load|INCOMPLETE_CHUNKED/.test(text));
  });

  test("six streams over HTTP/1.1 are too many", async () => {
    front.answer = pieces(delta("x"), 3000, delta("y"));
    await open();
    await page.page.evaluate(() => fetch("/web/wire.js"));
    const answers = Array.from({ length: 6 }, () => say("anything"));
    assert.match(await page.finding("streams"), /6 streams are open over http\/1\.1/);
    await Promise.all(answers);
  });

  test("a fault of the inspector does not reach the rest of the page", async () => {
    await open();
    await page.page.evaluate(() => {
      wire.exchanges = [{ id: -1 }];
      wire.dispatchEvent(new Event("change"));
    });
    await page.page.getByText("The inspector has failed").waitFor();
    assert.match(await page.ask({ type: "threads.list", params: {} }), /data/);
    assert.match(page.problems.pop(), /^inspector:/);
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`text can be read in the ${colorScheme}`, async () => {
      await open({}, { colorScheme });
      await say("5 words");
      await measure();
      await page.finding("path-");
      if (process.env.SCREENSHOTS) await page.page.screenshot({ path: `${process.env.SCREENSHOTS}/inspector-${colorScheme}.png` });
      assert.deepEqual(await page.page.evaluate(tooFaint), []);
    });
  }
});

// tooFaint returns the texts whose contrast with what is behind them is less than 4.5.
function tooFaint() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll(".inspector *")) {
    const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data.trim()).join("");
    if (!text || node.closest(":disabled") || !node.checkVisibility()) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(node).color)), luminance(behind(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`${text}: ${contrast.toFixed(1)}`);
  }
  return found;
}
