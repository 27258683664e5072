// Lists that float over everything beside the thing they belong to.

const GAP = 4;

function place(list, anchor, align) {
  const box = anchor.getBoundingClientRect();
  list.style.maxWidth = `${Math.min(Math.max(box.width, 380), innerWidth - 16)}px`;
  list.style.minWidth = `${Math.min(box.width, innerWidth - 16)}px`;
  list.style.maxHeight = "";
  const below = innerHeight - box.bottom - 2 * GAP;
  const above = box.top - 2 * GAP;
  const wanted = Math.min(list.scrollHeight + 2, 340);
  const up = below < wanted && above > below;
  list.style.maxHeight = `${Math.max(Math.min(wanted, up ? above : below), 80)}px`;
  const height = list.offsetHeight;
  list.style.top = `${up ? box.top - GAP - height : box.bottom + GAP}px`;
  const left = align === "end" ? box.right - list.offsetWidth : box.left;
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
}

/** Shows `list` (a popover) in the top layer beside `anchor`; the answer hides it again. */
export function float(list, anchor, align = "start") {
  if (!list.matches(":popover-open")) list.showPopover();
  const follow = (event) => (event?.target instanceof Node && list.contains(event.target) ? null : place(list, anchor, align));
  follow();
  window.addEventListener("scroll", follow, true);
  window.addEventListener("resize", follow);
  return () => {
    window.removeEventListener("scroll", follow, true);
    window.removeEventListener("resize", follow);
    if (list.isConnected && list.matches(":popover-open")) list.hidePopover();
  };
}
