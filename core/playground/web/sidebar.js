// The list of threads.
import { html, useEffect, useRef, useState } from "./vendor.js";
import { resumes, settings } from "./api.js";
import { Icon, IconButton } from "./icons.js";
import { Dialog, Guard, classes, memo, text } from "./parts.js";

export const Sidebar = memo(({ threads, open, chat, icon }) => {
  const [doomed, setDoomed] = useState(null);
  return html`<aside id="sidebar" aria-label="Conversations">
    <${settings.home ? "a" : "p"} class="brand" href=${settings.home || undefined}><img src=${icon} alt="" width="26" height="26" />${settings.title}<//>
    <button id="new-chat" class="button secondary" type="button" onClick=${() => chat.open(null)}><${Icon} name="plus" />New chat</button>
    <nav aria-label="Conversations">
      <ul id="threads">${threads.data.map((thread) => html`<li key=${text(thread.id)} data-id=${text(thread.id)} class=${classes(thread.id === open && "open")}>
        <${Guard} value=${thread} name="Cannot be shown"><${Row} thread=${thread} open=${thread.id === open} chat=${chat} onDelete=${setDoomed} /><//></li>`)}</ul>
      ${threads.data.length === 0 && html`<p class="label">Your conversations will appear here.</p>`}
      ${threads.has_more && html`<button class="quiet" type="button" onClick=${chat.moreThreads}>Show more</button>`}
    </nav>
    ${settings.official && html`<a class="quiet to-official" href=${`official${open ? `#${open}` : ""}`} title="The same conversation in OpenAI's own client. It is loaded from the internet."><${Icon} name="external-link" />Official ChatKit.js</a>`}
    <p class="foot"><span class="lamp" /><span>${settings.label}${!resumes && html`<span class="label"> – without GET on ${settings.url}, lost answers do not resume</span>`}</span></p>
    ${doomed && html`<${Confirm} name=${doomed.title || "Untitled"} onClose=${(yes) => (setDoomed(null), yes && chat.remove(doomed.id))} />`}
  </aside>`;
});

const Row = memo(({ thread, open, chat, onDelete }) => {
  const [renaming, setRenaming] = useState(false);
  const name = thread.title || "Untitled";
  const save = (title) => {
    setRenaming(false);
    if (title && title !== thread.title) chat.rename(thread.id, title);
  };
  return renaming ? html`<${Rename} title=${thread.title || ""} onDone=${save} />` : html`
      <a href=${`#${thread.id}`} aria-current=${open ? "page" : undefined} title=${name}>${name}</a>
      <${IconButton} icon="write" label=${`Rename ${name}`} onClick=${() => setRenaming(true)} />
      <${IconButton} icon="trash" label=${`Delete ${name}`} onClick=${() => onDelete(thread)} />`;
});

// Rename takes a new name once, whether by Enter or by going elsewhere. Escape keeps the old one.
function Rename({ title, onDone }) {
  const input = useRef();
  const over = useRef(false);
  useEffect(() => {
    input.current.focus();
    input.current.select();
  }, []);
  const finish = (name) => {
    if (over.current) return;
    over.current = true;
    onDone(name);
  };
  const keys = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    finish(null);
  };
  return html`<form onSubmit=${(event) => (event.preventDefault(), finish(input.current.value.trim()))}>
    <input type="text" aria-label="New name" maxlength="200" defaultValue=${title} ref=${input} onKeyDown=${keys} onBlur=${(event) => finish(event.currentTarget.value.trim())} /></form>`;
}

const Confirm = ({ name, onClose }) => html`<${Dialog} id="confirm" title="Delete this conversation?" onClose=${(value) => onClose(value === "delete")}>
  <p>“${name}” and everything in it will be gone.</p>
  <div class="w-row"><button class="button danger" value="delete">Delete</button><button class="button secondary" value="keep">Keep</button></div>
<//>`;
