"""When people may be written to, who is away and until when, who stands in, and who could be the CSM."""

from datetime import date, datetime, time

import pytest

from bot.preferences import Nudging, Preferences
from bot.teams import Person
from tests.bot.ticking import COVER, office
from tests.examples import AE, CS_LEADER, CSM, SALES_LEADER, TEAM, colleagues
from tests.happenings import DAY, utc

NEVER = date(2099, 1, 1)


def write_at(settled: Preferences, wanted: str, now: str, zone: str = "UTC") -> str:
    """When somebody who settled that may be written to, in UTC."""
    people = office({AE: settled}, zones={AE: zone})
    return f"{people.may_write(AE, utc(wanted), utc(now)):%a %d %b %H:%M}"


DAILY = Preferences(nudging=Nudging.DAILY)
NIGHTS = Preferences(any_hour=True, quiet_from=time(22), quiet_to=time(7))
LUNCH = Preferences(any_hour=True, quiet_from=time(12), quiet_to=time(13))
LATE_MORNINGS = Preferences(quiet_from=time(20), quiet_to=time(10, 30))


@pytest.mark.parametrize(
    ("settled", "wanted", "now", "welcome"),
    [
        (Preferences(), "2026-11-24 10:00", "2026-11-23 09:00", "Tue 24 Nov 10:00"),
        (Preferences(), "2026-11-23 10:00", "2026-11-24 11:00", "Tue 24 Nov 11:00"),  # never in the past
        (Preferences(), "2026-11-24 18:00", "2026-11-24 18:00", "Wed 25 Nov 09:00"),
        (Preferences(), "2026-11-28 12:00", "2026-11-28 12:00", "Mon 30 Nov 09:00"),
        (Preferences(any_hour=True), "2026-11-28 03:00", "2026-11-28 03:00", "Sat 28 Nov 03:00"),
        (NIGHTS, "2026-11-24 21:59", "2026-11-24 21:59", "Tue 24 Nov 21:59"),
        (NIGHTS, "2026-11-24 22:00", "2026-11-24 22:00", "Wed 25 Nov 07:00"),
        (NIGHTS, "2026-11-25 06:59", "2026-11-25 06:59", "Wed 25 Nov 07:00"),
        (LUNCH, "2026-11-25 12:30", "2026-11-25 12:30", "Wed 25 Nov 13:00"),
        (LATE_MORNINGS, "2026-11-24 09:00", "2026-11-24 09:00", "Tue 24 Nov 10:30"),
        (LATE_MORNINGS, "2026-11-27 18:30", "2026-11-27 18:30", "Mon 30 Nov 10:30"),
        (DAILY, "2026-11-24 09:00", "2026-11-24 09:00", "Tue 24 Nov 09:00"),
        (DAILY, "2026-11-24 09:01", "2026-11-24 09:01", "Wed 25 Nov 09:00"),
        (DAILY, "2026-11-27 12:00", "2026-11-27 12:00", "Mon 30 Nov 09:00"),
        (DAILY, "2026-11-23 12:00", "2026-11-24 09:20", "Tue 24 Nov 09:20"),  # the summary of this morning, late
        (Preferences(country="DE-BY"), "2026-12-24 19:00", "2026-12-24 19:00", "Mon 28 Dec 09:00"),
    ],
)
def test_a_reminder_is_sent_when_it_is_welcome(settled: Preferences, wanted: str, now: str, welcome: str) -> None:
    assert write_at(settled, wanted, now) == welcome


@pytest.mark.parametrize(
    ("zone", "welcome"),
    [
        ("Asia/Kathmandu", "Mon 30 Nov 03:15"),
        ("America/Los_Angeles", "Fri 27 Nov 22:00"),  # two in the afternoon there
        ("Pacific/Kiritimati", "Sun 29 Nov 19:00"),  # where it is Monday
        ("Mars/Base", "Mon 30 Nov 09:00"),
    ],
)
def test_each_works_by_the_own_clock(zone: str, welcome: str) -> None:
    assert write_at(Preferences(), "2026-11-27 22:00", "2026-11-27 22:00", zone) == welcome


def test_what_nobody_settled_is_as_the_workspace_settled_it() -> None:
    team = TEAM.model_copy(update={"workdays": (6,), "day_starts": time(7), "day_ends": time(8), "country": "DE"})
    people = office({AE: Preferences(day_starts=time(6), country="")}, team=team)
    both = [people.calendar(user) for user in (AE, "U0UNKNOWN")]
    assert [(one.workdays, one.starts, one.ends, one.country) for one in both] == [
        ((6,), time(6), time(8), ""),
        ((6,), time(7), time(8), "DE"),
    ]


TUESDAY = utc("2026-11-24 23:30")  # half past midnight in Berlin


@pytest.mark.parametrize(
    ("person", "settled", "away", "back"),
    [
        (Person(id=AE, name="Ana"), Preferences(), False, None),
        (Person(id=AE, name="Ana"), Preferences(away_until=date(2026, 11, 25)), True, utc("2026-11-25 00:00")),
        (Person(id=AE, name="Ana", tz="Europe/Berlin"), Preferences(away_until=date(2026, 11, 25)), False, None),
        (Person(id=AE, name="Ana", status_emoji=":palm_tree:"), Preferences(), True, None),
        (
            Person(id=AE, name="Ana", status_emoji=":palm_tree:", status_until=TUESDAY + DAY),
            Preferences(),
            True,
            TUESDAY + DAY,
        ),
        (Person(id=AE, name="Ana", status_emoji=":palm_tree:", status_until=TUESDAY), Preferences(), False, None),
        (
            Person(id=AE, name="Ana", status_emoji=":palm_tree:", status_until=TUESDAY + DAY),
            Preferences(away_until=date(2026, 12, 1)),
            True,
            utc("2026-12-01 00:00"),
        ),
        (Person(id=AE, name="Ana", status_emoji=":calendar:"), Preferences(), False, None),
        (Person(id=AE, name="Ana", deleted=True), Preferences(away_until=date(2026, 12, 1)), True, None),
    ],
)
def test_who_is_away_and_until_when(person: Person, settled: Preferences, away: bool, back: datetime | None) -> None:
    people = colleagues(person, settled={AE: settled}, away=(":palm_tree:",))
    assert people.is_away(AE, TUESDAY) is away
    assert (people.back_at(AE, TUESDAY) if away else None) == back
    assert people.has_left(AE) is person.deleted


GONE = Preferences(away_until=NEVER)
OFF = Preferences(nudging=Nudging.OFF)


def covered_by(user: str) -> Preferences:
    """Away, with somebody who covers."""
    return GONE.model_copy(update={"cover": user})


@pytest.mark.parametrize(
    ("settled", "acting"),
    [
        ({}, AE),
        ({AE: GONE}, SALES_LEADER),
        ({AE: covered_by(COVER)}, COVER),
        ({AE: covered_by(COVER), COVER: covered_by(CSM)}, CSM),
        ({AE: covered_by(COVER), COVER: OFF}, SALES_LEADER),
        ({AE: covered_by(COVER), COVER: covered_by(AE)}, SALES_LEADER),
        ({AE: covered_by(SALES_LEADER), SALES_LEADER: GONE}, CS_LEADER),
        ({AE: GONE, SALES_LEADER: GONE}, CS_LEADER),
        ({AE: GONE, SALES_LEADER: OFF}, CS_LEADER),
        ({AE: GONE, SALES_LEADER: GONE, CS_LEADER: GONE}, None),
        ({AE: Preferences(cover=COVER)}, AE),  # who is back keeps no cover
    ],
)
def test_who_hears_in_whose_place(settled: dict[str, Preferences], acting: str | None) -> None:
    assert office(settled).acting_for(AE, (SALES_LEADER, CS_LEADER), TUESDAY) == acting
