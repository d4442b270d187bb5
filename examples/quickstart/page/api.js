// The requests of the ChatKit protocol: one URL, always POST, a JSON body {type, params}.
import { resumable } from "/chatkit?resume.js";
import { readEvents } from "./sse.js";

const endpoint = "/chatkit";

// An answer goes on where its connection broke; an abort asks to stop it.
const fetch = resumable();

// RequestError is a request that the server refused or that never reached it. Its message is fit
// for the user. A status of 0 means that there was no answer at all.
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function post(type, params, accept, signal) {
  let response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept,
        "accept-language": navigator.language || "en",
      },
      body: JSON.stringify({ type, params }),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError(0, "The server cannot be reached. Is it still running?");
  }
  if (!response.ok) {
    let message = "";
    try {
      message = (await response.json()).message;
    } catch {
      // Not JSON: a proxy wrote it. The status alone has to do.
    }
    throw new RequestError(response.status, message || `The server answered with status ${response.status}.`);
  }
  return response;
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
    throw new RequestError(200, "The connection was lost in the middle of the answer.");
  }
}

// userMessage builds the input of threads.create and threads.add_user_message.
export function userMessage(text) {
  return { content: [{ type: "input_text", text }], attachments: [], inference_options: {} };
}
