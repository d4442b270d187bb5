// What somebody hears who does not see the page: an answer in whole sentences, when it pauses, and not every
// word as it comes.
import { plain } from "./markdown.js";

const pause = 1000; // milliseconds without a new word
const sentence = /[\s\S]*(?:[.!?:]["')\]]*(?=\s|$)|\n)/;

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
    else this.#timer = setTimeout(() => this.#speak(sentence.exec(source.slice(this.#heard))?.[0].length + this.#heard || 0), pause);
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
