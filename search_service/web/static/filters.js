// The panel of filters: always open beside the results on wide screens, a sheet above them on narrow ones.

const WIDE = matchMedia("(min-width: 60rem)");

export function watchFilters(details) {
  const aside = details.closest("aside");
  const others = () => [...document.body.children, ...document.querySelectorAll(".columns > :not(aside)")]
    .filter((element) => !element.contains(aside));

  /** The rest of the page cannot be reached while the sheet covers it. */
  const follow = () => {
    const covers = details.open && !WIDE.matches;
    document.documentElement.classList.toggle("covered", covers);
    for (const element of others()) element.inert = covers;
  };
  const close = () => {
    details.open = false;
    details.querySelector("summary").focus();
  };
  const widen = () => {
    details.open = WIDE.matches;
    follow();
  };
  if (!details.dataset.watched) widen();
  details.dataset.watched = "yes";
  details.addEventListener("toggle", follow);
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !WIDE.matches) close();
  });
  details.querySelector(".done").addEventListener("click", () => {
    close();
    document.getElementById("content").focus();
    scrollTo(0, 0);
  });
  WIDE.onchange = widen; // of the panel that is shown now
}
