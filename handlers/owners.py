"""Naming other owners."""

from typing import Any

from blocks.owners import owners_view
from bot import deals
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act
from handlers.requests import Form, Request
from store.work import Work


async def open_form(request: Request) -> None:
    """Show who they are now."""
    await request.open(await request.look(Act.CHANGE, lambda _, handoff: owners_view(handoff)))


async def save(form: Form) -> dict[str, Any] | None:
    """Name them."""
    named = {role: form.answers.get(role) or None for role in deals.OWNER_LABELS}

    def rule(work: Work, handoff: Handoff) -> Event | None:
        deals.refuse_unfit_owners({role: work.person(user) for role, user in named.items()})
        return deals.change_owners(handoff, **named, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    return None
