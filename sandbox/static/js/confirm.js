// "Are you sure?": Slack's confirm object as a dialog that answers with yes or no.
import { el, uniqueId } from "./dom.js";
import { plain, textNode } from "./mrkdwn.js";

export function confirmed({ title, text, confirm, deny, style }) {
  return new Promise((answer) => {
    const titleId = uniqueId("confirm");
    const dialog = el(
      "dialog.dialog.confirm",
      { "aria-labelledby": titleId, onclose: () => { dialog.remove(); answer(dialog.returnValue === "yes"); } },
      el("form", { method: "dialog" },
        el("header.dialog-header", {}, el("h2", { id: titleId }, plain(title))),
        el("div.dialog-body", {}, textNode(text)),
        el("footer.dialog-footer", {},
          el("button.button", { value: "no" }, plain(deny)),
          el(`button.button.${style === "danger" ? "danger" : "primary"}`, { value: "yes", autofocus: true }, plain(confirm)),
        ),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
