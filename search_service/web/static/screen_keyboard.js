// An Arabic keyboard on the screen, for devices that have none. Its keys are where Arabic keyboards have them.

const ROWS = [
  ["ض", "ص", "ث", "ق", "ف", "غ", "ع", "ه", "خ", "ح", "ج", "د"],
  ["ش", "س", "ي", "ب", "ل", "ا", "ت", "ن", "م", "ك", "ط", "ذ"],
  ["ئ", "ء", "ؤ", "ر", "ى", "ة", "و", "ز", "ظ", "أ", "إ", "آ"],
];

export class ScreenKeyboard {
  constructor(button, form, input) {
    this.button = button;
    this.input = input;
    this.panel = this.make(button.dataset);
    form.append(this.panel);
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", this.panel.id);
    button.addEventListener("click", () => this.toggle(this.panel.hidden));
    this.panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps its focus
    this.panel.addEventListener("click", ({ target }) => {
      const key = target.closest("button");
      if (key) this.press(key);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.toggle(false);
    });
    form.addEventListener("submit", () => this.toggle(false));
  }

  make({ label, space, erase }) {
    const panel = document.createElement("div");
    panel.className = "screen-keyboard";
    panel.id = "screen-keyboard";
    panel.dir = "ltr"; // keys lie on the screen as they do on a keyboard
    panel.hidden = true;
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", label);
    const rows = ROWS.map((letters) => letters.map((letter) => this.key(letter, letter)));
    rows.push([this.key("erase", "⌫", erase), this.key(" ", space)]);
    for (const keys of rows) {
      const row = document.createElement("div");
      row.append(...keys);
      panel.append(row);
    }
    return panel;
  }

  key(value, text, label = "") {
    const key = document.createElement("button");
    key.type = "button";
    key.value = value;
    key.textContent = text;
    if (label) key.setAttribute("aria-label", label);
    return key;
  }

  toggle(open) {
    this.panel.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.input.focus();
  }

  /** Types a key where the caret is; the box tells its listeners as a real keyboard would. */
  press({ value }) {
    const { input } = this;
    let { selectionStart: start, selectionEnd: end } = input;
    if (value === "erase" && start === end) start = Math.max(0, start - 1);
    input.setRangeText(value === "erase" ? "" : value, start, end, "end");
    input.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
  }
}
