// The list below the search box: options in labelled groups (the ARIA listbox of a combobox), and what is below them.

import { direction, element, marked } from "./text_nodes.js";

export class SuggestionList {
  /** Adds an empty, hidden list to a form. `texts` are in the language `lang`; `footer` is shown below the options. */
  constructor(form, texts, footer, lang = document.documentElement.lang) {
    this.texts = texts;
    this.plurals = new Intl.PluralRules(lang);
    this.numbers = new Intl.NumberFormat(`${lang}-u-nu-${texts.digits}`);
    this.options = [];
    this.active = -1;
    this.listbox = element("div", { id: "suggestions", role: "listbox", "aria-label": texts.suggestions });
    this.popup = element("div", { class: "suggestions", hidden: "" }, this.listbox, footer);
    this.status = element("div", { class: "hidden", role: "status" });
    form.append(this.popup, this.status);
  }

  get isOpen() {
    return !this.popup.hidden;
  }

  /** Returns the suggestion that is selected. */
  get selected() {
    return this.options[this.active]?.suggestion;
  }

  /** Shows groups of suggestions, `[label, suggestions]` each; hides the list if all are empty. */
  show(groups) {
    this.active = -1;
    this.options = [];
    const filled = groups.filter(([, suggestions]) => suggestions.length);
    this.listbox.replaceChildren(...filled.map(([label, suggestions]) => this.group(label, suggestions)));
    this.listbox.scrollTop = 0;
    this.popup.hidden = !filled.length;
    this.status.textContent = this.isOpen ? this.count(this.options.length) : "";
  }

  /** Returns a number of suggestions in words. */
  count(number) {
    const forms = this.texts.count;
    return (forms[this.plurals.select(number)] || forms.other).replace("{n}", this.numbers.format(number));
  }

  hide() {
    this.show([]);
  }

  group(label, suggestions) {
    const id = `suggestions-${this.options.length}`;
    const heading = element("div", { id, class: "heading", role: "presentation" }, label);
    return element("div", { role: "group", "aria-labelledby": id }, heading, ...suggestions.map((one) => this.option(one)));
  }

  option(suggestion) {
    const { text, marks = [], count } = suggestion;
    const number = this.options.length;
    const value = element("span", { dir: direction(text) }, ...marked(text, marks));
    const option = element("div", { id: `suggestion-${number}`, role: "option", "aria-selected": "false" }, value);
    if (count != null) option.append(" ", element("small", {}, this.numbers.format(count)));
    option.suggestion = suggestion;
    this.options.push(option);
    return option;
  }

  /** Moves the selection; -1, the box itself, comes between the last suggestion and the first. Returns the option. */
  move(step) {
    const places = this.options.length + 1;
    return this.select(((this.active + 1 + step + places) % places) - 1);
  }

  select(number) {
    this.active = number;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    this.options[number]?.scrollIntoView({ block: "nearest" });
    return this.options[number];
  }
}
