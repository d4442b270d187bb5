// A ChatKit server that says what a test wants it to, in the browser's own network layer.

// fake answers the ChatKit requests of a page. Answers holds, by the type of a request, what it is answered with: a
// list is a stream of events, anything else is JSON; a function gets the params and returns either, or a promise.
// It returns the list of all requests, as they come.
export async function fake(page, answers = {}) {
  const requests = [];
  const known = {
    "threads.list": { data: [], has_more: false },
    "runs.active": { run_id: null },
    "items.feedback": {},
    "attachments.delete": {},
    ...answers,
  };
  await page.route(/\/chatkit$/, async (route) => {
    const { type, params } = route.request().postDataJSON();
    requests.push({ type, params });
    const answer = typeof known[type] === "function" ? await known[type](params) : known[type];
    if (answer === undefined) return route.fulfill({ status: 400, json: { message: `the test has no answer to ${type}` } });
    if (!Array.isArray(answer)) return route.fulfill({ json: answer });
    return route.fulfill({ contentType: "text/event-stream", body: answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("") });
  });
  return requests;
}

const meta = { thread_id: "thr_1", created_at: "2030-05-06T07:08:09Z" };

export const thread = (more = {}) => ({ id: "thr_1", title: "A thread", created_at: meta.created_at, status: { type: "active" }, metadata: {}, items: { data: [], has_more: false }, ...more });
export const item = (type, id, more) => ({ id, ...meta, type, ...more });
export const user = (text, more = {}) => item("user_message", "msg_u", { content: [{ type: "input_text", text }], attachments: [], inference_options: {}, ...more });
export const assistant = (text, annotations = [], id = "msg_a") => item("assistant_message", id, { content: [{ type: "output_text", text, annotations }] });
export const done = (value) => ({ type: "thread.item.done", item: value });

// holding returns a thread with items, as an answer to threads.get_by_id, under the address #thr_1.
export const holding = (...items) => ({ "threads.get_by_id": thread({ items: { data: items, has_more: false } }) });
