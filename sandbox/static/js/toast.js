// Short notices about what failed, above everything, gone by themselves.
import { el, iconButton } from "./dom.js";

const SECONDS = 8;

export function toast(sentence) {
  const shelf = document.getElementById("toasts");
  const note = el("div.toast", {}, el("span", {}, sentence));
  note.append(iconButton("close", "Dismiss", () => dismiss(note)));
  shelf.append(note);
  // The top layer is the only place above an open modal; showing it again lifts it over the newest one.
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
  setTimeout(() => dismiss(note), SECONDS * 1000);
}

export const clearToasts = () => [...document.getElementById("toasts").children].forEach(dismiss);

function dismiss(note) {
  const shelf = note.parentElement;
  note.remove();
  if (shelf && !shelf.childElementCount && shelf.matches(":popover-open")) shelf.hidePopover();
}
