"""Days: those that a spreadsheet's words may mean, where day and month may change places; and a day as a moment."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_DAY_FIRST, _MONTH_FIRST = "dmy", "mdy"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_LOCAL = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:,? .*)?")  # what follows is a time


def noon(day: date, zone: str) -> datetime:
    """The moment (UTC) that stands for the day of a deal: it lies on that day where the figures count days (IANA)."""
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)


def readings(typed: str) -> dict[str, date]:
    """What days it may mean, by the order of day and month."""
    if iso := _ISO.fullmatch(typed):
        return _valid({"": (int(iso[1]), int(iso[3]), int(iso[4]))})
    if local := _LOCAL.fullmatch(typed):
        one, other, year = int(local[1]), int(local[3]), int(local[4])
        if len(local[4]) == 2:
            if local[2] == "-":
                return {}  # 01-02-03 may be anything
            year += 2000
        if local[2] == ".":  # the day is always first
            return _valid({"": (year, other, one)})
        return _valid({_DAY_FIRST: (year, other, one), _MONTH_FIRST: (year, one, other)})
    return {}


def _valid(days: Mapping[str, tuple[int, int, int]]) -> dict[str, date]:
    found = {}
    for order, (year, month, day) in days.items():
        try:
            found[order] = date(year, month, day)
        except ValueError:
            continue
    return found


def order_of(typed: Iterable[str]) -> str:
    """The order that the file's unmistakable dates have, "" where they have none, or both."""
    orders = {next(iter(days)) for days in map(readings, typed) if len(days) == 1} - {""}
    return orders.pop() if len(orders) == 1 else ""
