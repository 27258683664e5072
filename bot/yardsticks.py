"""By what figures are measured: the targets, four clocks, and since when what is not done is not due yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.calendars import Calendar
from bot.targets import Metric, Metrics
from bot.teams import Lateness, Team

_MINUTE = timedelta(minutes=1)
_SEARCHED = 60 * 24 * 120  # minutes back, in which the working hours of a target certainly lie


class Clock(StrEnum):
    """How the wait for the first contact is told: unpaused is without the time in which CS waited for the customer."""

    WALL = "wall"
    WALL_UNPAUSED = "wall_unpaused"
    WORKING = "working"
    WORKING_UNPAUSED = "working_unpaused"

    @property
    def is_working(self) -> bool:
        """Whether only working time counts."""
        return self in (Clock.WORKING, Clock.WORKING_UNPAUSED)


@dataclass(frozen=True)
class Yardstick:
    """By what the figures are measured: the targets, the clock that the workspace has chosen, and the moment."""

    metrics: Metrics
    segments: Mapping[str, str]  # id -> label
    calendar: Calendar
    lateness: Lateness
    now: datetime

    @classmethod
    def of(cls, metrics: Metrics, segments: Mapping[str, str], team: Team, now: datetime) -> "Yardstick":
        """The workspace's."""
        return cls(metrics, segments, Calendar(team.zone, *team.working_time), team.lateness, now)

    @property
    def clock(self) -> Clock:
        """The one whose figure stands first. The customer waits, whoever is to blame: pauses count."""
        return Clock.WORKING if self.lateness is Lateness.WORKING else Clock.WALL

    @property
    def otherwise(self) -> "Yardstick":
        """The same by the clock that the workspace has not chosen."""
        return replace(self, lateness=Lateness.WALL if self.lateness is Lateness.WORKING else Lateness.WORKING)

    def not_due_since(self, metric: Metric, segment: str = "") -> datetime:
        """What closed after this moment and is not done yet, is not due yet."""
        target = self.metrics.target(metric)
        if metric is Metric.CONTACT:
            return self._back(target.of(segment), self.limit(Clock.WORKING, segment) / 60)
        return self._back(target.due or 0, target.working_due or (target.due or 0) / 3)

    def limit(self, clock: Clock, segment: str = "") -> int:
        """The minutes within which a customer of that segment should be contacted."""
        target = self.metrics.target(Metric.CONTACT)
        if not clock.is_working:
            return round(target.of(segment) * 60)
        whole = target.working_target or target.target / 3
        return round(whole * 60 * (target.of(segment) / target.target if target.target else 1))

    def _back(self, hours: float, working_hours: float) -> datetime:
        if self.lateness is Lateness.WALL:
            return self.now - timedelta(hours=hours)
        wanted = timedelta(hours=working_hours)
        low, high = 0, _SEARCHED
        while low < high:  # the fewest minutes ago since when so much was worked
            middle = (low + high) // 2
            if self.calendar.working_time(self.now - middle * _MINUTE, self.now) >= wanted:
                high = middle
            else:
                low = middle + 1
        return self.now - low * _MINUTE
