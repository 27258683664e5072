// Links, mentions and where they lead: only http, https and mailto, and places of this workspace open in place.
import { el } from "./dom.js";
import { act, conversation, go, openConversation, person, personName, refreshState, session } from "./session.js";
import { toast } from "./toast.js";

export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** {channel, thread} when the address is a conversation or message of this workspace, as in Slack's permalinks. */
function placeOf(address) {
  const url = new URL(address);
  if (url.origin !== location.origin && !url.hostname.endsWith("slack.com")) return null;
  const archive = url.pathname.match(/^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?/);
  const channel = archive?.[1] ?? (url.pathname === "/app_redirect" ? url.searchParams.get("channel") : null);
  if (!channel || !conversation(channel)) return null;
  return { channel, thread: url.searchParams.get("thread_ts"), message: archive?.[2] ? `${archive[2]}.${archive[3]}` : null };
}

export function link(address, ...children) {
  const href = safeAddress(address);
  if (!href) return el("span", {}, ...children);
  const open = (event) => {
    const place = placeOf(href);
    if (!place || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(place).then(() => document.querySelector(`[data-key="${CSS.escape(place.message ?? "")}"]`)?.scrollIntoView({ block: "center" }));
  };
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", onclick: open }, ...children);
}

export async function openDirectMessage(user) {
  if (user === session.state.app.user_id) return go({ channel: "app", tab: "messages" });
  const known = session.state.conversations.find((one) => one.kind === "dm" && one.with === user);
  if (known) return go({ channel: known.id });
  const answer = await act("open_dm", { user });
  if (!answer.ok) return toast(answer.error);
  await refreshState();
  return go({ channel: answer.channel });
}

export function userMention(id, label) {
  const name = `@${person(id) ? personName(id) : label || "unknown"}`;
  if (!person(id)) return el("span.mention", {}, name);
  const marks = id === session.as ? ".mention.mention-me" : ".mention";
  return el(`button${marks}`, { type: "button", onclick: () => id !== session.as && openDirectMessage(id) }, name);
}

export function channelMention(id, label) {
  const known = conversation(id);
  // A private channel is not named to those outside it, as in Slack.
  if (!known) return el("span.mention", {}, label ? `#${label}` : "#private channel");
  const leave = () => openConversation()?.id !== id && go({ channel: id });
  return el("button.mention", { type: "button", onclick: leave }, `#${known.name}`);
}

export const broadcast = (range) => el("span.mention.mention-me", {}, `@${range}`);
