"""A reaction files what was promised as a draft commitment, which the AE reviews at close."""

from typing import Any

from sandbox import messages
from sandbox.person import Person, SeenMessage
from tests.office import Office, on_sqlite
from tests.stories.test_captures import PROMISE, section

pytestmark = on_sqlite

READY = "Every required answer is there."


async def reacts(office: Office, who: Person, message: SeenMessage, emoji: str = "handshake") -> None:
    """Somebody reacts to a message, and Baton has heard of it."""
    await who.reacts(emoji, message)
    await office.settles()


async def shakes_hands(office: Office, **settings: Any) -> str:
    """A workspace in which a handshake files a commitment, and Acme's channel in it."""
    leaders = {"cs_leader": office.leila.id, "sales_leader": office.grace.id}
    await office.settles_on(capture_reaction="handshake", **(leaders | settings))
    return await office.starts(office.ana)


async def test_a_handshake_files_a_draft_and_the_ae_reviews_it_at_close(office: Office) -> None:
    channel = await shakes_hands(office)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await reacts(office, office.ana, message, "handshake::skin-tone-3")
    line = office.card(office.ana, channel).replies[-1]
    assert f"@Ana Lima added a message as a draft commitment. “{PROMISE}”" in line.text
    assert line.buttons == ["Edit", "Undo"]
    assert "1 captured message to review — @Ana Lima" in office.card(office.ana, channel).text
    await office.fills(office.ana, channel)
    await office.ana.clicks("Submit for review", into=channel)
    assert "1 captured message is to be reviewed." in office.ana.modal.text()
    assert "1 captured from messages, to be reviewed" in office.ana.modal.text()
    await office.ana.modal.press("Open Promises & Commitments")
    assert "to be reviewed" in office.ana.modal.text()
    await office.ana.modal.press("Looks right", near=PROMISE)
    assert "to be reviewed" not in office.ana.modal.text()
    await office.ana.modal.close()
    assert READY in office.ana.modal.text()
    await office.ana.modal.press("Submit for review")
    await office.settles()
    card = office.card(office.ana, channel).text
    assert "In review" in card
    assert "captured" not in card


async def test_a_draft_is_edited_from_the_thread_which_is_its_review(office: Office) -> None:
    channel = await shakes_hands(office)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await reacts(office, office.ben, message)
    await office.ana.clicks("Edit", into=channel)
    assert office.ana.modal.value("Commitment") == PROMISE
    assert office.ana.modal.value("Said by") == "Ben Okafor"
    office.ana.modal.fill("Due date", "2027-01-31")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "captured" not in office.card(office.ana, channel).text
    await office.ben.clicks("Undo", into=channel)
    assert office.ben.ephemerals(into=channel)[-1].text == (
        "Somebody has reviewed this meanwhile. Remove it in Edit document if it is wrong."
    )
    assert PROMISE in await section(office, channel)


async def test_a_draft_is_undone_and_may_be_filed_again(office: Office) -> None:
    channel = await shakes_hands(office)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await reacts(office, office.ben, message)
    line = office.card(office.ben, channel).replies[-1]
    await office.ben.clicks("Undo", into=line)
    await office.ben.clicks("Undo", into=line)
    await office.settles()
    assert office.ben.ephemerals(into=channel)[-1].text == "This is not in the handoff any more."
    assert office.lines(office.ben, channel)[-1] == "@Ben Okafor took a captured commitment out again."
    assert PROMISE not in await section(office, channel)
    await office.ben.reacts("handshake", message, remove=True)
    await reacts(office, office.ben, message)
    assert (await section(office, channel)).count(PROMISE) == 1
    await office.ben.reacts("handshake", message, remove=True)  # taken back by Undo only
    await office.settles()
    assert PROMISE in await section(office, channel)


async def test_the_second_who_shakes_hands_hears_that_it_is_there(office: Office) -> None:
    channel = await shakes_hands(office)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await reacts(office, office.ben, message)
    await reacts(office, office.ana, message)
    assert "in the handoff already as a commitment: @Ben Okafor" in office.ana.ephemerals(into=channel)[-1].text
    assert (await section(office, channel)).count(PROMISE) == 1
    lines = [line for line in office.lines(office.ana, channel) if "draft" in line]
    assert len(lines) == 1


async def test_a_reply_in_a_thread_is_filed_too(office: Office) -> None:
    channel = await shakes_hands(office)
    (first,) = await office.ana.types("What did we promise?", into=channel)
    (reply,) = await office.ben.types(PROMISE, into=first)
    await reacts(office, office.ana, reply)
    text = await section(office, channel)
    assert PROMISE in text
    assert "What did we promise?" not in text


async def test_nothing_is_filed_by_others_elsewhere_or_of_what_is_no_message(office: Office) -> None:
    channel = await shakes_hands(office)
    home = office.ana.conversation(channel).id
    await office.ana.does("invite", channel=home, users=[office.arjun.id])
    (message,) = await office.ben.types(PROMISE, into=channel)
    (elsewhere,) = await office.ana.types(PROMISE, into="sales")
    await reacts(office, office.arjun, message)  # nobody of this handoff
    await reacts(office, office.ana, message, "tada")
    await reacts(office, office.ana, elsewhere)
    await reacts(office, office.ana, office.card(office.ana, channel))
    assert office.lines(office.ana, channel) == []
    assert "captured" not in office.card(office.ana, channel).text
    await office.names_leaders()  # and with them: no reaction
    await reacts(office, office.ana, message)
    assert office.lines(office.ana, channel) == []


async def test_a_message_that_is_gone_meanwhile_is_no_trouble(office: Office) -> None:
    channel = await shakes_hands(office)
    (gone,) = await office.ben.types(PROMISE, into=channel)
    (parent,) = await office.ben.types("Another promise", into=channel)
    await office.ana.types("Really?", into=parent)
    for message in (gone, parent):
        await office.ana.reacts("handshake", message)
        messages.delete(office.workspace, message.raw)
    await office.settles()
    assert office.lines(office.ana, channel) == []
    assert await office.baton.delivery.next_moment() is None


async def test_a_message_without_words_and_a_full_list_are_said(office: Office) -> None:
    channel = await shakes_hands(office)
    home = office.workspace.channels[office.ana.conversation(channel).id]
    messages.post(office.workspace, home, office.ben.id, "")
    await office.ana.reacts("handshake", office.ana.conversation(channel).last)
    await office.settles()
    assert "This message has no words to file." in office.ana.ephemerals(into=channel)[-1].text
    for number in range(31):
        (message,) = await office.ben.types(f"Promise number {number}", into=channel)
        await reacts(office, office.ana, message)
    assert "holds 30 at most" in office.ana.ephemerals(into=channel)[-1].text
    assert "30 captured messages to review" in office.card(office.ana, channel).text
    await office.opens_section(office.ana, channel, "Promises & Commitments")
    assert "Promise number 29" in office.ana.modal.text()


async def test_the_setting_is_kept_and_a_sentence_is_no_emoji(office: Office) -> None:
    await office.noah.types("/handoff setup", into="general")
    assert not office.noah.modal.value("Reaction that files a commitment")
    office.noah.modal.fill("Reaction that files a commitment", "shake hands")
    assert await office.noah.modal.submit() == {
        "Reaction that files a commitment": "Write the name of one emoji, such as :handshake:."
    }
    office.noah.modal.fill("Reaction that files a commitment", "handshake")
    assert await office.noah.modal.submit() == {}
    await office.noah.types("/handoff setup", into="general")
    assert office.noah.modal.value("Reaction that files a commitment") == ":handshake:"
