"""Counting while others write: what comes between two questions breaks no figure."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.metrics import By
from bot.periods import Period
from store import figures
from store.database import Database
from store.playbooks import load_playbook
from store.tables import deals
from store.work import Work
from tests.examples import AE, CSM, NOW, ROOT

BOOKS = load_playbook(ROOT / "playbook.yml")
WEEK = Period("week", date(2026, 11, 16), date(2026, 11, 23), "UTC")
WAITS: dict[str, Any] = dict.fromkeys(("wait_wall", "wait_wall_unpaused", "wait_working", "wait_working_unpaused"), 600)
DEAL = WAITS | {"team_id": "T", "customer": "Acme", "customer_key": "acme", "csm": CSM, "segment": "smb"}
DEAL |= {"domain": "", "timing_model": "at_close", "repeated": "", "is_cancelled": False, "is_escalated": False}
DEAL |= {"closed_at": NOW - timedelta(days=3), "contacted_at": NOW - timedelta(days=2)}


@pytest.mark.postgres
def test_a_deal_that_comes_between_the_questions_of_a_breakdown(postgres_url: str) -> None:
    database, come = Database(postgres_url), list[str]()

    def comes(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "deals" in statement and not come:
            come.append(statement)
            with database.engine.begin() as other:
                other.execute(insert(deals), DEAL | {"ae": AE, "handoff_id": 1})

    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        work = Work(connection, "T", BOOKS, reading=True)
        measure = figures.yardstick(work, NOW)
        event.listen(connection, "after_cursor_execute", comes)
        figures.breakdown(work, WEEK, By.AE, None, measure)
        assert come
        found = figures.breakdown(work, WEEK, By.AE, None, measure)
    assert found[AE].tally.closed == 1
    assert found[AE].waits == {measure.clock: [(600, 1)]}
    database.close()
