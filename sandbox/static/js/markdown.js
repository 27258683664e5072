// Standard Markdown (canvases and markdown blocks) as DOM nodes.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { channelMention, link, safeAddress, userMention } from "./links.js";

const INLINE = [
  [/^\\([\\`*_{}[\]()#+\-.!|~<>])/, (found) => found[1]],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (found) => el("code", {}, found[2].trim() || found[2])],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, (found) => image(found[1], found[2])],
  [/^\[((?:[^[\]]|\[[^\]]*\])*)\]\((<[^>]*>|(?:[^()\s]|\([^()\s]*\))*)(?:\s+"[^"]*")?\)/, (found) => link(found[2].replace(/^<|>$/g, ""), inline(found[1]))],
  [/^<((?:https?:\/\/|mailto:)[^>\s]+)>/, (found) => link(found[1], found[1])],
  [/^\*\*\*(?=\S)([\s\S]*?\S)\*\*\*/, (found) => el("strong", {}, el("em", {}, inline(found[1])))],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, (found) => el("strong", {}, inline(found[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => el("s", {}, inline(found[1]))],
  [/^\*(?![\s*])([\s\S]*?[^\s*])\*(?!\*)/, (found) => el("em", {}, inline(found[1]))],
  [/^_(?![\s_])([\s\S]*?[^\s_])_(?![\p{L}\p{N}_])/u, (found) => el("em", {}, inline(found[1]))],
  [/^https?:\/\/[^\s<>()`*\\]+[^\s<>()`*\\.,;:!?'"]/, (found) => link(found[0], found[0])],
  [/^ {2,}\n|^\\\n/, () => el("br")],
];

const mention = (id) => (id.startsWith("@") ? userMention(id.slice(1)) : channelMention(id.slice(1)));

/** `![](@U123)` names a person and `![](#C123)` a channel; a picture from elsewhere is offered as a link. */
function image(alt, address) {
  if (/^[@#][A-Z0-9]+$/.test(address)) return mention(address);
  return safeAddress(address) ? link(address, alt || address) : el("span", {}, alt);
}

function inline(text) {
  const nodes = [];
  let plainText = "";
  const flush = () => {
    if (plainText) nodes.push(withEmoji(plainText));
    plainText = "";
  };
  for (let at = 0; at < text.length; ) {
    const afterWord = /[\p{L}\p{N}]$/u.test(plainText);
    const rest = text.slice(at);
    let found = null;
    const rule = /[\\`![<*_~h ]/.test(rest[0]) && INLINE.find(([pattern]) => (found = rest.match(pattern)));
    if (rule && !(afterWord && /[_h]/.test(rest[0]))) {
      const node = rule[1](found);
      if (typeof node === "string") plainText += node;
      else {
        flush();
        nodes.push(node);
      }
      at += found[0].length;
    } else {
      plainText += rest[0];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const FENCE = /^\s{0,3}(```+|~~~+)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s{0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const DIVIDER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const QUOTE = /^\s{0,3}>\s?/;

function fence(lines) {
  const mark = lines.shift().match(FENCE)[1];
  const code = [];
  while (lines.length && !lines[0].trim().startsWith(mark)) code.push(lines.shift());
  lines.shift();
  return el("pre", {}, code.join("\n"));
}

function heading(lines) {
  const [, marks, text] = lines.shift().match(HEADING);
  return el(`h${Math.min(marks.length + 1, 6)}.level-${marks.length}`, {}, inline(text));
}

function quote(lines, depth) {
  const quoted = [];
  while (lines.length && QUOTE.test(lines[0])) quoted.push(lines.shift().replace(QUOTE, ""));
  return el("blockquote", {}, blocks(quoted, depth + 1));
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));

function table(lines) {
  const head = cells(lines.shift());
  const alignment = cells(lines.shift()).map((cell) => (/^:-*:$/.test(cell) ? "center" : cell.endsWith(":") ? "right" : "left"));
  const row = (tag, texts) => head.map((_, column) => el(`${tag}.align-${alignment[column] ?? "left"}`, {}, inline(texts[column] ?? "")));
  const body = [];
  while (lines.length && lines[0].includes("|") && lines[0].trim()) body.push(el("tr", {}, row("td", cells(lines.shift()))));
  return el("div.table-scroll", {}, el("table", {}, el("thead", {}, el("tr", {}, row("th", head))), el("tbody", {}, body)));
}

const widthOf = (indent) => indent.replace(/\t/g, "    ").length;

/** One list level; deeper lines belong to the item above them. */
function list(lines) {
  const [, indent, marker] = lines[0].match(ITEM);
  const depth = widthOf(indent);
  const ordered = /\d/.test(marker);
  const items = [];
  const sameList = (line) => {
    const found = line?.match(ITEM);
    return found && widthOf(found[1]) >= depth && widthOf(found[1]) <= depth + 1 && /\d/.test(found[2]) === ordered ? found : null;
  };
  for (;;) {
    const next = lines.findIndex((line) => line.trim()); // an empty line between two items does not end the list
    const found = sameList(lines[next]);
    if (!found) break;
    lines.splice(0, next + 1);
    items.push(item(found[3], belonging(lines, depth)));
  }
  return ordered ? el("ol", { start: parseInt(marker, 10) }, items) : el("ul", {}, items);
}

function belonging(lines, depth) {
  const own = [];
  while (lines.length) {
    const nextText = lines.find((line) => line.trim());
    const blank = !lines[0].trim();
    const deeper = nextText && widthOf(nextText.match(/^\s*/)[0]) > depth + 1;
    const lazy = !own.length && !blank && !starts(lines[0], lines[1]);
    if (!deeper && !lazy) break;
    own.push(lines.shift());
  }
  const least = Math.min(...own.filter((line) => line.trim()).map((line) => widthOf(line.match(/^\s*/)[0])), 40);
  return own.map((line) => line.replace(/\t/g, "    ").slice(Math.min(least, line.match(/^\s*/)[0].length)));
}

function item(text, own) {
  const task = text.match(/^\[([ xX])\]\s+(.*)$/);
  const continuation = [];
  while (own.length && own[0].trim() && !starts(own[0], own[1])) continuation.push(own.shift());
  const words = inline([task ? task[2] : text, ...continuation].join("\n"));
  const inner = own.some((line) => line.trim()) ? blocks(own) : [];
  if (!task) return el("li", {}, words, inner);
  const done = task[1] !== " ";
  // The box shows a state that only the document's author changes, so it is a picture with a name, not an input.
  const box = el(`span.task-box${done ? ".done" : ""}`, { role: "img", "aria-label": done ? "Done" : "To do" });
  return el(`li.task${done ? ".done" : ""}`, {}, box, el("span", {}, words), inner);
}

function starts(line, next) {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line) || isTable(line, next);
}

const isTable = (line, next) => line.includes("|") && next !== undefined && next.includes("-") && DIVIDER.test(next);

function paragraph(lines) {
  const text = [lines.shift()];
  while (lines.length && lines[0].trim() && !starts(lines[0], lines[1])) text.push(lines.shift());
  return el("p", {}, inline(text.join("\n").trim()));
}

const DEEPEST_QUOTE = 20; // a text of nothing but ">" must not exhaust the stack

function blocks(lines, depth = 0) {
  const nodes = [];
  while (lines.length) {
    const line = lines[0];
    if (!line.trim()) lines.shift();
    else if (FENCE.test(line)) nodes.push(fence(lines));
    else if (HEADING.test(line)) nodes.push(heading(lines));
    else if (RULE.test(line)) nodes.push(lines.shift() && el("hr"));
    else if (QUOTE.test(line) && depth < DEEPEST_QUOTE) nodes.push(quote(lines, depth));
    else if (ITEM.test(line)) nodes.push(list(lines));
    else if (isTable(line, lines[1])) nodes.push(table(lines));
    else nodes.push(paragraph(lines));
  }
  return nodes;
}

export const markdown = (text) => el("div.markdown", {}, blocks(text.replace(/\r\n?/g, "\n").split("\n")));
