"""Whose deal it is: what the CRM says of a customer's deals, matched with the handoffs of that customer."""

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from math import inf
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Connection,
    Text,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from bot.customers import customer_key
from bot.outcomes import FAR, apart
from store.tables import deals

SAME_DAY = timedelta(hours=12)  # a CRM tells days: one is noon of another zone after the workspace's zone has changed
WAITS = {clock: deals.c[f"wait_{clock}"] for clock in ("wall", "wall_unpaused", "working", "working_unpaused")}
_FAR = FAR // timedelta(milliseconds=1)
_NEAREST = 20  # of the deals that the CRM tells of, for each handoff: so many of one customer never compete for one
_LOCKS = 1_024  # a number of a name: a whole file of names never needs more
_HOLD = text("SELECT pg_advisory_xact_lock(4, name) FROM unnest(CAST(:names AS int[])) AS name")
_WHO = ("customer", "customer_key", "domain", "ae", "csm", "segment")
_WORD = ("external_id", "crm_closed_at", "crm_customer")
_KEPT = (*_WHO, *_WORD, "closed_at")  # what the CRM's word can change
# A wait that began at another close is not known any more: who writes down what is unwritten finds it.
_SAME_CLOSE = deals.c.closed_at.is_not_distinct_from(bindparam("new_closed_at"))
_CHANGE = (
    update(deals)
    .where(deals.c.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _KEPT})
    .values({column.name: case((_SAME_CLOSE, column)) for column in WAITS.values()})
)


class News(StrEnum):
    """What the CRM's word of a deal is to Baton."""

    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(eq=False)
class Deal:
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
    crm_customer: str = ""
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
    def word(self) -> tuple[str | None, datetime | None, str]:
        """What the CRM says of it, that a handoff does not."""
        return self.external_id, self.crm_closed_at, self.crm_customer

    @property
    def crm_key(self) -> str:
        """The customer as the CRM calls it."""
        return self.customer_key if self.crm_customer == self.customer else customer_key(self.crm_customer)

    def say(self, external_id: str | None, crm_closed_at: datetime | None, crm_customer: str) -> None:
        """The CRM says this of it now."""
        self.external_id, self.crm_closed_at, self.crm_customer = external_id, crm_closed_at, crm_customer
        self.closed_at = self.signed_at or crm_closed_at

    def is_of(self, customer: "Deal") -> bool:
        """Whether it is a deal of the same customer, by name or web address."""
        return self.customer_key == customer.customer_key or self.domain == customer.domain != ""


class Ledger:
    """Those deals of some customers that what is told now may concern: changed in memory, then written at once."""

    def __init__(
        self, connection: Connection, team: str, keys: set[str], domains: set[str], words: Collection[Deal] = ()
    ) -> None:
        facts: dict[str, Any] = {"team": team, "keys": sorted(keys), "domains": sorted(filter(None, domains))}
        if words:
            days = [word.crm_closed_at for word in words if word.crm_closed_at]
            facts |= {"from": min(days) - SAME_DAY, "until": max(days) + SAME_DAY}
            facts |= {"ids": [word.external_id for word in words if word.external_id]}
        has_ids = all(word.external_id for word in words)
        query = _concerned(connection.dialect.name, is_told=bool(words), has_ids=has_ids)
        self.deals = [Deal(**row) for row in connection.execute(query, facts).mappings()]
        self._before = {deal.id: replace(deal) for deal in self.deals}
        self._by_id: dict[str, Deal] = {}
        self._by_day: defaultdict[tuple[str, int], list[Deal]] = defaultdict(list)
        self._alike: defaultdict[str, dict[Deal, None]] = defaultdict(dict)
        for deal in self.deals:
            self._index(deal)

    def hear(self, word: Deal) -> tuple[Deal, News]:
        """The deal that the CRM means, which says so now, and whether that is news."""
        known = self._known(word)
        if known is None:
            self.deals.append(word)
            self._index(word)
            return word, News.NEW
        before = replace(known)
        if known.handoff_id is None:
            vars(known).update({name: value for name in _WHO if (value := getattr(word, name))})
        known.say(word.external_id or known.external_id, word.crm_closed_at, word.crm_customer)
        if vars(known) == vars(before):
            return known, News.KNOWN
        self._index(known)
        return known, News.CHANGED

    def pair(self) -> set[Deal]:
        """Give each handoff of these customers the CRM's word that fits it best; the deals whose word has changed."""
        fits = [
            (_misfit(mine, theirs), mine is not theirs, number, theirs)
            for number, mine in enumerate(self.deals)
            if mine.has_handoff
            for theirs in self._of_customer(mine)
            if theirs.crm_closed_at
        ]
        given: dict[Deal, Deal] = {}
        taken: set[Deal] = set()
        for far, is_other, number, theirs in sorted(fits, key=lambda fit: fit[:3]):
            mine = self.deals[number]
            if mine not in given and theirs not in taken and not (is_other and far == inf):
                given[mine] = theirs
                taken.add(theirs)
        moved = {mine: theirs for mine, theirs in given.items() if mine is not theirs}
        words = {theirs: theirs.word for theirs in moved.values()}
        for theirs in words:
            theirs.say(None, None, "")
        for mine, theirs in moved.items():
            if mine not in taken and mine.crm_closed_at:  # its own word is that of a deal without a handoff
                self.deals.append(_without_handoff(mine))
            mine.say(*words[theirs])
        return {*moved, *words}

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

    def _known(self, word: Deal) -> Deal | None:
        """The same deal by the CRM's id; else the one of that name and day, unless its id is another."""
        if word.external_id and (same := self._by_id.get(word.external_id)):
            return same
        return next((one for one in self._of_day(word) if not (one.external_id and word.external_id)), None)

    def _of_day(self, word: Deal) -> Iterator[Deal]:
        day = _half_day(word)
        for near in (day - 1, day, day + 1):
            for one in self._by_day[word.crm_key, near]:
                if one.crm_key == word.crm_key and _is_same_day(one, word):
                    yield one

    def _of_customer(self, customer: Deal) -> list[Deal]:
        found = self._alike[customer.customer_key]
        if customer.domain:
            found = found | self._alike[f"//{customer.domain}"]
        return [deal for deal in found if deal.is_of(customer)]

    def _index(self, deal: Deal) -> None:
        self._alike[deal.customer_key][deal] = None
        if deal.domain:
            self._alike[f"//{deal.domain}"][deal] = None
        if deal.external_id:
            self._by_id[deal.external_id] = deal
        if deal.crm_closed_at:
            self._by_day[deal.crm_key, _half_day(deal)].append(deal)


def hold(connection: Connection, team: str, names: Iterable[str]) -> None:
    """Nobody else changes the deals of these names until this transaction ends: what is compared there may not be
    written yet. In order, so that two wait in no circle; on SQLite nobody else writes anyway."""
    if connection.dialect.name == "postgresql":
        numbers = {zlib.crc32(f"{team} {name}".encode()) % _LOCKS for name in names if name}
        connection.execute(_HOLD, {"names": sorted(numbers)})


@cache  # building it takes longer than running it
def _concerned(dialect: str, *, is_told: bool, has_ids: bool) -> Any:
    """The deals that concern these customers (`keys`, `domains`) of a `team`: their handoffs, and of what the CRM tells
    that which is nearest to each of them: a customer may have thousands of other deals. And what may be the same as a
    word that is told, of these `ids` (whether each has one: another id is another deal) and days."""
    of_team = deals.c.team_id == bindparam("team")
    by_key, by_domain = (
        deals.c[name].in_(these(dialect, of)) for name, of in (("customer_key", "keys"), ("domain", "domains"))
    )
    counts = deals.c.handoff_id.is_not(None) & (~deals.c.is_cancelled | deals.c.crm_closed_at.is_not(None))
    mine = union(*(select(deals).where(of_team, counts, one) for one in (by_key, by_domain))).cte("mine")
    wanted = [select(mine.c.id), *(_nearest(mine, name) for name in ("customer_key", "domain"))]
    if is_told:
        near = by_key & deals.c.crm_closed_at.between(bindparam("from"), bindparam("until"))
        near = near & deals.c.external_id.is_(None) if has_ids else near
        by_id = deals.c.external_id.in_(these(dialect, "ids"))
        wanted += [select(deals.c.id).where(of_team, one) for one in (near, by_id)]
    columns = [deals.c[name] for name in Deal.__dataclass_fields__]
    return select(*columns).where(deals.c.id.in_(union(*wanted))).order_by(deals.c.id).with_for_update()


def _nearest(mine: CTE, name: str) -> Any:
    """The ids of what the CRM tells of the same customer, by this column."""
    theirs = deals.alias("theirs")
    closed_at = type_coerce(theirs.c.crm_closed_at, BigInteger)
    begun_at = type_coerce(func.coalesce(mine.c.signed_at, mine.c.started_at), BigInteger)
    place = func.row_number().over(partition_by=mine.c.id, order_by=(func.abs(closed_at - begun_at), theirs.c.id))
    same = (theirs.c.team_id == bindparam("team"), theirs.c[name] == mine.c[name], theirs.c[name] != "")
    found = select(theirs.c.id, place.label("place")).where(*same, closed_at >= begun_at - _FAR).subquery()
    return select(found.c.id).where(found.c.place <= _NEAREST)


def these(dialect: str, name: str) -> Any:
    """What a column may be; as a table where the database would else compare each row with each value."""
    if dialect == "sqlite":
        return bindparam(name, expanding=True)
    return select(func.unnest(bindparam(name, type_=ARRAY(Text))))


def _misfit(mine: Deal, theirs: Deal) -> float:
    if mine.started_at is None or theirs.crm_closed_at is None:
        return inf
    far = apart(mine.started_at, mine.signed_at, theirs.crm_closed_at)
    return inf if far is None else far.total_seconds()


def _half_day(deal: Deal) -> int:
    return int(deal.crm_closed_at.timestamp() // SAME_DAY.total_seconds()) if deal.crm_closed_at else 0


def _is_same_day(one: Deal, other: Deal) -> bool:
    if one.crm_closed_at is None or other.crm_closed_at is None:
        return False
    return abs(one.crm_closed_at - other.crm_closed_at) < SAME_DAY


def _without_handoff(deal: Deal) -> Deal:
    facts = {name: getattr(deal, name) for name in (*_WHO, *_WORD)}
    facts |= {"customer": deal.crm_customer, "customer_key": deal.crm_key}
    return Deal(**facts, closed_at=deal.crm_closed_at)
