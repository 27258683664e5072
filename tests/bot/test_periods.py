"""What a person means by a period, and what is none."""

from datetime import UTC, date, datetime

import pytest

from bot.periods import read_period
from bot.refusals import Refusal

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("typed", "first", "end"),
    [
        ("", date(2026, 10, 27), date(2026, 11, 26)),
        ("week", date(2026, 11, 16), date(2026, 11, 23)),
        ("this month", date(2026, 11, 1), date(2026, 11, 26)),
        ("quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2000", date(2000, 1, 1), date(2001, 1, 1)),
        ("2200", date(2200, 1, 1), date(2201, 1, 1)),
        ("2026-11-30..2026-12-01", date(2026, 11, 30), date(2026, 12, 2)),
    ],
)
def test_a_period_as_it_is_typed(typed: str, first: date, end: date) -> None:
    found = read_period(typed, NOW, "Europe/Berlin")
    assert (found.first, found.end) == (first, end)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "0001",
            "0000-01-01..0001-01-01",
            "0002-01-01..0002-01-05",
            "0001-01-01..0001-01-01",
            "1999",
            "1999-W52",
            "1999-12-31..2000-01-01",
            "2201",
            "9990",
            "9999",
        ),
        *("2200-12-31..2201-01-01", "0d", "4000d", "2026-00", "2026-W00", "2026-13", "2026-W54", "soon"),
        *("2026-11-02..soon", "<!channel>"),
    ],
)
def test_what_is_no_period_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refusal, match="is no period I know"):
        read_period(typed, NOW, "Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2026-11-02..2026-11-01", "The first day, 2026-11-02, is after the last, 2026-11-01."),
        ("week month", "One period at a time: take `week` or `month`."),
        ("2026-11 2026-q4 30d", "One period at a time: take `2026-11`, `2026-q4` or `30d`."),
    ],
)
def test_what_contradicts_itself_is_refused_as_that(typed: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_period(typed, NOW, "Europe/Berlin")
    assert refused.value.words == words
