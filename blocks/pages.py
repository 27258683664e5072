"""Turning the pages of what is longer than one."""

from blocks import kit
from blocks.ids import Id, Ref


def pager(ref: Ref, *, more: bool) -> list[kit.Block]:
    """Buttons to the neighbouring pages, when there are any."""
    back = ref.model_copy(update={"page": ref.page - 1})
    on = ref.model_copy(update={"page": ref.page + 1})
    buttons = [kit.button("Previous page", Id.PAGE_NEWER, back.pack())] if ref.page else []
    buttons += [kit.button("Next page", Id.PAGE_OLDER, on.pack())] if more else []
    return [kit.actions(*buttons)] if buttons else []
