// The page for everybody: names, contrast, keyboard, what is read out, colours, little room, little motion.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { assistant, done, fake, thread, user } from "./fake.js";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

// everything fills the page with one of each, with all panes open.
async function everything() {
  for (const words of ["Hello there", "Open the gallery", "Show me a workflow", "Name your sources", "Give me a notice"]) await chat.ask(words);
  await chat.page.getByLabel("Files", { exact: true }).setInputFiles([{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") }]);
  await chat.page.locator('.pending-files li[aria-busy="false"]').waitFor();
  await chat.page.getByRole("button", { name: "Quote" }).first().click();
  await chat.page.getByRole("button", { name: "Client tools" }).click();
  await chat.page.evaluate(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
}

describe("access", () => {
  beforeEach(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  afterEach(() => chat.end());

  const reopen = async (options) => {
    await chat.close();
    chat = await openChat(shared.browser, shared.server.url, options);
  };

  test("every control has a name and every id is unique", async () => {
    await everything();
    const found = await chat.page.evaluate(() => {
      const name = (node) => (node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent || node.alt || "").trim();
      const controls = [...document.querySelectorAll("button, input, textarea, select, a[href], [role=button]")].filter((node) => !node.closest("#inspector"));
      const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
      return {
        count: controls.length,
        nameless: controls.filter((node) => !name(node)).map((node) => node.outerHTML),
        twice: ids.filter((id, i) => ids.indexOf(id) !== i),
        images: [...document.querySelectorAll("img:not([alt])")].map((node) => node.outerHTML),
        dangling: [...document.querySelectorAll("[aria-controls]")].map((node) => node.getAttribute("aria-controls")).filter((id) => id !== "inspector" && !document.getElementById(id)),
      };
    });
    assert.ok(found.count > 40, `${found.count} controls`);
    assert.deepEqual({ ...found, count: 0 }, { count: 0, nameless: [], twice: [], images: [], dangling: [] });
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`every text can be read in ${colorScheme} colours`, async () => {
      await reopen({ colorScheme });
      await everything();
      const weak = await chat.page.evaluate(() => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        const parse = (color) => {
          canvas.clearRect(0, 0, 1, 1);
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
          return [r, g, b, a / 255];
        };
        const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
        const light = (rgb) => rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (node) => {
          const layers = [];
          for (let at = node; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
          return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
        };
        const found = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        let seen = 0;
        for (let text = walk.nextNode(); text; text = walk.nextNode()) {
          const node = text.parentElement;
          if (!text.textContent.trim() || node.closest("noscript, script, style, .sr-only, :disabled, #inspector") || !node.checkVisibility({ opacityProperty: true })) continue;
          const style = getComputedStyle(node);
          if (style.backgroundClip === "text") continue;
          seen++;
          const under = ground(node);
          const [a, b] = [light(over(parse(style.color), under)), light(under)];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          const large = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700;
          if (contrast < (large ? 3 : 4.5)) found.push(`${contrast.toFixed(2)}: ${node.className} "${text.textContent.trim().slice(0, 30)}"`);
        }
        return { found, seen };
      });
      assert.ok(weak.seen > 60, `${weak.seen} texts`);
      assert.deepEqual(weak.found, []);
    });
  }

  test("an answer is read out in whole sentences, and not word by word", async () => {
    await chat.at(await shared.slow());
    await chat.page.evaluate(() => {
      window.said = [];
      new MutationObserver(() => window.said.push(document.querySelector("#announcer").textContent)).observe(document.querySelector("#announcer"), { childList: true, subtree: true, characterData: true });
    });
    await chat.ask("Stall for a while"); // it pauses for more than a second
    const said = await chat.page.evaluate(() => window.said);
    assert.ok(said.length <= 5, `${said.length} announcements: ${JSON.stringify(said)}`);
    assert.match(said.join(" "), /I fall silent now … and here I am again\.$/);
  });

  test("whole sentences are said in a pause, the rest at the end", async () => {
    const said = await chat.page.evaluate(async (module) => {
      const { Announcer } = await import(module);
      const list = [];
      const announcer = new Announcer(() => list.push(announcer.text));
      announcer.follow("One **sentence**. And half of", false);
      await new Promise((resolve) => setTimeout(resolve, 1300));
      announcer.follow("One **sentence**. And half of another.", true);
      return list;
    }, await chat.module("announcer.js"));
    assert.deepEqual(said, ["One sentence.", "And half of another."]);
  });

  test("the focus stays in the composer, and everything is within reach of the Tab key", async () => {
    await chat.ask("Hello");
    assert.equal(await chat.page.evaluate(() => document.activeElement.id), "input");
    const reached = new Set();
    for (let i = 0; i < 40; i++) {
      await chat.page.keyboard.press("Tab");
      reached.add(await chat.page.evaluate(() => document.activeElement.getAttribute("aria-label") || document.activeElement.textContent.trim()));
    }
    for (const name of ["New chat", "Client tools", "Inspector", "Copy", "Quote", "Good answer", "Answer again", "Attach files", "Model", "Tool"]) assert.ok(reached.has(name), `${name}: ${[...reached]}`);
  });

  test("the colours follow the system, until the user chooses", async () => {
    await reopen({ colorScheme: "dark" });
    const dark = () => chat.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const system = await dark();
    await chat.page.getByRole("button", { name: "Colours: as the system" }).click();
    assert.notEqual(await dark(), system, "light by choice");
    await chat.page.reload();
    await chat.page.getByRole("button", { name: "Colours: light" }).click();
    assert.equal(await dark(), system);
    await chat.page.getByRole("button", { name: "Colours: dark" }).click();
    await chat.page.getByRole("button", { name: "Colours: as the system" }).waitFor();
  });

  test("the inspector opens, stays open after a reload, and lies over the chat where there is little room", async () => {
    const inspector = chat.page.getByRole("complementary", { name: "Inspector" });
    assert.equal(await inspector.count(), 0);
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await inspector.waitFor();
    await chat.page.reload();
    await inspector.waitFor();
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    assert.equal(await inspector.count(), 0);
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await chat.page.setViewportSize({ width: 390, height: 760 });
    await chat.page.reload();
    await chat.page.getByRole("textbox", { name: "Message" }).waitFor();
    assert.equal(await inspector.count(), 0, "on a phone it waits to be opened");
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await inspector.waitFor();
    assert.equal(await chat.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "no sideways scrolling");
  });

  test("on a phone the threads come out at the side", async () => {
    await chat.ask("Hello phone");
    await chat.page.setViewportSize({ width: 390, height: 760 });
    const sidebar = chat.page.getByRole("complementary", { name: "Conversations" });
    await sidebar.waitFor({ state: "hidden" });
    await chat.page.getByRole("button", { name: "Conversations" }).click();
    await sidebar.getByRole("link", { name: "Hello phone" }).waitFor();
    await chat.page.keyboard.press("Escape");
    await sidebar.waitFor({ state: "hidden" });
    await chat.page.getByRole("button", { name: "Conversations" }).click();
    await sidebar.getByRole("button", { name: "New chat" }).click();
    await sidebar.waitFor({ state: "hidden" });
  });

  for (const [width, height] of [[390, 760], [1366, 640]]) {
    test(`the page to begin with is seen from its beginning at ${width} × ${height}`, async () => {
      const heading = chat.page.locator("#welcome h2");
      await chat.page.setViewportSize({ width, height });
      await chat.page.reload();
      await heading.waitFor();
      const shown = () => heading.evaluate((node) => {
        const { top, bottom } = node.getBoundingClientRect();
        return top >= document.querySelector("#scroller").getBoundingClientRect().top && bottom <= innerHeight;
      });
      assert.equal(await chat.page.evaluate(() => document.querySelector("#scroller").scrollHeight > document.querySelector("#scroller").clientHeight), true, "there is more than fits");
      assert.equal(await shown(), true, "the heading is in view");
      await chat.ask("Hello there");
      await chat.page.setViewportSize({ width, height: height - 100 });
      await chat.page.waitForFunction(() => { // which follows the end
        const { scrollHeight, clientHeight, scrollTop } = document.querySelector("#scroller");
        return scrollHeight - clientHeight - scrollTop < 2;
      });
      await chat.page.evaluate(() => { location.hash = ""; });
      await heading.waitFor();
      assert.equal(await shown(), true, "the heading is in view again");
      // Where somebody has scrolled to, the page stays, whatever is drawn.
      await chat.page.evaluate(() => document.querySelector("#scroller").scrollTo(0, 90));
      await chat.page.getByRole("textbox", { name: "Message" }).fill("Hi");
      await chat.page.getByRole("button", { name: /^Colours/ }).click();
      assert.equal(await chat.page.evaluate(() => document.querySelector("#scroller").scrollTop), 90);
    });
  }

  test("nothing moves for those who do not want it", async () => {
    await reopen({ reducedMotion: "reduce" });
    let end;
    await fake(chat.page, { "threads.create": () => new Promise((resolve) => (end = () => resolve([{ type: "thread.created", thread: thread() }, done(user("Hi")), done(assistant("Hello"))]))) });
    await chat.send("Hi");
    await chat.page.locator("[data-part=waiting]").waitFor();
    const moving = await chat.page.evaluate(() => document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 0).length);
    assert.equal(moving, 0);
    end();
    await chat.answered();
  });
});
