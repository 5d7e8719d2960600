// Searching within the values of a facet that has more of them than are shown.

const DELAY = 150; // milliseconds without a key before a request is sent
const SIZE = 20;
const SEARCH = /^(q$|filter\.|date_from$|date_to$)/; // the parameters of the page that the endpoint has too

export class FacetSearch {
  /** @param {HTMLDetailsElement} details the further values of a facet, which name the endpoint and the label */
  constructor(details) {
    this.details = details;
    this.values = details.querySelector("ul");
    this.request = null;
    this.input = document.createElement("input");
    this.input.type = "search";
    this.input.className = "facet-search";
    this.input.id = `values-${details.dataset.field}`;
    this.input.placeholder = details.dataset.search;
    this.input.setAttribute("aria-label", `${details.dataset.search}: ${details.dataset.label}`);
    this.found = document.createElement("ul");
    this.found.setAttribute("aria-live", "polite");
    this.found.hidden = true;
    details.querySelector("summary").after(this.input, this.found);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), DELAY);
    });
  }

  async search() {
    this.request?.abort();
    const contains = this.input.value.trim();
    this.values.hidden = Boolean(contains);
    this.found.hidden = !contains;
    if (!contains) return;
    this.request = new AbortController();
    const { signal } = this.request;
    const state = [...new URLSearchParams(location.search)].filter(([name]) => SEARCH.test(name));
    const url = `${this.details.dataset.url}?${new URLSearchParams([...state, ["contains", contains], ["size", SIZE]])}`;
    try {
      const answer = await fetch(url, { signal });
      if (!answer.ok) return this.giveUp();
      const { values } = await answer.json();
      this.found.replaceChildren(...values.map((one) => this.choice(one)));
    } catch {
      if (!signal.aborted) this.giveUp();
    }
  }

  /** Shows the values that the page came with. */
  giveUp() {
    this.values.hidden = false;
    this.found.hidden = true;
  }

  choice({ value, count }) {
    const name = `filter.${this.details.dataset.field}`;
    const state = new URLSearchParams(location.search);
    state.delete("page");
    if (!state.getAll(name).includes(value)) state.append(name, value);
    const link = document.createElement("a");
    link.href = `${location.pathname}?${state}`;
    const text = document.createElement("bdi");
    text.textContent = value;
    const number = document.createElement("span");
    number.className = "count";
    number.textContent = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: this.details.dataset.digits }).format(count);
    link.append(text, number);
    const item = document.createElement("li");
    item.append(link);
    return item;
  }
}
