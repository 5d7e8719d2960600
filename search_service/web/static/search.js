// Makes the page more convenient; without it the page is complete.

import { Completion } from "./completion.js";
import { Histogram } from "./histogram.js";

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
document.querySelectorAll(".bars").forEach((bars) => {
  const facet = bars.closest("section");
  new Histogram(bars, facet.querySelector("form"), facet.querySelector("output"));
});
