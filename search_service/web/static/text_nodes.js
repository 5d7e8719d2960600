// Elements and marked texts, made of nodes: no text is ever read as HTML.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Returns the direction of a text: that of most of its letters. */
export function direction(text) {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const arabic = text.match(/\p{Script=Arabic}/gu)?.length ?? 0;
  return 2 * arabic >= letters ? "rtl" : "ltr";
}

/** Returns a text as nodes, with what is marked in elements of a tag. Marks count code points, in their order. */
export function marked(text, marks, tag = "b") {
  const characters = Array.from(text);
  const nodes = [];
  let position = 0;
  for (const [start, end] of marks) {
    if (!(start >= position && end > start && end <= characters.length)) continue; // answers of a server are not trusted
    nodes.push(characters.slice(position, start).join(""), element(tag, {}, characters.slice(start, end).join("")));
    position = end;
  }
  return [...nodes, characters.slice(position).join("")].filter((node) => node !== "");
}
