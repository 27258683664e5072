"""Showing the history."""

from blocks.history import history_view
from blocks.kit import View
from bot.handoffs import Handoff
from bot.permissions import Act, may_see_sensitive
from handlers.requests import Request
from store.work import Work


async def open_history(request: Request) -> None:
    """Who, when, what changed: newest first."""
    await request.open(await history_page(request))


async def history_page(request: Request) -> View:
    """One page, as the person may see it."""

    def draw(work: Work, handoff: Handoff) -> View:
        events = [event for _, event in work.events(handoff.id)]
        sensitive = may_see_sensitive(request.user, handoff, work.settings())
        return history_view(handoff, work.playbook(handoff), events, request.ref.page, sensitive=sensitive)

    return await request.look(Act.READ, draw)
