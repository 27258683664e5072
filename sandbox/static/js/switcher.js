// "Jump to": one box that finds every channel and person by name.
import { Combobox } from "./combobox.js";
import { el, uniqueId } from "./dom.js";
import { openDirectMessage } from "./links.js";
import { wordsOf } from "./mrkdwn.js";
import { go, personName, session } from "./session.js";

function destinations() {
  const { conversations, people, app } = session.state;
  const channels = conversations.filter((one) => one.kind !== "dm");
  channels.sort((one, other) => other.unread - one.unread || other.is_member - one.is_member || one.name.localeCompare(other.name));
  const detail = (one) => [one.kind === "private" ? "private" : null, one.is_archived ? "archived" : null, one.is_member ? null : "not joined", wordsOf(one.topic)].filter(Boolean).join(" · ");
  return [
    { label: "Channels", options: channels.map((one) => ({ value: one.id, label: one.name, detail: detail(one) })) },
    { label: "People", options: people.filter((one) => !one.deleted && !one.is_bot && one.id !== session.as).map((one) => ({ value: one.id, label: personName(one.id), detail: one.title })) },
    { label: "Apps", options: [{ value: "app home", label: `${app.name} Home` }, { value: "app messages", label: `${app.name} Messages` }] },
  ];
}

function visit(value) {
  document.body.classList.remove("sidebar-open");
  if (value.startsWith("app ")) return go({ channel: "app", tab: value.slice(4) });
  return session.state.people.some((one) => one.id === value) ? openDirectMessage(value) : go({ channel: value });
}

export function openSwitcher() {
  if (document.querySelector("dialog[open]")) return;
  const id = uniqueId("jump");
  const box = new Combobox({
    id, attributes: { "aria-label": "Jump to" }, placeholder: "Channel or person", selected: [], nameOf: () => "", groups: destinations,
    choose: ([value]) => {
      dialog.close();
      visit(value);
    },
  });
  const dialog = el("dialog.dialog.switcher", { "aria-label": "Jump to", onclose: () => dialog.remove(), onclick: (event) => event.target === dialog && dialog.close() }, box.node);
  document.body.append(dialog);
  dialog.showModal();
  box.input.focus();
  box.open("");
}

export function openSwitcherOnShortcut(event) {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  openSwitcher();
}
