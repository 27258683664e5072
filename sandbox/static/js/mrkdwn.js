// Slack's mrkdwn and text objects as DOM nodes.
import { el } from "./dom.js";
import { fillDate } from "./dates.js";
import { withEmoji } from "./emoji.js";
import { broadcast, channelMention, link, safeAddress, userMention } from "./links.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const decoded = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** The node of one `<…>` token. */
function reference(inside) {
  const [target, ...rest] = inside.split("|");
  const label = rest.length ? decoded(rest.join("|")) : "";
  if (target.startsWith("@")) return userMention(target.slice(1), label.replace(/^@/, ""));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return dateReference(target, label);
  if (target.startsWith("!subteam^")) return el("span.mention", {}, label || "@group");
  if (target.startsWith("!")) return broadcast(label.replace(/^@/, "") || target.slice(1));
  const address = decoded(target);
  if (!safeAddress(address)) return `<${decoded(inside)}>`; // not one of Slack's references: text as it was written
  return link(address, withEmoji(label || address.replace(/^mailto:/, "")));
}

function dateReference(target, fallback) {
  const [, timestamp, template, address] = target.split("^");
  const words = fillDate(decoded(template ?? ""), timestamp) ?? fallback;
  if (!/^\d{1,11}$/.test(timestamp)) return words; // no moment that a calendar knows
  const time = el("time", { datetime: new Date(Number(timestamp) * 1000).toISOString() }, words);
  return address ? link(decoded(address), time) : time;
}

/** The end of a style run that opens at `start`, or -1: as in Slack, it opens and closes at the edges of words. */
function closing(text, start) {
  const mark = text[start];
  if (start > 0 && (WORD.test(text[start - 1]) || text[start - 1] === mark)) return -1;
  if (!text[start + 1] || /\s/.test(text[start + 1]) || text[start + 1] === mark) return -1;
  for (let end = start + 2; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") end = Math.max(end, text.indexOf(">", end)); // a link's own characters style nothing
    else if (text[end] === mark && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ")) return end;
  }
  return -1;
}

const bareLink = /^https?:\/\/[^\s<>|`*~]+[^\s<>|`*~.,;:!?)'"]/;

/** One special thing at `at`: [node, where the text goes on], or null. */
function special(text, at) {
  const char = text[at];
  if (char === "`") {
    const end = text.indexOf("`", at + 1);
    if (end > at + 1 && !text.slice(at, end).includes("\n")) return [el("code", {}, decoded(text.slice(at + 1, end))), end + 1];
  } else if (char === "<") {
    const end = text.indexOf(">", at);
    if (end > at + 1) return [reference(text.slice(at + 1, end)), end + 1];
  } else if (STYLES[char]) {
    const end = closing(text, at);
    if (end > 0) return [el(STYLES[char], {}, inline(text.slice(at + 1, end))), end + 1];
  } else if (char === "h" && !WORD.test(text[at - 1] ?? " ")) {
    const found = text.slice(at).match(bareLink);
    if (found) return [link(decoded(found[0]), decoded(found[0])), at + found[0].length];
  }
  return null;
}

function inline(text) {
  const nodes = [];
  let plain = 0;
  const flush = (end) => end > plain && nodes.push(withEmoji(decoded(text.slice(plain, end))));
  for (let at = 0; at < text.length; at += 1) {
    const found = special(text, at);
    if (!found) continue;
    flush(at);
    nodes.push(found[0]);
    plain = found[1];
    at = plain - 1;
  }
  flush(text.length);
  return nodes;
}

const quoteMark = /^(?:>|&gt;)(?!(?:>|&gt;))\s?/;
const restQuote = /^(?:>|&gt;){3}\s?/;

/** Lines, with neighbouring quoted lines gathered into one quote. */
function lines(text) {
  const nodes = [];
  const all = text.split("\n");
  for (let index = 0; index < all.length; index += 1) {
    if (restQuote.test(all[index])) {
      const rest = all.slice(index).join("\n").replace(restQuote, "");
      nodes.push(el("blockquote", {}, inline(rest)));
      break;
    }
    const from = index;
    while (index < all.length && quoteMark.test(all[index])) index += 1;
    if (index > from) {
      const quoted = all.slice(from, index).map((line) => line.replace(quoteMark, ""));
      nodes.push(el("blockquote", {}, inline(quoted.join("\n"))));
      index -= 1;
    } else {
      nodes.push(...inline(all[index]), index < all.length - 1 ? "\n" : "");
    }
  }
  return nodes;
}

export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  const nodes = parts.flatMap((part, index) => (index % 2 ? el("pre", {}, decoded(part)) : lines(part)));
  return el("div.mrkdwn", {}, nodes);
}

/** The same in one line of words, for where there is no room for more than text. */
export const wordsOf = (text) => mrkdwn(text).textContent.replace(/\s+/g, " ");

/** plain_text stays what it is: nothing in it is parsed but `:emoji:`, and that only where emoji are wanted. */
export const plain = (object) => (object.emoji === false ? object.text : withEmoji(object.text));

export function textNode(object) {
  if (typeof object === "string") return el("span.plain", {}, object);
  return object.type === "mrkdwn" ? mrkdwn(object.text) : el("span.plain", {}, plain(object));
}
