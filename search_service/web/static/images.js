// Hides images that cannot be loaded; their place stays, so that nothing moves.

const IMAGES = ".image img";

document.addEventListener("error", ({ target }) => {
  if (target.matches?.(IMAGES)) target.classList.add("broken");
}, true); // the event does not bubble

/** Hides the images that failed before this module ran. */
export function hideBroken(page) {
  for (const image of page.querySelectorAll(IMAGES)) {
    if (image.complete && !image.naturalWidth) image.classList.add("broken");
  }
}
