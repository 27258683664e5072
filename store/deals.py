"""Deals in the database: one row for each, kept beside its handoff; and those that only the CRM knows of."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, func, insert, select, text, update

from bot.customers import customer_key, web_domain
from bot.deals import Waiting
from bot.imports import Closed
from bot.outcomes import Outcome, Wait
from store import matches
from store.matches import SAME_DAY, WAITS, Deal, Ledger, News
from store.tables import UNTOLD, deals, handoffs, history

_MINUTE = timedelta(minutes=1)
_UNTOLD = text(UNTOLD)
# Not by team: SQLite would read all of the team's deals, by another index.
_ALL_UNTOLD = select(deals.c.team_id, deals.c.handoff_id).where(_UNTOLD, deals.c.handoff_id.is_not(None))
_CLOSED = (~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None)) & deals.c.closed_at.is_not(None)
_NO_HANDOFF = deals.c.handoff_id.is_(None) | deals.c.is_cancelled
_WAITING = select(*(deals.c[name] for name in Waiting.__dataclass_fields__)).where(_CLOSED, _NO_HANDOFF)


def hold(connection: Connection, team: str, outcomes: Iterable[Outcome]) -> None:
    """Nobody else changes the deals of these customers until this transaction ends."""
    rows = (_of_handoff(outcome) for outcome in outcomes)
    matches.hold(connection, team, (row[name] for row in rows for name in ("customer_key", "domain")))


def put(connection: Connection, team: str, handoff_id: int, outcome: Outcome) -> datetime | None:
    """Write what a handoff comes to, whose customer is held. It takes up the deal that waits for it, if the CRM has
    told of one. Returns the close from which the customer waited, if it is not known how long."""
    row = _of_handoff(outcome)
    facts = {f"new_{name}": value for name, value in row.items()}
    known = connection.execute(_put(tuple(row)), {"team": team, "handoff": handoff_id, **facts}).one_or_none()
    if known is None:
        new = {"team_id": team, "handoff_id": handoff_id, "closed_at": outcome.signed_at, **row}
        connection.execute(insert(deals).values(new))
    if not (outcome.is_cancelled or _is_told(outcome, known.crm_closed_at if known else None)):
        ledger = Ledger(connection, team, {row["customer_key"]}, {row["domain"]})
        ledger.pair()
        ledger.write(connection, team)
    if outcome.contacted_at is None:
        return None
    untold = select(deals.c.closed_at).where(deals.c.team_id == team, deals.c.handoff_id == handoff_id, _UNTOLD)
    return connection.execute(untold).scalar()


def tell(connection: Connection, team: str, handoff_id: int, wait: Wait | None) -> None:
    """Write how long the customer waited, in whole minutes."""
    minutes = {column: getattr(wait, clock) // _MINUTE if wait else None for clock, column in WAITS.items()}
    connection.execute(update(deals).where(deals.c.team_id == team, deals.c.handoff_id == handoff_id).values(minutes))


def is_written(connection: Connection, team: str, handoff_id: int, outcome: Outcome) -> bool:
    """Whether the deal of a handoff says what the handoff comes to."""
    query = select(deals.c.id).where(deals.c.team_id == team, deals.c.handoff_id == handoff_id)
    return connection.execute(query.where(*_same(_of_handoff(outcome)))).first() is not None


def learn(connection: Connection, team: str, *told: Closed) -> list[News]:
    """Keep what the CRM says of each of these deals; what a handoff says of the same deal goes before."""
    words = [_of_crm(closed) for closed in told]
    ids = {word.external_id for word in words if word.external_id}
    is_known = deals.c.external_id.in_(matches.these(connection.dialect.name, "ids"))
    query = select(deals.c.customer_key, deals.c.domain).where(deals.c.team_id == team, is_known)
    rows = connection.execute(query, {"ids": list(ids)})
    customers = [(row.customer_key, row.domain) for row in rows]  # as it called them before
    customers += [(word.customer_key, word.domain) for word in words]
    keys, domains = map(set, zip(*customers, strict=True))
    matches.hold(connection, team, {*keys, *domains, *ids})
    ledger = Ledger(connection, team, keys, domains, words)
    heard = [ledger.hear(word) for word in words]
    moved = ledger.pair()
    ledger.write(connection, team)
    return [News.CHANGED if news is News.KNOWN and deal in moved else news for deal, news in heard]


def untold(connection: Connection) -> list[tuple[str, int]]:
    """Handoffs, as (team, id), whose wait is not known: the CRM told of the close after the contact, or of another."""
    return [(row.team_id, row.handoff_id) for row in connection.execute(_ALL_UNTOLD)]


def newest_entry(connection: Connection) -> int:
    """The id of the last entry of the history."""
    return connection.execute(select(func.max(history.c.id))).scalar() or 0


def recorded(connection: Connection, after: int, limit: int) -> tuple[list[tuple[str, int]], int]:
    """The handoffs, as (team, id), of which the next `limit` ids of the history tell; and the last of these ids."""
    last = after + limit
    query = select(handoffs.c.team_id, handoffs.c.id).join(history, history.c.handoff_id == handoffs.c.id).distinct()
    rows = connection.execute(query.where(history.c.id > after, history.c.id <= last))
    return [(row.team_id, row.id) for row in rows], last


def unwritten(connection: Connection, after: int, limit: int) -> tuple[list[tuple[str, int]], int | None]:
    """Of the next `limit` handoffs those that have no deal, as (team, id): an older version started them. And the last
    id that was looked at, None when there are no more."""
    some = select(handoffs.c.team_id, handoffs.c.id).where(handoffs.c.id > after).order_by(handoffs.c.id).limit(limit)
    looked = some.subquery()
    same = and_(deals.c.team_id == looked.c.team_id, deals.c.handoff_id == looked.c.id)
    query = select(looked, deals.c.id.label("deal")).outerjoin(deals, same).order_by(looked.c.id)
    rows = connection.execute(query).all()
    return [(row.team_id, row.id) for row in rows if row.deal is None], rows[-1].id if rows else None


def count_closed(connection: Connection, team: str) -> tuple[int, int]:
    """How many closed deals are known, and how many of them are without a handoff."""
    closed = select(func.count()).where(deals.c.team_id == team, _CLOSED)
    return connection.execute(closed).scalar_one(), connection.execute(closed.where(_NO_HANDOFF)).scalar_one()


def without_handoff(connection: Connection, team: str, offset: int, limit: int) -> list[Waiting]:
    """Some of the closed deals without a handoff, the newest first."""
    query = _WAITING.where(deals.c.team_id == team).order_by(deals.c.closed_at.desc(), deals.c.id.desc())
    return [Waiting(*row) for row in connection.execute(query.offset(offset).limit(limit))]


def waiting(connection: Connection, team: str, deal_id: int) -> Waiting | None:
    """This deal, if it is closed and still without a handoff."""
    row = connection.execute(_WAITING.where(deals.c.team_id == team, deals.c.id == deal_id)).one_or_none()
    return Waiting(*row) if row else None


def take_off(connection: Connection, team: str, deal_id: int) -> bool:
    """The CRM's word of a deal is wrong that is without a handoff, or whose handoff was cancelled: nothing of the word
    is left. Whether there was such a deal."""
    where = (deals.c.team_id == team, deals.c.id == deal_id, _CLOSED, _NO_HANDOFF)
    gone = connection.execute(delete(deals).where(*where, deals.c.handoff_id.is_(None)))
    nothing = {"external_id": None, "crm_closed_at": None, "crm_customer": "", "closed_at": deals.c.signed_at}
    unsaid = connection.execute(update(deals).where(*where).values(nothing))
    return bool(gone.rowcount or unsaid.rowcount)


def _of_crm(closed: Closed) -> Deal:
    return Deal(
        customer=closed.customer,
        customer_key=customer_key(closed.customer),
        domain=web_domain(closed.website) if closed.website else "",
        ae=closed.ae,
        csm=closed.csm,
        segment=closed.segment,
        external_id=closed.external_id or None,
        crm_closed_at=closed.closed_at,
        closed_at=closed.closed_at,
        crm_customer=closed.customer,
    )


@cache  # building it takes longer than running it
def _put(names: tuple[str, ...]) -> Any:
    """Write these facts of a handoff's deal over. A wait that was told stays so, while neither end of it moves."""
    news = {name: bindparam(f"new_{name}", type_=deals.c[name].type) for name in names}
    closed_at = func.coalesce(news["signed_at"], deals.c.crm_closed_at)
    same = and_(*_same({"contacted_at": news["contacted_at"], "closed_at": closed_at}))
    waits = {column: case((same, column)) for column in WAITS.values()}
    changing = update(deals).values({**news, **waits, "closed_at": closed_at}).returning(deals.c.crm_closed_at)
    return changing.where(deals.c.team_id == bindparam("team"), deals.c.handoff_id == bindparam("handoff"))


def _is_told(outcome: Outcome, told: datetime | None) -> bool:
    """Whether the CRM told of this deal what no other deal of the customer can fit better."""
    return told is not None and (outcome.signed_at is None or abs(outcome.signed_at - told) < SAME_DAY)


def _same(row: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [deals.c[name].is_not_distinct_from(value) for name, value in row.items()]


def _of_handoff(outcome: Outcome) -> dict[str, Any]:
    facts = outcome._asdict()
    website, repeated = facts.pop("website"), facts.pop("repeated")
    facts |= {"customer_key": customer_key(outcome.customer), "domain": web_domain(website), "csm": outcome.csm or ""}
    return facts | {"repeated": f",{','.join(repeated)}," if repeated else ""}
