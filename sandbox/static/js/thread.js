// The pane at the right with one message and the replies to it.
import { Composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { drawMessages, titleOf } from "./messages.js";
import { go, openConversation, session } from "./session.js";

let drawn = {};

const close = () => go({ ...session.route, thread: null });

export function drawThread(aside) {
  const open = openConversation();
  const { thread, tab } = session.route;
  aside.hidden = !thread || !open || tab !== "messages";
  if (aside.hidden) {
    drawn = {};
    return aside.replaceChildren();
  }
  const place = [session.as, open.id, thread].join(" ");
  if (drawn.place !== place) {
    const list = el("ol.messages", { "aria-label": "Replies" });
    const scroller = el("div.scroller", { tabindex: "0", role: "region", "aria-label": "Thread messages" }, list);
    const composer = open.is_archived ? null : new Composer({ channel: open.id, thread, label: "Reply in thread" });
    const where = el("span.thread-where", {}, open.kind === "dm" ? titleOf(open.id) : `#${open.name}`);
    aside.replaceChildren(el("header.thread-header", {}, el("h2", {}, "Thread"), where, iconButton("close", "Close thread", close)), scroller, el("div.foot", {}, composer?.node));
    drawn = { place, list, scroller };
    requestAnimationFrame(() => composer?.text.focus({ preventScroll: true }));
  }
  const { list, scroller } = drawn;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  drawMessages(list, session.replies, { inThread: true });
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  return undefined;
}

export function closeThreadOnEscape(event) {
  if (event.key === "Escape" && !document.querySelector("dialog[open]") && session.route.thread) close();
}
