"""What people do about promises: look, give a verdict, keep, close, open again, pass on; and the lists of them."""

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from blocks import promises as pictures
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot import deals, promises
from bot.escalations import is_withdrawn
from bot.events import Event
from bot.handoffs import Handoff
from bot.nudges import Watch
from bot.permissions import Act, demand, may
from bot.promises import Commitment, Shown
from bot.records import PromiseStatus
from bot.refusals import Refusal
from bot.timing import Fact
from handlers.deadlines import watches_of
from handlers.pages import above, page, redraw_below
from handlers.requests import Click, Command, Form, Request
from store import deadlines as stored
from store import queries
from store.deadlines import Owed
from store.work import Work

_ACTS = (Act.JUDGE, Act.KEEP, Act.DECIDE)


async def open_list(request: Request) -> None:
    """Show what was promised to this customer."""
    await request.open(await list_page(request))


@page(Id.PROMISES_OPEN)
async def list_page(request: Request) -> View:
    """Every commitment as it stands."""
    return await request.look(
        Act.READ, lambda work, handoff: pictures.promises_view(handoff, work.watches(handoff), request.now)
    )


async def open_one(click: Click) -> None:
    """Show one promise whole."""
    await click.open(await _whole(replace(click, ref=above_promise(click))))


async def _whole(request: Request) -> View:
    def draw(work: Work, handoff: Handoff) -> View:
        one, team = promises.find(handoff, request.ref.row), work.settings()
        acts = frozenset(act for act in _ACTS if may(act, request.user, handoff, team, one.id))
        return pictures.promise_view(handoff, one, work.watches(handoff), request.now, acts, _under(request.ref))

    return await request.look(Act.READ, draw)


def _under(ref: Ref) -> Ref:
    """The view below the promise."""
    return Ref(handoff=ref.handoff, parent=ref.parent, below=ref.below)


# -- verdicts


async def open_verdict(click: Click) -> None:
    """Ask whether it can be done."""
    await _ask(click, Act.JUDGE, pictures.verdict_view)


async def judge(form: Form) -> None:
    """It can be done, or not; what cannot goes to the leaders."""
    verdict, words, row = form.answers.get("verdict", ""), form.answers.get("words", ""), form.ref.row

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        told = to_tell(work, handoff)
        return promises.judge(handoff, row, verdict, words, _seen(form), told, by=form.user, now=form.now)

    await form.change(Act.JUDGE, rule)
    await redraw_promise(form)


def to_tell(work: Work, handoff: Handoff) -> tuple[str, ...]:
    """The leaders; while nobody has named any, the admins, who can, and the AE."""
    return work.settings().leaders or tuple(dict.fromkeys((*queries.admins(work), handoff.ae)))


# -- ends


async def keep(click: Click) -> None:
    """It is kept."""

    def rule(_: Work, handoff: Handoff) -> list[Event]:
        return promises.end(handoff, click.ref.row, PromiseStatus.KEPT, "", by=click.user, now=click.now)

    await click.change(Act.KEEP, rule)
    await _redraw(click)


async def open_end(click: Click) -> None:
    """Ask how it ended."""
    await _ask(click, Act.KEEP, lambda _, one, ref: pictures.close_view(one, ref))


async def end(form: Form) -> None:
    """It ended; what was agreed instead, for a day, goes on as a commitment of its own."""
    typed, row = form.answers, form.ref.row
    status, words, due = typed.get("status", ""), typed.get("words", ""), typed.get("due", "")

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        ended = promises.end(handoff, row, status, words, by=form.user, now=form.now)
        if not ended or status != PromiseStatus.RENEGOTIATED or not due:
            return ended
        agreed = (work.playbook(handoff), row, words, due, form.ref.new_row)
        return [*ended, *promises.promise_anew(handoff, *agreed, by=form.user, now=form.now)]

    await form.change(Act.KEEP, rule)
    await redraw_promise(form)


async def reopen(click: Click) -> None:
    """It had not ended."""

    def rule(work: Work, handoff: Handoff) -> Event:
        if is_withdrawn(handoff, click.ref.row):
            demand(Act.DECIDE, click.user, handoff, work.settings())
        return promises.reopen(handoff, click.ref.row, by=click.user, now=click.now)

    await click.change(Act.KEEP, rule)
    await _redraw(click)


# -- owner and date


async def open_change(click: Click) -> None:
    """Ask who sees to it, and until when."""
    await _ask(click, Act.KEEP, pictures.change_view)


async def change(form: Form) -> None:
    """It is somebody else's, or due on another day."""
    wanted, seen = Shown(form.answers.get("owner", ""), form.answers.get("due", "")), _seen(form)

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        if wanted.owner != seen.owner:
            deals.refuse_unfit([("owner", work.person(wanted.owner))])
        playbook = work.playbook(handoff)
        return promises.change(handoff, playbook, form.ref.row, wanted, seen, by=form.user, now=form.now)

    await form.change(Act.KEEP, rule)
    await redraw_promise(form)


# -- across customers


async def list_across(command: Command, *, overdue: bool) -> list[Block]:
    """The promises that the person sees to; or those that are overdue, as far as the person may read."""

    def look(work: Work) -> list[Block]:
        kinds = work.rules_from(Fact.PROMISED)
        team, me = work.settings(), command.user
        if not overdue:
            owed = stored.owed_items(work.connection, work.team, kinds, owner=me)
        else:
            reader = "" if not team.cs_team or me in team.cs_team else me
            owed = stored.owed_items(work.connection, work.team, kinds, reader=reader, before=command.now)
        rows = commitments_of(work, owed[: pictures.MOST])
        return pictures.promises_blocks(rows, command.now, len(owed), overdue=overdue)

    return await command.read(look)


def commitments_of(work: Work, owed: Iterable[Owed]) -> list[tuple[Watch, Commitment]]:
    """What was promised, with its clock."""
    watches = (watch for watch in watches_of(work, owed) if watch.is_owed)
    return [(watch, promises.find(watch.handoff, watch.rule.item)) for watch in watches]


# -- the views below


async def _ask(click: Click, act: Act, draw: Callable[[Handoff, Commitment, Ref], View]) -> None:
    def look(_: Work, handoff: Handoff) -> View:
        one = promises.find_open(handoff, click.ref.row)
        form = {"seen": ",".join(promises.shown(one, handoff)), "new_row": secrets.token_hex(4)}
        return draw(handoff, one, above_promise(click).model_copy(update=form))

    await click.open(await click.look(act, look))


def _seen(form: Form) -> Shown:
    return Shown(*form.ref.seen.split(","))


def above_promise(click: Click) -> Ref:
    """What the next view is about, and over which it stands: `choice` and `grandparent` are what lies below that."""
    here, under = above(click), Ref.unpack(click.view.get("private_metadata", ""))
    if not under.row:
        return here
    return here.model_copy(update={"below": Id.PROMISE_OPEN, "grandparent": under.parent, "choice": under.below})


async def redraw_promise(request: Request) -> None:
    """Bring the views below up to date: the promise, and the list that it was opened from."""
    ref, under = request.ref, request.ref
    with suppress(Refusal):  # the commitment may be gone from the document; what was decided stands
        if ref.below == Id.PROMISE_OPEN:
            under = Ref(handoff=ref.handoff, row=ref.row, parent=ref.grandparent, below=ref.choice)
            await request.update(ref.parent, await _whole(replace(request, ref=under)))
        await redraw_below(replace(request, ref=under))


async def _redraw(click: Click) -> None:
    await redraw_promise(replace(click, ref=above_promise(click)))
