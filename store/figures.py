"""The counts behind the figures, asked of the deals: whatever the stretch of time and the slice, a few questions."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, column, false, func, literal, or_, select, values

from bot.metrics import By, Counts, Report, Slice, Summary, Tally, figures, segment_of, spread
from bot.periods import Period
from bot.playbook import labels_of
from bot.targets import Metric
from bot.yardsticks import Clock, Yardstick
from store.tables import deals
from store.work import Work

_KEYS = {By.AE: deals.c.ae, By.CSM: deals.c.csm, By.SEGMENT: deals.c.segment, By.TIMING: deals.c.timing_model}
# What a cancelled handoff leaves is no deal, unless the CRM calls it closed.
COUNTS = ~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None)
MOMENTS = {"closed": deals.c.closed_at, "introduced": deals.c.introduced_at, "scored": deals.c.scored_at}
MOMENTS |= {"completed": deals.c.completed_at}
ALL = ""  # the key of what is not sliced
_ALL = func.count()
_AT_ONCE = 92  # days of waits that SQLite sorts in memory
_STARTS, _ENDS = (bindparam(name, type_=deals.c.closed_at.type) for name in ("starts", "ends"))


def yardstick(work: Work, now: datetime) -> Yardstick:
    """By today's practice and the workspace's calendar."""
    playbook = work.playbook()
    return Yardstick.of(playbook.metrics, labels_of(playbook.segments), work.settings(), now)


def report(work: Work, period: Period, of: Slice | None, now: datetime) -> Report:
    """The six figures of the period with all that puts them into proportion."""
    by, segment = yardstick(work, now), segment_of(of)
    found, earlier = counted(work, period, of, by, tuple(Clock)), counted(work, period.before, of, by, (by.clock,))
    return Report(
        period=period,
        of=of,
        yardstick=by,
        tally=found.tally,
        figures=figures(found.tally, found.waits[by.clock], by, segment),
        before=figures(earlier.tally, earlier.waits[by.clock], by, segment),
        waits={clock: spread(found.tally, some, clock, by) for clock, some in found.waits.items()},
        weeks=tallies(work, period.weeks, by, of)[ALL],
    )


def summary(work: Work, period: Period, now: datetime) -> Summary:
    """The six figures of all deals of the period, and nothing beside them."""
    by = yardstick(work, now)
    found = counted(work, period, None, by, (by.clock,))
    return Summary(period, None, by, found.tally, figures(found.tally, found.waits[by.clock], by))


def counted(work: Work, period: Period, of: Slice | None, yardstick: Yardstick, clocks: Sequence[Clock]) -> Counts:
    """The counts of the period with its sections, and the waits by some clocks."""
    (tally,) = tallies(work, [period], yardstick, of)[ALL]
    tally = replace(tally, sections=_explained_again(work, period, of))
    return Counts(tally, {clock: waits(work, period, clock, of) for clock in clocks})


def tallies(
    work: Work, periods: Sequence[Period], yardstick: Yardstick, of: Slice | None = None, *, by: By | None = None
) -> dict[str, list[Tally]]:
    """For each key of the slicing `by` (ALL without) a tally for each period, without its sections."""
    found: dict[str, list[Tally]] = {} if by else {ALL: [Tally() for _ in periods]}
    for what, moment in MOMENTS.items():
        mine = (deals.c.team_id == work.team, moment >= _STARTS, moment < _ENDS, *sliced(of))
        query = select(*_counts(what, yardstick)).where(*mine)
        if by:
            query = query.add_columns(_KEYS[by].label("key")).group_by("key")
        for number, period in enumerate(periods):
            # A question for each: to put a million rows into groups takes much longer than to count them.
            for row in work.connection.execute(query, _ends(period)).mappings():
                counts: dict[str, Any] = {name: value or 0 for name, value in row.items() if name != "key"}
                tally = found.setdefault(row.get("key", ALL), [Tally() for _ in periods])
                tally[number] = replace(tally[number], **counts)
    return found


def _explained_again(work: Work, period: Period, of: Slice | None) -> dict[str, int]:
    """In how many handoffs introduced in the period the customer had to explain each section again."""
    mine = (deals.c.team_id == work.team, *within(period, deals.c.introduced_at), deals.c.repeated != "", *sliced(of))
    rows = work.connection.execute(select(deals.c.repeated, func.count()).where(*mine).group_by(deals.c.repeated))
    found = Counter[str]()
    for together, count in rows:
        found.update(dict.fromkeys(together.strip(",").split(","), count))
    return {section.id: found[section.id] for section in work.playbook().sections if found[section.id]}


def breakdown(work: Work, period: Period, by: By, of: Slice | None, yardstick: Yardstick) -> dict[str, Counts]:
    """The counts of the period for each key of the slicing `by`, without sections; each team's is of all its deals."""
    clock = yardstick.clock
    if by is By.TEAM:
        slices = [Slice(by, group.name, group.people) for group in work.settings().groups]
        return {one.key: counted(work, period, one, yardstick, (clock,)) for one in slices}
    waited = defaultdict[str, list[tuple[int, int]]](list)
    key, (column, where) = _KEYS[by], _waited(work, clock, of)
    query = select(key, column, func.count()).where(*where).group_by(key, column).order_by(key, column)
    for one, minutes, count in work.connection.execute(query, _ends(period)):
        waited[one].append((minutes, count))
    # Whoever has waited is counted: what came between the two questions is in the second.
    found = tallies(work, [period], yardstick, of, by=by)
    return {one: Counts(tally, {clock: waited[one]}) for one, (tally,) in found.items()}


def waits(work: Work, period: Period, clock: Clock, of: Slice | None = None) -> list[tuple[int, int]]:
    """How long the customers of deals closed in the period waited, as (minutes, how many), the shortest first."""
    column, where = _waited(work, clock, of)
    query = select(column, func.count()).where(*where).group_by(column)
    found = Counter[int]()
    for part in period.parts(_AT_ONCE):
        for minutes, count in work.connection.execute(query, _ends(part)):
            found[minutes] += count
    return sorted(found.items())


def _waited(work: Work, clock: Clock, of: Slice | None) -> tuple[Any, list[ColumnElement[bool]]]:
    column, closed_at = deals.c[f"wait_{clock}"], deals.c.closed_at
    mine = [deals.c.team_id == work.team, closed_at >= _STARTS, closed_at < _ENDS, *sliced(of)]
    return column, [*mine, column.is_not(None)]


def _ends(period: Period) -> dict[str, datetime]:
    return {"starts": period.starts_at, "ends": period.ends_at}


def within(period: Period, moment: ColumnElement[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether the moment lies in the period."""
    return moment >= period.starts_at, moment < period.ends_at


def sliced(of: Slice | None) -> list[ColumnElement[bool]]:
    """Whether the deal is of the slice."""
    if of is None:
        return []
    if of.by is By.TEAM:
        if not of.people:
            return [false()]
        # As a table, which PostgreSQL looks up; a list it goes through from end to end for each deal.
        people = values(column("id", Text)).data([(person,) for person in of.people]).cte("people")
        chosen = select(people.c.id)
        return [or_(deals.c.ae.in_(chosen), deals.c.csm.in_(chosen))]
    return [_KEYS[of.by] == of.key]


def _counts(what: str, yardstick: Yardstick) -> list[ColumnElement[Any]]:
    match what:
        case "closed":
            counts = _of_closed(yardstick)
        case "introduced":
            counts = {"introduced": _ALL, "unheard": _where(deals.c.heard_at.is_(None))}
            counts["repeated"] = _where(deals.c.repeated != "")
        case "scored":
            counts = {"scored": _ALL, "points": func.sum(deals.c.score)}
        case _:
            counts = {"completed": _ALL, "smooth": _where(~deals.c.is_escalated)}
    return [count.label(name) for name, count in counts.items()]


def _of_closed(yardstick: Yardstick) -> dict[str, ColumnElement[int]]:
    """What was done is null where the handoff is cancelled."""

    def undone(done: ColumnElement[Any], metric: Metric, by: Yardstick = yardstick) -> ColumnElement[int]:
        return _where(and_(deals.c.closed_at > last_due(by, metric), done.is_(None), COUNTS))

    def unstarted(metric: Metric) -> ColumnElement[int]:
        return _where(and_(deals.c.closed_at <= last_due(yardstick, metric), has_none, COUNTS))

    def quick(clock: Clock) -> ColumnElement[int]:
        return _where(deals.c[f"wait_{clock}"] < longest_wait(yardstick, clock))

    has_none = or_(deals.c.handoff_id.is_(None), deals.c.is_cancelled)
    return {
        "closed": _where(COUNTS),
        "cancelled": _where(~COUNTS),
        "without_handoff": _where(and_(has_none, COUNTS)),
        "documented": func.count(deals.c.documented_at),
        "document_not_due": undone(deals.c.documented_at, Metric.DOCUMENT),
        "document_unstarted": unstarted(Metric.DOCUMENT),
        "met": func.count(deals.c.met_at),
        "meeting_not_due": undone(deals.c.met_at, Metric.MEETING),
        "meeting_unstarted": unstarted(Metric.MEETING),
        "contacted": func.count(deals.c.contacted_at),
        "contact_not_due": undone(deals.c.contacted_at, Metric.CONTACT),
        "contact_not_due_otherwise": undone(deals.c.contacted_at, Metric.CONTACT, yardstick.otherwise),
        "contact_unstarted": unstarted(Metric.CONTACT),
        **{f"within_{clock}": quick(clock) for clock in Clock},
        "unnamed_at_close": _where(
            and_(or_(deals.c.csm == "", deals.c.csm_named_at > deals.c.closed_at), ~has_none),
        ),
    }


def _where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows are so."""
    return func.count().filter(condition)


def last_due(yardstick: Yardstick, metric: Metric) -> ColumnElement[Any]:
    """What closed after this moment is not due yet."""
    since = {one: yardstick.not_due_since(metric, one) for one in ("", *yardstick.segments)}
    return by_segment(since, deals.c.closed_at.type)


def longest_wait(yardstick: Yardstick, clock: Clock) -> ColumnElement[Any]:
    """The minutes within which the customer should be contacted."""
    return by_segment({one: yardstick.limit(clock, one) for one in ("", *yardstick.segments)})


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
