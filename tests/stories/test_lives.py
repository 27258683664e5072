"""Random lives of several handoffs: each reminder comes once, to who owes it, in time and in welcome hours."""

import os

import pytest

from tests.office import Office
from tests.stories.lives import Lives
from tests.stories.promises import broken

STEPS = int(os.environ.get("BATON_LIFE", "40"))  # more and longer lives find more: BATON_LIVES=50 BATON_LIFE=60


@pytest.mark.parametrize("seed", range(int(os.environ.get("BATON_LIVES", "3"))))
async def test_whatever_happens_each_reminder_comes_once_and_only_where_it_is_true(office: Office, seed: int) -> None:
    lives = Lives(office, seed)
    await lives.go_on(STEPS)
    found = await broken(lives)
    assert not found, "\n".join([*lives.journal, *found])
