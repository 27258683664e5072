// The box in which a person writes: sending, drafts, and suggestions for commands, people and channels.
import { el, iconButton, uniqueId } from "./dom.js";
import { float } from "./floating.js";
import { toggleMenu } from "./menu.js";
import { act, session } from "./session.js";
import { toast } from "./toast.js";

const drafts = new Map(); // unsent text by person and place

/** What the text before the caret could become, where that word begins, and whether it is complete as it stands. */
function suggestions(text, caret) {
  const before = text.slice(0, caret);
  const command = before.match(/^\/\S*$/);
  if (command) {
    const fitting = session.state.app.commands.filter((one) => one.command.startsWith(command[0]));
    return { from: 0, exact: fitting.some((one) => one.command === command[0]), options: fitting.map((one) => ({ insert: `${one.command} `, label: one.command, usage: one.usage_hint, detail: one.description })) };
  }
  const word = before.match(/(?:^|\s)([@#])([^\s@#]*)$/);
  if (!word) return { options: [] };
  const wanted = word[2].toLowerCase();
  const everything =
    word[1] === "@"
      ? session.state.people.filter((one) => !one.deleted).map((one) => ({ insert: `@${one.real_name || one.name} `, label: one.real_name || one.name, detail: one.title }))
      : session.state.conversations.filter((one) => one.kind !== "dm" && !one.is_archived).map((one) => ({ insert: `#${one.name} `, label: `#${one.name}` }));
  const begins = (one) => one.label.toLowerCase().replace("#", "").startsWith(wanted);
  const fitting = everything.filter((one) => one.label.toLowerCase().includes(wanted));
  const options = fitting.sort((one, other) => begins(other) - begins(one)).slice(0, 8);
  return { from: caret - word[2].length - 1, exact: options.some((one) => one.insert === `${word[1]}${word[2]} `), options };
}

export class Composer {
  /** place: {channel, thread, label}; `sent` is called after a message went out. */
  constructor({ channel, thread, label }) {
    Object.assign(this, { channel, thread, as: session.as, options: [], active: 0 });
    this.draftKey = [session.as, channel, thread].join(" ");
    this.listId = uniqueId("suggestions");
    this.list = el("div.options.suggestions", { popover: "manual", role: "listbox", id: this.listId, "aria-label": "Suggestions" });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.text = el("textarea.composer-text", {
      rows: 1, "aria-label": label, placeholder: label, value: drafts.get(this.draftKey) ?? "", "aria-controls": this.listId, "aria-autocomplete": "list",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.hideSuggestions(), onclick: () => this.suggest(),
    });
    this.usage = el("div.usage");
    this.send = iconButton("send", "Send", () => this.submit(), { class: "icon-button send" });
    this.node = el("div.composer", {}, this.usage, el("div.composer-box", {}, this.shortcuts(), this.text, this.send), this.list);
    requestAnimationFrame(() => this.grow());
  }

  shortcuts() {
    const items = session.state.app.shortcuts.filter(({ type }) => type === "global").map(({ name, description, callback_id: callback }) => ({ label: name, detail: description, pick: () => this.told(act("shortcut", { callback_id: callback, channel: this.channel })) }));
    if (!items.length || this.thread) return null;
    return iconButton("plus", "Shortcuts", (event) => toggleMenu(event.currentTarget, items), { "aria-haspopup": "menu", "aria-expanded": "false" });
  }

  async told(answering) {
    const answer = await answering;
    if (!answer.ok) toast(answer.error);
    return answer.ok;
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight + 2, innerHeight * 0.4)}px`;
    this.send.classList.toggle("ready", this.text.value.trim() !== "");
  }

  typed() {
    drafts.set(this.draftKey, this.text.value);
    this.grow();
    this.suggest();
  }

  put(text) {
    this.text.value = text;
    drafts.set(this.draftKey, text);
    this.grow();
  }

  suggest() {
    const found = suggestions(this.text.value, this.text.selectionStart);
    this.from = found.from;
    this.exact = found.exact;
    this.options = found.options;
    const known = session.state.app.commands.find(({ command }) => this.text.value.startsWith(`${command} `));
    this.usage.textContent = known ? `${known.command} ${known.usage_hint ?? ""}` : "";
    if (!this.options.length) return this.hideSuggestions();
    this.list.replaceChildren(...this.options.map((option, index) =>
      el("div.option", { role: "option", id: `${this.listId}-${index}`, onclick: () => this.complete(option) },
        el("span.option-name", {}, option.label, option.usage ? el("span.option-usage", {}, ` ${option.usage}`) : null), option.detail ? el("span.option-detail", {}, option.detail) : null)));
    this.point(0);
    this.hide?.();
    this.hide = float(this.list, this.node);
    return undefined;
  }

  point(index) {
    this.active = (index + this.options.length) % this.options.length;
    [...this.list.children].forEach((node, at) => {
      node.classList.toggle("active", at === this.active);
      node.setAttribute("aria-selected", String(at === this.active));
    });
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", `${this.listId}-${this.active}`);
  }

  hideSuggestions() {
    this.options = [];
    this.hide?.();
    this.hide = null;
    this.text.removeAttribute("aria-activedescendant");
  }

  complete({ insert }) {
    const after = this.text.value.slice(this.text.selectionStart).replace(/^ /, "");
    this.put(this.text.value.slice(0, this.from) + insert + after);
    this.text.setSelectionRange(this.from + insert.length, this.from + insert.length);
    this.suggest();
  }

  key(event) {
    if (event.isComposing) return undefined;
    const open = this.options.length > 0;
    const { key } = event;
    if (open && key === "ArrowDown") this.point(this.active + 1);
    else if (open && key === "ArrowUp") this.point(this.active - 1);
    else if (open && key === "Escape") this.hideSuggestions();
    else if (open && (key === "Tab" || (key === "Enter" && !this.exact))) this.complete(this.options[this.active]);
    else if (key === "Enter" && !event.shiftKey) this.submit();
    else return undefined;
    event.stopPropagation();
    return event.preventDefault();
  }

  /** A message that could not be sent comes back into the box. */
  async submit() {
    const text = this.text.value.trim();
    if (!text) return;
    this.put("");
    this.suggest();
    const known = session.state.app.commands.some(({ command }) => text === command || text.startsWith(`${command} `));
    const place = { channel: this.channel, ...(this.thread ? { thread_ts: this.thread } : {}) };
    if (text.startsWith("/") && !known && /^\/[a-z0-9_-]+(\s|$)/i.test(text)) {
      toast(`${text.split(/\s/)[0]} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`);
      return this.put(text);
    }
    if (known && this.thread) {
      toast("/commands are not supported in threads. Sorry!");
      return this.put(text);
    }
    const sent = await this.told(known ? act("command", { channel: this.channel, text }) : act("message", { ...place, text }));
    if (!sent && !known && !this.text.value) this.put(text);
  }
}
