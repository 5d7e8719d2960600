// Completion in the search box, from the public endpoint /v1/indexes/{index}/suggest.
// The page works without this script; it adds completion and removes empty parameters from addresses.
"use strict";

const DELAY = 120; // milliseconds without a key before a request is sent
const MIN_LENGTH = 2; // characters

/** Splits a text into words and the white space between them. */
const pieces = (text) => text.split(/(\s+)/);

/** Compares without regard to marks, hamza and tatweel. */
const collator = new Intl.Collator("ar", { usage: "search", sensitivity: "base", ignorePunctuation: true });

/** Returns how many characters of `word` the typed text covers from its beginning; 0 if it begins differently. */
function beginning(word, typed) {
  for (const start of [0, word.startsWith("ال") ? 2 : 0]) {
    for (let end = word.length; end > start; end--) {
      if (collator.compare(word.slice(start, end), typed) === 0) return end;
    }
  }
  return 0;
}

/** Returns a suggestion as nodes, the typed part of each word in <b>. */
function marked(text, query) {
  const typed = query.split(/\s+/).filter(Boolean);
  return pieces(text).flatMap((word) => {
    const end = Math.max(0, ...typed.map((one) => beginning(word, one)));
    if (!end) return [word];
    const bold = document.createElement("b");
    bold.textContent = word.slice(0, end);
    return [bold, word.slice(end)];
  });
}

class Completion {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.labels = JSON.parse(form.dataset.labels);
    this.words = JSON.parse(form.dataset.words);
    this.plurals = new Intl.PluralRules(document.documentElement.lang);
    this.numbers = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-${this.words.digits}`);
    this.active = -1;
    this.timer = 0;
    this.request = null;
    this.list = this.add("ul", "suggestions", { id: "suggestions", role: "listbox", "aria-label": this.words.suggestions, hidden: "" });
    this.status = this.add("div", "hidden", { role: "status" });
    this.describe();
    this.listen();
  }

  add(tag, className, attributes) {
    const element = document.createElement(tag);
    element.className = className;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return this.form.appendChild(element);
  }

  describe() {
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  listen() {
    this.input.addEventListener("input", () => this.schedule());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("li");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  get open() {
    return !this.list.hidden;
  }

  schedule() {
    clearTimeout(this.timer);
    this.request?.abort();
    const query = this.input.value.trim();
    if (query.length < MIN_LENGTH) return this.close();
    this.timer = setTimeout(() => this.fetch(query), DELAY);
  }

  async fetch(query) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const answer = await fetch(`${this.form.dataset.suggest}?${new URLSearchParams({ q: query })}`, { signal });
      if (!answer.ok) return this.close();
      const { suggestions } = await answer.json();
      if (!signal.aborted && document.activeElement === this.input) this.show(suggestions, query);
    } catch {
      if (!signal.aborted) this.close(); // without a network the box still submits a search
    }
  }

  show(suggestions, query) {
    this.active = -1;
    this.list.replaceChildren(...suggestions.map((one, number) => this.option(one, number, query)));
    this.list.hidden = !suggestions.length;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = this.open ? this.count(suggestions.length) : "";
  }

  /** Returns a number of suggestions in words. */
  count(number) {
    const forms = this.words.count;
    return (forms[this.plurals.select(number)] || forms.other).replace("{n}", this.numbers.format(number));
  }

  option({ text, field }, number, query) {
    const option = document.createElement("li");
    option.id = `suggestion-${number}`;
    option.dataset.text = text;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const value = document.createElement("span");
    value.dir = "auto";
    value.append(...marked(text, query));
    const kind = document.createElement("small");
    kind.textContent = this.labels[field] ?? field;
    option.append(value, kind);
    return option;
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.show([], "");
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && this.open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.schedule();
    }
  }

  /** Moves the selection; -1, the box itself, comes between the last suggestion and the first. */
  move(step) {
    const options = [...this.list.children];
    const places = options.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === this.active)));
    const option = options[this.active];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  choose(number) {
    this.input.value = this.list.children[number].dataset.text;
    this.close();
    this.form.requestSubmit();
  }
}

/** Removes empty fields from the address. */
function tidy(form) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}

/** Opens the facets on wide screens, for browsers that cannot do it by style sheet. */
function openOnWideScreens(details) {
  const wide = matchMedia("(min-width: 60rem)");
  const follow = () => { details.open = wide.matches; };
  wide.addEventListener("change", follow);
  follow();
}

document.querySelectorAll("form").forEach(tidy);
document.querySelectorAll("details.filters").forEach(openOnWideScreens);
document.querySelectorAll("form[data-suggest]").forEach((form) => new Completion(form));
