"""What a figure says of itself: its value, of how many, what is left out, before, and twelve weeks."""

from typing import Any

import pytest

from blocks.evidence import evidence_view
from blocks.metrics import figure_line, share_words
from bot.evidence import Evidence
from bot.metrics import Report
from bot.targets import Metric
from bot.teams import Lateness
from tests.blocks.reports import BAD, GOOD, report


def said(metric: Metric, now: dict[str, Any], before: dict[str, Any], lateness: Lateness = Lateness.WALL) -> list[str]:
    """The lines of one figure, without the trend."""
    return said_of(report(now, before, lateness=lateness), metric)


def said_of(told: Report, metric: Metric) -> list[str]:
    """The same of a report that is there."""
    return [line for line in figure_line(told.figures[metric], told).splitlines() if "12 weeks" not in line]


@pytest.mark.parametrize(
    ("metric", "now", "before", "lines"),
    [
        (
            Metric.DOCUMENT,
            GOOD,
            BAD,
            [
                ":white_check_mark: *Handoff doc completion*",
                "*100 %* · target 100 % · 25 of 25 deals",
                "▲ 13 points better · was 87 % of 23",
            ],
        ),
        (
            Metric.MEETING,
            BAD,
            GOOD,
            [
                ":warning: *Handoff meeting completion*",
                "*96 %* · target 100 % · 22 of 23 deals",
                "▼ 4 points worse · was 100 % of 25",
                "Left out: 1 cancelled, 2 not due yet · 1 without a handoff, counted as not done",
            ],
        ),
        (
            Metric.CONTACT,
            BAD,
            GOOD,
            [
                ":warning: *Time to first CS contact*",
                "*median 21 h* · target under 48 h for 90 %",
                "20 of 24 customers in time (83 %), 1 still waiting · 9 of 10 within 70 h",
                "About as before · was 21 h, n = 25",
                "Left out: 1 cancelled, 1 not due yet · 2 without a handoff, counted as not done",
            ],
        ),
        (
            Metric.REPEAT,
            BAD,
            GOOD,
            [
                ":warning: *Customer repeat rate*",
                "*10 %* · target 0 %",
                "2 of 20 handoffs explained something again, 4 not answered yet",
                "▲ 10 points worse · was 0 % of 20",
            ],
        ),
        (
            Metric.REPEAT,
            GOOD | {"introduced": 24, "unheard": 12},
            GOOD,
            [
                ":grey_question: *Customer repeat rate*",
                "Not enough answers: 12 of 24 so far · 0 of 24 handoffs explained something again, 12 not answered yet",
            ],
        ),
        (
            Metric.SATISFACTION,
            {"scored": 15, "points": 71},
            {"scored": 20, "points": 95},
            [
                ":white_check_mark: *Handoff satisfaction*",
                "*4.7 of 5* · target over 4.5 · 15 answers",
                "About as before · was 4.8 of 5, n = 20",
            ],
        ),
        (
            Metric.DOCUMENT,
            {"closed": 8, "documented": 1},
            {"closed": 8, "documented": 2},
            [
                ":warning: *Handoff doc completion*",
                "*13 %* · target 100 % · 1 of 8 deals",
                "▼ 13 points worse · was 25 % of 8",
            ],
        ),
        (
            Metric.SATISFACTION,
            GOOD,
            BAD,
            [
                ":white_check_mark: *Handoff satisfaction*",
                "*4.8 of 5* · target over 4.5 · 10 answers",
                "▲ 0.3 points better · was 4.5 of 5, n = 10",
            ],
        ),
        (
            Metric.SMOOTH,
            {"completed": 4, "smooth": 4},
            GOOD,
            [":grey_question: *Smooth transition*", "Not enough data (n = 4; 5 are needed) · 4 of 4 handoffs"],
        ),
        (
            Metric.SMOOTH,
            GOOD,
            {"completed": 4, "smooth": 3},
            [":white_check_mark: *Smooth transition*", "*100 %* · target over 90 % · 12 of 12 handoffs"],
        ),
        (
            Metric.CONTACT,
            {"closed": 9, "contacted": 4, "within_wall": 4},
            {},
            [
                ":warning: *Time to first CS contact*",
                "*median not contacted yet* · target under 48 h for 90 %",
                "4 of 9 customers in time (44 %), 5 still waiting",
            ],
        ),
    ],
)
def test_a_figure_in_words(metric: Metric, now: dict[str, Any], before: dict[str, Any], lines: list[str]) -> None:
    assert said(metric, now, before) == lines


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (47 * 60 + 31, "47.5 h"),
        (47 * 60 + 59, "47.9 h"),
        (48 * 60, "48 h"),
        (48 * 60 + 20, "48.4 h"),
        (48 * 60 + 1, "48.1 h"),
        (49 * 60 - 10, "49 h"),
        (1_300 * 60, "1,300 h"),
    ],
)
def test_a_wait_never_looks_as_if_it_were_the_target(minutes: int, words: str) -> None:
    told = report(GOOD, {}, waits=[(minutes, 25)])
    assert said_of(told, Metric.CONTACT)[1] == f"*median {words}* · target under 48 h for 90 %"
    assert f"9 of 10 within {words}" in said_of(told, Metric.CONTACT)[2]
    view = evidence_view(told, Metric.CONTACT, Evidence([], {}, 0, 0, more=False), {})
    assert f"median {words}\\n9 of 10 within {words}" in str(view["blocks"][3])


def test_the_working_clock_says_so() -> None:
    line = said(Metric.CONTACT, GOOD, {}, Lateness.WORKING)[1]
    assert line == "*median 21 h of working time* · target under 16 h for 90 %"


def test_the_trend_has_a_bar_for_each_week_with_deals() -> None:
    told = report(GOOD, BAD)
    assert figure_line(told.figures[Metric.MEETING], told).splitlines()[-1] == "····▁▂▃▅▆▇█·  12 weeks"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (100, "100 %"),
        (99.7, "99.7 %"),
        (99.98, "99.9 %"),
        (0.02, "0.1 %"),
        (0, "0 %"),
        (71.4, "71 %"),
        (90.3, "90.3 %"),
    ],
)
def test_a_share_never_looks_as_if_it_had_reached_what_it_has_not(value: float, words: str) -> None:
    assert share_words(value, 90) == words
