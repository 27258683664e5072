"""Working hours on real clocks: summer time, odd zones, lost and repeated hours, public holidays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.calendars import Calendar, country_code, problem_with_country

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
HOUR = timedelta(hours=1)

BERLIN = Calendar("Europe/Berlin")
BERLIN_NIGHTS = Calendar("Europe/Berlin", EVERY_DAY, time(2, 30), time(6))
BERLIN_LATE_NIGHTS = Calendar("Europe/Berlin", EVERY_DAY, time(1), time(2, 30))
NEW_YORK = Calendar("America/New_York")
SYDNEY = Calendar("Australia/Sydney")
LORD_HOWE = Calendar("Australia/Lord_Howe")
LORD_HOWE_NIGHTS = Calendar("Australia/Lord_Howe", EVERY_DAY, time(1), time(4))
KOLKATA = Calendar("Asia/Kolkata")
KATHMANDU = Calendar("Asia/Kathmandu")
APIA = Calendar("Pacific/Apia")
ST_JOHNS = Calendar("America/St_Johns", EVERY_DAY, time(0), time(23, 59))
BAVARIA = Calendar("Europe/Berlin", country="DE-BY")


def utc(text: str) -> datetime:
    """A moment in UTC, such as 2026-03-27 17:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("calendar", "moment", "opening"),
    [
        (BERLIN, "2026-03-27 07:59", "2026-03-27 08:00"),
        (BERLIN, "2026-03-27 08:00", "2026-03-27 08:00"),
        (BERLIN, "2026-03-27 16:59", "2026-03-27 16:59"),
        (BERLIN, "2026-03-27 17:00", "2026-03-30 07:00"),  # summer time began on Sunday
        (BERLIN, "2026-10-23 16:00", "2026-10-26 08:00"),  # and ended
        (NEW_YORK, "2026-03-06 23:00", "2026-03-09 13:00"),
        (NEW_YORK, "2026-10-30 22:00", "2026-11-02 14:00"),
        (SYDNEY, "2026-04-03 08:00", "2026-04-05 23:00"),  # winter is in June there
        (SYDNEY, "2026-10-02 09:00", "2026-10-04 22:00"),
        (LORD_HOWE, "2026-04-03 08:00", "2026-04-05 22:30"),  # half an hour of summer time
        (LORD_HOWE, "2026-10-02 08:00", "2026-10-04 22:00"),
        (KOLKATA, "2026-06-01 00:00", "2026-06-01 03:30"),
        (KATHMANDU, "2026-06-01 00:00", "2026-06-01 03:15"),
        (APIA, "2011-12-30 05:00", "2012-01-01 19:00"),  # Thursday evening; Friday was skipped
        (Calendar("UTC"), "2028-02-28 18:00", "2028-02-29 09:00"),
        (Calendar("Mars/Base"), "2026-06-01 00:00", "2026-06-01 09:00"),  # an unknown zone is UTC
        (Calendar("America"), "2026-06-01 00:00", "2026-06-01 09:00"),  # so is a folder of zones
        (Calendar(""), "2026-06-01 00:00", "2026-06-01 09:00"),
        (Calendar("UTC", (2,), time(23), time(23, 1)), "2026-12-30 23:01", "2027-01-06 23:00"),
        (ST_JOHNS, "2010-11-07 02:29", "2010-11-07 02:30"),  # one minute of the next day, then 23:01 again
        (BERLIN_NIGHTS, "2026-03-28 20:00", "2026-03-29 01:00"),  # no 2:30 that night: from 3:00
        (BERLIN_NIGHTS, "2026-10-25 00:40", "2026-10-25 00:40"),  # 2:40 for the first time
        (BERLIN_NIGHTS, "2026-10-25 01:10", "2026-10-25 01:30"),  # 2:10 for the second time
        (BAVARIA, "2026-06-03 20:00", "2026-06-05 07:00"),  # Corpus Christi
        (BAVARIA, "2026-12-24 17:00", "2026-12-28 08:00"),
    ],
)
def test_work_begins_at_the_start_of_working_hours(calendar: Calendar, moment: str, opening: str) -> None:
    assert calendar.opening(utc(moment)) == utc(opening)
    assert calendar.is_open(utc(moment)) is (moment == opening)


@pytest.mark.parametrize(
    ("calendar", "moment", "morning"),
    [
        (BERLIN, "2026-03-26 07:00", "2026-03-27 08:00"),  # before work: still not today
        (BERLIN, "2026-03-26 12:00", "2026-03-27 08:00"),
        (BERLIN, "2026-03-26 23:30", "2026-03-30 07:00"),  # Friday there already
        (BERLIN, "2026-03-28 12:00", "2026-03-30 07:00"),
        (KOLKATA, "2026-06-01 18:29", "2026-06-02 03:30"),
        (KOLKATA, "2026-06-01 18:30", "2026-06-03 03:30"),
        (APIA, "2011-12-29 20:00", "2012-01-01 19:00"),
        (ST_JOHNS, "2010-11-07 03:15", "2010-11-07 03:30"),  # 23:45 again, after the first minute of the next day
        (BAVARIA, "2026-12-24 09:00", "2026-12-28 08:00"),
        (BAVARIA, "2025-12-31 09:00", "2026-01-02 08:00"),
    ],
)
def test_tomorrow_morning_is_the_next_workday_s(calendar: Calendar, moment: str, morning: str) -> None:
    assert calendar.next_morning(utc(moment)) == utc(morning)


@pytest.mark.parametrize(
    ("calendar", "day", "closing"),
    [
        (BERLIN, date(2026, 3, 27), "2026-03-27 17:00"),
        (BERLIN, date(2026, 3, 29), "2026-03-29 16:00"),  # a Sunday
        (BAVARIA, date(2026, 12, 25), "2026-12-25 17:00"),
        (KATHMANDU, date(2028, 2, 29), "2028-02-29 12:15"),
        (BERLIN_LATE_NIGHTS, date(2026, 3, 29), "2026-03-29 01:00"),  # no 2:30 that night
        (BERLIN_LATE_NIGHTS, date(2026, 10, 25), "2026-10-25 01:30"),  # the second 2:30
        (APIA, date(2011, 12, 30), "2011-12-30 10:00"),  # the day that never was ends as it begins
    ],
)
def test_a_day_closes_at_the_end_of_working_hours(calendar: Calendar, day: date, closing: str) -> None:
    assert calendar.closing(day) == utc(closing)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"),
    [
        (BERLIN, "2026-03-27 12:00", "2026-03-27 12:00", 0),
        (BERLIN, "2026-03-27 12:00", "2026-03-26 12:00", 0),
        (BERLIN, "2026-03-27 12:00", "2026-03-27 13:30", 1.5),
        (BERLIN, "2026-03-27 16:00", "2026-03-30 08:00", 2),
        (BERLIN, "2026-03-22 23:00", "2026-03-29 22:00", 45),  # a local week of 167 hours
        (BERLIN, "2026-10-18 22:00", "2026-10-25 23:00", 45),  # and one of 169
        (BERLIN, "2026-03-28 00:00", "2026-03-30 00:00", 0),
        (BERLIN, "2026-01-01 00:00", "2027-01-01 00:00", 261 * 9),
        (BERLIN_NIGHTS, "2026-03-28 23:00", "2026-03-29 22:00", 3),
        (BERLIN_NIGHTS, "2026-10-24 22:00", "2026-10-25 23:00", 4),  # the half-hour after 2:30 twice
        (BERLIN_LATE_NIGHTS, "2026-03-28 23:00", "2026-03-29 22:00", 1),
        (BERLIN_LATE_NIGHTS, "2026-10-24 22:00", "2026-10-25 23:00", 2),
        (ST_JOHNS, "2010-11-07 02:29", "2010-11-07 03:32", 61 / 60),  # 0:00, 23:01 to 23:59, 0:00 again
        (LORD_HOWE_NIGHTS, "2026-04-04 13:00", "2026-04-05 13:30", 3.5),
        (LORD_HOWE_NIGHTS, "2026-10-03 13:30", "2026-10-04 13:00", 2.5),
        (APIA, "2011-12-29 19:00", "2012-01-01 19:00", 9),  # one Thursday; there was no Friday
        (KATHMANDU, "1985-12-31 00:00", "1986-01-02 00:00", 18),  # fifteen minutes lost at midnight
        (Calendar("UTC"), "2028-02-28 00:00", "2028-03-01 00:00", 18),
        (Calendar("UTC"), "2027-02-28 00:00", "2027-03-01 00:00", 0),
        (BAVARIA, "2026-01-05 00:00", "2026-01-10 00:00", 36),  # Epiphany
        (Calendar("Europe/Berlin", country="DE-HB"), "2026-01-05 00:00", "2026-01-10 00:00", 45),
    ],
)
def test_working_time_is_what_passes_in_working_hours(calendar: Calendar, start: str, end: str, hours: float) -> None:
    assert calendar.working_time(utc(start), utc(end)) == hours * HOUR


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "end"),
    [
        (BERLIN, "2026-03-27 12:00", 0, "2026-03-27 12:00"),
        (BERLIN, "2026-03-27 20:00", 0, "2026-03-30 07:00"),
        (BERLIN, "2026-03-27 20:00", -5, "2026-03-30 07:00"),
        (BERLIN, "2026-03-27 12:00", 5, "2026-03-27 17:00"),  # at the end of the day, not the next morning
        (BERLIN, "2026-03-27 12:00", 5.5, "2026-03-30 07:30"),
        (BERLIN, "2026-03-27 12:00", 24, "2026-04-01 08:00"),
        (BERLIN_NIGHTS, "2026-10-24 22:00", 1, "2026-10-25 02:00"),
        (KOLKATA, "2026-06-05 12:00", 1, "2026-06-08 04:00"),
        (BAVARIA, "2026-12-23 16:00", 10, "2026-12-24 17:00"),
        (BAVARIA, "2026-12-24 16:00", 2, "2026-12-28 09:00"),
        (BERLIN, "2026-01-01 00:00", 261 * 9 + 1, "2027-01-01 09:00"),
    ],
)
def test_so_much_working_time_later(calendar: Calendar, start: str, hours: float, end: str) -> None:
    assert calendar.after(utc(start), hours * HOUR) == utc(end)


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("", date(2026, 1, 1), True),
        ("DE", date(2026, 1, 1), False),
        ("DE", date(2026, 1, 6), True),
        ("DE-BY", date(2026, 1, 6), False),
        ("de-by", date(2026, 1, 6), False),
        ("DE-XX", date(2026, 1, 1), False),  # an unknown region: the country's
        ("GB-SCT", date(2026, 11, 30), False),
        ("UK", date(2026, 12, 28), False),  # Boxing Day made up for
        ("US", date(2021, 12, 31), False),  # New Year's Day of a year that begins on a Saturday
        ("IN", date(2099, 1, 26), False),  # a year for which not all is known
        ("XX", date(2026, 1, 1), True),
        ("DE", date(1, 1, 1), True),
        ("DE", date(9999, 12, 24), True),
    ],
)
def test_public_holidays_are_no_workdays(country: str, day: date, works: bool) -> None:
    assert Calendar(country=country).is_workday(day) is works


def test_the_weekend_is_what_the_person_says() -> None:
    gulf = Calendar("Asia/Riyadh", (6, 0, 1, 2, 3))
    assert [gulf.is_workday(date(2026, 6, day)) for day in range(1, 8)] == [True] * 4 + [False] * 2 + [True]


def test_a_moment_on_the_person_s_clock() -> None:
    assert KATHMANDU.local(utc("2026-06-01 00:00")).isoformat() == "2026-06-01T05:45:00+05:45"


@pytest.mark.parametrize("workdays", [(), (7,), (-1, 0)])
def test_a_week_without_workdays_is_refused(workdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="workday"):
        Calendar(workdays=workdays)


@pytest.mark.parametrize("ends", [time(9), time(8), time(0)])
def test_hours_end_after_they_start(ends: time) -> None:
    with pytest.raises(ValueError, match="end after"):
        Calendar(ends=ends)


@pytest.mark.parametrize(
    ("typed", "code", "problem"),
    [
        ("", "", ""),
        ("  ", "", ""),
        (" de ", "DE", ""),
        ("de-by", "DE-BY", ""),
        ("DE_BY", "DE-BY", ""),
        ("de - by", "DE-BY", ""),
        ("DE-", "DE", ""),
        ("uk", "GB", ""),
        ("uk-sct", "GB-SCT", ""),
        ("xx", "XX", "“xx” is no country Baton knows. Use two letters, such as DE, or with a region, DE-BY."),
        (
            "Germany",
            "GERMANY",
            "“Germany” is no country Baton knows. Use two letters, such as DE, or with a region, DE-BY.",
        ),
        ("DEU", "DEU", "“DEU” is no country Baton knows. Use two letters, such as DE, or with a region, DE-BY."),
        ("de-xx", "DE-XX", "“XX” is no region of DE Baton knows. Use one such as DE-BB, or DE alone."),
        ("va-x", "VA-X", "Baton knows no regions of VA. Use VA alone."),
    ],
)
def test_a_country_is_two_letters_perhaps_with_a_region(typed: str, code: str, problem: str) -> None:
    assert country_code(typed) == code
    assert problem_with_country(typed) == problem
