"""What the App Home asks: a person's handoffs by stage and by page, what is unassigned, what slips."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, text

from bot.customers import customer_key
from bot.handoffs import Stage
from bot.timing import Fact
from store.queries import Page
from store.records import to_handoff
from store.tables import Moment, deadlines, handoffs
from store.work import Work

_MOST_OVERDUE = 20_000  # deadlines: nobody pages through more
GOING_ON = (Stage.RETURNED, Stage.PREPARING, Stage.IN_REVIEW, Stage.ACCEPTED)
_ROW = (handoffs.c.id, handoffs.c.state, handoffs.c.document)
_IS_OPEN = text("is_open")  # as the partial indexes have it, see store/deadlines.py
_FIRST_DUE = (
    # The sum keeps SQLite from going through all that is open anywhere by its moment, to find the first of a handoff.
    select(func.min(literal_column("due_at + 0", Moment)))
    .where(deadlines.c.team_id == handoffs.c.team_id, deadlines.c.handoff_id == handoffs.c.id, _IS_OPEN)
    .scalar_subquery()
)
# As bot.handoffs.Handoff.steps is written; what people typed has its quotation marks escaped, so that it is not found.
_IS_INTRODUCED = handoffs.c.state.contains(f'"{Fact.INTRODUCTION_DONE.value}":{{"by":"', autoescape=True)

Which = ColumnElement[bool]


def sold_by(work: Work, person: str) -> Which:
    """Those of an AE or SE."""
    return or_(*(and_(handoffs.c.team_id == work.team, one == person) for one in (handoffs.c.ae, handoffs.c.se)))


def led_by(work: Work, person: str | None) -> Which:
    """Those of a CSM; None: of nobody yet."""
    return and_(
        handoffs.c.team_id == work.team, handoffs.c.csm.is_(None) if person is None else handoffs.c.csm == person
    )


def at(*stages: Stage) -> Which:
    """Those at these stages."""
    return handoffs.c.stage.in_([stage.value for stage in stages])


def named(words: str) -> Which:
    """Those whose customer's name has these words."""
    return handoffs.c.customer_key.contains(customer_key(words), autoescape=True)


def to_prepare() -> Which:
    """Those that CS has accepted and whose customer does not know the CSM yet."""
    return and_(at(Stage.ACCEPTED), ~_IS_INTRODUCED)


def any_of(work: Work, *which: Which) -> bool:
    """Whether there is one."""
    return work.connection.execute(select(handoffs.c.id).where(*which).limit(1)).first() is not None


def by_stage(work: Work, *which: Which) -> dict[Stage, int]:
    """How many there are at each stage."""
    query = select(handoffs.c.stage, func.count()).where(*which).group_by(handoffs.c.stage)
    return {Stage(stage): count for stage, count in work.connection.execute(query)}


def newest(work: Work, *which: Which, offset: int, limit: int) -> Page:
    """A page of them, the newest first."""
    return _page(work, which, (handoffs.c.id.desc(),), offset, limit)


def most_urgent(work: Work, *which: Which, offset: int = 0, limit: int) -> Page:
    """Those of which something is due first; the eldest first where nothing is."""
    return _page(work, which, (_FIRST_DUE.nulls_last(), handoffs.c.id), offset, limit)


def _page(work: Work, which: Collection[Which], order: tuple[ColumnElement[Any], ...], offset: int, limit: int) -> Page:
    # The ids alone are sorted: handoffs are large, and few of them are shown.
    query = select(handoffs.c.id, func.count().over()).where(*which).order_by(*order)
    return _read_page(work, query.offset(offset).limit(limit))


def _read_page(work: Work, query: Select[Any]) -> Page:
    """The handoffs that `query` finds, as (id, how many there are in all)."""
    found = work.connection.execute(query).all()
    where = (handoffs.c.team_id == work.team, handoffs.c.id.in_([row[0] for row in found]))
    read = {row.id: to_handoff(*row) for row in work.connection.execute(select(*_ROW).where(*where))}
    return Page([read[row[0]] for row in found], found[0][1] if found else 0)


def slipping(work: Work, now: datetime, *, offset: int = 0, limit: int) -> Page:
    """The handoffs of which something is overdue, the longest first."""
    # In this order and with an end, so that PostgreSQL takes the index of what is open: it thinks there is much more.
    where = (deadlines.c.team_id == work.team, deadlines.c.due_at < now, _IS_OPEN)
    overdue = select(deadlines.c.handoff_id, deadlines.c.due_at).where(*where).order_by(deadlines.c.due_at)
    late = overdue.limit(_MOST_OVERDUE).subquery()
    query = select(late.c.handoff_id, func.count().over()).group_by(late.c.handoff_id)
    return _read_page(work, query.order_by(func.min(late.c.due_at), late.c.handoff_id).offset(offset).limit(limit))


def overdue_of(work: Work, people: Collection[str], now: datetime) -> dict[str, int]:
    """How many things each of these people owes too late."""
    where = (deadlines.c.team_id == work.team, deadlines.c.owner.in_(people), deadlines.c.due_at < now, _IS_OPEN)
    query = select(deadlines.c.owner, func.count()).where(*where).group_by(deadlines.c.owner)
    return dict(work.connection.execute(query).all())
