// Results as one types: the search follows the box after a pause, and the address with it. One search that is typed
// is one step of the browser's history.

import { addressOf, visit } from "./navigation.js";

const PAUSE = 250; // milliseconds without a key; shorter ones search for half words

export function searchWhileTyping(form) {
  const input = form.elements.q;
  let timer = 0;
  let typed = false; // whether the present step of the history is what is being typed

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.isComposing || !document.querySelector("[data-region=content] .results")) return; // only beside results
    timer = setTimeout(() => {
      const url = addressOf(form);
      if (url.href === location.href) return;
      visit(url, { history: typed ? "replace" : "push", typing: true });
      typed = true;
    }, PAUSE);
  });
  document.addEventListener("visit", () => { // the reader went elsewhere before the pause was over
    clearTimeout(timer);
    typed = false;
  });
  input.addEventListener("blur", () => { typed = false; });
}
