"""What waits for the database is answered in time, and a read that nobody waits for any more makes room."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy import Connection, text

from store.database import Database, NotSaved

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(0.2)",
}
MORE_THAN_THREADS = 10


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """One that is empty."""
    made = Database(database_url)
    yield made
    made.close()


async def test_reads_that_were_given_up_leave_their_threads_to_others(database: Database) -> None:
    statement, ran = text(ENDLESS[database.url.get_backend_name()]), list[int]()

    def endless(connection: Connection) -> None:
        while True:
            connection.execute(statement)
            ran.append(1)

    tries = [database.read(endless) for _ in range(MORE_THAN_THREADS)]
    assert {type(answer) for answer in await asyncio.gather(*tries, return_exceptions=True)} == {NotSaved}
    began = time.monotonic()
    assert await database.read(lambda connection: connection.execute(text("SELECT 1")).scalar()) == 1
    assert time.monotonic() - began < 1
    await asyncio.sleep(0.3)  # what was under way ends
    ended = len(ran)
    await asyncio.sleep(0.5)
    assert len(ran) == ended


async def test_a_read_after_one_that_was_given_up_takes_its_time(database: Database) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await database.read(lambda connection: time.sleep(0.2))
    counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
    for _ in range(5):
        assert await database.read(lambda connection: connection.execute(text(counted)).scalar()) == 300_000
