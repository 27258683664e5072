"""The database is away or holds poison, or an answer is lost on its way: what was said to be saved is saved, once."""

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, make_url

from store.tables import deadlines, handoffs, history, outbox
from tests.databases import command
from tests.office import Office, office_on, on_sqlite
from tests.stories.homes import home_of

POISON = {"team_id": "T", "lane": "poison", "kind": "message.draw", "about": "{", "state": "open"}


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
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def cut_off(office: Office) -> Iterator[None]:
    """PostgreSQL ends every connection and takes no new one, as when it restarts."""
    name = make_url(office.database_url).database
    server = office.database_url.replace(f"/{name}?", "/postgres?")
    command(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    command(server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        command(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def frozen(office: Office) -> Iterator[None]:
    """PostgreSQL keeps its connections and answers on none of them, nor on a new one."""
    find = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as server:
        backends = [pid for (pid,) in server.execute(find)]
        status = Path(f"/proc/{server.info.backend_pid}/status").read_text()
    postmaster = int(next(line.split()[1] for line in status.splitlines() if line.startswith("PPid:")))
    for pid in (postmaster, *backends):
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in (postmaster, *backends):
            os.kill(pid, signal.SIGCONT)


TROUBLES = {"sqlite": [locked], "postgresql": [cut_off, frozen]}


@on_sqlite
async def test_what_was_pressed_at_home_does_not_wait_for_the_home_to_follow(office: Office) -> None:
    await office.starts(office.ana)
    home = await home_of(office, office.ana)
    with locked(office):
        began = time.monotonic()
        await home.press("Edit document")
        assert time.monotonic() - began < 0.9
    assert office.ana.modal.title == "Edit document"


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
        assert [row.customer for row in await office.rows(handoffs)].count(name) == 1


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
    async with office_on(postgres_url) as office:
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
    assert len(await office.rows(handoffs)) == 1


async def test_a_conflict_whose_answer_is_lost_discards_nothing_that_was_typed(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Company Overview")
    office.ana.modal.fill("Industry", "Air freight")
    await office.writes(office.ben, channel, "Company Overview", Industry="Sea freight")
    before = len(await office.rows(history))
    with deaf(office), pytest.raises(Exception, match="trouble connecting"):
        await office.ana.modal.submit()
    await office.settles()
    assert await office.ana.modal.submit() == {}
    assert "Somebody saved this section while you were writing" in office.ana.modal.text()
    assert office.ana.modal.value("Industry") == "Air freight"
    assert len(await office.rows(history)) == before


@contextmanager
def deaf(office: Office) -> Iterator[None]:
    """Slack hangs up before Baton's answer can reach it."""
    office.workspace.ack_seconds = 0.000_001
    yield
    office.workspace.ack_seconds = 3.0


async def until_there(office: Office, table: Any, true: Callable[[Any], bool]) -> None:
    """Wait until the table has such a row: Baton works on although nobody heard its answer."""
    async with asyncio.timeout(3):
        while not any(true(row) for row in await office.rows(table)):  # noqa: ASYNC110  a database has no event
            await asyncio.sleep(0.01)


async def test_an_event_that_comes_again_and_again_counts_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.events.retry_after_seconds = (0.0, 0.0, 0.0)
    with deaf(office):
        await office.ana.does("archive", channel=office.ana.conversation(channel).id)
        await office.workspace.events.delivered()
    await until_there(office, history, lambda row: row.kind == "ChannelTroubled")
    await office.settles()
    assert [row.kind for row in await office.rows(history)].count("ChannelTroubled") == 1
    assert len(office.ana.dm().messages) == 1


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
    states = {row.lane: row.state for row in await office.rows(outbox)}
    assert (states["poison"], states["tomorrow"]) == ("aside", "open")  # a newer Baton may know it


async def test_a_deadline_that_cannot_be_asked_blocks_no_other(office: Office) -> None:
    now = office.workspace.clock.now()
    lost = {"team_id": office.baton.team, "handoff_id": 987, "kind": "none", "round": 0, "due_at": now, "ask_at": now}
    await office.baton.store.database.write(lambda connection: connection.execute(insert(deadlines), [lost]))
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.later(hours=25)
    assert "Overdue" in office.ana.conversation(channel).pins[0].text
