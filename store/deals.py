"""Deals in the database: one row for each, kept beside its handoff; and those that only the CRM knows of."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, literal, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.customers import customer_key, web_domain
from bot.outcomes import Outcome, Wait
from store.tables import deals, handoffs

_MINUTE = timedelta(minutes=1)
_SAME = timedelta(days=90)  # what lies further apart is another deal of the same customer
_NO_HANDOFF = or_(deals.c.handoff_id.is_(None), deals.c.is_cancelled)


@dataclass(frozen=True)
class Closed:
    """A deal that the CRM calls closed. `external_id`: the CRM's, "" where it gives none; people are Slack user ids."""

    customer: str
    closed_at: datetime
    website: str = ""
    external_id: str = ""
    ae: str = ""
    csm: str = ""
    segment: str = ""


def put(connection: Connection, team: str, handoff_id: int, outcome: Outcome, wait: Wait | None, now: datetime) -> None:
    """Write what a handoff comes to. A new one takes up the deal that waits for it, if the CRM has told of one."""
    row = _row(outcome, wait)
    if _change(connection, deals.c.handoff_id == handoff_id, team, row):
        return
    if known := _find(connection, team, row, _NO_HANDOFF & (deals.c.crm_closed_at >= now - _SAME)):
        _change(connection, deals.c.id == known, team, row | {"handoff_id": handoff_id})
        return
    dialect = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(deals)
    new = {"team_id": team, "handoff_id": handoff_id, "closed_at": row.pop("signed_at"), **row}
    connection.execute(dialect.values(new).on_conflict_do_nothing())


def learn(connection: Connection, team: str, closed: Closed) -> bool:
    """Keep what the CRM says; False when it was known just so. What a handoff says of the same deal goes before."""
    row = {"customer": closed.customer, "customer_key": customer_key(closed.customer)}
    row |= {"domain": web_domain(closed.website) if closed.website else ""}
    which = _known(connection, team, closed, row)
    if which is None:
        people = {"ae": closed.ae, "csm": closed.csm, "segment": closed.segment}
        moments = {"closed_at": closed.closed_at, "crm_closed_at": closed.closed_at}
        new = {"team_id": team, "external_id": closed.external_id or None, **row, **people, **moments}
        connection.execute(insert(deals).values(new))
        return True
    of_nobody = {name: getattr(closed, name) for name in ("customer", "ae", "csm", "segment") if getattr(closed, name)}
    of_nobody |= {name: value for name, value in row.items() if value}
    if which.handoff_id is None and (theirs := _of_handoff(connection, team, closed, row)):
        connection.execute(delete(deals).where(deals.c.id == which.id))  # the handoff was called otherwise until now
        which, closed = theirs, replace(closed, external_id=closed.external_id or which.external_id or "")
    has_handoff, signed = which.handoff_id is not None, which.closed_at not in (None, which.crm_closed_at)
    news: dict[str, Any] = {} if has_handoff else of_nobody
    news |= {"crm_closed_at": closed.closed_at} | ({} if signed else {"closed_at": closed.closed_at})
    news |= {"external_id": closed.external_id} if closed.external_id else {}
    changed = {name: value for name, value in news.items() if getattr(which, name) != value}
    if changed:
        connection.execute(update(deals).where(deals.c.id == which.id).values(changed))
    return bool(changed)


def _known(connection: Connection, team: str, closed: Closed, row: dict[str, Any]) -> Any:
    """The same deal by the CRM's id; else the customer's that closed on that day; else that of a handoff."""
    if closed.external_id:
        same = (deals.c.team_id == team, deals.c.external_id == closed.external_id)
        if found := connection.execute(select(deals).where(*same)).one_or_none():
            return found
    has_no_id = deals.c.external_id.is_(None) if closed.external_id else true()
    one = _find(connection, team, row, has_no_id & (deals.c.crm_closed_at == closed.closed_at))
    if one:
        return connection.execute(select(deals).where(deals.c.id == one)).one()
    return _of_handoff(connection, team, closed, row)


def _of_handoff(connection: Connection, team: str, closed: Closed, row: dict[str, Any]) -> Any:
    """The deal of a handoff, of which the CRM has told nothing yet, signed about then or not at all."""
    known = deals.c.handoff_id.is_not(None) & ~deals.c.is_cancelled & deals.c.crm_closed_at.is_(None)
    about = deals.c.closed_at.between(closed.closed_at - _SAME, closed.closed_at + _SAME)
    one = _find(connection, team, row, known & (deals.c.closed_at.is_(None) | about))
    return connection.execute(select(deals).where(deals.c.id == one)).one() if one else None


def _find(connection: Connection, team: str, row: dict[str, Any], where: Any) -> int | None:
    """The newest deal of the same customer, by name or web address, that is as wanted."""
    same = deals.c.customer_key == row["customer_key"]
    if row["domain"]:
        same |= deals.c.domain == row["domain"]
    query = select(deals.c.id).where(deals.c.team_id == team, same, where)
    return connection.execute(query.order_by(deals.c.closed_at.desc(), deals.c.id.desc()).limit(1)).scalar()


def _change(connection: Connection, which: Any, team: str, row: dict[str, Any]) -> bool:
    signed = row["signed_at"]
    closed_at = {"closed_at": func.coalesce(literal(signed, deals.c.closed_at.type), deals.c.crm_closed_at)}
    news = {name: value for name, value in row.items() if name != "signed_at"} | closed_at
    return connection.execute(update(deals).where(deals.c.team_id == team, which).values(news)).rowcount > 0


def _row(outcome: Outcome, wait: Wait | None) -> dict[str, Any]:
    facts = outcome._asdict()
    website, repeated = facts.pop("website"), facts.pop("repeated")
    facts |= {"customer_key": customer_key(outcome.customer), "domain": web_domain(website), "csm": outcome.csm or ""}
    facts |= {"repeated": f",{','.join(repeated)}," if repeated else ""}
    waits = ("wall", "wall_unpaused", "working", "working_unpaused")
    return facts | {f"wait_{clock}": getattr(wait, clock) // _MINUTE if wait else None for clock in waits}


def unwritten(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """Handoffs, as (team, id), that have no deal: an older version started them."""
    same = and_(deals.c.team_id == handoffs.c.team_id, deals.c.handoff_id == handoffs.c.id)
    query = select(handoffs.c.team_id, handoffs.c.id).outerjoin(deals, same).where(deals.c.id.is_(None))
    return [(row.team_id, row.id) for row in connection.execute(query.order_by(handoffs.c.id).limit(limit))]
