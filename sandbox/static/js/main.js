// Starts the page and says which part draws what.
import { drawConversation, focusComposer } from "./conversation.js";
import { drawModals } from "./modals.js";
import { onChange, personName, redraw, session, start } from "./session.js";
import { drawSidebar } from "./sidebar.js";
import { openSwitcherOnShortcut } from "./switcher.js";
import { closeThreadOnEscape, drawThread } from "./thread.js";

const part = (id) => document.getElementById(id);
const MINUTE = 60_000;
let announced = { place: null, ts: "" };

/** Tell screen readers what arrives in the open conversation, and nothing that was there before. */
function announce() {
  const place = `${session.as} ${session.loaded}`;
  const last = session.messages.at(-1);
  const isNew = last && announced.place === place && last.ts > announced.ts && last.user !== session.as;
  if (isNew) part("announcer").textContent = `New message from ${personName(last.user)}`;
  announced = { place, ts: last?.ts ?? "" };
}

let here = null;

function draw() {
  if (!session.state) return;
  drawSidebar(part("sidebar"));
  drawConversation(part("main"));
  drawThread(part("thread"));
  drawModals();
  announce();
  const place = `${session.as} ${session.route.channel}`;
  const typing = document.activeElement.matches("input, textarea, dialog *, .tab, .place");
  if (place !== here && !typing) focusComposer();
  here = place;
}

onChange(draw);
document.addEventListener("keydown", openSwitcherOnShortcut);
document.addEventListener("keydown", closeThreadOnEscape);
document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  part("main").focus();
  focusComposer();
});
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("sidebar-open") && !event.target.closest("#sidebar, .sidebar-toggle")) document.body.classList.remove("sidebar-open");
});
setInterval(redraw, MINUTE / 4);
start();
