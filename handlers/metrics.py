"""`/handoff metrics`: the six figures, the deals behind each, and both as files."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from blocks import kit
from blocks.breakdowns import EVERYTHING, Row, breakdown_blocks, choose_view
from blocks.evidence import evidence_view
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.metrics import metrics_blocks
from bot.errands import Errand, Kind
from bot.metrics import By, Slice, figures
from bot.periods import read_period
from bot.permissions import demand_figures, may_see_people
from bot.refusals import Refusal
from bot.slices import PEOPLE, Asked, Choices, read_asked
from bot.targets import Metric
from bot.teams import Person
from handlers.pages import page, tell
from handlers.requests import Click, Command, Form, Request
from handlers.workspaces import known_person
from store import figures as stored
from store import queries
from store.database import NotSaved
from store.evidence import evidence
from store.work import Work

T = TypeVar("T")
_MOST = 100_000  # deals of one file
_BOTH = "Choose one of these only."


async def told(command: Command, typed: str) -> list[Block]:
    """What `/handoff metrics [period] [slice]` answers."""
    person = await known_person(command.desk, command.team, command.user)

    def look(work: Work) -> list[Block]:
        return _draw(work, command, person, read_asked(typed, choices_of(work, command.user), command.now))

    return [kit.header("Figures"), *await _read(command, look)]


async def open_figures(click: Click) -> None:
    """The figures that a button is about."""
    person = await known_person(click.desk, click.team, click.user)
    await _show(
        click,
        await _read(
            click, lambda work: _view(_draw(work, click, person, asked_of(work, click.user, click.ref, click.now)))
        ),
    )


async def open_choice(click: Click) -> None:
    """The form for other days or others' deals."""
    person = await known_person(click.desk, click.team, click.user)

    def draw(work: Work) -> View:
        demand_figures(person, work.settings())
        choices = choices_of(work, click.user)
        named = {by: choices.named(by) for by in By if by not in PEOPLE}
        sees_people, over = may_see_people(click.user, work.settings()), click.view.get("type") == "modal"
        return choose_view(named, may_see_people=sees_people, ref=click.ref, over_figures=over)

    await _show(click, await click.read(draw))


async def show(form: Form) -> dict[str, Any]:
    """The figures that the form asks for, in its place."""
    person = await known_person(form.desk, form.team, form.user)
    typed = form.answers
    chosen = {name: typed.get(name, "") for name in ("slice", *PEOPLE) if typed.get(name, "") not in ("", EVERYTHING)}
    if len(chosen) > 1:
        raise Refusal(_BOTH, dict.fromkeys(chosen, _BOTH))
    by, _, key = next((one if name == "slice" else f"{name}:{one}" for name, one in chosen.items()), "").partition(":")

    def look(work: Work) -> View:
        choices = choices_of(work, form.user)
        try:
            period = read_period(typed.get("other") or typed.get("period", ""), form.now, choices.team.zone)
        except Refusal as refusal:
            raise Refusal(refusal.words, {"other": refusal.words}) from None
        of = choices.slice_of(by, form.user if key == "me" else key)
        return _view(_draw(work, form, person, Asked(period, of)))

    return {"response_action": "update", "view": await _read(form, look)}


async def open_evidence(click: Click) -> None:
    """The deals behind one figure."""
    await _show(click, await evidence_page(click))


@page(Id.FIGURE_OPEN)
async def evidence_page(request: Request) -> View:
    """A page of them."""
    person = await known_person(request.desk, request.team, request.user)
    metric = Metric(request.ref.metric)

    def look(work: Work) -> View:
        asked = asked_of(work, request.user, request.ref, request.now)
        _demand(work, person, asked)
        report = stored.report(work, asked.period, asked.of, request.now)
        found = evidence(work, metric, report.yardstick, asked, request.user, request.ref.page)
        return evidence_view(report, metric, found, {one.id: one.label for one in work.playbook().sections})

    return await _read(request, look)


async def export(click: Click) -> None:
    """Send the handoffs, or the figures, as a file for a spreadsheet by DM."""
    person = await known_person(click.desk, click.team, click.user)

    def check(work: Work) -> None:
        asked = asked_of(work, click.user, click.ref, click.now)
        _demand(work, person, asked)
        tally = stored.tallies(work, [asked.period], stored.yardstick(work, click.now), asked.of)[stored.ALL][0]
        if click.action == Id.HANDOFFS_EXPORT and (count := tally.closed + tally.cancelled) > _MOST:
            raise Refusal(f"These are {count:,} deals, and one file takes {_MOST:,}. Take a shorter period or a slice.")

    def send(work: Work) -> None:
        about = {"person": click.user, "what": click.action, "asked": click.ref.pack()}
        work.post([Errand(Kind.SEND_FIGURES, f"person:{click.user}", about, merges=True)], click.now)

    await _read(click, check)
    await click.commit(send)
    await tell(click, "On its way", "The file comes to you in a direct message.")


def asked_of(work: Work, user: str, ref: Ref, now: datetime) -> Asked:
    """What the figures are of to which a button or a view belongs."""
    choices = choices_of(work, user)
    period = read_period(ref.period, now, choices.team.zone)
    return Asked(period, choices.slice_of(ref.by, ref.key), By(ref.choice) if ref.choice else None)


def choices_of(work: Work, user: str) -> Choices:
    """What there is to slice by."""
    playbook = work.playbook()
    segments = {one.id: one.label for one in playbook.segments}
    models = {one.id: one.label for one in playbook.timing_models}
    return Choices(user, work.settings(), segments, models, lambda: queries.members(work))


def breakdown(work: Work, asked: Asked, by: By, now: datetime) -> list[Row]:
    """The six for each, by name: in an order that ranks nobody."""
    yardstick, names, rows = stored.yardstick(work, now), dict[str, tuple[bool, str]](), list[Row]()
    for key, (tally, waits) in stored.breakdown(work, asked.period, by, asked.of, yardstick).items():
        names[key] = (not key, name_of(work, Slice(by, key)).casefold())
        segment = next((one.key for one in (Slice(by, key), asked.of) if one and one.by is By.SEGMENT), "")
        rows.append((Slice(by, key), tally.closed, figures(tally, waits, yardstick, segment)))
    return sorted(rows, key=lambda row: names[row[0].key])


def name_of(work: Work, one: Slice) -> str:
    """Whose or what the slice is, in plain words."""
    person = work.person(one.key) if one.by in PEOPLE else None
    return person.name if person else one.key


def _draw(work: Work, request: Request, person: Person, asked: Asked) -> list[Block]:
    _demand(work, person, asked)
    if asked.by:
        rows = breakdown(work, asked, asked.by, request.now)
        return breakdown_blocks(asked.period, asked.of, asked.by, rows)
    return metrics_blocks(stored.report(work, asked.period, asked.of, request.now))


def _demand(work: Work, person: Person, asked: Asked) -> None:
    whose = asked.of.key if asked.of and asked.of.by in PEOPLE else None
    demand_figures(person, work.settings(), whose, "" if asked.by in PEOPLE else None)


def _view(blocks: list[Block]) -> View:
    return kit.modal("Figures", blocks, metadata=Ref(below=Id.METRICS_OPEN).pack())


async def _show(click: Click, view: View) -> None:
    """In the place of the figures or the list that was clicked in: above it there is room for a document."""
    if click.view.get("type") == "modal":
        await click.redraw(view)
    else:
        await click.open(view)


async def _read(request: Request, function: Callable[[Work], T]) -> T:
    """One look, which may be at more than can be counted in the time that Slack gives."""
    try:
        return await request.read(function)
    except NotSaved:
        raise Refusal(
            "These figures did not come in the time that Slack gives. Take a shorter stretch, such as "
            "`/handoff metrics 30d`, or the file: it takes its time."
        ) from None
