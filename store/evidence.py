"""The deals behind a figure, page by page; and all that a spreadsheet of them holds, a few at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from bot.evidence import Deal, Evidence, Group
from bot.metrics import Slice
from bot.periods import Period
from bot.permissions import may_overview
from bot.slices import Asked
from bot.targets import Metric
from bot.yardsticks import Clock, Yardstick
from store.figures import COUNTS, MOMENTS, by_segment, last_due, longest_wait, sliced, within
from store.tables import deals, handoffs
from store.work import Work

PER_PAGE = 10
_WAITS = {clock: deals.c[f"wait_{clock}"] for clock in Clock}
_DONE = {Metric.DOCUMENT: deals.c.documented_at, Metric.MEETING: deals.c.met_at, Metric.CONTACT: deals.c.contacted_at}
_MOMENT = dict.fromkeys(_DONE, deals.c.closed_at) | {
    Metric.REPEAT: deals.c.introduced_at,
    Metric.SATISFACTION: deals.c.scored_at,
    Metric.SMOOTH: deals.c.completed_at,
}
_WITH_HANDOFF = deals.outerjoin(
    handoffs, and_(handoffs.c.team_id == deals.c.team_id, handoffs.c.id == deals.c.handoff_id)
)
_COLUMNS = (
    *(
        column
        for column in deals.c
        if column.name not in ("team_id", "external_id", "customer_key", "domain", "crm_customer")
    ),
    handoffs.c.channel_id,
)


def evidence(work: Work, metric: Metric, yardstick: Yardstick, asked: Asked, reader: str, page: int) -> Evidence:
    """A page of the deals behind one figure, those that `reader` may read: the ones that hurt first."""
    group, readable = _group(metric, yardstick).label("side"), _readable(work, reader)
    where = [deals.c.team_id == work.team, *within(asked.period, _MOMENT[metric]), *sliced(asked.of)]
    counted = select(group, func.count(), func.sum(case((readable, 1), else_=0))).where(*where).group_by("side")
    counts = {Group(side): (total, seen) for side, total, seen in work.connection.execute(counted)}
    worst = _worst(metric, yardstick)
    query = select(*_COLUMNS, group).select_from(_WITH_HANDOFF).where(*where, readable)
    ordered = query.order_by("side", *worst, _MOMENT[metric], deals.c.id)
    rows = work.connection.execute(ordered.offset(page * PER_PAGE).limit(PER_PAGE)).all()
    seen = sum(seen for _, seen in counts.values())
    return Evidence(
        deals=[(Group(row.side), _deal(row)) for row in rows],
        totals={side: total for side, (total, _) in sorted(counts.items())},
        hidden=sum(total for total, _ in counts.values()) - seen,
        page=page,
        more=(page + 1) * PER_PAGE < seen,
    )


def more_than(work: Work, asked: Asked, most: int) -> bool:
    """Whether more than so many deals closed in the period."""
    mine = (deals.c.team_id == work.team, *within(asked.period, deals.c.closed_at), *sliced(asked.of))
    return work.connection.execute(select(deals.c.id).where(*mine).offset(most).limit(1)).first() is not None


def ids_of(work: Work, period: Period, of: Slice | None, reader: str) -> list[int]:
    """The deals that any figure of the period tells of and `reader` may read."""
    seen = list[int]()
    for moment in MOMENTS.values():
        where = (deals.c.team_id == work.team, *within(period, moment), _readable(work, reader), *sliced(of))
        seen += work.connection.execute(select(deals.c.id).where(*where).order_by(moment, deals.c.id)).scalars()
    return list(dict.fromkeys(seen))


def deals_of(work: Work, ids: Sequence[int]) -> list[Deal]:
    """These deals, in this order."""
    query = select(*_COLUMNS).select_from(_WITH_HANDOFF).where(deals.c.team_id == work.team, deals.c.id.in_(ids))
    found = {row.id: _deal(row) for row in work.connection.execute(query)}
    return [found[one] for one in ids if one in found]


def _readable(work: Work, reader: str) -> ColumnElement[bool]:
    """CS and the leaders read every handoff; who else asks for figures reads those that are theirs. Deals without a
    handoff are listed to whoever may open `/handoff deals`."""
    team = work.settings()
    if not team.cs_team or reader in team.cs_team:
        return true()
    listed = [deals.c.handoff_id.is_(None)] if may_overview(work.person(reader), team) else []
    return or_(deals.c.ae == reader, deals.c.csm == reader, *listed)


def _group(metric: Metric, yardstick: Yardstick) -> ColumnElement[int]:
    """On which side of the line the deal stands."""
    missed: ColumnElement[bool]
    left_out: ColumnElement[bool] = false()
    if (done := _DONE.get(metric)) is not None:
        not_due = and_(done.is_(None), deals.c.closed_at > last_due(yardstick, metric))
        left_out = or_(~COUNTS, not_due)
        missed = done.is_(None)
        if metric is Metric.CONTACT:
            wait = _WAITS[yardstick.clock]
            missed = or_(missed, wait.is_(None), wait >= longest_wait(yardstick, yardstick.clock))
    elif metric is Metric.REPEAT:
        missed = deals.c.repeated != ""
    elif metric is Metric.SATISFACTION:
        target, best = yardstick.metrics.target(metric), metric.most
        at_most = {one: target.of(one) for one in ("", *yardstick.segments)}
        missed = and_(deals.c.score <= by_segment(at_most), deals.c.score < best)
    else:
        missed = deals.c.is_escalated
    return case((left_out, Group.LEFT_OUT.value), (missed, Group.MISSED.value), else_=Group.DONE.value)


def _worst(metric: Metric, yardstick: Yardstick) -> list[ColumnElement[Any]]:
    """What stands first within its group."""
    if metric is Metric.CONTACT:
        wait = _WAITS[yardstick.clock]
        return [wait.is_not(None), wait.desc()]
    if metric is Metric.REPEAT:
        return [func.length(deals.c.repeated).desc(), deals.c.heard_at.is_not(None)]
    return [deals.c.score] if metric is Metric.SATISFACTION else []


def _deal(row: Any) -> Deal:
    told = row._mapping
    return Deal(
        waits={clock: told[column.name] for clock, column in _WAITS.items()},
        repeated=tuple(filter(None, row.repeated.split(","))),
        handoff=row.handoff_id or 0,
        channel=row.channel_id or "",
        **{name: told[name] for name in _PLAIN},
    )


_PLAIN = Deal.__dataclass_fields__.keys() - {"waits", "repeated", "handoff", "channel"}
