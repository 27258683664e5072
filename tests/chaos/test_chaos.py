"""At least a hundred kills in every run of the suite; `make chaos` goes on for longer."""

import random
from pathlib import Path

import pytest

from tests.chaos.trial import Trial
from tests.databases import command, named

KILLS = 26
SEED = random.SystemRandom()


async def trial(url: str, batons: int = 1) -> None:
    report = await Trial(url, SEED.randrange(1_000_000), KILLS, batons).run()
    print(report)
    assert not report.violations, report
    assert report.kills.total() == KILLS
    assert report.journal.accepted, "nobody got anything done"


@pytest.mark.chaos
@pytest.mark.parametrize("number", [1, 2])
async def test_nothing_is_lost_or_done_twice_when_baton_is_killed(tmp_path: Path, number: int) -> None:
    await trial(f"sqlite:///{tmp_path}/baton.db")


@pytest.mark.chaos
@pytest.mark.postgres
@pytest.mark.parametrize("batons", [1, 2])
async def test_nothing_is_lost_or_done_twice_on_postgresql(postgres_server: str, batons: int) -> None:
    name = f"chaos_{batons}"
    command(postgres_server, f"CREATE DATABASE {name}")
    await trial(named(postgres_server, name), batons)
