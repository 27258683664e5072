"""Submitting, accepting, returning."""

from collections.abc import Callable
from typing import Any

from blocks.documents import missing_view
from blocks.kit import View, modal, section
from blocks.reviews import accept_view, return_view
from bot import reviews
from bot.captures import to_review
from bot.deals import refuse_unfit
from bot.documents import missing_fields
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, demand
from bot.playbook import Playbook
from handlers.requests import Click, Form, Request
from store.work import Work


async def submit(request: Request) -> str | None:
    """Send the document to the CSM, or show exactly what is missing."""
    done = "The CSM is told and has the document now."

    def send(work: Work) -> View | None:
        handoff = work.handoff(request.ref.handoff)
        demand(Act.CHANGE, request.user, handoff, work.settings())
        reviews.refuse_unless_submittable(handoff)
        playbook = work.playbook(handoff)
        missing = missing_fields(playbook, handoff)
        if missing or not handoff.csm or to_review(handoff):
            return missing_view(handoff, playbook, missing)
        refuse_unfit([("csm", work.person(handoff.csm))])
        work.record(handoff, reviews.submit(handoff, playbook, by=request.user, now=request.now))
        return None

    missing = await request.commit(send)
    if missing:
        await request.open(missing)
        return None
    if isinstance(request, Click) and request.view:
        await request.redraw(modal("Submitted", [section(done)]))
    return f"Submitted. {done}"


async def open_accept(request: Request) -> None:
    """Show the last look before accepting."""
    await _open(request, accept_view)


async def open_return(request: Request) -> None:
    """Ask what is to be mended."""
    await _open(request, lambda handoff, playbook, _: return_view(handoff, playbook))


async def accept(form: Form) -> dict[str, Any] | None:
    """The CSM takes over."""
    await form.change(Act.REVIEW, lambda _, handoff: reviews.accept(handoff, by=form.user, now=form.now))
    return None


async def send_back(form: Form) -> dict[str, Any] | None:
    """The CSM returns the document."""
    typed = form.answers
    gaps = [gap for gap in typed.get("gaps", "").split(",") if gap]
    reason, words = typed.get("reason", ""), typed.get("words", "")

    def rule(work: Work, handoff: Handoff) -> Event:
        return reviews.send_back(handoff, work.playbook(handoff), reason, words, gaps, by=form.user, now=form.now)

    await form.change(Act.REVIEW, rule)
    return None


async def _open(request: Request, picture: Callable[[Handoff, Playbook, str], View]) -> None:
    def draw(work: Work, handoff: Handoff) -> View:
        reviews.refuse_unless_reviewable(handoff)
        return picture(handoff, work.playbook(handoff), request.user)

    await request.open(await request.look(Act.REVIEW, draw))
