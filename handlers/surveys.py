"""Noting what the customer said: in a form of its own, or in one that asks for more."""

from blocks.kit import View
from blocks.surveys import survey_view
from bot import surveys
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, demand
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_form(request: Request) -> None:
    """Ask what the customer said."""

    def draw(work: Work, handoff: Handoff) -> View:
        surveys.refuse_unless_met(handoff)
        return survey_view(handoff, work.playbook(handoff))

    await request.open(await request.look(Act.SURVEY, draw))


async def note(form: Form) -> None:
    """The customer said this."""

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        return surveys.note(handoff, work.playbook(handoff), form.answers, by=form.user, now=form.now)

    await form.change(Act.SURVEY, rule)


async def nothing(click: Click) -> None:
    """The customer had to explain nothing again."""

    def rule(_: Work, handoff: Handoff) -> Event | None:
        return surveys.nothing_repeated(handoff, by=click.user, now=click.now)

    await click.change(Act.SURVEY, rule)


def told(work: Work, handoff: Handoff, form: Form) -> list[Event]:
    """What another form says of the customer beside its own."""
    if not any(form.answers.get(field) for field in surveys.FIELDS):
        return []
    demand(Act.SURVEY, form.user, handoff, work.settings())
    return surveys.told(handoff, work.playbook(handoff), form.answers, by=form.user, now=form.now)
