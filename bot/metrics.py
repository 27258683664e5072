"""From counts to figures: what each of the six metrics comes to, of how many, what is left out, and is it good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from bot.periods import Period
from bot.targets import Metric, Target
from bot.yardsticks import Clock, Yardstick


class By(StrEnum):
    """What the deals may be sliced by."""

    AE = "ae"
    CSM = "csm"
    TEAM = "team"
    SEGMENT = "segment"
    TIMING = "timing"


class Slice(NamedTuple):
    """Some of the deals: `key` is a Slack user id, a team's name, a segment or a timing model; `people`: a team's;
    `label`: what the practice calls a segment or a timing model."""

    by: By
    key: str
    people: tuple[str, ...] = ()
    label: str = ""


def segment_of(*slices: Slice | None) -> str:
    """Whose targets deals of all these slices are held to; "" where those of all deals count."""
    return next((one.key for one in slices if one and one.by is By.SEGMENT), "")


class Undone(StrEnum):
    """Why a deal is left out of a figure."""

    CANCELLED = "cancelled"  # signed, then cancelled; no deal that the CRM calls closed
    NOT_DUE = "not_due"  # not done, and there is time left


@dataclass(frozen=True)
class Tally:
    """Counts of deals, all of the same stretch of time: closed, introduced, scored or completed in it.

    `closed`: without the cancelled ones. `contacted` ones of `within_*` waited less than their segment's target.
    """

    closed: int = 0
    cancelled: int = 0
    without_handoff: int = 0
    documented: int = 0
    document_not_due: int = 0
    document_unstarted: int = 0  # without a handoff, and due
    met: int = 0
    meeting_not_due: int = 0
    meeting_unstarted: int = 0
    contacted: int = 0
    contact_not_due: int = 0
    contact_not_due_otherwise: int = 0  # by the clock that the workspace has not chosen
    contact_unstarted: int = 0
    within_wall: int = 0
    within_wall_unpaused: int = 0
    within_working: int = 0
    within_working_unpaused: int = 0
    unnamed_at_close: int = 0  # of the handoffs that go on: since the close there was a time without a CSM
    introduced: int = 0
    unheard: int = 0  # of these: nobody has said whether the customer had to explain something again
    repeated: int = 0
    scored: int = 0
    points: int = 0
    completed: int = 0
    smooth: int = 0
    sections: Mapping[str, int] = field(default_factory=dict)  # section -> handoffs in which it was explained again

    def __add__(self, other: "Tally") -> "Tally":
        """That of two stretches of time together."""
        sums = {name: getattr(self, name) + count for name, count in vars(other).items() if name != "sections"}
        return Tally(**sums, sections=dict(Counter(self.sections) + Counter(other.sections)))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to tell."""
        return not (self.closed or self.cancelled or self.introduced or self.scored or self.completed)


@dataclass(frozen=True)
class Counts:
    """What figures are made of: the deals, and by clock how many customers waited how many minutes, shortest first."""

    tally: Tally
    waits: Mapping[Clock, Sequence[tuple[int, int]]]

    def __add__(self, other: "Counts") -> "Counts":
        """Those of two stretches of time together."""
        waits = {clock: Counter(dict(some)) + Counter(dict(other.waits[clock])) for clock, some in self.waits.items()}
        return Counts(self.tally + other.tally, {clock: sorted(both.items()) for clock, both in waits.items()})


class Verdict(StrEnum):
    """Whether a figure is as it should be."""

    ON_TARGET = "on_target"
    OFF_TARGET = "off_target"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True)
class Spread:
    """How long customers waited, in minutes: of `n`, `waiting` of whom CS has not contacted although it was due.

    Percentiles are nearest rank, so each is the wait of a real customer; None: that customer waits still, or n is 0.
    """

    n: int
    waiting: int
    within: int
    median: int | None
    ninetieth: int | None

    @property
    def share(self) -> float | None:
        """Percent who were contacted in time."""
        return 100 * self.within / self.n if self.n else None


@dataclass(frozen=True)
class Figure:
    """One metric of one stretch of time.

    `value`: percent, hours (the median) or points; None where there is none. `hits`: what is counted above the line,
    `n` below it. `left_out`: deals that are not in `n`, by why; `without_handoff`: that are in `n`, and not done.
    `unheard`: those of `n` of which nobody has said it.
    """

    metric: Metric
    n: int
    hits: int
    value: float | None
    target: float
    verdict: Verdict
    left_out: Mapping[Undone, int] = field(default_factory=dict)
    without_handoff: int = 0
    spread: Spread | None = None
    unheard: int = 0
    sections: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """The six figures of one stretch of time; `of`: of which deals, None for all."""

    period: Period
    of: Slice | None
    yardstick: Yardstick
    tally: Tally
    figures: Mapping[Metric, Figure]


@dataclass(frozen=True)
class Report(Summary):
    """Everything there is to tell of it: also the figures of the stretch before, the wait by each clock, and the trend
    of the twelve weeks that end with it, oldest first."""

    before: Mapping[Metric, Figure]
    waits: Mapping[Clock, Spread]
    weeks: Sequence[Tally]


def within(tally: Tally, clock: Clock) -> int:
    """How many customers waited less than the target by that clock."""
    counts: dict[Clock, int] = {one: getattr(tally, f"within_{one}") for one in Clock}
    return counts[clock]


def spread(tally: Tally, waits: Sequence[tuple[int, int]], clock: Clock, yardstick: Yardstick) -> Spread:
    """`waits`: (minutes, how many customers waited so long), shortest first. Who still waits has waited longest."""
    is_chosen = clock.is_working is yardstick.clock.is_working
    n = tally.closed - (tally.contact_not_due if is_chosen else tally.contact_not_due_otherwise)
    waiting = n - tally.contacted
    return Spread(n, waiting, within(tally, clock), _percentile(waits, n, 0.5), _percentile(waits, n, 0.9))


def _percentile(waits: Sequence[tuple[int, int]], n: int, share: float) -> int | None:
    rank, seen = ceil(n * share), 0
    for minutes, count in waits:
        seen += count
        if n and seen >= rank:
            return minutes
    return None


def figures(
    tally: Tally, waits: Sequence[tuple[int, int]], yardstick: Yardstick, segment: str = ""
) -> dict[Metric, Figure]:
    """The six; `waits` by the clock of the yardstick; `segment`: whose targets they are held to, "" those of all."""
    return {metric: _figure(metric, tally, waits, yardstick, segment) for metric in Metric}


def _figure(
    metric: Metric, tally: Tally, waits: Sequence[tuple[int, int]], yardstick: Yardstick, segment: str
) -> Figure:
    target = yardstick.metrics.target(metric)
    wanted, told = (
        target.of(segment),
        spread(tally, waits, yardstick.clock, yardstick) if metric is Metric.CONTACT else None,
    )
    if told:
        wanted, n, hits = yardstick.limit(yardstick.clock, segment) / 60, told.n, told.within
        value = None if told.median is None else told.median / 60
        good = told.share is not None and told.share >= target.share
    else:
        n, hits = _share_of(metric, tally)
        value = (1 if metric is Metric.SATISFACTION else 100) * hits / n if n else None
        good = value is not None and _is_good(metric, value, wanted)
    unheard = tally.unheard if metric is Metric.REPEAT else 0
    not_done = {
        Metric.DOCUMENT: (tally.document_not_due, tally.document_unstarted),
        Metric.MEETING: (tally.meeting_not_due, tally.meeting_unstarted),
        Metric.CONTACT: (tally.contact_not_due, tally.contact_unstarted),
    }
    not_due, unstarted = not_done.get(metric, (0, 0))
    return Figure(
        metric,
        n=n,
        hits=hits,
        value=value,
        target=wanted,
        verdict=_verdict(n, unheard, target, yardstick.metrics.enough, good=good),
        left_out=_left_out(tally, not_due) if metric in not_done else {},
        without_handoff=unstarted,
        spread=told,
        unheard=unheard,
        sections=tally.sections if metric is Metric.REPEAT else {},
    )


def _share_of(metric: Metric, tally: Tally) -> tuple[int, int]:
    """What stands below the line, and what above it."""
    match metric:
        case Metric.DOCUMENT:
            return tally.closed - tally.document_not_due, tally.documented
        case Metric.MEETING:
            return tally.closed - tally.meeting_not_due, tally.met
        case Metric.REPEAT:
            return tally.introduced, tally.repeated
        case Metric.SATISFACTION:
            return tally.scored, tally.points
        case _:
            return tally.completed, tally.smooth


def _is_good(metric: Metric, value: float, target: float) -> bool:
    """As the handbook has it: 100 %, 0 %, more than 4.5, more than 90 %; nothing is more than the most there can be."""
    if metric is Metric.REPEAT:
        return value <= target
    if value == target:
        return metric in (Metric.DOCUMENT, Metric.MEETING) or target == metric.most
    return value > target


def _left_out(tally: Tally, not_due: int) -> dict[Undone, int]:
    why = {Undone.CANCELLED: tally.cancelled, Undone.NOT_DUE: not_due}
    return {reason: count for reason, count in why.items() if count}


def _verdict(n: int, unheard: int, target: Target, enough: int, *, good: bool) -> Verdict:
    """Nothing is good news of which too few have spoken."""
    if n < enough or (good and n - unheard < max(enough, n * target.share / 100)):
        return Verdict.NOT_ENOUGH
    return Verdict.ON_TARGET if good else Verdict.OFF_TARGET
