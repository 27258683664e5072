"""The usual way to deadlines: one APScheduler job for each, kept in the database, here one that has nothing to do."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Semaphore

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from store.database import Database

_ADDING = timedelta(seconds=25)  # no more jobs than can be added in this time
_FIRING_SECONDS = 60


@dataclass(frozen=True)
class Jobs:
    """How many jobs fell due at once, and of how many nothing came; milliseconds to add one and to fire one."""

    count: int
    lost: int
    adding: float
    firing: float


def measure(url: str, count: int) -> Jobs:
    """Let that many jobs fall due at one moment, in a database with Baton's own settings."""
    database = Database(url)
    scheduler = BackgroundScheduler(timezone=UTC, jobstores={"default": SQLAlchemyJobStore(engine=database.engine)})
    outcomes, ended = [], Semaphore(0)

    def hear(event: JobExecutionEvent) -> None:
        outcomes.append(event.code)
        ended.release()

    scheduler.add_listener(hear, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
    scheduler.start(paused=True)
    begun = datetime.now(UTC)
    due, added = begun + _ADDING, 0
    while added < count and datetime.now(UTC) < due - timedelta(seconds=1):
        scheduler.add_job(nothing, "date", run_date=due)
        added += 1
    adding = (datetime.now(UTC) - begun) / added
    scheduler.resume()
    time.sleep((due - datetime.now(UTC)).total_seconds())
    for _ in range(added):
        if not ended.acquire(timeout=_FIRING_SECONDS):
            break
    firing = (datetime.now(UTC) - due) / added
    scheduler.shutdown()
    database.close()
    millisecond = timedelta(milliseconds=1)
    return Jobs(added, added - outcomes.count(EVENT_JOB_EXECUTED), adding / millisecond, firing / millisecond)


def nothing() -> None:
    """The work of a job."""
