// The requests of the ChatKit protocol: one URL, always POST, a JSON body {type, params}.
import { withHeaders } from "./headers.js";
import { settings } from "./settings.js";
import { readEvents } from "./sse.js";
import { Wire } from "./wire.js";

export { settings };

// wire is what every request goes through, for the inspector.
export const wire = new Wire();

// The server's own script lets an answer go on where its connection broke, and turns an abort into a request
// to stop. A route that is mounted for POST alone does not have it.
let fetch = (url, init) => wire.fetch(url, withHeaders(url, init));
export let resumes = true;
try {
  const { resumable } = await import(`${settings.url}?resume.js`);
  fetch = resumable({ fetch });
} catch {
  resumes = false;
}

// RequestError is a request that the server refused or that never reached it. Its message is fit
// for the user. A status of 0 means that there was no answer at all.
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// checked turns an answer that says no into an error.
async function checked(response) {
  if (response.ok) return response;
  let message = "";
  try {
    message = (await response.json()).message;
  } catch {
    // Not JSON: a proxy wrote it. The status alone has to do.
  }
  throw new RequestError(response.status, message || `The server answered with status ${response.status}.`);
}

async function post(type, params, accept, signal) {
  let response;
  try {
    response = await fetch(settings.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept, "accept-language": navigator.language || "en" },
      body: JSON.stringify({ type, params }),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError(0, "The server cannot be reached. Is it still running?");
  }
  return checked(response);
}

// call sends a request that is answered with JSON.
export async function call(type, params) {
  return (await post(type, params, "application/json")).json();
}

// stream sends a request and yields the events that answer it.
export async function* stream(type, params, signal) {
  const response = await post(type, params, "text/event-stream", signal);
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    throw new RequestError(response.status, "The server did not answer with a stream.");
  }
  try {
    yield* readEvents(response.body);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (error instanceof SyntaxError) throw new RequestError(200, "The server sent something unreadable.");
    if (error instanceof RangeError) throw new RequestError(200, error.message);
    throw new RequestError(200, "The connection was lost in the middle of the answer.");
  }
}

const send = (url, init) => globalThis.fetch(url, withHeaders(url, init));

// upload sends a file the way the server takes it and returns its attachment.
export async function upload(file, signal) {
  try {
    if (settings.attachments === "direct") {
      const body = new FormData();
      body.append("file", file);
      return await (await checked(await send(settings.upload_url, { method: "POST", body, signal }))).json();
    }
    const mime_type = file.type || "application/octet-stream";
    const attachment = await call("attachments.create", { name: file.name, size: file.size, mime_type });
    const { url, method, headers } = attachment.upload_descriptor;
    const body = method === "PUT" ? file : new FormData();
    if (method !== "PUT") body.append("file", file);
    await checked(await send(url, { method, headers, body, signal }));
    return attachment;
  } catch (error) {
    if (error instanceof TypeError) throw new RequestError(0, "The file could not be sent.");
    throw error;
  }
}
