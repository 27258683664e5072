"""Naming the CSM: a suggestion with its reason, taken by one click or overridden, and told to whoever it is."""

import asyncio
from datetime import timedelta

from sandbox import members
from tests.office import Office, on_sqlite
from tests.stories.test_questions import in_review

NAMELESS = {"Customer success manager": None}


async def near_its_close(office: Office, **answers: str | None) -> str:
    """A customer without a CSM, whose contract will be signed in some days; the channel."""
    await office.names_leaders()
    return await office.starts(office.ana, **{"Expected close date": "2026-11-27", **NAMELESS, **answers})


async def test_the_cs_leader_takes_the_suggestion_by_one_click(office: Office) -> None:
    await in_review(office)  # Ben has something to read
    channel = await office.starts(
        office.ana, **{"Company Name": "Borealis", "Website": "", "Expected close date": "2026-11-27", **NAMELESS}
    )
    await office.goes_on(hours=24)
    asked = office.leila.dm().last
    assert ":bulb: Mia Chen: no open handoffs, works" in asked.text
    assert asked.buttons[:2] == ["Assign Mia Chen", "Choose the CSM"]
    await office.leila.clicks("Assign Mia Chen", into=asked)
    await office.settles()
    assert "Assign Mia Chen" not in asked.buttons
    assert "Customer success manager\n@Mia Chen" in office.card(office.ana, channel).text
    assert channel in office.mia.channels()
    told = office.mia.dm().last
    assert told.fallback.startswith("@Leila Haddad named you CSM of Borealis")
    assert "AE @Ana Lima · CSM @Mia Chen" in told.text
    assert "Stage: Preparing the document, since" in told.text
    assert "Next: Complete the document" in told.text
    assert "No question and no promise is open." in told.text
    assert told.buttons == ["View document", "Deadlines", "Questions", "Promises", "Who owns what"]


@on_sqlite
async def test_the_reason_says_load_hours_and_industry(office: Office) -> None:
    await office.names_leaders()
    first = await office.starts(office.ana, Segment="Enterprise")
    await office.writes(office.ana, first, "Company Overview", Industry="Freight  Forwarding")
    channel = await office.starts(office.ana, **{"Company Name": "Borealis", "Website": "", **NAMELESS})
    await office.writes(office.ana, channel, "Company Overview", Industry="freight forwarding")
    await office.leila.clicks("Assign CSM", into=channel)
    read = office.leila.modal.text()
    assert ":bulb: Ben Okafor: 1 open handoff, works 4 hours apart from Ana Lima" in read
    assert "has handled freight forwarding before." in read
    assert read.index("Ben Okafor") < read.index("Mia Chen")
    assert office.leila.modal.value("Customer success manager") == "Ben Okafor"
    office.leila.modal.fill("Customer success manager", "Mia Chen")  # who overrides it
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert office.mia.dm().last.fallback.startswith("@Leila Haddad named you CSM")
    assert not office.told(office.ben, "named you CSM of Borealis")
    assert "Assign CSM" not in office.card(office.ana, channel).buttons


@on_sqlite
async def test_by_command_too_and_then_the_form_for_all_owners(office: Office) -> None:
    channel = await near_its_close(office)
    await office.ana.types("/handoff assign Acme", into="general")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert office.lines(office.ana, channel)[-1].startswith("@Ana Lima changed the owners: AE @Ana Lima, CSM @")
    await office.ana.types("/handoff assign Acme", into="general")
    assert office.ana.modal.title == "Change owners"


@on_sqlite
async def test_the_csm_named_at_the_start_is_told(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    assert office.ben.dm().last.fallback.startswith("@Ana Lima named you CSM of Acme GmbH")
    assert not office.told(office.ana, "named you")
    await office.submits(office.ana, channel)
    named = next(message for message in office.ben.dm().messages if "named you" in message.text)
    assert "Stage: In review, since" in named.text
    assert "• Review document" in named.text


@on_sqlite
async def test_two_leaders_assign_at_once(office: Office) -> None:
    channel = await near_its_close(office)
    await office.leila.types("/handoff assign", into=channel)
    await office.grace.types("/handoff assign Acme", into="general")
    office.leila.modal.fill("Customer success manager", "Mia Chen")
    office.grace.modal.fill("Customer success manager", "Ben Okafor")
    answers = await asyncio.gather(office.leila.modal.submit(), office.grace.modal.submit())
    await office.settles()
    refused = [answer for answer in answers if answer]
    assert len(refused) == 1
    assert "is the CSM already: somebody was quicker." in refused[0]["Customer success manager"]
    told = office.told(office.ben, "named you CSM") + office.told(office.mia, "named you CSM")
    assert len(told) == 1
    assert len([line for line in office.lines(office.ana, channel) if "changed the owners" in line]) == 1


@on_sqlite
async def test_the_same_click_twice_names_once(office: Office) -> None:
    channel = await near_its_close(office)
    await office.goes_on(hours=24)
    asked = office.leila.dm().last
    name = asked.buttons[0].removeprefix("Assign ")
    await office.leila.types("/handoff assign", into=channel)
    office.leila.modal.fill("Customer success manager", name)
    await office.leila.clicks(f"Assign {name}", into=asked)
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert len(office.told(office.person(name), "named you CSM")) == 1


@on_sqlite
async def test_who_was_suggested_left_meanwhile(office: Office) -> None:
    await near_its_close(office)
    await office.goes_on(hours=24)
    asked = office.leila.dm().last
    name = asked.buttons[0].removeprefix("Assign ")
    members.change(office.workspace, office.workspace.person(name), deleted=True)
    await office.knows(name, deleted=True)
    await office.leila.clicks(f"Assign {name}", into=asked)
    assert f"{name} has a deactivated account. Choose a colleague who can act." in office.leila.dm().last.text
    await office.leila.clicks("Choose the CSM", into=asked)
    assert name not in office.leila.modal.text()
    assert await office.leila.modal.submit() == {}


@on_sqlite
async def test_who_may_not_is_refused_politely(office: Office) -> None:
    channel = await near_its_close(office)
    await office.mia.types("/handoff assign Acme", into="general")
    assert "Only the people of this handoff may change it. Ask @Ana Lima" in office.mia.ephemerals("general")[-1].text
    await office.mia.types("/handoff who Acme", into="general")
    read = office.mia.modal.text()
    assert "AE: @Ana Lima" in read
    assert "CS leader: @Leila Haddad" in read
    assert "Sales leads the customer now: @Ana Lima." in read
    assert "Promises: Document all commitments → Honor or escalate" in read
    await office.arjun.types("/handoff who Acme", into="general")
    assert "Only the people of this handoff may read it" in office.arjun.ephemerals("general")[-1].text
    assert channel


@on_sqlite
async def test_a_leader_named_later_is_invited_to_what_goes_on(office: Office) -> None:
    channel = await office.starts(office.ana)
    over = await office.starts(office.ana, **{"Company Name": "Borealis", "Website": ""})
    await office.cancels(office.ana, over)
    assert channel not in office.leila.channels()
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("CS leader", "Leila Haddad")
    assert await office.noah.modal.submit() == {}
    await office.settles()
    assert channel in office.leila.channels()
    assert over not in office.leila.channels()


async def test_who_owns_what_is_said_when_starting_and_when_accepting(office: Office) -> None:
    await office.ana.types("/handoff start", into="general")
    assert "Relationships: Build, then transfer → Maintain and grow" in office.ana.modal.text()
    await office.ana.modal.close()
    channel = await in_review(office)
    await office.ben.clicks("Accept", into=channel)
    assert "Sales (@Ana Lima) → CS (@Ben Okafor). Now it is with Sales." in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    office.workspace.clock.move(timedelta(minutes=1))
    await office.ben.types("/handoff who", into=channel)
    assert "CS leads the customer now: @Ben Okafor." in office.ben.modal.text()
