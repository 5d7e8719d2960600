// The results: their number, each as a link with its marked fragments, and a button for more of them.

import { direction, element, marked } from "../text_nodes.js";
import { linkOf, value } from "./layout.js";
import { groupsOf, otherResults } from "./other_results.js";
import { fragment, passages, shortened } from "./snippet.js";

const MAX_HITS = 10_000; // as many as the service pages through
const MAX_GROUPS = 1_000; // likewise

export class ResultList {
  /** `more` is called for the next results, `showAll` with the value of a group, `asTyped` with a corrected word. */
  constructor(options, { more, showAll, asTyped }) {
    Object.assign(this, { options, showAll, asTyped });
    const { words } = options;
    this.status = element("p", { role: "status", class: "status", part: "status" });
    this.notes = element("div", { class: "notes" });
    this.list = element("ol", { part: "results" });
    this.button = element("button", { type: "button", class: "more", part: "more", hidden: "" }, words.more);
    this.button.addEventListener("click", more);
    this.section = element("section", { "aria-label": words.results }, this.status, this.notes, this.list, this.button);
    this.clear();
  }

  get isShown() {
    return this.query !== null;
  }

  /** How many results are shown; a group is one. */
  get count() {
    return this.list.children.length;
  }

  clear() {
    this.query = null;
    this.section.classList.add("empty");
    this.status.textContent = "";
    this.notes.replaceChildren();
    this.list.replaceChildren();
    this.button.hidden = true;
  }

  busy(isBusy) {
    this.section.setAttribute("aria-busy", String(isBusy));
  }

  show(query, found, layout) {
    const { words } = this.options;
    this.query = query;
    this.layout = layout;
    this.section.classList.remove("empty");
    this.list.replaceChildren();
    const notes = found.corrections.map(({ from, to }) => [words.corrected(from, to), " ", this.#insist(from)]);
    if (!found.total) notes.push([words.nothing]);
    if (found.partial) notes.push([words.partial]);
    this.notes.replaceChildren(...notes.map((note) => element("p", {}, ...note)));
    this.status.textContent = words.resultCount(found.total);
    this.#add(found);
  }

  /** Returns the button that searches for a corrected word as it was typed. */
  #insist(word) {
    const button = element("button", { type: "button", class: "link", part: "as-typed" }, this.options.words.asTyped(word));
    button.addEventListener("click", () => this.asTyped(word));
    return button;
  }

  /** Adds the next results and leads the keyboard to the first of them. */
  append(found) {
    const before = this.count;
    this.#add(found);
    this.list.children[before]?.querySelector("a").focus();
  }

  #add(found) {
    const start = this.count;
    const groups = groupsOf(found);
    this.list.append(...groups.map((group, place) => this.#item(group, start + place + 1)));
    const [total, limit] = found.groups ? [found.total_groups, MAX_GROUPS] : [found.total, MAX_HITS];
    this.button.hidden = !groups.length || this.count >= total || this.count + this.options.size > limit;
  }

  linkOf(id, source, layout, query) {
    const { service, link } = this.options;
    return linkOf(id, source, layout, { link, page: service.page(id, query) });
  }

  #item(group, position) {
    const [best] = group.hits;
    const { source, highlights } = best;
    const line = (hit) => [this.#link(hit, position), this.#meta(hit.source, hit.highlights)].filter(Boolean);
    const others = otherResults(group, this.options.words, line, this.showAll);
    const parts = [...line(best), this.#snippet(source, highlights), others];
    return element("li", { part: "result" }, ...parts.filter(Boolean));
  }

  #link({ id, source, highlights }, position) {
    const { layout, query } = this;
    const url = this.linkOf(id, source, layout, query);
    const link = element("a", { href: url, class: "title", part: "title" }, ...this.#title(id, source, highlights));
    link.dir = direction(link.textContent);
    link.addEventListener("click", (event) => {
      if (!this.options.notify("select", { id, source, url, position, query })) event.preventDefault();
    });
    return link;
  }

  #title(id, source, highlights) {
    const text = value(source, this.layout.title);
    if (!text) return [shortened(this.layout.texts.map((name) => value(source, name)).find(Boolean) ?? id)];
    const first = (highlights[this.layout.title] ?? []).filter((fragment) => !fragment.value);
    const shift = leading(source[this.layout.title]);
    const marks = first.flatMap((fragment) => fragment.marks).map((mark) => mark.map((place) => place - shift));
    return marked(text, marks.sort(([one], [other]) => one - other), "mark");
  }

  /** Returns the date, the source, and the matches in fields that are not shown otherwise, such as tags. */
  #meta(source, highlights) {
    const { date, meta, title, texts } = this.layout;
    const others = Object.keys(highlights).filter((name) => ![date, ...meta, title, ...texts].includes(name));
    const values = [...meta, ...others].map((name) => {
      const [match] = highlights[name] ?? [];
      return match ? fragment(match) : [this.layout.written(name, value(source, name))];
    });
    const parts = [[this.options.words.date(value(source, date))], ...values]
      .map((nodes) => element("bdi", {}, ...nodes))
      .filter((part) => part.textContent);
    if (!parts.length) return null;
    for (const part of parts) part.dir = direction(part.textContent);
    return element("p", { class: "meta", part: "meta" }, ...parts.flatMap((one, place) => (place ? [" · ", one] : [one])));
  }

  /** Returns the best fragments of the first text with matches, or the beginning of a text. */
  #snippet(source, highlights) {
    const name = this.layout.texts.find((one) => highlights[one]?.length);
    const lead = this.layout.texts.map((one) => value(source, one)).find(Boolean);
    if (!name && !lead) return null;
    const nodes = name ? passages(highlights[name], [source[name]].flat()) : [shortened(lead)];
    const snippet = element("p", { class: "snippet", part: "snippet" }, ...nodes);
    snippet.dir = direction(snippet.textContent);
    return snippet;
  }
}

/** Returns how many code points of white space a value begins with, which `value` leaves out. */
function leading(written) {
  const text = String([written].flat()[0] ?? "");
  return Array.from(text).length - Array.from(text.trimStart()).length;
}
