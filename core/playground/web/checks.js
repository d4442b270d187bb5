// What an exchange tells about the way between server and browser, in sentences, and what to do about it.
import { figures, heldBack, ms } from "./inspector-figures.js";

// Limits in milliseconds, events and streams.
const late = 2000; // headers
const slowStop = 1000;
const heartbeat = 15_000; // between two of the server's, if nobody has said otherwise
const streams = 6; // connections that a browser opens to a server that speaks HTTP/1.1

const measure = "Set Debug in the server's options and press “Measure the path”: it tells whether the server's process or something behind it collects them.";

const again = "The official client sends the same request again, up to five times.";
const log = "The server's log has the reason.";
const buffer = "a compressing middleware, a proxy or a CDN, and turn its buffering off for this route.";

// checks returns findings { id, level, text, todo }, the worst first. Levels: bad, warn, note, good. The path is clear
// if a measurement has said so before.
export function checks(x, clear = false) {
  const found = [];
  const add = (level, id, text, todo = "") => found.push({ level, id, text, todo });
  const f = figures(x);
  const { answer } = x;
  if (!answer) {
    if (x.end === "failed") {
      add("bad", "no-answer", `There was no answer: ${sentence(x.error)}`,
        "Does the server run at this address? For another origin it has to allow the headers content-type, authorization and chatkit-frame-instance-id.");
    }
    stalls(x, add);
  } else {
    header(x, f, add);
    if (x.streaming) stream(x, f, add, clear);
  }
  if (x.type === "debug.ticks") path(x, f, add);
  if (x.open >= streams && !/^h[23]/.test(x.protocol)) {
    add("warn", "streams", `${x.open} streams are open${x.protocol ? ` over ${x.protocol}` : ""}. A browser opens ${streams} connections to a server over HTTP/1.1, and further requests wait.`,
      "Serve HTTP/2, or leave fewer streams open.");
  }
  if (!found.length && x.end) add("good", "fine", "Nothing to complain about.");
  const order = ["bad", "warn", "note", "good"];
  return found.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

function header(x, f, add) {
  const { status, statusText, type, at } = x.answer;
  if (status >= 400) {
    const message = sentence(messageOf(x.text) || statusText || "no reason given");
    if (status >= 500) {
      add("bad", "status", `The server answered ${status}: ${message}`,
        `${again} ${log}`);
    } else if (x.type !== "debug.ticks") {
      add("warn", "status", `The server refused the request with ${status}: ${message}`, "The official client shows the message and does not try again.");
    }
  } else if (x.wantsStream && !x.streaming) {
    add("bad", "content-type", `The answer is ${type || "of no type"} and not text/event-stream, so no client reads it.`,
      `${again} Look for a login page or an error page in front of the server, and at the address.`);
  }
  if (at >= late) {
    add("warn", "late", `The first byte came after ${ms(at)}.`,
      "The server sends it before it asks the model: look at middleware, the store, and proxies that wait for a whole answer.");
  }
  if (!x.streaming) return;
  const encoding = x.header("content-encoding");
  if (encoding && encoding !== "identity") {
    add("bad", "compressed", `The stream is compressed (${encoding}). A compressor collects events until it has enough of them.`,
      "Leave text/event-stream out of the compression, in the middleware or the proxy.");
  }
  const caching = x.header("cache-control");
  if (!/no-cache|no-store/.test(caching)) {
    add("warn", "cache", `Cache-Control is ${caching || "missing"}; it should say no-cache, no-transform.`,
      "Something in front of the server has changed it. A cache may keep the stream, or wait for its end.");
  }
  // Nginx obeys the header and takes it out.
  if (x.header("x-accel-buffering") !== "no" && !/nginx/.test(x.header("server"))) {
    add("note", "accel", "X-Accel-Buffering: no is missing. Without it, nginx holds events back.",
      "If nginx took it out, it has obeyed. Otherwise let the header pass: the server sends it.");
  }
}

function stream(x, f, add, clear) {
  for (const error of x.errors) {
    add("bad", "error", `The answer has an error event: ${sentence(error.message ?? error.code ?? "no text")}${error.allow_retry ? " It comes with a retry button." : ""}`,
      error.message ? "" : log);
  }
  if (x.garbled) add("bad", "garbled", `${x.garbled} events are not JSON.`, "The official client gives up at the first one.");
  if (x.blanks) {
    add("warn", "blank", `${x.blanks} comments have a blank line behind them.`,
      "The official client's parser makes an empty event of each. End a heartbeat with one line break.");
  }
  if (x.end === "broken") {
    add("bad", "broken", `The connection broke after ${ms(x.endAt)}: ${sentence(x.error)}`,
      "Look for a timeout of the server or of a proxy. The script at ?resume.js makes this harmless.");
  } else if (x.end === "finished" && !x.events) {
    add("bad", "empty", "The stream ended without an event.", log);
  }
  stalls(x, add);
  if (f.stop >= slowStop) {
    add("warn", "stop", `After Stop it took ${ms(f.stop)} until the stream ended.`, "Respond should return soon after its context has ended.");
  }
  const whole = x.end === "finished" && x.events > 2 && x.endAt >= 1000 && x.endAt - x.firstEvent < x.endAt / 20;
  // A page that is busy for a moment also reads much at once, but then most events are in time.
  const held = f.held >= heldBack && f.heldUsually >= heldBack / 2;
  if (whole && (f.held === null || f.held >= heldBack)) {
    add("bad", "whole", `No event came before the end, ${ms(x.endAt)} after the request.`,
      f.held === null ? `Something holds the whole answer back. ${measure}` : "The server wrote them one by one. Something behind it holds the whole answer back.");
  } else if (x.type === "debug.ticks") {
    return; // which have a verdict of their own
  } else if (held && x.eventReads > 2 && x.writes >= 2 * x.eventReads) {
    const text = `Events were held back for up to ${ms(f.held)} after the server had written them, and came ${count(f.perRead)} at a time.`;
    // What collects events does so again and again.
    if (clear || f.crowds < 2) {
      add("warn", "proxy", text, `Something behind the server's write has collected them, or this browser was busy${clear ? ": the path was clear when it was measured" : ""}. If it happens again, look for ${buffer}`);
    } else add("bad", "proxy", text, `Something behind the server's write collects them. Look for ${buffer}`);
  } else if (f.held !== null && (f.clumps || whole)) {
    const what = f.clumps ? `The text came in bursts${clump(f)}, as the server wrote it.` : "The events came at once, as the server wrote them.";
    add("note", "process", what, "They were made in bursts inside its process: by the responder, the model, or whatever reads the model.");
  } else if (f.clumps) {
    add("warn", "bursts", `The text came in bursts${clump(f)}.`, measure);
  }
}

function stalls(x, add) {
  const all = x.stalled ? [...x.stalls, x.stalled] : x.stalls;
  for (const kind of ["silent", "heartbeats"]) {
    const some = all.filter((stall) => (stall.heartbeats ? "heartbeats" : "silent") === kind);
    if (!some.length) continue;
    const longest = some.reduce((a, b) => (b.ms > a.ms ? b : a));
    const times = some.length > 1 ? `, ${some.length} times` : "";
    const when = (time) => `for ${ms(time)}, beginning at ${ms(longest.at)}${times}`;
    if (kind === "heartbeats") {
      add("warn", "heartbeats", `Only heartbeats (${longest.heartbeats}) came ${when(longest.ms)}.`,
        "The connection is fine; Respond, or the model behind it, had nothing to say. Show progress meanwhile.");
    } else if (longest.wrote > longest.ms / 2) {
      add("warn", "silent", `The server wrote nothing ${when(longest.wrote)}: the responder, or the model behind it, had nothing to say.`, "Show progress meanwhile.");
    } else {
      const long = longest.ms >= heartbeat;
      add("warn", "silent", `Nothing came ${when(longest.ms)}${long ? ", not even a heartbeat" : ""}.`,
        typeof longest.wrote === "number" ? "The server wrote meanwhile, and something on the way held it back."
          : longest.wrote === null || x.end === "finished" ? "The responder had nothing to say, or something on the way held it back: Debug in the server's options tells which."
          : long ? "Either nothing was written, or the connection is dead. Heartbeats tell the two apart: see Run.Heartbeat in the server's options."
          : "The responder has nothing to say, or something on the way holds it back.");
    }
  }
}

// path is the verdict on a measurement: events whose times the server tells, without a model.
function path(x, f, add) {
  if (x.answer?.status >= 400) {
    add("note", "no-ticks", `The server does not measure: ${sentence(messageOf(x.text) || `status ${x.answer.status}`)}`, "Set Debug in the server's options. It is for development.");
    return;
  }
  const want = x.request.params?.count ?? 20;
  if (!x.end || !x.events) return;
  if (x.events < want) {
    add("warn", "ticks-cut", `Only ${x.events} of ${want} events came.`);
  } else if (f.heldUsually >= heldBack / 2 && f.perRead >= 1.5) {
    add("bad", "path-buffered", `Something on the way collects events: they came ${count(f.perRead)} at a time, up to ${ms(f.held)} late.`,
      `It is not the server, which wrote them one by one. Look for ${buffer}`);
  } else if (f.heldUsually >= heldBack / 2 || f.held >= 3 * heldBack) {
    add("warn", "path-uneven", `Events came one by one, but some ${ms(f.held)} later than others.`, "The network, the browser or the machine is busy. Measure again.");
  } else {
    add("good", "path-clear", `The path is clear: ${want} events came ${f.perRead < 1.5 ? "one by one" : `${count(f.perRead)} at a time`}, none more than ${ms(f.held)} later than the fastest.`);
  }
  const gap = x.request.params?.gap ?? 100;
  if (f.pause - gap >= heldBack) {
    add("warn", "path-pause", `The server itself paused for ${ms(f.pause)} between two events, instead of ${gap} ms.`, "Its machine is busy.");
  }
}

const clump = ({ clumps: { pieces, letters, pause } }) => `, up to ${letters} letters${pieces > 1 ? ` in ${pieces} events` : ""} at once, with pauses of up to ${ms(pause)}`;

const count = (n) => n.toFixed(n < 9.95 ? 1 : 0);

const sentence = (text) => String(text).replace(/[^.!?]$/, "$&.");

function messageOf(text) {
  try {
    return JSON.parse(text).message ?? "";
  } catch {
    return "";
  }
}
