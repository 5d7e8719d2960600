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

/** Returns the latest searches that begin with a text, or have a word that does; spelling does not matter. */
export function matching(text, size) {
  const typed = folded(text);
  const begins = (search) => ` ${folded(search)}`.includes(` ${typed}`) || ` ${bare(search)}`.includes(` ${bare(text)}`);
  return read().searches.filter((search) => search !== text && (!typed || begins(search))).slice(0, size);
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

/** Returns a folded text with words without the article. */
const bare = (text) => folded(text).replace(/(^|\s)ال(?=\S)/g, "$1");
