// rich_text blocks: sections, lists, quotes and preformatted text with their styled elements.
import { el } from "./dom.js";
import { fillDate } from "./dates.js";
import { emojiNamed } from "./emoji.js";
import { broadcast, channelMention, link, userMention } from "./links.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function styled(element, node) {
  return Object.entries(STYLE_TAGS).reduce((inner, [style, tag]) => (element.style?.[style] ? el(tag, {}, inner) : inner), node);
}

const ELEMENTS = {
  text: (element) => element.text,
  link: (element) => link(element.url, element.text || element.url),
  user: (element) => userMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: () => el("span.mention", {}, "@group"),
  broadcast: (element) => broadcast(element.range),
  emoji: (element) => emojiNamed(element.name) ?? element.unicode?.split("-").map((hex) => String.fromCodePoint(parseInt(hex, 16))).join("") ?? `:${element.name}:`,
  date: (element) => {
    const words = fillDate(element.format ?? "", element.timestamp) ?? element.fallback ?? "";
    return element.url ? link(element.url, words) : words;
  },
  color: (element) => {
    const swatch = el("span.swatch");
    swatch.style.background = element.value;
    return el("span", {}, swatch, element.value);
  },
};

const leaf = (element) => (ELEMENTS[element.type] ? styled(element, ELEMENTS[element.type](element)) : "");
const leaves = (container) => container.elements.map(leaf);

/** Lists are flat in Slack: each has its own indent; a deeper one hangs inside the last item before it. */
function list(container) {
  const tag = container.style === "ordered" ? "ol" : "ul";
  const attributes = container.style === "ordered" && container.offset ? { start: container.offset + 1 } : {};
  const depth = Math.min(container.indent ?? 0, 8);
  return el(`${tag}.indent-${depth}.marker-${depth % 3}`, attributes, container.elements.map((section) => el("li", {}, leaves(section))));
}

const CONTAINERS = {
  rich_text_section: (container) => el("div.rich-section", {}, leaves(container)),
  rich_text_list: list,
  rich_text_quote: (container) => el("blockquote", {}, leaves(container)),
  rich_text_preformatted: (container) => el("pre", {}, leaves(container)),
};

export const richText = (block) => el("div.rich-text", {}, block.elements.map((container) => CONTAINERS[container.type]?.(container) ?? ""));
