// The web component <arabic-search>: its attributes, events and shadow root.

import { SearchView } from "./search_view.js";
import { Service } from "./service.js";
import { sheet } from "./styles.js";
import { wordsFor } from "./words.js";

const NAME = "arabic-search";
const DEFAULT_SIZE = 10;

/**
 * Attributes: `index`; `server`, `key`, `lang`, `placeholder`, `filters` (`filter.category=…&date_from=2024`),
 * `facets` (`category,source`), `group-by` (`story`), `size`, `link` (`/articles/{id}`), `query`. All of them can change; what was typed and found stays as long as it can.
 *
 * Events, all composed: `search` before a request, `results` with its answer, `select` when a result is chosen
 * (`preventDefault()` keeps the browser here), `error` (which does not bubble, as those of scripts do).
 */
class ArabicSearch extends HTMLElement {
  static observedAttributes = ["index", "server", "key", "lang", "placeholder", "filters", "facets", "group-by", "size", "link", "query"];
  static server = ""; // that of the script which defined the element

  #view = null;
  #planned = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    if (!this.#view) this.#build(this.getAttribute("query") ?? "");
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (!this.isConnected) this.#view?.stop(); // it was removed, not moved
    });
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#view || before === after) return;
    if (name === "query") this.search(after ?? "");
    else if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => { // several attributes that change together are one change
        this.#planned = false;
        this.#view.stop();
        this.#build(this.query);
      });
    }
  }

  /** What is typed in the box. */
  get query() {
    return this.#view?.input.value ?? this.getAttribute("query") ?? "";
  }

  set query(text) {
    this.setAttribute("query", text);
  }

  /** Focuses the box. */
  focus(options) {
    this.#view?.input.focus(options);
  }

  /** Searches for a text, as if it had been typed. */
  search(text = this.query) {
    this.#view?.searchFor(text);
  }

  #build(query) {
    const words = wordsFor(this.#language());
    this.shadowRoot.replaceChildren();
    const service = new Service({
      server: new URL(this.getAttribute("server") ?? ArabicSearch.server, document.baseURI).href,
      index: this.getAttribute("index") ?? "",
      key: this.getAttribute("key") ?? "",
      language: words.lang,
    });
    this.#view = new SearchView(this.shadowRoot, {
      service,
      words,
      placeholder: this.getAttribute("placeholder") ?? words.placeholder,
      size: Number.parseInt(this.getAttribute("size"), 10) || DEFAULT_SIZE,
      filters: [...new URLSearchParams(this.getAttribute("filters") ?? "")],
      facets: (this.getAttribute("facets") ?? "").split(",").map((name) => name.trim()).filter(Boolean),
      groupBy: this.getAttribute("group-by"),
      link: this.getAttribute("link") ?? "",
      notify: (name, detail) => this.#notify(name, detail),
    });
    if (query) this.#view.searchFor(query);
  }

  /** Returns the language of the element, else of what it is in, else of the browser. */
  #language() {
    return this.closest("[lang]:not([lang=''])")?.lang || this.getRootNode().host?.lang || navigator.language;
  }

  /** Dispatches an event; returns whether the page lets the search go on. */
  #notify(name, detail) {
    const options = { detail, bubbles: name !== "error", composed: true, cancelable: name === "select" };
    return this.dispatchEvent(new CustomEvent(name, options));
  }
}

/** Defines the element; the first service whose script is on a page is that of elements without `server`. */
export function define(server) {
  if (customElements.get(NAME)) return;
  ArabicSearch.server = server;
  customElements.define(NAME, ArabicSearch);
}
