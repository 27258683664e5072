"""Stretches of time that figures are about: days, weeks, months and quarters as the workspace's calendar has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.refusals import Refusal, echo, either

_DAY = timedelta(days=1)
WEEK = timedelta(days=7)
WEEKS = 12  # of a trend
USUAL = "30d"
EXAMPLES: tuple[str, ...] = ("week", "month", "this month", "quarter", "year", "30d", "2026-11", "2026-Q4", "2026-W47")
EXAMPLES += ("2026-11-01..2026-11-15",)
_LONGEST = 3660  # days
_YEARS = range(2000, 2201)


class NoPeriod(Refusal):
    """Nothing known was typed."""


@dataclass(frozen=True)
class Period:
    """The local days from `first` until before `end`, in `zone` (IANA). `words`: as a person may type it again."""

    words: str
    first: date
    end: date
    zone: str

    @property
    def starts_at(self) -> datetime:
        """The first moment (UTC)."""
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it (UTC)."""
        return _midnight(self.end, self.zone)

    def local(self, moment: datetime) -> date:
        """The day of a moment, as the period counts days."""
        return moment.astimezone(_zone(self.zone)).date()

    @property
    def dates(self) -> str:
        """The first and the last day, which mean the same whenever they are read."""
        return f"{self.first:%Y-%m-%d}..{self.end - _DAY:%Y-%m-%d}"

    @property
    def before(self) -> "Period":
        """As long a stretch before this; of a calendar month, quarter or year the one before."""
        if self.first.day == 1 and self.end.day == 1:
            months = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
            first = _months_on(self.first, -months)
        else:
            first = self.first - (self.end - self.first)
        return Period(f"{first:%Y-%m-%d}..{self.first - _DAY:%Y-%m-%d}", first, self.first, self.zone)

    @property
    def weeks(self) -> tuple["Period", ...]:
        """The twelve weeks that end with this period, the oldest first."""
        starts = [self.end - WEEK * number for number in range(WEEKS, 0, -1)]
        return tuple(Period(f"{one:%Y-%m-%d}..{one + 6 * _DAY:%Y-%m-%d}", one, one + WEEK, self.zone) for one in starts)

    def parts(self, days: int) -> Iterator["Period"]:
        """The same in stretches of at most so many days: what is asked of one takes as long, however long the whole."""
        first = self.first
        while first < self.end:
            end = min(first + days * _DAY, self.end)
            yield Period(f"{first:%Y-%m-%d}..{end - _DAY:%Y-%m-%d}", first, end, self.zone)
            first = end

    @property
    def title(self) -> str:
        """The days as people read them: 16–22 November 2026."""
        last = self.end - _DAY
        if self.first == last:
            return f"{last.day} {last:%B %Y}"
        if (self.first.year, self.first.month) == (last.year, last.month):
            return f"{self.first.day}–{last.day} {last:%B %Y}"
        year = f" {self.first.year}" if self.first.year != last.year else ""
        return f"{self.first.day} {self.first:%B}{year} – {last.day} {last:%B %Y}"


def read_period(typed: str, now: datetime, zone: str) -> Period:
    """What a person means by `typed`: week, month, quarter, year (the last whole one; `this month` is the one going
    on), 30d, 2026, 2026-11, 2026-Q4, 2026-W47, or 2026-11-01..2026-11-15. Nothing is the last 30 days."""
    words = " ".join(typed.lower().split()) or USUAL
    today = now.astimezone(_zone(zone)).date()
    found = _spoken(words, today) or _written(words)
    if found is None or not _is_sound(*found):
        _refuse_what_contradicts(words, today)
        raise NoPeriod(f"“{echo(typed)}” is no period I know. Try {either([f'`{one}`' for one in EXAMPLES])}.")
    return Period(words, *found, zone)


def _refuse_what_contradicts(words: str, today: date) -> None:
    """Of two days the later one first, or several periods at once."""
    days = _days(words)
    if days and days[0] > days[1]:
        raise Refusal(f"The first day, {days[0]:%Y-%m-%d}, is after the last, {days[1]:%Y-%m-%d}.")
    if len(known := [one for one in words.split() if _spoken(one, today) or _written(one)]) > 1:
        raise Refusal(f"One period at a time: take {either([f'`{echo(one)}`' for one in known])}.")


def last_days(count: int, day: date, zone: str) -> Period:
    """The days before `day`."""
    first = day - count * _DAY
    return Period(f"{first:%Y-%m-%d}..{day - _DAY:%Y-%m-%d}", first, day, zone)


def _spoken(words: str, today: date) -> tuple[date, date] | None:
    if days := re.fullmatch(r"(\d{1,4}) ?d(ays)?", words):
        count = int(days[1])
        return (today - (count - 1) * _DAY, today + _DAY) if 0 < count <= _LONGEST else None
    which, _, unit = words.rpartition(" ")
    begins = {
        "week": today - today.weekday() * _DAY,
        "month": today.replace(day=1),
        "quarter": date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
        "year": date(today.year, 1, 1),
    }
    if unit not in begins or which not in ("", "last", "this"):
        return None
    start = begins[unit]
    if which == "this":
        return start, today + _DAY
    months = {"month": 1, "quarter": 3, "year": 12}
    return (start - WEEK if unit == "week" else _months_on(start, -months[unit])), start


def _written(words: str) -> tuple[date, date] | None:
    try:
        if known := re.fullmatch(r"(\d{4})(?:-(?!w?00)(?:(\d{2})|q([1-4])|w(\d{2})))?", words):
            year, month, quarter, week = (int(part) if part else 0 for part in known.groups())
            if week:
                first = date.fromisocalendar(year, week, 1)
                return first, first + WEEK
            first = date(year, month or (quarter * 3 - 2 if quarter else 1), 1)
            return first, _months_on(first, 1 if month else 3 if quarter else 12)
        days = _days(words)
        return (days[0], days[1] + _DAY) if days else None
    except (ValueError, OverflowError):
        return None


def _days(words: str) -> tuple[date, date] | None:
    """Two days, with dots between them."""
    first, dots, last = words.partition("..")
    try:
        return (date.fromisoformat(first.strip()), date.fromisoformat(last.strip())) if dots else None
    except ValueError:
        return None


def _is_sound(first: date, end: date) -> bool:
    """Whether these may be days of deals, and not too many."""
    is_known = first.year in _YEARS and (end - _DAY).year in _YEARS
    return is_known and 0 < (end - first).days <= _LONGEST


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), _zone(zone)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
