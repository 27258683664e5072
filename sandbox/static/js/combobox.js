// A searchable select: one choice shown in its input, or several as chips before it.
import { el, iconButton, uniqueId } from "./dom.js";
import { float } from "./floating.js";

const wordsIn = (option) => `${option.label} ${option.detail ?? ""}`.toLowerCase();
const WAIT_FOR_TYPING = 250;

/**
 * config: {
 *   id, attributes (for the input), placeholder, multiple, clearable, most (how many may be chosen),
 *   selected: [value], nameOf(value) -> text,
 *   groups() -> [{label, options: [{value, label, detail}], problem}], filtered here as one types; or
 *   search(query) -> a promise of the same, asked for every query of at least `least` characters,
 *   choose(values) -> false to refuse
 * }
 */
export class Combobox {
  constructor(config) {
    this.config = config;
    this.selected = [...config.selected];
    this.rows = [];
    this.active = -1;
    this.asked = 0;
    this.listId = uniqueId("options");
    this.list = el("div.options", { popover: "manual", role: "listbox", id: this.listId, "aria-label": "Options", "aria-multiselectable": config.multiple ? "true" : null });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    this.input = el("input.combobox-input", {
      id: config.id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-controls": this.listId, placeholder: config.placeholder, ...config.attributes,
      oninput: () => this.open(this.input.value),
      onclick: () => this.open(""),
      onkeydown: (event) => this.key(event),
      onblur: () => this.leave(),
      onfocus: () => !config.multiple && this.input.select(),
    });
    this.chips = el("span.chips");
    this.clear = iconButton("close", "Clear", () => this.take([]), { tabindex: "-1" });
    this.node = el("div.combobox", { onclick: (event) => event.target === this.node && this.input.focus() }, this.chips, this.input, this.clear, this.list);
    this.show();
  }

  show() {
    const { multiple, clearable, nameOf, placeholder } = this.config;
    this.chips.replaceChildren(...(multiple ? this.selected.map((value) => this.chip(value, nameOf(value))) : []));
    this.input.value = multiple ? "" : this.selected.map(nameOf).join("");
    this.input.placeholder = multiple && this.selected.length ? "" : (placeholder ?? "");
    this.clear.hidden = !(clearable && !multiple && this.selected.length);
  }

  chip(value, name) {
    const remove = iconButton("close", `Remove ${name}`, () => this.take(this.selected.filter((one) => one !== value)));
    return el("span.chip", {}, name, remove);
  }

  get isOpen() {
    return this.input.getAttribute("aria-expanded") === "true";
  }

  async open(query) {
    const turn = (this.asked += 1);
    if (this.config.search) return this.openSearch(turn, query);
    const wanted = query.trim().toLowerCase();
    const matching = this.config.groups().map((group) => ({ ...group, options: group.options.filter((option) => wordsIn(option).includes(wanted)) }));
    return this.fill(matching, query);
  }

  async openSearch(turn, query) {
    if (query.trim().length < this.config.least) return this.fill([{ options: [], problem: `Type ${this.config.least > 1 ? `at least ${this.config.least} letters` : ""} to search` }], query);
    this.fill([{ options: [], problem: "Searching…" }], query);
    await new Promise((wait) => setTimeout(wait, WAIT_FOR_TYPING));
    if (turn !== this.asked || document.activeElement !== this.input) return undefined;
    const groups = await this.config.search(query);
    if (turn === this.asked && document.activeElement === this.input) this.fill(groups, query);
    return undefined;
  }

  fill(groups, query) {
    this.rows = [];
    const parts = groups.filter((group) => group.options.length || group.problem).flatMap((group) => this.group(group));
    this.list.replaceChildren(...(parts.length ? parts : [el("div.options-empty", {}, "No matches")]));
    this.input.setAttribute("aria-expanded", "true");
    this.hide?.();
    this.hide = float(this.list, this.node);
    const chosen = this.rows.findIndex(({ option }) => this.selected.includes(option.value));
    this.point(query ? (this.rows.length ? 0 : -1) : this.config.multiple ? -1 : chosen);
  }

  group({ label, options, problem }) {
    const rows = options.map((option) => this.row(option));
    if (problem) rows.push(el("div.options-empty", { role: "status" }, problem));
    if (!label) return rows;
    const id = uniqueId("group");
    return [el("div", { role: "group", "aria-labelledby": id }, el("div.options-group", { id }, label), rows)];
  }

  row(option) {
    const id = uniqueId("option");
    const chosen = this.selected.includes(option.value);
    const node = el(
      "div.option",
      { role: "option", id, "aria-selected": String(chosen), "aria-labelledby": `${id}-name`, "aria-describedby": option.detail ? `${id}-detail` : null, onclick: () => this.pick(option) },
      el("span.option-name", { id: `${id}-name` }, option.label),
      option.detail ? el("span.option-detail", { id: `${id}-detail` }, option.detail) : null,
    );
    this.rows.push({ node, option });
    return node;
  }

  point(index) {
    this.rows[this.active]?.node.classList.remove("active");
    this.active = index;
    const row = this.rows[index];
    if (!row) return this.input.removeAttribute("aria-activedescendant");
    row.node.classList.add("active");
    row.node.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", row.node.id);
  }

  close() {
    this.asked += 1;
    this.hide?.();
    this.hide = null;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  leave() {
    const emptied = !this.config.multiple && this.config.clearable && this.selected.length && this.input.value.trim() === "";
    this.close();
    if (emptied) this.take([]);
    else this.show();
  }

  pick(option) {
    const { multiple, most } = this.config;
    const chosen = this.selected.includes(option.value);
    if (multiple && !chosen && most && this.selected.length >= most) return this.fill([{ options: [], problem: `Choose at most ${most}.` }], "");
    const others = this.selected.filter((value) => value !== option.value);
    this.take(multiple ? (chosen ? others : [...others, option.value]) : [option.value]);
    this.close();
    return this.input.focus();
  }

  async take(selected) {
    const before = this.selected;
    this.selected = selected;
    this.show();
    if ((await this.config.choose(selected)) !== false) return;
    this.selected = before;
    this.show();
  }

  key(event) {
    const { key } = event;
    const count = this.rows.length;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this.isOpen) this.open("");
      else if (count) this.point((this.active + (key === "ArrowDown" ? 1 : this.active < 0 ? 0 : -1) + count) % count);
    } else if (key === "Enter") {
      if (!this.isOpen) this.open("");
      else if (this.rows[this.active]) this.pick(this.rows[this.active].option);
    } else if (key === "Escape" && this.isOpen) {
      this.close();
      this.show();
      this.input.select();
    } else if (key === "Backspace" && this.config.multiple && !this.input.value && this.selected.length) {
      this.take(this.selected.slice(0, -1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
