// The values that a reader has chosen among the suggestions, each with a button that drops it.

import { direction, element } from "../text_nodes.js";

export class ChosenFilters {
  #chosen = []; // [field, value, label]

  /** `changed` is called after each change. */
  constructor(words, changed) {
    this.words = words;
    this.changed = changed;
    this.list = element("ul", { class: "filters", part: "filters", "aria-label": words.filters, hidden: "" });
  }

  get parameters() {
    return this.#chosen.map(([field, value]) => [`filter.${field}`, value]);
  }

  add(field, value, label) {
    if (!this.#chosen.some(([name, text]) => name === field && text === value)) this.#chosen.push([field, value, label]);
    this.#show();
    this.changed();
  }

  #remove(place) {
    this.#chosen.splice(place, 1);
    this.#show();
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.list.parentNode.querySelector("input")).focus();
    this.changed();
  }

  #show() {
    this.list.replaceChildren(...this.#chosen.map(([, value, label], place) => {
      const text = element("bdi", { dir: direction(value) }, value);
      const name = `${this.words.removeFilter} ${label}: ${value}`;
      const button = element("button", { type: "button", part: "filter", "aria-label": name }, `${label}: `, text, " ×");
      button.addEventListener("click", () => this.#remove(place));
      return element("li", {}, button);
    }));
    this.list.hidden = !this.#chosen.length;
  }
}
