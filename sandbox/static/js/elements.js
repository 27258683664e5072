// Block Kit's interactive elements; each becomes one node bound to its surface's form.
import { Combobox } from "./combobox.js";
import { fromLocalInput, toLocalInput } from "./dates.js";
import { el, icon, iconButton, uniqueId } from "./dom.js";
import { fileInput } from "./files.js";
import { safeAddress } from "./links.js";
import { toggleMenu } from "./menu.js";
import { plain, textNode } from "./mrkdwn.js";
import { conversation, personName, session } from "./session.js";

/**
 * A place is where an element stands:
 * {form, block (its id), dispatches (choices are told to the app at once), input: {id, describedBy, required, invalid} or null, label}.
 */
const focusKey = (place, element) => `${place.block}/${element.action_id}`;

function naming(place, element) {
  const shared = { "data-focus": focusKey(place, element) };
  if (!place.input) return { ...shared, "aria-label": place.label || (element.placeholder && plain(element.placeholder)) || "Choose" };
  const { describedBy, required, invalid } = place.input;
  return { ...shared, "aria-describedby": describedBy, "aria-required": required ? "true" : null, "aria-invalid": invalid ? "true" : null };
}

const fieldId = (place) => place.input?.id ?? uniqueId("field");

/** Record a choice and, where the surface wants it, tell the app; a refused confirm takes the choice back. */
async function choose(place, element, value) {
  const before = place.form.get(place.block, element);
  place.form.set(place.block, element, value);
  if (!place.dispatches) return true;
  const told = await place.form.dispatch(place.block, element, value);
  if (!told) place.form.set(place.block, element, before);
  return told;
}

function button(place, element) {
  const style = element.style ? `.${element.style}` : "";
  const attributes = { "aria-label": element.accessibility_label, "data-focus": focusKey(place, element), title: plain(element.text).length > 40 ? plain(element.text) : null };
  const press = async (event) => {
    const { currentTarget } = event;
    currentTarget.setAttribute("aria-busy", "true");
    await place.form.dispatch(place.block, element);
    currentTarget.removeAttribute("aria-busy");
  };
  const href = element.url && safeAddress(element.url);
  if (href) return el(`a.button${style}`, { ...attributes, href, target: "_blank", rel: "noopener noreferrer", onclick: press }, plain(element.text));
  return el(`button.button${style}`, { ...attributes, type: "button", onclick: press }, el("span", {}, plain(element.text)));
}

function overflow(place, element) {
  const items = element.options.map((option) => ({
    label: plain(option.text),
    detail: option.description && plain(option.description),
    href: option.url && safeAddress(option.url),
    pick: () => place.form.dispatch(place.block, element, option.value),
  }));
  const open = (event) => toggleMenu(event.currentTarget, items, { align: "end" });
  return iconButton("more", "More options", open, { class: "icon-button bordered", "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": focusKey(place, element) });
}

const option = ({ value, text, description }) => ({ value, label: plain(text), detail: description && plain(description) });
const optionGroups = (groups) => groups.map((group) => ({ ...group, label: group.label && plain(group.label), options: group.options.map(option) }));

function select(place, element, { groups, nameOf, search }) {
  const multiple = element.type.startsWith("multi_");
  const value = place.form.get(place.block, element);
  const box = new Combobox({
    id: fieldId(place),
    attributes: naming(place, element),
    placeholder: element.placeholder ? plain(element.placeholder) : multiple ? "Select options" : "Select an option",
    multiple,
    clearable: place.input ? !place.input.required : false,
    most: element.max_selected_items,
    selected: multiple ? (value ?? []) : value === null || value === "" ? [] : [value],
    least: search ? (element.min_query_length ?? 3) : undefined,
    groups, nameOf, search,
    choose: (chosen) => choose(place, element, multiple ? chosen : (chosen[0] ?? null)),
  });
  return box.node;
}

function staticSelect(place, element) {
  const groups = optionGroups(element.option_groups ?? [{ label: null, options: element.options ?? [] }]);
  const named = new Map(groups.flatMap((group) => group.options).map((one) => [one.value, one.label]));
  return select(place, element, { groups: () => groups, nameOf: (value) => named.get(value) ?? value });
}

function externalSelect(place, element) {
  const { form, block } = place;
  const nameOf = (value) => (form.options.has(value) ? plain(form.options.get(value).text) : value);
  return select(place, element, { groups: () => [], search: async (query) => optionGroups(await form.search(block, element, query)), nameOf });
}

function peopleSelect(place, element) {
  const people = () => session.state.people.filter((one) => !one.deleted).map((one) => ({ value: one.id, label: one.real_name || one.name, detail: one.title }));
  return select(place, element, { groups: () => [{ options: people() }], nameOf: personName });
}

const nameOfConversation = (id) => {
  const known = conversation(id);
  if (!known) return id;
  return known.kind === "dm" ? personName(known.with) : `#${known.name}`;
};

function conversationSelect(place, element) {
  const channelsOnly = element.type.includes("channels");
  const wanted = element.filter?.include;
  const fits = (one) => !one.is_archived && (channelsOnly ? one.kind === "public" : !wanted || wanted.includes(one.kind === "dm" ? "im" : one.kind));
  const list = () => session.state.conversations.filter(fits).map((one) => ({ value: one.id, label: nameOfConversation(one.id), detail: one.kind === "private" ? "private" : null }));
  return select(place, element, { groups: () => [{ options: list() }], nameOf: nameOfConversation });
}

/** Checkboxes and radio buttons. */
function choices(place, element) {
  const many = element.type === "checkboxes";
  const group = uniqueId("choice");
  const chosen = () => place.form.get(place.block, element);
  const holds = (value) => (many ? (chosen() ?? []).includes(value) : chosen() === value);
  const inputs = [];
  const pick = async () => {
    const picked = inputs.filter((input) => input.checked).map((input) => input.value);
    if ((await choose(place, element, many ? picked : (picked[0] ?? null))) === false) inputs.forEach((input) => { input.checked = holds(input.value); });
  };
  const rows = element.options.map(({ text, value, description }) => {
    const id = uniqueId("choice");
    const input = el("input", { type: many ? "checkbox" : "radio", name: group, id, value, checked: holds(value), onchange: pick, "aria-describedby": description ? `${id}-detail` : place.input?.describedBy, "data-focus": `${focusKey(place, element)}/${value}` });
    input.setAttribute("value", value);
    inputs.push(input);
    return el("div.choice", {}, input, el("label", { for: id }, textNode(text)), description ? el("div.choice-detail", { id: `${id}-detail` }, textNode(description)) : null);
  });
  const { "data-focus": _, ...named } = naming(place, element);
  return el("div.choices", { role: many ? "group" : "radiogroup", "aria-labelledby": place.input ? `${place.input.id}-label` : null, ...named }, rows);
}

/** Text-like fields: what is typed is kept at once; the app hears of it on Enter or while typing, where it asked to. */
function typed(place, element, node, convert = (value) => value) {
  const told = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = null;
  node.addEventListener("input", () => {
    place.form.set(place.block, element, convert(node.value));
    if (!place.dispatches || !told.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => place.form.dispatch(place.block, element, convert(node.value)), 400);
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !place.dispatches || !told.includes("on_enter_pressed") || (event.shiftKey && element.multiline)) return;
    event.preventDefault();
    place.form.dispatch(place.block, element, convert(node.value));
  });
  return node;
}

function textField(place, element, type) {
  const lines = element.multiline || element.type === "rich_text_input";
  const attributes = { id: fieldId(place), ...naming(place, element), placeholder: element.placeholder && plain(element.placeholder), value: place.form.get(place.block, element) ?? "" };
  const node = lines ? el("textarea.field", { ...attributes, rows: 4 }) : el("input.field", { type, ...attributes, autocomplete: "off" });
  typed(place, element, node);
  return element.max_length && element.max_length < 3000 ? el("div.counted", {}, node, remaining(node, element.max_length)) : node;
}

/** How much room is left, said only when it gets tight. */
function remaining(node, most) {
  const note = el("span.remaining", { "aria-live": "polite" });
  const count = () => {
    const left = most - [...node.value].length;
    note.textContent = left <= Math.min(100, most / 5) ? String(left) : "";
    note.classList.toggle("over", left < 0);
  };
  node.addEventListener("input", count);
  count();
  return note;
}

function numberField(place, element) {
  const node = el("input.field.narrow-field", { type: "number", step: element.is_decimal_allowed ? "any" : "1", min: element.min_value, max: element.max_value, id: fieldId(place), ...naming(place, element), placeholder: element.placeholder && plain(element.placeholder), value: place.form.get(place.block, element) ?? "" });
  node.addEventListener("wheel", () => node.blur()); // scrolling the form must not change a contract's value
  return typed(place, element, node);
}

function moment(place, element, type, convert, shown) {
  const node = el("input.field.narrow-field", { type, id: fieldId(place), ...naming(place, element), value: shown });
  node.addEventListener("input", () => place.form.set(place.block, element, convert(node.value)));
  node.addEventListener("change", () => place.dispatches && node.value && choose(place, element, convert(node.value)));
  return node;
}

const same = (value) => value;
const valueOf = (place, element) => place.form.get(place.block, element);

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  static_select: staticSelect,
  multi_static_select: staticSelect,
  external_select: externalSelect,
  multi_external_select: externalSelect,
  users_select: peopleSelect,
  multi_users_select: peopleSelect,
  conversations_select: conversationSelect,
  multi_conversations_select: conversationSelect,
  channels_select: conversationSelect,
  multi_channels_select: conversationSelect,
  checkboxes: choices,
  radio_buttons: choices,
  plain_text_input: (place, element) => textField(place, element, "text"),
  rich_text_input: (place, element) => textField(place, element, "text"),
  email_text_input: (place, element) => textField(place, element, "email"),
  url_text_input: (place, element) => textField(place, element, "url"),
  number_input: numberField,
  datepicker: (place, element) => moment(place, element, "date", same, valueOf(place, element) ?? ""),
  timepicker: (place, element) => moment(place, element, "time", same, valueOf(place, element) ?? ""),
  datetimepicker: (place, element) => moment(place, element, "datetime-local", fromLocalInput, valueOf(place, element) ? toLocalInput(valueOf(place, element)) : ""),
  file_input: (place, element) => fileInput(place, element, { id: fieldId(place), ...naming(place, element) }),
  icon_button: (place, element) => el("button.button.quiet", { type: "button", "aria-label": element.accessibility_label, onclick: () => place.form.dispatch(place.block, element) }, icon("close"), plain(element.text)),
  feedback_buttons: (place, element) => [element.positive_button, element.negative_button].map((one) => el("button.button.quiet", { type: "button", "aria-label": one.accessibility_label, onclick: () => place.form.dispatch(place.block, element, one.value) }, plain(one.text))),
};

export function element(place, spec) {
  const build = ELEMENTS[spec.type];
  return build ? build(place, spec) : el("span.unsupported", {}, `This page cannot show “${spec.type}”.`);
}
