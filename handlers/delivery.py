"""The delivery: takes errands from the outbox, does them in Slack, and writes down how it went."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.errands import Kind, Picture, draw
from bot.refusals import Refusal
from handlers.requests import Desk
from handlers.slack import POST, UPLOAD, UPLOAD_SECONDS, Limits, Method, Postponed, Refused, Unanswered, Unknown, ask
from store import outbox, queries
from store.database import NotSaved
from store.outbox import Entry
from store.work import Work

T = TypeVar("T")
log = structlog.get_logger()
_AT_ONCE = 8
_DMS_AT_ONCE = 4  # of one workspace: more than Slack takes for long, and there are hands for what people wait for
_MOMENT = timedelta(milliseconds=1)  # moments are kept in whole milliseconds, rounded up
_MOST_ATTEMPTS = 8
_MOST_UNANSWERED = 300  # more than a day of asking every five minutes
_CALL_SECONDS = 10.0
_MAKING_SECONDS = 15.0  # of an attempt: there is time left to send what was made
_MOST_SLOW = 6  # attempts in more than a minute
_GATHER_SECONDS = 0.1  # people click in flurries: redraws merge meanwhile, and the next click finds Baton free


@dataclass(frozen=True)
class Patience:
    """How long an attempt may take, how late Slack may be with what it did not answer, how long to wait for better."""

    attempt: timedelta = timedelta(seconds=20)
    grace: timedelta = timedelta(seconds=20)
    longest: timedelta = timedelta(minutes=5)  # between two attempts

    def of(self, kind: str) -> timedelta:
        """How long an attempt of that kind may take: large files take their time."""
        return self.attempt + (timedelta(seconds=UPLOAD_SECONDS) if kind == Kind.SEND_FIGURES else timedelta())

    def lease(self, kind: str) -> timedelta:
        """So that whoever takes over a dead worker's errand finds what its last call did."""
        return self.of(kind) + self.grace


@dataclass(frozen=True)
class Job:
    """One errand on its way: the entry, and what its sender works with."""

    desk: Desk
    entry: Entry
    limits: Limits

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

    async def make(self, making: Awaitable[T]) -> T | None:
        """What takes many looks at the data; None when none of several attempts came to its end, so that whoever waits
        for it can be told. An outage of the database is waited out: no attempt begins before it is over."""
        try:
            async with asyncio.timeout(_MAKING_SECONDS):
                return await making
        except (NotSaved, TimeoutError):
            if self.entry.attempts < _MOST_SLOW:
                raise NotSaved from None
        return None

    async def call(self, method: Method, **arguments: Any) -> Any:
        """Slack's answer; raises Refused, Postponed, Unanswered or Unknown."""
        team, name = self.entry.team, method.__name__
        self.limits.heed(team, name, arguments, self.now)
        if name == POST and not self.entry.is_dm:  # a DM's turn came when it was claimed
            self.limits.leave(team, self.now)
        try:
            answer = await ask(method, arguments, seconds=UPLOAD_SECONDS if name == UPLOAD else _CALL_SECONDS)
        except Postponed as limited:
            self.limits.keep(team, name, arguments, self.now, self.now + limited.pause)
            raise
        self.limits.passed(team, name, arguments, self.now)
        return answer

    async def read(self, function: Callable[[Work], Any]) -> Any:
        """One look at the data of the errand's team."""
        return await self.desk.store.read(self.entry.team, function)

    async def commit(self, function: Callable[[Work], Any]) -> Any:
        """One transaction of the errand's team."""
        return await self.desk.store.commit(self.entry.team, function)


Sender = Callable[[Job], Awaitable[None]]
Outcome = Callable[[Connection], None]


class Delivery:
    """Does what the outbox holds, in order within a lane, several lanes at once."""

    def __init__(self, desk: Desk, senders: dict[str, Sender], patience: Patience) -> None:
        self._desk = desk
        self._senders = senders
        self._patience = patience
        self._limits = Limits()
        self._running: dict[asyncio.Task[None], Entry] = {}
        self._stopping = False
        self._claiming = asyncio.Lock()
        self._newest = False  # by turns those due longest and the newest: nobody's click waits behind ten thousand DMs

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
            except Exception as error:
                log.error("delivery stumbled", exc_info=error)
                pause = 1.0
            waiting = asyncio.ensure_future(posted.wait())
            await asyncio.wait({waiting, *self._running}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.cancel() and not self._stopping:
                await asyncio.sleep(_GATHER_SECONDS)

    async def settle(self) -> None:
        """Deliver all that is due now, and wait until it is done."""
        busy = True
        while busy:
            ran = bool(self._running)  # what ends while we look may free the next of its lane: look once more
            started = await self._start_due()
            busy = bool(ran or started or self._running)
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float = 3.0) -> None:
        """Take nothing new and let what runs end; what does not is found when its lease expires."""
        self._stopping = True
        self._desk.store.errands_posted.set()
        if running := list(self._running):
            await asyncio.wait(running, timeout=seconds)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def next_moment(self) -> datetime | None:
        """When there may be something to start: an errand is due, or a workspace takes posts again."""
        closed = self._limits.closed(self._desk.clock.now())
        held = self._held(closed)  # not in the database's thread: what runs changes meanwhile
        due = await self._desk.store.database.read(lambda connection: outbox.next_due(connection, held))
        return min(filter(None, (due, *closed.values())), default=None)

    async def _start_due(self) -> int:
        async with self._claiming:
            claimed = await self._claim()
            started = len(claimed)
            while any(entry.is_dm for entry in claimed):  # these are taken one at a time
                claimed = await self._claim()
                started += len(claimed)
            return started

    async def _claim(self) -> list[Entry]:
        free = _AT_ONCE - len(self._running)
        if free <= 0 or self._stopping:
            return []
        now = self._desk.clock.now()
        held = self._held(self._limits.closed(now))
        database = self._desk.store.database
        due = await database.read(lambda connection: outbox.next_due(connection, held))
        if due is None or due - now >= _MOMENT:  # so that an idle Baton never asks for the writer
            return []
        self._newest = not self._newest
        lease, newest = self._patience.lease, self._newest
        busy = [entry.id for entry in self._running.values()]  # when the clock leaps, leases end before their time
        entries = await database.write(lambda c: outbox.claim(c, now, free, lease, busy, held, newest=newest))
        for entry in entries:
            if entry.is_dm:
                self._limits.leave(entry.team, now)
            task = asyncio.create_task(self._deliver(entry))
            self._running[task] = entry
            task.add_done_callback(self._running.pop)
        return entries

    def _held(self, closed: Collection[str]) -> set[str]:
        """The workspaces whose DMs wait: Slack wants a pause, or as many as there should be are on their way."""
        writing = Counter(entry.team for entry in self._running.values() if entry.is_dm)
        return {*closed, *(team for team, count in writing.items() if count >= _DMS_AT_ONCE)}

    async def _pause(self) -> float:
        """Seconds until something may be due; never long, for the clock may be moved."""
        due = await self.next_moment()
        if due is None:
            return 1.0
        return min(max((due - self._desk.clock.now()).total_seconds(), 0.02), 1.0)

    async def _deliver(self, entry: Entry) -> None:
        try:
            outcome = await self._try(Job(self._desk, entry, self._limits))
        except Exception as error:
            log.error("errand broke", entry=entry.id, kind=entry.kind, exc_info=error)
            outcome = self._again(entry, f"broken: {type(error).__name__}", known=False)
        try:
            await self._desk.store.database.write(outcome)
        except NotSaved:  # the lease expires, and it is looked up
            log.warning("outcome not written", entry=entry.id, kind=entry.kind)

    async def _try(self, job: Job) -> Outcome:
        entry = job.entry
        sender = self._senders.get(entry.kind)
        if sender is None:  # a newer Baton's errand: it is left for that one
            return self._later(entry, timedelta(minutes=5), "unknown kind", known=True)
        try:
            async with asyncio.timeout(self._patience.of(entry.kind).total_seconds()):
                await sender(job)
        except Postponed as limited:
            log.info("rate limited", kind=entry.kind, seconds=limited.pause.total_seconds())
            return self._later(entry, limited.pause, str(limited), known=True)
        except Unanswered as lost:
            log.warning("no answer", entry=entry.id, kind=entry.kind, error=str(lost))
            return self._again(entry, f"no answer: {lost}", known=True, most=_MOST_UNANSWERED)
        except (Unknown, TimeoutError) as lost:
            log.warning("outcome unknown", entry=entry.id, kind=entry.kind, error=str(lost))
            return self._again(entry, f"no answer: {lost}", known=False, most=_MOST_UNANSWERED)
        except Refused as refused:
            log.warning("refused by Slack", entry=entry.id, kind=entry.kind, error=refused.code)
            return self._aside(entry, refused.code)
        except NotSaved as error:
            return self._later(entry, self._backoff(entry), str(error), known=False)
        except Refusal as refusal:
            return self._again(entry, str(refusal), known=False)
        return lambda connection: outbox.finish(connection, entry)

    def _again(self, entry: Entry, error: str, *, known: bool, most: int = _MOST_ATTEMPTS) -> Outcome:
        if entry.attempts >= most:
            return self._aside(entry, error)
        pause = self._backoff(entry)
        return self._later(entry, pause if known else max(pause, self._patience.grace), error, known=known)

    def _later(self, entry: Entry, pause: timedelta, error: str, *, known: bool) -> Outcome:
        until = self._desk.clock.now() + pause
        return lambda connection: outbox.postpone(connection, entry, until, error, outcome_known=known)

    def _aside(self, entry: Entry, error: str) -> Outcome:
        now = self._desk.clock.now()

        def keep(connection: Connection) -> None:
            outbox.set_aside(connection, entry, error)
            if entry.about.get("picture") != Picture.SET_ASIDE:
                work = Work(connection, entry.team, self._desk.store.playbooks)
                today = int(f"{now:%Y%m%d}")  # one message a day, redrawn
                work.post([draw(Picture.SET_ASIDE, admin, today) for admin in queries.admins(work)], now)

        return keep

    def _backoff(self, entry: Entry) -> timedelta:
        return min(timedelta(seconds=2 ** min(entry.attempts, 9)), self._patience.longest)
