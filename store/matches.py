"""Whose deal it is: what the CRM says of a customer's deals, matched with the handoffs of that customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Any

from sqlalchemy import Connection, Text, bindparam, case, delete, func, insert, literal, select, union, update
from sqlalchemy.dialects.postgresql import ARRAY

from bot.outcomes import apart
from store.tables import deals

SAME_DAY = timedelta(hours=12)  # a CRM tells days: one is noon of another zone after the workspace's zone has changed
WAITS = {clock: deals.c[f"wait_{clock}"] for clock in ("wall", "wall_unpaused", "working", "working_unpaused")}
_WHO = ("customer", "customer_key", "domain", "ae", "csm", "segment")
_KEPT = (*_WHO, "external_id", "crm_closed_at", "closed_at")  # what the CRM's word can change
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

    def is_of(self, customer: "Deal") -> bool:
        """Whether it is a deal of the same customer, by name or web address."""
        return self.customer_key == customer.customer_key or self.domain == customer.domain != ""


class Ledger:
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
        wanted = (
            select(deals.c.id).where(deals.c.team_id == team, deals.c[name].in_(_these(connection, values)))
            for name, values in asked.items()
        )
        columns = [deals.c[name] for name in Deal.__dataclass_fields__]
        query = select(*columns).where(deals.c.id.in_(union(*wanted))).order_by(deals.c.id).with_for_update()
        self.deals = [Deal(**row) for row in connection.execute(query).mappings()]
        self._before = {deal.id: replace(deal) for deal in self.deals}
        self._by_id: dict[str, Deal] = {}
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
            self._index(known)
        known.say(word.external_id or known.external_id, word.crm_closed_at)
        return known, News.KNOWN if vars(known) == vars(before) else News.CHANGED

    def pair(self, touched: Iterable[Deal]) -> set[Deal]:
        """Give each handoff of these customers the CRM's word that fits it best; the deals whose word has changed."""
        group = self._customers_of(touched)
        fits = [
            (_misfit(mine, theirs), mine is not theirs, number, theirs)
            for number, mine in enumerate(group)
            if mine.has_handoff
            for theirs in self._of_customer(mine)
            if theirs.crm_closed_at
        ]
        given: dict[Deal, Deal] = {}
        taken: set[Deal] = set()
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

    def _known(self, word: Deal) -> Deal | None:
        """The same deal by the CRM's id; else the customer's that closed on that day, unless its id is another."""
        if word.external_id and (same := self._by_id.get(word.external_id)):
            return same
        alike = (one for one in self._of_customer(word) if _is_same_day(one, word))
        return next((one for one in alike if not (one.external_id and word.external_id)), None)

    def _customers_of(self, touched: Iterable[Deal]) -> list[Deal]:
        """These deals and all others of their customers."""
        group = dict.fromkeys(touched)
        queue = list(group)
        for deal in queue:
            news = [one for one in self._of_customer(deal) if one not in group]
            group |= dict.fromkeys(news)
            queue += news
        return list(group)

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


def _these(connection: Connection, values: Iterable[str | None]) -> Any:
    """What a column may be; as a table where the database would else compare each row with each value."""
    known = sorted(set(filter(None, values)))
    return known if connection.dialect.name == "sqlite" else select(func.unnest(literal(known, ARRAY(Text))))


def _misfit(mine: Deal, theirs: Deal) -> float:
    if mine.started_at is None or theirs.crm_closed_at is None:
        return inf
    far = apart(mine.started_at, mine.signed_at, theirs.crm_closed_at)
    return inf if far is None else far.total_seconds()


def _is_same_day(one: Deal, other: Deal) -> bool:
    if one.crm_closed_at is None or other.crm_closed_at is None:
        return False
    return abs(one.crm_closed_at - other.crm_closed_at) < SAME_DAY


def _without_handoff(deal: Deal) -> Deal:
    facts = {name: getattr(deal, name) for name in (*_WHO, "external_id", "crm_closed_at")}
    return Deal(**facts, closed_at=deal.crm_closed_at)
