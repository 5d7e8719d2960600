// The matches of a document: buttons and the keys n and p go from one to the next.

const EDITABLE = "input, textarea, select, [contenteditable]";

let go = null; // moves among the matches of the document that is shown

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(EDITABLE)) return;
  const step = { KeyN: 1, KeyP: -1 }[event.code]; // the place of the key: an Arabic keyboard has other letters there
  if (!step || !go || event.shiftKey) return;
  event.preventDefault();
  go(step);
});

/** Adds the buttons of a document with matches; without one, the keys do nothing. */
export function walkMatches(page) {
  const tools = page.querySelector(".matches");
  go = null;
  if (!tools) return;
  const marks = [...page.querySelectorAll(".document h1 mark, .document .text mark")];
  const [previous, next] = tools.querySelectorAll("button");
  const place = tools.querySelector("[role=status]");
  const number = new Intl.NumberFormat(tools.dataset.digits === "arab" ? "ar-u-nu-arab" : "en");
  let at = -1;
  go = (step) => {
    marks[at]?.classList.remove("current");
    at = at < 0 && step < 0 ? marks.length - 1 : (at + step + marks.length) % marks.length;
    const mark = marks[at];
    mark.classList.add("current");
    mark.scrollIntoView({ block: "center" });
    place.textContent = place.dataset.text.replace("{n}", number.format(at + 1)).replace("{total}", number.format(marks.length));
  };
  previous.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  previous.hidden = next.hidden = false;
}
