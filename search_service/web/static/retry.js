// An error that may pass: counts down what the service asks to wait and tries again, once by itself, then by the link.

import { visit } from "./navigation.js";

const MAX_SECONDS = 60; // a longer wait is left to the reader
const ARABIC_ZERO = 0x660;

let tried = ""; // the address that was tried again

/** Watches the message on a page, if there is one that can be tried again. */
export function retryLater(message) {
  if (!message) tried = "";
  const output = message?.querySelector("[data-retry]");
  if (!output) return;
  const { retry, text, failed, digits } = output.dataset;
  if (tried === location.href) {
    output.setAttribute("role", "status");
    output.textContent = failed;
    return;
  }
  let left = Number(retry);
  if (left > MAX_SECONDS) return;
  const address = location.href;
  const tick = () => {
    const isLeft = !message.isConnected || location.href !== address;
    if (isLeft || isTyping(address)) {
      output.textContent = "";
      return;
    }
    if (left <= 0) {
      tried = address;
      visit(new URL(address), { history: "replace" });
      return;
    }
    output.textContent = text.replace("{n}", written(left, digits));
    left -= 1;
    setTimeout(tick, 1000);
  };
  tick();
}

/** Whether the box has something else than was searched: it must not be lost. */
function isTyping(address) {
  return document.getElementById("q").value !== (new URL(address).searchParams.get("q") ?? "");
}

function written(number, digits) {
  const text = String(number);
  return digits === "arab" ? text.replace(/\d/g, (digit) => String.fromCharCode(ARABIC_ZERO + Number(digit))) : text;
}
