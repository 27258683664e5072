"""Views below and above each other: what stands below a form is brought up to date, and words find their place."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from handlers.requests import Click, Request
from handlers.slack import NotOpened

Page = Callable[[Request], Awaitable[View]]
_PAGES: dict[str, Page] = {}


def page(name: Id) -> Callable[[Page], Page]:
    """Marks what draws the view whose metadata says (in `Ref.below`) that it is `name`."""

    def remember(draw: Page) -> Page:
        _PAGES[name] = draw
        return draw

    return remember


def above(request: Request) -> Ref:
    """What a form is about, and over which page of which view it stands, if it was opened from one."""
    if not isinstance(request, Click) or request.view.get("type") != "modal":
        return request.ref
    under = _metadata(request)
    return request.ref.model_copy(update={"parent": request.view["id"], "below": under.below, "page": under.page})


async def redraw_below(request: Request) -> None:
    """Bring the view below the form up to date."""
    if request.ref.parent and (draw := _PAGES.get(request.ref.below)):
        await request.update(request.ref.parent, await draw(request))


async def redraw(click: Click) -> None:
    """Bring the view in which something was pressed up to date."""
    under = _metadata(click)
    if click.view.get("type") == "modal" and (draw := _PAGES.get(under.below)):
        await click.redraw(await draw(replace(click, ref=under)))


async def tell(click: Click, title: str, words: str) -> None:
    """Say it where the person clicked: seen only there in a channel, else above the modal or the Home tab. Where no
    view opens above a modal, at its top: what was typed stays."""
    if click.channel and not click.view:
        await click.reply([], words)
        return
    try:
        await click.open(kit.modal(title, [kit.section(words)]))
    except NotOpened:
        if click.view.get("type") != "modal":
            raise
        await click.redraw(kit.with_words(click.view, words))


def _metadata(click: Click) -> Ref:
    return Ref.unpack(click.view.get("private_metadata", ""))
