// Takes the pictures of the playground that the documents show: make screenshots. It is a test that is not run with
// the others, because it writes into docs.
import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openChat, startBrowser } from "./harness.js";
import { startQuickstart } from "./programs.js";

const largest = 250_000; // bytes

let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

for (const colorScheme of ["light", "dark"]) {
  test(`the playground in ${colorScheme}`, async () => {
    const server = await startQuickstart({ pause: "25ms" });
    const chat = await openChat(browser, server.url, { colorScheme, viewport: { width: 1440, height: 900 } });
    for (const words of ["Tell me a joke about Go", "Plan a weekend in Oslo"]) {
      await chat.ask(words);
      await chat.page.getByRole("button", { name: "New chat" }).click();
    }
    await chat.page.getByRole("button", { name: "Inspector", exact: true }).click();
    await chat.ask("Show me a workflow");
    await chat.page.locator("details.workflow summary").click();
    await chat.ask("Draw a widget");
    await chat.ask("Name your sources");
    await chat.page.mouse.move(700, 5);
    const path = fileURLToPath(new URL(`../../docs/playground-${colorScheme}.png`, import.meta.url));
    await chat.page.screenshot({ path, animations: "disabled" });
    const { size } = await stat(path);
    assert.ok(size < largest, `${size} bytes`);
    assert.deepEqual(chat.problems, []);
    await chat.close();
    await server.stop();
  });
}
