// What the page looks like: screenshots in light and dark, on a desk and on a phone. They are kept in a
// temporary folder whose name is printed, and checked to be more than a blank sheet.
import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let folder;

before(async () => {
  folder = await mkdtemp(join(process.env.SCREENSHOTS || tmpdir(), "chatkit-screenshots-"));
});

for (const colorScheme of ["light", "dark"]) {
  test(`screenshots in ${colorScheme}`, async (t) => {
    const chat = await openChat(shared.browser, shared.server.url, { colorScheme });
    const shots = { empty: await shoot(chat, `${colorScheme}-empty`) };
    await chat.ask("Hello, what are you?");
    await chat.ask("Draw a widget");
    shots.chat = await shoot(chat, `${colorScheme}-chat`);
    await chat.page.setViewportSize({ width: 390, height: 760 });
    shots.phone = await shoot(chat, `${colorScheme}-phone`);
    assert.equal(await chat.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "no sideways scrolling on a phone");
    t.diagnostic(`screenshots: ${folder}`);
    for (const [name, { colors, brightness }] of Object.entries(shots)) {
      assert.ok(colors > 40, `${name}: ${colors} colours`);
      if (colorScheme === "light") assert.ok(brightness > 170, `${name}: brightness ${brightness}`);
      else assert.ok(brightness < 90, `${name}: brightness ${brightness}`);
    }
    await chat.close();
  });
}

// shoot takes a screenshot and measures it: how many colours it has, and how bright it is on average.
async function shoot(chat, name) {
  const image = await chat.page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  const blank = await chat.page.context().newPage();
  const measured = await blank.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    const colors = new Set();
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) {
      colors.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      sum += (data[i] + data[i + 1] + data[i + 2]) / 3;
    }
    return { colors: colors.size, brightness: Math.round(sum / (data.length / 4)) };
  }, image.toString("base64"));
  await blank.close();
  return measured;
}
