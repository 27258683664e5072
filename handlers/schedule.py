"""The cadence: APScheduler wakes the tick and the housekeeping; it owns no fact."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.events import Event
from bot.handoffs import Handoff
from handlers.requests import Desk
from store import deadlines, outbox
from store.clock import Clock
from store.database import NotSaved
from store.work import Work

log = structlog.get_logger()
_AT_ONCE = 500
_TICK_SECONDS = 5
_TIDY_MINUTES = 60
_BACK_OFF = timedelta(minutes=1)


def scheduler(desk: Desk, tick_seconds: float = _TICK_SECONDS) -> AsyncIOScheduler:
    """The jobs: in memory, run late rather than never, never twice at once."""
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    made = AsyncIOScheduler(timezone="UTC", job_defaults=options)
    made.add_job(tick, "interval", seconds=tick_seconds, args=[desk])
    made.add_job(tidy, "interval", minutes=_TIDY_MINUTES, args=[desk])
    return made


async def keep_cadence(cadence: AsyncIOScheduler, clock: Clock, seconds: float = _TICK_SECONDS) -> None:
    """Start the jobs anew when the clock was set back: APScheduler would wait until the old time comes again."""
    before = clock.now()
    while True:
        await asyncio.sleep(seconds)
        now = clock.now()
        if now < before:
            for job in cadence.get_jobs():
                job.modify(next_run_time=now)
        before = now


async def tick(desk: Desk) -> int:
    """Ask about every deadline that is due; of how many handoffs. A bad one blocks no other."""
    asked = 0
    try:
        while True:
            now = desk.clock.now()
            due = await desk.store.database.read(partial(deadlines.due, now=now, limit=_AT_ONCE))
            for team, handoff_id in due:
                await _ask(desk, team, handoff_id)
            asked += len(due)
            if not due:
                return asked
    except NotSaved:
        log.warning("tick skipped: the database did not answer")
        return asked


async def tidy(desk: Desk) -> None:
    """Forget what nobody will ask about again."""
    try:
        more = True
        while more:  # a little at a time: people's own transactions come between
            more = await desk.store.database.write(lambda connection: outbox.tidy(connection, desk.clock.now()))
    except NotSaved:
        log.warning("not tidied: the database did not answer")


async def _ask(desk: Desk, team: str, handoff_id: int) -> None:
    now = desk.clock.now()
    try:
        await desk.store.commit(team, lambda work: ask(work, handoff_id, now))
    except Exception as error:
        log.error("deadline broke", handoff=handoff_id, exc_info=error)
        later = now + _BACK_OFF
        await desk.store.commit(team, lambda w: deadlines.postpone(w.connection, team, handoff_id, now, later))


def ask(work: Work, handoff_id: int, now: datetime) -> None:
    """Ask what the due deadlines of one handoff mean now, and when to ask again."""
    handoff = work.handoff(handoff_id)  # held: what another tick asked meanwhile is not due any more
    for kind, round_ in deadlines.due_of(work.connection, work.team, handoff_id, now):
        while (event := _event(work, handoff, kind, round_, now)) is not None:
            handoff = work.record(handoff, event)
    work.watch(handoff, now)


def _event(work: Work, handoff: Handoff, kind: str, round_: int, now: datetime) -> Event | None:
    watch = next((watch for watch in work.watches(handoff) if watch.rule.id == kind), None)
    if watch and watch.entry.round == round_:
        return watch.event(now)
    deadlines.close(work.connection, work.team, handoff.id, kind, round_)  # of a round that is over
    return None
