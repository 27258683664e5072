// Avatars and names of people and apps.
import { fullMoment } from "./dates.js";
import { el } from "./dom.js";
import { emojiNamed } from "./emoji.js";
import { person, personName } from "./session.js";

const initials = (name) => name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");

/** Whether black or white reads better on a colour (relative luminance of sRGB). */
function inkOn(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#101418" : "#ffffff";
}

export function avatar(id, size = "") {
  const known = person(id);
  const name = personName(id);
  const node = el(`span.avatar${size && `.avatar-${size}`}${known?.is_bot ? ".avatar-app" : ""}`, { "aria-hidden": "true" }, initials(name) || "?");
  const color = /^#?[0-9a-f]{6}$/i.test(known?.color ?? "") ? `#${known.color.replace("#", "")}` : "#5b6b7a";
  node.style.background = color;
  node.style.color = inkOn(color);
  return node;
}

export const badges = (id) => {
  const known = person(id);
  return [
    known?.is_bot ? el("span.badge", {}, "APP") : null,
    known?.is_guest ? el("span.badge", {}, "Guest") : null,
    known?.deleted ? el("span.badge", {}, "Deactivated") : null,
  ].filter(Boolean);
};

/** What a status says in words: "On holiday, until Tuesday, December 1, 2026 at 9:00 AM". */
export const statusWords = ({ status_emoji: emoji, status_text: text, status_expiration: ends }) =>
  [text || emoji.replaceAll(":", "").replaceAll("_", " "), ends ? `until ${fullMoment(new Date(ends * 1000))}` : null].filter(Boolean).join(", ");

export const statusFace = ({ status_emoji: emoji }) => emojiNamed(emoji.replaceAll(/^:|:$/g, "")) ?? "💬"; // a workspace's own emoji are pictures

/** The emoji beside a name. */
export function statusMark(id) {
  const known = person(id);
  if (!known?.status_emoji) return null;
  const words = statusWords(known);
  return el("span.status-mark", { role: "img", "aria-label": `Status: ${words}`, title: words }, statusFace(known));
}
