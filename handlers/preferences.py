"""`/handoff settings` and `/handoff away`: what a person settles about reminders, hours and being away."""

from datetime import date
from typing import Any

from blocks import preferences as pictures
from blocks.kit import View
from bot import preferences
from bot.deals import refuse_unfit
from bot.preferences import Preferences
from handlers.requests import Click, Command, Form, Request
from handlers.starts import local_date
from handlers.workspaces import known_person
from store.work import Work


async def open_settings(request: Request) -> None:
    """Show what holds for the person now."""
    person = await known_person(request.desk, request.team, request.user)

    def draw(work: Work) -> View:
        settled = work.preferences(request.user)
        return pictures.settings_view(settled, work.settings(), person.tz, _today(request, work))

    await request.open(await request.read(draw))


async def save_settings(form: Form) -> None:
    """Settle it."""

    def settle(work: Work) -> None:
        before = work.preferences(form.user)
        work.prefer(form.user, preferences.read_preferences(form.answers, before, work.settings()))

    await form.commit(settle)


async def answer_away(command: Command, rest: str) -> str | None:
    """`/handoff away`, `… until 2026-12-01`, `… back`: words, or (None) the form."""
    if rest.casefold() == "back":
        return await _come_back(command)
    day = rest.casefold().removeprefix("until").strip()
    await known_person(command.desk, command.team, command.user)

    def draw(work: Work) -> View:
        today = _today(command, work)
        back = preferences.read_return(day, today) if rest else None
        return pictures.away_view(work.preferences(command.user), today, back)

    await command.open(await command.read(draw))
    return None


async def save_away(form: Form) -> dict[str, Any]:
    """Be away, and say what now happens."""
    cover = form.answers.get("cover") or None

    def go(work: Work) -> Preferences:
        before, today = work.preferences(form.user), _today(form, work)
        settled = preferences.leave(before, form.answers.get("away_until", ""), cover, by=form.user, today=today)
        refuse_unfit([("cover", work.person(cover))])
        work.prefer(form.user, settled)
        return settled

    return _said(pictures.away_words(await form.commit(go)))


async def be_back(click: Click) -> None:
    """The button "I am back"."""
    await click.redraw(pictures.settled_view(await _come_back(click)))


async def _come_back(request: Request) -> str:
    def be_there(work: Work) -> None:
        work.prefer(request.user, preferences.come_back(work.preferences(request.user), _today(request, work)))

    await request.commit(be_there)
    return pictures.BACK


def _today(request: Request, work: Work) -> date:
    return local_date(work, request.user, request.now)


def _said(words: str) -> dict[str, Any]:
    return {"response_action": "update", "view": pictures.settled_view(words)}
