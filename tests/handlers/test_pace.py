"""The pace of posts: what is a workspace's limit and what a conversation's, and how near to it posts come."""

import math
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handlers.pace import Pace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
Limit = Callable[[datetime], int]  # seconds to wait; 0: it was taken


def by_the_minute(allowed: int) -> Limit:
    """So many in any minute."""
    taken: deque[datetime] = deque()

    def wait(now: datetime) -> int:
        while taken and now - taken[0] >= timedelta(minutes=1):
            taken.popleft()
        if len(taken) >= allowed:
            return math.ceil((taken[0] + timedelta(minutes=1) - now) / SECOND)
        taken.append(now)
        return 0

    return wait


def with_bursts(allowed: int, burst: int) -> Limit:
    """So many a minute for long, and `burst` at once after a rest."""
    left, at = float(burst), NOW

    def wait(now: datetime) -> int:
        nonlocal left, at
        left, at = min(burst, left + allowed / 60 * ((now - at) / SECOND)), now
        if left < 1:
            return math.ceil((1 - left) / (allowed / 60))
        left -= 1
        return 0

    return wait


@pytest.mark.parametrize(
    ("limit", "allowed"),
    [
        (by_the_minute(100), 100),
        (by_the_minute(300), 300),
        (by_the_minute(1000), 1000),
        (with_bursts(300, 20), 300),
        (with_bursts(300, 100), 300),
        (with_bursts(300, 600), 300),
        (with_bursts(600, 100), 600),
    ],
)
def test_ten_thousand_posts_go_about_as_fast_as_they_may(limit: Limit, allowed: int) -> None:
    pace, now, count, refused = Pace(), NOW, 0, 0
    while count < 10_000:
        now = max(now + timedelta(milliseconds=25), pace.opens_at(now))
        pace.leave(now)
        who = f"U{count + refused}"
        if seconds := limit(now):
            refused += 1
            pace.refused(who, now, now + seconds * SECOND)
        else:
            count += 1
            pace.passed(who, now)
    assert (now - NOW) / timedelta(minutes=1) <= 1.05 * 10_000 / allowed
    assert refused <= 10


def test_without_refusals_nothing_is_paced() -> None:
    pace = Pace()
    for number in range(1000):
        pace.leave(NOW)
        pace.passed(f"U{number}", NOW)
    assert pace.opens_at(NOW) == NOW


def test_a_refusal_after_a_message_of_this_second_is_the_conversations_own() -> None:
    pace, now = paced(), NOW + 10 * SECOND
    pace.passed("C1", now)
    assert not pace.refused("C1", now + SECOND / 2, now + 2 * SECOND)
    assert not pace.wait(now + SECOND / 2)


@pytest.mark.parametrize(
    ("second", "after", "everybodys"),
    [("C2", 1, True), ("C1", 1, False), ("C2", 31, False)],
    ids=["elsewhere while the first waits", "in the same conversation", "elsewhere, later"],
)
def test_a_second_refusal_tells_whose_the_limit_is(second: str, after: int, everybodys: bool) -> None:
    pace, then = Pace(), NOW + after * SECOND
    assert not pace.refused("C1", NOW, NOW + 30 * SECOND)
    assert pace.refused(second, then, then + 30 * SECOND) is everybodys
    assert pace.wait(then) == (30 * SECOND if everybodys else timedelta())


def test_what_was_on_its_way_when_the_first_was_refused_teaches_nothing() -> None:
    alone, crowd = paced(), paced()
    for number in range(3):
        crowd.refused(f"U{number}", NOW, NOW + 5 * SECOND)
    assert crowd.opens_at(NOW + 5 * SECOND) == alone.opens_at(NOW + 5 * SECOND)
    alone.leave(NOW + 5 * SECOND)
    crowd.leave(NOW + 5 * SECOND)
    assert crowd.opens_at(NOW + 5 * SECOND) == alone.opens_at(NOW + 5 * SECOND) > NOW + 5 * SECOND


def test_a_clock_that_is_set_back_stops_nobody() -> None:
    pace = paced()
    pace.leave(NOW + 60 * SECOND)
    assert pace.opens_at(NOW - timedelta(hours=1)) == NOW - timedelta(hours=1)


def paced() -> Pace:
    """A workspace whose limit was met just now."""
    pace = Pace()
    for number in range(300):
        pace.passed(f"A{number}", NOW - 10 * SECOND)
    pace.refused("B1", NOW, NOW + 5 * SECOND)
    pace.refused("B2", NOW, NOW + 5 * SECOND)
    return pace
