"""What people do about deadlines: look why, note a step, snooze, wait on the customer, give it to somebody else."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial

from blocks.deadlines import deadlines_view
from blocks.finding import Sight
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.nudges import MOST_ITEMS, mine
from blocks.waits import reassign_view, snooze_view, wait_view
from bot import deals, steps, waits
from bot.events import Event
from bot.handoffs import Handoff
from bot.nudges import Watch
from bot.permissions import Act, may
from bot.timing import Fact, Owner
from bot.waits import Rest
from handlers.pages import above, page, redraw, redraw_below
from handlers.requests import Click, Command, Form, Request
from store import deadlines, queries
from store.deadlines import Owed
from store.work import Work


async def open_why(request: Request) -> None:
    """Why Baton did, or did not, say something."""
    await request.open(await why_page(request))


async def note(click: Click) -> None:
    """A step outside of Baton is done."""

    def rule(work: Work, handoff: Handoff) -> Event:
        step = Fact(click.ref.choice)
        return steps.note(step, handoff, work.playbook(handoff), by=click.user, now=click.now, phase=click.ref.phase)

    await click.change(Act.CHANGE, rule)
    await redraw(click)


async def take_back(click: Click) -> None:
    """It was noted by mistake."""

    def rule(_: Work, handoff: Handoff) -> Event:
        return steps.take_back(Fact(click.ref.choice), handoff, by=click.user, now=click.now)

    await click.change(Act.CHANGE, rule)
    await redraw(click)


async def snooze(click: Click) -> None:
    """No reminders for a while; for another moment than the usual ones a form asks."""
    rest = Rest(click.ref.choice)
    if rest is Rest.PICK:
        await click.open(await click.look(Act.PUT_OFF, lambda work, handoff: _pick(work, handoff, click)))
        return

    def rule(work: Work, handoff: Handoff) -> Event:
        until = waits.rest_until(rest, work.colleagues(handoff).calendar(click.user), click.now)
        return waits.snooze(_watch(work, handoff, click.ref), until, by=click.user, now=click.now)

    await click.change(Act.PUT_OFF, rule)
    await redraw(click)


async def snooze_until(form: Form) -> None:
    """No reminders until the moment that was picked."""
    picked = form.answers.get("until", "")
    until = datetime.fromtimestamp(int(picked), UTC) if picked else form.now
    await _put_off(form, lambda watch: waits.snooze(watch, until, by=form.user, now=form.now))


async def open_wait(click: Click) -> None:
    """Ask what is waited for."""
    await _ask(click, lambda watch: wait_view(above(click), watch, _next_week(watch, click)))


async def wait(form: Form) -> None:
    """The clock stands still."""
    typed = form.answers
    reason, day = typed.get("reason", ""), deals.day_of(typed.get("look_again"))
    await _put_off(form, lambda watch: waits.wait(watch, reason, day, by=form.user, now=form.now))


async def resume(click: Click) -> None:
    """The customer answered."""

    def rule(work: Work, handoff: Handoff) -> Event:
        return waits.resume(_watch(work, handoff, click.ref), by=click.user, now=click.now)

    await click.change(Act.PUT_OFF, rule)
    await redraw(click)


async def open_reassign(click: Click) -> None:
    """Ask whose it is."""
    await _ask(click, lambda watch: reassign_view(above(click), watch, _whole(watch)))


def _whole(watch: Watch) -> str:
    return "" if watch.rule.item else _WHOLE.get(watch.rule.owner, "")


_WHOLE = {Owner.AE: "account executive", Owner.CSM: "customer success manager"}


async def reassign(form: Form) -> None:
    """It is somebody else's."""
    to = form.answers.get("to") or None

    def rule(work: Work, handoff: Handoff) -> Event:
        deals.refuse_unfit([("to", work.person(to))])
        return waits.reassign(_watch(work, handoff, form.ref), to, by=form.user, now=form.now)

    await form.change(Act.PUT_OFF, rule)
    await redraw_below(form)


async def list_mine(command: Command) -> list[Block]:
    """What the person owes, by urgency."""
    return await command.read(lambda work: mine(*owed_by(work, command.user, command.now)))


def owed_by(work: Work, person: str, now: datetime) -> tuple[list[Watch], str, datetime, int]:
    """The most urgent of what a person owes, and how many there are."""
    owed = all_owed(work, person, now)
    return watches_of(work, owed[:MOST_ITEMS]), person, now, len(owed)


def all_owed(work: Work, person: str, now: datetime) -> list[Owed]:
    """What a person owes, and what those owe for whom the person stands in; the most urgent first."""
    colleagues = work.colleagues()
    away = [one for one in queries.covered_by(work, person) if colleagues.acting_for(one, (), now) == person]
    return deadlines.owed_by(work.connection, work.team, (person, *away))


def watches_of(work: Work, owed: Iterable[Owed]) -> list[Watch]:
    """These deadlines with all that is around them."""
    begun = [(one.kind, work.watches(work.handoff(one.handoff_id))) for one in owed]
    return [watch for kind, watches in begun for watch in watches if watch.rule.id == kind]


def sight(work: Work, handoff: Handoff, now: datetime) -> Sight:
    """The handoff with its practice and its clocks."""
    return Sight(handoff, work.playbook(handoff), work.watches(handoff), now)


@page(Id.DEADLINES_OPEN)
async def why_page(request: Request) -> View:
    """Each deadline, its clocks and reminders, as they stand."""

    def draw(work: Work, handoff: Handoff) -> View:
        team, clocks = work.settings(), (work.watches(handoff), request.user, request.now)
        may_act = partial(may, Act.PUT_OFF, request.user, handoff, team)
        return deadlines_view(handoff, work.playbook(handoff), *clocks, may_act=may_act)

    return await request.look(Act.READ, draw)


async def _ask(click: Click, draw: Callable[[Watch], View]) -> None:
    await click.open(await click.look(Act.PUT_OFF, lambda work, handoff: draw(_watch(work, handoff, click.ref))))


async def _put_off(form: Form, rule: Callable[[Watch], Event]) -> None:
    await form.change(Act.PUT_OFF, lambda work, handoff: rule(_watch(work, handoff, form.ref)))
    await redraw_below(form)


def _next_week(watch: Watch, click: Click) -> date:
    return watch.calendar.local(click.now).date() + timedelta(days=7)


def _pick(work: Work, handoff: Handoff, click: Click) -> View:
    watch = _watch(work, handoff, click.ref)
    tomorrow = work.colleagues(handoff).calendar(click.user).next_morning(click.now)
    return snooze_view(above(click), watch, tomorrow)


def _watch(work: Work, handoff: Handoff, ref: Ref) -> Watch:
    return waits.find(work.watches(handoff), ref.deadline)
