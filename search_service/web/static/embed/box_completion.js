// Completion in the box (the ARIA combobox pattern), with the list of the search page.

import { SuggestionList } from "../suggestion_list.js";

const DELAY = 120; // milliseconds without a key before a request is sent
const MIN_LENGTH = 2; // characters

export class BoxCompletion {
  constructor(view, options) {
    this.view = view;
    this.options = options;
    this.input = view.input;
    this.timer = 0;
    this.request = new AbortController();
    this.list = new SuggestionList(view.form, options.words, "", options.words.locale);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.schedule());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.listbox.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
    this.list.listbox.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.choose(option.suggestion);
    });
  }

  /** Completes what is typed after a delay; of several calls only the last one counts. */
  schedule(delay = DELAY) {
    clearTimeout(this.timer);
    this.request.abort();
    const query = this.input.value.trim();
    if (query.length < MIN_LENGTH) this.close();
    else this.timer = setTimeout(() => this.complete(query), delay);
  }

  async complete(query) {
    this.request = new AbortController();
    const { signal } = this.request;
    const { service } = this.options;
    try {
      const parameters = [["q", query], ...this.view.restrictions()];
      const [suggestions, layout] = await Promise.all([service.suggestions(parameters, signal), service.layout()]);
      const isFocused = this.input.getRootNode().activeElement === this.input;
      if (!signal.aborted && isFocused) this.show(suggestions, layout);
    } catch {
      if (!signal.aborted) this.close(); // the search itself says what is wrong
    }
  }

  show(suggestions, layout) {
    this.view.layout = layout;
    const { words } = this.options;
    const of = (...kinds) => suggestions.filter(({ kind }) => kinds.includes(kind));
    const fields = [...new Set(of("value").map(({ field }) => field))];
    this.list.show([
      [words.searches, of("word", "phrase")],
      [words.titles, of("title")],
      ...fields.map((field) => [layout.label(field, words.lang), of("value").filter((one) => one.field === field)]),
    ]);
    this.input.setAttribute("aria-expanded", String(this.list.isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.request.abort();
    this.list.hide();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
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
      else if (event.altKey) this.close();
      else this.mark(this.list.move(event.key === "ArrowDown" ? 1 : -1));
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      this.mark(this.list.select(-1)); // the keys move in the text
    }
  }

  mark(option) {
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** Opens the document of a title, searches the documents with a value, or searches for anything else. */
  choose({ kind, text, field, id }) {
    this.close();
    if (kind === "title") this.open(id);
    else if (kind === "value") this.view.choose(field, text);
    else this.view.searchFor(text);
  }

  async open(id) {
    try {
      const source = await this.options.service.document(id);
      const url = this.view.results.linkOf(id, source, this.view.layout, this.input.value.trim());
      const chosen = { id, source, url, position: null, query: this.input.value.trim() };
      if (this.options.notify("select", chosen)) location.assign(url);
    } catch (error) {
      this.view.fail(error, () => this.open(id));
    }
  }
}
