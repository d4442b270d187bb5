// Headers that the user wants with every request, such as a login. They live in this tab, and no longer.
import { html, useState } from "./vendor.js";
import { Dialog } from "./parts.js";

const key = "chatkit-playground:headers";
let text = "";
try {
  text = sessionStorage.getItem(key) ?? "";
} catch {
  // Then they live until the page is loaded again.
}
let headers = read(text);

// read returns headers by their names in small letters. What cannot be one is an error that says so.
function read(lines) {
  const found = new Headers();
  for (const line of lines.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.+)$/.exec(line) ?? [];
    if (!name) throw new Error(`“${line}” is not a name, a colon and a value.`);
    if (/^(accept|content-type|content-length|idempotency-key|last-event-id|chatkit-.*)$/i.test(name)) throw new Error(`The page sets ${name} itself.`);
    let sent;
    try {
      sent = new Request(location.href, { headers: { [name]: value } }).headers.has(name);
    } catch {
      throw new Error(`No header can be “${line}”.`);
    }
    // The browser drops some without a word: they are its own.
    if (!sent) throw new Error(`A browser lets no page send the header ${name}.`);
    found.set(name, value);
  }
  return Object.fromEntries(found);
}

function save(lines) {
  headers = read(lines);
  text = lines;
  try {
    sessionStorage.setItem(key, lines);
  } catch {
    // As above.
  }
}

// withHeaders returns the options of a request with them. They are for this origin alone.
export function withHeaders(url, init = {}) {
  if (new URL(url, location.href).origin !== location.origin) return init;
  return { ...init, headers: { ...headers, ...Object.fromEntries(new Headers(init.headers)) } };
}

// HeadersDialog asks for them. onClose(true) says that there are new ones.
export function HeadersDialog({ onClose }) {
  const [lines, setLines] = useState(text);
  const [trouble, setTrouble] = useState("");
  const submit = (event) => {
    if (event.submitter?.value === "cancel") return;
    try {
      save(lines);
    } catch (error) {
      event.preventDefault();
      setTrouble(error.message);
    }
  };
  return html`<${Dialog} id="headers" title="Headers sent with every request" onSubmit=${submit} onClose=${(value) => onClose(value === "save")}>
    <p>One <code>Name: value</code> a line, such as <code>Authorization: Bearer …</code>. They go to this server alone and are forgotten when this tab is closed.</p>
    <textarea rows="4" aria-label="Headers" spellcheck="false" autocomplete="off" value=${lines} aria-invalid=${String(Boolean(trouble))} onInput=${(event) => (setLines(event.currentTarget.value), setTrouble(""))} />
    ${trouble && html`<p role="alert" class="trouble">${trouble}</p>`}
    <div class="w-row"><button class="button primary" value="save">Save</button><button class="button secondary" value="cancel">Cancel</button></div>
  <//>`;
}
