"""Deals in the database: one row for each, kept beside its handoff; and those that only the CRM knows of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, func, insert, literal, or_, select, update

from bot.customers import customer_key, web_domain
from bot.deals import Waiting
from bot.imports import Closed
from bot.outcomes import Outcome, Wait, apart
from store.tables import deals, handoffs

_MINUTE = timedelta(minutes=1)
_SAME_DAY = timedelta(hours=12)  # a CRM tells days: one is noon of another zone after the workspace's zone has changed
_WHO = ("customer", "customer_key", "domain", "ae", "csm", "segment")
_KEPT = (*_WHO, "external_id", "crm_closed_at", "closed_at")  # what the CRM's word can change
_WAITS = {clock: deals.c[f"wait_{clock}"] for clock in ("wall", "wall_unpaused", "working", "working_unpaused")}
# A wait that began at another close is not known any more: who writes down what is unwritten finds it.
_SAME_CLOSE = deals.c.closed_at.is_not_distinct_from(bindparam("new_closed_at"))
_CHANGE = (
    update(deals)
    .where(deals.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
    .values({column.name: case((_SAME_CLOSE, column)) for column in _WAITS.values()})
)


class News(StrEnum):
    """What the CRM's word of a deal is to Baton."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


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
    if outcome.is_cancelled or (told and (signed is None or abs(signed - told) < _SAME_DAY)):
        return
    ledger = _Ledger(connection, team, [row["customer_key"]], [row["domain"]])
    ledger.pair(ledger.deals)
    ledger.write(connection, team)


def learn(connection: Connection, team: str, *told: Closed) -> list[News]:
    """Keep what the CRM says of each of these deals; what a handoff says of the same deal goes before."""
    words = [_of_crm(closed) for closed in told]
    keys, domains, external_ids = zip(*((one.customer_key, one.domain, one.external_id) for one in words), strict=True)
    ledger = _Ledger(connection, team, keys, domains, external_ids)
    heard = [ledger.hear(word) for word in words]
    moved = ledger.pair([deal for deal, _ in heard])
    ledger.write(connection, team)
    return [News.CHANGED if news is News.KNOWN and deal in moved else news for deal, news in heard]


def minutes_of(wait: Wait | None) -> dict[str, int | None]:
    """A wait as the row has it."""
    return {column.name: getattr(wait, clock) // _MINUTE if wait else None for clock, column in _WAITS.items()}


def crm_closed_at(connection: Connection, team: str, handoff_id: int) -> datetime | None:
    """When the deal of a handoff closed, as the CRM says."""
    query = select(deals.c.crm_closed_at).where(deals.c.team_id == team, deals.c.handoff_id == handoff_id)
    return connection.execute(query).scalar()


def unwritten(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """Handoffs, as (team, id), that have no deal, for an older version started them; or whose wait is not known, for
    the CRM told of the close after the contact."""
    same = and_(deals.c.team_id == handoffs.c.team_id, deals.c.handoff_id == handoffs.c.id)
    untold = deals.c.contacted_at.is_not(None) & deals.c.closed_at.is_not(None) & _WAITS["wall"].is_(None)
    query = select(handoffs.c.team_id, handoffs.c.id).outerjoin(deals, same).where(deals.c.id.is_(None) | untold)
    return [(row.team_id, row.id) for row in connection.execute(query.order_by(handoffs.c.id).limit(limit))]


@dataclass(eq=False)
class _Deal:
    """One row, to be changed; `id` is None while it is not written."""

    customer: str
    customer_key: str
    domain: str
    ae: str
    csm: str
    segment: str
    external_id: str | None
    crm_closed_at: datetime | None
    closed_at: datetime | None
    id: int | None = None
    handoff_id: int | None = None
    is_cancelled: bool = False
    started_at: datetime | None = None
    signed_at: datetime | None = None

    @property
    def has_handoff(self) -> bool:
        """Whether a handoff of it goes on, or has."""
        return self.handoff_id is not None and not self.is_cancelled

    @property
    def word(self) -> tuple[str | None, datetime | None]:
        """What the CRM says of it, that a handoff does not."""
        return self.external_id, self.crm_closed_at

    def say(self, external_id: str | None, crm_closed_at: datetime | None) -> None:
        """The CRM says this of it now."""
        self.external_id, self.crm_closed_at = external_id, crm_closed_at
        self.closed_at = self.signed_at or crm_closed_at

    def is_of(self, customer: "_Deal") -> bool:
        """Whether it is a deal of the same customer, by name or web address."""
        return self.customer_key == customer.customer_key or self.domain == customer.domain != ""


class _Ledger:
    """The deals of some customers: changed in memory, then written at once."""

    def __init__(
        self,
        connection: Connection,
        team: str,
        keys: Iterable[str],
        domains: Iterable[str],
        external_ids: Iterable[str | None] = (),
    ) -> None:
        asked = {"customer_key": keys, "domain": domains, "external_id": external_ids}
        wanted = (deals.c[name].in_(list(filter(None, values))) for name, values in asked.items())
        columns = [deals.c[name] for name in _Deal.__dataclass_fields__]
        query = select(*columns).where(deals.c.team_id == team, or_(*wanted)).order_by(deals.c.id).with_for_update()
        self.deals = [_Deal(**row) for row in connection.execute(query).mappings()]
        self._before = {deal.id: replace(deal) for deal in self.deals}
        self._by_id: dict[str, _Deal] = {}
        self._alike: defaultdict[str, dict[_Deal, None]] = defaultdict(dict)
        for deal in self.deals:
            self._index(deal)

    def hear(self, word: _Deal) -> tuple[_Deal, News]:
        """The deal that the CRM means, which says so now, and whether that is news."""
        known = self._known(word)
        if known is None:
            self.deals.append(word)
            self._index(word)
            return word, News.NEW
        before = replace(known)
        if known.handoff_id is None:
            vars(known).update({name: value for name in _WHO if (value := getattr(word, name))})
            self._index(known)
        known.say(word.external_id or known.external_id, word.crm_closed_at)
        return known, News.KNOWN if vars(known) == vars(before) else News.CHANGED

    def pair(self, touched: Iterable[_Deal]) -> set[_Deal]:
        """Give each handoff of these customers the CRM's word that fits it best; the deals whose word has changed."""
        group = self._customers_of(touched)
        fits = [
            (_misfit(mine, theirs), mine is not theirs, number, theirs)
            for number, mine in enumerate(group)
            if mine.has_handoff
            for theirs in self._of_customer(mine)
            if theirs.crm_closed_at
        ]
        given: dict[_Deal, _Deal] = {}
        taken: set[_Deal] = set()
        for far, is_other, number, theirs in sorted(fits, key=lambda fit: fit[:3]):
            mine = group[number]
            if mine not in given and theirs not in taken and not (is_other and far == inf):
                given[mine] = theirs
                taken.add(theirs)
        words = {deal: deal.word for deal in group}
        moved = {mine: theirs for mine, theirs in given.items() if mine is not theirs}
        for theirs in moved.values():
            theirs.say(None, None)
        for mine, theirs in moved.items():
            if mine not in taken and mine.crm_closed_at:  # its own word is that of a deal without a handoff
                self.deals.append(_without_handoff(mine))
            mine.say(*words[theirs])
        return {*moved, *moved.values()}

    def write(self, connection: Connection, team: str) -> None:
        """Write what has changed. Of a deal that neither a handoff nor the CRM tells of, nothing is left."""
        gone = {deal for deal in self.deals if deal.handoff_id is None and deal.crm_closed_at is None}
        kept = [deal for deal in self.deals if deal not in gone]
        changed = [one for one in kept if one.id and vars(one) != vars(self._before[one.id])]
        freed = [one.id for one in changed if self._before[one.id].external_id not in (None, one.external_id)]
        if gone:
            connection.execute(delete(deals).where(deals.c.id.in_([deal.id for deal in gone if deal.id])))
        if freed:  # before another deal has it
            connection.execute(update(deals).where(deals.c.id.in_(freed)).values(external_id=None))
        if changes := [{"key": one.id} | {f"new_{k}": getattr(one, k) for k in _KEPT} for one in changed]:
            connection.execute(_CHANGE, changes)
        new = (one for one in kept if one.id is None)
        if rows := [{"team_id": team} | {name: getattr(one, name) for name in _KEPT} for one in new]:
            connection.execute(insert(deals), rows)

    def _known(self, word: _Deal) -> _Deal | None:
        """The same deal by the CRM's id; else the customer's that closed on that day, unless its id is another."""
        if word.external_id and (same := self._by_id.get(word.external_id)):
            return same
        alike = (one for one in self._of_customer(word) if _is_same_day(one, word))
        return next((one for one in alike if not (one.external_id and word.external_id)), None)

    def _customers_of(self, touched: Iterable[_Deal]) -> list[_Deal]:
        """These deals and all others of their customers."""
        group = dict.fromkeys(touched)
        queue = list(group)
        for deal in queue:
            news = [one for one in self._of_customer(deal) if one not in group]
            group |= dict.fromkeys(news)
            queue += news
        return list(group)

    def _of_customer(self, customer: _Deal) -> list[_Deal]:
        found = self._alike[customer.customer_key]
        if customer.domain:
            found = found | self._alike[f"//{customer.domain}"]
        return [deal for deal in found if deal.is_of(customer)]

    def _index(self, deal: _Deal) -> None:
        self._alike[deal.customer_key][deal] = None
        if deal.domain:
            self._alike[f"//{deal.domain}"][deal] = None
        if deal.external_id:
            self._by_id[deal.external_id] = deal


def _misfit(mine: _Deal, theirs: _Deal) -> float:
    if mine.started_at is None or theirs.crm_closed_at is None:
        return inf
    far = apart(mine.started_at, mine.signed_at, theirs.crm_closed_at)
    return inf if far is None else far.total_seconds()


def _is_same_day(one: _Deal, other: _Deal) -> bool:
    if one.crm_closed_at is None or other.crm_closed_at is None:
        return False
    return abs(one.crm_closed_at - other.crm_closed_at) < _SAME_DAY


def _without_handoff(deal: _Deal) -> _Deal:
    facts = {name: getattr(deal, name) for name in (*_WHO, "external_id", "crm_closed_at")}
    return _Deal(**facts, closed_at=deal.crm_closed_at)


def _of_crm(closed: Closed) -> _Deal:
    return _Deal(
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


# -- what is asked about them


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


_CLOSED = (~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None)) & deals.c.closed_at.is_not(None)
_NO_HANDOFF = deals.c.handoff_id.is_(None) | deals.c.is_cancelled
_WAITING = select(*(deals.c[name] for name in Waiting.__dataclass_fields__)).where(_CLOSED, _NO_HANDOFF)
