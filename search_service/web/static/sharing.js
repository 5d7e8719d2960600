// Shares a document: by what the system offers, by its link, or as a citation.

const SHOWN = 3000; // milliseconds for which the page says that something was copied

/** Adds the buttons of a document; a browser without the clipboard, as on http, has none. */
export function addSharing(tools) {
  const { url, title, copied } = tools.dataset;
  const said = tools.querySelector("[role=status]");
  const show = (name, action) => {
    const button = tools.querySelector(`button.${name}`);
    button.hidden = false;
    button.addEventListener("click", action);
  };
  const copy = (text) => async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = copied;
      setTimeout(() => { said.textContent = ""; }, SHOWN);
    } catch {
      tools.querySelector("details").open = true; // the reader refused: the text can be selected
    }
  };
  if (navigator.share) show("share", () => navigator.share({ title, url }).catch(() => {})); // or the reader changed their mind
  if (!navigator.clipboard) return;
  show("copy-link", copy(url));
  show("copy-citation", copy(tools.querySelector(".citation").textContent.trim()));
}
