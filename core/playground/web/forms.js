// What stands in for the composer, or above it, while the server waits for something else than a message.
import { html, useEffect, useRef, useState } from "./vendor.js";
import { Icon, IconButton } from "./icons.js";
import { json, text } from "./parts.js";
import { answer, savedReplies, saveReply } from "./tools.js";

// StructuredInput asks what the server wants to know.
export function StructuredInput({ item, onAnswer }) {
  const form = useRef();
  const [sent, setSent] = useState(false);
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) form.current.querySelector("input, textarea")?.focus();
  }, []);
  const send = (status) => {
    setSent(true);
    onAnswer(item, { status, answers: status === "answered" ? collect(form.current, item) : {} });
  };
  const submit = (event) => {
    event.preventDefault();
    send("answered");
  };
  return html`<form class="card questions" aria-label="Questions" ref=${form} inert=${sent} aria-busy=${String(sent)} onSubmit=${submit}>
    ${item.inputs.map((input, i) => html`<${Question} key=${input.id} input=${input} id=${`question-${i}`} />`)}
    <div class="w-row"><button type="submit" class="button primary">Send answers</button><button type="button" class="button secondary" onClick=${() => send("skipped")}>Skip</button></div>
  </form>`;
}

function Question({ input, id }) {
  const name = text(input.id);
  if (input.type !== "multiple_choice") {
    return html`<div class="question"><label for=${id}>${text(input.question)}</label>${input.description && html`<p class="label">${text(input.description)}</p>`}<textarea id=${id} name=${name} rows="2" /></div>`;
  }
  const type = input.multiple ? "checkbox" : "radio";
  return html`<fieldset class="question"><legend>${text(input.question)}</legend>
    <div class="choices">${input.options.map((option) => html`<label class="w-choice chip"><input type=${type} name=${name} value=${text(option.value)} />${text(option.value)}</label>`)}</div>
    <input type="text" class="w-field" name=${name} aria-label=${`${text(input.question)} Something else`} placeholder="Something else…" /></fieldset>`;
}

function collect(form, item) {
  const answers = {};
  for (const input of item.inputs) {
    const values = [...form.elements]
      .filter((control) => control.name === input.id && (control.checked || !["radio", "checkbox"].includes(control.type)))
      .map((control) => control.value.trim())
      .filter((value) => value !== "");
    // What somebody wrote themselves outranks the one option they had ticked before.
    const kept = input.type === "multiple_choice" && !input.multiple ? values.slice(-1) : values;
    answers[input.id] = { values: kept, skipped: kept.length === 0 };
  }
  return answers;
}

// ToolDrawer answers the call that the thread waits for, and keeps replies for the next ones.
export function ToolDrawer({ pending, onAnswer, onClose }) {
  const [replies, setReplies] = useState(savedReplies());
  const save = (name, reply) => {
    saveReply(name, reply);
    setReplies(savedReplies());
  };
  const names = Object.keys(replies);
  return html`<section class="drawer card" aria-label="Client tools">
    <header><h2><${Icon} name="wrench" />Client tools</h2><${IconButton} icon="close" label="Close client tools" onClick=${onClose} /></header>
    ${pending ? html`<${PendingCall} key=${pending.id} item=${pending} onAnswer=${onAnswer} save=${save} />` : html`<p class="label">No call waits for a reply.</p>`}
    ${names.length > 0 && html`<ul class="replies" aria-label="Saved replies">${names.map((name) => html`<li key=${name}>
      <code>${name}</code><span class="label">${replies[name].text}</span>
      <label class="w-choice"><input type="checkbox" checked=${replies[name].auto} onChange=${(event) => save(name, { ...replies[name], auto: event.currentTarget.checked })} />by itself</label>
      <${IconButton} icon="trash" label=${`Forget the reply of ${name}`} onClick=${() => save(name)} /></li>`)}</ul>`}
  </section>`;
}

function PendingCall({ item, onAnswer, save }) {
  const [reply, setReply] = useState("");
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    answer(item.name, item.arguments).then((value) => setReply((now) => now || JSON.stringify(value, null, 2)));
  }, []);
  const send = (keep) => {
    let value;
    try {
      value = JSON.parse(reply);
    } catch {
      return setTrouble("This is not JSON.");
    }
    if (keep) save(item.name, { text: reply, auto: true });
    onAnswer(item, value);
  };
  return html`<form class="pending" onSubmit=${(event) => (event.preventDefault(), send(false))}>
    <p>The server waits for <code>${text(item.name)}</code>.</p>
    <details open><summary>Arguments</summary><pre tabindex="0">${json(item.arguments)}</pre></details>
    <label for="tool-reply">Reply, as JSON</label>
    <textarea id="tool-reply" rows="3" spellcheck="false" value=${reply} aria-invalid=${String(Boolean(trouble))} onInput=${(event) => (setReply(event.currentTarget.value), setTrouble(""))} />
    ${trouble && html`<p role="alert" class="trouble">${trouble}</p>`}
    <div class="w-row"><button type="submit" class="button primary">Send reply</button>
      <button type="button" class="button secondary" onClick=${() => send(true)}>Send and save for next time</button></div>
  </form>`;
}
