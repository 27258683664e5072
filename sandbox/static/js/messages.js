// Messages of a conversation or thread as a list that is redrawn in place.
import { fileAddress } from "./api.js";
import { drawBlocks } from "./blocks.js";
import { dayKey, daySeparator, fullMoment, momentOf, timeOf } from "./dates.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { emojiNamed, REACTIONS } from "./emoji.js";
import { fileWords } from "./files.js";
import { Form } from "./form.js";
import { openDirectMessage } from "./links.js";
import { toggleMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, badges, statusMark } from "./people.js";
import { attempt, conversation, now, openConversation, openThread, personName, session } from "./session.js";

const TOGETHER = 5 * 60; // seconds within which one person's messages stand under one name

const joins = (before, message) =>
  before && before.user === message.user && !before.subtype && !message.subtype && before.ephemeral === message.ephemeral &&
  !before.pinned && !message.pinned && message.ts - before.ts < TOGETHER;

/** Messages with the separators between days and before the first unread one. */
function rowsOf(messages, firstUnread) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const moment = momentOf(message.ts);
    const newDay = !before || dayKey(momentOf(before.ts)) !== dayKey(moment);
    if (newDay) rows.push({ key: `day ${dayKey(moment)}`, day: daySeparator(moment) });
    if (message.ts === firstUnread) rows.push({ key: "unread", unread: true });
    rows.push({ key: message.ts, message, follows: !newDay && message.ts !== firstUnread && joins(before, message) });
    before = message;
  }
  return rows;
}

/** Draw into `list`; inThread leaves out what makes no sense inside a thread. */
export function drawMessages(list, messages, { inThread = false, firstUnread = null } = {}) {
  const today = dayKey(now());
  reconcile(list, rowsOf(messages, firstUnread), {
    key: (row) => row.key,
    signature: (row) => JSON.stringify([row, session.as, session.names, today]),
    build: (row) => {
      if (row.day) return el("li.separator", {}, el("span", {}, row.day));
      if (row.unread) return el("li.separator.separator-new", {}, el("span", {}, "New"));
      return messageNode(row, inThread);
    },
  });
}

const forms = new Map(); // what was chosen on a message's elements, until its blocks change

function formOf(message) {
  const { id: channel } = openConversation();
  const name = `${session.as} ${channel} ${message.ts}`;
  const drawn = JSON.stringify(message.blocks);
  if (forms.get(name)?.drawn !== drawn) {
    const form = new Form({ kind: "message", channel, ts: message.ts });
    form.adopt(message.blocks);
    forms.set(name, { form, drawn });
  }
  return forms.get(name).form;
}

function body(message) {
  const edited = message.edited ? el("span.edited", { title: "This message was changed" }, "(edited)") : null;
  if (!message.blocks?.length) return el("div.message-text", {}, message.text ? mrkdwn(message.text) : null, edited);
  const blocks = el("div.blocks");
  drawBlocks(blocks, message.blocks, formOf(message));
  return el("div.message-text", {}, blocks, edited);
}

/** Legacy attachments: a coloured bar beside their blocks or text. */
function attachments(message) {
  return (message.attachments ?? []).map((one, index) => {
    const inner = el("div.blocks");
    const form = new Form({ kind: "message", channel: openConversation().id, ts: message.ts });
    if (one.blocks) form.adopt(one.blocks);
    if (one.blocks) drawBlocks(inner, one.blocks, form);
    else inner.append(...["pretext", "title", "text", "footer"].filter((part) => one[part]).map((part) => mrkdwn(one[part])));
    const box = el("div.attachment", { "data-attachment": index }, inner);
    if (/^#?[0-9a-f]{6}$/i.test(one.color ?? "")) box.style.borderColor = `#${one.color.replace("#", "")}`;
    return box;
  });
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  const one = ({ name, users }) => {
    const mine = users.includes(session.as);
    const label = `${name.replaceAll("_", " ")}: ${users.map(personName).join(", ")}`;
    const toggle = () => react(message, name, mine);
    return el("button.reaction", { type: "button", "aria-pressed": String(mine), "aria-label": label, title: label, onclick: toggle }, emojiNamed(name) ?? `:${name}:`, el("span", {}, String(users.length)));
  };
  return el("div.reactions", {}, message.reactions.map(one));
}

const react = (message, name, remove) => attempt("react", { channel: openConversation().id, ts: message.ts, name, ...(remove ? { remove } : {}) });

const files = (message) =>
  message.files?.length
    ? el("div.files", {}, message.files.map((file) =>
        el("a.file", { href: fileAddress(session.as, file), download: file.name }, icon("file"), fileWords(file))))
    : null;

function threadLink(message) {
  if (!message.reply_count) return null;
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return el("button.thread-link", { type: "button", onclick: () => openThread(message.ts) }, icon("thread"), words);
}

function toolbar(message, inThread) {
  const pickReaction = (event) =>
    toggleMenu(event.currentTarget, REACTIONS.map((name) => ({ label: `${emojiNamed(name)}  ${name.replaceAll("_", " ")}`, pick: () => react(message, name) })), { align: "end", label: "Reactions" });
  const buttons = [iconButton("smile", "Add reaction", pickReaction, { "aria-haspopup": "menu", "aria-expanded": "false" })];
  if (!inThread) buttons.push(iconButton("thread", "Reply in thread", () => openThread(message.thread_ts ?? message.ts)));
  const shortcuts = message.ephemeral ? [] : session.state.app.shortcuts.filter(({ type }) => type === "message");
  if (shortcuts.length) {
    const items = shortcuts.map(({ name, callback_id: callback }) => ({ label: name, detail: session.state.app.name, pick: () => attempt("shortcut", { callback_id: callback, channel: openConversation().id, message_ts: message.ts }) }));
    buttons.push(iconButton("more", "More actions", (event) => toggleMenu(event.currentTarget, items, { align: "end" }), { "aria-haspopup": "menu", "aria-expanded": "false" }));
  }
  return el("div.toolbar", { role: "group", "aria-label": "Message actions" }, buttons);
}

function notes(message, inThread) {
  const shown = [];
  if (message.ephemeral) shown.push(el("div.note", {}, "Only visible to you"));
  if (message.pinned) shown.push(el("div.note.note-pinned", {}, icon("pin"), "Pinned"));
  if (!inThread && message.thread_ts && message.thread_ts !== message.ts) {
    shown.push(el("div.note", {}, "Replied to ", el("button.plain-link", { type: "button", onclick: () => openThread(message.thread_ts) }, "a thread")));
  }
  return shown;
}

function messageNode({ message, follows }, inThread) {
  const moment = momentOf(message.ts);
  const name = personName(message.user);
  const time = el("time.time", { datetime: moment.toISOString(), title: fullMoment(moment) }, timeOf(moment));
  if (message.subtype) {
    return el("li.message.event", { "aria-label": `${name}, ${timeOf(moment)}` }, avatar(message.user, "small"), el("span.event-words", {}, el("strong", {}, name), " ", mrkdwn(withoutName(message))), time);
  }
  const kind = `${message.ephemeral ? ".ephemeral" : ""}${message.pinned ? ".pinned" : ""}${follows ? ".follows" : ""}`;
  const author = el("button.author", { type: "button", onclick: () => openDirectMessage(message.user) }, name);
  return el(
    `li.message${kind}`, { "aria-label": `${name}, ${timeOf(moment)}` },
    el("div.gutter", {}, follows ? time : avatar(message.user)),
    el("div.content", {},
      notes(message, inThread),
      follows ? null : el("div.head", {}, author, statusMark(message.user), badges(message.user), time),
      body(message), attachments(message), files(message), reactions(message), inThread ? null : threadLink(message)),
    message.ephemeral ? null : toolbar(message, inThread),
  );
}

/** "<@U1> has joined the channel" reads better with the name once, at the front. */
const withoutName = (message) => message.text.replace(new RegExp(`^<@${message.user}(\\|[^>]*)?>\\s*`), "");

export const titleOf = (id) => {
  const known = conversation(id);
  return known.kind === "dm" ? personName(known.with) : known.name;
};
