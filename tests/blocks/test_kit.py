"""The small vocabulary: typed words stay words, and what is too long ends in an ellipsis."""

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks import kit


def units(text: str) -> int:
    """How long Slack may count a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


SPANS = [
    (timedelta(seconds=29), "less than a minute"),
    (timedelta(minutes=5, seconds=29), "5 min"),
    (timedelta(hours=2, minutes=59, seconds=57), "3 h"),
    (timedelta(hours=-2, minutes=-59, seconds=-57), "3 h"),
    (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    (timedelta(days=1), "1 d"),
]


@pytest.mark.parametrize(("length", "words"), SPANS)
def test_a_length_of_time_is_told_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert kit.span(length) == words


def test_working_time_is_not_told_in_days() -> None:
    assert kit.span(timedelta(hours=44, minutes=59, seconds=57), days=False) == "45 h"


@given(TEXT)
def test_an_escaped_text_reads_as_it_was_typed(typed: str) -> None:
    escaped = kit.escape(typed)
    assert not set(escaped) & {"<", ">"}
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == typed


@given(TEXT, st.integers(1, 40))
def test_a_clipped_text_fits_and_begins_as_it_was(typed: str, limit: int) -> None:
    clipped = kit.clip(typed, limit)
    assert units(clipped) <= limit
    assert clipped == typed or (clipped.endswith("…") and typed.startswith(clipped[:-1]))


@given(st.text("&<>ab", max_size=30), st.integers(1, 40))
def test_no_entity_is_cut_in_two(typed: str, limit: int) -> None:
    clipped = kit.clip(kit.escape(typed), limit).removesuffix("…")
    assert html.unescape(clipped) == typed[: len(html.unescape(clipped))]


@pytest.mark.parametrize(
    ("typed", "limit", "clipped"),
    [
        ("Acme", 4, "Acme"),
        ("Acme Corp", 5, "Acme…"),
        ("😀😀😀", 6, "😀😀😀"),
        ("😀😀😀", 5, "😀😀…"),
        ("😀😀😀", 4, "😀…"),
        ("AT&amp;T", 6, "AT…"),
        ("AT&amp;T", 8, "AT&amp;T"),
        ("AT&amp;T Corp", 9, "AT&amp;T…"),
    ],
)
def test_what_is_left_of_a_long_text(typed: str, limit: int, clipped: str) -> None:
    assert kit.clip(typed, limit) == clipped


def test_days_and_moments_as_people_read_them() -> None:
    assert kit.day(date(2026, 12, 1)) == "1 December 2026"
    moment = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)
    assert kit.moment(moment) == "<!date^1796115900^{date_short_pretty} {time}|1 Dec 2026 09:05 UTC>"


def test_nobody_is_named_in_words() -> None:
    assert kit.person("U1") == "<@U1>"
    assert kit.person(None) == "_nobody yet_"


@pytest.mark.parametrize(
    ("chosen", "initial"), [("b", {"value": "b"}), ("gone", None), ("", None)], ids=["known", "gone", "none"]
)
def test_a_choice_that_left_the_list_is_not_shown(chosen: str, initial: dict[str, str] | None) -> None:
    for element in (kit.select, kit.radio):
        drawn = element([kit.option("A", "a"), kit.option("B", "b")], chosen)
        assert (drawn.get("initial_option") or {}).get("value") == (initial or {}).get("value")


def test_boxes_times_and_moments_show_what_is_chosen() -> None:
    boxes = kit.checkboxes([kit.option("A", "a"), kit.option("B", "b")], ["b", "gone"])
    assert [one["value"] for one in boxes["initial_options"]] == ["b"]
    assert "initial_options" not in kit.checkboxes(boxes["options"])  # Slack refuses an empty list
    assert kit.time_input("09:05") == {"type": "timepicker", "initial_time": "09:05"}
    moment = datetime(2026, 12, 1, 9, 5, tzinfo=UTC)
    assert kit.moment_input(moment) == {"type": "datetimepicker", "initial_date_time": 1796115900}
    assert (kit.time_input(), kit.moment_input()) == ({"type": "timepicker"}, {"type": "datetimepicker"})
