"""Several people and one deadline: passed on, suggested, pressed twice, asked again; and a Baton that was away."""

import asyncio
from datetime import timedelta

import pytest

from handlers.schedule import tick
from sandbox.person import Person, SeenMessage
from tests.office import Office, on_sqlite

DOCUMENT, CONTACT, ASSIGN = "Complete handoff document", "First CS contact", "Assign CSM"
NO_CSM = {"Customer success manager": None}


async def passes_on(office: Office, who: Person, button: str, told: SeenMessage, to: str) -> None:
    """Somebody says from a message whose it is."""
    await who.clicks(button, into=told)
    who.modal.fill("Who should do it?", to)
    assert await who.modal.submit() == {}
    await office.settles()


async def test_not_mine_makes_the_other_the_ae_and_the_ladder_begins_anew(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-25 16:00")
    hers = office.ana.dm().last
    tom = office.person("Tom Becker")
    await passes_on(office, office.ana, "Not mine", hers, "Tom Becker")
    assert hers.buttons == []
    assert "@Tom Becker takes care of this now." in hers.text
    assert "Account executive\n@Tom Becker" in office.card(office.ben, channel).text
    assert "Tom Becker" in office.ben.conversation(channel).members
    before = office.told(office.ana)
    await office.goes_on(until="2026-12-05 20:00")
    assert office.told(office.ana) == before
    mornings = ("Thu 26 Nov", "Fri 27 Nov", "Mon 30 Nov", "Tue 01 Dec", "Wed 02 Dec")
    assert office.told(tom, DOCUMENT) == ["Wed 25 Nov 16:00", *(f"{day} 08:00" for day in mornings)]
    assert office.told(office.grace, DOCUMENT) == ["Thu 03 Dec 15:00"]
    assert "@Tom Becker owes this" in office.grace.dm().message(DOCUMENT).text


@on_sqlite
@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("Ana Lima", "It is with this person already. Name somebody else."),
        ("Baton", "Baton is a bot. Choose a colleague who can act."),
    ],
)
async def test_it_cannot_be_given_to_just_anybody(office: Office, to: str, words: str) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 12:00")
    await office.ana.clicks("Not mine", into=office.ana.dm().last)
    office.ana.modal.fill("Who should do it?", to)
    assert await office.ana.modal.submit() == {"Who should do it?": words}


async def alerted(office: Office) -> str:
    """Ana alerts CS of a deal without a CSM; Ben has a handoff already, Mia has none."""
    await office.names_leaders()
    await office.goes_on(until="2026-11-23 14:30")  # Leila works in New York
    await office.starts(office.ana, Website=None, **{"Company Name": "Ben's first"})
    channel = await office.starts(office.ana, **NO_CSM)
    await office.ana.clicks("Deadlines", into=channel)
    await office.ana.modal.press("Alert CS")
    await office.ana.modal.close()
    await office.later(seconds=1)
    return channel


async def test_alerting_cs_asks_the_leader_at_once_and_one_click_names_the_csm(office: Office) -> None:
    channel = await alerted(office)
    asked = office.leila.dm().last
    assert "Assign CSM · Acme GmbH" in asked.text
    assert "Mia Chen: no open handoffs, works 5 hours apart from Ana Lima." in asked.text
    assert asked.buttons[:2] == ["Assign Mia Chen", "Choose the CSM"]
    await office.leila.clicks("Assign Mia Chen", into=asked)
    await office.settles()
    assert "Done by @Leila Haddad" in asked.text
    assert asked.buttons == []
    assert "Customer success manager\n@Mia Chen" in office.card(office.ana, channel).text
    assert "Mia Chen" in office.ana.conversation(channel).members
    await office.goes_on(days=10)
    assert len(office.told(office.leila, ASSIGN)) == 1


async def test_a_double_click_names_the_csm_once(office: Office) -> None:
    channel = await alerted(office)
    asked = office.leila.dm().last
    await asyncio.gather(*(office.leila.clicks("Assign Mia Chen", into=asked) for _ in range(2)))
    await office.settles()
    said = [line for line in office.lines(office.ana, channel) if "changed the owners" in line]
    assert len(said) == 1


async def test_two_leaders_name_two_csms_and_the_first_counts(office: Office) -> None:
    channel = await alerted(office)
    asked = office.leila.dm().last
    await office.grace.types("/handoff owners Acme", into="general")
    office.grace.modal.fill("Customer success manager", "Ben Okafor")
    await asyncio.gather(office.leila.clicks("Assign Mia Chen", into=asked), office.grace.modal.submit())
    await office.settles()
    card = office.card(office.ana, channel).text
    assert ("Customer success manager\n@Mia Chen" in card) != ("Customer success manager\n@Ben Okafor" in card)
    assert asked.buttons == []


@on_sqlite
async def test_a_suggestion_that_is_late_says_who_it_is_by_now(office: Office) -> None:
    await alerted(office)
    asked = office.leila.dm().last
    old = asked.raw.blocks
    await office.grace.types("/handoff owners Acme", into="general")
    office.grace.modal.fill("Customer success manager", "Ben Okafor")
    assert await office.grace.modal.submit() == {}
    await office.settles()
    assert "Done by @Grace Whitfield" in asked.text
    asked.raw.blocks = old  # a leader whose screen has not changed yet
    await office.leila.clicks("Assign Mia Chen", into=asked)
    assert "@Ben Okafor is the CSM already: somebody was quicker." in office.leila.dm().last.text


async def test_no_csm_a_week_before_the_close_the_leader_gets_a_suggestion(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana, **NO_CSM, **{"Expected close date": "2026-12-18"})
    await office.goes_on(until="2026-12-12 20:00")
    assert office.told(office.ana, "Alert CS")[0] == "Wed 02 Dec 12:00"
    assert office.told(office.leila, ASSIGN)[0].startswith("Mon 07 Dec")
    assert "Assign Mia Chen" in office.leila.dm().last.buttons or "Assign Ben Okafor" in office.leila.dm().last.buttons
    told = office.ana.dm().last
    await office.ana.clicks("Alert CS", into=told)
    await office.settles()
    assert "Done by @Ana Lima" in told.text


async def test_the_close_moves_and_its_deadlines_move_along(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana, **NO_CSM, **{"Expected close date": "2026-12-18"})
    assert "Due 4 Dec 2026 21:00 UTC: Alert CS" in office.card(office.ana, channel).text
    await office.goes_on(until="2026-12-02 12:00")
    before = office.told(office.ana)
    await office.ana.clicks("Change deal", into=channel)
    office.ana.modal.fill("Expected close date", "2027-02-26")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "Due 12 Feb 2027 21:00 UTC: Alert CS" in office.card(office.ana, channel).text
    await office.goes_on(until="2027-01-15 20:00")
    assert office.told(office.ana) == before


async def test_after_a_week_asleep_each_person_gets_one_summary_of_what_is_still_true(office: Office) -> None:
    await office.names_leaders()
    channels = []
    for number in range(3):
        name = {"Company Name": f"Customer {number}"}
        channels.append(await office.starts(office.ana, Website=None, **name))
        await office.signs(office.ana, channels[-1])
    await office.cancels(office.ana, channels[2])
    await office.closes()
    office.workspace.clock.move(timedelta(days=8, hours=6))  # Tuesday, 15:00 UTC: all of them work
    await office.opens()
    for _ in range(3):
        await office.later(seconds=10)
    (hers,), (his,) = office.heard(office.ana), office.heard(office.ben)
    assert hers.text.startswith("2 things need you.")
    assert his.text.startswith("2 things need you.")
    assert "Customer 2" not in hers.text + his.text
    assert office.grace.dm().messages == office.leila.dm().messages == []
    await office.goes_on(days=1)
    assert len(office.told(office.ana)) == len(office.told(office.ben)) == 2


async def test_a_night_asleep_loses_nothing(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 07:00")
    await office.closes()
    office.workspace.clock.move(timedelta(hours=6))
    await office.opens()
    await office.later(seconds=1)
    assert office.told(office.ana) == ["Mon 23 Nov 20:00", "Tue 24 Nov 13:00"]
    await office.closes()
    await office.opens()
    await office.later(seconds=1)
    assert office.told(office.ana) == ["Mon 23 Nov 20:00", "Tue 24 Nov 13:00"]


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_two_batons_on_one_database_remind_nobody_twice(office: Office) -> None:
    for number in range(8):
        name = {"Company Name": f"Customer {number}"}
        await office.starts(office.ana, Website=None, **name, **{"Contract signed on": "2026-11-23"})
    first = office.baton
    await office.opens()
    second = office.baton
    try:
        office.workspace.clock.move(timedelta(days=1, hours=4))
        asked = await asyncio.gather(*(tick(baton.desk) for baton in (first, second, first, second)))
        assert sum(asked) >= 8
        for _ in range(3):
            await asyncio.gather(first.delivery.settle(), second.delivery.settle())
            office.workspace.clock.move(timedelta(seconds=2))
        assert [text.count("Complete handoff document") for text in [office.ana.dm().text]] == [8]
    finally:
        await second.stop()
        office.baton = first
