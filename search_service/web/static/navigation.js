// Shows another search without a reload: fetches the page and takes over its regions. The address follows, back works,
// and what the reader has open or focused stays so.

const SLOW = 300; // milliseconds after which the page shows that it waits
const SCROLL_SAVE = 150; // milliseconds without scrolling before the position is kept
const MAX_RETRY_SECONDS = 30;
const LIMITED = [429, 503]; // the service asks to come back later

const form = document.querySelector("form.search");
const status = document.body.appendChild(document.createElement("div"));
status.className = "hidden";
status.setAttribute("role", "status");

let request = null;
let enhance = () => {};

/** Returns whether an address is that of a search, which can be shown in this page. */
export function isSearch(url) {
  const { origin, pathname } = new URL(form.action);
  return url.origin === origin && url.pathname === pathname;
}

/**
 * Shows the search at an address; of several calls only the last one counts.
 *
 * @param {URL} url of the search
 * @param {object} options
 * @param {"push" | "replace" | "none"} options.history what becomes of the browser's history
 * @param {boolean} options.typing whether the reader is still typing: nothing moves, and an overload is waited for
 * @param {boolean} options.keepFocus whether the focus stays if its place does; else it moves to the results
 * @param {number} options.scroll the position to show; by default the present one if the focus can stay, else the top
 */
export async function visit(url, { history: entry = "push", typing = false, keepFocus = true, scroll } = {}) {
  request?.abort();
  if (!typing) document.dispatchEvent(new Event("visit"));
  request = new AbortController();
  const { signal } = request;
  const slow = setTimeout(() => document.body.classList.add("waiting"), SLOW);
  signal.addEventListener("abort", () => clearTimeout(slow));
  const again = () => visit(url, { history: entry, typing, scroll, keepFocus });
  const fetched = await fetchPage(url, signal);
  clearTimeout(slow);
  if (signal.aborted) return;
  document.body.classList.remove("waiting");
  if (!fetched) {
    remember(url, entry);
    return showOffline(again);
  }
  if (typing && LIMITED.includes(fetched.status) && fetched.seconds <= MAX_RETRY_SECONDS) {
    const timer = setTimeout(again, 1000 * Math.max(fetched.seconds, 1));
    signal.addEventListener("abort", () => clearTimeout(timer));
    return;
  }
  show(fetched.page, url, entry, typing || keepFocus, typing, scroll);
}

/** Returns the page at an address with its status; undefined without a network, or if nobody waits for it any more. */
async function fetchPage(url, signal) {
  try {
    const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { page, status: answer.status, seconds: Number(answer.headers.get("Retry-After")) };
  } catch {
    return undefined;
  }
}

/** Takes over the regions of a page; one of another version, or with another box, is loaded anew. */
function show(next, url, entry, keepFocus, typing, scroll) {
  const script = (page) => page.querySelector("script[type=module]")?.getAttribute("src");
  if (script(next) !== script(document) || !next.querySelector("[data-region]") || needsAnotherBox(next)) {
    location.assign(url);
    return;
  }
  remember(url, entry);
  const kept = keep();
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.documentElement.dir = next.documentElement.dir;
  for (const region of document.querySelectorAll("[data-region]")) {
    const other = next.querySelector(`[data-region="${region.dataset.region}"]`);
    if (other) region.replaceWith(document.adoptNode(other));
    else region.replaceChildren();
  }
  if (!typing) form.elements.q.value = next.querySelector("form.search").elements.q.value;
  enhance(document);
  const stayed = restore(kept, keepFocus);
  if (scroll !== undefined) scrollTo(0, scroll);
  else if (!stayed) {
    scrollTo(0, 0);
    document.getElementById("content")?.focus({ preventScroll: true });
  }
  status.textContent = document.querySelector("h1")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  document.dispatchEvent(new Event("shown"));
}

/** Returns whether the box of a page completes otherwise than the present one: from another index, or in other digits. */
function needsAnotherBox(next) {
  const { dataset } = next.querySelector("form.search");
  return dataset.suggest !== undefined && Object.keys(dataset).some((name) => dataset[name] !== form.dataset[name]);
}

/** Puts an address into the history of the browser. */
function remember(url, entry) {
  if (entry === "push" && url.href !== location.href) {
    history.replaceState({ scroll: scrollY }, ""); // of the search that is left
    history.pushState({ scroll: 0 }, "", url);
  } else if (entry !== "none") history.replaceState({ scroll: scrollY }, "", url);
}

/** Returns what a reader has open, and which element has the focus. */
function keep() {
  const open = [...document.querySelectorAll("details[data-keep]")].map(({ dataset, open }) => [dataset.keep, open]);
  const active = document.activeElement;
  const filters = document.querySelector(".filters");
  return { open, focus: active?.id ? `#${CSS.escape(active.id)}` : selector(active), scroll: filters?.scrollTop ?? 0 };
}

function selector(element) {
  const key = element?.dataset?.keep;
  return key ? `[data-keep="${CSS.escape(key)}"]` : "";
}

/** Opens and focuses the same elements again; returns whether the focus has a place. */
function restore({ open, focus, scroll }, keepFocus) {
  for (const [key, isOpen] of open) {
    const details = document.querySelector(`details[data-keep="${CSS.escape(key)}"]`);
    if (details) details.open = isOpen;
  }
  const element = keepFocus && focus ? document.querySelector(focus) : null;
  element?.closest("details:not([open])")?.setAttribute("open", "");
  element?.focus({ preventScroll: true });
  const filters = document.querySelector(".filters");
  if (filters) filters.scrollTop = scroll;
  return Boolean(element) && element.id !== "content";
}

function showOffline(again) {
  const template = document.getElementById("offline");
  const region = document.querySelector("[data-region=content]");
  region.replaceChildren(template.content.cloneNode(true));
  region.querySelector("button").addEventListener("click", again);
  addEventListener("online", again, { once: true });
  status.textContent = region.querySelector("h1").textContent;
}

/** Follows links and forms that lead to a search, and the browser's back and forward. */
export function start(enhancePage) {
  enhance = enhancePage;
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href]");
    if (!link || link.target || link.hasAttribute("download") || link.hasAttribute("hreflang")) return;
    const url = new URL(link.href);
    if (!isSearch(url) || (url.hash && url.search === location.search)) return;
    event.preventDefault();
    visit(url);
  });
  document.addEventListener("submit", (event) => {
    const url = new URL(event.target.action);
    if (event.defaultPrevented || event.target.method !== "get" || !isSearch(url)) return;
    event.preventDefault();
    visit(addressOf(event.target), { keepFocus: event.target !== form });
  });
  history.scrollRestoration = "manual";
  history.replaceState({ scroll: history.state?.scroll ?? 0 }, "");
  if (history.state.scroll) scrollTo(0, history.state.scroll);
  let saving = 0;
  addEventListener("scroll", () => {
    clearTimeout(saving);
    saving = setTimeout(() => history.replaceState({ scroll: scrollY }, ""), SCROLL_SAVE);
  }, { passive: true });
  let shown = location.href.split("#")[0];
  document.addEventListener("shown", () => { shown = location.href.split("#")[0]; });
  addEventListener("popstate", ({ state }) => {
    if (location.href.split("#")[0] !== shown) visit(new URL(location.href), { history: "none", scroll: state?.scroll ?? 0 });
  });
}

/** Returns the address that a form leads to, without empty fields. */
export function addressOf(from) {
  const url = new URL(from.action);
  url.search = new URLSearchParams([...new FormData(from)].filter(([, value]) => value));
  return url;
}
