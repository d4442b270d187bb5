// The page's Markdown in a real browser: what text becomes which elements.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openChat, sharedQuickstart } from "./harness.js";

const shared = sharedQuickstart();
let chat;

// render returns the elements of a text as HTML, links without the members that all of them have.
const render = async (texts) => chat.page.evaluate(async ([module, list]) => {
  const { Writer } = await import(module);
  return list.map((text) => {
    const root = document.createElement("div");
    new Writer(root).write(text, false);
    return root.innerHTML.replaceAll(/ target="_blank" rel="[^"]*"/g, "");
  });
}, [await chat.module("markdown.js"), texts]);

const fence = (language, code) => `<div class="code"><div class="code-head"><span class="language">${language}</span>` +
  `<button type="button" class="quiet" aria-label="Copy the code">Copy</button></div><pre tabindex="0"${language && ` data-language="${language}"`}><code>${code}</code></pre></div>`;

const cases = [
  ["plain text", "Hello\nthere", "<p>Hello<br>there</p>"],
  ["paragraphs", "a\n\n\nb", "<p>a</p><p>b</p>"],
  ["bold and italics", "**a** *b* __c__ _d_ ***e***", "<p><strong>a</strong> <em>b</em> <strong>c</strong> <em>d</em> <strong><em>e</em></strong></p>"],
  ["struck out", "~~a~~", "<p><s>a</s></p>"],
  ["stars that are no marks", "2 * 3 * 4", "<p>2 * 3 * 4</p>"],
  ["names with underscores", "a_b_c snake_case_name __init__ a__b", "<p>a_b_c snake_case_name <strong>init</strong> a__b</p>"],
  ["underscores where they stay", "`a_b` https://a.example/b_c [d_e](https://f.example/g_h)\n\n```\ni_j\n```",
    `<p><code>a_b</code> <a href="https://a.example/b_c">https://a.example/b_c</a> <a href="https://f.example/g_h">d_e</a></p>${fence("", "i_j")}`],
  ["inline code", "`a` and ``b`c`` and `*d*`", "<p><code>a</code> and <code>b`c</code> and <code>*d*</code></p>"],
  ["a code block", "```go\na := 1\n\n<b>\n```\nc", `${fence("go", "a := 1\n\n&lt;b&gt;")}<p>c</p>`],
  ["tabs in code", "```\n\ta\n\t\tb\n```", fence("", "\ta\n\t\tb")],
  ["an open code block", "```\na", fence("", "a")],
  ["a list", "- a\n- b **c**", "<ul><li>a</li><li>b <strong>c</strong></li></ul>"],
  ["a list in a list", "1. a\n   - b\n   - c\n2. d", "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>"],
  ["a list with two spaces", "- a\n  - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"],
  ["a list that begins at three", "3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  ["a list after a sentence", "a:\n- b", "<p>a:</p><ul><li>b</li></ul>"],
  ["code in a list", "- a\n  ```\n  b\n  ```", `<ul><li>a${fence("", "b")}</li></ul>`],
  ["boxes to tick", "- [x] a\n- [ ] b", '<ul><li><input type="checkbox" disabled="" checked=""> a</li><li><input type="checkbox" disabled=""> b</li></ul>'],
  ["headings are below those of the page", "# a\n## b\n###### c", "<h3>a</h3><h4>b</h4><h6>c</h6>"],
  ["a quote", "> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"],
  ["a rule", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
  ["a table", "| a | b |\n|---|---|\n| c | **d** |\n",
    '<div class="table" tabindex="0"><table><thead><tr><th> a </th><th> b </th></tr></thead><tbody><tr><td> c </td><td> <strong>d</strong> </td></tr></tbody></table></div>'],
  ["links", "[a](https://x.example/b) [e](/f) https://z.example/q?a=1.",
    '<p><a href="https://x.example/b">a</a> <a href="/f">e</a> <a href="https://z.example/q?a=1">https://z.example/q?a=1</a>.</p>'],
  ["mail and telephone", "[a](mailto:a@b.example) [c](tel:+1)", '<p><a href="mailto:a@b.example">a</a> <a href="tel:+1">c</a></p>'],
  ["dangerous links", "[a](javascript:b) [c](data:text/html,d) [g](vbscript:h) [i](JaVaScRiPt:j)", "<p><a>a</a> <a>c</a> <a>g</a> <a>i</a></p>"],
  ["pictures", "![a](https://x.example/b.png) ![c](data:image/png;base64,AA)",
    '<p><img alt="a" loading="lazy" referrerpolicy="no-referrer" src="https://x.example/b.png"> <img alt="c" loading="lazy" referrerpolicy="no-referrer" src="data:image/png;base64,AA"></p>'],
  ["dangerous pictures", "![a](javascript:b) ![c](data:image/svg+xml,d) ![e](http://f.example/g.png)",
    '<p><span class="no-picture">a</span> <span class="no-picture">c</span> <span class="no-picture">e</span></p>'],
  ["markup", "<img src=x onerror=y> &amp;", "<p>&lt;img src=x onerror=y&gt; &amp;amp;</p>"],
  ["escapes", "\\*a\\* 1\\. b", "<p>*a* 1. b</p>"],
  ["nothing", "", ""],
];

describe("Markdown", () => {
  before(async () => {
    chat = await openChat(shared.browser, shared.server.url);
  });
  after(() => chat.end());

  test("text becomes elements", async (t) => {
    const got = await render(cases.map(([, text]) => text));
    for (const [i, [name, , want]] of cases.entries()) {
      await t.test(name, () => assert.equal(got[i], want));
    }
  });

  test("a text that grows letter by letter ends as if it had come at once", async () => {
    const grown = await chat.page.evaluate(async ([module, texts]) => {
      const { Writer } = await import(module);
      const draw = (steps) => {
        const writer = new Writer(document.createElement("div"));
        for (const [text, live] of steps) writer.write(text, live);
        return writer.root.innerHTML;
      };
      return texts.map((all) => [draw([...Array(all.length + 1).keys()].map((n) => [all.slice(0, n), n < all.length])), draw([[all, false]])]);
    }, [await chat.module("markdown.js"), [...cases.map(([, text]) => text), cases.map(([, text]) => text).join("\n\n")]]);
    for (const [letters, whole] of grown) assert.equal(letters, whole);
  });

  test("hostile input costs no time", async () => {
    const took = await chat.page.evaluate(async (module) => {
      const { Writer } = await import(module);
      const parts = ["*", "[", "`", "> ", "- ", "**a ", "[a](", "_a ", "<http://", "\\", "*a", "**a*", "~~a", "![", "a_", "| a ", "$$", "\n- ", "\n> ", "<br", "1. "];
      return [100_000, 7_900].flatMap((size) => parts.map((part) => {
        const text = part.repeat(size / part.length);
        // The best of some tries: the machine may be busy.
        let best = Infinity;
        for (let tries = 0; tries < 5 && best >= 2000; tries++) {
          const begin = performance.now();
          new Writer(document.createElement("div")).write(text, false);
          best = Math.min(best, Math.round(performance.now() - begin));
        }
        return [part, best];
      }));
    }, await chat.module("markdown.js"));
    const slowest = took.toSorted((a, b) => b[1] - a[1])[0];
    assert.ok(slowest[1] < 2000, `${JSON.stringify(slowest)}: milliseconds for the slowest text`);
  });
});
