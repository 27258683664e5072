// Building and reconciling DOM nodes. Data only ever becomes text nodes and attributes, never markup.

/** el("button.primary", {onclick, "aria-label": "Close", disabled: true}, "text", node, [nodes], null) */
export function el(spec, attributes = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children.flat());
  return node;
}

const ICONS = {
  lock: "M5 7V5a3 3 0 0 1 6 0v2m-7 0h8v6H4z",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  plus: "M8 3v10M3 8h10",
  send: "M3 13l11-5L3 3l1.5 5zM4.5 8H9",
  thread: "M3 3h10v7H8l-3 3v-3H3z",
  pin: "M6 2h4l-.5 4L12 8.5H4L6.5 6zM8 8.5V14",
  down: "M4 6l4 4 4-4",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 3v3l2 1.5",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  menu: "M3 4h10M3 8h10M3 12h10",
  smile: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6 6.5h.01M10 6.5h.01M5.5 9.5c1 1.6 4 1.6 5 0",
  link: "M6.5 9.5l3-3M7 5l1.5-1.5a2.5 2.5 0 0 1 4 3L11 8M9 11l-1.5 1.5a2.5 2.5 0 0 1-4-3L5 8",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm3 7l3.5 3.5",
};

export function icon(name) {
  const path = svg("path", { d: ICONS[name] });
  return svg("svg", { viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true" }, path);
}

/** A button whose visible face is an icon; `label` is its name for everybody who does not see it. */
export function iconButton(name, label, onclick, attributes = {}) {
  return el("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

let serial = 0;
export const uniqueId = (prefix) => `${prefix}-${(serial += 1)}`;

/** Remember where the caret is inside `root` so that it can be put back after nodes were rebuilt. */
function caretIn(root) {
  const active = document.activeElement;
  if (!active || active === root || !root.contains(active)) return null;
  const key = active.closest("[data-focus]")?.dataset.focus;
  if (!key) return null;
  let range = null;
  try {
    range = [active.selectionStart, active.selectionEnd];
  } catch {
    range = null; // number and date inputs have no selection
  }
  return { active, key, range, tag: active.tagName };
}

function restoreCaret(root, caret) {
  if (!caret || caret.active.isConnected) return;
  const holder = root.querySelector(`[data-focus="${CSS.escape(caret.key)}"]`);
  const target = holder && (holder.matches(caret.tag) ? holder : holder.querySelector(caret.tag));
  if (!target) return;
  target.focus({ preventScroll: true });
  if (!caret.range || caret.range[0] === null) return;
  try {
    target.setSelectionRange(...caret.range);
  } catch {
    // the rebuilt input is of a type without a caret
  }
}

/**
 * Make the children of `parent` show `items`: nodes whose key and signature are unchanged stay untouched,
 * so focus, caret, scroll and open popovers survive every redraw.
 */
export function reconcile(parent, items, { key, signature = JSON.stringify, build }) {
  const caret = caretIn(parent);
  const before = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let cursor = parent.firstElementChild;
  items.forEach((item, index) => {
    const id = String(key(item, index));
    const sign = signature(item, index);
    let node = before.get(id);
    before.delete(id);
    if (node && node.reconciled !== sign) {
      const fresh = build(item, index);
      if (cursor === node) cursor = fresh;
      node.replaceWith(fresh);
      node = fresh;
    } else if (!node) {
      node = build(item, index);
    }
    node.dataset.key = id;
    node.reconciled = sign;
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  });
  for (const stale of before.values()) stale.remove();
  restoreCaret(parent, caret);
}
