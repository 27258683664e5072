"""`make chaos`: many trials, several at once; each prints its seed, so that a bad one can be run again."""

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import ExitStack

from tests.chaos.trial import Report, run
from tests.databases import command, named, postgres

KILLS_A_TRIAL = 25


def main() -> int:
    """Exit code 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make chaos ARGS=...", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000, help="stop after so many kills (1000)")
    parser.add_argument("--seconds", type=float, default=3_600, help="or begin no trial after so many seconds (3600)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the first trial")
    parser.add_argument("--database", choices=("sqlite", "postgres"), help="only this one")
    parser.add_argument("--batons", type=int, choices=(1, 2), help="so many at once (2 only on PostgreSQL)")
    parser.add_argument("--at-once", type=int, default=4, help="trials at once (4)")
    asked = parser.parse_args()
    began, kills, broken = time.monotonic(), 0, 0
    with ExitStack() as stack:
        trials = _trials(stack, asked)
        pool = stack.enter_context(ProcessPoolExecutor(asked.at_once))
        running: set[Future[Report]] = set()
        planned = 0
        while running or planned < asked.kills:
            while planned < asked.kills and len(running) < asked.at_once and time.monotonic() - began < asked.seconds:
                running.add(pool.submit(run, *next(trials)))
                planned += KILLS_A_TRIAL
            done, running = wait(running, return_when=FIRST_COMPLETED)
            if not done:
                break
            for report in (future.result() for future in done):
                print(report, flush=True)
                kills += report.kills.total()
                broken += bool(report.violations)
    print(f"{kills} kills in {time.monotonic() - began:.0f} s; {broken} trials broke a promise")
    return 1 if broken else 0


def _trials(stack: ExitStack, asked: argparse.Namespace) -> Iterator[tuple[str, int, int, int]]:
    """(database, seed, kills, Batons) of each trial."""
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="baton-chaos-"))
    server = stack.enter_context(postgres()) if asked.database != "sqlite" else ""
    houses = [("sqlite", 1), ("postgres", 1), ("postgres", 2)]
    fit = [one for one in houses if asked.database in (None, one[0]) and asked.batons in (None, one[1])]
    for seed, (database, batons) in zip(itertools.count(asked.seed), itertools.cycle(fit), strict=False):
        if database == "sqlite":
            yield f"sqlite:///{folder}/{seed}/baton.db", seed, KILLS_A_TRIAL, batons
        else:
            command(server, f"CREATE DATABASE chaos_{seed}")
            yield named(server, f"chaos_{seed}"), seed, KILLS_A_TRIAL, batons


if __name__ == "__main__":
    sys.exit(main())
