"""Escalating to the leaders, and their decision."""

from typing import Any

from blocks.escalations import decide_view, escalate_view, escalated_view
from blocks.ids import Id
from blocks.kit import View
from bot import escalations
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, may
from handlers.pages import page
from handlers.promises import above_promise, redraw_promise, to_tell
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_form(request: Request) -> None:
    """Ask what the leaders have to decide."""
    await request.open(await _page(request))


@page(Id.ESCALATE_OPEN)
async def _page(request: Request) -> View:
    def draw(work: Work, handoff: Handoff) -> View:
        escalations.refuse_if_cancelled(handoff)
        team = work.settings()
        return escalate_view(handoff, team.leaders, may_decide=may(Act.DECIDE, request.user, handoff, team))

    return await request.look(Act.KEEP, draw)


async def escalate(form: Form) -> dict[str, Any]:
    """It goes to the leaders, and stands on the card."""
    what, severity = form.answers.get("words", ""), form.answers.get("severity", "")

    def rule(work: Work, handoff: Handoff) -> Event:
        return escalations.escalate(handoff, what, severity, to_tell(work, handoff), by=form.user, now=form.now)

    await form.change(Act.KEEP, rule)
    leaders = await form.read(lambda work: work.settings().leaders)
    return {"response_action": "update", "view": escalated_view(leaders)}


async def open_decide(click: Click) -> None:
    """Ask for the decision."""

    def draw(work: Work, handoff: Handoff) -> View:
        one = escalations.find(handoff, click.ref.escalation)
        escalations.refuse_if_closed(one)
        return decide_view(handoff, one, above_promise(click))

    await click.open(await click.look(Act.DECIDE, draw))


async def decide(form: Form) -> None:
    """It has its outcome, and the AE and the CSM hear of it."""
    typed = form.answers
    decision, outcome, number = typed.get("decision", ""), typed.get("outcome", ""), form.ref.escalation

    def rule(_: Work, handoff: Handoff) -> Event | None:
        return escalations.decide(handoff, number, decision, outcome, by=form.user, now=form.now)

    await form.change(Act.DECIDE, rule)
    await redraw_promise(form)
