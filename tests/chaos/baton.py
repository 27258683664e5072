"""A Baton in a process of its own, as impatient as a trial needs; with a moment given, it kills itself there."""

import asyncio
import itertools
import os
import signal
import sys
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event

from app import Baton, Settings
from handlers.delivery import Patience
from handlers.logs import configure_logs

PATIENCE = Patience(*(timedelta(seconds=seconds) for seconds in (1.5, 2.5, 2)))  # attempt, grace, longest
MOMENTS = {
    "before a transaction": "begin",
    "in a transaction": "after_cursor_execute",
    "before a commit": "commit",
    "after a commit": "checkin",
}


def die_at(engine: Engine, moment: str, count: int) -> None:
    """Kill this process when it passes `moment` for the `count`th time."""
    passed = itertools.count(1)

    def pass_by(*_: Any) -> None:
        if next(passed) == count:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine.pool if moment == "after a commit" else engine, MOMENTS[moment], pass_by)


async def main(moment: str = "", count: str = "0") -> None:
    """Run until a signal comes."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    baton = Baton(Settings.read(), patience=PATIENCE)
    if moment:
        die_at(baton.store.database.engine, moment, int(count))
    await baton.start()
    await stop.wait()
    await baton.stop()


if __name__ == "__main__":
    configure_logs("WARNING", "console")
    asyncio.run(main(*sys.argv[1:]))
