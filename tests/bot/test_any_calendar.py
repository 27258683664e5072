"""Working time for anybody anywhere: every zone, any hours and workdays, moments where the clocks change."""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendars import Calendar

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ZONES = st.sampled_from(sorted(available_timezones()))
MINUTES_OF_A_DAY = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
COUNTRIES = st.sampled_from(["", "", "DE-BY", "US", "IN", "JP", "IR", "NP"])
WORKING = st.integers(0, 3000).map(lambda minutes: minutes * MINUTE)
ANY_MOMENT = st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001

random_lives = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def changes_of(zone: str, year: int) -> list[datetime]:
    """When that zone changes its clocks in that year, to the second."""

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, ZoneInfo(zone)).utcoffset()

    first = int(datetime(year, 1, 2, tzinfo=UTC).timestamp())
    days = [range(second, second + 86400) for second in range(first, first + 362 * 86400, 86400)]
    changed = [(day, offset(day.start)) for day in days if offset(day.start) != offset(day.stop)]
    seconds = [day.start + bisect_left(day, True, key=lambda second: offset(second) != old) for day, old in changed]
    return [datetime.fromtimestamp(second, UTC) for second in seconds]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Anybody's working hours anywhere."""
    starts, ends = sorted(draw(st.lists(MINUTES_OF_A_DAY, min_size=2, max_size=2, unique=True)))
    workdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return Calendar(draw(ZONES), tuple(sorted(workdays)), starts, ends, draw(COUNTRIES))


@st.composite
def lives(draw: st.DrawFn) -> tuple[Calendar, list[datetime]]:
    """A calendar and three moments in order, more often than chance would have it where its clocks change."""
    calendar = draw(calendars())
    near = draw(ANY_MOMENT)
    near = draw(st.sampled_from([near, *changes_of(calendar.zone, near.year)]))
    apart = st.timedeltas(timedelta(days=-20), timedelta(days=20)) | st.timedeltas(-6 * HOUR, 6 * HOUR)
    return calendar, sorted(near + draw(apart) for _ in range(3))


def at_work(calendar: Calendar, moment: datetime) -> bool:
    """Whether the person's clock shows working hours; told from the clock alone."""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    return calendar.is_workday(local.date()) and calendar.starts <= local.time() < calendar.ends


@random_lives
@given(lives())
def test_open_is_what_the_clock_shows(life: tuple[Calendar, list[datetime]]) -> None:
    calendar, moments = life
    for moment in moments:
        opening = calendar.opening(moment)
        assert calendar.is_open(moment) is at_work(calendar, moment)
        assert at_work(calendar, opening)
        assert opening >= moment
        assert calendar.opening(opening) == opening
        assert opening == moment or not at_work(calendar, opening - timedelta(microseconds=1))


@random_lives
@given(lives())
def test_working_time_counts_the_minutes_at_work(life: tuple[Calendar, list[datetime]]) -> None:
    calendar, moments = life
    start = moments[0].replace(second=0, microsecond=0)
    end = start + min(moments[2] - moments[0], timedelta(days=2)) // MINUTE * MINUTE
    counted = sum(at_work(calendar, start + minute * MINUTE) for minute in range((end - start) // MINUTE))
    assert calendar.working_time(start, end) == counted * MINUTE


@random_lives
@given(lives(), WORKING, WORKING)
def test_working_time_later_lands_in_working_hours_and_never_moves_backward(
    life: tuple[Calendar, list[datetime]], working: timedelta, more: timedelta
) -> None:
    calendar, (start, later, _) = life
    due = calendar.after(start, working)
    assert due >= start
    assert at_work(calendar, due) or at_work(calendar, due - timedelta(microseconds=1))
    assert calendar.working_time(start, due) == working
    assert due <= calendar.after(later, working)
    assert due <= calendar.after(start, working + more)


@random_lives
@given(lives())
def test_working_time_adds_up(life: tuple[Calendar, list[datetime]]) -> None:
    calendar, (start, between, end) = life
    whole = calendar.working_time(start, end)
    assert calendar.working_time(start, between) + calendar.working_time(between, end) == whole
    assert timedelta(0) <= whole <= end - start
    assert calendar.after(start, whole) <= max(end, calendar.opening(start))


@random_lives
@given(lives())
def test_tomorrow_morning_is_on_a_later_day(life: tuple[Calendar, list[datetime]]) -> None:
    calendar, moments = life
    for moment in moments:
        morning = calendar.next_morning(moment)
        assert calendar.local(morning).date() > calendar.local(moment).date()
        assert morning > moment
        assert at_work(calendar, morning)


@random_lives
@given(st.data())
def test_a_week_is_as_long_with_a_change_of_the_clocks_as_without(data: st.DataObject) -> None:
    zone = data.draw(
        st.sampled_from(
            ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Europe/London"]
        )
    )
    calendar = Calendar(zone, data.draw(st.sampled_from([(0, 1, 2, 3, 4), EVERY_DAY])), time(5), time(22))
    change = calendar.local(data.draw(st.sampled_from(changes_of(zone, data.draw(st.integers(1996, 2037))))))
    monday = change.date() - timedelta(days=change.weekday())
    tz = ZoneInfo(zone)
    midnights = [datetime.combine(monday + timedelta(weeks=week), time(0), tz).astimezone(UTC) for week in (0, 1, 2, 3)]
    weeks = [calendar.working_time(*span) for span in pairwise(midnights)]
    assert weeks == [len(calendar.workdays) * 17 * HOUR] * 3
