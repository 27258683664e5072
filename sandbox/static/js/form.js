// What has been typed and chosen on one surface (a modal, a message, the home page), apart from how it is drawn.
import { confirmed } from "./confirm.js";
import { act, attempt } from "./session.js";

const flatten = (node) => (node.elements ? node.elements.map(flatten).join(node.type === "rich_text" ? "\n" : "") : (node.text ?? ""));
const values = (options) => (options ?? []).map((option) => option.value);

const INITIAL = {
  plain_text_input: (element) => element.initial_value ?? "",
  email_text_input: (element) => element.initial_value ?? "",
  url_text_input: (element) => element.initial_value ?? "",
  number_input: (element) => element.initial_value ?? "",
  rich_text_input: (element) => (element.initial_value ? flatten(element.initial_value) : ""),
  static_select: (element) => element.initial_option?.value ?? null,
  external_select: (element) => element.initial_option?.value ?? null,
  radio_buttons: (element) => element.initial_option?.value ?? null,
  multi_static_select: (element) => values(element.initial_options),
  multi_external_select: (element) => values(element.initial_options),
  checkboxes: (element) => values(element.initial_options),
  users_select: (element) => element.initial_user ?? null,
  multi_users_select: (element) => element.initial_users ?? [],
  conversations_select: (element) => element.initial_conversation ?? null,
  multi_conversations_select: (element) => element.initial_conversations ?? [],
  channels_select: (element) => element.initial_channel ?? null,
  multi_channels_select: (element) => element.initial_channels ?? [],
  datepicker: (element) => element.initial_date ?? "",
  timepicker: (element) => element.initial_time ?? "",
  datetimepicker: (element) => element.initial_date_time ?? null,
  file_input: () => [],
};

const base64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** Every element of the blocks with the id of the block it stands in. */
export function* elementsOf(blocks) {
  for (const block of blocks) {
    const own = [block.element, block.accessory, ...(Array.isArray(block.elements) ? block.elements : []), ...(block.actions ?? [])];
    for (const element of own) if (element?.action_id) yield [block.block_id, element];
    if (block.child_blocks) yield* elementsOf(block.child_blocks);
    if (block.type === "carousel") yield* elementsOf(block.elements);
  }
}

export class Form {
  /** `saved` is what this person had typed before the page was loaded, as {block_id: {action_id: value}}. */
  constructor(container, saved = {}) {
    this.container = container;
    this.values = {}; // {block_id: {action_id: value}}
    this.saved = saved;
    this.errors = {}; // {block_id: sentence}
    this.options = new Map(); // what external options are called, by value
    this.files = new Map(); // what was chosen in a file_input, by id
    this.sending = Promise.resolve(); // until all of it is there
    this.busy = new Set();
    this.changed = () => {};
  }

  /** Take the surface's new blocks: a field that is still there keeps what was typed, as in Slack. */
  adopt(blocks) {
    const before = this.values;
    this.values = {};
    for (const [block, element] of elementsOf(blocks)) {
      if (!INITIAL[element.type]) continue;
      for (const option of [element.initial_option, ...(element.initial_options ?? [])]) if (option) this.options.set(option.value, option);
      const old = before[block]?.[element.action_id];
      const saved = this.saved?.[block]?.[element.action_id];
      const value = old !== undefined ? old : saved !== undefined ? saved : INITIAL[element.type](element);
      (this.values[block] ??= {})[element.action_id] = value ?? (element.type.startsWith("multi_") || element.type === "checkboxes" ? [] : value);
    }
    this.saved = {};
  }

  /** Learn from a view's state.values what chosen external options and files are called. */
  learn(state) {
    for (const value of Object.values(state ?? {}).flatMap((actions) => Object.values(actions))) {
      for (const option of [value.selected_option, ...(value.selected_options ?? [])]) if (option) this.options.set(option.value, option);
      for (const file of value.files ?? []) this.files.set(file.id, file);
    }
  }

  get(block, element) {
    const value = this.values[block]?.[element.action_id];
    return value === undefined ? (INITIAL[element.type]?.(element) ?? null) : value;
  }

  set(block, element, value) {
    (this.values[block] ??= {})[element.action_id] = value;
    this.changed();
  }

  /** The state as it is sent: an empty text is nothing. */
  state() {
    const blank = (value) => (value === "" ? null : value);
    const inner = (actions) => Object.fromEntries(Object.entries(actions).map(([action, value]) => [action, blank(value)]));
    return Object.fromEntries(Object.entries(this.values).map(([block, actions]) => [block, inner(actions)]));
  }

  /** Tell the app about a click or a choice. Resolves to false where the person thought better of it. */
  async dispatch(block, element, value) {
    const name = `${block}/${element.action_id}`;
    if (this.busy.has(name)) return false;
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    this.busy.add(name);
    const details = { container: this.container, block_id: block, action_id: element.action_id, state: this.state() };
    if (value !== undefined) details.value = value;
    await attempt("action", details);
    this.busy.delete(name);
    return true;
  }

  /** Send a chosen file to the workspace; resolves to its answer, {ok, file} or {ok: false, error}. */
  async upload(block, element, file) {
    const content = await base64(file).catch(() => null);
    if (content === null) return { ok: false, error: `${file.name} can't be read.` };
    const answer = await act("add_file", { view_id: this.container.view_id, block_id: block, action_id: element.action_id, name: file.name, content });
    if (answer.ok) this.files.set(answer.file.id, answer.file);
    return answer;
  }

  /** Options of an external select, as groups; an app that does not answer has none. */
  async search(block, element, query) {
    const answer = await act("options", { container: this.container, block_id: block, action_id: element.action_id, query });
    if (!answer.ok) return [{ label: null, options: [], problem: answer.error }];
    const groups = answer.option_groups?.length ? answer.option_groups : [{ label: null, options: answer.options ?? [] }];
    for (const group of groups) for (const option of group.options) this.options.set(option.value, option);
    return groups;
  }
}
