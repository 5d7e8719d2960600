// Keys: `/` goes to the box, the arrow keys from result to result, and Enter, as everywhere, opens.

const EDITABLE = "input, textarea, select, [contenteditable]";

export function listenToKeys(input) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if ((event.key === "/" || event.code === "Slash") && !event.shiftKey && !event.target.closest(EDITABLE)) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
  });
}

/** Moves from result to result while the focus is among them. */
function move(event) {
  const results = event.target.closest(".results");
  if (!results || event.target.closest(EDITABLE)) return;
  const links = [...results.querySelectorAll(".entries h2 a")];
  const here = event.target.closest(".entries > li")?.querySelector("h2 a");
  const at = links.indexOf(here) + (event.key === "ArrowDown" ? 1 : -1);
  const link = links[at];
  if (!link) return;
  event.preventDefault();
  link.focus();
  link.closest("li").scrollIntoView({ block: "nearest" });
}
