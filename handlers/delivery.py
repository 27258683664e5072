"""The delivery: takes errands from the outbox, does them in Slack, and writes down how it went."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.errands import Kind, Picture, draw
from bot.refusals import Refusal
from handlers.requests import Desk
from handlers.slack import Postponed, Refused, Unknown, ask
from store import outbox
from store.database import NotSaved
from store.outbox import Entry
from store.work import Work

log = structlog.get_logger()
_AT_ONCE = 8
_MOST_ATTEMPTS = 8
_CALL_SECONDS = 10.0
_PASSING = timedelta(seconds=30)


@dataclass(frozen=True)
class Job:
    """One errand on its way: the entry, and what its sender works with."""

    desk: Desk
    entry: Entry
    grace: timedelta  # longer than Slack can be late with what it did not answer

    @property
    def token(self) -> str:
        """What this errand's message carries, to be found again; unlike any other database's."""
        return f"{self.entry.id}-{int(self.entry.created_at.timestamp() * 1000)}"

    @property
    def client(self) -> AsyncWebClient:
        """Slack."""
        return self.desk.client

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.desk.clock.now()

    async def call(self, method: Awaitable[Any]) -> Any:
        """Slack's answer; raises Refused, Postponed or Unknown."""
        return await ask(method, seconds=_CALL_SECONDS)

    async def read(self, function: Callable[[Work], Any]) -> Any:
        """One look at the data of the errand's team."""
        return await self.desk.store.read(self.entry.team, function)

    async def commit(self, function: Callable[[Work], Any]) -> Any:
        """One transaction of the errand's team."""
        return await self.desk.store.commit(self.entry.team, function)


Sender = Callable[[Job], Awaitable[None]]


class Delivery:
    """Does what the outbox holds, in order within a lane, several lanes at once."""

    def __init__(
        self,
        desk: Desk,
        senders: dict[str, Sender],
        *,
        lease: timedelta = outbox.LEASE,
        grace: timedelta = outbox.LEASE,
    ) -> None:
        self._desk = desk
        self._senders = senders
        self._lease = lease
        self._grace = grace
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._claiming = asyncio.Lock()

    async def run(self) -> None:
        """Deliver until `stop`: at once when something is posted, else when the next entry is due."""
        posted = self._desk.store.errands_posted
        while not self._stopping:
            posted.clear()
            try:
                await self._start_due()
                pause = await self._pause()
            except NotSaved:
                pause = 1.0
            waiting = asyncio.ensure_future(posted.wait())
            await asyncio.wait({waiting, *self._running}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()

    async def settle(self) -> None:
        """Deliver all that is due now, and wait until it is done."""
        while await self._start_due() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float = 3.0) -> None:
        """Take nothing new and let what runs end."""
        self._stopping = True
        self._desk.store.errands_posted.set()
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)

    async def _start_due(self) -> int:
        async with self._claiming:
            return await self._claim()

    async def _claim(self) -> int:
        free = _AT_ONCE - len(self._running)
        if free <= 0:
            return 0
        now = self._desk.clock.now()
        database = self._desk.store.database
        due = await database.read(outbox.next_due)  # so that an idle Baton never asks for the writer
        if due is None or due > now:
            return 0
        entries = await database.write(lambda connection: outbox.claim(connection, now, free, self._lease))
        for entry in entries:
            task = asyncio.create_task(self._deliver(entry))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(entries)

    async def _pause(self) -> float:
        """Seconds until something may be due; never long, for the clock may be moved."""
        due = await self._desk.store.database.read(outbox.next_due)
        if due is None:
            return 1.0
        return min(max((due - self._desk.clock.now()).total_seconds(), 0.02), 1.0)

    async def _deliver(self, entry: Entry) -> None:
        job = Job(self._desk, entry, self._grace)
        try:
            outcome = await self._try(job)
            await self._desk.store.database.write(outcome)
        except NotSaved:
            log.warning(
                "outcome not written", entry=entry.id, kind=entry.kind
            )  # the lease expires, and it is looked up
        except Exception as error:
            log.error("errand broke", entry=entry.id, kind=entry.kind, exc_info=error)
            await self._give_up(entry, f"broken: {type(error).__name__}")

    async def _try(self, job: Job) -> Callable[[Connection], None]:
        entry, now = job.entry, job.now
        try:
            sender = self._senders.get(entry.kind)
            if sender is None:  # a newer Baton's errand: it is left for that one
                return lambda c: outbox.postpone(
                    c, entry, now + timedelta(minutes=5), "unknown kind", outcome_known=True
                )
            await sender(job)
            return lambda c: outbox.finish(c, entry)
        except Postponed as limited:
            log.info("rate limited", kind=entry.kind, seconds=limited.pause.total_seconds())
            until = now + limited.pause
            said = str(limited)
            return lambda c: _wait(c, entry, until, said)
        except Unknown as unknown:
            log.warning("outcome unknown", entry=entry.id, kind=entry.kind, error=str(unknown))
            if entry.attempts >= _MOST_ATTEMPTS * 4:
                return self._aside(entry, f"no answer: {unknown}", now)
            until = max(now, (entry.unknown_since or now) + self._grace)
            again = max(until, now + _backoff(entry.attempts))
            said = str(unknown)
            return lambda c: outbox.postpone(c, entry, again, said, outcome_known=False)
        except Refused as refused:
            log.warning("refused by Slack", entry=entry.id, kind=entry.kind, error=refused.code)
            return self._aside(entry, refused.code, now)
        except (NotSaved, Refusal) as error:
            if entry.attempts >= _MOST_ATTEMPTS:
                return self._aside(entry, str(error), now)
            return self._later(entry, str(error), now)

    async def _give_up(self, entry: Entry, error: str) -> None:
        now = self._desk.clock.now()
        again = entry.attempts < _MOST_ATTEMPTS
        outcome = self._later(entry, error, now) if again else self._aside(entry, error, now)
        try:
            await self._desk.store.database.write(outcome)
        except NotSaved:
            log.warning("outcome not written", entry=entry.id, kind=entry.kind)

    def _later(self, entry: Entry, error: str, now: datetime) -> Callable[[Connection], None]:
        until = now + _backoff(entry.attempts)
        return lambda connection: outbox.postpone(connection, entry, until, error, outcome_known=False)

    def _aside(self, entry: Entry, error: str, now: datetime) -> Callable[[Connection], None]:
        def keep(connection: Connection) -> None:
            outbox.set_aside(connection, entry, error)
            if entry.about.get("picture") != Picture.SET_ASIDE:
                work = Work(connection, entry.team, self._desk.store.playbooks)
                today = int(f"{now:%Y%m%d}")  # one message a day, redrawn
                work.post([draw(Picture.SET_ASIDE, admin, today) for admin in work.admins()], now)

        return keep


def _wait(connection: Connection, entry: Entry, until: datetime, error: str) -> None:
    outbox.postpone(connection, entry, until, error, outcome_known=True)
    if entry.kind not in _PER_CONVERSATION:
        outbox.postpone_kind(connection, entry, until)


def _backoff(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), timedelta(minutes=5))


# Slack limits these by conversation; every other method by workspace.
_PER_CONVERSATION = {Kind.DRAW_MESSAGE, Kind.POST_LINE, Kind.SEND_EXPORT}
