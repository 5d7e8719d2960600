// What went wrong, in the reader's language, with another try: at once by a button, or when the service allows it.

import { element } from "../text_nodes.js";

const MAX_TRIES = 3; // by itself; then the reader decides
const MAX_WAIT = 60; // seconds; a reader does not wait longer

export class FailureMessage {
  constructor(words) {
    this.words = words;
    this.alert = element("div", { role: "alert", class: "failure", part: "failure" });
    this.tries = 0;
    this.stop();
  }

  /** Shows a failure. `again` is called by the button, when the browser is online again, or after `retryAfter`. */
  show(error, again) {
    this.stop();
    const { kind, detail, retryAfter } = { kind: "failed", detail: "", retryAfter: 0, ...error };
    const sentence = kind === "refused" && detail ? detail : this.words.failures[kind];
    const children = [element("p", {}, sentence)];
    if (retryAfter && retryAfter <= MAX_WAIT && this.tries < MAX_TRIES) {
      this.tries += 1;
      children.push(element("p", {}, this.words.retryIn(retryAfter)));
      this.timer = setTimeout(again, retryAfter * 1000);
    } else if (kind !== "refused") children.push(this.#button(again, retryAfter));
    if (kind === "offline") addEventListener("online", again, { once: true, signal: this.waiting.signal });
    this.alert.replaceChildren(...children);
  }

  #button(again, retryAfter) {
    const button = element("button", { type: "button", part: "button" }, this.words.retry);
    button.disabled = retryAfter > 0; // the service has said when
    if (retryAfter) this.timer = setTimeout(() => { button.disabled = false; }, retryAfter * 1000);
    button.addEventListener("click", again);
    return button;
  }

  /** Cancels the next try; the message stays until another answer comes. */
  stop() {
    clearTimeout(this.timer);
    this.waiting?.abort();
    this.waiting = new AbortController();
  }

  clear() {
    this.stop();
    this.tries = 0;
    this.alert.replaceChildren();
  }
}
