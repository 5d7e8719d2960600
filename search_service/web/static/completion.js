// Completion in the box of the search page, from the public endpoint /v1/indexes/{index}/suggest, with past searches.

import { Combobox, grouped } from "./combobox.js";
import { visit } from "./navigation.js";
import * as pastSearches from "./past_searches.js";

const PAST_BESIDE_OTHERS = 3;
const PAST_ALONE = 8;
const FILTERS = /^(filter\.|range\.|date_from$|date_to$)/; // what of the page's state restricts the documents

export class Completion extends Combobox {
  constructor(form) {
    const texts = JSON.parse(form.dataset.words);
    const footer = document.createElement("div");
    super(form.elements.q, form, texts, footer);
    this.form = form;
    this.texts = texts;
    this.labels = JSON.parse(form.dataset.labels);
    this.fill(footer);
    this.input.addEventListener("click", () => this.list.isOpen || this.schedule(0));
    form.addEventListener("focusout", ({ relatedTarget }) => this.list.popup.contains(relatedTarget) || this.close());
    form.addEventListener("submit", () => {
      pastSearches.remember(this.input.value);
      this.close();
    });
    this.list.popup.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.close();
      this.input.focus();
    });
  }

  /** Adds the switch and the button for the past searches below the list. */
  fill(footer) {
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
  }

  async fetchGroups(query, signal) {
    const filters = [...new FormData(this.form)].filter(([name, value]) => FILTERS.test(name) && value);
    const parameters = new URLSearchParams([["q", query], ...filters]);
    const answer = await fetch(`${this.form.dataset.suggest}?${parameters}`, { signal });
    const suggestions = answer.ok ? (await answer.json()).suggestions : [];
    if (!suggestions.length) return this.localGroups(query);
    const past = pastSearches.matching(query, PAST_BESIDE_OTHERS);
    return [[this.texts.past, past], ...grouped(suggestions, this.texts, (field) => this.labels[field] ?? field)];
  }

  /** Returns the past searches that match; all if nothing is typed. */
  localGroups(query) {
    return [[this.texts.past, pastSearches.matching(query, PAST_ALONE)]];
  }

  /** Leads to the document of a title, or to the documents with a value; searches for anything else. */
  choose({ kind, text, field, id }) {
    if (kind === "title") location.assign(this.documentUrl(id));
    else if (kind === "value") visit(this.filterUrl(field, text));
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
    return new URL(`${this.form.action}?${state}`);
  }
}
