"""Clocks: five time zones, summer time, half-hour zones, public holidays, leap days, and which clock decides."""

from datetime import time
from typing import Any

import pytest

from bot.teams import Lateness
from tests.office import Office, on_sqlite

DOCUMENT = "Complete handoff document"


async def signs_at(office: Office, moment: str, ae: str = "Ana Lima", **settled: Any) -> str:
    """At a moment of UTC somebody's contract is signed; the channel."""
    await office.goes_on(until=moment)
    await office.settles_on(cs_leader=office.leila.id, sales_leader=office.grace.id, **settled)
    who = office.person(ae)
    channel = await office.starts(who)
    await office.signs(who, channel)
    return channel


MORNINGS = [  # a contract is signed on Monday at noon UTC; the first word to its AE
    ("Ana Lima", "Tue 24 Nov 12:00"),  # 9:00 in São Paulo, just as it is due; ahead of it she slept
    ("Tom Becker", "Tue 24 Nov 08:00"),  # 9:00 in Berlin, four hours ahead
    ("Keiko Mori", "Tue 24 Nov 06:00"),  # 15:00 in Tokyo, six hours ahead
    ("Arjun Rao", "Tue 24 Nov 06:00"),  # 11:30 in Kolkata
    ("Grace Whitfield", "Mon 23 Nov 23:00"),  # 17:00 in Chicago, an hour before she leaves: at 9:00 it is late
    ("Noah Fraser", "Tue 24 Nov 06:00"),  # 17:00 in Sydney
]


@on_sqlite
@pytest.mark.parametrize(("ae", "first"), MORNINGS)
async def test_each_hears_within_the_hours_of_the_own_place(office: Office, ae: str, first: str) -> None:
    await signs_at(office, "2026-11-23 12:00", ae)
    await office.goes_on(until="2026-11-24 18:00")
    assert office.told(office.person(ae), DOCUMENT)[0] == first


SUMMER_TIME = [
    # Clocks in New York go forward on Sunday, 14 March 2027: 9:00 is 14:00 UTC on Friday and 13:00 on Monday.
    ("Leila Haddad", "2027-03-11 15:00", ["Fri 12 Mar 14:00", "Mon 15 Mar 13:00", "Tue 16 Mar 13:00"]),
    # In Berlin on 28 March 2027: 8:00 UTC before, 7:00 after.
    ("Tom Becker", "2027-03-25 09:00", ["Fri 26 Mar 08:00", "Mon 29 Mar 07:00", "Tue 30 Mar 07:00"]),
    # And back on 31 October 2027.
    ("Tom Becker", "2027-10-28 09:00", ["Fri 29 Oct 07:00", "Mon 01 Nov 08:00", "Tue 02 Nov 08:00"]),
    # Sydney goes back on 4 April 2027: 9:00 is 22:00 UTC of the day before, then 23:00.
    ("Noah Fraser", "2027-04-01 00:00", ["Thu 01 Apr 22:00", "Sun 04 Apr 23:00", "Mon 05 Apr 23:00"]),
    # Half an hour beside all others, and no summer time.
    ("Arjun Rao", "2027-03-25 05:00", ["Fri 26 Mar 03:30", "Mon 29 Mar 03:30", "Tue 30 Mar 03:30"]),
    # Over a leap day.
    ("Tom Becker", "2028-02-28 09:00", ["Tue 29 Feb 08:00", "Wed 01 Mar 08:00", "Thu 02 Mar 08:00"]),
]


@on_sqlite
@pytest.mark.parametrize(("ae", "signed", "mornings"), SUMMER_TIME)
async def test_nine_in_the_morning_stays_nine_when_the_clocks_change(
    office: Office, ae: str, signed: str, mornings: list[str]
) -> None:
    await signs_at(office, signed, ae)
    await office.goes_on(days=7)
    assert office.told(office.person(ae), DOCUMENT)[:3] == mornings


async def test_a_public_holiday_of_the_workspace_is_kept(office: Office) -> None:
    await office.becomes_admin("Noah Fraser")
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Public holidays of", "DE-BY")
    assert await office.noah.modal.submit() == {}
    await office.goes_on(until="2027-01-05 09:00")
    tom = office.person("Tom Becker")
    channel = await office.starts(tom)
    await office.signs(tom, channel)
    await office.goes_on(until="2027-01-07 12:00")  # 6 January is Epiphany in Bavaria
    assert office.told(tom, DOCUMENT) == ["Tue 05 Jan 16:00", "Thu 07 Jan 08:00"]
    await tom.types("/handoff why Acme", into="general")
    assert "holidays of DE-BY" in tom.modal.text()


async def test_where_working_time_decides_a_night_and_a_weekend_do_not_count(office: Office) -> None:
    channel = await signs_at(office, "2026-11-27 14:00", "Tom Becker", lateness=Lateness.WORKING)
    # Friday 15:00 in Berlin: three hours that day and five on Monday are the eight of one working day.
    assert "Due 30 Nov 2026 13:00 UTC: Complete handoff document" in office.card(office.ben, channel).text
    await office.goes_on(until="2026-11-30 12:59")
    assert "Overdue" not in office.card(office.ben, channel).text
    tom = office.person("Tom Becker")
    assert office.told(tom) == ["Mon 30 Nov 08:00"]
    await office.goes_on(until="2026-11-30 13:01")
    assert "Overdue: Complete handoff document" in office.card(office.ben, channel).text
    await tom.types("/handoff why Acme", into="general")
    assert "The owner's working time decides what is late." in tom.modal.text()
    assert "8 working hours" in tom.modal.text()


async def test_another_clock_moves_what_is_open(office: Office) -> None:
    channel = await signs_at(office, "2026-11-27 14:00", "Tom Becker")
    assert "Due 28 Nov 2026 14:00 UTC" in office.card(office.ben, channel).text
    await office.becomes_admin("Noah Fraser")
    await office.noah.types("/handoff setup", into="general")
    label = "Which clock decides what is late"
    office.noah.modal.fill(label, office.noah.modal.choices(label)[1])
    assert await office.noah.modal.submit() == {}
    await office.goes_on(until="2026-11-29 12:00")
    assert "Overdue" not in office.card(office.ben, channel).text
    await office.goes_on(until="2026-11-30 13:01")
    assert "Overdue: Complete handoff document" in office.card(office.ben, channel).text


@on_sqlite
async def test_the_days_before_the_close_end_with_the_day_where_the_owner_is(office: Office) -> None:
    channel = await office.starts(
        office.person("Keiko Mori"), **{"Customer success manager": None, "Expected close date": "2028-03-14"}
    )
    card = office.card(office.person("Keiko Mori"), channel).text
    assert "Due 29 Feb 2028 09:00 UTC: Alert CS" in card  # 18:00 in Tokyo, on the leap day


@on_sqlite
async def test_hours_of_the_workspace_are_those_of_everybody(office: Office) -> None:
    await signs_at(office, "2026-11-23 12:00", day_starts=time(7), day_ends=time(15), workdays=(6, 0, 1, 2))
    await office.goes_on(until="2026-11-30 20:00")
    assert office.told(office.ana, DOCUMENT) == [
        f"{day} 10:00" for day in ("Tue 24 Nov", "Wed 25 Nov", "Sun 29 Nov", "Mon 30 Nov")
    ]
