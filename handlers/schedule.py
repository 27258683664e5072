"""The cadence: APScheduler wakes the tick and the housekeeping; it owns no fact."""

import asyncio
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.deadlines import when_due
from handlers.requests import Desk
from store import outbox, queries
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
    """Ask about every deadline that is due; how many. Each is a transaction of its own: a bad one blocks no other."""
    asked = 0
    try:
        while True:
            due_now = partial(queries.due_deadlines, now=desk.clock.now(), limit=_AT_ONCE)
            due = await desk.store.database.read(due_now)
            for deadline_id, team in due:
                await _ask(desk, team, deadline_id)
            asked += len(due)
            if len(due) < _AT_ONCE:
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


async def _ask(desk: Desk, team: str, deadline_id: int) -> None:
    now = desk.clock.now()

    def ask(work: Work) -> None:
        if taken := queries.take_deadline(work, deadline_id):
            handoff = work.handoff(taken[0])
            work.record(handoff, when_due(taken[1], handoff, work.playbook(handoff), now))

    try:
        await desk.store.commit(team, ask)
    except Exception as error:
        log.error("deadline broke", deadline=deadline_id, exc_info=error)
        await desk.store.commit(team, lambda work: queries.postpone_deadline(work, deadline_id, now + _BACK_OFF))
