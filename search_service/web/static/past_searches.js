// The past searches of this browser: kept in its local storage, never sent anywhere.

const KEY = "past-searches";
const MAX_KEPT = 30;

/** Returns what is stored; a browser that stores nothing for this page has no past searches. */
function read() {
  try {
    const { on = true, searches = [] } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { on, searches: searches.filter((one) => typeof one === "string") };
  } catch {
    return { on: false, searches: [] };
  }
}

function write(stored) {
  try {
    localStorage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // Without storage, or when it is full, nothing is remembered.
  }
}

/** Returns whether searches are remembered. */
export const isOn = () => read().on;

/** Remembers searches from now on, or forgets all of them and remembers none. */
export const turn = (on) => write({ on, searches: on ? read().searches : [] });

export const clear = () => write({ ...read(), searches: [] });

/** Remembers a search as the latest one. */
export function remember(text) {
  const { on, searches } = read();
  const search = text.trim().replace(/\s+/g, " ");
  if (!on || !search) return;
  write({ on, searches: [search, ...searches.filter((one) => one !== search)].slice(0, MAX_KEPT) });
}

/** Returns the latest searches whose words begin with those of a text, as suggestions; spelling does not matter. */
export function matching(text, size) {
  const typed = text.split(/\s+/).filter(Boolean);
  const suggestions = read().searches.filter((search) => search !== text).map((search) => suggestion(search, typed));
  return suggestions.filter(Boolean).slice(0, size);
}

/** Returns a search as a suggestion with marks on the typed words; null if not all of them begin a word of it. */
function suggestion(search, typed) {
  const found = new Set();
  const marks = [];
  for (const { 0: word, index } of search.matchAll(/\S+/g)) {
    for (const one of typed) {
      const length = beginning(word, one);
      if (!length || found.has(one)) continue;
      found.add(one);
      const start = Array.from(search.slice(0, index)).length;
      marks.push([start, start + length]);
      break;
    }
  }
  return found.size === new Set(typed).size ? { kind: "past", text: search, marks } : null;
}

/** Returns how many characters at the beginning of a word are what was typed; 0 if it begins otherwise. */
function beginning(word, typed) {
  const characters = Array.from(word);
  for (let end = 1; end <= characters.length; end++) {
    const start = folded(characters.slice(0, end).join(""));
    if (start === folded(typed) || bare(start) === bare(typed)) return end;
  }
  return 0;
}

/** Returns a text without tashkeel and with one letter for those that are typed for each other. */
function folded(text) {
  return text
    .normalize("NFKD") // a hamza on its seat becomes a mark
    .replace(/[\p{M}ـ]/gu, "")
    .replaceAll("ة", "ه")
    .replaceAll("ى", "ي")
    .toLowerCase()
    .trim();
}

/** Returns a folded word without the article. */
const bare = (word) => folded(word).replace(/^ال(?=.)/, "");
