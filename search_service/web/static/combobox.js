// A box with a list of suggestions (the combobox pattern of ARIA), on the search page and in other sites.

import { SuggestionList } from "./suggestion_list.js";

const DELAY = 120; // milliseconds without a key before a request is sent
const MIN_LENGTH = 2; // characters

/**
 * Completes what is typed into a box. A subclass has the methods `fetchGroups(query, signal)`, a promise of groups of
 * suggestions, and `choose(suggestion)`; `localGroups(query)` are those that need no request.
 */
export class Combobox {
  /** The arguments after `input` are those of `SuggestionList`. */
  constructor(input, ...list) {
    this.input = input;
    this.list = new SuggestionList(...list);
    this.timer = 0;
    this.request = null;
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.schedule());
    input.addEventListener("keydown", (event) => this.key(event));
    this.list.listbox.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
    this.list.listbox.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose(option.suggestion);
    });
  }

  localGroups() {
    return [];
  }

  /** Completes what is typed after a delay; of several calls only the last one counts. */
  schedule(delay = DELAY) {
    this.cancel();
    const query = this.input.value.trim();
    if (query.length < MIN_LENGTH) this.show(this.localGroups(query));
    else this.timer = setTimeout(() => this.complete(query), delay);
  }

  async complete(query) {
    this.request = new AbortController();
    const { signal } = this.request;
    let groups;
    try {
      groups = await this.fetchGroups(query, signal);
    } catch {
      groups = this.localGroups(query); // the search itself says what is wrong
    }
    if (!signal.aborted && this.input.getRootNode().activeElement === this.input) this.show(groups);
  }

  cancel() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  /** Shows groups of suggestions, `[label, suggestions]` each. */
  show(groups) {
    this.list.show(groups);
    this.input.setAttribute("aria-expanded", String(this.list.isOpen));
    this.mark(null);
  }

  close() {
    this.cancel();
    this.show([]);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && this.list.isOpen) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.list.selected) {
      event.preventDefault();
      this.choose(this.list.selected);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.list.isOpen) this.schedule(0);
      else if (!event.altKey) this.mark(this.list.move(event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "ArrowUp") this.close();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      this.mark(this.list.select(-1)); // the keys move in the text
    }
  }

  /** Tells screen readers which option is selected. */
  mark(option) {
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

/** Returns suggestions in labelled groups: searches, titles, and the values of each field. */
export function grouped(suggestions, texts, labelOf) {
  const of = (...kinds) => suggestions.filter(({ kind }) => kinds.includes(kind));
  const values = of("value");
  const fields = [...new Set(values.map(({ field }) => field))];
  return [
    [texts.searches, of("word", "phrase")],
    [texts.titles, of("title")],
    ...fields.map((field) => [labelOf(field), values.filter((one) => one.field === field)]),
  ];
}
