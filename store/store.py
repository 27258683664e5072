"""The store: transactions for the handlers, and a signal when there is something to deliver."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from store.database import Database
from store.migrate import migrate
from store.playbooks import Playbooks
from store.work import Work

T = TypeVar("T")


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
