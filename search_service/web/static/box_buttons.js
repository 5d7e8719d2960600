// The buttons in the search box: empty it, an Arabic keyboard, and speaking where the browser can listen.

import { ScreenKeyboard } from "./screen_keyboard.js";

export function addButtons(form) {
  const input = form.elements.q;
  const button = (name) => form.querySelector(`button.${name}`);
  addClear(button("clear"), input);
  addVoice(button("voice"), form, input);
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) new ScreenKeyboard(button("keyboard"), form, input);
}

function addClear(button, input) {
  const follow = () => { button.hidden = !input.value; };
  button.addEventListener("click", () => {
    input.value = "";
    input.focus();
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    follow();
  });
  input.addEventListener("input", follow);
  document.addEventListener("shown", follow);
  follow();
}

function addVoice(button, form, input) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return;
  button.hidden = false;
  let recognition = null;
  const end = () => {
    recognition = null;
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    if (recognition) return recognition.stop();
    recognition = new Recognition();
    recognition.lang = "ar";
    recognition.interimResults = true;
    recognition.addEventListener("result", ({ results }) => {
      const last = results[results.length - 1];
      input.value = [...results].map(([best]) => best.transcript).join(" ").trim();
      input.dispatchEvent(new InputEvent("input", { bubbles: true }));
      if (last.isFinal) form.requestSubmit();
    });
    recognition.addEventListener("end", end);
    recognition.addEventListener("error", ({ error }) => {
      end();
      if (error === "not-allowed" || error === "service-not-allowed") button.hidden = true; // the reader refused
    });
    button.setAttribute("aria-pressed", "true");
    recognition.start();
  });
}
