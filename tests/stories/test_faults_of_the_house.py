"""The database, the connection, the clock or the process fails: what was said to be saved is saved, and it goes on."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert, make_url, select

from handlers.schedule import keep_cadence
from sandbox import Clock
from store.tables import deadlines, handoffs, history, outbox
from tests.databases import command, named
from tests.office import MONDAY, ROOT, Office

POISON = {"team_id": "T", "lane": "poison", "kind": "message.draw", "about": "{", "state": "open"}


async def rows(office: Office, table: Any) -> list[Any]:
    """Everything in one table."""
    return await office.baton.store.database.read(lambda connection: list(connection.execute(select(table))))


@contextmanager
def quickly() -> Iterator[None]:
    """Slack waits three seconds for an answer."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 3


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Somebody else holds the SQLite file: a backup, say."""
    other = sqlite3.connect(office.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.rollback()
    other.close()


@contextmanager
def cut_off(office: Office) -> Iterator[None]:
    """PostgreSQL ends every connection and takes no new one, as when it restarts."""
    name = make_url(office.database_url).database
    server = office.database_url.replace(f"/{name}?", "/postgres?")
    command(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    command(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    yield
    command(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def frozen(office: Office) -> Iterator[None]:
    """PostgreSQL keeps its connections and answers on none of them."""
    find = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as server:
        found = server.execute(find).fetchall()
    for (pid,) in found:
        os.kill(pid, signal.SIGSTOP)
    yield
    for (pid,) in found:
        os.kill(pid, signal.SIGCONT)


TROUBLES = {"sqlite": [locked], "postgresql": [cut_off, frozen]}


async def test_a_database_that_does_not_answer_is_said_at_once_and_the_same_form_saves_later(office: Office) -> None:
    for trouble in TROUBLES[office.baton.store.database.url.get_backend_name()]:
        await office.ana.types("/handoff start", into="general")
        name = f"Customer of the {trouble.__name__}"
        domain = f"https://{trouble.__name__.replace('_', '')}.example"
        for label, value in {"Company Name": name, "Website": domain, "Segment": "SMB"}.items():
            office.ana.modal.fill(label, value)
        with trouble(office):
            with quickly():
                errors = await office.ana.modal.submit()
            assert any("Not saved" in words and "press again" in words for words in errors.values()), errors
        assert await office.ana.modal.submit() == {}
        await office.settles()
        assert [row.customer for row in await rows(office, handoffs)].count(name) == 1


async def test_a_command_while_the_database_is_away_says_so(office: Office) -> None:
    await office.starts(office.ana)
    for trouble in TROUBLES[office.baton.store.database.url.get_backend_name()]:
        if trouble is locked:
            continue  # reading goes on beside a writer
        with trouble(office), quickly():
            (answer,) = await office.ana.types("/handoff list", into="general")
            assert "did not answer" in answer.text
        (answer,) = await office.ana.types("/handoff list", into="general")
        assert "Acme GmbH" in answer.text


@pytest.mark.postgres
async def test_a_deadline_whose_handoff_is_held_blocks_no_other(postgres_url: str) -> None:
    async with _office(postgres_url) as office:
        held = await office.starts(office.ana)
        free = await office.starts(office.mia, **{"Company Name": "Globex", "Website": "https://globex.example"})
        await office.signs(office.ana, held)
        await office.signs(office.mia, free)
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
            other.execute("SELECT * FROM handoffs ORDER BY id LIMIT 1 FOR UPDATE")
            await office.later(hours=25)
            assert "Overdue" in office.mia.conversation(free).pins[0].text
        assert "Overdue" not in office.ana.conversation(held).pins[0].text
        await office.later(minutes=2)
        assert "Overdue" in office.ana.conversation(held).pins[0].text


async def test_a_lost_acknowledgement_and_a_second_press_start_once(office: Office) -> None:
    await office.ana.types("/handoff start", into="general")
    for label, value in {"Company Name": "Acme", "Website": "https://acme.example", "Segment": "SMB"}.items():
        office.ana.modal.fill(label, value)
    with deaf(office), pytest.raises(Exception, match="trouble connecting"):
        await office.ana.modal.submit()
    await until_there(office, handoffs, lambda row: row.is_live)
    assert await office.ana.modal.submit() == {}
    assert office.ana.modals == []
    assert len(await rows(office, handoffs)) == 1


async def test_a_conflict_whose_answer_is_lost_discards_nothing_that_was_typed(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Company Overview")
    office.ana.modal.fill("Industry", "Air freight")
    await office.writes(office.ben, channel, "Company Overview", Industry="Sea freight")
    before = len(await rows(office, history))
    with deaf(office), pytest.raises(Exception, match="trouble connecting"):
        await office.ana.modal.submit()
    await office.settles()
    assert await office.ana.modal.submit() == {}
    assert "Somebody saved this section while you were writing" in office.ana.modal.text()
    assert office.ana.modal.value("Industry") == "Air freight"
    assert len(await rows(office, history)) == before


@contextmanager
def deaf(office: Office) -> Iterator[None]:
    """Slack hangs up before Baton's answer can reach it."""
    office.workspace.ack_seconds = 0.000_001
    yield
    office.workspace.ack_seconds = 3.0


async def until_there(office: Office, table: Any, true: Callable[[Any], bool]) -> None:
    """Wait until the table has such a row: Baton works on although nobody heard its answer."""
    async with asyncio.timeout(3):
        while not any(true(row) for row in await rows(office, table)):  # noqa: ASYNC110  a database has no event
            await asyncio.sleep(0.01)


async def test_an_event_that_comes_again_and_again_counts_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.events.retry_after_seconds = (0.0, 0.0, 0.0)
    with deaf(office):
        await office.ana.does("archive", channel=office.ana.conversation(channel).id)
        await office.workspace.events.delivered()
    await until_there(office, history, lambda row: row.kind == "ChannelTroubled")
    await office.settles()
    assert [row.kind for row in await rows(office, history)].count("ChannelTroubled") == 1
    assert len(office.ana.dm().messages) == 1


# -- Socket Mode


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


# -- poison, clocks, processes


async def test_an_errand_that_cannot_be_read_blocks_no_other(office: Office) -> None:
    now = office.workspace.clock.now()
    poison = POISON | {"team_id": office.baton.team, "due_at": now, "created_at": now}
    unknown = poison | {"kind": "of.tomorrow", "lane": "tomorrow", "about": "{}"}
    both = [poison, unknown]
    await office.baton.store.database.write(lambda connection: connection.execute(insert(outbox), both))
    channel = await office.starts(office.ana)
    assert "Edit document" in office.ana.conversation(channel).pins[0].buttons
    for _ in range(10):
        await office.later(minutes=6)
    states = {row.lane: row.state for row in await rows(office, outbox)}
    assert (states["poison"], states["tomorrow"]) == ("aside", "open")  # a newer Baton may know it


async def test_a_deadline_that_cannot_be_asked_blocks_no_other(office: Office) -> None:
    now = office.workspace.clock.now()
    lost = {"team_id": office.baton.team, "handoff_id": 987, "kind": "none", "round": 0, "due_at": now, "ask_at": now}
    await office.baton.store.database.write(lambda connection: connection.execute(insert(deadlines), [lost]))
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.later(hours=25)
    assert "Overdue" in office.ana.conversation(channel).pins[0].text


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_clock_that_leaps_an_hour_harms_nothing(office: Office, hours: int) -> None:
    await office.starts(office.ana)
    office.workspace.clock.move(timedelta(hours=hours))
    channel = await office.starts(office.mia, **{"Company Name": "Globex", "Website": "https://globex.example"})
    here = office.mia.conversation(channel)
    assert len(here.messages) == len(here.pins) == 1
    assert here.topic.startswith("Preparing")


async def test_the_cadence_goes_on_when_the_clock_is_set_back() -> None:
    clock, ticked = Clock(), asyncio.Event()

    async def tick() -> None:
        ticked.set()

    cadence = AsyncIOScheduler(timezone="UTC")
    # As APScheduler stands when the machine's clock has just gone back an hour.
    cadence.add_job(tick, "interval", seconds=5, next_run_time=clock.now() + timedelta(hours=1))
    cadence.start()
    keeping = asyncio.create_task(keep_cadence(cadence, clock, seconds=0.01))
    await asyncio.sleep(0)
    clock.move(timedelta(hours=-1))
    async with asyncio.timeout(3):
        await ticked.wait()
    keeping.cancel()
    cadence.shutdown(wait=False)


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
    assert len(replies) == len(set(replies)) == 1, replies
    assert "overdue" in replies[0]


async def test_a_second_process_on_the_same_file_refuses_in_one_line(sqlite_url: str) -> None:
    async with _office(sqlite_url) as office:
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
    async with _office(sqlite_url) as office:
        await office.closes()
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
        assert len(await rows(office, handoffs)) == taken == 12
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


@asynccontextmanager
async def _office(url: str) -> AsyncIterator[Office]:
    """An office on one particular database."""
    from sandbox import Workspace, seed_team
    from sandbox.server import Server
    from tests.office import manifest

    workspace = Workspace(manifest(), seed_team(), clock=Clock(MONDAY))
    async with Server(workspace) as server:
        made = Office(workspace, server, url)
        await made.opens()
        try:
            yield made
        finally:
            await made.closes()
