// What is shown of a text: its best fragments, or its beginning; an ellipsis stands wherever a sentence is cut.

import { marked } from "../text_nodes.js";

const FRAGMENTS = 2;
const LEAD = 200; // characters of a text in which nothing matched
const ELLIPSIS = "…";
const SPACE = "\u00a0"; // keeps an ellipsis on the line of its word
const SENTENCE_END = /(?:(?<![^\p{L}\p{N}][\p{L}\p{N}])\.|[!?؟؛…])["'»”’)\]]*$/u; // as the service cuts

/** Returns a fragment as nodes; its marks count from the beginning of the value. */
export function fragment({ text, marks, start }) {
  return marked(text, marks.map((mark) => mark.map((place) => place - start)), "mark");
}

/** Returns the best fragments of a field as nodes; `values` are all values of the field. */
export function passages(fragments, values) {
  const best = fragments.slice(0, FRAGMENTS);
  const ends = best.map((one) => cuts(one, String(values[one.value] ?? "")));
  return best.flatMap((one, place) => {
    const before = place ? [` ${ELLIPSIS}${SPACE}`] : ends[place][0] ? [`${ELLIPSIS}${SPACE}`] : [];
    const after = place === best.length - 1 && ends[place][1] ? [`${SPACE}${ELLIPSIS}`] : [];
    return [...before, ...fragment(one), ...after];
  });
}

/** Returns the beginning of a text, up to the end of a word. */
export function shortened(text) {
  const characters = Array.from(text);
  if (characters.length <= LEAD) return text;
  const shown = characters.slice(0, LEAD).join("").replace(/\s+\S*$/, "");
  return SENTENCE_END.test(shown) ? shown : `${shown}${SPACE}${ELLIPSIS}`;
}

/** Returns whether a fragment begins inside a sentence of its value, and whether it ends inside one. */
function cuts({ text, start }, value) {
  const characters = Array.from(value);
  return [start, start + Array.from(text).length].map((place) => isInside(characters.slice(0, place).join(""), characters.slice(place).join("")));
}

function isInside(before, after) {
  const isLineEnd = /\n\s*$/.test(before) || /^\s*\n/.test(after);
  return !isLineEnd && before.trim() !== "" && after.trim() !== "" && !SENTENCE_END.test(before.trimEnd());
}
