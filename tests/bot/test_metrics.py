"""What counts come to: which figure is as it should be."""

from typing import Any

import pytest

from bot.metrics import Tally, Verdict, figures
from bot.targets import Metric, Metrics, Target
from bot.teams import Team
from bot.yardsticks import Yardstick
from tests.examples import NOW

GOOD, BAD = Verdict.ON_TARGET, Verdict.OFF_TARGET


@pytest.mark.parametrize(
    ("metric", "target", "counts", "verdict"),
    [
        (Metric.SATISFACTION, 4.5, {"scored": 10, "points": 45}, BAD),
        (Metric.SATISFACTION, 4.5, {"scored": 10, "points": 46}, GOOD),
        (Metric.SATISFACTION, 5.0, {"scored": 10, "points": 49}, BAD),
        (Metric.SATISFACTION, 5.0, {"scored": 10, "points": 50}, GOOD),
        (Metric.SMOOTH, 90, {"completed": 10, "smooth": 9}, BAD),
        (Metric.SMOOTH, 100, {"completed": 10, "smooth": 9}, BAD),
        (Metric.SMOOTH, 100, {"completed": 10, "smooth": 10}, GOOD),
        (Metric.DOCUMENT, 90, {"closed": 10, "documented": 9}, GOOD),
        (Metric.REPEAT, 10, {"introduced": 10, "repeated": 1}, GOOD),
        (Metric.REPEAT, 0, {"introduced": 10, "repeated": 1}, BAD),
    ],
)
def test_the_greatest_possible_is_enough_and_else_more_than_the_target(
    metric: Metric, target: float, counts: dict[str, Any], verdict: Verdict
) -> None:
    metrics = Metrics(targets=(Target(id=metric, label="It", target=target),))
    yardstick = Yardstick.of(metrics, {}, Team(), NOW)
    assert figures(Tally(**counts), (), yardstick)[metric].verdict is verdict
