// The facets beside the results: the values of some fields with their counts, any number of which restrict the search.

import { direction, element } from "../text_nodes.js";

const SHOWN = 6; // values of a facet that are visible, as on the search page; the others are folded
const REQUESTED = 30;
const WIDE = 640; // pixels from which there is room beside the results, as in styles.js

export class FacetPanel {
  #open = new Set(); // the fields whose further values are unfolded
  #isTouched = false; // whether the reader has folded or unfolded the panel

  /** `chosen` are the filters of the reader. A field that the page restricts is no facet: a second value would allow more. */
  constructor({ facets, filters, words }, chosen) {
    this.fields = facets.filter((field) => !filters.some(([name]) => name === `filter.${field}`));
    this.words = words;
    this.chosen = chosen;
    const summary = element("summary", {}, words.refine);
    summary.addEventListener("click", () => { this.#isTouched = true; });
    this.body = element("div", { role: "group", "aria-label": words.refine });
    this.panel = element("details", { class: "facets", part: "facets", hidden: "" }, summary, this.body);
  }

  /** What a search asks for the counts. */
  get parameters() {
    return this.fields.length ? [["facets", this.fields.join(",")], ["facet_size", REQUESTED]] : [];
  }

  clear() {
    this.#hide(true);
    this.body.replaceChildren();
  }

  /** Shows the values of an answer, `{field: [{value, count}]}`; what has the focus keeps it. */
  show(counted, layout) {
    const groups = this.fields.map((field) => this.#group(field, this.#values(field, counted[field] ?? []), layout));
    const focused = this.panel.getRootNode().activeElement;
    const key = this.body.contains(focused) ? focused.dataset.key : undefined;
    this.body.replaceChildren(...groups.filter(Boolean));
    this.#hide(!this.body.children.length);
    if (!this.#isTouched) this.panel.open = this.panel.parentNode.clientWidth >= WIDE;
    if (key) [...this.body.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus();
  }

  #hide(isHidden) {
    this.panel.hidden = isHidden;
    this.panel.parentNode.classList.toggle("faceted", !isHidden);
  }

  /** Returns values with their counts, chosen ones first: they can be dropped even if no result has them. */
  #values(field, buckets) {
    const counts = new Map(buckets.map(({ value, count }) => [String(value), count]));
    return [...new Set([...this.chosen.of(field), ...counts.keys()])].map((value) => [value, counts.get(value)]);
  }

  #group(field, values, layout) {
    if (!values.length) return null;
    const label = layout.label(field, this.words.lang);
    const choices = values.map(([value, count]) => this.#choice(field, value, count, label, layout));
    const seen = Math.max(SHOWN, this.chosen.of(field).length);
    const group = element("fieldset", { part: "facet" }, element("legend", {}, label), ...choices.slice(0, seen));
    if (choices.length > seen) group.append(this.#folded(field, label, choices.slice(seen)));
    return group;
  }

  #folded(field, label, choices) {
    const summary = element("summary", { "data-key": field, "aria-label": `${this.words.moreValues}: ${label}` }, this.words.moreValues);
    const folded = element("details", {}, summary, ...choices);
    folded.open = this.#open.has(field);
    folded.addEventListener("toggle", () => (folded.open ? this.#open.add(field) : this.#open.delete(field)));
    return folded;
  }

  #choice(field, value, count, label, layout) {
    const written = layout.written(field, value);
    const box = element("input", { type: "checkbox", "data-key": `${field} ${value}` });
    box.checked = this.chosen.of(field).includes(value);
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.add(field, value, label, written);
      else this.chosen.remove(field, value);
    });
    const choice = element("label", {}, box, " ", element("bdi", { dir: direction(written) }, written));
    if (count !== undefined) choice.append(" ", element("small", {}, this.words.number(count)));
    return choice;
  }
}
