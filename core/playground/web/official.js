// OpenAI's own ChatKit.js against the same server, under the same inspector. It is the one page of the
// playground that loads something from elsewhere.
import { html, render } from "./vendor.js";
import { withHeaders } from "./headers.js";
import { Inspector } from "./inspector.js";
import { recall, remember } from "./prefs.js";
import { settings } from "./settings.js";
import { Wire } from "./wire.js";

const source = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
const patience = 15_000; // milliseconds, for a network that does not even refuse

const wire = new Wire();
const fetch = (url, init) => wire.fetch(url, withHeaders(url, init));
const form = document.querySelector("form");
const say = (text) => { document.querySelector("main [role=status]").textContent = text; };

render(html`<${Inspector} wire=${wire} url=${settings.url} onHeaders=${() => location.reload()} />`, document.getElementById("inspector"));
form.elements.key.value = recall("domain-key", "local-dev");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  remember("domain-key", form.elements.key.value);
  location.reload(); // a script cannot be loaded twice
});

// resume is the server's script for lost connections, or null if the route is mounted for POST alone.
const resume = await import(`${settings.url}?resume.js`).catch(() => null);

function options() {
  const { label, intro, suggestions, models, tools, tags, attachments, upload_url } = settings;
  return {
    api: {
      url: settings.url,
      domainKey: form.elements.key.value,
      fetch: resume ? resume.resumable({ fetch }) : fetch,
      uploadStrategy: attachments === "direct" ? { type: "direct", uploadUrl: upload_url } : attachments ? { type: "two_phase" } : undefined,
    },
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    initialThread: location.hash.slice(1) || null,
    header: { title: { text: label } },
    startScreen: { greeting: intro, prompts: suggestions.map(({ title, text, icon }) => ({ label: title, prompt: text, icon })) },
    threadItemActions: { feedback: true, retry: true },
    composer: {
      attachments: { enabled: Boolean(attachments) },
      models: models.map((model, i) => ({ ...model, default: i === 0 })),
      tools: tools.map((tool) => ({ ...tool, icon: "bolt" })),
    },
    entities: tags.length ? { onTagSearch: async (query) => tags.filter(({ title }) => title.toLowerCase().includes(query.toLowerCase())) } : undefined,
    onClientTool: ({ name, params }) => JSON.parse(prompt(`The server calls the client tool ${name} with ${JSON.stringify(params)}. Its result:`, "{}") ?? "{}"),
  };
}

async function start() {
  await customElements.whenDefined("openai-chatkit");
  say("");
  const chat = document.createElement("openai-chatkit");
  chat.setOptions(options());
  chat.addEventListener("chatkit.error", ({ detail }) => say(`ChatKit.js reports: ${detail?.error?.message ?? "an error"}`));
  chat.addEventListener("chatkit.thread.change", ({ detail }) => history.replaceState(null, "", `#${detail.threadId ?? ""}`));
  chat.addEventListener("chatkit.thread.load.end", ({ detail }) => resume?.rejoin({
    url: settings.url, thread: detail.threadId, fetch, send: (action) => chat.sendCustomAction(action),
  }));
  document.getElementById("chat").replaceChildren(chat);
}

const failed = (what) => say(`ChatKit.js ${what}. It comes from ${new URL(source).host}, so this page needs the internet and nothing that blocks that address. The playground itself works without.`);

say("Loading ChatKit.js …");
const alarm = setTimeout(() => failed("has not loaded yet"), patience);
const script = document.createElement("script");
script.addEventListener("error", () => { clearTimeout(alarm); failed("did not load"); });
script.addEventListener("load", () => { clearTimeout(alarm); start().catch((error) => say(`ChatKit.js did not start: ${error.message}`)); });
script.src = source;
document.head.append(script);
