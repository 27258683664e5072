// "Set a status": what stands beside one's name, and until when.
import { fromLocalInput, toLocalInput } from "./dates.js";
import { el, iconButton, uniqueId } from "./dom.js";
import { emojiNamed } from "./emoji.js";
import { toggleMenu } from "./menu.js";
import { statusFace } from "./people.js";
import { act, me, now } from "./session.js";

const MOST = 100; // characters, as in Slack
const HOUR = 3600;
const inSeconds = (seconds) => () => toLocalInput(now() / 1000 + seconds);
const today = () => `${toLocalInput(now() / 1000).slice(0, 10)}T23:59`;
const never = () => "";
const SUGGESTED = [
  [":spiral_calendar_pad:", "In a meeting", "1 hour", inSeconds(HOUR)],
  [":bus:", "Commuting", "30 minutes", inSeconds(HOUR / 2)],
  [":face_with_thermometer:", "Out sick", "Today", today],
  [":palm_tree:", "Vacationing", "Don’t clear", never],
  [":house_with_garden:", "Working remotely", "Today", today],
];
const EMOJI = ["spiral_calendar_pad", "bus", "face_with_thermometer", "palm_tree", "house_with_garden", "airplane", "coffee", "headphones", "baby_bottle", "no_bell", "tada", "speech_balloon"];

class StatusDialog {
  constructor() {
    const known = me();
    const id = uniqueId("status");
    this.face = el("button.status-face", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", onclick: (event) => this.pickEmoji(event) });
    this.text = el("input.field", { id: `${id}-text`, type: "text", maxlength: MOST, autocomplete: "off", value: known.status_text });
    this.until = el("input.field.narrow-field", { id: `${id}-until`, type: "datetime-local", "aria-describedby": `${id}-hint`, value: known.status_expiration ? toLocalInput(known.status_expiration) : "" });
    this.problem = el("div.problem", { role: "alert", hidden: true });
    this.show(known.status_emoji);
    const clear = known.status_emoji ? el("button.button.quiet", { type: "button", onclick: () => this.tell("", "", 0) }, "Clear status") : null;
    const form = el("form", { novalidate: true, onsubmit: (event) => this.save(event) },
      el("header.dialog-header", {}, el("h2", { id }, "Set a status"), iconButton("close", "Close", () => this.dialog.close())),
      el("div.dialog-body", {}, this.problem,
        el("label.label", { for: `${id}-text` }, "What’s your status?"),
        el("div.status-row", {}, this.face, this.text),
        el("div.status-suggested", { role: "group", "aria-label": "Suggestions" }, SUGGESTED.map((one) => this.suggestion(one))),
        el("label.label", { for: `${id}-until` }, "Remove it at"), this.until,
        el("div.hint", { id: `${id}-hint` }, "Empty: it stays until you clear it.")),
      el("footer.dialog-footer", {}, clear, el("button.button", { type: "button", onclick: () => this.dialog.close() }, "Cancel"), el("button.button.primary", { type: "submit" }, "Save")));
    this.dialog = el("dialog.dialog.status-dialog", { "aria-labelledby": id, onclose: () => this.dialog.remove() }, form);
  }

  show(emoji) {
    this.emoji = emoji;
    this.face.textContent = emoji ? statusFace({ status_emoji: emoji }) : "🙂";
    this.face.classList.toggle("none", !emoji);
    this.face.setAttribute("aria-label", emoji ? `Emoji: ${emoji.replaceAll(":", "").replaceAll("_", " ")}` : "Choose an emoji");
  }

  pickEmoji(event) {
    const items = EMOJI.map((name) => ({ label: `${emojiNamed(name)}  ${name.replaceAll("_", " ")}`, pick: () => this.show(`:${name}:`) }));
    toggleMenu(event.currentTarget, items, { label: "Emoji" });
  }

  suggestion([emoji, text, lasts, until]) {
    const take = () => {
      this.show(emoji);
      this.text.value = text;
      this.until.value = until();
    };
    return el("button.suggested", { type: "button", onclick: take }, el("span", { "aria-hidden": "true" }, statusFace({ status_emoji: emoji })), el("span", {}, text), el("span.suggested-lasts", {}, lasts));
  }

  save(event) {
    event.preventDefault();
    if (this.until.validity.badInput) return this.say("Enter a complete date and time.");
    return this.tell(this.emoji, this.text.value, this.until.value ? fromLocalInput(this.until.value) : 0);
  }

  async tell(emoji, text, until) {
    const answer = await act("status", { emoji, text, until });
    if (answer.ok) this.dialog.close();
    else this.say(answer.error || "Something went wrong. Try again.");
  }

  say(words) {
    this.problem.textContent = words;
    this.problem.hidden = false;
  }
}

export function openStatus() {
  const status = new StatusDialog();
  document.body.append(status.dialog);
  status.dialog.showModal();
  status.text.focus();
}
