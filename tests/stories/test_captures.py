"""Capturing while selling: a message becomes part of the handoff, and the AE reviews it at close."""

import asyncio
from typing import Any

import pytest

from sandbox import messages
from sandbox.person import Person, SeenMessage
from sandbox.records import File
from tests.office import Office, on_sqlite

pytestmark = on_sqlite

INITECH = {"Company Name": "Initech", "Website": "https://initech.example"}
PROMISE = "We will have the SAP connector live by the end of January."


async def chooses(who: Person, message: SeenMessage, kind: str = "Commitment", handoff: str = "") -> dict[str, str]:
    """Somebody opens the shortcut on a message and says what it is to become; what the form then says."""
    await who.uses_shortcut("Add to handoff", message)
    if handoff:
        who.modal.fill("Handoff", handoff)
    who.modal.fill("Add it as", kind)
    return await who.modal.submit()


async def adds(office: Office, who: Person, message: SeenMessage, kind: str = "Commitment", **more: Any) -> None:
    """Somebody puts a message into the handoff."""
    assert await chooses(who, message, kind) == {}
    for label, value in more.items():
        who.modal.fill(label, value)
    assert await who.modal.submit() == {}
    await office.settles()


async def section(office: Office, channel: str, name: str = "Promises & Commitments") -> str:
    """What one section's form says."""
    await office.opens_section(office.ana, channel, name)
    text: str = office.ana.modal.text()
    await office.ana.modal.close(everything=True)
    return text


async def test_a_message_becomes_a_commitment_with_its_words_its_link_and_who_said_it(office: Office) -> None:
    channel = await office.starts(office.ana)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await office.ana.uses_shortcut("Add to handoff", message)
    assert "Into the handoff of Acme GmbH." in office.ana.modal.text()
    assert office.ana.modal.value("What was said") == PROMISE
    assert await office.ana.modal.submit() == {}
    assert office.ana.modal.value("Commitment") == PROMISE
    assert office.ana.modal.value("Said by") == "Ben Okafor"
    link = office.ana.modal.value("Source")
    assert message.ts.replace(".", "") in link
    office.ana.modal.fill("To whom", "Priya")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert f"@Ana Lima added a message as a commitment. “{PROMISE}”" in office.lines(office.ana, channel)
    text = await section(office, channel)
    assert f"{PROMISE} · Ben Okafor · Priya · {link}" in text
    assert "From a message, added by @Ana Lima" in text
    assert "to be reviewed" not in text  # the AE wrote it
    await office.ben.types("/handoff history", into=channel)
    assert f"added a message as a commitment. “{PROMISE}”" in office.ben.modal.text()


AS = [
    ("Risk", "Risks & Red Flags", "Risk", {"Severity": "High"}),
    ("Stakeholder", "Stakeholders", "Notes", {"Role": "Other"}),
    ("Success criterion", "Success Criteria", "Outcome", {"Metric": "a day"}),
]


@pytest.mark.parametrize(("kind", "where", "label", "more"), AS, ids=str)
async def test_a_message_of_another_channel_goes_into_the_handoff_that_is_chosen(
    office: Office, kind: str, where: str, label: str, more: dict[str, str]
) -> None:
    await office.starts(office.ana)
    channel = await office.starts(office.ana, **INITECH)
    (message,) = await office.ana.types("Priya needs *two* people & a day", into="sales")
    assert await chooses(office.ana, message, kind, "Initech") == {}
    assert office.ana.modal.value(label) == "Priya needs *two* people & a day"
    if kind == "Stakeholder":
        assert office.ana.modal.value("Name") == "Ana Lima"
    for name, value in more.items():
        office.ana.modal.fill(name, value)
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "Priya needs *two* people & a day" in await section(office, channel, where)


async def test_a_message_becomes_a_question_that_somebody_answers(office: Office) -> None:
    channel = await office.starts(office.ana)
    (message,) = await office.ana.types("Does the archive stay?", into=channel)
    await adds(office, office.ben, message, "Question")
    told = office.ana.dm().last
    assert "Does the archive stay?" in told.text
    assert message.ts.replace(".", "") in told.text
    assert told.buttons == ["Answer", "Pass it on", "View document"]
    assert await chooses(office.ben, message, "Question") == {
        "Add it as": "This message is in the handoff already as a question: Ben Okafor added it on 23 November 2026."
    }


async def test_the_same_message_is_said_to_be_there_and_comes_back_once_it_was_removed(office: Office) -> None:
    channel = await office.starts(office.ana)
    (message,) = await office.ana.types(PROMISE, into=channel)
    await adds(office, office.ana, message)
    already = "This message is in the handoff already as a commitment: Ana Lima added it on 23 November 2026."
    assert await chooses(office.ben, message) == {"Add it as": already}
    await office.ben.modal.close()
    await adds(office, office.ben, message, "Risk", Severity="Low")  # a promise may be a risk too
    await office.opens_section(office.ana, channel, "Promises & Commitments")
    await office.ana.modal.press("Remove", near=PROMISE)
    await office.ana.modal.close(everything=True)
    await adds(office, office.ben, message)
    assert (await section(office, channel)).count("From a message, added by @Ben Okafor") == 1


async def test_two_at_once_and_the_same_form_twice_store_it_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    (message,) = await office.ana.types(PROMISE, into=channel)
    for who in (office.ana, office.ben):
        assert await chooses(who, message) == {}
    answers = await asyncio.gather(office.ana.modal.submit(), office.ben.modal.submit())
    assert sorted(len(errors) for errors in answers) == [0, 1]
    assert "in the handoff already as a commitment" in str(answers)
    for who in (office.ana, office.ben):
        if office.workspace.stack(who.id):
            await who.modal.close()
    (other,) = await office.ana.types("And a second training day.", into=channel)
    assert await chooses(office.ana, other) == {}
    await office.submits_twice(office.ana)
    text = await section(office, channel)
    assert (text.count(PROMISE), text.count("And a second training day.")) == (1, 1)


async def test_what_slack_lets_baton_not_link_is_taken_without_a_link(office: Office) -> None:
    channel = await office.starts(office.ana)
    (private,) = await office.grace.types(PROMISE, into="Ana Lima")  # where Baton is no member
    assert await chooses(office.ana, private, handoff="Acme GmbH") == {}
    assert office.ana.modal.value("Said by") == "Grace Whitfield"
    assert not office.ana.modal.value("Source")
    assert await office.ana.modal.submit() == {}
    (message,) = await office.ana.types("The archive stays readable.", into=channel)
    await office.settles()
    office.workspace.faults.add("chat.getPermalink", "timeout_after", delay=5)
    assert await chooses(office.ana, message) == {}  # the form opened in time
    assert not office.ana.modal.value("Source")


async def test_messages_as_long_as_they_get_files_without_words_and_replies(office: Office) -> None:
    channel = await office.starts(office.ana)
    home = office.workspace.channels[office.ana.conversation(channel).id]
    messages.post(office.workspace, home, office.ana.id, "<!channel> 🚀 &amp; " * 2_500)
    await office.ana.uses_shortcut("Add to handoff", office.ana.conversation(channel).last)
    assert office.ana.modal.value("What was said").startswith("@channel 🚀 & @channel")
    assert await office.ana.modal.submit() == {}
    assert await office.ana.modal.submit() == {}
    await office.settles()
    card = office.card(office.ana, channel)
    office.workspace.files["F1"] = File("F1", "plan.pdf", 9, "application/pdf", office.ana.id)
    messages.post(office.workspace, home, office.ana.id, "", files=["F1"])
    await office.ana.uses_shortcut("Add to handoff", office.ana.conversation(channel).last)
    assert office.ana.modal.value("What was said") == "plan.pdf"
    await office.ana.modal.close()
    (reply,) = await office.ben.types("Reply: weekly calls until March", into=card)
    await adds(office, office.ana, reply)
    assert "weekly calls until March" in await section(office, channel)
    assert not office.workspace.refused_answers


async def test_who_may_not_and_who_has_nothing_to_add_to_read_why(office: Office) -> None:
    channel = await office.starts(office.ana)
    home = office.ana.conversation(channel).id
    await office.ana.does("invite", channel=home, users=[office.arjun.id])
    (message,) = await office.ana.types(PROMISE, into=channel)
    await office.arjun.uses_shortcut("Add to handoff", message)
    (answer,) = office.arjun.ephemerals(into=channel)
    assert answer.text == "Only the people of this handoff may change it. Ask @Ana Lima or @Ben Okafor."
    (elsewhere,) = await office.arjun.types("Just a thought", into="general")
    await office.arjun.uses_shortcut("Add to handoff", elsewhere)
    assert office.arjun.ephemerals(into="general")[-1].text == (
        "You have no handoff to add this to. /handoff start begins one."
    )
    await office.ana.uses_shortcut("Add to handoff", office.card(office.ana, channel))
    assert "This is Baton's own message." in office.ana.ephemerals(into=channel)[-1].text
    await office.cancels(office.ana, channel)
    await office.ana.uses_shortcut("Add to handoff", message)
    assert "This handoff is cancelled." in office.ana.ephemerals(into=channel)[-1].text
