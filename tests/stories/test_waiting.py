"""Waiting on the customer: the clock stands still with a reason and a day to look again, and goes on by itself."""

import pytest

from tests.office import Office, on_sqlite

WAITING = "Waiting on customer"
REASON = "Their legal team reads <!channel> & the DPA"


async def reminded(office: Office, **start: str) -> str:
    """Ana's document is due, and she has been told; the channel."""
    await office.names_leaders()
    channel = await office.starts(office.ana, **start)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 12:10")
    return channel


async def waits(office: Office, day: str = "2026-11-27", reason: str = REASON) -> None:
    """Ana says from the message that the customer is waited for."""
    await office.ana.clicks(WAITING, into=office.ana.dm().last)
    assert office.ana.modal.title == WAITING
    office.ana.modal.fill("What are you waiting for?", reason)
    office.ana.modal.fill("Look again on", day)
    assert await office.ana.modal.submit() == {}
    await office.settles()


async def test_the_clock_stands_still_until_the_morning_of_that_day(office: Office) -> None:
    channel = await reminded(office)
    told = office.ana.dm().last
    await waits(office)
    assert "Waiting on the customer. Baton asks again 27 Nov 2026 12:00 UTC." in told.text
    assert REASON in told.text
    assert "Customer answered" in told.buttons
    assert WAITING not in told.buttons
    card = office.card(office.ben, channel).text
    assert f"Waiting on the customer, overdue before that: Complete handoff document — @Ana Lima: “{REASON}”" in card
    assert "Overdue: Complete handoff document" not in card
    assert office.lines(office.ana, channel)[-1] == (
        "@Ana Lima waits on the customer with Complete handoff document: "
        f"“{REASON}” Baton asks again 27 Nov 2026 12:00 UTC."
    )
    before = office.told(office.ana)
    await office.goes_on(until="2026-11-27 11:59")
    assert office.told(office.ana) == before
    await office.goes_on(until="2026-11-27 12:10")
    assert office.told(office.ana) == [*before, "Fri 27 Nov 12:00"]
    again = office.ana.dm().last
    assert " late (" in again.text
    assert "You were reminded of this again, below." in told.text
    assert "Overdue: Complete handoff document" in office.card(office.ben, channel).text
    assert "Baton ended the waiting on the customer" in office.lines(office.ana, channel)[-1]


async def test_when_the_customer_answers_the_clock_goes_on_where_it_stood(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-23 21:00")
    await office.ana.clicks("Deadlines", into=channel)
    await office.ana.modal.press(WAITING)
    office.ana.modal.fill("What are you waiting for?", "The order form")
    office.ana.modal.fill("Look again on", "2026-11-30")
    assert await office.ana.modal.submit() == {}
    assert "No reminder while the customer is waited for." in office.ana.modal.text()
    await office.goes_on(until="2026-11-26 15:00")
    assert office.told(office.ana) == ["Mon 23 Nov 20:00"]
    await office.ben.clicks("Deadlines", into=channel)
    await office.ben.modal.press("Customer answered")
    assert "Waited on the customer 23 Nov 2026 21:00 UTC – 26 Nov 2026 15:00 UTC" in office.ben.modal.text()
    await office.settles()
    assert "Due 27 Nov 2026 03:00 UTC: Complete handoff document" in office.card(office.ana, channel).text
    assert office.lines(office.ana, channel)[-1].startswith("@Ben Okafor ended the waiting on the customer")


async def test_answered_from_the_message(office: Office) -> None:
    channel = await reminded(office)
    told = office.ana.dm().last
    await waits(office)
    await office.goes_on(until="2026-11-25 14:00")
    await office.ana.clicks("Customer answered", into=told)
    await office.later(minutes=1)
    assert "Customer answered" not in told.buttons
    assert ":hourglass:" not in office.card(office.ben, channel).text
    await office.ana.types("/handoff why Acme", into="general")
    await office.ana.modal.close()
    await office.goes_on(until="2026-11-27 20:00")
    assert [moment[:3] for moment in office.told(office.ana)].count("Fri") == 1


REASON_FIELD, DAY_FIELD = "What are you waiting for?", "Look again on"
REFUSED = [
    ("2026-11-24", REASON, DAY_FIELD, "Choose a day after today: then Baton asks again."),
    ("2027-11-24", REASON, DAY_FIELD, "That is more than three months away. Choose a day to look again before that."),
    ("2026-11-27", "  ", REASON_FIELD, "Say what you are waiting for, so that everybody understands the pause."),
]


@on_sqlite
@pytest.mark.parametrize(("day", "reason", "field", "words"), REFUSED)
async def test_a_pause_needs_a_reason_and_a_day_to_come(
    office: Office, day: str, reason: str, field: str, words: str
) -> None:
    await reminded(office)
    await office.ana.clicks(WAITING, into=office.ana.dm().last)
    office.ana.modal.fill("What are you waiting for?", reason)
    office.ana.modal.fill("Look again on", day)
    assert await office.ana.modal.submit() == {field: words}


@on_sqlite
async def test_what_is_done_meanwhile_needs_no_waiting(office: Office) -> None:
    channel = await reminded(office)
    told = office.ana.dm().last
    await office.ana.clicks(WAITING, into=told)
    office.ana.modal.fill("What are you waiting for?", REASON)
    office.ana.modal.fill("Look again on", "2026-11-27")
    await office.fills(office.ben, channel)
    await office.ben.clicks("Submit for review", into=channel)
    await office.settles()
    assert await office.ana.modal.submit() == {
        "What are you waiting for?": "This is done, by Ben Okafor: there is nothing left to put off."
    }


@on_sqlite
async def test_what_waits_is_in_my_list_and_no_leader_hears_of_it(office: Office) -> None:
    await reminded(office)
    await waits(office, "2026-12-24")
    await office.goes_on(until="2026-12-23 20:00")
    assert office.told(office.grace, "Complete handoff document") == []
    (mine,) = await office.ana.types("/handoff mine", into="general")
    assert "Waiting on the customer. Baton asks again 24 Dec 2026 12:00 UTC." in mine.text
