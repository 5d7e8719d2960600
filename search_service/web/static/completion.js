// Completion in the search box (the ARIA combobox pattern), from the public endpoint /v1/indexes/{index}/suggest.

import * as pastSearches from "./past_searches.js";
import { SuggestionList } from "./suggestion_list.js";

const DELAY = 120; // milliseconds without a key before a request is sent
const MIN_LENGTH = 2; // characters
const PAST_BESIDE_OTHERS = 3;
const PAST_ALONE = 8;
const FILTERS = /^(filter\.|range\.|date_from$|date_to$)/; // what of the page's state restricts the documents

export class Completion {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.texts = JSON.parse(form.dataset.words);
    this.labels = JSON.parse(form.dataset.labels);
    this.timer = 0;
    this.request = null;
    this.list = new SuggestionList(form, this.texts, this.footer());
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.schedule());
    this.input.addEventListener("click", () => this.list.isOpen || this.schedule(0));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("focusout", ({ relatedTarget }) => this.list.popup.contains(relatedTarget) || this.close());
    this.form.addEventListener("submit", () => {
      pastSearches.remember(this.input.value);
      this.close();
    });
    this.list.listbox.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
    this.list.listbox.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option.suggestion);
    });
    this.list.popup.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.close();
      this.input.focus();
    });
  }

  /** Returns the switch and the button for the past searches. */
  footer() {
    const footer = document.createElement("div");
    footer.className = "footer";
    const label = document.createElement("label");
    const toggle = document.createElement("input");
    toggle.type = "checkbox";
    toggle.checked = pastSearches.isOn();
    toggle.addEventListener("change", () => pastSearches.turn(toggle.checked));
    label.append(toggle, " ", this.texts.remember);
    const clear = document.createElement("button");
    clear.type = "button";
    clear.textContent = this.texts.forget;
    clear.addEventListener("click", () => {
      pastSearches.clear();
      this.input.focus();
      this.schedule(0);
    });
    footer.append(label, clear);
    return footer;
  }

  /** Completes what is typed after a delay; of several calls only the last one counts. */
  schedule(delay = DELAY) {
    clearTimeout(this.timer);
    this.request?.abort();
    const query = this.input.value.trim();
    if (query.length < MIN_LENGTH) this.show([], query);
    else this.timer = setTimeout(() => this.complete(query), delay);
  }

  async complete(query) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const answer = await fetch(`${this.form.dataset.suggest}?${this.parameters(query)}`, { signal });
      const suggestions = answer.ok ? (await answer.json()).suggestions : [];
      if (!signal.aborted && document.activeElement === this.input) this.show(suggestions, query);
    } catch {
      if (!signal.aborted) this.show([], query); // without a network the box still submits a search
    }
  }

  parameters(query) {
    const filters = [...new FormData(this.form)].filter(([name, value]) => FILTERS.test(name) && value);
    return new URLSearchParams([["q", query], ...filters]);
  }

  /** Shows suggestions, behind the past searches that match; with nothing typed, past searches alone. */
  show(suggestions, query) {
    const past = pastSearches.matching(query, suggestions.length ? PAST_BESIDE_OTHERS : PAST_ALONE);
    const of = (...kinds) => suggestions.filter(({ kind }) => kinds.includes(kind));
    const fields = [...new Set(of("value").map(({ field }) => field))];
    this.list.show([
      [this.texts.past, past],
      [this.texts.searches, of("word", "phrase")],
      [this.texts.titles, of("title")],
      ...fields.map((field) => [this.labels[field] ?? field, of("value").filter((one) => one.field === field)]),
    ]);
    this.input.setAttribute("aria-expanded", String(this.list.isOpen));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
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
      else if (!event.altKey) this.mark(this.list.move(event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "ArrowUp") this.close();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      this.mark(this.list.select(-1)); // the keys move in the text
    }
  }

  mark(option) {
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  /** Leads to the document of a title, or to the documents with a value; searches for anything else. */
  choose({ kind, text, field, id }) {
    if (kind === "title") location.assign(this.documentUrl(id));
    else if (kind === "value") location.assign(this.filterUrl(field, text));
    else {
      this.input.value = text;
      this.form.requestSubmit();
    }
    this.close();
  }

  documentUrl(id) {
    const url = new URL(this.form.dataset.document, location.href);
    url.pathname = url.pathname.replace(/[^/]*$/, id.split("/").map(encodeURIComponent).join("/"));
    return url;
  }

  filterUrl(field, value) {
    const state = new URLSearchParams([...new FormData(this.form)].filter(([name, text]) => name !== "q" && text));
    if (!state.getAll(`filter.${field}`).includes(value)) state.append(`filter.${field}`, value);
    return `${this.form.action}?${state}`;
  }
}
