// Which field of an index has which role in a result: the rules of the search page, from the definition of the index.

const SOURCES = ["author", "authors", "translator", "editor", "narrator", "source", "publisher", "journal"];

export class Layout {
  /** The definition of an index, and what its service calls fields and values. */
  constructor({ fields, date }, called) {
    const all = Object.entries(fields).map(([name, field]) => ({ name, ...field }));
    const texts = all.filter(({ kind }) => kind === "text").sort((one, other) => other.weight - one.weight);
    const names = all.filter((one) => one.kind === "keyword" && one.weight > 0 && !one.facet && !one.multi);
    const candidates = [...texts, ...names].sort((one, other) => other.weight - one.weight);
    this.fields = fields;
    this.names = called.fields ?? {};
    this.values = called.values ?? {};
    this.title = candidates[0]?.name ?? "";
    this.texts = texts.map(({ name }) => name).filter((name) => name !== this.title && !SOURCES.includes(name));
    this.meta = SOURCES.filter((name) => fields[name] && name !== this.title);
    this.date = date ?? "";
    const group = fields[called.group_by] ?? {};
    this.groupBy = group.kind === "keyword" && group.facet && !group.multi ? called.group_by : ""; // as the service groups
    this.link = all.find(({ kind }) => kind === "url")?.name ?? "";
  }

  /** Returns the name of a field for people: that of the service, else an Arabic alias, else its words. */
  label(name, lang) {
    if (this.names[name]) return this.names[name];
    const arabic = this.fields[name]?.aliases?.find((alias) => /^\p{Script=Arabic}/u.test(alias));
    return (lang === "ar" && arabic) || name.replaceAll("_", " ");
  }

  /** Returns a value of a field as people call it. */
  written(name, text) {
    return this.values[name]?.[text] ?? text;
  }
}

/** Returns the first value of a field as text; empty if there is none. */
export function value(source, name) {
  const [first] = [source[name]].flat();
  return first == null ? "" : String(first).trim();
}

/** Returns where a document is: by the `link` of the element, else by its own field, else on the search page. */
export function linkOf(id, source, layout, { link, page }) {
  const fill = (_, name) => encodeURIComponent(name === "id" ? id : value(source, name));
  const own = link ? link.replace(/\{([^{}]+)\}/g, fill) : value(source, layout.link);
  return safe(own) || page;
}

/** Returns the address if a browser may follow it: no `javascript:` that a document brings along. */
function safe(address) {
  if (!address || !URL.canParse(address, document.baseURI)) return "";
  const url = new URL(address, document.baseURI);
  return ["http:", "https:"].includes(url.protocol) ? url.href : "";
}
