"""Deadlines in the database: when to ask about which handoff, and who owes what."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, func, or_, select, text, update

from bot.nudges import NEVER, Watch
from store import statements
from store.tables import AT_ONCE, deadlines, handoffs

_IS_OPEN = text("is_open")  # word for word as the partial index has it: SQLite compares the words


def rows_of(team: str, watches: Iterable[Watch], now: datetime) -> list[dict[str, Any]]:
    """A row for each deadline; it is open while it is owed and its moment is known."""
    rows = []
    for watch in watches:
        due_at = watch.due(now)
        key = {"team_id": team, "handoff_id": watch.handoff.id, "kind": watch.rule.id, "round": watch.entry.round}
        story = {"owner": watch.owner, "started_at": watch.entry.started_at, "met_at": watch.entry.met_at}
        asked = {"is_open": watch.is_owed and due_at is not None, "ask_at": watch.look_again(now)}
        rows.append(key | story | asked | {"due_at": due_at or NEVER})
    return rows


def put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write the rows over those of the same handoff, kind and round."""
    if rows:
        connection.execute(statements.PUT_DEADLINES[connection.dialect.name], rows)


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[str, int]]:
    """The handoffs to ask about, as (team, id), those longest due first."""
    asked = (deadlines.c.team_id, deadlines.c.handoff_id)
    query = select(*asked).where(deadlines.c.ask_at <= now).order_by(deadlines.c.ask_at).limit(limit)
    return list(dict.fromkeys((row.team_id, row.handoff_id) for row in connection.execute(query)))


def due_of(connection: Connection, team: str, ids: Collection[int], now: datetime) -> dict[int, list[tuple[str, int]]]:
    """What to ask about each of these handoffs, as (kind, round)."""
    asked = {"team": team, "ids": list(ids), "now": now}
    found: dict[int, list[tuple[str, int]]] = {}
    for row in connection.execute(statements.DUE_OF, asked):
        found.setdefault(row.handoff_id, []).append((row.kind, row.round))
    return found


def postpone(connection: Connection, team: str, handoff_id: int, now: datetime, until: datetime) -> None:
    """Ask what is due of one handoff again at `until`."""
    where = (deadlines.c.team_id == team, deadlines.c.handoff_id == handoff_id, deadlines.c.ask_at <= now)
    connection.execute(update(deadlines).where(*where).values(ask_at=until))


def close(connection: Connection, team: str, handoff_id: int, kind: str, round_: int) -> None:
    """Nobody owes this any more, and nobody asks."""
    where = (deadlines.c.team_id == team, deadlines.c.handoff_id == handoff_id)
    one = (*where, deadlines.c.kind == kind, deadlines.c.round == round_)
    connection.execute(update(deadlines).where(*one).values(ask_at=None, is_open=False))


def ask_again(connection: Connection, team: str, owner: str | None = None) -> None:
    """Something changed about when people work: ask about everything that `owner` (None: anybody) owes at once."""
    whose = (deadlines.c.owner == owner,) if owner else ()
    asked = (deadlines.c.team_id == team, _IS_OPEN, deadlines.c.ask_at.is_not(None), *whose)
    connection.execute(update(deadlines).where(*asked).values(ask_at=AT_ONCE))


def any_due(connection: Connection, now: datetime) -> bool:
    """Whether something is left to ask about now."""
    return connection.execute(select(deadlines.c.id).where(deadlines.c.ask_at <= now).limit(1)).first() is not None


def next_one(connection: Connection) -> datetime | None:
    """When to ask next."""
    asked = select(deadlines.c.ask_at).where(deadlines.c.ask_at.is_not(None))
    return connection.execute(asked.order_by(deadlines.c.ask_at).limit(1)).scalar()


def unasked(connection: Connection, team: str, now: datetime) -> int:
    """About how many deadlines nobody has asked though their moment has come. What is to be asked again at once, as
    after each change of the settings, has none."""
    # Counted among those of every team: few are due, and SQLite would rather go through all that the team ever had.
    ours = func.count().filter(deadlines.c.team_id == team)
    come = (deadlines.c.ask_at <= now, deadlines.c.ask_at > AT_ONCE)
    return connection.execute(select(ours).where(*come)).scalar_one()


@dataclass(frozen=True)
class Owed:
    """One thing that a person owes: the handoff, the deadline rule's id, and when it is due."""

    handoff_id: int
    kind: str
    due_at: datetime


def owed_by(connection: Connection, team: str, people: Collection[str]) -> list[Owed]:
    """What these people owe, the most urgent first."""
    where = (deadlines.c.team_id == team, deadlines.c.owner.in_(people), _IS_OPEN)
    columns = (deadlines.c.handoff_id, deadlines.c.kind, deadlines.c.due_at)
    return [Owed(*row) for row in connection.execute(select(*columns).where(*where).order_by(deadlines.c.due_at))]


def owed_items(
    connection: Connection,
    team: str,
    kinds: Collection[str],
    *,
    owner: str = "",
    reader: str = "",
    before: datetime | None = None,
) -> list[Owed]:
    """What is owed of single questions or promises (by the ids of their rules), the most urgent first: by `owner`, in
    the handoffs that are `reader`'s to read, due `before`."""
    of_kinds = (deadlines.c.kind.startswith(f"{kind}.", autoescape=True) for kind in kinds)
    where: list[ColumnElement[bool]] = [deadlines.c.team_id == team, or_(false(), *of_kinds)]
    where += [deadlines.c.owner == owner] if owner else []
    where += [deadlines.c.due_at < before] if before else []
    query = select(deadlines.c.handoff_id, deadlines.c.kind, deadlines.c.due_at)
    if reader:
        people = (handoffs.c.ae, handoffs.c.csm, handoffs.c.se, deadlines.c.owner)
        query = query.join(handoffs, handoffs.c.id == deadlines.c.handoff_id)
        where.append(or_(*(person == reader for person in people)))
    return [Owed(*row) for row in connection.execute(query.where(_IS_OPEN, *where).order_by(deadlines.c.due_at))]
