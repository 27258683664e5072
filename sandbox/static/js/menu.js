// Menus that hang off a button: the person switcher, overflow elements, message actions.
import { el } from "./dom.js";
import { float } from "./floating.js";

let closeOpen = null;

/** items: {label, detail, node (before the label), mark (after it), checked, href, pick}. */
export function openMenu(button, items, { label, align } = {}) {
  closeOpen?.();
  const rows = items.map((item) => row(item, () => close(true)));
  const menu = el("div.menu", { popover: "manual", role: "menu", "aria-label": label ?? button.getAttribute("aria-label") ?? button.textContent }, rows);
  button.after(menu);
  const hide = float(menu, button, align);
  button.setAttribute("aria-expanded", "true");
  const outside = (event) => !menu.contains(event.target) && !button.contains(event.target) && close(false);
  function close(back) {
    if (closeOpen !== close) return;
    closeOpen = null;
    document.removeEventListener("pointerdown", outside, true);
    hide();
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  }
  closeOpen = close;
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => steer(event, rows, close));
  menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && close(false));
  (rows.find((_, index) => items[index].checked) ?? rows[0])?.focus();
}

/** A button's click: the same button closes the menu it opened. */
export function toggleMenu(button, items, options) {
  if (button.getAttribute("aria-expanded") === "true") closeOpen?.(true);
  else openMenu(button, items, options);
}

function row(item, close) {
  const pick = () => {
    close();
    item.pick?.();
  };
  const radio = item.checked !== undefined;
  const attributes = { role: radio ? "menuitemradio" : "menuitem", tabindex: "-1", onclick: pick };
  if (radio) attributes["aria-checked"] = String(item.checked);
  const words = el("span.menu-words", {}, el("span.menu-label", {}, item.label, item.mark), item.detail ? el("span.menu-detail", {}, item.detail) : null);
  if (item.href) return el("a.menu-item", { ...attributes, href: item.href, target: "_blank", rel: "noopener noreferrer" }, item.node, words);
  return el("button.menu-item", { ...attributes, type: "button" }, item.node, words);
}

function steer(event, rows, close) {
  const at = rows.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + rows.length, Home: 0, End: rows.length - 1 };
  if (event.key in steps) rows[steps[event.key] % rows.length].focus();
  else if (event.key === "Escape") close(true);
  else if (event.key === "Tab") return close(true);
  else if (event.key.length === 1 && /\S/.test(event.key)) {
    const from = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
    const key = event.key.toLowerCase();
    from.find((one) => one.querySelector(".menu-label").textContent.toLowerCase().startsWith(key))?.focus();
    return undefined;
  } else return undefined;
  event.preventDefault();
  return event.stopPropagation();
}
