// Block Kit's layout blocks as DOM nodes.
import { chart } from "./charts.js";
import { dayKey } from "./dates.js";
import { el, reconcile, uniqueId } from "./dom.js";
import { element } from "./elements.js";
import { link, safeAddress } from "./links.js";
import { markdown } from "./markdown.js";
import { plain, textNode } from "./mrkdwn.js";
import { now, session } from "./session.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const nameOf = (object) => object?.text?.replace(/[*_~`]|<[^>]*>/g, "").split("\n")[0].slice(0, 80);

/** Where an element stands that is not a field of its own: its choices are always told to the app. */
const placeIn = (form, block, label) => ({ form, block: block.block_id, dispatches: true, input: null, label });

function picture({ image_url: address, alt_text: alt, slack_file: file }) {
  const source = safeAddress(address ?? file?.url ?? "");
  const missing = () => el("span.image-missing", { role: "img", "aria-label": alt }, alt || "Image");
  if (!source) return missing();
  const node = el("img", { src: source, alt, loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(missing()));
  return node;
}

function section(form, block) {
  const words = el("div.section-words", {}, block.text ? textNode(block.text) : null,
    block.fields ? el("div.section-fields", {}, block.fields.map((field) => el("div", {}, textNode(field)))) : null);
  if (!block.accessory) return words;
  const { accessory } = block;
  const side = accessory.type === "image" ? picture(accessory) : element(placeIn(form, block, nameOf(block.text)), accessory);
  const wide = ["checkboxes", "radio_buttons"].includes(accessory.type) ? ".accessory-below" : "";
  return el(`div.section-row${wide}`, {}, words, el(`div.accessory.accessory-${accessory.type}`, {}, side));
}

function input(form, block) {
  const id = uniqueId("input");
  const error = form.errors[block.block_id];
  const describedBy = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const grouped = ["checkboxes", "radio_buttons"].includes(block.element.type);
  const place = { form, block: block.block_id, dispatches: Boolean(block.dispatch_action), input: { id, describedBy, required: !block.optional, invalid: Boolean(error) } };
  const name = grouped ? el("span.label", { id: `${id}-label` }, plain(block.label)) : el("label.label", { for: id, id: `${id}-label` }, plain(block.label));
  return el(
    `div.input-block${error ? ".has-error" : ""}`, {},
    el("div.label-row", {}, name, block.optional ? el("span.optional", {}, "(optional)") : null),
    element(place, block.element),
    error ? el("div.field-error", { id: `${id}-error` }, error) : null,
    block.hint ? el("div.hint", { id: `${id}-hint` }, plain(block.hint)) : null,
  );
}

function card(form, block) {
  const place = placeIn(form, block, nameOf(block.title));
  const text = (part) => block[part] && el(`div.card-${part}`, {}, textNode(block[part]));
  const symbol = block.icon && el("div.card-icon", {}, picture(block.icon));
  return el("article.card", {},
    block.hero_image ? el("div.card-hero", {}, picture(block.hero_image)) : null,
    el("div.card-head", {}, symbol, el("div", {}, text("title"), text("subtitle"))),
    text("body"), text("subtext"),
    block.actions?.length ? el("div.actions", {}, block.actions.map((one) => element(place, one))) : null);
}

function container(form, block) {
  const children = () => el("div.container-children", {}, block.child_blocks.map((child) => blockNode(form, child)));
  const title = el("span.container-title", {}, block.rich_text_title ? richText(block.rich_text_title) : plain(block.title));
  const subtitle = block.subtitle && el("span.container-subtitle", {}, textNode(block.subtitle));
  const classes = `container.container-${block.width ?? "standard"}`;
  if (!block.is_collapsible) return el(`section.${classes}`, {}, el("div.container-head", {}, title, subtitle), children());
  return el(`details.${classes}`, { open: !block.default_collapsed }, el("summary.container-head", {}, title, subtitle), children());
}

function video(block) {
  const address = block.title_url || block.video_url;
  return el("div.video", {}, block.thumbnail_url ? picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }) : null,
    el("div", {}, el("strong", {}, link(address, plain(block.title))), block.description ? el("div", {}, plain(block.description)) : null));
}

const ALERT_MARKS = { info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅" };
const LEVELS = { 1: "h2", 2: "h3", 3: "h4", 4: "h5" };

const BLOCKS = {
  section,
  header: (_, block) => el(`${LEVELS[block.level] ?? "h3"}.header-block`, {}, plain(block.text)),
  divider: () => el("hr"),
  image: (_, block) => el("figure", {}, block.title ? el("figcaption", {}, plain(block.title)) : null, picture(block)),
  context: (_, block) => el("div.context", {}, block.elements.map((one) => (one.type === "image" ? picture(one) : textNode(one)))),
  actions: (form, block) => el("div.actions", {}, block.elements.map((one) => element(placeIn(form, block), one))),
  context_actions: (form, block) => el("div.actions", {}, block.elements.map((one) => element(placeIn(form, block), one))),
  input,
  rich_text: (_, block) => richText(block),
  markdown: (_, block) => markdown(block.text),
  table: (form, block) => table(block, (spec) => element(placeIn(form, block), spec)),
  data_table: (form, block) => dataTable(block, (spec) => element(placeIn(form, block), spec)),
  data_visualization: (_, block) => chart(block),
  card,
  carousel: (form, block) => el("div.carousel", { role: "group", "aria-label": "Cards", tabindex: "0" }, block.elements.map((one) => card(form, { ...one, block_id: one.block_id ?? block.block_id }))),
  container,
  alert: (_, block) => el(`div.alert.alert-${block.level ?? "default"}`, { role: "note" }, ALERT_MARKS[block.level] ? el("span.alert-mark", { "aria-hidden": "true" }, ALERT_MARKS[block.level]) : null, textNode(block.text)),
  video: (_, block) => video(block),
  file: (_, block) => el("div.context", {}, `File ${block.external_id ?? ""}`),
};

function blockNode(form, block) {
  const build = BLOCKS[block.type];
  const inner = build ? build(form, block) : el("p.unsupported", {}, `This page cannot show a “${block.type}” block.`);
  return el(`div.block.block-${block.type}`, {}, inner);
}

/** Draw the blocks of one surface into `parent`; what did not change stays in place, with its focus and caret. */
export function drawBlocks(parent, blocks, form) {
  reconcile(parent, blocks.filter(Boolean), {
    key: (block, index) => block.block_id ?? `block ${index}`,
    signature: (block) => JSON.stringify([block, form.errors[block.block_id], session.names, dayKey(now())]),
    build: (block) => blockNode(form, block),
  });
}
