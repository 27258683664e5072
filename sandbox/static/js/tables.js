// table and data_table blocks.
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";

function content(cell, draw) {
  if (!cell) return "";
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "action_cell") return draw(cell.element);
  if (cell.type === "raw_number") return cell.text ?? new Intl.NumberFormat("en-US").format(cell.value);
  return withEmoji(String(cell.text ?? ""));
}

const alignment = (cell, settings) => settings?.align ?? (cell?.type === "raw_number" ? "right" : "left");

function row(cells, { tag, settings = [], draw, rowHeader }) {
  const one = (cell, column) => {
    const heading = column === rowHeader;
    const attributes = heading ? { scope: "row" } : tag === "th" ? { scope: "col" } : {};
    const wrapped = settings[column]?.is_wrapped ? ".wrapped" : "";
    return el(`${heading ? "th" : tag}.align-${alignment(cell, settings[column])}${wrapped}`, attributes, content(cell, draw));
  };
  return el("tr", {}, cells.map(one));
}

export function table(block, draw) {
  const settings = block.column_settings ?? [];
  const [head, ...body] = block.rows;
  return el("div.table-scroll.table-block", { tabindex: "0", role: "group", "aria-label": "Table" },
    el("table", {}, el("thead", {}, row(head, { tag: "th", settings, draw })), el("tbody", {}, body.map((cells) => row(cells, { tag: "td", settings, draw })))));
}

/** A table with a caption that is read page by page. */
export function dataTable(block, draw) {
  const [head, ...body] = block.rows;
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(body.length / size));
  let page = 0;
  const rows = el("tbody");
  const where = el("span", { "aria-live": "polite" });
  const step = (label, by) => el("button.button.small", { type: "button", onclick: () => show(page + by) }, label);
  const [back, forward] = [step("Previous", -1), step("Next", 1)];
  function show(wanted) {
    page = wanted;
    const shown = body.slice(page * size, (page + 1) * size);
    rows.replaceChildren(...shown.map((cells) => row(cells, { tag: "td", draw, rowHeader: block.row_header_column_index ?? -1 })));
    where.textContent = `${page * size + 1}–${page * size + shown.length} of ${body.length}`;
    back.disabled = page === 0;
    forward.disabled = page === pages - 1;
  }
  show(0);
  return el("div.data-table", {},
    el("div.table-scroll", {}, el("table", {}, el("caption", {}, block.caption), el("thead", {}, row(head, { tag: "th", draw })), rows)),
    pages > 1 ? el("div.pager", {}, back, where, forward) : null);
}
