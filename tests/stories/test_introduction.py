"""The customer introduction: a draft for the AE to send, "Introduction done" by the AE; and the first contact."""

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.office import Office, on_sqlite
from tests.stories.test_meetings import invitations, schedules
from tests.stories.test_steps import accepted

WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


async def introduces(office: Office, channel: str) -> None:
    """Ana says that she has introduced Ben."""
    await office.ana.clicks("Meetings", into=channel)
    await office.ana.modal.press("Introduction done")
    office.ana.modal.fill("Notes", "Helena confirmed the goals.")
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.close()
    await office.settles()


async def test_scheduled_like_the_other_with_its_own_agenda(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel, WEDNESDAY, nth=1)
    posted = office.ana.conversation(channel).message("Customer introduction:")
    assert "3. Context Validation · 10 min" in posted.text
    assert "Errors down — from 9 % to under 2 %" in posted.text
    assert "Introduction done" in posted.buttons
    ((method, event),) = invitations(office)
    assert (method, event.start, str(event["summary"])) == (
        "REQUEST",
        WEDNESDAY,
        "Customer introduction: Acme GmbH",
    )
    await office.ben.clicks("Introduction done", into=channel)
    assert "Only the AE and the leaders may say that the CSM was introduced." in office.ben.ephemerals(channel)[-1].text
    await office.goes_on(until="2026-11-25 14:30")
    asked = office.ana.dm().message("How did it go?")
    await office.ana.clicks("Introduction done", into=asked)
    assert await office.ana.modal.submit() == {}
    await office.settles()
    card = office.card(office.ana, channel).text
    assert "Fade plan: AE on call until 9 December 2026" in card
    assert "First CS contact" not in card
    assert "Held, says @Ana Lima" in posted.text


async def test_a_draft_filled_from_the_document_to_copy_or_to_send(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.clicks("Edit document", into=channel)
    await office.ana.modal.press("Edit", near="Stakeholders")
    await office.ana.modal.press("Add stakeholder")
    for label, value in (("Name", "Jo & <b>Co</b>"), ("Role", "Project Lead"), ("Contact", "jo+x@acme.example")):
        office.ana.modal.fill(label, value)
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.close(everything=True)
    await schedules(office, channel, WEDNESDAY, nth=1)
    await office.ana.types("/handoff introduce Acme", into="general")
    draft = office.ana.modal.text()
    for words in (
        "To: jo+x@acme.example",
        "Subject: Acme GmbH: meet Ben Okafor, who takes it from here",
        "Hello Helena Sorensen, Jo & <b>Co</b>,",
        "You are in great hands with Ben Okafor.",
        "- Errors down",
        "What changes: Ben Okafor leads from here",
        "What stays: what we agreed.",
        "We meet on 25 November 2026, 14:00 UTC.",
        "Best regards\nAna Lima",
    ):
        assert words in draft
    mail = urlsplit(unescape(re.search(r"mailto:[^|>]+", str(office.ana.modal.blocks))[0]))  # type: ignore[index]
    assert unquote(mail.path) == "jo+x@acme.example"
    assert "Hello Helena Sorensen, Jo & <b>Co</b>," in parse_qs(mail.query)["body"][0]


@on_sqlite
async def test_from_the_list_too_and_a_stranger_drafts_nothing(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.clicks("Meetings", into=channel)
    await office.ana.modal.press("Draft the introduction")
    assert "No stakeholder has an address in the document yet." in office.ana.modal.text()
    (refused,) = await office.mia.types("/handoff introduce Acme", into="general")
    assert "Only the people of this handoff may change it." in refused.text


@on_sqlite
async def test_the_introduction_is_noted_by_the_ae_and_no_earlier_than_the_acceptance(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.ana.clicks("Meetings", into=channel)
    await office.ana.modal.press("Introduction done")
    assert "This comes after CS has accepted the document." in office.ana.modal.text()
    await office.ana.modal.close(everything=True)
    await office.signs(office.ana, channel)
    await office.submits(office.ana, channel)
    await office.accepts(office.ben, channel)
    await introduces(office, channel)
    assert office.lines(office.ana, channel)[-1] == (
        "@Ana Lima noted: the CSM was introduced to the customer.\nNotes: “Helena confirmed the goals.”"
    )
    await office.ana.clicks("Meetings", into=channel)
    assert "With the introduction." in office.ana.modal.text()
    assert "Introduction done" not in office.ana.modal.buttons


@pytest.mark.parametrize("where", ["card", "command"])
async def test_a_cold_contact_is_warned_of_and_goes_on_with_a_reason(office: Office, where: str) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    if where == "card":
        await office.ben.clicks("Meetings", into=channel)
        await office.ben.modal.press("First contact made")
    else:
        await office.ben.types("/handoff contact Acme", into="general")
    form = office.ben.modal
    assert "Cold contact. Nobody has introduced the CSM to this customer yet." in form.text()
    form.fill("When", datetime(2026, 11, 24, tzinfo=UTC))
    form.fill("Why before the introduction", "   ")
    assert await form.submit() == {
        "When": "Choose a time that has passed.",
        "Why before the introduction": "Say why before the introduction.",
    }
    form.fill("When", datetime(2026, 11, 23, 8, 15, tzinfo=UTC))
    form.fill("How", "An email")
    form.fill("Why before the introduction", "They <wrote> first.")
    assert await form.submit() == {}
    await office.settles()
    assert office.lines(office.ana, channel)[-1] == (
        "@Ben Okafor noted the first contact with the customer, by email 23 Nov 2026 08:15 UTC "
        "before the introduction: “They <wrote> first.”"
    )
    (refused,) = await office.ana.types("/handoff contact Acme", into="general")
    assert refused.text == "@Ben Okafor has noted this already."


@on_sqlite
async def test_after_a_warm_introduction_nobody_is_warned(office: Office) -> None:
    channel = await accepted(office)
    await introduces(office, channel)
    (refused,) = await office.ben.types("/handoff contact Acme", into="general")
    assert refused.text == "This is noted already."  # the introduction was one


@on_sqlite
async def test_contact_comes_after_the_signature_and_not_by_strangers(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    (early,) = await office.ben.types("/handoff contact", into=channel)
    assert early.text == "This comes after the contract is signed."
    await office.signs(office.ana, channel)
    (refused,) = await office.mia.types("/handoff contact Acme", into="general")
    assert "Only the people of this handoff may change it." in refused.text
