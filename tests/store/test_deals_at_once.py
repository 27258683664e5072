"""Deals that several transactions change at once: nobody waits in a circle, and no deal is counted twice."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import text

from bot.handoffs import Handoff
from bot.surveys import SurveyAnswered
from bot.timing import Fact
from store.database import Database
from store.matches import News
from store.work import Work
from tests.examples import completed
from tests.happenings import accepted, noted, signed
from tests.store.test_deals import BOOKS, at, rows, start, tell

T = TypeVar("T")
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
pytestmark = pytest.mark.postgres  # SQLite has one writer


class Bench:
    """People and files at the same time, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine
        self.threads = ThreadPoolExecutor(2)

    def commit(self, function: Callable[[Work], T]) -> T:
        """One transaction."""
        with self.engine.begin() as connection:
            return function(Work(connection, "T", BOOKS))

    def meet(self, *functions: Callable[[Work], T]) -> list[T]:
        """They begin at once."""
        barrier = Barrier(len(functions))

        def run(function: Callable[[Work], T]) -> T:
            barrier.wait()
            return self.commit(function)

        return list(self.threads.map(run, functions))

    def during(self, first: Callable[[Work], object], then: Callable[[Work], T]) -> T:
        """The second comes as far as it can before the first is committed."""
        with self.engine.begin() as connection:
            first(Work(connection, "T", BOOKS))
            later = self.threads.submit(self.commit, then)
            while not (later.done() or connection.execute(_WAITING).scalar()):
                pass
        return later.result()


@pytest.fixture
def bench(postgres_url: str) -> Iterator[Bench]:
    """On PostgreSQL."""
    database = Database(postgres_url)
    bench = Bench(database)
    yield bench
    bench.threads.shutdown()
    database.close()


def test_two_handoffs_of_a_customer_wait_in_no_circle(bench: Bench) -> None:
    ended = bench.commit(lambda work: _ended(work, start(work)))
    live = bench.commit(lambda work: work.record(start(work, 20), signed(at(20), at(20))))

    def score(handoff: Handoff, day: int) -> Callable[[Work], Handoff]:
        answered = SurveyAnswered(by="", at=at(day), score=1 + day % 5, words="")
        return lambda work: work.record(work.handoff(handoff.id), answered)

    for day in range(30, 45):
        bench.meet(score(ended, day), score(live, day))
    assert bench.commit(rows) == [(ended.id, "", 1, None), (live.id, "", 20, None)]


def _ended(work: Work, handoff: Handoff) -> Handoff:
    for event in (signed(at(1), at(1)), accepted(at(2)), completed(at=at(3))):
        handoff = work.record(handoff, event)
    return handoff


def test_a_start_and_the_crms_word_at_once_are_one_deal(bench: Bench) -> None:
    assert bench.during(lambda work: tell(work, 1, "006"), lambda work: start(work).id) == 1
    assert bench.commit(rows) == [(1, "006", 1, 1)]
    name, site = "Nordlicht", "https://nordlicht.example"
    told = bench.during(lambda work: start(work, 0, name, site), lambda work: tell(work, 1, "007", name, site))
    assert told is News.NEW
    assert bench.commit(rows) == [(1, "006", 1, 1), (2, "007", 1, 1)]


def test_the_same_file_read_twice_at_once_counts_once(bench: Bench) -> None:
    assert bench.during(lambda work: tell(work, 1, "006"), lambda work: tell(work, 1, "006")) is News.KNOWN
    assert bench.during(lambda work: tell(work, 9), lambda work: tell(work, 9)) is News.KNOWN
    assert bench.during(lambda work: tell(work, 5, "7"), lambda work: tell(work, 5, "7", "B", "")) is News.CHANGED
    assert bench.commit(rows) == [(0, "", 9, 9), (0, "006", 1, 1), (0, "7", 5, 5)]


def test_a_file_and_a_click_wait_in_no_circle(bench: Bench) -> None:
    handoff = bench.commit(start)

    def contact(work: Work) -> Handoff:
        return work.record(work.handoff(handoff.id), noted(Fact.FIRST_CONTACT, at(2)))

    assert bench.during(lambda work: tell(work, 1, "006"), contact).id == handoff.id
    assert bench.during(contact, lambda work: tell(work, 0, "006")) is News.CHANGED
    assert bench.commit(rows) == [(handoff.id, "006", 0, 0)]
