// The one line: <script type="module" src=".../embed.js" data-index="news"> becomes an <arabic-search> in its place.

import { define } from "./element.js";

/** Defines <arabic-search>, and puts one where each script tag with this address has a `data-index`.
 *
 * A module has no `document.currentScript`; it knows its address, by which it finds its tags. `data-NAME` becomes the
 * attribute NAME; `data-target` is a CSS selector of the element that receives the search.
 */
export function start(address) {
  const server = new URL(".", address).href;
  define(server);
  for (const script of document.querySelectorAll("script[src][data-index]")) {
    if (script.src !== address || script.dataset.mounted !== undefined) continue;
    script.dataset.mounted = "";
    place(make(script, server), script);
  }
}

function make(script, server) {
  const search = document.createElement("arabic-search");
  search.setAttribute("server", server);
  if (script.lang) search.lang = script.lang;
  for (const { name, value } of script.attributes) {
    const attribute = name.startsWith("data-") ? name.slice(5) : "";
    if (attribute && !["target", "mounted"].includes(attribute)) search.setAttribute(attribute, value);
  }
  return search;
}

function place(search, script) {
  const { target } = script.dataset;
  if (target) {
    const place = document.querySelector(target);
    if (place) place.append(search);
    else console.error(`embed.js: no element matches data-target="${target}"`);
  } else if (script.closest("head")) (document.querySelector("main") ?? document.body).prepend(search);
  else script.after(search);
}
