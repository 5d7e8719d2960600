// The box and what is below it: when a search is made, and that only the latest answer is shown.

import { element } from "../text_nodes.js";
import { BoxCompletion } from "./box_completion.js";
import { ChosenFilters } from "./chosen_filters.js";
import { FacetPanel } from "./facet_panel.js";
import { FailureMessage } from "./failure_message.js";
import { grouping, groupsOf } from "./other_results.js";
import { ResultList } from "./result_list.js";

const PAUSE = 250; // milliseconds without a key; shorter ones search for half words
const MAX_LENGTH = 1000; // characters, as on the search page: longer ones do not fit into an address

export class SearchView {
  constructor(root, options) {
    const { words, placeholder } = options;
    this.options = options;
    this.timer = 0;
    this.asTyped = []; // words of the query that was searched last which are not corrected
    this.request = new AbortController();
    this.input = element("input", {
      type: "search", part: "input", maxlength: MAX_LENGTH, placeholder, "aria-label": words.label, dir: "auto",
      autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search",
    });
    const button = element("button", { part: "button" }, words.button);
    this.form = element("form", { role: "search", "aria-label": words.label }, element("div", { class: "box", part: "box" }, this.input, button));
    this.filters = new ChosenFilters(words, () => this.search());
    this.failure = new FailureMessage(words);
    this.results = new ResultList(options, {
      more: () => this.more(),
      showAll: (value) => this.showAll(value),
      asTyped: (word) => this.insist(word),
    });
    this.root = element("div", { class: "root", part: "root", lang: words.lang, dir: words.direction });
    this.facets = new FacetPanel(options, this.filters);
    const columns = element("div", { class: "columns" }, this.results.section, this.facets.panel);
    this.root.append(this.form, this.filters.list, this.failure.alert, element("div", { class: "container" }, columns));
    root.append(this.root);
    this.completion = new BoxCompletion(this, options);
    this.listen();
  }

  listen() {
    // What a search needs first is read while the reader types; what fails is said by the search.
    this.input.addEventListener("focus", () => this.options.service.layout().catch(() => {}), { once: true });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.completion.close();
      this.search();
    });
    this.input.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      const instant = this.results.isShown || !this.input.value;
      if (instant && !event.isComposing) this.timer = setTimeout(() => this.search(), PAUSE);
    });
  }

  searchFor(text) {
    this.input.value = text;
    this.completion.close();
    this.search();
  }

  /** Searches only documents with a value, whatever they contain; values beside those of the page would allow more. */
  choose(field, value) {
    if (this.options.filters.some(([name]) => name === `filter.${field}`)) return this.searchFor(value);
    this.input.value = "";
    const { layout, options } = this;
    this.filters.add(field, value, layout.label(field, options.words.lang), layout.written(field, value));
  }

  /** Searches for a word as it was typed, as long as the query stays the same. */
  insist(word) {
    this.input.value = this.results.query;
    this.asTyped = [...this.asTyped, word];
    this.search();
    this.input.focus();
  }

  /** Shows all results of a group, each for itself, and leads the keyboard to the filter that does it. */
  showAll(value) {
    const { layout, options } = this;
    const field = this.groupBy();
    this.filters.add(field, value, layout.label(field, options.words.lang), layout.written(field, value));
    this.filters.focus();
  }

  /** Returns the field whose values make results one; under a filter of it, the results of a group are asked for. */
  groupBy() {
    const field = this.options.groupBy ?? this.layout.groupBy;
    return this.restrictions().some(([name]) => name === `filter.${field}`) ? "" : field;
  }

  /** Returns what restricts the documents: the filters of the element, and those that were chosen. */
  restrictions() {
    return [...this.options.filters, ...this.filters.parameters];
  }

  /** Searches for what is in the box; nothing typed and nothing chosen is no search. */
  async search() {
    const query = this.input.value.trim();
    this.stop();
    if (!query && !this.filters.parameters.length) {
      this.failure.clear();
      this.results.clear();
      this.facets.clear();
      return;
    }
    if (query !== this.results.query) this.asTyped = [];
    this.options.notify("search", { query, filters: this.restrictions() });
    await this.load(query, 0, () => this.search());
  }

  /** Appends the next results. */
  async more() {
    this.stop();
    await this.load(this.results.query, this.results.count, () => this.more());
  }

  /** Shows results from an offset on; `again` is called if that fails and should be tried again. */
  async load(query, offset, again) {
    const { service, size, notify } = this.options;
    const { signal } = this.request;
    this.results.busy(true);
    try {
      const layout = await service.layout();
      if (signal.aborted) return;
      this.layout = layout;
      const parameters = [["q", query], ["size", size], ["offset", offset], ...this.restrictions(), ...grouping(this.groupBy(), size)];
      if (this.asTyped.length) parameters.push(["as_typed", this.asTyped.join(",")]);
      if (!offset) parameters.push(...this.facets.parameters);
      const found = await service.search(parameters, signal);
      if (signal.aborted) return;
      this.failure.clear();
      if (offset) this.results.append(found);
      else {
        this.results.show(query, found, layout);
        this.facets.show(found.facets, layout);
      }
      notify("results", { query, offset, total: found.total, hits: groupsOf(found).flatMap(({ hits }) => hits), groups: found.groups });
    } catch (error) {
      if (!signal.aborted) this.fail(error, again);
    } finally {
      if (!signal.aborted) this.results.busy(false);
    }
  }

  /** Says what went wrong; what was typed and found before stays. */
  fail(error, again) {
    this.failure.show(error, again);
    const { kind = "failed", status = 0, detail = "", retryAfter = 0 } = error;
    this.options.notify("error", { kind, status, detail, retryAfter });
  }

  /** Ends what is under way. */
  stop() {
    clearTimeout(this.timer);
    this.failure.stop();
    this.request.abort();
    this.request = new AbortController();
  }
}
