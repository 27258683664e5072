"""The cadence: APScheduler wakes the tick and the housekeeping; it owns no fact."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.handoffs import Handoff
from bot.nudges import Watch
from bot.reminders import DeadlineEvent
from handlers.digests import post_due
from handlers.recounts import Recounts
from handlers.requests import Desk
from store import deadlines, digests, outbox
from store.clock import Clock
from store.database import NotSaved
from store.work import Work

log = structlog.get_logger()
_AT_ONCE = 25
_TICK_SECONDS = 5
_TIDY_MINUTES = 60
_DIGEST_SECONDS = 10
_COUNT_SECONDS = 60
_START_SECONDS = 5  # the first clicks go before
_BACK_OFF = timedelta(minutes=1)


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Again and again, so long after the last time.

    APScheduler's own interval counts each run that was missed: when the clock leaps a year ahead, Baton would be deaf
    for many seconds.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next run, however long ago the last one was."""
        return now + self._interval


def scheduler(desk: Desk, tick_seconds: float = _TICK_SECONDS) -> AsyncIOScheduler:
    """The jobs: in memory, run late rather than never, never twice at once."""
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    made = AsyncIOScheduler(timezone="UTC", job_defaults=options)
    made.add_job(_run, Every(timedelta(seconds=tick_seconds)), args=[tick, desk])
    made.add_job(_run, Every(timedelta(seconds=_DIGEST_SECONDS)), args=[post_digests, desk])
    made.add_job(_run, Every(timedelta(minutes=_TIDY_MINUTES)), args=[tidy, desk])
    return made


async def _run(job: Callable[[Desk], Awaitable[object]], desk: Desk) -> None:
    with contextlib.suppress(asyncio.CancelledError):  # Baton stops; APScheduler would call it an error
        await job(desk)


async def keep_cadence(cadence: AsyncIOScheduler, clock: Clock, seconds: float = _TICK_SECONDS) -> None:
    """Start the jobs anew when the clock was set back, or stands still: APScheduler would wait for a time to come."""
    before = clock.now()
    while True:
        await asyncio.sleep(seconds)
        now = clock.now()
        if now <= before:
            for job in cadence.get_jobs():
                job.modify(next_run_time=now)
        before = now


async def keep_counted(desk: Desk, seconds: float = _COUNT_SECONDS) -> None:
    """Count again and again what the figures do not tell as it is."""
    recounts = Recounts(desk)
    await asyncio.sleep(_START_SECONDS)
    while True:
        try:
            await recounts.catch_up()
        except NotSaved:
            log.warning("not caught up: the database did not answer")
        except Exception as error:
            log.error("not caught up", exc_info=error)
        await asyncio.sleep(seconds)


def next_moment(desk: Desk, team: str) -> datetime | None:
    """When there is something to ask of anybody, or a digest of the team to post."""
    with desk.store.database.engine.connect() as connection:
        work = Work(connection, team, desk.store.playbooks, reading=True)
        settings, asked = work.settings(), deadlines.next_one(connection)
        posted = digests.next_slot(work, settings, desk.clock.now()).at if settings.digest_channel else None
        return min(filter(None, (asked, posted)), default=None)


async def tick(desk: Desk) -> int:
    """Ask about every deadline that is due; of how many handoffs. A bad one blocks no other."""
    asked: set[tuple[str, int]] = set()
    try:
        while True:  # a few at a time: people's own transactions come between
            now = desk.clock.now()
            due = await desk.store.database.read(partial(deadlines.due, now=now, limit=_AT_ONCE))
            news = [one for one in due if one not in asked]
            if not news:
                desk.pulse.ticked_at = now
                return len(asked)
            for team in {team for team, _ in news}:
                await _ask(desk, team, [handoff_id for of, handoff_id in news if of == team], now)
            asked.update(news)
    except NotSaved:
        log.warning("tick skipped: the database did not answer")
        return len(asked)


async def post_digests(desk: Desk) -> None:
    """Post the weekly digest wherever its hour has come."""
    try:
        await post_due(desk)
    except NotSaved:
        log.warning("no digest yet: the database did not answer")


async def tidy(desk: Desk) -> None:
    """Forget what nobody will ask about again."""
    try:
        more = True
        while more:  # a little at a time: people's own transactions come between
            more = await desk.store.database.write(lambda connection: outbox.tidy(connection, desk.clock.now()))
    except NotSaved:
        log.warning("not tidied: the database did not answer")


async def _ask(desk: Desk, team: str, ids: list[int], now: datetime) -> None:
    """Ask in one transaction; where one of them breaks it, in one for each."""
    try:
        await desk.store.commit(team, lambda work: ask(work, ids, now))
    except Exception as error:
        if len(ids) > 1:
            for handoff_id in ids:
                await _ask(desk, team, [handoff_id], now)
            return
        if isinstance(error, NotSaved):
            log.warning("deadline put off: the database did not answer", handoff=ids[0])
        else:
            log.error("deadline broke", handoff=ids[0], exc_info=error)
        await desk.store.commit(team, lambda w: deadlines.postpone(w.connection, team, ids[0], now, now + _BACK_OFF))


def ask(work: Work, ids: Collection[int], now: datetime) -> None:
    """Ask what the due deadlines of these handoffs mean now, and when to ask again."""
    told: list[tuple[DeadlineEvent, Handoff]] = []
    watched: list[Watch] = []
    handoffs = work.handoffs(ids)  # held: what another tick asked meanwhile is not due any more
    due = deadlines.due_of(work.connection, work.team, ids, now)
    for handoff_id, asked in due.items():
        for kind, round_ in asked:
            watch = next((one for one in work.watches(handoffs[handoff_id]) if one.rule.id == kind), None)
            if watch is None or watch.entry.round != round_:  # of a round that is over
                deadlines.close(work.connection, work.team, handoff_id, kind, round_)
                continue
            while (event := watch.event(now)) is not None:
                watch = watch.after(event)
                told.append((event, watch.handoff))
            handoffs[handoff_id] = watch.handoff
            watched.append(watch)
    work.record_all(told)
    deadlines.put(work.connection, deadlines.rows_of(work.team, watched, now))
