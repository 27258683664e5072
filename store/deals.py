"""Deals in the database: one row for each, kept beside its handoff; and those that only the CRM knows of."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, literal, select, text, update

from bot.customers import customer_key, web_domain
from bot.deals import Waiting
from bot.imports import Closed
from bot.outcomes import Outcome, Wait
from store.matches import SAME_DAY, WAITS, Deal, Ledger, News
from store.tables import UNTOLD, deals, handoffs

_MINUTE = timedelta(minutes=1)
_UNTOLD = text(UNTOLD)
_CLOSED = (~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None)) & deals.c.closed_at.is_not(None)
_NO_HANDOFF = deals.c.handoff_id.is_(None) | deals.c.is_cancelled
_WAITING = select(*(deals.c[name] for name in Waiting.__dataclass_fields__)).where(_CLOSED, _NO_HANDOFF)


def put(connection: Connection, team: str, handoff_id: int, outcome: Outcome, waits: dict[str, int | None]) -> None:
    """Write what a handoff comes to. It takes up the deal that waits for it, if the CRM has told of one."""
    row = _of_handoff(outcome) | waits
    signed = outcome.signed_at
    closed_at = func.coalesce(literal(signed, deals.c.closed_at.type), deals.c.crm_closed_at)
    own = (deals.c.team_id == team, deals.c.handoff_id == handoff_id)
    changing = update(deals).where(*own).values(row | {"closed_at": closed_at}).returning(deals.c.crm_closed_at)
    known = connection.execute(changing).one_or_none()
    if known is None:
        new = {"team_id": team, "handoff_id": handoff_id, "closed_at": signed, **row}
        connection.execute(insert(deals).values(new))
    told = known.crm_closed_at if known else None
    if outcome.is_cancelled or (told and (signed is None or abs(signed - told) < SAME_DAY)):
        return
    ledger = Ledger(connection, team, [row["customer_key"]], [row["domain"]])
    ledger.pair(ledger.deals)
    ledger.write(connection, team)


def learn(connection: Connection, team: str, *told: Closed) -> list[News]:
    """Keep what the CRM says of each of these deals; what a handoff says of the same deal goes before."""
    words = [_of_crm(closed) for closed in told]
    keys, domains, external_ids = zip(*((one.customer_key, one.domain, one.external_id) for one in words), strict=True)
    ledger = Ledger(connection, team, keys, domains, external_ids)
    heard = [ledger.hear(word) for word in words]
    moved = ledger.pair([deal for deal, _ in heard])
    ledger.write(connection, team)
    return [News.CHANGED if news is News.KNOWN and deal in moved else news for deal, news in heard]


def minutes_of(wait: Wait | None) -> dict[str, int | None]:
    """A wait as the row has it."""
    return {column.name: getattr(wait, clock) // _MINUTE if wait else None for clock, column in WAITS.items()}


def crm_closed_at(connection: Connection, team: str, handoff_id: int) -> datetime | None:
    """When the deal of a handoff closed, as the CRM says."""
    query = select(deals.c.crm_closed_at).where(deals.c.team_id == team, deals.c.handoff_id == handoff_id)
    return connection.execute(query).scalar()


def untold(connection: Connection, team: str) -> list[int]:
    """Handoffs whose wait is not known, for the CRM told of the close after the contact."""
    return list(connection.execute(select(deals.c.handoff_id).where(deals.c.team_id == team, _UNTOLD)).scalars())


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
    )


def _of_handoff(outcome: Outcome) -> dict[str, Any]:
    facts = outcome._asdict()
    website, repeated = facts.pop("website"), facts.pop("repeated")
    facts |= {"customer_key": customer_key(outcome.customer), "domain": web_domain(website), "csm": outcome.csm or ""}
    return facts | {"repeated": f",{','.join(repeated)}," if repeated else ""}
