// Elements and marked texts, made of nodes: no text is ever read as HTML.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const LETTER = /\p{L}/gu;
const RTL_LETTER = /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;
const ADDRESS = /^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/i;

/** Returns the direction of most letters of a text, as web/direction.py does; `neutral` for a text without letters. */
export function direction(text, neutral = "ltr") {
  const letters = text.match(LETTER)?.length ?? 0;
  if (!letters) return neutral;
  if (ADDRESS.test(text)) return "ltr";
  return 2 * (text.match(RTL_LETTER)?.length ?? 0) >= letters ? "rtl" : "ltr";
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
