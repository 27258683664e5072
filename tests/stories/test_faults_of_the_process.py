"""The connection, the clock or the process fails: Baton goes on as soon as it can, and says each thing once."""

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.schedule import Every, keep_cadence, scheduler
from sandbox import Clock
from store.tables import handoffs
from tests.databases import command, named
from tests.office import ROOT, Office, office_on


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database will do: none of this is about it."""
    return sqlite_url


async def answers(office: Office) -> bool:
    """Whether a person is answered now."""
    (answer,) = await office.ana.types("/handoff help", into="general")
    return "/handoff start" in answer.text


async def both_connected(office: Office, within: float) -> None:
    """Wait until both connections stand, and Baton answers on each."""
    sockets = office.workspace.delivery.sockets
    await office.workspace.until(lambda: len(sockets.connections) == 2, within)
    assert await answers(office)
    assert await answers(office)


async def test_lost_connections_are_replaced(office: Office) -> None:
    sockets = office.workspace.delivery.sockets
    await both_connected(office, 5)
    sockets.drop_all()
    await office.workspace.until(lambda: not sockets.connections, 2)
    await both_connected(office, 5)
    await sockets.close_all()
    await office.workspace.until(lambda: not sockets.connections, 2)
    await both_connected(office, 5)


async def test_connections_that_are_lost_again_and_again_are_replaced_each_time_as_soon(office: Office) -> None:
    sockets = office.workspace.delivery.sockets
    for _ in range(4):
        await both_connected(office, 3)
        sockets.drop_all()
        await office.workspace.until(lambda: not sockets.connections, 2)
    await both_connected(office, 3)


async def test_a_refresh_is_not_even_noticed(office: Office) -> None:
    await both_connected(office, 5)
    await office.workspace.delivery.sockets.refresh(warning_seconds=1)
    await both_connected(office, 5)


async def test_connections_that_fell_silent_are_replaced(office: Office) -> None:
    sockets = office.workspace.delivery.sockets
    await both_connected(office, 5)
    silent = list(sockets.connections)
    sockets.half_open()
    fresh = lambda: len([one for one in sockets.connections if one not in silent]) == 2  # noqa: E731
    await office.workspace.until(fresh, 15)


async def test_baton_comes_back_when_slack_opens_no_connection_for_a_while(office: Office) -> None:
    sockets = office.workspace.delivery.sockets
    await both_connected(office, 5)
    sockets.refuse_open = "internal_error"
    sockets.drop_all()
    await office.workspace.until(lambda: not sockets.connections, 2)
    office.workspace.faults.add("apps.connections.open", "500")
    office.workspace.faults.add("apps.connections.open", "drop")
    async with asyncio.timeout(10):
        while office.workspace.faults.pending:  # noqa: ASYNC110  the sandbox has no event for it
            await asyncio.sleep(0.01)
    sockets.refuse_open = None
    await both_connected(office, 15)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_leaps_an_hour_harms_nothing(office: Office, hours: int) -> None:
    await office.starts(office.ana)
    office.workspace.clock.move(timedelta(hours=hours))
    channel = await office.starts(office.mia, **{"Company Name": "Globex", "Website": "https://globex.example"})
    here = office.mia.conversation(channel)
    assert len(here.messages) == len(here.pins) == 1
    assert here.topic.startswith("Preparing")


class StandingClock:
    """A clock that somebody stopped."""

    def __init__(self) -> None:
        self._stopped = Clock().now()

    def now(self) -> datetime:
        """Always the same moment."""
        return self._stopped


@pytest.mark.parametrize("kind", [Clock, StandingClock])
async def test_the_cadence_goes_on_when_the_clock_is_set_back_or_stands_still(
    kind: type[Clock] | type[StandingClock],
) -> None:
    clock = kind()
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    cadence = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None})
    # As APScheduler stands when the machine's clock has just gone back an hour.
    cadence.add_job(tick, "interval", seconds=5, next_run_time=clock.now() + timedelta(hours=1))
    cadence.start()
    keeping = asyncio.create_task(keep_cadence(cadence, clock, seconds=0.01))
    await asyncio.sleep(0)
    if isinstance(clock, Clock):
        clock.move(timedelta(hours=-1))
    async with asyncio.timeout(3):
        await ticked.wait()
    cadence.pause()
    keeping.cancel()
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})  # a run that has begun ends
    cadence.shutdown(wait=False)


async def test_the_cadence_goes_on_at_once_when_the_clock_leaps_a_year_ahead() -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    cadence = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})
    cadence.add_job(tick, Every(timedelta(seconds=5)), next_run_time=Clock().now() - timedelta(days=365))
    cadence.start()
    started = time.monotonic()
    async with asyncio.timeout(30):
        await ticked.wait()
    assert time.monotonic() - started < 3
    cadence.shutdown(wait=False)


async def test_to_be_stopped_in_the_middle_of_a_job_is_no_error(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    asked = asyncio.Event()

    class Watch(Clock):
        def now(self) -> datetime:
            asked.set()
            return super().now()

    jobs = scheduler(replace(office.baton.desk, clock=Watch()), tick_seconds=0.01)
    jobs.start()
    await asked.wait()  # the tick waits for the database now
    jobs.shutdown(wait=False)
    await office.settles()
    assert "Traceback" not in caplog.text


async def test_after_a_week_asleep_each_thing_is_said_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    before = len(office.ana.conversation(channel).pins[0].replies)
    await office.closes()
    office.workspace.clock.move(timedelta(days=7))
    await office.opens()
    await office.later(seconds=1)
    await office.later(seconds=1)
    replies = [reply.text for reply in office.ana.conversation(channel).pins[0].replies][before:]
    late = ("Complete handoff document", "First CS contact")
    assert replies == [f"Baton noticed that this is overdue: {label}." for label in late]


async def test_a_second_process_on_the_same_file_refuses_in_one_line(sqlite_url: str) -> None:
    async with office_on(sqlite_url) as office:
        second = await asyncio.create_subprocess_exec(
            sys.executable, "app.py", cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=process_environment(office),
        )  # fmt: skip
        said, complained = await second.communicate()
        assert (second.returncode, said) == (2, b"")
        (line,) = complained.decode().splitlines()
        assert "DATABASE_URL: another Baton is using" in line


@pytest.mark.postgres
def test_processes_that_start_at_once_lay_the_tables_once(postgres_server: str) -> None:
    command(postgres_server, "CREATE DATABASE newborn")
    url = named(postgres_server, "newborn")
    code = "import sys; from store.database import *; from store.migrate import *; migrate(Database(sys.argv[1]))"
    started = [subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT) for _ in range(3)]
    assert [process.wait(30) for process in started] == [0, 0, 0]
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchall() == [(1,)]


async def test_a_signal_under_load_ends_baton_in_time_and_loses_nothing(sqlite_url: str) -> None:
    async with office_on(sqlite_url) as office:
        await office.closes()
        office.workspace.clock.reset()  # a process of its own lives by the machine's clock
        process = await asyncio.create_subprocess_exec(
            sys.executable, "app.py", cwd=ROOT, env=process_environment(office)
        )
        await office.workspace.until(lambda: bool(office.workspace.delivery.sockets.connections), 20)
        taken = 0
        for number in range(12):
            answers = {"Company Name": f"Number {number}", "Website": f"https://number{number}.example"}
            taken += await office.asks_to_start(office.ana, **answers) == {}
        process.terminate()
        async with asyncio.timeout(5):
            assert await process.wait() == 0
        await office.opens()
        assert len(await office.rows(handoffs)) == taken == 12
        for _ in range(3):
            await office.later(seconds=41)
        channels = [name for name in office.ana.channels() if name.startswith("handoff-")]
        assert len(channels) == 12
        assert all(len(office.ana.conversation(name).messages) == 1 for name in channels)


def process_environment(office: Office) -> dict[str, str]:
    """What a Baton in a process of its own reads."""
    tokens = {"SLACK_BOT_TOKEN": office.workspace.bot_token, "SLACK_APP_TOKEN": office.workspace.app_token}
    places = {"SLACK_API_URL": office.server.api_url, "DATABASE_URL": office.database_url, "PORT": "0"}
    return {**os.environ, **tokens, **places}
