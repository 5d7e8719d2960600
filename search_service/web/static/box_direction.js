// The direction of the search box.

import { direction } from "./text_nodes.js";

/** Keeps the direction of a text box that of what is in it; without letters it has that of the page. */
export function followDirection(box) {
  const page = document.documentElement.dir;
  const follow = () => { box.dir = direction(box.value, page); };
  box.addEventListener("input", follow);
  document.addEventListener("shown", follow); // by back and forward
}
