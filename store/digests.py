"""What the weekly digest asks: whether it was posted, what happened in the week, and what stands now."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Text, and_, case, cast, false, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from bot.digests import AGES, APART, ON_THE_WAY, Slot, Some, Thanks, Uncontacted, next_slots
from bot.errands import Picture
from bot.handoffs import Stage
from bot.periods import Period
from bot.targets import Metric
from bot.teams import Team
from bot.yardsticks import Yardstick
from store.figures import COUNTS, last_due, within
from store.records import to_team
from store.tables import TOLD, UNCONTACTED, deadlines, deals, handoffs, history, messages, teams
from store.work import Work

_FEW = 5
_LATELY = timedelta(days=90)  # in which what was escalated may still wait
_IS_OPEN = text("is_open")  # as the partial index has it, see store/deadlines.py
_IS_TOLD = text(TOLD)  # so have those of the history
_IS_UNCONTACTED = text(UNCONTACTED)  # and of the deals
_IS_INCOMPLETE = text("NOT (completed_at IS NOT NULL)")  # said so that SQLite takes no other index for it


def settled_teams(connection: Connection) -> list[tuple[str, Team]]:
    """Every workspace that has settled something."""
    return [(row.team_id, to_team(row.settings)) for row in connection.execute(select(teams))]


def is_begun(work: Work, slot: Slot) -> bool:
    """Whether there was a digest of this slot, or of another day of the week so near that this one would repeat it."""
    near = (slot.day - APART).isoformat(), (slot.day + APART).isoformat()
    where = (messages.c.team_id == work.team, messages.c.handoff_id == 0, messages.c.picture == Picture.DIGEST)
    close = (messages.c.recipient == "", messages.c.edition > near[0], messages.c.edition < near[1])
    return work.connection.execute(select(messages.c.edition).where(*where, *close).limit(1)).first() is not None


def next_slot(work: Work, team: Team, now: datetime) -> Slot:
    """The one whose digest comes next; perhaps it is late already."""
    return next(slot for slot in next_slots(team, now) if not is_begun(work, slot))


def begin(work: Work, slot: Slot) -> bool:
    """Whether nobody else has begun the digest of this slot, so that it is the caller's."""
    if is_begun(work, slot):
        return False
    insert = (sqlite if work.connection.dialect.name == "sqlite" else postgresql).insert(messages)
    row = {"team_id": work.team, "handoff_id": 0, "picture": Picture.DIGEST.value, "recipient": ""}
    owed = insert.values(row | {"edition": slot.edition, "channel": "", "ts": ""})
    added = work.connection.execute(owed.on_conflict_do_nothing().returning(messages.c.edition))
    return added.first() is not None


# -- what happened


def counted(work: Work, kind: str, by: str, period: Period) -> Counter[str]:
    """How often something of that kind happened in the period, by one fact of it; of an item, by what it is one of."""
    fact = _fact(work, by)
    rows = work.connection.execute(select(fact, func.count()).where(*_told(work, kind, period)).group_by(fact))
    found: Counter[str] = Counter()
    for value, count in rows:
        found[(value or "").partition(".")[0]] += count
    return found


def cold_contacts(work: Work, period: Period) -> int:
    """How often CS contacted a customer before anybody introduced the CSM."""
    return _count(work, "FirstContactMade", period, history.c.data.contains('"cold":"'))


def disappearances(work: Work, period: Period) -> int:
    """How often an AE left a question unanswered after the introduction."""
    return _count(work, "DeadlineMissed", period, history.c.data.contains('"is_disappearance":true'))


def returned_by_ae(work: Work, period: Period) -> dict[str, int]:
    """How many documents were returned to each AE."""
    told = select(history.c.handoff_id).where(*_told(work, "HandoffReturned", period)).subquery()
    same = and_(handoffs.c.id == told.c.handoff_id, handoffs.c.team_id == work.team)
    query = select(handoffs.c.ae, func.count()).select_from(told.join(handoffs, same)).group_by(handoffs.c.ae)
    return {row[0]: row[1] for row in work.connection.execute(query)}


def unprepared(work: Work, period: Period) -> int:
    """How many customers were introduced without an internal meeting before."""
    late = or_(deals.c.met_at.is_(None), deals.c.met_at > deals.c.introduced_at)
    return _deals(work, deals.c.introduced_at, period, late)


def champions_assumed(work: Work, period: Period) -> int:
    """How many documents CS accepted that name no champion."""
    return _deals(work, deals.c.champion_assumed_at, period)


def copies(work: Work, period: Period) -> int:
    """How many documents were sent that say the same as another customer's."""
    other = deals.alias()
    same = (other.c.team_id == deals.c.team_id, other.c.substance == deals.c.substance)
    is_another = (other.c.customer_key != deals.c.customer_key) & or_(
        other.c.domain == "", other.c.domain != deals.c.domain
    )
    has_copied = select(other.c.id).where(*same, is_another).exists()
    return _deals(work, deals.c.documented_at, period, deals.c.substance.is_not(None), has_copied)


def thanks(work: Work, period: Period) -> tuple[list[Thanks], int]:
    """The handoffs completed in the period that went well from beginning to end, the newest first; how many in all."""
    told = (history.c.team_id == deals.c.team_id, history.c.handoff_id == deals.c.handoff_id)
    missed = select(history.c.id).where(*told, history.c.kind == "DeadlineMissed").exists()
    held = (deals.c.met_at.is_not(None), deals.c.introduced_at.is_not(None))
    well = (*held, ~deals.c.is_escalated, deals.c.repeated == "", ~missed, deals.c.csm != "")
    query = select(deals.c.customer, deals.c.ae, deals.c.csm, func.count().over().label("total"))
    query = query.where(deals.c.team_id == work.team, *within(period, deals.c.completed_at), *well)
    rows = work.connection.execute(query.order_by(deals.c.completed_at.desc()).limit(_FEW)).all()
    return [Thanks(row.customer, row.ae, row.csm) for row in rows], rows[0].total if rows else 0


# -- what stands now


def uncontacted(work: Work, yardstick: Yardstick) -> tuple[list[Uncontacted], int]:
    """The customers who wait for CS though it is due, whenever their deals closed, newest first; how many in all."""
    is_due = deals.c.closed_at <= last_due(yardstick, Metric.CONTACT)
    where = (deals.c.team_id == work.team, _IS_UNCONTACTED, _IS_INCOMPLETE, is_due, COUNTS)
    total = work.connection.execute(select(func.count()).select_from(deals).where(*where)).scalar_one()
    same = and_(handoffs.c.team_id == deals.c.team_id, handoffs.c.id == deals.c.handoff_id)
    has_handoff = and_(deals.c.handoff_id.is_not(None), ~deals.c.is_cancelled).label("has_handoff")
    channel = func.coalesce(handoffs.c.channel_id, "").label("channel")
    plain = (deals.c[name] for name in ("customer", "closed_at", "ae", "csm"))
    query = select(has_handoff, channel, *plain).select_from(deals.outerjoin(handoffs, same)).where(*where)
    rows = work.connection.execute(query.order_by(deals.c.closed_at.desc()).limit(_FEW)).mappings()
    return [Uncontacted(**row) for row in rows], total


def overdue_promises(work: Work, kinds: Collection[str], now: datetime) -> Some:
    """The customers to whom promises are overdue (`kinds`: the ids of the rules), those with the most first."""
    count = func.count()
    columns = (handoffs.c.customer, count, func.sum(count).over())
    query = select(*columns).join(handoffs, handoffs.c.id == deadlines.c.handoff_id)
    query = query.where(*_overdue(work, now), _of_kinds(kinds)).group_by(handoffs.c.id, handoffs.c.customer)
    rows = work.connection.execute(query.order_by(count.desc(), handoffs.c.customer).limit(_FEW)).all()
    return Some([(row[0], row[1]) for row in rows], int(rows[0][2]) if rows else 0)


def overdue_by_owner(work: Work, kinds: Collection[str], now: datetime) -> dict[str, int]:
    """How many of these are overdue, by who owes them."""
    query = select(deadlines.c.owner, func.count()).where(*_overdue(work, now), _of_kinds(kinds))
    return {row[0]: row[1] for row in work.connection.execute(query.group_by(deadlines.c.owner))}


def at_risk(work: Work, now: datetime) -> list[int]:
    """The handoffs that wait for the leaders' decision, and those that go on and of which the most is overdue."""
    going_on = handoffs.c.stage.in_([stage.value for stage in ON_THE_WAY])
    most = select(deadlines.c.handoff_id).join(handoffs, handoffs.c.id == deadlines.c.handoff_id)
    most = most.where(*_overdue(work, now), going_on).group_by(deadlines.c.handoff_id)
    most = most.order_by(func.count().desc(), func.min(deadlines.c.due_at)).limit(2 * _FEW)
    kinds = ("EscalationRaised", "EscalationClosed")
    balance = func.sum(case((history.c.kind == kinds[0], 1), else_=-1))
    told = (history.c.team_id == work.team, history.c.kind.in_(kinds), _IS_TOLD, history.c.at > now - _LATELY)
    escalated = select(history.c.handoff_id).where(*told).group_by(history.c.handoff_id).having(balance > 0)
    escalated = escalated.order_by(func.max(history.c.at).desc()).limit(2 * _FEW)
    found = (work.connection.execute(query).scalars() for query in (escalated, most))
    return list(dict.fromkeys(handoff_id for ids in found for handoff_id in ids))


def ageing(work: Work, now: datetime) -> dict[Stage, list[int]]:
    """The handoffs that go on, by their stage and by how long ago the customer signed."""
    since = ((deals.c.closed_at > now - timedelta(days=days), number) for number, days in enumerate(AGES))
    age = case(*since, else_=len(AGES)).label("age")
    going_on = (deals.c.completed_at.is_(None), deals.c.handoff_id.is_not(None), ~deals.c.is_cancelled)
    where = (deals.c.team_id == work.team, deals.c.closed_at <= now, *going_on)
    query = select(handoffs.c.stage, age, func.count()).join(handoffs, handoffs.c.id == deals.c.handoff_id)
    found = {stage: [0] * (len(AGES) + 1) for stage in ON_THE_WAY}
    for stage, number, count in work.connection.execute(query.where(*where).group_by(handoffs.c.stage, "age")):
        if stage in found:
            found[Stage(stage)][number] = count
    return found


def _told(work: Work, kind: str, period: Period) -> tuple[Any, ...]:
    return history.c.team_id == work.team, history.c.kind == kind, *within(period, history.c.at), _IS_TOLD


def _count(work: Work, kind: str, period: Period, where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(history).where(*_told(work, kind, period), where)
    return work.connection.execute(query).scalar_one()


def _deals(work: Work, moment: ColumnElement[Any], period: Period, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(deals).where(deals.c.team_id == work.team, *within(period, moment), *where)
    return work.connection.execute(query).scalar_one()


def _overdue(work: Work, now: datetime) -> tuple[Any, ...]:
    return deadlines.c.team_id == work.team, deadlines.c.due_at < now, _IS_OPEN


def _of_kinds(kinds: Collection[str]) -> ColumnElement[bool]:
    return or_(false(), *(deadlines.c.kind.startswith(f"{kind}.", autoescape=True) for kind in sorted(kinds)))


def _fact(work: Work, name: str) -> ColumnElement[Any]:
    """One fact of what happened."""
    if work.connection.dialect.name == "sqlite":
        return func.json_extract(history.c.data, f"$.{name}", type_=Text)
    fact: ColumnElement[Any] = cast(history.c.data, JSON)[name].as_string()
    return fact
