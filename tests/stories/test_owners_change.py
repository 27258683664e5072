"""Other owners in the middle: who comes gets what happened and what is open, who goes is thanked and left alone."""

from datetime import timedelta
from typing import Any

from sandbox import members
from store.tables import outbox
from tests.office import Office, on_sqlite
from tests.stories.test_questions import WHICH, asks, in_review

FEED = "A feed of prices every hour"


async def promised(office: Office) -> str:
    """Ben reads a document with a promise and a question that waits for Ana; the channel."""
    channel = await in_review(office)
    row: dict[str, Any] = {"Commitment": FEED, "Due date": "2026-12-18"}
    await office.adds(office.ana, channel, "Promises & Commitments", "Add commitment", **row)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    return channel


async def test_a_new_csm_gets_what_happened_what_is_due_and_what_is_open(office: Office) -> None:
    channel = await promised(office)
    await office.names_owner(office.leila, channel, "Customer success manager", "Mia Chen")
    (told,) = [message for message in office.mia.dm().messages if "named you CSM" in message.text]
    assert told.fallback == f"@Leila Haddad named you CSM of Acme GmbH in #{channel}."
    assert "AE @Ana Lima · CSM @Mia Chen · Solutions engineer @Arjun Rao" in told.text
    assert "Stage: In review, since" in told.text
    assert "• Review document" in told.text
    assert f"Open questions: 1, the first: “{WHICH}” — @Ana Lima" in told.text
    assert f"Open promises: 1, the first: “{FEED}”" in told.text
    happened = told.text.partition("What happened until then")[2]
    assert "@Ana Lima submitted the document for review." in happened
    assert f"@Ben Okafor asked about the whole handoff. “{WHICH}”" in happened.replace("*", "")
    assert channel in office.mia.channels()
    assert "Accept" in office.mia.dm().last.buttons  # the review goes on with her
    await office.mia.clicks("Who owns what", into=told)
    assert "CSM: @Mia Chen" in office.mia.modal.text()
    thanked = office.ben.dm().last
    assert thanked.fallback == (
        "Thank you for your part in Acme GmbH. Nothing is asked of you here any more. @Mia Chen has it from here."
    )
    assert f"You are still in #{channel}. Leave it whenever you like." in thanked.text
    assert thanked.buttons == []
    before = len(office.ben.dm().messages)
    await office.goes_on(days=4)
    assert len(office.ben.dm().messages) == before
    assert office.told(office.mia, "Review document")


async def test_the_ae_leaves_and_the_sales_leader_takes_over(office: Office) -> None:
    channel = await promised(office)
    await office.goes_on(hours=20)
    reminded = next(message for message in office.ana.dm().messages if "Answer a question" in message.text)
    assert "Answer" in reminded.buttons
    members.change(office.workspace, office.workspace.person("Ana Lima"), deleted=True)
    await office.knows("Ana Lima", deleted=True)
    await office.grace.types("/handoff owners Acme", into="general")
    office.grace.modal.fill("Account executive", "Grace Whitfield")
    assert await office.grace.modal.submit() == {}
    await office.settles()
    assert channel in office.grace.channels()
    assert not office.told(office.grace, "named you")  # she did it herself
    assert "@Ben Okafor asks you about the whole handoff of Acme GmbH" in office.grace.dm().last.fallback
    assert "@Grace Whitfield" in reminded.text
    assert reminded.buttons == []
    assert "— @Grace Whitfield" in office.card(office.grace, channel).text
    assert [row for row in await office.rows(outbox) if row.state == "aside"] == []
    await office.goes_on(days=2)
    assert office.told(office.grace, "Answer a question")


@on_sqlite
async def test_named_by_mistake_and_back_again(office: Office) -> None:
    channel = await in_review(office)
    await office.names_owner(office.ana, channel, "Customer success manager", "Mia Chen")
    office.workspace.clock.move(timedelta(minutes=1))
    wrong, thanked = office.mia.dm().message("named you CSM"), office.ben.dm().last
    await office.names_owner(office.ana, channel, "Customer success manager", "Ben Okafor")
    assert "You have no part in the handoff of Acme GmbH any more." in wrong.text
    assert wrong.buttons == []
    assert "You are on the handoff of Acme GmbH again." in thanked.text
    assert "Thank you for your part" in office.mia.dm().last.text
    assert len(office.told(office.ben, "named you CSM")) == 2
    await office.goes_on(days=2)
    assert not office.told(office.mia, "Review document")


@on_sqlite
async def test_what_was_passed_to_the_se_goes_to_the_next_one(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    await office.ana.clicks("Pass it on", into=office.ana.dm().last)
    assert await office.ana.modal.submit() == {}
    await office.settles()
    asked = office.arjun.dm().last
    await office.names_owner(office.leila, channel, "Solutions engineer", "Noah Fraser")
    assert "asks you about" in office.noah.dm().last.text
    assert "@Noah Fraser answers the question" in asked.text
    assert "Thank you for your part in Acme GmbH." in office.arjun.dm().last.text


@on_sqlite
async def test_two_change_the_owners_at_once_and_none_undoes_the_other(office: Office) -> None:
    channel = await in_review(office)
    for who in (office.leila, office.grace):
        await who.types("/handoff owners Acme", into="general")
    office.leila.modal.fill("Customer success manager", "Mia Chen")
    assert await office.leila.modal.submit() == {}
    office.grace.modal.fill("Solutions engineer", "Noah Fraser")
    assert await office.grace.modal.submit() == {}  # her form still shows Ben
    await office.settles()
    card = office.card(office.ana, channel).text
    assert "Customer success manager\n@Mia Chen" in card
    assert "Solutions engineer\n@Noah Fraser" in card


@on_sqlite
async def test_a_planned_meeting_goes_on_with_the_new_csm(office: Office) -> None:
    channel = await in_review(office)
    await office.accepts(office.ben, channel)
    await office.ana.clicks("Meetings", into=channel)
    await office.ana.modal.press("Schedule")
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.close(everything=True)
    await office.settles()
    await office.names_owner(office.leila, channel, "Customer success manager", "Mia Chen")
    await office.mia.types("/handoff meetings Acme", into="general")
    read = office.mia.modal.text()
    assert "@Mia Chen" in read
    assert "Ben Okafor" not in read


@on_sqlite
async def test_no_reminder_is_owed_by_who_went(office: Office) -> None:
    channel = await in_review(office)
    await office.names_owner(office.leila, channel, "Customer success manager", "Mia Chen")
    (answer,) = await office.ben.types("/handoff mine", into="general")
    assert "You owe nothing just now." in answer.text
    (answer,) = await office.mia.types("/handoff mine", into="general")
    assert "Review document" in answer.text
