// The app's Home tab, as the app published it for the person who looks.
import { drawBlocks } from "./blocks.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { session } from "./session.js";

const forms = new Map(); // one for each person

export function drawHome(parent) {
  const { home, app } = session.state;
  if (!home) {
    parent.replaceChildren(el("p.empty", {}, `${app.name} has nothing to show here yet.`));
    return;
  }
  if (!forms.has(session.as)) forms.set(session.as, new Form({ kind: "home" }, home.typed));
  const form = forms.get(session.as);
  form.adopt(home.blocks);
  let blocks = parent.querySelector(":scope > .home");
  if (!blocks) {
    blocks = el("div.home.blocks");
    parent.replaceChildren(blocks);
  }
  drawBlocks(blocks, home.blocks, form);
}
