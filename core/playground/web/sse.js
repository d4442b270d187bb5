// Server-sent events out of a fetch body. EventSource cannot POST, so the page reads the stream itself.

// Parser takes text in pieces of any size and returns the data of the events that are complete. ChatKit
// puts everything into the data, so the other fields do not matter.
export class Parser {
  #rest = "";
  #data = [];
  #first = true;

  push(text) {
    if (this.#first && text) {
      this.#first = false;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    this.#rest += text;
    const events = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(this.#rest, start);
      if (end < 0) break;
      this.#line(this.#rest.slice(start, end), events);
      start = end + (this.#rest.startsWith("\r\n", end) ? 2 : 1);
    }
    this.#rest = this.#rest.slice(start);
    return events;
  }

  #line(line, events) {
    if (line === "") {
      // A blank line after a comment alone must not become an event with empty data.
      if (this.#data.length > 0) events.push(this.#data.join("\n"));
      this.#data = [];
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== "data") return;
    const value = colon < 0 ? "" : line.slice(colon + 1);
    this.#data.push(value.startsWith(" ") ? value.slice(1) : value);
  }
}

// lineEnd finds the next line break at or after start, or -1. A carriage return at the very end may
// be half of a CRLF pair, so it has to wait for the next piece.
function lineEnd(text, start) {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) return i;
    if (c === 13) return i + 1 < text.length ? i : -1;
  }
  return -1;
}

// readEvents yields the parsed JSON of every event in a response body. An unfinished last event is
// dropped: its data may be cut anywhere.
export async function* readEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parser = new Parser();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const data of parser.push(decoder.decode(value, { stream: true }))) {
        if (data !== "") yield JSON.parse(data);
      }
    }
  } finally {
    // Leaving the loop early means that nobody wants the rest.
    reader.cancel().catch(() => {});
  }
}
