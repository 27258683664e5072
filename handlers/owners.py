"""Naming owners: the CSM that fits, other people in the middle, and who owns what."""

from datetime import UTC, datetime
from typing import Any

from blocks import owners as pictures
from blocks.documents import missing_view
from blocks.kit import Block, View
from bot import assignments, deals
from bot.assignments import Suggestion
from bot.documents import missing_fields
from bot.events import Event
from bot.handoffs import Handoff
from bot.owners import ROLES, merge
from bot.permissions import Act, may_see_sensitive
from handlers.deadlines import sight
from handlers.requests import Click, Form, Request
from store import queries
from store.queries import Message
from store.work import Work


async def open_form(request: Request) -> None:
    """Show who they are now."""
    below = request.view.get("id", "") if isinstance(request, Click) else ""
    await request.open(await request.look(Act.CHANGE, lambda _, handoff: pictures.owners_view(handoff, below)))


async def save(form: Form) -> dict[str, Any] | None:
    """Name them."""
    named = {role: form.answers.get(role) or None for role in ROLES}
    seen = dict(zip(ROLES, (one or None for one in form.ref.choice.split(",")), strict=True))

    def rule(work: Work, handoff: Handoff) -> Event | None:
        chosen = merge(handoff, seen, named)
        deals.refuse_unfit((role, work.person(user)) for role, user in chosen.items() if user != seen[role])
        return deals.change_owners(handoff, **chosen, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    if form.ref.parent:  # opened from what is missing before a submission
        await form.update(form.ref.parent, await form.look(Act.READ, _still_missing))
    return None


def _still_missing(work: Work, handoff: Handoff) -> View:
    playbook = work.playbook(handoff)
    return missing_view(handoff, playbook, missing_fields(playbook, handoff))


# -- naming the CSM


async def open_assign(request: Request) -> None:
    """Show who fits; who is named already is another form's."""

    def draw(work: Work, handoff: Handoff) -> View:
        if handoff.csm:
            return pictures.owners_view(handoff)
        return pictures.assign_view(handoff, suggested(work, handoff, request.now))

    await request.open(await request.look(Act.CHANGE, draw))


async def take(click: Click) -> None:
    """Take the CSM that Baton suggested."""
    await _assign(click, click.ref.choice)


async def assign(form: Form) -> None:
    """Take the CSM that was chosen."""
    await _assign(form, form.answers.get("csm", ""))


async def _assign(request: Request, csm: str) -> None:
    def rule(work: Work, handoff: Handoff) -> Event | None:
        deals.refuse_unfit([("csm", work.person(csm))])
        return assignments.assign(handoff, csm, by=request.user, now=request.now)

    await request.change(Act.CHANGE, rule)


def suggested(work: Work, handoff: Handoff, now: datetime) -> list[Suggestion]:
    """The CSMs who are there, the most fitting first."""
    csms = work.settings().csms
    tallies = queries.tallies(work, csms, handoff.industry)
    return assignments.suggestions(handoff, work.playbook(), tallies, work.colleagues(handoff, csms), now)


# -- who is who


async def open_who(request: Request) -> None:
    """Show who is who, and who owns what."""

    def draw(work: Work, handoff: Handoff) -> View:
        return pictures.who_view(sight(work, handoff, request.now), work.colleagues(handoff))

    await request.open(await request.look(Act.READ, draw))


def assigned(work: Work, handoff: Handoff, about: Message, now: datetime) -> list[Block]:
    """What somebody is told who was named."""
    at, _, by = about.edition.partition(" ")
    before = datetime.fromtimestamp(float(at), UTC)
    lately = queries.lately(work, handoff.id, before)
    sensitive = may_see_sensitive(about.recipient, handoff, work.settings())
    return pictures.assigned(sight(work, handoff, now), about.recipient, by, lately, sensitive=sensitive)


def thanked(work: Work, handoff: Handoff, about: Message) -> list[Block]:
    """What somebody is told who has no part any more; nothing to an account that is deactivated."""
    if work.colleagues().has_left(about.recipient):
        return []
    return pictures.thanked(handoff, about.recipient, about.edition.partition(" ")[2])
