// How a result matches the words of the search: loaded into it when the reader opens the disclosure.

/** Loads what the link in a disclosure leads to when it is opened; the link stays if that fails. */
export function loadMatchedWords(details) {
  details.addEventListener("toggle", async () => {
    const link = details.querySelector("a");
    if (!details.open || !link) return;
    const words = await fetchWords(link.href);
    if (words && link.isConnected) link.replaceWith(document.adoptNode(words));
  });
}

async function fetchWords(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".matched-words");
  } catch {
    return null;
  }
}
