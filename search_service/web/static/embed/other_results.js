// The other results of a group, such as the reports of one story: folded under the best one, as on the search page.

import { element } from "../text_nodes.js";

const GROUP_SIZE = 4; // results of a group, as on the search page; the others are behind a button
const MAX_RESULTS = 100; // of one answer of the service, in all of its groups

/** Returns what a search asks for groups by the values of a field; nothing without a field. */
export function grouping(field, size) {
  return field ? [["group_by", field], ["group_size", Math.max(1, Math.min(GROUP_SIZE, Math.floor(MAX_RESULTS / size)))]] : [];
}

/** Returns the groups of an answer that is grouped, else each result as a group of its own. */
export function groupsOf({ hits, groups }) {
  return groups?.filter((group) => group.hits.length) ?? hits.map((hit) => ({ hits: [hit], total: 1 }));
}

/** Returns the results after the best one of a group as a list to unfold; null if there are none.
 *
 * `line` makes the nodes of a result, `showAll` shows all results with the value of the group.
 */
export function otherResults({ hits, total, value }, words, line, showAll) {
  if (total < 2 || value == null) return null;
  const all = element("button", { type: "button", class: "whole", part: "whole" }, words.wholeGroup(total));
  all.addEventListener("click", () => showAll(value));
  const list = element("ul", {}, ...hits.slice(1).map((hit) => element("li", {}, ...line(hit))));
  return element("details", { class: "others", part: "others" }, element("summary", {}, words.others(total - 1)), list, all);
}
