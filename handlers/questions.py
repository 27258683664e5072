"""Asking, answering, passing on; and saying that there is nothing to ask."""

from collections.abc import Callable

from blocks import questions as pictures
from blocks.ids import Id
from blocks.kit import View
from bot import deals, questions
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, may_see_sensitive
from bot.playbook import Playbook
from bot.records import Question
from handlers.pages import above, page, redraw, redraw_below
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_list(request: Request) -> None:
    """Show what was asked and answered."""
    await request.open(await list_page(request))


@page(Id.QUESTIONS_OPEN)
async def list_page(request: Request) -> View:
    """One page of the questions that the person may see."""

    def draw(work: Work, handoff: Handoff) -> View:
        sensitive = _sensitive(work, handoff, request)
        return pictures.questions_view(handoff, work.playbook(handoff), request.ref.page, sensitive=sensitive)

    return await request.look(Act.READ, draw)


async def open_ask(request: Request) -> None:
    """Ask for the question: about what was chosen while reading, or about anything."""

    def draw(work: Work, handoff: Handoff) -> View:
        questions.refuse_if_cancelled(handoff)
        playbook, ref, sensitive = work.playbook(handoff), above(request), _sensitive(work, handoff, request)
        # The menu was drawn for who might see more then, or by a playbook that had more.
        questions.refuse_about(pictures.path_in(ref), playbook, sensitive=sensitive)
        return pictures.ask_view(handoff, playbook, ref, request.user, sensitive=sensitive)

    await request.open(await request.look(Act.READ, draw))


async def ask(form: Form) -> None:
    """Store the question; whoever is to answer is told."""
    typed = form.answers
    path, words, to = pictures.path_of(typed.get("about", "")), typed.get("words", ""), typed.get("to") or None

    def rule(work: Work, handoff: Handoff) -> Event | None:
        deals.refuse_unfit([("to", work.person(to))])
        team, playbook = work.settings(), work.playbook(handoff)
        questions.refuse_unless_entrusted(handoff, path, to, playbook, team, by=form.user)
        sensitive = _sensitive(work, handoff, form)
        return questions.ask(handoff, playbook, path, words, by=form.user, now=form.now, sensitive=sensitive, to=to)

    await form.change(Act.READ, rule)
    await redraw_below(form)


async def open_ask_again(click: Click) -> None:
    """Ask what is still to be answered."""
    await _open(
        click, Act.READ, lambda _, question, playbook: pictures.ask_again_view(question, playbook, above(click))
    )


async def ask_again(form: Form) -> None:
    """The thread goes on."""
    words = form.answers.get("words", "")

    def rule(work: Work, handoff: Handoff) -> Event | None:
        return questions.ask_again(handoff, _question(work, handoff, form), words, by=form.user, now=form.now)

    await form.change(Act.READ, rule)
    await redraw_below(form)


async def open_answer(click: Click) -> None:
    """Show the thread and ask for the answer."""
    await _open(click, Act.ANSWER, lambda _, question, playbook: pictures.answer_view(question, playbook, above(click)))


async def answer(form: Form) -> None:
    """The answer joins the document, and whoever asked is told."""
    words, seen = form.answers.get("words", ""), form.ref.revision

    def rule(work: Work, handoff: Handoff) -> Event | None:
        return questions.answer(handoff, _question(work, handoff, form), words, seen, by=form.user, now=form.now)

    await form.change(Act.ANSWER, rule)
    await redraw_below(form)


async def open_pass(click: Click) -> None:
    """Ask who knows."""
    await _open(
        click,
        Act.ANSWER,
        lambda handoff, question, playbook: pictures.pass_view(question, handoff, playbook, above(click)),
    )


async def pass_on(form: Form) -> None:
    """Somebody else is to answer, and is told."""
    to = form.answers.get("to") or None

    def rule(work: Work, handoff: Handoff) -> Event:
        deals.refuse_unfit([("to", work.person(to))])
        question, playbook, team = _question(work, handoff, form), work.playbook(handoff), work.settings()
        return questions.pass_on(handoff, question, to, playbook, team, by=form.user, now=form.now)

    await form.change(Act.ANSWER, rule)
    await redraw_below(form)


async def prepare(click: Click) -> None:
    """No questions, or no more."""
    await click.change(Act.CHANGE, lambda _, handoff: questions.prepare(handoff, by=click.user, now=click.now))
    await redraw(click)


async def _open(click: Click, act: Act, draw: Callable[[Handoff, Question, Playbook], View]) -> None:
    def look(work: Work, handoff: Handoff) -> View:
        questions.refuse_if_cancelled(handoff)
        return draw(handoff, _question(work, handoff, click), work.playbook(handoff))

    await click.open(await click.look(act, look))


def _question(work: Work, handoff: Handoff, request: Request) -> Question:
    sensitive = _sensitive(work, handoff, request)
    return questions.find(handoff, request.ref.question, work.playbook(handoff), sensitive=sensitive)


def _sensitive(work: Work, handoff: Handoff, request: Request) -> bool:
    return may_see_sensitive(request.user, handoff, work.settings())
