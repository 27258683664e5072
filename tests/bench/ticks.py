"""The tick at a million open deadlines, while somebody saves now and then."""

import asyncio
import itertools
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection, create_engine, text

from app import Settings
from bot import documents
from bot.events import ContractSigned
from bot.teams import Person, Team
from handlers.requests import Desk
from handlers.schedule import tick
from store.clock import Clock
from store.database import Database
from store.playbooks import load_playbook
from store.store import Store
from store.work import Work
from tests.bench import clicks
from tests.bench.slack import AE, CSM, TEAM

FEW, MANY = 30_000, 1_000_000
BATCHES = (100, 10_000)  # so many handoffs' deadlines fall due together, each batch a minute after the one before
_AES = 400
_IDLE_TICKS = 200
_BETWEEN_SAVES = 0.02  # seconds
_SIGNED = datetime(2026, 11, 23, 12, tzinfo=UTC)
_DUE = _SIGNED + timedelta(hours=24)
_MINUTE = timedelta(minutes=1)
_COUNT = "WITH RECURSIVE counted (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM counted WHERE n < {last})"
_ANY_AE = f"'U0000' || substr(CAST(10000 + n % {_AES} AS text), 2)"


@dataclass(frozen=True)
class Due:
    """A tick that found so many deadlines due: milliseconds in all, and of the saves that came meanwhile."""

    count: int
    took: float
    saves: list[float]


@dataclass(frozen=True)
class Ticks:
    """One database: milliseconds of a tick that found nothing, when few and when many were open; those that did."""

    idle_few: float
    idle_many: float
    due: list[Due]


class _Clock(Clock):
    moment = _DUE - _MINUTE

    def now(self) -> datetime:
        return self.moment


async def measure(url: str) -> Ticks:
    """Tick while few, then while many deadlines are open, then when some and when more of them fall due."""
    playbooks = load_playbook(Settings.model_fields["playbook"].default)
    saved = prepare(url)
    clock, store = _Clock(), Store(url, playbooks)
    desk = Desk(store=store, clock=clock, client=AsyncWebClient())
    _open(url, FEW)
    idle_few = await _idle(desk)
    _open(url, MANY)
    idle_many = await _idle(desk)
    due = []
    for count in BATCHES:
        clock.moment += _MINUTE
        saving = asyncio.create_task(_save_now_and_then(store, saved))
        began = time.perf_counter()
        assert await tick(desk) == count, "not everything that was due was asked about"
        took = _since(began)
        saving.cancel()
        due.append(Due(count, took, await saving))
    store.close()
    return Ticks(idle_few, idle_many, due)


async def _idle(desk: Desk) -> float:
    took = []
    for _ in range(_IDLE_TICKS):
        began = time.perf_counter()
        assert await tick(desk) == 0
        took.append(_since(began))
    return median(took)


async def _save_now_and_then(store: Store, handoff_id: int) -> list[float]:
    """What a person's save takes meanwhile, again and again until this is cancelled."""
    took: list[float] = []
    try:
        for number in itertools.count():
            await asyncio.sleep(_BETWEEN_SAVES)
            began = time.perf_counter()
            await store.commit(TEAM, lambda work, text=f"Noted {number} times": _save(work, handoff_id, text))  # type: ignore[misc]
            took.append(_since(began))
    except asyncio.CancelledError:
        pass
    return took


def _save(work: Work, handoff_id: int, text: str) -> None:
    handoff = work.handoff(handoff_id)
    saved = documents.save_values(handoff, clicks.SECTION, {clicks.FIELD: text}, by=AE, now=_DUE)
    work.record(handoff, saved)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def prepare(url: str) -> int:
    """Lay typical handoffs whose document is to be complete by `_DUE`; the id of one more of which nothing is due.

    That one is made by Baton; the others are copied from it, each with its own customer and AE, but with no history.
    """
    (original,) = clicks.prepare(url, 1)
    database, playbooks = Database(url), load_playbook(Settings.model_fields["playbook"].default)
    with database.engine.begin() as connection:
        work = Work(connection, TEAM, playbooks)
        work.settle(Team(cs_leader="U0LEILA", sales_leader="U0GRACE", csms=(CSM,)))
        for user in (CSM, "U0LEILA", "U0GRACE", *(f"U{number:08}" for number in range(_AES))):
            work.remember(Person(id=user, name=user, tz="Europe/London"))
        work.record(work.handoff(original.id), ContractSigned(by=AE, at=_SIGNED, signed_at=_SIGNED))
        first = original.id + 1
        for minutes, count in enumerate(BATCHES):
            _copy(connection, original.id, first, first + count - 1, _DUE + minutes * _MINUTE)
            first += count
        connection.execute(text(f"DELETE FROM deadlines WHERE handoff_id = {original.id}"))
        connection.execute(text("DELETE FROM outbox"))
    database.close()
    return original.id


def _copy(connection: Connection, original: int, first: int, last: int, due: datetime) -> None:
    counted = _COUNT.format(first=first, last=last)
    # Everything here is a constant of this file.
    connection.execute(
        text(f"""
        INSERT INTO handoffs (id, team_id, customer, customer_key, domain, stage, is_live, ae, csm, channel_id,
                              changed_at, state, document)
        {counted}
        SELECT n, team_id, customer || n, customer_key || n, n || domain, stage, is_live, {_ANY_AE}, csm,
               channel_id || n, changed_at, replace(state, '"{AE}"', '"' || {_ANY_AE} || '"'),
               replace(replace(document, 'Brightwater 0', 'Brightwater 0' || n), 'brightwater-0', n || 'brightwater-0')
        FROM handoffs, counted WHERE id = {original}""")
    )
    connection.execute(
        text(f"""
        INSERT INTO deadlines (team_id, handoff_id, kind, round, owner, started_at, due_at, met_at, is_open, ask_at)
        {counted}
        SELECT team_id, n, kind, round, CASE owner WHEN '{AE}' THEN {_ANY_AE} ELSE owner END, started_at, due_at,
               met_at, is_open, CASE kind WHEN 'complete_document' THEN {_milliseconds(due)} ELSE ask_at END
        FROM deadlines, counted WHERE handoff_id = {original}""")
    )


def _open(url: str, count: int) -> None:
    """Add rows of deadlines that are due later, until so many are open; nobody asks for their handoffs, so none are."""
    later = _milliseconds(_DUE + timedelta(days=3))
    engine = create_engine(url)
    with engine.begin() as connection:
        open_by_now = connection.execute(text("SELECT count(*) FROM deadlines WHERE ask_at IS NOT NULL")).scalar_one()
        connection.execute(
            text(f"""
            INSERT INTO deadlines (team_id, handoff_id, kind, round, owner, started_at, due_at, is_open, ask_at)
            {_COUNT.format(first=open_by_now, last=count - 1)}
            SELECT '{TEAM}', 1000000 + n, 'rule', 0, {_ANY_AE}, {later}, {later} + n * 1000, true, {later} + n * 1000
            FROM counted""")
        )
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))  # as it does by itself in time; nobody does it on SQLite
    engine.dispose()


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
