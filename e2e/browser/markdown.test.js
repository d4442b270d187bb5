// The page's Markdown in a real browser: what text becomes which elements.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openChat, startBrowser, startQuickstart } from "./harness.js";

let server;
let browser;
let chat;

before(async () => {
  [server, browser] = await Promise.all([startQuickstart(), startBrowser()]);
  chat = await openChat(browser, server.url);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// render returns the elements of a text as HTML, links without the members that all of them have.
const render = (texts) => chat.page.evaluate(async (list) => {
  const { markdown } = await import("/markdown.js");
  return list.map((text) => markdown(text).innerHTML.replaceAll(/ target="_blank" rel="[^"]*"/g, ""));
}, texts);

const cases = [
  ["plain text", "Hello\nthere", "<p>Hello\nthere</p>"],
  ["paragraphs", "a\n\n\nb", "<p>a</p><p>b</p>"],
  ["bold and italics", "**a** *b* __c__ _d_ ***e***", "<p><strong>a</strong> <em>b</em> <strong>c</strong> <em>d</em> <strong><em>e</em></strong></p>"],
  ["stars that are no marks", "2 * 3 * 4 and a_b_c", "<p>2 * 3 * 4 and a_b_c</p>"],
  ["unfinished marks", "**a and `b", "<p>**a and `b</p>"],
  ["inline code", "`a` and ``b`c`` and `*d*`", "<p><code>a</code> and <code>b`c</code> and <code>*d*</code></p>"],
  ["a code block", "```go\na := 1\n\n<b>\n```\nc", '<pre data-language="go" tabindex="0"><code>a := 1\n\n&lt;b&gt;</code></pre><p>c</p>'],
  ["an open code block", "```\na", '<pre tabindex="0"><code>a</code></pre>'],
  ["a list", "- a\n- b **c**", "<ul><li>a</li><li>b <strong>c</strong></li></ul>"],
  ["a list in a list", "1. a\n   - b\n   - c\n2. d", "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>"],
  ["a list with two spaces", "- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
  ["a list that begins at three", "3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  ["a list after a sentence", "a:\n- b", "<p>a:</p><ul><li>b</li></ul>"],
  ["code in a list", "- a\n  ```\n  b\n  ```", '<ul><li>a<pre tabindex="0"><code>b</code></pre></li></ul>'],
  ["headings", "# a\n## b #", "<h3>a</h3><h4>b</h4>"],
  ["a quote", "> a\n> b", "<blockquote><p>a\nb</p></blockquote>"],
  ["a rule", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
  ["a hard break", "a  \nb", "<p>a<br>b</p>"],
  ["links", "[a](https://x.example/b_(c)) <https://y.example> https://z.example/q?a=1.",
    '<p><a href="https://x.example/b_(c)">a</a> <a href="https://y.example/">https://y.example</a> <a href="https://z.example/q?a=1">https://z.example/q?a=1</a>.</p>'],
  ["mail", "[a](mailto:a@b.example)", '<p><a href="mailto:a@b.example">a</a></p>'],
  ["dangerous links", "[a](javascript:b) [c](data:text/html,d) [e](/f) [g](vbscript:h)",
    "<p><span>a</span> <span>c</span> <span>e</span> <span>g</span></p>"],
  ["markup", "<img src=x onerror=y> &amp;", "<p>&lt;img src=x onerror=y&gt; &amp;amp;</p>"],
  ["escapes", "\\*a\\* 1\\. b", "<p>*a* 1. b</p>"],
  ["nothing", "", ""],
];

test("Markdown becomes elements", async (t) => {
  const got = await render(cases.map(([, text]) => text));
  for (const [i, [name, , want]] of cases.entries()) {
    await t.test(name, () => assert.equal(got[i].replaceAll(/href="(https:\/\/y\.example)"/g, 'href="$1/"'), want));
  }
});

test("a text that grows letter by letter ends as if it had come at once", async () => {
  const text = cases.map(([, part]) => part).join("\n\n");
  const [grown, whole] = await chat.page.evaluate(async (all) => {
    const { MarkdownView, markdown } = await import("/markdown.js");
    const view = new MarkdownView(document.createElement("div"));
    for (let i = 1; i <= all.length; i++) view.update(all.slice(0, i));
    return [view.element.innerHTML, markdown(all).innerHTML];
  }, text);
  assert.equal(grown, whole);
});

test("hostile input costs no time", async () => {
  const took = await chat.page.evaluate(async () => {
    const { markdown } = await import("/markdown.js");
    const parts = ["*", "[", "`", "> ", "- ", "**a ", "[a](", "_a ", "<http://", "\\", "*a", "**a*", "~~a", "![", "a_"];
    return [100_000, 7_900].flatMap((size) => parts.map((part) => {
      const text = part.repeat(size / part.length);
      const begin = performance.now();
      markdown(text);
      return Math.round(performance.now() - begin);
    }));
  });
  assert.ok(Math.max(...took) < 2000, `milliseconds for each text: ${took}`);
});
