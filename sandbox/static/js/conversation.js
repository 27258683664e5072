// The main pane: a conversation's header, its tabs (messages, canvas, pins) and the box to write in.
import { Composer } from "./composer.js";
import { el, icon, iconButton, reconcile } from "./dom.js";
import { drawHome } from "./home.js";
import { link } from "./links.js";
import { markdown } from "./markdown.js";
import { drawMessages, titleOf } from "./messages.js";
import { mrkdwn, wordsOf } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";
import { avatar, badges, statusMark, statusWords } from "./people.js";
import { toggleMenu } from "./menu.js";
import { attempt, go, openConversation, person, personName, session } from "./session.js";
import { openDirectMessage } from "./links.js";
import { toggleSidebar } from "./sidebar.js";

let drawn = {}; // the place that is on screen, and its parts

function tabsOf(open) {
  if (session.route.channel === "app") return [["home", "Home"], ["messages", "Messages"]];
  const tabs = [["messages", "Messages"]];
  if (open.canvas) tabs.push(["canvas", "Canvas"]);
  if (open.pins?.length) tabs.push(["pins", `Pins`]);
  return tabs;
}

function tabBar(open) {
  const { tab, channel } = session.route;
  const tabs = tabsOf(open).map(([id, label]) =>
    el("button.tab", { type: "button", role: "tab", id: `tab-${id}`, "aria-selected": String(tab === id), "aria-controls": "pane", tabindex: tab === id ? "0" : "-1", "data-focus": `tab-${id}`, onclick: () => go({ channel, tab: id }) },
      label, id === "pins" ? el("span.tab-count", {}, String(open.pins.length)) : null));
  const steer = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length].click();
  };
  return el("div.tabs", { role: "tablist", "aria-label": "Views", onkeydown: steer }, tabs);
}

function membersButton(open) {
  if (open.kind === "dm") return null;
  const members = open.members ?? [];
  const items = () => members.map((id) => ({ label: personName(id), detail: person(id)?.title, node: avatar(id, "small"), mark: statusMark(id), pick: () => id !== session.as && openDirectMessage(id) }));
  const label = `${members.length} ${members.length === 1 ? "member" : "members"}`;
  const faces = members.slice(0, 3).map((id) => avatar(id, "tiny"));
  return el("button.members", { type: "button", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": "members", onclick: (event) => toggleMenu(event.currentTarget, items(), { label: "Members", align: "end" }) }, el("span.faces", {}, faces), String(members.length));
}

function channelMenu(open) {
  if (open.kind === "dm" || !open.is_member || open.is_archived) return null;
  const items = [{ label: "Leave channel", pick: () => attempt("leave", { channel: open.id }) }];
  return iconButton("more", "Channel actions", (event) => toggleMenu(event.currentTarget, items, { align: "end" }), { "aria-haspopup": "menu", "aria-expanded": "false" });
}

function title(open) {
  if (session.route.channel === "app") {
    const { app } = session.state;
    return [avatar(app.user_id, "small"), el("h1", {}, app.name), el("span.badge", {}, "APP")];
  }
  if (open.kind === "dm") {
    const known = person(open.with);
    const words = [known?.title, known?.tz_label, known?.status_emoji ? statusWords(known) : null].filter(Boolean).join(" · ");
    return [avatar(open.with, "small"), el("h1", {}, titleOf(open.id)), statusMark(open.with), badges(open.with), words ? el("span.topic", { title: words }, words) : null];
  }
  const lock = open.kind === "private" ? [icon("lock"), el("span.visually-hidden", {}, "Private channel ")] : el("span.hash", { "aria-hidden": "true" }, "#");
  return [lock, el("h1", {}, open.name), open.is_archived ? el("span.badge", {}, "Archived") : null, open.topic ? el("span.topic", { title: wordsOf(open.topic) }, mrkdwn(open.topic)) : null];
}

function bookmarks(open) {
  if (!open.bookmarks?.length) return null;
  const one = ({ title: words, link: address, emoji }) => link(address, el("span.bookmark", {}, emoji ? el("span", {}, withEmoji(emoji)) : icon("link"), words));
  return el("div.bookmarks", { role: "group", "aria-label": "Bookmarks" }, open.bookmarks.map(one));
}

function header(open) {
  return el("header.pane-header", {},
    el("div.title-row", {}, iconButton("menu", "Open the sidebar", toggleSidebar, { class: "icon-button sidebar-toggle" }), el("div.title", {}, title(open)), el("div.title-actions", {}, membersButton(open), channelMenu(open))),
    el("div.tabs-row", {}, tabBar(open), bookmarks(open)));
}

/** What stands where the composer would be when one cannot write here. */
function closedDoor(open) {
  if (open.is_archived) return el("div.closed-door", {}, "This channel has been archived. It can be read, but nothing new can be written.");
  if (open.kind === "public" && !open.is_member) {
    const join = () => attempt("join", { channel: open.id });
    return el("div.closed-door", {}, el("span", {}, "You are looking at ", el("strong", {}, `#${open.name}`)), el("button.button.primary", { type: "button", onclick: join }, "Join channel"));
  }
  return null;
}

function beginning(open) {
  const words =
    open.kind === "dm"
      ? [el("strong", {}, `This is the beginning of your messages with ${titleOf(open.id)}.`), el("p", {}, "Only the two of you can see them.")]
      : [el("strong", {}, `This is the very beginning of ${open.kind === "private" ? "the private channel " : ""}${open.kind === "private" ? open.name : `#${open.name}`}.`), el("p", {}, open.purpose ? mrkdwn(open.purpose) : `Created by ${personName(open.creator)}.`)];
  return el("div.beginning", {}, words, open.kind === "public" ? firstSteps() : null);
}

/** What somebody who has just arrived may do: be anybody, and type the app's commands. */
function firstSteps() {
  const { app } = session.state;
  const tries = app.commands.map(({ command, description }) => el("li", {}, "Type ", el("code", {}, command), ` — ${description}`));
  return el("ul.first-steps", {}, tries, el("li", {}, "Be somebody else: choose a person at the top left."), el("li", {}, "Move time on with the clock at the bottom left."));
}

function messagesPane(open) {
  const list = el("ol.messages", { "aria-label": `Messages in ${titleOf(open.id)}` });
  const start = el("div.start-here");
  const scroller = el("div.scroller", { tabindex: "0", role: "region", "aria-label": "Conversation" }, el("div.scroller-fill"), start, list);
  const foot = el("div.foot");
  return { node: el("div.pane.pane-messages", { id: "pane", role: "tabpanel", "aria-labelledby": "tab-messages" }, scroller, foot), list, scroller, foot, start };
}

function drawMessagesPane(open) {
  const { list, scroller, foot, start } = drawn;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  const fresh = session.loaded === open.id && drawn.loaded !== open.id;
  if (session.loaded === open.id) {
    drawMessages(list, session.messages, { firstUnread: session.firstUnread });
    reconcile(start, [[open.purpose, open.creator, titleOf(open.id)]], { key: () => "start", build: () => beginning(open) });
    drawn.loaded = open.id;
  }
  const door = [open.is_archived, open.is_member, open.kind];
  reconcile(foot, [door], { key: () => "foot", build: () => closedDoor(open) ?? composerFor(open) });
  if (fresh) (list.querySelector(".separator-new") ?? { scrollIntoView: () => { scroller.scrollTop = scroller.scrollHeight; } }).scrollIntoView({ block: "center" });
  else if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

function composerFor(open) {
  const label = open.kind === "dm" ? `Message ${titleOf(open.id)}` : `Message #${open.name}`;
  drawn.composer = new Composer({ channel: open.id, thread: null, label });
  return drawn.composer.node;
}

function canvasPane(open) {
  if (!open.canvas) return el("p.empty", {}, "This channel has no canvas.");
  return el("article.canvas", { "aria-label": "Canvas" }, markdown(open.canvas.markdown));
}

function pinsPane(open) {
  const pinned = session.messages.filter((message) => open.pins.includes(message.ts) || message.pinned);
  const list = el("ol.messages.pins", { "aria-label": "Pinned messages" });
  drawMessages(list, pinned.map((message) => ({ ...message, pinned: true })));
  return pinned.length ? list : el("p.empty", {}, "Nothing is pinned here.");
}

function readingPane(tab) {
  const inner = el("div.reading");
  return { node: el("div.pane.pane-reading", { id: "pane", role: "tabpanel", "aria-labelledby": `tab-${tab}`, tabindex: "0" }, inner), inner };
}

function drawPane(open) {
  const { tab } = session.route;
  if (tab === "home") drawHome(drawn.inner);
  else if (!open) drawn.inner.replaceChildren(el("p.empty", {}, "No messages yet."));
  else if (tab === "messages") drawMessagesPane(open);
  else {
    const [item, build] = tab === "canvas" ? [open.canvas, canvasPane] : [[session.messages, open.pins], pinsPane];
    reconcile(drawn.inner, [item], { key: () => tab, signature: (one) => JSON.stringify([one, session.as]), build: () => build(open) });
  }
}

function headerSign(open) {
  const { messages, ...about } = open ?? {};
  delete about.unread;
  delete about.mentions;
  delete about.canvas;
  return JSON.stringify([about, Boolean(open?.canvas), session.route.tab, session.route.channel, session.as]);
}

const withoutMessages = () => ({ id: null, kind: "dm", with: session.state.app.user_id, members: [], pins: [] });

/** The app's messages tab before the first direct message: open one, so that there is something to write to. */
function ensureAppConversation(open) {
  if (session.route.channel !== "app" || session.route.tab !== "messages" || open || drawn.opening) return;
  drawn.opening = true;
  attempt("open_dm", { user: session.state.app.user_id });
}

export function drawConversation(main) {
  const open = openConversation();
  if (!tabsOf(open ?? withoutMessages()).some(([id]) => id === session.route.tab)) session.route.tab = "messages";
  const { tab } = session.route;
  const place = [session.as, session.route.channel, tab, Boolean(open)].join(" ");
  if (drawn.place !== place) {
    const head = el("div.header-holder");
    drawn = { place, head, ...(tab === "messages" && open ? messagesPane(open) : readingPane(tab)) };
    const hadFocus = main.contains(document.activeElement) && document.activeElement.dataset?.focus;
    main.replaceChildren(head, drawn.node);
    drawn.refocus = hadFocus;
  }
  reconcile(drawn.head, [open], { key: () => "head", signature: () => headerSign(open) + session.names, build: () => header(open ?? withoutMessages()) });
  drawPane(open);
  ensureAppConversation(open);
  if (drawn.refocus) main.querySelector(`[data-focus="${CSS.escape(drawn.refocus)}"]`)?.focus();
  drawn.refocus = null;
}

/** Typing may start as soon as one has gone somewhere. */
export const focusComposer = () => drawn.composer?.text.focus({ preventScroll: true });
