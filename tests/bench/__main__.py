"""`python -m tests.bench [name of BENCHES or ON_REQUEST ...] [rounds]`: a table for each, every row with its goal."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, text

from bot.handoffs import Handoff
from tests.bench import clicks, dms, figures, homes, jobs, servers, starts, ticks
from tests.bench.load import Load, run
from tests.bench.servers import CORES, MEASURED, OTHERS, running
from tests.databases import postgres

ROUNDS = 7
ONE_BY_ONE, SIXTEEN = 200, 25  # requests a round: over one connection, and over each of 16


@dataclass(frozen=True)
class Target:
    """A server under load, and how to make the requests of each of its handoffs."""

    name: str
    port: int
    pid: int
    handoffs: list[Handoff]


@dataclass(frozen=True)
class Row:
    """One line of the table; `ratio` is what the goal is about."""

    what: str
    shown: str
    ratio: float | None = None
    goal: float | None = None
    unit: str = "×"

    def __str__(self) -> str:
        measured = f"{self.ratio:.2f} {self.unit}" if self.ratio is not None else ""
        goal = f"≤ {self.goal:g} {self.unit}" if self.goal is not None else ""
        verdict = ("met" if self.is_met else "MISSED") if self.goal is not None else ""
        return f"{self.what:<34} {self.shown:<53} {measured:>9} {goal:>9} {verdict}"

    @property
    def is_met(self) -> bool:
        """Whether the goal, if there is one, is reached."""
        return self.goal is None or (self.ratio is not None and self.ratio <= self.goal)


def main(names: Iterable[str], rounds: int) -> int:
    """0 when every goal is met."""
    print(f"load average before: {os.getloadavg()[0]:.1f} on {len(CORES)} cores (busy neighbours spoil the figures)")
    os.sched_setaffinity(0, OTHERS)
    met = True
    for name in names:
        with tempfile.TemporaryDirectory(prefix="baton-bench-") as folder:
            title, *rows = (BENCHES | ON_REQUEST)[name](Path(folder), rounds)
        print(f"\n{title}\n", *rows, sep="\n", flush=True)
        met &= all(row.is_met for row in rows if isinstance(row, Row))
    return 0 if met else 1


def clicking(folder: Path, rounds: int) -> Iterator[str | Row]:
    """From a click to its acknowledgement, and the start."""
    yield f"click → ack, signed HTTP; one core measured, {rounds} rounds in turn, medians"
    with ExitStack() as stack:
        slack = servers.free_port()
        stack.enter_context(running("-m", "tests.bench.slack", str(slack), port=slack, cores=OTHERS))
        urls = {
            "SQLite": f"sqlite:///{folder / 'baton.db'}",
            "PostgreSQL": stack.enter_context(postgres(durable=True)),
        }
        yield from under_load(stack, slack, urls, rounds)
        yield from routing()
        yield from starting(slack, f"sqlite:///{folder / 'start.db'}", rounds)


def writing(folder: Path, _: int) -> Iterator[str | Row]:
    """Many DMs at once; the clock is moved, so no rounds are needed."""
    yield f"{dms.DMS:,} DMs to a Slack that takes {dms.A_MINUTE} a minute; over the fastest that it allows"
    outcomes = dms.measure(folder)
    for name, outcome in outcomes.items():
        shown = f"{outcome.minutes:.1f} min, the fastest is {outcome.fastest:.1f}"
        yield Row(f"DMs, {name}", shown, outcome.minutes / outcome.fastest, 1.05)
    for name, outcome in outcomes.items():
        shown = f"{outcome.refused} refused with 429"
        yield Row(f"refused, {name}", shown, 1000 * outcome.refused / dms.DMS, 1, "‰")
    yield Row("came twice", "in all of these", sum(outcome.twice for outcome in outcomes.values()), 0, "")


def ticking(folder: Path, _: int) -> Iterator[str | Row]:
    """Deadlines, few and many, none and some of them due; beside APScheduler's jobs on the same kind of database."""
    yield f"the tick at {ticks.MANY:,} open deadlines: typical handoffs behind those due, rows alone behind the others"
    with ExitStack() as stack:
        first, second = [stack.enter_context(postgres(durable=True)) for _ in range(2)]
        yield from _ticking_on("SQLite", f"sqlite:///{folder / 'ticks.db'}", f"sqlite:///{folder / 'jobs.db'}", 1)
        yield from _ticking_on("PostgreSQL", first, second, 2)


def _ticking_on(name: str, url: str, url_of_jobs: str, goal: float) -> Iterator[Row]:
    ticked, fired = asyncio.run(ticks.measure(url)), jobs.measure(url_of_jobs, ticks.BATCHES[-1])
    shown = f"{ticked.idle_few:.2f} ms at {ticks.FEW:,} open"
    yield Row(f"nothing due, {name}", shown, ticked.idle_many, goal, "ms")
    for due in ticked.due:
        shown = f"{due.took / 1000:.2f} s in all, somebody saving meanwhile"
        yield Row(f"{due.count:,} due, {name}", shown, due.took / due.count, None, "ms")
    longest = f"{len(due.saves)} of them, {max(due.saves):.0f} ms the longest"
    yield Row(f"a save meanwhile, {name}", longest, median(due.saves), 50, "ms")
    shown = f"{fired.adding:.2f} ms to add, {fired.firing:.2f} to fire; {fired.lost:,} of {fired.count:,} lost"
    yield Row("over an APScheduler job, empty", shown, due.took / due.count / (fired.adding + fired.firing), 1)


def opening(folder: Path, _: int, *, count: int = homes.FEW) -> Iterator[str | Row]:
    """The App Home of each role, from the errand to the call that publishes it."""
    yield f"the Home among {count:,} handoffs, {homes.EACH} of them the AE's, as many the CSM's; from errand to Slack"
    with ExitStack() as stack:
        urls = {
            "SQLite": f"sqlite:///{folder / 'homes.db'}",
            "PostgreSQL": stack.enter_context(postgres(durable=True)),
        }
        for name, url in urls.items():
            for one in asyncio.run(homes.measure(url, count)):
                shown = f"{one.first:.0f} ms the first time, {one.blocks} blocks"
                yield Row(
                    f"the {one.role}'s Home, {name}", shown, one.usual, 100 if count == homes.FEW else 1_000, "ms"
                )


def counting(folder: Path, _: int) -> Iterator[str | Row]:
    """The figures of a week, its slices, and two years at once."""
    yield f"the figures at {figures.DEALS:,} deals of two years; and the memory that they need meanwhile"
    with ExitStack() as stack:
        urls = (f"sqlite:///{folder / 'figures.db'}", stack.enter_context(postgres(durable=True)))
        for number, (name, url) in enumerate(zip(("SQLite", "PostgreSQL"), urls, strict=True)):
            for one in figures.measure(url):
                shown, goal = f"{one.grown:.1f} MB more", one.question.goals[number]
                goal = goal and goal * 1000
                yield Row(f"{one.question.what}, {name}", shown, one.seconds * 1000, goal, "ms")


BENCHES = {"clicks": clicking, "dms": writing, "ticks": ticking, "homes": opening, "figures": counting}
ON_REQUEST = {"homes-of-a-million": partial(opening, count=homes.MANY)}


def under_load(stack: ExitStack, slack: int, urls: dict[str, str], rounds: int) -> list[Row]:
    """Opening a form and saving it, on each database and beside the floor."""
    floor = servers.free_port()
    arguments = ("-m", "tests.bench.bare", str(floor), f"http://127.0.0.1:{slack}/api/")
    handoffs = {name: clicks.prepare(url, 17) for name, url in urls.items()}
    bare = stack.enter_context(running(*arguments, port=floor, cores=MEASURED))
    targets = [Target("bare Bolt", floor, bare, handoffs["SQLite"])]
    for name, url in urls.items():
        port = servers.free_port()
        settings = servers.baton_settings(port, slack, url)
        pid = stack.enter_context(running(starts.APP, port=port, cores=MEASURED, settings=settings))
        targets.append(Target(name, port, pid, handoffs[name]))
    opened = asyncio.run(take_turns(targets, clicks.opens, rounds))
    saved = asyncio.run(take_turns(targets, clicks.saves, rounds))
    count = rounds * (ONE_BY_ONE + 16 * SIXTEEN) + WARM_UP
    for url in urls.values():
        assert saves_in(url) == count, "an acknowledged save is not in the database"
    return [
        *rows_of("open a form", opened, {}),
        *rows_of("save a section", saved, {"SQLite": 3, "PostgreSQL": 5}),
    ]


WARM_UP = 50


async def take_turns(
    targets: list[Target], requests: Callable[[Handoff], Iterator[bytes]], rounds: int
) -> dict[str, list[tuple[Load, float, Load]]]:
    """Each round loads every target, first over one connection, then over sixteen."""
    loads: dict[str, list[tuple[Load, float, Load]]] = defaultdict(list)
    sources = {target.name: [requests(handoff) for handoff in target.handoffs] for target in targets}
    for target in targets:
        await run(target.port, [list(itertools.islice(sources[target.name][0], WARM_UP))])
    for _ in range(rounds):
        for target in targets:
            one, *sixteen = sources[target.name]
            requests_alone = list(itertools.islice(one, ONE_BY_ONE))
            before = servers.processor_time(target.pid)
            alone = await run(target.port, [requests_alone])
            cost = (servers.processor_time(target.pid) - before) / ONE_BY_ONE
            crowd = await run(target.port, [list(itertools.islice(each, SIXTEEN)) for each in sixteen])
            loads[target.name].append((alone, cost, crowd))
            await at_rest(target.pid)  # what it still delivers must not burden the next one on the same core
    return loads


async def at_rest(pid: int) -> None:
    """Return once the server has next to nothing to do."""
    while True:
        before = servers.processor_time(pid)
        await asyncio.sleep(0.2)
        if servers.processor_time(pid) - before < 10:  # ms
            return


def rows_of(what: str, loads: dict[str, list[tuple[Load, float, Load]]], goals: dict[str, float]) -> Iterator[Row]:
    """A row for each target, held against the floor."""
    floor = median(alone.p50 for alone, *_ in loads["bare Bolt"])
    for name, rounds in loads.items():
        p50 = median(alone.p50 for alone, *_ in rounds)
        p99 = median(alone.p99 for alone, *_ in rounds)
        rate = median(crowd.rate for *_, crowd in rounds)
        tail = median(crowd.p99 for *_, crowd in rounds)
        cost = median(cost for _, cost, _ in rounds)
        shown = f"p50 {p50:5.2f}  p99 {p99:5.2f}  cpu {cost:4.2f} ms  c=16 {rate:5.0f}/s {tail:4.0f} ms"
        yield Row(f"{what}, {name}", shown, p50 / floor, goals.get(name))


def saves_in(url: str) -> int:
    """How many saves by click the database holds: those beyond the first of each section."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT data FROM history WHERE kind = 'SectionSaved'")).scalars()
        count = sum('"champion_notes"' in data and "short letters" in data for data in found)
    engine.dispose()
    return count


def routing() -> Iterator[Row]:
    """What 60 routes cost over 2."""

    process = servers.start("-m", "tests.bench.routes", cores=MEASURED, output=subprocess.PIPE)
    out, _ = process.communicate()
    took = json.loads(out)
    for name, what, goal in (
        ("table", "60 routes over 2, Baton's table", 1.1),
        ("bolt", "60 over 2, Bolt's own", None),
    ):
        few, many = took[f"{name} 2"], took[f"{name} 60"]
        yield Row(what, f"{many:.0f} µs over {few:.0f} µs in process", many / few, goal)


def starting(slack: int, url: str, rounds: int) -> Iterator[Row]:
    """The cold start on a migrated database."""
    clicks.prepare(url, 1)
    begun = [starts.cold_start(slack, url) for _ in range(rounds)]
    yield Row("cold start", "exec to the first answer", median(start.seconds for start in begun), 0.6, "s")
    yield Row("memory then", "peak resident", median(start.megabytes for start in begun), 90, "MB")
    needless = starts.loaded_needlessly(slack, url)
    yield Row("loaded needlessly", ", ".join(needless) or f"none of {', '.join(starts.NEVER)}", len(needless), 0, "")


if __name__ == "__main__":
    words = sys.argv[1:]
    chosen = [word for word in words if not word.isdecimal()]
    sys.exit(main(chosen or BENCHES, next((int(word) for word in words if word.isdecimal()), ROUNDS)))
