// Server-sent events out of a fetch body. EventSource cannot POST, so the page reads the stream itself.

// eventLimit is how many characters of one event are kept, for a server that never ends it.
export const eventLimit = 32 << 20;

// Parser takes text in pieces of any size and returns the data of the events that are complete. ChatKit
// puts everything into the data, so the other fields do not matter.
export class Parser {
  #rest = ""; // of a line that has not ended: nothing looks into it before that
  #data = [];
  #size = 0; // characters in them
  #before = "\ufeff"; // what is left out at the beginning of the next piece

  push(text) {
    if (!text) return [];
    if (text[0] === this.#before) text = text.slice(1);
    // The line feed after a carriage return may come with the next piece.
    this.#before = text.endsWith("\r") ? "\n" : "";
    const events = [];
    const lines = text.split(/\r\n?|\n/);
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line, events);
    if (this.#size + this.#rest.length > eventLimit) throw new RangeError("The server sent an event that is too long to show.");
    return events;
  }

  #line(line, events) {
    if (line === "") {
      // A blank line after a comment alone must not become an event with empty data.
      if (this.#data.length > 0) events.push(this.#data.join("\n"));
      this.#data = [];
      this.#size = 0;
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== "data") return;
    const value = colon < 0 ? "" : line.slice(colon + 1);
    this.#data.push(value.startsWith(" ") ? value.slice(1) : value);
    this.#size += line.length + 1;
  }
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
