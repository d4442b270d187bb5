// An Exchange is what is known of one request and its answer. All times are milliseconds since it was sent.
import { eventLimit } from "./sse.js";

const textLimit = 64 << 10; // characters that are kept of an answer that is no stream
const kinds = new Set([
  "threads.create", "threads.add_user_message", "threads.add_client_tool_output", "threads.add_structured_input",
  "threads.retry_after_item", "threads.custom_action", "runs.attach", "debug.ticks",
]);

let count = 0;

export class Exchange {
  id = ++count;
  #began = performance.now();
  sent = new Date();

  // Set by answered: status, statusText, type of content, headers (a list of pairs), at (when they came).
  answer = null;
  streaming = false; // the answer is a stream of events
  stopAt = null; // when Stop was pressed
  end = ""; // finished; stopped, left (both by the page); broken, failed (before an answer); unreadable
  endAt = null;
  error = "";

  // An entry is an event or a comment: n, at, gap (since the last entry), bytes, raw, type, heartbeat, t (when the
  // server wrote it, by its own clock since the request). An event also has: detail, letters (how many of an answer's
  // text), stall.
  entries = [];
  dropped = 0; // entries that are no longer kept
  kept = 0; // characters in entries
  reads = []; // at, bytes, began (how many events began in it), without those no longer kept
  text = ""; // of an answer that is no stream

  // Counted over the whole answer, whatever is kept of it.
  bytes = 0;
  readCount = 0;
  eventReads = 0; // reads in which an event began
  mostInRead = 0;
  events = 0;
  heartbeats = 0;
  writes = 0; // of the server that brought events, as far as it tells
  deltas = 0;
  characters = 0;
  firstEvent = null;
  lastEvent = null;
  firstText = null;
  lastText = null;
  longest = 0; // gap between two events
  stalls = []; // at (its beginning), ms, heartbeats (that came during it), wrote (how long the server wrote no event, if it tells)
  errors = []; // the error events
  garbled = 0; // events that are no JSON
  blanks = 0; // blank lines after a comment

  #decoder = new TextDecoder();
  #line = "";
  #size = 0; // bytes of what is being read
  #lines = []; // of the event that is being read
  #begun = false;
  #commented = false; // the last line was a comment
  #t = null;
  #last = 0; // the time at which the last event was written
  #written = ""; // the comment with it
  #beats = 0; // heartbeats since the last event

  // The number of streams that are open, with this one if it is one. A request that waits for them counts, too.
  open = 1;

  constructor(input, init = {}, limits, streams = 0) {
    const given = input instanceof Request ? input : null;
    this.url = new URL(given?.url ?? input, globalThis.location?.href).href;
    this.method = (init.method ?? given?.method ?? "GET").toUpperCase();
    this.headers = [...new Headers(init.headers ?? given?.headers)];
    this.body = init.body ?? "";
    if (given || typeof this.body !== "string" || this.body.length > limits.bytes) this.body = null; // not known, no text, or much
    const { request } = this;
    this.type = String(request?.type ?? "");
    this.thread = request?.params?.thread_id ?? null;
    this.limits = limits;
    this.open += streams;
    // The browser tells the version of HTTP of what is done. The same origin speaks the same one.
    const page = performance.getEntriesByType?.("navigation")[0];
    const before = performance.getEntriesByName?.(this.url, "resource").at(-1) ??
      (page && new URL(page.name).origin === new URL(this.url).origin ? page : null);
    this.protocol = before?.nextHopProtocol ?? "";
  }

  get request() {
    return parse(this.body);
  }

  get now() {
    return performance.now() - this.#began;
  }

  // wantsStream reports whether only a stream is a good answer.
  get wantsStream() {
    return kinds.has(this.type);
  }

  // answered takes the answer, and the number of streams that are open besides it.
  answered(response, streams) {
    const headers = [...response.headers];
    const type = response.headers.get("content-type") ?? "";
    this.answer = { status: response.status, statusText: response.statusText, type, headers, at: this.now };
    this.streaming = type.startsWith("text/event-stream");
    this.thread ??= response.headers.get("chatkit-run")?.split("/")[0] ?? null;
    if (this.streaming) this.open = Math.max(this.open, streams + 1);
  }

  header(name) {
    return this.answer?.headers.find(([key]) => key === name)?.[1] ?? "";
  }

  stop() {
    this.stopAt ??= this.now;
  }

  finish(how, error) {
    if (this.end) return;
    // The script for lost connections leaves when it has read the end.
    if (how === "left" && this.entries.at(-1)?.type === "chatkit.end") how = "finished";
    this.end = this.stopAt !== null && how !== "failed" ? "stopped" : how;
    this.endAt = this.now;
    this.error = error ? String(error.message ?? error) : "";
  }

  // read takes the bytes of one network read.
  read(bytes) {
    const at = this.now;
    const read = { at, bytes: bytes.length, began: 0 };
    this.reads.push(read);
    if (this.reads.length > this.limits.events) this.reads.splice(0, this.limits.events >> 2);
    this.readCount++;
    this.bytes += bytes.length;
    if (!this.streaming) {
      this.text = (this.text + this.#decoder.decode(bytes, { stream: true })).slice(0, textLimit);
      return;
    }
    for (let start = 0; start < bytes.length;) {
      const newline = bytes.indexOf(10, start); // which is never part of another character
      const end = newline < 0 ? bytes.length : newline + 1;
      this.#size += end - start;
      if (this.#size > eventLimit) throw new RangeError("The event is too long.");
      const piece = this.#decoder.decode(bytes.subarray(start, end), { stream: true });
      // Only the beginning of a line tells, and nothing else looks into one that has not ended.
      const first = !this.#line && piece;
      this.#line += piece;
      start = end;
      if (first && !this.#begun && !/^[:\r\n]/.test(first)) {
        this.#begun = true;
        read.began++;
      }
      if (newline >= 0) this.#take(this.#line.replace(/\r?\n$/, ""), at);
    }
    if (read.began) this.eventReads++;
    this.mostInRead = Math.max(this.mostInRead, read.began);
  }

  // take takes a line.
  #take(line, at) {
    this.#line = "";
    const commented = this.#commented;
    this.#commented = line[0] === ":";
    if (this.#commented) {
      const t = /^: ?t=([\d.]+)$/.exec(line);
      if (t) { // it belongs to the event that follows
        this.#t = Number(t[1]);
        this.#written += `${line}\n`;
        return;
      }
      // The first line of a stream that comes at once is a greeting.
      const heartbeat = this.events > 0 || this.entries.length > 0 || at - this.answer.at > 1000;
      if (heartbeat) this.heartbeats++, this.#beats++;
      this.#add({ at, raw: `${line}\n`, t: this.#t, type: line.slice(1).trim(), heartbeat });
    } else if (line) {
      this.#lines.push(line);
    } else if (this.#begun && this.#lines.length) {
      this.#event(at);
    } else {
      if (commented) this.blanks++;
      this.#size = 0;
    }
  }

  #event(at) {
    const event = { at, raw: `${this.#lines.join("\n")}\n\n`, type: "", event: true, t: this.#t };
    const json = parse(dataOf(event));
    if (json === null) this.garbled++;
    if (json?.type === "debug.tick") event.t ??= json.t;
    event.type = String(json?.type ?? this.#lines.find((some) => some.startsWith("event:"))?.slice(6).trim() ?? "");
    event.detail = String(json?.update?.type?.split?.(".").at(-1) ?? json?.item?.type ?? json?.message ?? json?.text ?? "");
    const since = at - (this.lastEvent ?? 0);
    if (since >= this.limits.stall) {
      event.stall = { at: at - since, ms: since, heartbeats: this.#beats, wrote: event.t === null ? null : event.t - this.#last };
      if (this.stalls.length < 100) this.stalls.push(event.stall);
    }
    if (this.#written) this.writes++;
    if (this.events++) this.longest = Math.max(this.longest, since);
    this.#beats = 0;
    this.firstEvent ??= at;
    this.lastEvent = at;
    this.#last = event.t;
    const delta = /(text|value)_delta$/.test(json?.update?.type) ? String(json.update.delta) : "";
    event.letters = delta.length;
    if (delta) {
      this.deltas++;
      this.characters += delta.length;
      event.detail = JSON.stringify(delta);
    }
    if (delta || json?.item?.type === "assistant_message" && json.item.content?.some?.((part) => part?.text)) {
      this.firstText ??= at;
      this.lastText = at;
    }
    if (json?.type === "error" && this.errors.length < 100) this.errors.push(json);
    this.#lines = [];
    this.#begun = false;
    this.#add(event);
  }

  // stalled is the stall that has begun and not ended, or null.
  get stalled() {
    if (!this.streaming && this.answer) return null;
    const at = this.lastEvent ?? 0;
    const ms = (this.endAt ?? this.now) - at;
    return ms >= this.limits.stall ? { at, ms, heartbeats: this.#beats } : null;
  }

  #add(entry) {
    const last = this.entries.at(-1);
    entry.n = this.dropped + this.entries.length + 1;
    entry.gap = entry.at - (last?.at ?? 0);
    entry.raw = this.#written + entry.raw;
    this.#written = "";
    entry.bytes = this.#size;
    this.#size = 0;
    this.entries.push(entry);
    this.kept += entry.raw.length;
    const { events, bytes } = this.limits;
    if (this.entries.length <= events && this.kept <= bytes) return;
    // Some more than one at a time, because an array is slow at its beginning.
    let go = this.entries.length > events ? 1 + (events >> 3) : 0;
    let kept = this.kept;
    for (let i = 0; i < this.entries.length - 1 && (i < go || kept > bytes); i++) {
      kept -= this.entries[i].raw.length;
      go = Math.max(go, i + 1);
    }
    this.entries.splice(0, go);
    this.kept = kept;
    this.dropped += go;
  }

  // sse is the stream as it came, as far as it is kept.
  sse() {
    const lost = this.dropped ? `: ${this.dropped} older entries are missing\n` : "";
    return lost + this.entries.map((entry) => entry.raw).join("");
  }

  // curl is a command that sends the same request, as a new one: a server answers a key that it knows with
  // the answer that it has. It is for a body that is known. Cookies are not in it, a page cannot see them. Headers are
  // as shown makes them.
  curl(shown = (header) => header) {
    const quote = (s) => `'${s.replaceAll("'", `'\\''`)}'`;
    const headers = this.headers.filter(([name]) => name !== "idempotency-key").map((header) => `-H ${quote(shown(header).join(": "))}`);
    return ["curl -N", `-X ${quote(this.method)}`, quote(this.url), ...headers, ...(this.body ? [`--data-raw ${quote(this.body)}`] : [])]
      .join(" \\\n  ");
  }
}

// dataOf is the data of an entry, as a client gets it.
export function dataOf(entry) {
  return entry.raw.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(line[5] === " " ? 6 : 5)).join("\n");
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
