"""The deal's own moments: contract signed, cancelled, reopened."""

from datetime import date
from typing import Any

from blocks.contracts import cancel_view, confirmation, deal_view, moving_view, sign_view
from blocks.kit import View
from bot import deals
from bot.events import Event
from bot.handoffs import Handoff
from bot.nudges import shifts
from bot.permissions import Act, demand
from bot.values import read
from handlers.requests import Form, Request
from handlers.starts import local_date
from store.work import Work


async def open_form(request: Request) -> None:
    """Ask when the customer signed."""

    def draw(work: Work, handoff: Handoff) -> View:
        today = local_date(work, request.user, request.now)
        deals.sign(handoff, today, by=request.user, now=request.now, today=today, zone=work.settings().zone)
        return sign_view(handoff, today)

    await request.open(await request.look(Act.CHANGE, draw))


async def sign(form: Form) -> dict[str, Any] | None:
    """Note the signature."""
    typed = form.answers.get("signed_on", "")

    def rule(work: Work, handoff: Handoff) -> Event:
        today = local_date(work, form.user, form.now)
        signed_on = date.fromisoformat(read(deals.SIGNED_ON, typed) or today.isoformat())
        return deals.sign(handoff, signed_on, by=form.user, now=form.now, today=today, zone=work.settings().zone)

    await form.change(Act.CHANGE, rule)
    return None


async def open_deal(request: Request) -> None:
    """Show the facts of the deal."""
    draw = request.look(Act.CHANGE, lambda work, handoff: deal_view(handoff, work.playbook(handoff)))
    await request.open(await draw)


async def save_deal(form: Form) -> dict[str, Any] | None:
    """Correct them; another timing model only when the person has seen which deadlines it moves."""
    typed = form.answers

    def rule(work: Work, handoff: Handoff) -> Event | None:
        return deals.change_deal(handoff, work.playbook(handoff), typed, by=form.user, now=form.now)

    def moves(work: Work, handoff: Handoff) -> View | None:
        change, playbook = rule(work, handoff), work.playbook(handoff)
        if change is None or typed["timing_model"] == handoff.timing_model:
            return None
        moved = shifts(change, handoff, playbook, work.colleagues(handoff))
        return moving_view(handoff, playbook, typed, moved) if moved else None

    if form.ref.choice != confirmation(typed) and (asked := await form.look(Act.CHANGE, moves)):
        return {"response_action": "update", "view": asked}
    await form.change(Act.CHANGE, rule)
    return None


async def open_cancel(request: Request) -> None:
    """Ask why the handoff ends."""

    def draw(work: Work, handoff: Handoff) -> View:
        deals.refuse_unless_live(handoff)
        return cancel_view(handoff, work.playbook(handoff))

    await request.open(await request.look(Act.CHANGE, draw))


async def cancel(form: Form) -> dict[str, Any] | None:
    """End the handoff."""
    reason, words = form.answers.get("reason", ""), form.answers.get("words", "")

    def rule(work: Work, handoff: Handoff) -> Event:
        return deals.cancel(handoff, work.playbook(handoff), reason, words, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)
    return None


async def reopen(request: Request) -> str:
    """Take a cancelled or completed handoff up again."""

    def rule(work: Work, handoff: Handoff) -> Event:
        if handoff.completion:
            demand(Act.COMPLETE, request.user, handoff, work.settings())
        other = work.live_handoff_of(handoff.customer, handoff.website)
        return deals.reopen(handoff, other, by=request.user, now=request.now)

    await request.change(Act.CHANGE, rule)
    return "Reopened: the document is open for writing again."
