// The stack of modals the app has opened for the person who looks.
import { drawBlocks } from "./blocks.js";
import { el, iconButton, uniqueId } from "./dom.js";
import { Form } from "./form.js";
import { plain } from "./mrkdwn.js";
import { act, refresh, session } from "./session.js";
import { toast } from "./toast.js";

const TELL_EVERY = 1000; // milliseconds between reports of what is typed
const open = new Map(); // view id -> Modal

class Modal {
  constructor(view) {
    this.view = view;
    this.as = session.as;
    this.form = new Form({ kind: "modal", view_id: view.id }, view.typed);
    this.form.learn(view.state?.values);
    this.form.changed = () => this.tellTyped();
    const id = uniqueId("modal");
    this.title = el("h2", { id });
    this.problem = el("div.problem", { role: "alert", hidden: true });
    this.blocks = el("div.blocks");
    this.footer = el("footer.dialog-footer");
    this.closeAll = iconButton("close", "Close", () => this.close(true));
    const form = el("form.modal-form", { novalidate: true, onsubmit: (event) => this.submit(event) },
      el("header.dialog-header", {}, this.title, this.closeAll), el("div.progress"), el("div.dialog-body", {}, this.problem, this.blocks), this.footer);
    this.body = form.querySelector(".dialog-body");
    this.dialog = el("dialog.dialog.modal", { "aria-labelledby": id, onkeydown: (event) => this.key(event), oncancel: (event) => this.cancel(event), onclose: () => this.reopen() }, form);
    document.body.append(this.dialog);
    this.update(view);
    this.dialog.showModal();
    this.focusFirst();
  }

  /** Show a view that may have changed; fields that are still there keep what was typed. */
  update(view) {
    if (view.hash !== this.view.hash) this.form.errors = {};
    this.view = view;
    this.title.textContent = plain(view.title);
    this.dialog.classList.toggle("loading", Boolean(view.loading));
    this.form.adopt(view.blocks);
    drawBlocks(this.blocks, view.blocks, this.form);
    const sign = JSON.stringify([view.submit, view.close, view.blocks.some(({ type }) => type === "input")]);
    if (sign !== this.footerSign) this.drawFooter();
    this.footerSign = sign;
  }

  drawFooter() {
    const { submit, close, blocks } = this.view;
    const submits = submit || blocks.some(({ type }) => type === "input");
    const leave = el("button.button", { type: "button", onclick: () => this.close(false) }, close ? plain(close) : submits ? "Cancel" : "Close");
    this.submitButton = submits ? el("button.button.primary", { type: "submit" }, el("span", {}, submit ? plain(submit) : "Submit")) : null;
    this.footer.replaceChildren(leave, ...(this.submitButton ? [this.submitButton] : []));
  }

  focusFirst() {
    const wanted = [...this.view.blocks].find((block) => block.element?.focus_on_load ?? block.accessory?.focus_on_load);
    const fields = "input:not([type=radio]), input[type=radio]:checked, textarea";
    const target = (wanted && this.blocks.querySelector(`[data-key="${CSS.escape(wanted.block_id)}"] :is(input, textarea, button)`)) || this.blocks.querySelector(fields);
    (target ?? this.submitButton ?? this.footer.querySelector("button")).focus({ preventScroll: !wanted });
  }

  tellTyped() {
    this.telling ??= setTimeout(() => {
      this.telling = null;
      if (open.get(this.view.id) === this) act("state", { view_id: this.view.id, state: this.form.state() });
    }, TELL_EVERY);
  }

  /** Numbers and dates that the browser could not read never reach the server: they look empty to it. */
  unreadable() {
    const errors = {};
    for (const input of this.blocks.querySelectorAll("input")) {
      if (input.validity.badInput) errors[input.closest("[data-key]").dataset.key] = input.type === "number" ? "Enter a number." : "Enter a complete date or time.";
    }
    return Object.keys(errors).length ? { ok: false, errors } : null;
  }

  async submit(event) {
    event.preventDefault();
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.telling);
    this.telling = null;
    this.submitButton.setAttribute("aria-busy", "true");
    await this.form.sending;
    const answer = this.unreadable() ?? (await act("submit", { view_id: this.view.id, state: this.form.state() }));
    this.sending = false;
    this.submitButton.removeAttribute("aria-busy");
    this.form.errors = answer.errors ?? {};
    this.sayProblem(answer);
    this.update(this.view);
    if (answer.ok) refresh(["state"]);
    else this.showFirstError();
  }

  sayProblem({ ok, error, errors }) {
    const shown = new Set(this.view.blocks.map(({ block_id: id }) => id));
    const strays = Object.entries(errors ?? {}).filter(([block]) => !shown.has(block)).map(([, words]) => words);
    const words = ok ? "" : strays.length ? strays.join(" ") : errors ? "" : error || "We had some trouble connecting. Try again?";
    this.problem.textContent = words;
    this.problem.hidden = !words;
    if (words) this.body.scrollTop = 0;
  }

  showFirstError() {
    const first = this.blocks.querySelector(".has-error");
    first?.scrollIntoView({ block: "center" });
    first?.querySelector("input, textarea")?.focus({ preventScroll: true });
  }

  async close(all) {
    const answer = await act("close", { view_id: this.view.id, ...(all ? { all: true } : {}) });
    if (!answer.ok) toast(answer.error);
    refresh(["state"]);
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return this.submitButton && event.currentTarget.querySelector("form").requestSubmit();
    if (event.key !== "Escape" || event.defaultPrevented) return undefined;
    event.preventDefault();
    event.stopPropagation();
    return this.close(false);
  }

  /** Escape where nothing in the dialog has the focus, as when the pressed button was redrawn away. */
  cancel(event) {
    event.preventDefault();
    return this.close(false);
  }

  /** The browser may close a dialog on its own; as long as the view is open in the workspace, it comes back. */
  reopen() {
    if (open.get(this.view.id) === this && this.dialog.isConnected) this.dialog.showModal();
  }

  remove() {
    clearTimeout(this.telling);
    open.delete(this.view.id);
    this.dialog.close();
    this.dialog.remove();
  }
}

export function drawModals() {
  const views = session.state.modals ?? [];
  const wanted = new Set(views.map(({ id }) => id));
  for (const modal of [...open.values()].reverse()) if (!wanted.has(modal.view.id) || modal.as !== session.as) modal.remove();
  views.forEach((view, depth) => {
    if (open.has(view.id)) open.get(view.id).update(view);
    else open.set(view.id, new Modal(view));
    const { dialog, closeAll } = open.get(view.id);
    dialog.classList.toggle("covered", depth < views.length - 1);
    dialog.dataset.depth = String(depth);
    const label = views.length > 1 ? "Close all" : "Close";
    closeAll.setAttribute("aria-label", label);
    closeAll.title = label;
  });
}
