"""Baton dies, or Slack's answer is lost, while somebody is being reminded: nothing is lost and nothing said twice."""

from datetime import timedelta

import pytest

from handlers.schedule import tick
from tests.office import Office, on_sqlite

CONTACT = "First CS contact"
LEASE = timedelta(seconds=41)


async def signed(office: Office, customer: str, until: str) -> str:
    """A contract is signed now, and it goes on until then; the channel."""
    channel = await office.starts(office.ana, Website=None, **{"Company Name": customer})
    await office.signs(office.ana, channel)
    await office.goes_on(until=until)
    return channel


async def comes_back(office: Office) -> None:
    """Another process takes over what the dead one had in hands."""
    await office.closes()
    await office.opens()
    office.workspace.clock.move(LEASE)
    for _ in range(3):
        await office.later(seconds=1)


async def test_baton_dies_after_it_decided_and_before_it_wrote(office: Office) -> None:
    await signed(office, "Acme", "2026-11-25 07:50")
    await office.baton.delivery.stop()
    office.workspace.clock.move(timedelta(minutes=15))
    assert await tick(office.baton.desk) == 1
    assert office.told(office.ben) == []
    await comes_back(office)
    assert len(office.told(office.ben)) == 1
    await office.goes_on(until="2026-11-25 17:00")
    assert len(office.told(office.ben)) == 1


@pytest.mark.parametrize("how", ["drop_after", "500_after", "drop"])
async def test_baton_dies_after_slack_took_the_message_and_before_it_wrote_that_down(office: Office, how: str) -> None:
    await signed(office, "Acme", "2026-11-25 07:50")
    office.workspace.faults.add("chat.postMessage", how)
    await office.later(minutes=15)
    await comes_back(office)
    (told,) = office.heard(office.ben)
    await office.ben.clicks("First contact made", into=told)
    await office.tells_of_contact(office.ben)
    assert "Done by @Ben Okafor" in told.text
    assert told.buttons == []


async def test_what_comes_due_meanwhile_gets_a_message_of_its_own(office: Office) -> None:
    await signed(office, "Acme", "2026-11-23 22:00")
    await signed(office, "Globex", "2026-11-25 07:50")
    office.workspace.faults.add("chat.postMessage", "drop_after")
    await office.goes_on(until="2026-11-25 08:00")
    await office.closes()
    office.workspace.clock.move(timedelta(hours=3))
    await office.opens()
    for _ in range(3):
        await office.later(seconds=1)
    first, second = office.heard(office.ben)
    assert ("Acme" in first.text, "Globex" in first.text) == (True, False)
    assert ("Acme" in second.text, "Globex" in second.text) == (False, True)


@on_sqlite
async def test_what_was_done_before_baton_came_back_is_said_in_the_message(office: Office) -> None:
    channel = await signed(office, "Acme", "2026-11-25 07:50")
    office.workspace.faults.add("chat.postMessage", "drop_after")
    await office.later(minutes=15)
    await office.ana.clicks("Deadlines", into=channel)
    await office.ana.modal.press("First contact made")
    await office.tells_of_contact(office.ana)
    await comes_back(office)
    (told,) = office.heard(office.ben)
    assert "Done by @Ana Lima" in told.text
    assert told.buttons == []


@on_sqlite
async def test_a_message_that_was_deleted_is_no_trouble(office: Office) -> None:
    await signed(office, "Acme", "2026-11-25 08:10")
    told = office.ben.dm().last
    del office.workspace.messages[told.raw.channel][told.ts]
    await office.goes_on(until="2026-11-26 08:10")
    assert office.told(office.ben) == ["Thu 26 Nov 08:00"]


@on_sqlite
async def test_a_clock_that_leaps_reminds_nobody_twice(office: Office) -> None:
    await signed(office, "Acme", "2026-11-25 08:10")
    for hours in (1, -2, 3, -1):
        await office.later(hours=hours)
    assert len(office.told(office.ben)) == 1


async def test_what_could_not_be_said_in_time_waits_for_the_morning_and_is_said_once(office: Office) -> None:
    await signed(office, "Acme", "2026-11-25 07:50")
    await office.baton.delivery.stop()
    office.workspace.clock.move(timedelta(minutes=15))
    await tick(office.baton.desk)
    await office.closes()
    office.workspace.clock.move(timedelta(hours=12))  # nine in the evening in Lagos
    await office.opens()
    await office.goes_on(until="2026-11-26 07:59")
    assert office.told(office.ben) == []
    await office.goes_on(until="2026-11-26 12:00")
    assert office.told(office.ben) == ["Thu 26 Nov 08:00"]
    assert office.ben.dm().last.text.count(CONTACT) == 1
