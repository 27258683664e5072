"""Somebody is away, gone for good, or wants to hear less: who is reminded then, and of what."""

from datetime import date, time
from typing import Any

import pytest

from bot.preferences import Nudging, Preferences
from sandbox.person import Person
from tests.office import Office, on_sqlite

DOCUMENT, CONTACT = "Complete handoff document", "First CS contact"


async def prefers(office: Office, who: Person, **settled: Any) -> None:
    """Somebody has settled this in `/handoff settings`."""
    await office.baton.store.commit(office.baton.team, lambda work: work.prefer(who.id, Preferences(**settled)))


async def signed(office: Office) -> str:
    """The contract of Ana's and Ben's customer is signed on Monday at 9:00 UTC."""
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    return channel


async def goes_away(who: Person, until: str, cover: str | None) -> None:
    """Somebody says so."""
    await who.types(f"/handoff away until {until}", into="general")
    if cover:
        who.modal.fill("Who covers", cover)
    assert await who.modal.submit() == {}


async def test_whoever_covers_gets_it_and_may_do_it(office: Office) -> None:
    channel = await signed(office)
    await goes_away(office.ben, "2026-11-30", "Mia Chen")
    await office.goes_on(until="2026-11-27 23:00")
    assert office.told(office.ben) == []
    told = office.mia.dm().last
    assert "@Ben Okafor is away and you cover." in told.text
    assert office.told(office.mia)[0] == "Tue 24 Nov 21:00"  # ahead of it, in her hours and long after his
    await office.mia.clicks("First contact made", into=told)
    await office.tells_of_contact(office.mia)
    assert "Done by @Mia Chen" in told.text
    assert office.lines(office.ana, channel)[-1].startswith("@Mia Chen noted the first contact")


async def test_back_again_the_reminders_come_home(office: Office) -> None:
    await signed(office)
    await goes_away(office.ana, "2026-11-26", "Mia Chen")
    await office.goes_on(until="2026-11-26 20:00")
    assert office.told(office.mia, DOCUMENT) == ["Tue 24 Nov 01:00", "Tue 24 Nov 17:00", "Wed 25 Nov 17:00"]
    assert office.told(office.ana) == ["Thu 26 Nov 12:00"]
    assert "@Ana Lima takes care of this now." in office.mia.dm().message(DOCUMENT).text


async def test_without_a_cover_the_leader_hears(office: Office) -> None:
    await signed(office)
    await goes_away(office.ana, "2026-12-07", None)
    await office.goes_on(until="2026-11-25 23:00")
    assert office.told(office.ana) == []
    assert office.told(office.grace) == ["Mon 23 Nov 23:00", "Tue 24 Nov 15:00", "Wed 25 Nov 15:00"]
    assert "@Ana Lima is away, and nobody covers." in office.grace.dm().last.text


async def test_a_status_in_slack_is_enough_and_its_end_too(office: Office) -> None:
    await signed(office)
    await goes_away(office.ana, "2026-11-24", "Mia Chen")  # who covers is known from the last time
    await office.ana.types("/handoff away back", into="general")
    ends = office.workspace.clock.now().replace(day=26, hour=11, minute=0, second=0, microsecond=0)
    await office.ana.sets_status(":palm_tree:", "On holiday", until=ends)
    await office.goes_on(until="2026-11-25 23:00")
    assert office.told(office.ana) == []
    assert office.told(office.grace) == ["Mon 23 Nov 23:00", "Tue 24 Nov 15:00", "Wed 25 Nov 15:00"]
    await office.goes_on(until="2026-11-26 14:00")
    assert office.told(office.ana) == ["Thu 26 Nov 12:00"]
    await office.ana.sets_status(":coffee:", "Back in ten minutes")
    await office.goes_on(until="2026-11-27 14:00")
    assert office.told(office.ana) == ["Thu 26 Nov 12:00", "Fri 27 Nov 12:00"]


async def test_a_csm_leaves_the_workspace_in_the_middle(office: Office) -> None:
    channel = await signed(office)
    await office.goes_on(until="2026-11-25 09:10")
    assert office.told(office.ben) == ["Wed 25 Nov 08:00"]
    office.workspace.deactivate("Ben Okafor")
    await office.knows("Ben Okafor", deleted=True)
    await office.goes_on(until="2026-11-25 23:00")
    (asked,) = [message for message in office.leila.dm().messages if CONTACT in message.text]
    assert "It was with @Ben Okafor, whose account is deactivated." in asked.text
    button = next(label for label in asked.buttons if label in ("Not mine", "Reassign"))
    await office.leila.clicks(button, into=asked)
    office.leila.modal.fill("Who should do it?", "Mia Chen")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert "Customer success manager\n@Mia Chen" in office.card(office.ana, channel).text
    await office.goes_on(until="2026-11-26 23:00")
    assert len(office.told(office.mia, CONTACT)) == 2  # at once on Wednesday, and on Thursday
    assert office.told(office.ben)[1:] == ["Wed 25 Nov 08:00"]  # after he was named


@on_sqlite
async def test_off_means_off_and_the_leaders_hear_as_soon_as_it_is_late(office: Office) -> None:
    await signed(office)
    await prefers(office, office.ana, nudging=Nudging.OFF)
    await office.goes_on(days=21)
    assert office.told(office.ana) == []
    assert office.told(office.grace, DOCUMENT) == ["Tue 24 Nov 15:00"]
    (mine,) = await office.ana.types("/handoff mine", into="general")
    assert DOCUMENT in mine.text


@on_sqlite
async def test_daily_means_one_summary_in_the_morning(office: Office) -> None:
    await office.names_leaders()
    await prefers(office, office.ana, nudging=Nudging.DAILY)
    for number, start in enumerate(("2026-11-23 13:00", "2026-11-23 15:00", "2026-11-23 20:00")):
        await office.goes_on(until=start)
        name = {"Company Name": f"Customer {number}"}
        channel = await office.starts(office.ana, Website=None, **name)
        await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-26 22:00")
    assert office.told(office.ana) == ["Tue 24 Nov 12:00", "Wed 25 Nov 12:00", "Thu 26 Nov 12:00"]
    assert office.ana.dm().last.text.startswith("3 things need you.")


@on_sqlite
@pytest.mark.parametrize(
    ("settled", "first"),
    [
        ({}, "Mon 23 Nov 20:00"),  # an hour before she leaves: she is back three hours after due
        ({"any_hour": True}, "Tue 24 Nov 03:00"),
        ({"any_hour": True, "quiet_from": time(22), "quiet_to": time(7)}, "Mon 23 Nov 20:00"),
        ({"quiet_from": time(9), "quiet_to": time(10, 30)}, "Mon 23 Nov 20:00"),
        ({"workdays": (2, 3, 4)}, "Wed 25 Nov 12:00"),
        ({"day_starts": time(5), "day_ends": time(13)}, "Tue 24 Nov 08:00"),
        ({"away_until": date(2026, 11, 25)}, "Wed 25 Nov 12:00"),
    ],
    ids=["usual", "any hour", "quiet at night", "quiet in the morning", "part-time", "early bird", "away"],
)
async def test_reminders_keep_to_the_hours_a_person_settled(
    office: Office, settled: dict[str, Any], first: str
) -> None:
    await signed(office)
    await prefers(office, office.ana, **settled)
    await office.goes_on(until="2026-11-25 20:00")
    assert office.told(office.ana)[0] == first


async def test_settings_that_change_are_heeded_from_then_on(office: Office) -> None:
    await signed(office)
    await office.goes_on(until="2026-11-23 19:50")  # ten minutes before she would hear of it
    await office.ana.types("/handoff settings", into="general")
    office.ana.modal.fill("When they come", ["Also outside my working hours"])
    assert await office.ana.modal.submit() == {}
    await office.goes_on(until="2026-11-24 20:00")
    assert office.told(office.ana) == ["Tue 24 Nov 03:00"]


@on_sqlite
async def test_a_leader_who_is_the_csm_is_not_told_about_herself(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Customer success manager": "Leila Haddad"})
    await office.signs(office.ana, channel)
    await office.goes_on(days=28)
    assert len(office.told(office.leila, CONTACT)) == 4  # as the CSM: ahead of it, at due, then two days
    assert "You hear of it once, as a leader." not in office.leila.dm().text
    assert len(office.told(office.grace, CONTACT)) == 1
