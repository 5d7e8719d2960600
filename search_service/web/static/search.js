// Makes the page more convenient; without it the page is complete.

import { addButtons } from "./box_buttons.js";
import { followDirection } from "./box_direction.js";
import { Completion } from "./completion.js";
import { FacetSearch } from "./facet_search.js";
import { watchFilters } from "./filters.js";
import { Histogram } from "./histogram.js";
import { hideBroken } from "./images.js";
import { searchWhileTyping } from "./instant.js";
import { loadMatchedWords } from "./matched_words.js";
import { walkMatches } from "./matches.js";
import { start } from "./navigation.js";
import { retryLater } from "./retry.js";
import { addSharing } from "./sharing.js";
import { listenToKeys } from "./shortcuts.js";

/** Adds what a page shows anew each time. */
function enhance(page) {
  retryLater(page.querySelector(".message"));
  walkMatches(page);
  hideBroken(page);
  page.querySelectorAll(".sharing").forEach(addSharing);
  page.querySelectorAll("details.why").forEach(loadMatchedWords);
  page.querySelectorAll("details.filters").forEach(watchFilters);
  page.querySelectorAll("details[data-url]").forEach((details) => new FacetSearch(details));
  page.querySelectorAll(".bars").forEach((bars) => {
    const facet = bars.closest("section");
    new Histogram(bars, facet.querySelector("form"), facet.querySelector("output"));
  });
}

const form = document.querySelector("form.search");
document.documentElement.classList.add("scripted");
enhance(document);
start(enhance);
listenToKeys(form.elements.q);
searchWhileTyping(form);
addButtons(form);
followDirection(form.elements.q);
if (form.dataset.suggest) new Completion(form);
