// Completion in the box, with the list of the search page.

import { Combobox, grouped } from "../combobox.js";

export class BoxCompletion extends Combobox {
  constructor(view, options) {
    super(view.input, view.form, options.words, "", options.words.locale);
    this.view = view;
    this.options = options;
    this.input.addEventListener("blur", () => this.close());
  }

  async fetchGroups(query, signal) {
    const { service, words } = this.options;
    const parameters = [["q", query], ...this.view.restrictions()];
    const [suggestions, layout] = await Promise.all([service.suggestions(parameters, signal), service.layout()]);
    this.view.layout = layout;
    return grouped(suggestions, words, (field) => layout.label(field, words.lang));
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
