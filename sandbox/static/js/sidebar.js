// The workspace's sidebar: who one is, where one can go, and what time it is.
import { shortMoment } from "./dates.js";
import { el, icon, reconcile } from "./dom.js";
import { toggleMenu } from "./menu.js";
import { avatar, statusMark } from "./people.js";
import { appConversation, attempt, go, me, now, person, personName, session, sitDown } from "./session.js";
import { openStatus } from "./status.js";
import { openSwitcher } from "./switcher.js";

export const toggleSidebar = () => document.body.classList.toggle("sidebar-open");

export function visit(route) {
  document.body.classList.remove("sidebar-open");
  return go(route);
}

function switchPerson(event) {
  const people = session.state.people.filter((one) => !one.is_bot && !one.deleted);
  const items = people.map((one) => ({ label: one.real_name || one.name, detail: one.title, node: avatar(one.id, "small"), mark: statusMark(one.id), checked: one.id === session.as, pick: () => one.id !== session.as && sitDown(one.id) }));
  toggleMenu(event.currentTarget, items, { label: "Who you are" });
}

function identity() {
  const name = personName(session.as);
  return el("div.identity", {},
    el("div.team-name", {}, session.state.team.name),
    el("button.person-switch", { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": "person", onclick: switchPerson },
      avatar(session.as), el("span.person-words", {}, el("span.person-name", {}, el("span.you-are", {}, "You are "), name, statusMark(session.as)), el("span.person-title", {}, me()?.title ?? "")), icon("down")),
    el("button.set-status", { type: "button", "data-focus": "status", onclick: openStatus }, icon("smile"), me()?.status_emoji ? "Change your status" : "Set a status"),
    el("button.jump", { type: "button", onclick: openSwitcher }, icon("search"), el("span", {}, "Jump to…"), el("kbd", {}, "Ctrl K")));
}

function place({ name, mark, after, route, current, unread, mentions, dim }) {
  const count = mentions || unread;
  const said = count ? el("span.visually-hidden", {}, `, ${count} unread`) : null;
  const badge = count ? el(`span.count${mentions ? ".count-mention" : ""}`, { "aria-hidden": "true" }, String(count)) : null;
  const address = `?${new URLSearchParams({ as: session.as, ...route })}`;
  const open = (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (event.detail) event.currentTarget.blur(); // who came by mouse goes on writing; who came by keyboard stays in the list
    visit(route);
  };
  return el(`a.place${count ? ".unread" : ""}${dim ? ".dim" : ""}`, { href: address, "aria-current": current ? "page" : null, "data-focus": `place ${route.channel} ${route.tab ?? ""}`, onclick: open }, mark, el("span.place-name", {}, name), after, said, badge);
}

const isHere = (id) => session.route.channel === id;

function channelPlaces() {
  const list = session.state.conversations.filter((one) => one.kind !== "dm" && (one.is_member || isHere(one.id)) && (!one.is_archived || isHere(one.id)));
  list.sort((one, other) => one.name.localeCompare(other.name));
  return list.map((one) => place({
    name: one.name, route: { channel: one.id }, current: isHere(one.id), unread: one.unread, mentions: one.mentions, dim: !one.is_member,
    mark: one.kind === "private" ? icon("lock") : el("span.hash", { "aria-hidden": "true" }, "#"),
  }));
}

function otherChannels() {
  const count = session.state.conversations.filter((one) => one.kind === "public" && !one.is_member && !one.is_archived).length;
  if (!count) return null;
  return el("button.place.more-places", { type: "button", onclick: openSwitcher }, icon("plus"), el("span.place-name", {}, `Browse ${count} more`));
}

function directPlaces() {
  const list = session.state.conversations.filter((one) => one.kind === "dm" && one.with && one.with !== session.state.app.user_id);
  list.sort((one, other) => personName(one.with).localeCompare(personName(other.with)));
  return list.map((one) => place({ name: personName(one.with), route: { channel: one.id }, current: isHere(one.id), unread: one.unread, mentions: one.mentions, dim: person(one.with)?.deleted, mark: avatar(one.with, "tiny"), after: statusMark(one.with) }));
}

function appPlaces() {
  const { app } = session.state;
  const direct = appConversation();
  const here = isHere("app");
  return [
    el("div.place.app-name", {}, avatar(app.user_id, "tiny"), el("span.place-name", {}, app.name), app.connected ? null : el("span.offline", {}, "offline")),
    place({ name: "Home", route: { channel: "app", tab: "home" }, current: here && session.route.tab === "home", mark: el("span.indent") }),
    place({ name: "Messages", route: { channel: "app", tab: "messages" }, current: here && session.route.tab === "messages", unread: direct?.unread, mentions: direct?.unread, mark: el("span.indent") }),
  ];
}

function section(name, places) {
  const id = `section-${name.replaceAll(" ", "-")}`;
  return el("section.places", { "aria-labelledby": id }, el("h2", { id }, name), places);
}

function clockMoves() {
  const { clock } = session.state;
  const move = (details) => () => attempt("clock", details);
  return [
    ["+1 h", { move: 3600 }, "Move the clock one hour on"],
    ["+1 day", { move: 86_400 }, "Move the clock one day on"],
    ["To the next deadline", { to: "next_moment" }, clock.next_moment ? `Move the clock to ${shortMoment(new Date(clock.next_moment))}` : "Nothing is due"],
    ["Back to real time", { reset: true }, "Set the clock to the real time"],
  ].map(([label, details, title]) => {
    const idle = (details.to && !clock.next_moment) || (details.reset && Math.abs(clock.offset_seconds) < 1);
    return el("button.clock-move", { type: "button", title, "data-focus": `clock ${label}`, "aria-disabled": idle ? "true" : null, onclick: idle ? null : move(details) }, label);
  });
}

function clock() {
  const moved = Math.abs(session.state.clock.offset_seconds) >= 1;
  const next = session.state.clock.next_moment;
  return el("div.clock", { role: "group", "aria-label": "Clock" },
    el(`div.clock-now${moved ? ".moved" : ""}`, {}, icon("clock"), el("time", { id: "clock-time" }, shortMoment(now())), moved ? el("span.moved-mark", {}, "moved") : null),
    el("div.clock-next", {}, next ? `Next: ${shortMoment(new Date(next))}` : "No deadline is waiting"),
    el("div.clock-moves", {}, clockMoves()));
}

/** The parts of the sidebar, each redrawn only when what it shows has changed. */
export function drawSidebar(nav) {
  const { state, route, as, online } = session;
  const { conversations, people, team, app } = state;
  const brief = conversations.map(({ id, name, kind, is_member: member, is_archived: archived, unread, mentions }) => [id, name, kind, member, archived, unread, mentions]);
  const names = people.map(({ id, real_name: name, title, deleted, color, status_emoji: emoji, status_text: text, status_expiration: ends }) => [id, name, title, deleted, color, emoji, text, ends]);
  const parts = [
    { key: "identity", sign: [as, names, team], build: identity },
    { key: "places", sign: [as, brief, names, app.connected, app.name, route.channel, route.tab], build: () => el("div.all-places", {}, section("Channels", [channelPlaces(), otherChannels()]), section("Direct messages", [directPlaces(), newMessage()]), section("Apps", appPlaces())) },
    { key: "clock", sign: [as, state.clock.next_moment, Math.round(state.clock.offset_seconds), Math.abs(state.clock.offset_seconds) >= 1, people.find(({ id }) => id === as)?.tz], build: clock },
    ...(online ? [] : [{ key: "offline", sign: [], build: () => el("div.reconnecting", { role: "status" }, "Reconnecting to the local workspace…") }]),
  ];
  const places = nav.querySelector(".all-places");
  const scrolled = places?.scrollTop ?? 0;
  reconcile(nav, parts, { key: (part) => part.key, signature: (part) => JSON.stringify(part.sign), build: (part) => part.build() });
  const redrawn = nav.querySelector(".all-places");
  if (redrawn !== places) redrawn.scrollTop = scrolled;
  const shown = document.getElementById("clock-time");
  if (shown.textContent !== shortMoment(now())) shown.textContent = shortMoment(now());
}

const newMessage = () => el("button.place.more-places", { type: "button", onclick: openSwitcher }, icon("plus"), el("span.place-name", {}, "New message"));
