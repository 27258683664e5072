"""The counts behind the figures, asked of the deals: whatever the stretch of time and the slice, a few questions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, literal_column, or_, select

from bot.metrics import By, Clock, Report, Slice, Tally, Yardstick, figures, spread
from bot.periods import Period
from bot.targets import Metric
from store.tables import deals
from store.work import Work

_KEYS = {By.AE: deals.c.ae, By.CSM: deals.c.csm, By.SEGMENT: deals.c.segment, By.TIMING: deals.c.timing_model}
# What a cancelled handoff leaves is no deal, unless the CRM calls it closed.
COUNTS = ~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None)
MOMENTS = {"closed": deals.c.closed_at, "introduced": deals.c.introduced_at, "scored": deals.c.scored_at}
MOMENTS |= {"completed": deals.c.completed_at}
ALL = ""  # the key of what is not sliced


def yardstick(work: Work, now: datetime) -> Yardstick:
    """By today's practice and the workspace's calendar."""
    playbook = work.playbook()
    return Yardstick.of(playbook.metrics, [segment.id for segment in playbook.segments], work.settings(), now)


def report(work: Work, period: Period, of: Slice | None, now: datetime) -> Report:
    """The six figures of the period with all that puts them into proportion."""
    by, segment = yardstick(work, now), of.key if of and of.by is By.SEGMENT else ""
    sections = [section.id for section in work.playbook().sections]
    earlier, tally = tallies(work, [period.before, period], by, of, sections=sections)[ALL]
    told = {clock: waits(work, period, clock, of) for clock in Clock}
    return Report(
        period=period,
        of=of,
        yardstick=by,
        tally=tally,
        figures=figures(tally, told[by.clock], by, segment),
        before=figures(earlier, waits(work, period.before, by.clock, of), by, segment),
        waits={clock: spread(tally, told[clock], clock) for clock in Clock},
        weeks=tallies(work, period.weeks, by, of)[ALL],
    )


def tallies(
    work: Work,
    periods: Sequence[Period],
    yardstick: Yardstick,
    of: Slice | None = None,
    *,
    by: By | None = None,
    sections: Sequence[str] = (),
) -> dict[str, list[Tally]]:
    """For each key of the slicing `by` (ALL without) a tally for each period; the periods follow on each other.

    `sections`: of these it is counted how often a customer had to explain them again.
    """
    found: dict[str, list[Tally]] = {} if by else {ALL: [Tally() for _ in periods]}
    for what, moment in MOMENTS.items():
        sums = _sums(what, yardstick, sections)
        stretch = _stretch(moment, periods)
        key = _KEYS[by] if by else literal_column("''")
        where = [deals.c.team_id == work.team, moment >= periods[0].starts_at, moment < periods[-1].ends_at]
        query = select(stretch.label("stretch"), key.label("key"), *sums).where(*where, *sliced(of))
        for row in work.connection.execute(query.group_by("stretch", "key") if by or len(periods) > 1 else query):
            if row.stretch is None:
                continue
            counts = {name: value or 0 for name, value in row._mapping.items() if name not in ("stretch", "key")}
            told = {name: counts.pop(f"section_{name}") for name in sections} if what == "introduced" else {}
            tally = found.setdefault(row.key, [Tally() for _ in periods])
            news: dict[str, Any] = {**counts, **({"sections": {k: v for k, v in told.items() if v}} if told else {})}
            tally[row.stretch] = replace(tally[row.stretch], **news)
    return found


def breakdown(
    work: Work, period: Period, by: By, of: Slice | None, yardstick: Yardstick
) -> dict[str, tuple[Tally, list[tuple[int, int]]]]:
    """The counts and the waits of the period for each key of the slicing `by`; each team's is of all its deals."""
    clock = yardstick.clock
    if by is By.TEAM:
        slices = [Slice(by, group.name, group.people) for group in work.settings().groups]
        counted = {one.key: tallies(work, [period], yardstick, one)[ALL][0] for one in slices}
        return {one.key: (counted[one.key], waits(work, period, clock, one)) for one in slices}
    found = {
        key: (counts[0], list[tuple[int, int]]())
        for key, counts in tallies(work, [period], yardstick, of, by=by).items()
    }
    key, (column, where) = _KEYS[by], _waited(work, period, clock, of)
    for one, minutes, count in work.connection.execute(
        select(key, column, func.count()).where(*where).group_by(key, column).order_by(key, column)
    ):
        found[one][1].append((minutes, count))
    return found


def waits(work: Work, period: Period, clock: Clock, of: Slice | None = None) -> list[tuple[int, int]]:
    """How long the customers of deals closed in the period waited, as (minutes, how many), the shortest first."""
    column, where = _waited(work, period, clock, of)
    rows = work.connection.execute(select(column, func.count()).where(*where).group_by(column).order_by(column))
    return [(minutes, count) for minutes, count in rows]


def _waited(work: Work, period: Period, clock: Clock, of: Slice | None) -> tuple[Any, list[ColumnElement[bool]]]:
    column = deals.c[f"wait_{clock}"]
    mine = [deals.c.team_id == work.team, column.is_not(None), COUNTS, *sliced(of)]
    return column, [*mine, *within(period, deals.c.closed_at)]


def within(period: Period, moment: ColumnElement[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the moment lies in the period."""
    return moment >= period.starts_at, moment < period.ends_at


def sliced(of: Slice | None) -> list[ColumnElement[bool]]:
    """Whether the deal is of the slice."""
    if of is None:
        return []
    if of.by is By.TEAM:
        people = list(of.people)
        return [or_(deals.c.ae.in_(people), deals.c.csm.in_(people)) if people else false()]
    return [_KEYS[of.by] == of.key]


def _stretch(moment: ColumnElement[Any], periods: Sequence[Period]) -> ColumnElement[Any]:
    """The number of the period in which the moment lies."""
    if len(periods) == 1:
        return literal_column("0")
    return case(*((moment < period.ends_at, literal_column(str(n))) for n, period in enumerate(periods)))


def _sums(what: str, yardstick: Yardstick, sections: Sequence[str]) -> list[ColumnElement[Any]]:
    conditions: Mapping[str, ColumnElement[bool]]
    match what:
        case "closed":
            conditions = _of_closed(yardstick)
        case "introduced":
            repeated = {f"section_{one}": deals.c.repeated.contains(f",{one},", autoescape=True) for one in sections}
            conditions = {"introduced": deals.c.id > 0, "unheard": deals.c.heard_at.is_(None)}
            conditions |= {"repeated": deals.c.repeated != "", **repeated}
        case "scored":
            points = func.coalesce(func.sum(deals.c.score), 0)
            return [func.count().label("scored"), points.label("points")]
        case _:
            conditions = {"completed": deals.c.id > 0, "smooth": ~deals.c.is_escalated}
    return [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions.items()]


def _of_closed(yardstick: Yardstick) -> dict[str, ColumnElement[bool]]:
    def undone(done: ColumnElement[Any], metric: Metric) -> ColumnElement[bool]:
        since = {one: yardstick.not_due_since(metric, one) for one in ("", *yardstick.segments)}
        return and_(COUNTS, done.is_(None), deals.c.closed_at > by_segment(since, deals.c.closed_at.type))

    def quick(clock: Clock) -> ColumnElement[bool]:
        limits = {one: yardstick.limit(clock, one) for one in ("", *yardstick.segments)}
        return and_(COUNTS, deals.c[f"wait_{clock}"] < by_segment(limits))

    late = and_(
        deals.c.handoff_id.is_not(None),
        ~deals.c.is_cancelled,
        or_(deals.c.csm_named_at > deals.c.closed_at, deals.c.csm == ""),
    )
    return {
        "closed": COUNTS,
        "cancelled": ~COUNTS,
        "without_handoff": and_(COUNTS, or_(deals.c.handoff_id.is_(None), deals.c.is_cancelled)),
        "documented": and_(COUNTS, deals.c.documented_at.is_not(None)),
        "document_not_due": undone(deals.c.documented_at, Metric.DOCUMENT),
        "met": and_(COUNTS, deals.c.met_at.is_not(None)),
        "meeting_not_due": undone(deals.c.met_at, Metric.MEETING),
        "contacted": and_(COUNTS, deals.c.contacted_at.is_not(None)),
        "contact_not_due": undone(deals.c.contacted_at, Metric.CONTACT),
        **{f"within_{clock}": quick(clock) for clock in Clock},
        "unnamed_at_close": and_(COUNTS, late),
    }


def by_segment(values: Mapping[str, Any], kind: Any = None) -> ColumnElement[Any]:
    """The value of the deal's segment, and of "" for any other."""
    usual = literal(values[""], kind) if kind is not None else literal(values[""])
    others = {segment: value for segment, value in values.items() if value != values[""]}
    if not others:
        return usual
    return case(
        *(
            (deals.c.segment == segment, literal(value, kind) if kind is not None else literal(value))
            for segment, value in others.items()
        ),
        else_=usual,
    )
