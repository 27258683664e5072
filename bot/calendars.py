"""The working-time calendar: when a person works, and how much working time lies between two moments."""

import warnings
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import accumulate, chain
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours from `starts` until before `ends` in `zone` (IANA), on `workdays` (0 is Monday) without the public
    holidays of `country` (ISO 3166: DE, or DE-BY). All moments are aware UTC.

    A local time that a change of the clocks skips stands for the first real moment after it; hours that the clock shows
    twice are worked twice. An unknown zone counts as UTC, an unknown country as one without holidays. Raises ValueError
    where nobody would ever work, and where an answer would lie after the year 9999.
    """

    zone: str = "UTC"
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    starts: time = time(9)
    ends: time = time(18)
    country: str = ""

    def __post_init__(self) -> None:
        if not self.workdays or not all(0 <= weekday <= 6 for weekday in self.workdays):
            raise ValueError("a week needs a workday, and its days are 0 to 6")
        if self.ends <= self.starts:
            raise ValueError("working hours must end after they start")

    def local(self, moment: datetime) -> datetime:
        """The same moment on the person's clock."""
        return moment.astimezone(_zone(self.zone))

    def is_workday(self, day: date) -> bool:
        """Whether the person works on that local day."""
        return day.weekday() in self.workdays and day not in _holidays(self.country, day.year)

    def is_open(self, moment: datetime) -> bool:
        """Whether the person works at that moment."""
        return self.opening(moment) == moment

    def opening(self, moment: datetime) -> datetime:
        """The moment itself inside working hours, else when they next begin."""
        year = self.local(moment).year
        while True:
            hours = _hours(self, year)
            following = bisect_right(hours.closes, moment)
            if following < len(hours.opens):
                return max(moment, hours.opens[following])
            year += 1

    def last_open(self, moment: datetime) -> datetime:
        """The end of the working time before the moment: the moment itself inside working hours."""
        year = self.local(moment).year
        while not (begun := bisect_left(_hours(self, year).opens, moment)):
            year -= 1
        return min(moment, _hours(self, year).closes[begun - 1])

    def next_morning(self, moment: datetime) -> datetime:
        """When work begins on the first workday after the moment's local day."""
        return self.opening(max(moment, self.closing(self.local(moment).date())))

    def closing(self, day: date) -> datetime:
        """When working hours end on that local day, be it a workday or not."""
        ends = datetime.combine(day, self.ends, UTC)
        before, after = self._offsets(day)
        if before == after:
            return ends - after
        return max(ends - after, min(ends - before, self._change(day)))

    def at(self, day: date, clock: time) -> datetime:
        """The moment when that local day's clock shows that time; where it is skipped, the first one after it."""
        return datetime.combine(day, clock, _zone(self.zone)).astimezone(UTC)

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """The time inside working hours between two moments; none where `end` is not after `start`."""
        if end <= start:
            return _NONE
        first, last = self.local(start).year, self.local(end).year
        whole_years = sum((_hours(self, year).worked[-1] for year in range(first, last)), _NONE)
        return whole_years + _hours(self, last).until(end) - _hours(self, first).until(start)

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The first moment, in working hours or at their end, when so much working time has passed since `start`."""
        if working <= _NONE:
            return self.opening(start)
        year = self.local(start).year
        hours = _hours(self, year)
        target = hours.until(start) + working
        while target > hours.worked[-1]:
            target -= hours.worked[-1]
            year += 1
            hours = _hours(self, year)
        stretch = bisect_left(hours.worked, target) - 1
        return hours.opens[stretch] + (target - hours.worked[stretch])

    def stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when until when that local day's clock shows working hours: once, unless the clocks change meanwhile."""
        starts, ends = datetime.combine(day, self.starts, UTC), datetime.combine(day, self.ends, UTC)
        before, after = self._offsets(day)
        if before == after:
            return [(starts - before, ends - before)]
        change = self._change(day)
        both = [(starts - before, min(ends - before, change)), (max(starts - after, change), ends - after)]
        return [(opens, closes) for opens, closes in both if opens < closes]

    def _offsets(self, day: date) -> tuple[timedelta, timedelta]:
        """The zone's distance from UTC when that day's hours begin and when they end, seen from outside of them."""
        zone = _zone(self.zone)
        return (
            datetime.combine(day, self.starts, zone).utcoffset() or _NONE,
            datetime.combine(day, self.ends, zone).replace(fold=1).utcoffset() or _NONE,
        )

    def _change(self, day: date) -> datetime:
        """When the clocks change between the start and the end of that day's hours, to the second."""
        zone, offsets = _zone(self.zone), self._offsets(day)
        earliest = datetime.combine(day, self.starts, UTC) - max(offsets)
        latest = datetime.combine(day, self.ends, UTC) - min(offsets)
        seconds = range(floor(earliest.timestamp()), ceil(latest.timestamp()))
        found = bisect_left(
            seconds, True, key=lambda second: datetime.fromtimestamp(second, zone).utcoffset() != offsets[0]
        )
        return datetime.fromtimestamp(seconds.start + found, UTC)


class _Hours(NamedTuple):
    """A local year's stretches of working time in order, and how much was worked before each and in all."""

    opens: list[datetime]
    closes: list[datetime]
    worked: list[timedelta]

    def until(self, moment: datetime) -> timedelta:
        """The working time of this year before the moment."""
        begun = bisect_right(self.opens, moment)
        if not begun:
            return _NONE
        return self.worked[begun - 1] + min(moment, self.closes[begun - 1]) - self.opens[begun - 1]


@lru_cache(maxsize=256)  # some 40 kB each; one team needs a few
def _hours(calendar: Calendar, year: int) -> _Hours:
    first = date(year, 1, 1)
    days = (first + number * _DAY for number in range((date(year, 12, 31) - first).days + 1))
    # Sorted, for where clocks go back over midnight a minute of the next day comes before the end of this one.
    stretches = sorted(chain.from_iterable(calendar.stretches(day) for day in days if calendar.is_workday(day)))
    worked = accumulate((closes - opens for opens, closes in stretches), initial=_NONE)
    return _Hours([opens for opens, _ in stretches], [closes for _, closes in stretches], list(worked))


@lru_cache(maxsize=1024)  # ZoneInfo keeps the zones it knows, but looks for an unknown one on disk again and again
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=1024)
def _holidays(country: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    # Imported only where a country is settled: a cold start should not pay for it.
    import holidays  # noqa: PLC0415

    code, _, region = country_code(country).partition("-")
    regions = _regions().get(code)
    if regions is None:
        return frozenset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of years for which it knows only some of the holidays
        return frozenset(holidays.country_holidays(code, subdiv=regions.get(region), years=year, expand=False))


@lru_cache(maxsize=1)
def _regions() -> dict[str, dict[str, str]]:
    """The known countries with their regions, in capitals and as the library writes them."""
    import holidays  # noqa: PLC0415

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: {region.upper(): region for region in regions} for code, regions in known.items()}


def country_code(text: str) -> str:
    """A country, perhaps with a region, as the calendar writes it: `de-by` is DE-BY."""
    code, _, region = text.strip().upper().replace("_", "-").partition("-")
    code = "GB" if code.strip() == "UK" else code.strip()  # what everybody writes, and ISO 3166 does not
    return f"{code}-{region.strip()}" if region.strip() else code


def problem_with_country(text: str) -> str:
    """What is wrong with a country, in a sentence for the person who typed it; "" where it is known, or none at all."""
    if not text.strip():
        return ""
    code, _, region = country_code(text).partition("-")
    regions = _regions().get(code)
    if regions is None:
        return f"“{text.strip()}” is no country Baton knows. Use two letters, such as DE, or with a region, DE-BY."
    if not region or region in regions:
        return ""
    if not regions:
        return f"Baton knows no regions of {code}. Use {code} alone."
    example = min(regions, key=len)
    return f"“{region}” is no region of {code} Baton knows. Use one such as {code}-{example}, or {code} alone."
