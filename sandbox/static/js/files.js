// Files: how one is named, and file_input, where they are chosen or dropped, sent at once, and kept with the form.
import { el, icon, iconButton } from "./dom.js";

const MOST = 10;

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1_048_576).toFixed(1)} MB`);

export const fileWords = (file) => el("span.file-words", {}, el("span.file-name", {}, file.name), el("span.file-size", {}, size(file.size)));

/** `attributes` name the input, as for every other element. */
export function fileInput(place, element, attributes) {
  const { form, block } = place;
  const most = element.max_files ?? MOST;
  const list = el("ul.chosen-files");
  const said = el("div.field-error", { role: "status" });
  const { placeholder: _, ...named } = attributes;
  const input = el("input.visually-hidden", { type: "file", multiple: most > 1, accept: element.filetypes?.map((kind) => `.${kind}`).join(",") || null, ...named });
  const button = el("label.button.small", { for: named.id }, icon("plus"), most > 1 ? "Add files" : "Add a file");
  const limits = [element.filetypes?.map((kind) => kind.toUpperCase()).join(", "), most > 1 ? `up to ${most} files` : "one file"].filter(Boolean).join(", ");
  const node = el("div.file-input", {}, list, el("div.file-choice", {}, input, button, el("span.file-limits", {}, `or drop here: ${limits}`)), said);

  const chosen = () => form.get(block, element) ?? [];
  const keep = (ids) => {
    form.set(block, element, ids);
    show();
  };
  const line = (id) => {
    const file = form.files.get(id);
    const remove = iconButton("close", `Remove ${file.name}`, () => {
      said.textContent = "";
      keep(chosen().filter((one) => one !== id));
      input.focus();
    });
    return el("li.file", {}, icon("file"), fileWords(file), remove);
  };
  function show() {
    list.replaceChildren(...chosen().map(line));
    node.classList.toggle("full", chosen().length >= most);
  }

  async function add(files) {
    said.textContent = "";
    node.classList.add("sending");
    for (const file of files) {
      if (chosen().length >= most) {
        said.textContent = `${file.name} can't be added: ${most === 1 ? "one file" : `${most} files`} at most.`;
        break;
      }
      const answer = await form.upload(block, element, file);
      if (answer.ok) keep([...chosen(), answer.file.id]);
      else said.textContent = answer.error;
    }
    node.classList.remove("sending");
    if (node.classList.contains("full")) list.querySelector("li:last-child button").focus();
  }
  const take = (files) => {
    form.sending = form.sending.then(() => add(files)); // one after the other; the form waits for them before it is sent
  };
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = ""; // so that the same file can be chosen again
  });
  node.addEventListener("dragover", (event) => event.preventDefault());
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  show();
  return node;
}
