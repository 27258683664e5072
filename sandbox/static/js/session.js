// What the page knows now (who is looking, at what, and the server's last state) and how it is kept fresh.
import * as api from "./api.js";
import { clearToasts, toast } from "./toast.js";

export const session = {
  as: null, // the acting person's id
  route: { channel: null, tab: "messages", thread: null }, // channel may be "app" for the app's own page
  state: null, // the last /ui/state
  messages: [], // of the open conversation, oldest first
  replies: [], // of the open thread, the parent first
  loaded: null, // the conversation `messages` belong to
  firstUnread: null, // the first message that was unread when that conversation was opened
  names: 0, // grows whenever a person's or conversation's name, as texts mention them, has changed
  online: true,
};

const watchers = new Set();
export const onChange = (watcher) => watchers.add(watcher);
export const redraw = () => watchers.forEach((watcher) => watcher());

export const person = (id) => session.state?.people.find((one) => one.id === id);
export const me = () => person(session.as);
export const conversation = (id) => session.state?.conversations.find((one) => one.id === id);
export const appConversation = () =>
  session.state?.conversations.find((one) => one.kind === "dm" && one.with === session.state.app.user_id);
export const personName = (id) => {
  const known = person(id);
  return known ? known.real_name || known.name : "unknown";
};
export const now = () => new Date(Date.now() + (session.skew ?? 0));
export const zone = () => me()?.tz || "UTC";

/** The conversation whose messages are on screen: the app's page shows the direct messages with the app. */
export function openConversation() {
  return session.route.channel === "app" ? appConversation() : conversation(session.route.channel);
}

export const act = (doing, details) => api.act(session.as, doing, details);

/** Act and tell the person when it failed. */
export async function attempt(doing, details) {
  const answer = await act(doing, details);
  if (!answer.ok) toast(answer.error || "Something went wrong. Try again.");
  return answer;
}

function remember(push) {
  const { channel, tab, thread } = session.route;
  const parameters = new URLSearchParams({ as: session.as });
  if (channel) parameters.set("channel", channel);
  if (tab !== "messages") parameters.set("tab", tab);
  if (thread) parameters.set("thread", thread);
  const address = `?${parameters}`;
  if (address !== location.search + location.hash) history[push ? "pushState" : "replaceState"](null, "", address);
}

export async function go(route) {
  const homeOpened = route.channel === "app" && (route.tab ?? "messages") === "home";
  if (route.channel !== session.route.channel) session.loaded = null;
  if (route.thread !== session.route.thread) session.replies = [];
  session.route = { channel: route.channel, tab: route.tab ?? "messages", thread: route.thread ?? null };
  remember(true);
  redraw();
  if (homeOpened) act("home");
  await refreshMessages().catch(lost);
}

const lost = () => {
  session.online = false;
  redraw();
};

export const openThread = (thread) => go({ ...session.route, tab: "messages", thread });

function routeFromAddress() {
  const parameters = new URLSearchParams(location.search);
  session.route = {
    channel: parameters.get("channel"),
    tab: parameters.get("tab") ?? "messages",
    thread: parameters.get("thread"),
  };
  const permalink = location.hash.match(/^#\/archives\/([A-Z0-9]+)/); // where the server sends a message's permalink
  if (permalink) session.route = { channel: permalink[1], tab: "messages", thread: parameters.get("thread_ts") };
  return parameters.get("as");
}

/** Somewhere sensible to be when the address names nothing this person may see. */
function settleRoute() {
  const { conversations } = session.state;
  if (session.route.channel === "app" || conversation(session.route.channel)) return;
  const first =
    conversations.find((one) => one.is_member && one.kind !== "dm" && one.unread) ??
    conversations.find((one) => one.is_member && one.name === "general") ??
    conversations.find((one) => one.is_member && one.kind !== "dm" && !one.is_archived);
  session.route = first ? { channel: first.id, tab: "messages", thread: null } : { channel: "app", tab: "home", thread: null };
}

let namesBefore = "";

export async function refreshState() {
  const as = session.as;
  const state = await api.readState(as);
  if (as !== session.as) return; // somebody else sat down meanwhile
  session.as = state.me;
  session.state = state;
  const names = JSON.stringify([state.me, state.people.map((one) => [one.id, one.real_name, one.status_emoji, one.status_text, one.status_expiration]), state.conversations.map((one) => [one.id, one.name])]);
  if (names !== namesBefore) session.names += 1;
  namesBefore = names;
  session.skew = Date.parse(state.clock.now) - Date.now();
  settleRoute();
  remember(false);
  document.title = `${titleOfRoute()} – ${state.team.name}`;
  redraw();
}

function titleOfRoute() {
  const open = openConversation();
  if (session.route.channel === "app") return session.state.app.name;
  return open.kind === "dm" ? personName(open.with) : open.name;
}

/** The oldest of the last `count` messages that count as unread: neither one's own nor notes about joining. */
function firstUnread(messages, count) {
  const counted = messages.filter((message) => message.user !== session.as && !message.subtype);
  return count ? (counted.at(-Math.min(count, counted.length))?.ts ?? null) : null;
}

let reading = 0;

export async function refreshMessages() {
  const turn = (reading += 1);
  const open = openConversation();
  const { as, route } = session;
  if (!open || !session.state) {
    session.messages = [];
    session.loaded = null;
    return redraw();
  }
  const [main, thread] = await Promise.all([
    api.readMessages(as, open.id),
    route.thread ? api.readMessages(as, open.id, route.thread) : { messages: [] },
  ]);
  if (turn !== reading || as !== session.as || route !== session.route) return; // the person has moved on
  if (session.loaded !== open.id) session.firstUnread = firstUnread(main.messages, open.unread);
  session.messages = main.messages;
  session.replies = thread.messages;
  session.loaded = open.id;
  redraw();
  markRead(open);
}

function markRead(open) {
  const last = session.messages.at(-1);
  const looking = document.visibilityState === "visible" && session.route.tab === "messages";
  if (last && looking && (open.unread || open.mentions)) act("read", { channel: open.id, ts: last.ts });
}

let busy = false;
let pending = new Set();

/** Re-read what changed; changes that arrive during a read are read once more afterwards, never in parallel. */
export async function refresh(changed) {
  changed.forEach((name) => pending.add(name));
  if (busy) return;
  busy = true;
  try {
    while (pending.size) {
      const names = pending;
      pending = new Set();
      const channelBefore = openConversation()?.id;
      await refreshState();
      const open = openConversation();
      if (open && (names.has(`messages:${open.id}`) || names.has("all") || open.id !== channelBefore)) await refreshMessages();
    }
    session.online = true;
  } catch {
    session.online = false;
    if (!session.state) document.querySelector(".starting").textContent = "The local workspace does not answer. Start it again, then reload this page.";
  } finally {
    busy = false;
    redraw();
  }
}

let hangUp = () => {};

function connect() {
  hangUp();
  const status = (online) => {
    session.online = online;
    if (online) refresh(["all"]);
    else redraw();
  };
  hangUp = api.listen(session.as, refresh, status);
}

/** Another person takes the seat; where they may look, they keep looking at the same conversation. */
export async function sitDown(as) {
  clearToasts(); // what failed was told to somebody else
  session.as = as;
  session.messages = [];
  session.replies = [];
  session.loaded = null;
  session.route = { ...session.route, thread: null };
  await refresh(["all"]);
  connect();
  if (session.route.channel === "app" && session.route.tab === "home") act("home");
}

export async function start() {
  await sitDown(routeFromAddress());
  window.addEventListener("popstate", async () => {
    const as = routeFromAddress();
    if (as && as !== session.as) await sitDown(as);
    else refresh(["all"]);
  });
  // A browser keeps only six connections to one server: pages that nobody looks at leave theirs to the others.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? connect() : hangUp()));
}
