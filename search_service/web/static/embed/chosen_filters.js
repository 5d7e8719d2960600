// The values that a reader has chosen among suggestions and facets, each with a button that drops it.

import { direction, element } from "../text_nodes.js";

export class ChosenFilters {
  #chosen = []; // [field, value, name of the field, name of the value]

  /** `changed` is called after each change. */
  constructor(words, changed) {
    this.words = words;
    this.changed = changed;
    this.list = element("ul", { class: "filters", part: "filters", "aria-label": words.filters, hidden: "" });
  }

  get parameters() {
    return this.#chosen.map(([field, value]) => [`filter.${field}`, value]);
  }

  /** Returns the values of a field. */
  of(field) {
    return this.#chosen.filter(([name]) => name === field).map(([, value]) => value);
  }

  /** Adds a value, with the names that readers see. */
  add(field, value, label, written) {
    if (!this.of(field).includes(value)) this.#chosen.push([field, value, label, written]);
    this.#change();
  }

  remove(field, value) {
    this.#chosen = this.#chosen.filter(([name, text]) => name !== field || text !== value);
    this.#change();
  }

  /** Leads the keyboard to the value that was chosen last. */
  focus() {
    this.list.querySelector("li:last-child button")?.focus();
  }

  #change() {
    this.#show();
    this.changed();
  }

  #drop(place) {
    const [field, value] = this.#chosen[place];
    this.remove(field, value);
    const buttons = this.list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.list.parentNode.querySelector("input")).focus();
  }

  #show() {
    this.list.replaceChildren(...this.#chosen.map(([, , label, written], place) => {
      const text = element("bdi", { dir: direction(written) }, written);
      const name = `${this.words.removeFilter} ${label}: ${written}`;
      const button = element("button", { type: "button", part: "filter", "aria-label": name }, `${label}: `, text, " ×");
      button.addEventListener("click", () => this.#drop(place));
      return element("li", {}, button);
    }));
    this.list.hidden = !this.#chosen.length;
  }
}
