"""The one place that reads the real clock."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The moment, in UTC."""


class MachineClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)


class SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers go on even where the machine's monotonic clock is set back.

    No real machine does that; but a process whose clock is shifted from outside (by libfaketime, say) sees all its
    clocks shifted, and every wait that is under way would last as much longer.
    """

    def __init__(self, machine: Callable[[], float] = time.monotonic) -> None:
        self._machine = machine
        self._last = machine()
        self._lost = 0.0
        super().__init__()

    def time(self) -> float:
        """Seconds since some moment; never fewer than before."""
        now = self._machine()
        self._lost += max(0.0, self._last - now)
        self._last = now
        return now + self._lost
