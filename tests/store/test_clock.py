"""The clock of the event loop: its timers go on whatever happens to the machine's."""

import asyncio
import time

import pytest

from store.clock import SteadyLoop


@pytest.mark.parametrize("seconds", [-604_800, -3_600, 0, 3_600])
def test_what_waits_goes_on_when_the_machines_clock_leaps(seconds: float) -> None:
    leapt = 0.0

    async def wait() -> None:
        nonlocal leapt
        waiting = asyncio.create_task(asyncio.sleep(0.05))
        await asyncio.sleep(0)
        leapt = seconds
        async with asyncio.timeout(3):
            await waiting

    with asyncio.Runner(loop_factory=lambda: SteadyLoop(lambda: time.monotonic() + leapt)) as runner:
        runner.run(wait())
