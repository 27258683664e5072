"""The workspace's clock: real time plus an offset that a person at the desk may move."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """now() is an aware UTC moment; listeners are called after every move."""

    def __init__(self, start: datetime | None = None) -> None:
        self.offset = timedelta(0) if start is None else start - datetime.now(UTC)
        self.listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> None:
        self._shift(self.offset + by)

    def set(self, moment: datetime) -> None:
        """Makes it `moment` now; time goes on from there."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs an aware moment")
        self._shift(moment - datetime.now(UTC))

    def reset(self) -> None:
        self._shift(timedelta(0))

    def _shift(self, offset: timedelta) -> None:
        self.offset = offset
        for listener in list(self.listeners):
            listener()

    async def sleep(self, seconds: float) -> None:
        """Waits until this clock (not the wall's) has gone on by that many seconds."""
        due = self.now() + timedelta(seconds=seconds)
        moved = asyncio.Event()
        self.listeners.append(moved.set)
        try:
            while (left := (due - self.now()).total_seconds()) > 0:
                moved.clear()
                try:
                    await asyncio.wait_for(moved.wait(), timeout=left)
                except TimeoutError:
                    continue
        finally:
            self.listeners.remove(moved.set)
