"""The outbox: errands are leased, done, postponed or set aside. The same SQL on SQLite and PostgreSQL.

While an attempt runs, `due_at` is when its lease expires, so a dead worker's entry is simply due again; `started_at`
then says that an attempt began whose outcome nobody knows. One lane is served in order, one entry at a time.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    Update,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    tuple_,
    update,
)

from bot.errands import Errand
from store import statements
from store.records import of_errand
from store.tables import inbound, outbox

_DONE_KEPT = timedelta(days=7)
_INBOUND_KEPT = timedelta(days=1)
_TIDIED_AT_ONCE = 2_000
_DM = "person:"  # how the lanes of those begin


@dataclass(frozen=True)
class Entry:
    """One leased errand. `unknown_since`: an earlier attempt began then and its outcome is not known."""

    id: int
    team: str
    handoff_id: int
    lane: str
    kind: str
    about: dict[str, str]
    attempts: int
    unknown_since: datetime | None
    created_at: datetime

    @property
    def is_dm(self) -> bool:
        """Whether it is a message to one person."""
        return self.lane.startswith(_DM)


# Not parameters: only so may a plan that is kept use the partial indexes.
_OPEN, _DONE, _ASIDE = (literal_column(f"'{state}'", Text) for state in ("open", "done", "aside"))
_earlier = outbox.alias("earlier")
_heads_of_lanes = (
    outbox.c.state == _OPEN,
    ~select(_earlier.c.id)
    .where(
        _earlier.c.team_id == outbox.c.team_id,
        _earlier.c.lane == outbox.c.lane,
        _earlier.c.state == _OPEN,
        _earlier.c.id < outbox.c.id,
    )
    .exists(),
)

_LEASED = (
    update(outbox)
    .where(outbox.c.id == bindparam("entry"))
    .values(
        due_at=bindparam("ends", type_=outbox.c.due_at.type),
        attempts=outbox.c.attempts + 1,
        started_at=func.coalesce(outbox.c.started_at, bindparam("began", type_=outbox.c.started_at.type)),
    )
)


def claim(
    connection: Connection,
    now: datetime,
    limit: int,
    lease: Callable[[str], timedelta],
    busy: Collection[int] = (),
    held: Collection[str] = (),
    *,
    newest: bool = False,
) -> list[Entry]:
    """Lease up to `limit` due entries, each the head of its lane, those due longest (or the `newest`) first.

    Not for taking are the `busy` ones and the DMs of the teams `held`; of a team's DMs at most one is taken at once.
    """
    order = (outbox.c.due_at.desc(), outbox.c.id.desc()) if newest else (outbox.c.due_at, outbox.c.id)
    query = (
        select(outbox)
        .where(*_heads_of_lanes, *_not_held(held), outbox.c.due_at <= now, outbox.c.id.not_in(busy))
        .order_by(*order)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    rows = _one_dm_a_team(connection.execute(query).all())
    if rows:
        connection.execute(_LEASED, [{"entry": row.id, "began": now, "ends": now + lease(row.kind)} for row in rows])
    return [
        Entry(
            id=row.id,
            team=row.team_id,
            handoff_id=row.handoff_id or 0,
            lane=row.lane,
            kind=row.kind,
            about=_about(row.about),
            attempts=row.attempts + 1,
            unknown_since=row.started_at,
            created_at=row.created_at,
        )
        for row in rows
    ]


def put(connection: Connection, team: str, errand: Errand, now: datetime) -> None:
    """Put an errand in; of those in its lane that still wait to be done this way, only the newest is."""
    row = of_errand(team, errand, now, None, 0) | {"merge_key": f"{errand.kind}:{errand.lane}"}
    connection.execute(statements.PUT_ERRAND[connection.dialect.name], row)


def finish(connection: Connection, entry: Entry) -> None:
    """The errand is done."""
    connection.execute(_only(entry).values(state="done"))


def note(connection: Connection, entry: Entry, about: dict[str, str]) -> bool:
    """Keep how far a long errand has come, for the next attempt; False when it is somebody else's by now."""
    return connection.execute(_only(entry).values(about=json.dumps(about))).rowcount > 0


def postpone(connection: Connection, entry: Entry, until: datetime, error: str, *, outcome_known: bool) -> None:
    """Try again at `until`. `outcome_known`: this attempt certainly did nothing; an earlier one may have."""
    values = {"due_at": until, "error": error}
    mine = _only(entry).values(values | ({"started_at": entry.unknown_since} if outcome_known else {}))
    if connection.execute(mine).rowcount:
        # Those behind it in the lane wait with it, so that nobody who looks for due entries goes through them all.
        lane = (outbox.c.team_id == entry.team, outbox.c.lane == entry.lane, outbox.c.state == "open")
        behind = (outbox.c.id > entry.id, outbox.c.due_at < until)
        connection.execute(update(outbox).where(*lane, *behind).values(due_at=until))


def set_aside(connection: Connection, entry: Entry, error: str) -> None:
    """Slack refuses for good (or too often): keep it for a person to see."""
    connection.execute(_only(entry).values(state="aside", error=error))


def miss(connection: Connection, entry: Entry) -> None:
    """The line has no card to hang on: keep it until there is one."""
    connection.execute(_only(entry).values(state="missed"))


def take_missed(connection: Connection, team: str, handoff_id: int) -> list[int]:
    """The entries of the history whose lines were missed, oldest first; they are the caller's now."""
    where = (outbox.c.team_id == team, outbox.c.handoff_id == handoff_id, outbox.c.state == "missed")
    rows = connection.execute(select(outbox.c.id, outbox.c.about).where(*where).order_by(outbox.c.id)).all()
    connection.execute(update(outbox).where(*where).values(state="done"))
    return [int(_about(row.about)["event"]) for row in rows]


def aside(connection: Connection, team: str, limit: int = 20) -> Sequence[tuple[int, str, str, datetime]]:
    """What was set aside, newest first: (id, kind, error, created)."""
    query = select(outbox.c.id, outbox.c.kind, outbox.c.error, outbox.c.created_at)
    rows = connection.execute(
        query.where(outbox.c.team_id == team, outbox.c.state == "aside").order_by(outbox.c.id.desc()).limit(limit)
    )
    return [(row.id, row.kind, row.error, row.created_at) for row in rows]


def revive(connection: Connection, team: str, now: datetime) -> int:
    """Try everything that was set aside once more; how many."""
    where = (outbox.c.team_id == team, outbox.c.state == "aside")
    fresh = {"state": "open", "attempts": 1, "due_at": now, "error": None}
    return connection.execute(update(outbox).where(*where).values(fresh)).rowcount


def next_due(connection: Connection, held: Collection[str] = ()) -> datetime | None:
    """When the next entry may be claimed, the DMs of the teams `held` aside: its moment, or the end of its lease."""
    query = select(outbox.c.due_at).where(*_heads_of_lanes, *_not_held(held)).order_by(outbox.c.due_at).limit(1)
    return connection.execute(query).scalar()


def tidy(connection: Connection, now: datetime) -> bool:
    """Drop some of what nobody will ask about again; whether there may be more."""
    eldest = select(outbox.c.id).where(outbox.c.state == _DONE).order_by(outbox.c.id).limit(_TIDIED_AT_ONCE)
    old = outbox.c.id.in_(eldest.scalar_subquery()), outbox.c.created_at < now - _DONE_KEPT
    dropped = connection.execute(delete(outbox).where(*old)).rowcount
    some = select(inbound.c.team_id, inbound.c.key).where(inbound.c.at < now - _INBOUND_KEPT).limit(_TIDIED_AT_ONCE)
    keys = tuple_(inbound.c.team_id, inbound.c.key)
    forgotten = connection.execute(delete(inbound).where(keys.in_(some))).rowcount
    return max(dropped, forgotten) > _TIDIED_AT_ONCE // 2


def _not_held(teams: Collection[str]) -> list[ColumnElement[bool]]:
    return [~(outbox.c.team_id.in_(teams) & outbox.c.lane.startswith(_DM))] if teams else []


def _one_dm_a_team(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Row[*tuple[Any, ...]]]:
    first = {row.team_id: row.id for row in reversed(rows) if row.lane.startswith(_DM)}
    return [row for row in rows if not row.lane.startswith(_DM) or row.id == first[row.team_id]]


def _only(entry: Entry) -> Update:
    # `attempts` is the fence: a worker whose lease was taken over changes nothing.
    return update(outbox).where(outbox.c.id == entry.id, outbox.c.attempts == entry.attempts, outbox.c.state == "open")


def _about(text: str) -> dict[str, str]:
    try:
        about = json.loads(text)
    except ValueError:
        return {}  # its sender stumbles over it, and no other errand does
    return about if isinstance(about, dict) else {}


@dataclass(frozen=True)
class Backlog:
    """What waits now: how many, since when the eldest; how many were set aside."""

    waiting: int
    since: datetime | None
    aside: int


def backlog(connection: Connection, team: str, now: datetime, but: int = 0) -> Backlog:
    """What is due or was tried in vain, `but` one entry; what is meant for later does not wait."""
    ours = (outbox.c.team_id == team, outbox.c.id != but)
    late = (outbox.c.state == _OPEN, (outbox.c.due_at <= now) | (outbox.c.attempts > 0))
    waits = select(func.count(), func.min(outbox.c.created_at)).where(*ours, *late)
    waiting, since = connection.execute(waits).one()
    refused = select(func.count()).select_from(outbox).where(*ours, outbox.c.state == _ASIDE)
    return Backlog(waiting, since, connection.execute(refused).scalar_one())
