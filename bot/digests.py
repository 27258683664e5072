"""The weekly digest: when it is due, which one was skipped, and what it tells of a week."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

from bot.handoffs import Stage
from bot.metrics import Report, Tally, Verdict
from bot.periods import Period, last_days
from bot.targets import Metric
from bot.teams import Team

_DAY = timedelta(days=1)
_WEEK = 7  # days
_STILL_NEWS = timedelta(hours=24)
_MOST_PEOPLE = 40  # of each role, in one table
_TRIED = timedelta(hours=1)  # longer: what was begun late needs some attempts
APART = timedelta(days=6)  # at least, whatever day and hour were chosen meanwhile


@dataclass(frozen=True)
class Slot:
    """One week's turn: the `day` in the workspace's zone, and the moment `at` (UTC)."""

    day: date
    at: datetime

    @property
    def edition(self) -> str:
        """As the message of it is remembered."""
        return self.day.isoformat()


def week_before(day: date, zone: str) -> Period:
    """The seven days that the digest of that day tells of."""
    return last_days(_WEEK, day, zone)


def today(team: Team, now: datetime) -> date:
    """Which day it is in the workspace's zone."""
    return now.astimezone(ZoneInfo(team.zone)).date()


def last_slot(team: Team, now: datetime) -> Slot:
    """The newest one whose moment has come."""
    day = today(team, now)
    slot = _slot(team, day - (day.weekday() - team.digest_day) % _WEEK * _DAY)
    return slot if slot.at <= now else _slot(team, slot.day - _WEEK * _DAY)


def next_slots(team: Team, now: datetime) -> Iterator[Slot]:
    """One that is late and still comes, and those of the weeks after; a digest of some may be begun already."""
    if due := due_slot(team, now):
        yield due
    last = last_slot(team, now).day
    yield from (_slot(team, last + week * _WEEK * _DAY) for week in count(1))


def due_slot(team: Team, now: datetime) -> Slot | None:
    """The one whose digest should be there by now; what was missed for a day is no news any more, nor was it missed
    before setup named a channel."""
    slot = last_slot(team, now)
    is_settled = team.digest_channel and (team.digest_since is None or slot.at >= team.digest_since)
    return slot if is_settled and now - slot.at <= _STILL_NEWS else None


def settled_since(team: Team, before: Team, now: datetime) -> datetime | None:
    """Since when the digest has a channel, when setup turns `before` into `team`."""
    return before.digest_since if before.digest_channel or not team.digest_channel else now


def lateness(team: Team, day: date, now: datetime) -> timedelta:
    """For how long the digest of that day should have been there."""
    return now - _slot(team, day).at


def is_news(team: Team, day: date, now: datetime) -> bool:
    """Whether the digest of that day may be posted now; digests are days apart, so none is after a newer one."""
    return abs(lateness(team, day, now)) <= _STILL_NEWS + _TRIED


def skipped_slot(team: Team, now: datetime, last: date | None) -> Slot | None:
    """The newest one that got no digest and gets none; `last`: the day of the last digest, None before the first."""
    slot = last_slot(team, now)
    is_past = now - slot.at > _STILL_NEWS
    return slot if team.digest_channel and last and is_past and slot.day - last >= APART else None


def month_told(slot: Slot, last: date | None) -> str:
    """The month (2026-11) whose lessons go with the first digest after it; "" with every other one."""
    first = slot.day.replace(day=1)
    if (last >= first) if last else slot.day.day > _WEEK:
        return ""
    return f"{first - _DAY:%Y-%m}"


def _slot(team: Team, day: date) -> Slot:
    local = datetime.combine(day, team.digest_at, ZoneInfo(team.zone))
    return Slot(day, local.astimezone(UTC))


# -- what it tells


class Pattern(StrEnum):
    """The anti-patterns of the handbook that the records can show."""

    NO_DOCUMENT = "Documentation optional"
    NO_CSM = "CS as afterthought"
    COLD = "Cold customer contact"
    NO_MEETING = "Assumed context"
    NO_CHAMPION = "Champion assumption"
    FORGOTTEN = "Promise amnesia"
    GONE = "AE disappearance"
    COPIED = "Template neglect"


AGES = (3, 8, 15, 31, 61)  # days since the signature: under so many, and the rest
ON_THE_WAY = (Stage.PREPARING, Stage.IN_REVIEW, Stage.RETURNED, Stage.ACCEPTED)


@dataclass(frozen=True)
class Some:
    """The first few of a longer list: each with how often, and how many there are in all."""

    first: Sequence[tuple[str, int]]
    total: int


@dataclass(frozen=True)
class Uncontacted:
    """A customer whom CS has not contacted though it is due; `ae` and `csm` are "" where nobody is known."""

    customer: str
    has_handoff: bool
    channel: str
    closed_at: datetime
    ae: str
    csm: str


@dataclass(frozen=True)
class Risk:
    """A handoff that goes wrong: what waits for the leaders, how much is overdue, and what of it the longest."""

    customer: str
    channel: str
    escalations: int
    overdue: int
    first: str = ""  # the deadline's label
    role: str = ""  # of who owes it: ae, csm, se, or none of these
    owner: str = ""  # that one's name
    late: timedelta = timedelta()


@dataclass(frozen=True)
class Thanks:
    """A handoff that was completed with both its meetings, without a missed deadline, an escalation or anything
    explained again."""

    customer: str
    ae: str
    csm: str


@dataclass(frozen=True)
class News:
    """Everything that a digest tells of one week. `missed`: by deadline; `returned`: by reason; `promises`: overdue
    ones by customer; `ageing`: handoffs that go on at each stage, by AGES."""

    report: Report
    missed: Some
    returned: Some
    patterns: Mapping[Pattern, int]
    promises: Some
    uncontacted: Sequence[Uncontacted]  # the newest
    waiting: int  # how many of them there are in all
    risks: Sequence[Risk]  # besides these
    thanks: Sequence[Thanks]
    thanked: int  # how many there are to thank in all
    ageing: Mapping[Stage, Sequence[int]]

    @property
    def is_empty(self) -> bool:
        """Whether the week has nothing to tell."""
        told = (self.missed.total, self.returned.total, self.promises.total, self.thanked, *self.patterns.values())
        return self.report.tally.is_empty and not any(told) and not (self.waiting or self.risks)

    @property
    def standing(self) -> tuple[int, int]:
        """How many of the figures are on target, and of how many that can be told."""
        verdicts = [figure.verdict for figure in self.report.figures.values()]
        judged = [one for one in verdicts if one is not Verdict.NOT_ENOUGH]
        return judged.count(Verdict.ON_TARGET), len(judged)


def patterns_of(
    report: Report, *, cold: int, unprepared: int, assumed: int, forgotten: int, gone: int, copied: int
) -> dict[Pattern, int]:
    """The anti-patterns that occurred in the week, each with how often."""
    document = report.figures[Metric.DOCUMENT]
    found = {
        Pattern.NO_DOCUMENT: document.n - document.hits,
        Pattern.NO_CSM: report.tally.unnamed_at_close,
        Pattern.COLD: cold,
        Pattern.NO_MEETING: unprepared,
        Pattern.NO_CHAMPION: assumed,
        Pattern.FORGOTTEN: forgotten,
        Pattern.GONE: gone,
        Pattern.COPIED: copied,
    }
    return {pattern: count for pattern, count in found.items() if count}


@dataclass(frozen=True)
class Line:
    """What one person did in the week (`tally`), and what that person has to do now: what is overdue of a CSM or not
    answered of an AE; `weight`: of a CSM's open handoffs; `returned`: an AE's documents."""

    person: str
    name: str
    tally: Tally
    late: int = 0
    weight: float = 0
    returned: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to tell of the person."""
        return self.tally.is_empty and not (self.late or self.weight or self.returned)


def shown(lines: Sequence[Line]) -> list[Line]:
    """As many as a table takes, in the order they came in; where there are more, those with something to tell."""
    first = sorted(lines, key=lambda one: one.is_idle)[:_MOST_PEOPLE]
    return [one for one in lines if one in first]
