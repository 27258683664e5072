"""The store: transactions for the handlers, and a signal when there is something to deliver."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError
from sqlalchemy import Connection

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C half: the same, only slower
    from yaml import SafeLoader  # type: ignore[assignment]

from bot.playbook import Playbook
from store.database import Database
from store.migrate import migrate
from store.work import Playbooks, Work

T = TypeVar("T")


class PlaybookError(Exception):
    """The playbook can't be used; the text names the file and the path of what is wrong."""


def load_playbook(path: Path) -> Playbooks:
    """Read and check `path`. Raises PlaybookError."""
    try:
        playbook = Playbook.load(yaml.load(path.read_text("utf-8"), Loader=SafeLoader))
    except OSError as error:
        raise PlaybookError(f"PLAYBOOK: {path} can't be read: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise PlaybookError(f"PLAYBOOK: {path} is not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise PlaybookError(f"PLAYBOOK: {path}: {where}: {first['msg'].removeprefix('Value error, ')}{more}") from None
    digest = hashlib.sha256(playbook.model_dump_json(exclude_unset=True).encode()).hexdigest()[:16]
    return Playbooks(playbook, digest)


class Store:
    """Everything Baton remembers."""

    def __init__(self, url: str, playbooks: Playbooks) -> None:
        self.database = Database(url)
        migrate(self.database)
        self.playbooks = playbooks
        self.errands_posted = asyncio.Event()

    async def commit(self, team: str, function: Callable[[Work], T]) -> T:
        """Run `function` as one transaction of `team`; durable when this returns. Raises Refusal (nothing was done)."""

        def run(connection: Connection) -> tuple[T, bool]:
            work = Work(connection, team, self.playbooks)
            return function(work), work.has_errands

        result, has_errands = await self.database.write(run)
        if has_errands:
            self.errands_posted.set()
        return result

    async def read(self, team: str, function: Callable[[Work], T]) -> T:
        """Run `function` on a snapshot of `team`'s data; it must not record anything."""
        return await self.database.read(lambda c: function(Work(c, team, self.playbooks, reading=True)))

    def close(self) -> None:
        """Finish what runs, then let go of the database."""
        self.database.close()
