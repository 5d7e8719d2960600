// The direction of a text: that of most of its letters, as web/direction.py decides it.

const LETTER = /\p{L}/gu;
const RTL_LETTER = /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;
const ADDRESS = /^\s*[a-z][a-z0-9+.-]*:\/\/\S+\s*$/i;

/** Returns `rtl` or `ltr`; `neutral` for a text without letters. */
export function direction(text, neutral = "ltr") {
  const letters = text.match(LETTER)?.length ?? 0;
  if (!letters) return neutral;
  if (ADDRESS.test(text)) return "ltr";
  return 2 * (text.match(RTL_LETTER)?.length ?? 0) >= letters ? "rtl" : "ltr";
}

/** Keeps the direction of a text box that of what is typed; an empty one has that of the page. */
export function followDirection(box) {
  const page = document.documentElement.dir;
  const follow = () => { box.dir = direction(box.value, page); };
  box.addEventListener("input", follow);
  follow();
}
