// Where a message is written: text, tags, files, a quote, the choice of a model and of a tool.
import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor.js";
import { call, settings, upload } from "./api.js";
import { Icon, IconButton } from "./icons.js";
import { bytes, classes } from "./parts.js";
import { recall, remember } from "./prefs.js";

const { models, tools, tags } = settings;
const takesFiles = settings.attachments !== "";

// content turns what was typed into parts: each tag that it names is one of its own.
export function content(text, known = tags) {
  const parts = [];
  const add = (piece) => piece && parts.push({ type: "input_text", text: piece });
  const longest = known.toSorted((a, b) => b.title.length - a.title.length);
  let begin = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const tag = longest.find(({ title }) => text.startsWith(title, at + 1));
    if (!tag || at < begin) continue;
    add(text.slice(begin, at));
    parts.push({ type: "input_tag", id: tag.id, text: tag.title, data: tag.data ?? {}, group: tag.group ?? null, interactive: false });
    begin = at + 1 + tag.title.length;
  }
  add(text.slice(begin));
  return parts;
}

// useFiles holds the files that go with the next message. They are sent to the server at once.
function useFiles(announce) {
  const [files, setFiles] = useState([]);
  const keys = useRef(0);
  const change = (key, to) => setFiles((list) => list.map((file) => (file.key === key ? { ...file, ...to } : file)));
  const add = async (file) => {
    const key = ++keys.current;
    const preview = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? URL.createObjectURL(file) : null;
    const controller = new AbortController();
    setFiles((list) => [...list, { key, name: file.name, size: file.size, preview, controller }]);
    try {
      change(key, { attachment: await upload(file, controller.signal) });
      announce(`${file.name} is attached`);
    } catch (error) {
      if (!controller.signal.aborted) change(key, { trouble: error.message });
    }
  };
  const remove = ({ key, preview, attachment, controller }) => {
    controller.abort();
    if (preview) URL.revokeObjectURL(preview);
    setFiles((list) => list.filter((file) => file.key !== key));
    // Nobody waits for it: what stays behind is swept up by the server.
    if (attachment) call("attachments.delete", { attachment_id: attachment.id }).catch(() => {});
  };
  const clear = () => {
    for (const { preview } of files) if (preview) URL.revokeObjectURL(preview);
    setFiles([]);
  };
  const restore = (list) => setFiles((now) => [...list.map((attachment) => ({ key: attachment.id, name: attachment.name, attachment, controller: new AbortController() })), ...now]);
  return { files, add: (list) => [...list].forEach(add), remove, clear, restore };
}

export function Composer({ chat, closed, placeholder }) {
  const { current } = chat;
  const [text, setText] = useState("");
  const [quote, setQuote] = useState("");
  const [model, setModel] = useState(recall("model", models[0]?.id));
  const [tool, setTool] = useState("");
  const { files, add, remove, clear, restore } = useFiles((words) => chat.announcer.say(words));
  const input = useRef();
  const picker = useRef();

  const focus = () => {
    // On a phone the keyboard would cover what the user wants to see.
    if (matchMedia("(hover: hover)").matches) input.current?.focus();
  };
  useEffect(focus, [current]);
  // The chat gives back what could not be sent, and takes what is quoted or dropped on the page.
  useEffect(() => {
    chat.composer = {
      add: takesFiles ? add : null,
      focus,
      quote: (words) => (setQuote(words.slice(0, 2000)), focus()),
      restore: (item) => {
        setText((now) => now.trim() || item.content.map((part) => (part.type === "input_tag" ? `@${part.text}` : part.text)).join(""));
        if (item.quoted_text) setQuote(item.quoted_text);
        restore(item.attachments);
      },
    };
    return () => (chat.composer = null);
  }, []);
  useLayoutEffect(() => {
    const { style } = input.current;
    style.height = "auto";
    style.height = `${Math.min(input.current.scrollHeight, 200)}px`;
  }, [text]);

  const uploading = files.some((file) => !file.attachment && !file.trouble);
  const ready = files.filter((file) => file.attachment);
  const empty = text.trim() === "" && ready.length === 0;
  const running = Boolean(current.run);
  const send = (event) => {
    event.preventDefault();
    if (empty || closed || uploading) return;
    const message = { content: content(text.trim()), attachments: ready.map((file) => file.attachment), inference_options: {} };
    if (quote) message.quoted_text = quote;
    if (model && models.length > 0) message.inference_options.model = model;
    if (tool) message.inference_options.tool_choice = { id: tool };
    setText("");
    setQuote("");
    clear();
    chat.send(message);
    focus();
  };
  const list = useTags(text, setText, input);
  const keys = (event) => {
    // Enter inside an input method only picks a word.
    if (list.key(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    send(event);
  };
  const paste = (event) => {
    if (!takesFiles || event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  return html`<form id="composer" class=${classes(list.open && "listing")} onSubmit=${send}>
    ${list.view}
    ${quote && html`<div class="quoted"><${Icon} name="quote" /><blockquote>${quote}</blockquote><${IconButton} icon="close" label="Remove the quote" onClick=${() => setQuote("")} /></div>`}
    ${files.length > 0 && html`<ul class="pending-files" aria-label="Files to send">${files.map((file) => html`<${PendingFile} key=${file.key} file=${file} onRemove=${() => remove(file)} />`)}</ul>`}
    <textarea id="input" rows="1" aria-label="Message" placeholder=${placeholder} autocomplete="off" ref=${input} value=${text} disabled=${closed}
      aria-autocomplete=${tags.length > 0 ? "list" : undefined} aria-controls=${list.open ? "tags" : undefined} aria-activedescendant=${list.active}
      onInput=${(event) => setText(event.currentTarget.value)} onKeyDown=${keys} onPaste=${paste} onSelect=${list.look} onBlur=${list.hide} />
    <div class="composer-row">
      ${takesFiles && html`<${IconButton} icon="clip" label="Attach files" disabled=${closed} onClick=${() => picker.current.click()} />
        <input type="file" multiple hidden aria-label="Files" ref=${picker} onChange=${(event) => (add(event.currentTarget.files), (event.currentTarget.value = ""))} />`}
      ${models.length > 0 && html`<${Choice} label="Model" icon="sparkle" value=${model} choices=${models} onChange=${(id) => (setModel(id), remember("model", id))} />`}
      ${tools.length > 0 && html`<${Choice} label="Tool" icon="wrench" value=${tool} none="No tool" choices=${tools} onChange=${setTool} />`}
      <span class="w-spacer" />
      ${running && current.thread.allowCancel && html`<button id="stop" class="round" type="button" aria-label="Stop the answer" title="Stop (Esc)" onClick=${() => (chat.stop(), focus())}><${Icon} name="stop" /></button>`}
      ${!(running && empty) && html`<button id="send" class="round" type="submit" aria-label="Send the message" title=${uploading ? "A file is on its way" : "Send (Enter)"} disabled=${empty || closed || uploading}><${Icon} name="send" /></button>`}
    </div>
  </form>`;
}

function Choice({ label, icon, value, none, choices, onChange }) {
  const known = none || choices.some(({ id }) => id === value) ? value : choices[0].id;
  return html`<label class=${classes("pick", value && none && "picked")}><${Icon} name=${icon} />
    <select aria-label=${label} value=${known} onChange=${(event) => onChange(event.currentTarget.value)}>
      ${none && html`<option value="">${none}</option>`}${choices.map((choice) => html`<option key=${choice.id} value=${choice.id}>${choice.label}</option>`)}
    </select><${Icon} name="chevron-down" /></label>`;
}

function PendingFile({ file, onRemove }) {
  const busy = !file.attachment && !file.trouble;
  return html`<li class=${classes(busy && "busy", file.trouble && "failed")} aria-busy=${String(busy)}>
    ${file.preview ? html`<img src=${file.preview} alt="" />` : html`<${Icon} name="document" />`}
    <span class="file-name">${file.name}<span class="label">${file.trouble ?? (busy ? "Sending…" : file.size === undefined ? "" : bytes(file.size))}</span></span>
    <${IconButton} icon="close" label=${`Remove ${file.name}`} onClick=${onRemove} />
  </li>`;
}

// useTags is the list of tags that opens after an @.
function useTags(text, setText, input) {
  const [at, setAt] = useState(-1); // where the @ is, or -1
  const [chosen, setChosen] = useState(0);
  const look = () => {
    const { selectionStart, selectionEnd, value } = input.current;
    const found = selectionStart === selectionEnd && tags.length > 0 && /(?:^|\s)@([^\s@]{0,40})$/.exec(value.slice(0, selectionStart));
    setAt(found ? selectionStart - found[1].length - 1 : -1);
    setChosen(0);
  };
  useLayoutEffect(look, [text]);
  const typed = at < 0 ? "" : /^[^\s@]*/.exec(text.slice(at + 1))[0];
  const found = at < 0 ? [] : tags.filter(({ title }) => title.toLowerCase().includes(typed.toLowerCase())).slice(0, 8);
  const open = found.length > 0;
  const pick = (tag) => {
    const before = `${text.slice(0, at)}@${tag.title} `;
    setText(before + text.slice(at + 1 + typed.length).trimStart());
    setAt(-1);
    // The caret goes behind the tag once the text is there.
    requestAnimationFrame(() => input.current?.setSelectionRange(before.length, before.length));
  };
  const key = (event) => {
    if (!open || event.isComposing) return false;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        setChosen((chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
        break;
      case "Enter":
      case "Tab":
        pick(found[chosen]);
        break;
      case "Escape":
        setAt(-1);
        break;
      default:
        return false;
    }
    event.preventDefault();
    return true;
  };
  const view = open && html`<ul id="tags" role="listbox" aria-label="Tags">${found.map((tag, i) => html`
    <li id=${`tag-${i}`} role="option" key=${tag.id} aria-selected=${String(i === chosen)} onMouseDown=${(event) => (event.preventDefault(), pick(tag))}>
      <span class="at">@</span>${tag.title}${tag.group && html`<span class="label">${tag.group}</span>`}</li>`)}</ul>`;
  return { open, key, look, hide: () => setAt(-1), view, active: open ? `tag-${chosen}` : undefined };
}
