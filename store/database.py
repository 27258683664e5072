"""One door to the database: synchronous SQLAlchemy Core in threads, one function for one transaction."""

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.refusals import Refusal

T = TypeVar("T")
_BUSY_MS = 1_000  # Slack waits 3 s for an answer: a slow database must be refused well before
_STATEMENT_MS = 2_000
_ANSWER_SECONDS = 2.2  # also when the server hangs and no timeout of its own can end it
_CLOSE_SECONDS = 2.0
_POSTGRES_THREADS = 8
_READERS = 4
_STEPS = 500_000  # of SQLite's, some milliseconds: how often a statement asks whether it is still wanted


class DatabaseError(Exception):
    """The database can't be used as configured; the text names DATABASE_URL and the reason."""


class NotSaved(Refusal):
    """The database did not answer in time; nothing was done."""

    def __init__(self) -> None:
        super().__init__("Not saved: the database did not answer in time. Nothing is lost; press again.")


class Database:
    """SQLite (one writer thread, several readers) or PostgreSQL (a few threads)."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock_file: Any = None
        self.engine = self._sqlite() if self.is_sqlite else self._postgres()
        threads = 1 if self.is_sqlite else _POSTGRES_THREADS
        self._writers = ThreadPoolExecutor(threads, thread_name_prefix="baton-write")
        self._readers = (
            ThreadPoolExecutor(_READERS, thread_name_prefix="baton-read") if self.is_sqlite else self._writers
        )
        # PostgreSQL's statements each see the newest commit anyway: BEGIN and COMMIT around them only cost two waits.
        reading = {"baton_read": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._snapshots = self.engine.execution_options(**reading)
        event.listen(self._snapshots, "before_cursor_execute", _if_wanted)

    async def write(self, function: Callable[[Connection], T]) -> T:
        """Run `function` in one transaction: all of it is durable when this returns, or nothing is. Raises NotSaved."""
        return await self._run(self._writers, self.engine, function)

    async def read(self, function: Callable[[Connection], T]) -> T:
        """Run `function`, which must not write; SQLite shows it one snapshot, PostgreSQL each newest commit."""
        given_up = Event()
        try:
            return await self._run(self._readers, self._snapshots, partial(_while_wanted, function, given_up))
        finally:
            given_up.set()

    async def _run(self, executor: Executor, engine: Engine, function: Callable[[Connection], T]) -> T:
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await asyncio.get_running_loop().run_in_executor(executor, _transaction, engine, function)
        except (OperationalError, InterfaceError, InternalError, PoolTimeout, TimeoutError) as error:
            raise NotSaved from error

    @property
    def caution(self) -> str:
        """What an admin should know of this database, "" for nothing. Source: sqlite.org/wal.html#walresetbug."""
        version = sqlite3.sqlite_version_info
        mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
        if not self.is_sqlite or mended:
            return ""
        return f"SQLite {sqlite3.sqlite_version} may, very rarely, lose a commit; newer ones or PostgreSQL do not"

    def close(self) -> None:
        """Finish what runs, then let go. What waits for a frozen database is left behind after a while."""
        pools = {self._writers, self._readers}
        closing = [Thread(target=pool.shutdown, kwargs={"cancel_futures": True}, daemon=True) for pool in pools]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(_CLOSE_SECONDS)
        self.engine.dispose()
        if self._lock_file:
            self._lock_file.close()

    def _sqlite(self) -> Engine:
        path = Path(self.url.database or "")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock_file = path.with_name(path.name + ".lock").open("w")
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseError(
                f"DATABASE_URL: another Baton is using {path}. Stop it first, or use PostgreSQL."
            ) from None
        except OSError as error:
            raise DatabaseError(f"DATABASE_URL: {path} can't be opened: {error.strerror}.") from None
        # Last in, first out: a connection that has just worked still has its pages and its prepared statements.
        engine = create_engine(
            self.url, pool_size=1 + _READERS, pool_use_lifo=True, connect_args={"check_same_thread": False}
        )

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            connection.isolation_level = None  # BEGIN is ours: SQLite's driver would begin too late
            for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            reading = connection.get_execution_options().get("baton_read")
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

        return engine

    def _postgres(self) -> Engine:
        options = f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={_BUSY_MS} -c synchronous_commit=on"
        return create_engine(
            self.url,
            pool_size=_POSTGRES_THREADS,
            pool_use_lifo=True,
            max_overflow=2,
            pool_timeout=2,
            connect_args={"connect_timeout": 2, "options": options},
        )


def _while_wanted(function: Callable[[Connection], T], given_up: Event, connection: Connection) -> T:
    """Run a read that ends soon after nobody waits for it: the thread is for the next."""
    driver: Any = connection.execution_options(given_up=given_up).connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return function(connection)
    driver.set_progress_handler(given_up.is_set, _STEPS)
    try:
        return function(connection)
    finally:
        driver.set_progress_handler(None, 0)


def _if_wanted(connection: Connection, *_: Any) -> None:
    given_up = connection.get_execution_options().get("given_up")
    if given_up and given_up.is_set():
        raise TimeoutError("nobody waits for this any more")


def _transaction(engine: Engine, function: Callable[[Connection], T]) -> T:
    try:
        return _once(engine, function)
    except DBAPIError as error:
        # A pooled connection died while it was idle: once more with a new one. A lost commit is never repeated.
        if not error.connection_invalidated or isinstance(error, _CommitLost):
            raise
    return _once(engine, function)


class _CommitLost(OperationalError):
    """The connection died in COMMIT, so nobody knows whether the work is durable."""


def _once(engine: Engine, function: Callable[[Connection], T]) -> T:
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            result = function(connection)
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            raise _CommitLost(error.statement, error.params, error.orig or error) from error
        return result
