// What somebody hears who does not see the page: an answer in whole sentences, when it pauses, and not every
// word as it comes.
import { plain } from "./markdown.js";

const pause = 1000; // milliseconds without a new word

// sentencesEnd returns where the last whole sentence of a text ends. It looks from the end, by hand: a pattern
// would try every beginning with every end.
export function sentencesEnd(text) {
  for (let end = text.length; end > 0; end--) {
    if (text[end - 1] === "\n") return end;
    if (end < text.length && text[end].trim()) continue;
    let at = end;
    while (`"')]`.includes(text[at - 1])) at--;
    if (".!?:".includes(text[at - 1])) return end;
  }
  return 0;
}

export class Announcer {
  text = ""; // what is being said
  #source = "";
  #heard = 0;
  #timer;

  constructor(changed) {
    this.changed = changed;
  }

  // say says something at once.
  say(text) {
    this.text = text;
    this.changed();
  }

  // follow hears an answer as it is so far. The end says what is left.
  follow(source, ended) {
    if (!source.startsWith(this.#source)) this.#heard = 0;
    if (source === this.#source && !ended) return;
    this.#source = source;
    clearTimeout(this.#timer);
    if (ended) this.#speak(source.length);
    else this.#timer = setTimeout(() => this.#speak(this.#heard + sentencesEnd(source.slice(this.#heard))), pause);
  }

  // begin forgets the answer before.
  begin() {
    clearTimeout(this.#timer);
    this.#source = "";
    this.#heard = 0;
  }

  #speak(end) {
    const words = plain(this.#source.slice(this.#heard, end)).trim();
    this.#heard = Math.max(this.#heard, end);
    if (words) this.say(words);
  }
}
