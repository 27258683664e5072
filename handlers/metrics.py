"""`/handoff metrics`: the six figures, the deals behind each, and both as files."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from blocks import kit
from blocks.breakdowns import EVERYTHING, Row, breakdown_blocks, choose_view
from blocks.evidence import evidence_view
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.metrics import late_blocks, metrics_blocks
from bot.errands import Errand, Kind
from bot.metrics import By, Slice, figures, segment_of
from bot.periods import read_period
from bot.permissions import demand_figures, may_see_figures, may_see_people
from bot.playbook import labels_of
from bot.refusals import Refusal
from bot.slices import PEOPLE, Asked, Choices, read_asked
from bot.targets import Metric
from handlers.pages import page, tell
from handlers.requests import Click, Command, Form, Request
from handlers.workspaces import known_person
from store import figures as stored
from store import queries
from store.database import NotSaved
from store.evidence import evidence, more_than
from store.work import Work

_MOST = 20_000  # deals of one file: some megabytes
_BOTH = "Choose one of these only."
_AGAIN_SECONDS = 10  # in which the same file is not sent twice
_TOO_LONG = "This list did not come in the time that Slack gives. Take a shorter stretch, or the file of handoffs."


async def told(command: Command, typed: str) -> list[Block]:
    """What `/handoff metrics [period] [slice]` answers."""

    def asked(work: Work) -> Asked:
        return read_asked(typed, choices_of(work, command.user), command.now)

    return [kit.header("Figures"), *await _figures(command, asked)]


async def open_figures(click: Click) -> None:
    """The figures that a button is about."""
    blocks = await _figures(click, lambda work: asked_of(work, click.user, click.ref, click.now))
    await _show(click, _view(blocks))


async def open_choice(click: Click) -> None:
    """The form for other days or others' deals."""
    person = await known_person(click.desk, click.team, click.user)

    def draw(work: Work) -> View:
        demand_figures(person, work.settings())
        choices = choices_of(work, click.user)
        named = {by: choices.named(by) for by in By if by not in PEOPLE}
        named[By.TEAM] = by_name(work, By.TEAM, named[By.TEAM], click.user)
        sees_people, over = may_see_people(click.user, work.settings()), click.view.get("type") == "modal"
        return choose_view(named, may_see_people=sees_people, ref=click.ref, over_figures=over)

    await _show(click, await click.read(draw))


async def show(form: Form) -> dict[str, Any]:
    """The figures that the form asks for, in its place."""
    typed = form.answers
    chosen = {name: typed.get(name, "") for name in ("slice", *PEOPLE) if typed.get(name, "") not in ("", EVERYTHING)}
    if len(chosen) > 1:
        raise Refusal(_BOTH, dict.fromkeys(chosen, _BOTH))
    by, _, key = next((one if name == "slice" else f"{name}:{one}" for name, one in chosen.items()), "").partition(":")

    def asked(work: Work) -> Asked:
        choices = choices_of(work, form.user)
        try:
            period = read_period(typed.get("other") or typed.get("period", ""), form.now, choices.team.zone)
        except Refusal as refusal:
            raise Refusal(refusal.words, {"other": refusal.words}) from None
        return Asked(period, choices.slice_of(by, form.user if key == "me" else key))

    return {"response_action": "update", "view": _view(await _figures(form, asked))}


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
        demand_figures(person, work.settings(), asked.of, asked.by)
        report = stored.report(work, asked.period, asked.of, request.now)
        found = evidence(work, metric, report.yardstick, asked, request.user, request.ref.page)
        return evidence_view(report, metric, found, {one.id: one.label for one in work.playbook().sections})

    try:
        return await request.read(look)
    except NotSaved:
        raise Refusal(_TOO_LONG) from None


async def export(click: Click) -> None:
    """Send the handoffs, or the figures, as a file for a spreadsheet by DM."""
    person = await known_person(click.desk, click.team, click.user)

    def check(work: Work) -> None:
        asked = asked_of(work, click.user, click.ref, click.now)
        demand_figures(person, work.settings(), asked.of, asked.by)
        if click.action == Id.HANDOFFS_EXPORT and more_than(work, asked, _MOST):
            raise Refusal(f"One file takes {_MOST:,} deals, and these are more. Take a shorter period or a slice.")

    def send(work: Work) -> None:
        about = {"person": click.user, "what": click.action, "asked": click.ref.pack()}
        turn = int(click.now.timestamp()) // _AGAIN_SECONDS
        presses = (f"{':'.join(about.values())}:{one}" for one in (turn - 1, turn))
        if not all(work.first_time(press, click.now) for press in presses):
            return  # it is on its way, or has just come
        work.post([Errand(Kind.SEND_FIGURES, f"person:{click.user}", about, merges=True)], click.now)

    await click.read(check)
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
    segments, models = labels_of(playbook.segments), labels_of(playbook.timing_models)
    return Choices(user, work.settings(), segments, models, lambda: queries.members(work))


def by_name(work: Work, by: By, keys: Iterable[str], reader: str) -> dict[str, str]:
    """Key -> name of those whose figures `reader` may see, in an order that ranks nobody; what is nobody's is last."""
    team = work.settings()
    people = {group.name: group.people for group in team.groups}
    shown = (key for key in keys if may_see_figures(reader, team, Slice(by, key, people.get(key, ()))))
    names = {key: name_of(work, Slice(by, key)) for key in shown}
    return dict(sorted(names.items(), key=lambda one: (not one[0], one[1].casefold())))


def name_of(work: Work, one: Slice) -> str:
    """Whose or what the slice is, in plain words."""
    person = work.person(one.key) if one.by in PEOPLE else None
    return person.name if person else one.key


async def _figures(request: Request, ask: Callable[[Work], Asked]) -> list[Block]:
    """What a person asks for; where that is more than can be counted in the time that Slack gives, the way to the
    file."""
    person = await known_person(request.desk, request.team, request.user)

    def check(work: Work) -> Asked:
        asked = ask(work)
        demand_figures(person, work.settings(), asked.of, asked.by)
        return asked

    asked = await request.read(check)
    try:
        return await request.read(lambda work: _draw(work, request, asked))
    except NotSaved:
        return late_blocks(asked.period, asked.of, asked.by)


def _draw(work: Work, request: Request, asked: Asked) -> list[Block]:
    if asked.by is None:
        return metrics_blocks(stored.report(work, asked.period, asked.of, request.now))
    yardstick, rows = stored.yardstick(work, request.now), list[Row]()
    counted = stored.breakdown(work, asked.period, asked.by, asked.of, yardstick)
    playbook = work.playbook()
    labels = {By.SEGMENT: labels_of(playbook.segments), By.TIMING: labels_of(playbook.timing_models)}
    for key in by_name(work, asked.by, counted, request.user):
        one, counts = Slice(asked.by, key, label=labels.get(asked.by, {}).get(key, "")), counted[key]
        found = figures(counts.tally, counts.waits[yardstick.clock], yardstick, segment_of(one, asked.of))
        rows.append((one, counts.tally.closed, found))
    return breakdown_blocks(asked.period, asked.of, asked.by, rows)


def _view(blocks: list[Block]) -> View:
    return kit.modal("Figures", blocks, metadata=Ref(below=Id.METRICS_OPEN).pack())


async def _show(click: Click, view: View) -> None:
    """In the place of the figures or the list that was clicked in: above it there is room for a document."""
    if click.view.get("type") == "modal":
        await click.redraw(view)
    else:
        await click.open(view)
