// Client tools: what the server may ask this page to do.
import { recall, remember } from "./prefs.js";

// builtin are tools that the page has by itself. They may be slow.
const builtin = {
  get_time: () => ({ time: new Date().toLocaleTimeString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
};

// replies are what somebody has saved, by the tool's name: {text, auto}. The text is JSON.
let replies = recall("replies", {});

export const savedReplies = () => replies;

export function saveReply(name, reply) {
  replies = { ...replies, [name]: reply };
  if (!reply) delete replies[name];
  remember("replies", replies);
}

// automatic reports whether a call needs nobody.
export const automatic = (name) => (Object.hasOwn(replies, name) ? replies[name].auto : Object.hasOwn(builtin, name));

// answer returns what a tool says to its arguments, as a value of JSON.
export async function answer(name, args) {
  if (Object.hasOwn(replies, name)) return JSON.parse(replies[name].text);
  if (!Object.hasOwn(builtin, name)) return {};
  try {
    return await builtin[name](args);
  } catch (error) {
    return { error: String(error) };
  }
}
