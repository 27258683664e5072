"""Weeks and months to tell of: nothing, a little, and more and wilder than there should be."""

from collections.abc import Iterator
from datetime import timedelta

from bot.digests import AGES, ON_THE_WAY, Line, News, Pattern, Risk, Some, Thanks, Uncontacted
from bot.lessons import Lesson
from bot.metrics import Tally
from tests.blocks.reports import reports
from tests.examples import AE, CSM, NOW, wild


def news() -> Iterator[News]:
    """Weeks of which a digest tells."""
    nothing, *_, huge = reports()
    none, stages = Some([], 0), dict.fromkeys(ON_THE_WAY, [0] * (len(AGES) + 1))
    yield News(nothing, none, none, {}, none, [], 0, [], [], 0, stages)
    for report, words, count in ((nothing, "Acme GmbH", 1), (huge, wild(150), 99_999)):
        some = Some([(words, count)] * 5, 7 * count)
        risk = Risk(words, "C1", count, count, words, "csm", words, timedelta(days=count))
        ageing = dict.fromkeys(ON_THE_WAY, [count] * (len(AGES) + 1))
        well = [Thanks(words, AE, CSM)] * 5
        waits = Uncontacted(words, count > 1, "C1", NOW, words, words)
        risks = ([waits] * 5, 7 * count, [risk] * 5)
        yield News(report, some, some, dict.fromkeys(Pattern, count), some, *risks, well, count, ageing)


def everybody() -> Iterator[list[Line]]:
    """What the leaders hear of nobody, and of as many as there may be."""
    yield []
    tally = Tally(closed=999, contacted=999, within_wall=777, documented=888, without_handoff=12)
    yield [Line(f"U0{number}", wild(80), tally, 99_999, 1234.5, 99_999) for number in range(60)]


def month_of_lessons() -> Iterator[list[Lesson] | None]:
    """A month in which there was nothing to learn from, one that taught nothing, and one that taught a lot."""
    yield None
    yield []
    place = "sections.promises_and_commitments.promised.source"
    yield [Lesson(99_999, wild(300), place, "make it `required: all`", wild(3000))] * 10
