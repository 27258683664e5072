"""Naming other owners."""

from typing import Any

from blocks.documents import missing_view
from blocks.kit import View
from blocks.owners import owners_view
from bot import deals
from bot.documents import missing_fields
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_form(request: Request) -> None:
    """Show who they are now."""
    below = request.view.get("id", "") if isinstance(request, Click) else ""
    await request.open(await request.look(Act.CHANGE, lambda _, handoff: owners_view(handoff, below)))


async def save(form: Form) -> dict[str, Any] | None:
    """Name them."""
    named = {role: form.answers.get(role) or None for role in deals.OWNER_LABELS}

    def rule(work: Work, handoff: Handoff) -> Event | None:
        deals.refuse_unfit((role, work.person(user)) for role, user in named.items())
        return deals.change_owners(handoff, **named, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    if form.ref.parent:  # opened from what is missing before a submission
        await form.update(form.ref.parent, await form.look(Act.READ, _still_missing))
    return None


def _still_missing(work: Work, handoff: Handoff) -> View:
    playbook = work.playbook(handoff)
    return missing_view(handoff, playbook, missing_fields(playbook, handoff))
