// A Wire stands between a page and fetch and writes down what passes. What the page gets is the same,
// byte for byte.
import { Exchange } from "./inspector-exchange.js";

// How many bytes of an answer are read ahead of a page that is busy, so that the times are the network's.
const room = 64 << 10;

// Statuses of answers that a copy must not give a body, not even an empty one.
const empty = new Set([101, 204, 205, 304]);

export class Wire extends EventTarget {
  exchanges = []; // the newest is the last; a new array whenever one comes or goes

  // Options: fetch, the function that it builds on; keep, how many exchanges; events and bytes, how much of
  // each one's answer, the newest; stall, after how many milliseconds without an event a stream stalls.
  constructor({ fetch = globalThis.fetch.bind(globalThis), keep = 20, events = 5000, bytes = 2 << 20, stall = 5000 } = {}) {
    super();
    Object.assign(this, { keep, stall, limits: { events, bytes, stall } });
    this.fetch = (input, init) => this.#fetch(fetch, input, init);
  }

  clear() {
    this.exchanges = this.exchanges.filter((x) => !x.end);
    this.#changed();
  }

  #streams() {
    return this.exchanges.filter((x) => x.streaming && !x.end).length;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  // begin notes a request. It returns a function that notes what becomes of it, by the name of a method of
  // Exchange. A fault in here must not become one of the page's, so it only ends the recording.
  #begin(input, init) {
    let x;
    const note = (method, ...values) => {
      try {
        x?.[method](...values);
        this.#changed();
      } catch (error) {
        x.end = "unreadable";
        x = null;
        console.warn("inspector: recording ended", error);
      }
    };
    try {
      x = new Exchange(input, init, this.limits, this.#streams());
      // Clients that can resume say Stop with a request of its own.
      if (x.type === "runs.cancel") for (const other of this.exchanges) if (!other.end && other.thread === x.thread) other.stop();
      this.exchanges = [...this.exchanges, x].slice(-this.keep);
    } catch (error) {
      x = null;
      console.warn("inspector: not recorded", error);
    }
    this.#changed();
    return note;
  }

  async #fetch(inner, input, init) {
    const note = this.#begin(input, init);
    const signal = init?.signal ?? input?.signal;
    const stop = () => note("stop");
    signal?.addEventListener?.("abort", stop, { once: true });
    const ended = (...how) => {
      signal?.removeEventListener?.("abort", stop);
      note("finish", ...how);
    };
    let response;
    try {
      response = await inner(input, init);
    } catch (error) {
      ended(signal?.aborted ? "stopped" : "failed", error);
      throw error;
    }
    note("answered", response, this.#streams());
    if (!response.body || empty.has(response.status)) {
      ended("finished");
      return response;
    }
    let taken = false;
    let fault; // of the connection
    const over = (how, error) => {
      fault = error;
      ended(how, error);
    };
    try {
      const { status, statusText, headers, url, redirected, type } = response;
      const copy = new Response(tap(response.body, signal, (bytes) => note("read", bytes), over, () => taken), { status, statusText, headers });
      const same = { url, redirected, type }; // which no constructor takes
      // A browser has an error of its own for a stream that was made by a script, where the page expects the real one.
      for (const name of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"].filter((name) => name in copy)) {
        same[name] = () => Response.prototype[name].call(copy).catch((error) => { throw fault ?? error; });
      }
      for (const name in same) Object.defineProperty(copy, name, { value: same[name] });
      taken = true;
      return copy;
    } catch (error) { // an answer that cannot be copied
      ended("unreadable", error);
      return response;
    }
  }
}

// tap returns a stream of what body brings and reports it: each read, and the end. It leaves body alone if it is
// not taken by the time it is asked for the first bytes.
function tap(body, signal, seen, ended, taken) {
  let reader;
  let broken;
  return new ReadableStream({
    async pull(controller) {
      if (!taken()) return;
      // What came before the connection broke is the page's to read, as it would be without us.
      if (broken) return controller.desiredSize < room ? undefined : controller.error(broken.error);
      reader ??= body.getReader();
      try {
        const { value, done } = await reader.read();
        if (done) {
          controller.close();
          ended("finished");
        } else {
          controller.enqueue(value);
          seen(value);
        }
      } catch (error) {
        ended(signal?.aborted ? "stopped" : "broken", error);
        if (signal?.aborted || controller.desiredSize >= room) controller.error(error);
        else broken = { error };
      }
    },
    cancel(reason) {
      ended("left");
      return (reader ?? body).cancel(reason);
    },
  }, new ByteLengthQueuingStrategy({ highWaterMark: room }));
}
