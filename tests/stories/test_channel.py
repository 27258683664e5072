"""The customer's channel: who is in it, what it says, and what happens when Slack's people do things to it."""

import pytest

from sandbox import canvases, conversations, messages
from tests.office import Office, on_sqlite

pytestmark = on_sqlite


async def test_everybody_concerned_is_invited_and_the_channel_says_what_it_is(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    here = office.ana.conversation(channel)
    assert sorted(here.members) == ["Ana Lima", "Arjun Rao", "Baton", "Ben Okafor", "Leila Haddad"]
    assert here.topic == "Preparing the document · AE @Ana Lima · CSM @Ben Okafor"
    assert here.purpose == "Handoff of Acme GmbH from Sales to Customer Success"
    assert list(here.bookmarks) == ["Handoff card"]
    card = office.card(office.ana, channel)
    assert "Solutions engineer\n@Arjun Rao" in card.text
    assert "CS leader\n@Leila Haddad" in card.text
    assert [message.text for message in here.messages] == [card.text]


async def test_the_card_is_one_message_and_each_change_of_state_one_line(office: Office) -> None:
    channel = await office.starts(office.ana)
    card = office.card(office.ana, channel)
    await office.submits(office.ana, channel)
    await office.returns(office.ben, channel, "Industry")
    await office.ana.clicks("Submit for review", into=channel)
    await office.settles()
    await office.accepts(office.ben, channel)

    here = office.ana.conversation(channel)
    assert [message.ts for message in here.messages] == [card.ts]
    assert "Accepted by CS" in card.text
    assert office.lines(office.ana, channel) == [
        "@Ana Lima submitted the document for review.",
        "@Ben Okafor returned the document: Something is missing. “Please say more.”",
        "@Ana Lima submitted the document for review (submission 2).",
        "@Ben Okafor accepted the handoff. :handshake:",
    ]
    assert here.topic.startswith("Accepted by CS")


async def test_saving_the_document_redraws_the_card_and_makes_no_noise(office: Office) -> None:
    channel = await office.starts(office.ana)
    card = office.card(office.ana, channel)
    assert "◐ Company Overview · 2 required to go" in card.text
    await office.writes(office.ana, channel, "Company Overview", **{"Industry": "Freight", "Start Date": "2026-12-01"})
    assert "● Company Overview · complete" in card.text
    assert [message.ts for message in office.ana.conversation(channel).messages] == [card.ts]
    assert office.lines(office.ana, channel) == []


async def test_a_card_that_somebody_deleted_comes_back_pinned(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    lost = office.card(office.ana, channel)
    messages.delete(office.workspace, lost.raw)
    await office.ana.types("/handoff owners", into=channel)
    office.ana.modal.fill("Customer success manager", "Mia Chen")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    card = office.card(office.ana, channel)
    assert card.ts != lost.ts
    assert "Customer success manager\n@Mia Chen" in card.text
    assert "@Ana Lima changed the owners" in office.lines(office.ana, channel)[-1]
    assert card.ts.replace(".", "") in office.ana.conversation(channel).bookmarks["Handoff card"]


async def test_a_canvas_that_somebody_deleted_is_written_anew(office: Office) -> None:
    channel = await office.starts(office.ana)
    canvas = office.workspace.channels[office.ana.conversation(channel).id].canvas
    canvases.delete(office.workspace, office.workspace.canvases[canvas or ""])
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    assert "- **Industry:** Freight" in office.ana.canvas(channel)


async def test_a_name_that_a_stranger_took_gets_a_number(office: Office) -> None:
    conversations.create(office.workspace, office.mia.id, "handoff-acme-gmbh", private=True)
    channel = await office.starts(office.ana)
    assert channel == "handoff-acme-gmbh-2"


async def test_setup_decides_prefix_and_privacy(office: Office) -> None:
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Channel prefix", "cs_new-")
    office.noah.modal.fill("Channel privacy", "Public")
    assert await office.noah.modal.submit() == {}
    channel = await office.starts(office.ana)
    assert channel == "cs_new-acme-gmbh"
    assert not office.ana.conversation(channel).is_private


async def test_somebody_who_cannot_be_invited_is_told_to_the_ae(office: Office) -> None:
    office.workspace.person("Arjun Rao").deleted = True  # a moment ago: Slack has not told yet
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    told = office.ana.dm().last
    assert "@Arjun Rao could not be invited to #handoff-acme-gmbh for Acme GmbH" in told.text
    assert "The account is deactivated or may not join. Name somebody else." in told.text
    await office.ana.clicks("Change owners", into=told)
    assert office.ana.modal.title == "Change owners"
    assert "Acme GmbH" in office.card(office.ben, channel).text


async def test_a_renamed_channel_is_the_same_channel(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.noah.does("open_dm", user=office.ana.id)
    conversations.invite(
        office.workspace,
        office.ana.id,
        office.workspace.channels[office.ana.conversation(channel).id],
        [office.noah.id],
    )
    await office.noah.does("rename", channel=office.ana.conversation(channel).id, name="acme-forever")
    await office.settles()
    await office.signs(office.ana, "acme-forever")
    assert office.lines(office.ana, "acme-forever") == ["@Ana Lima noted the signature of 23 November 2026."]
    errors = await office.asks_to_start(office.mia)
    assert "in #acme-forever" in errors["Company Name"]


@pytest.mark.parametrize(
    ("act", "words"), [("archive", "It is archived."), ("kick", "Baton was removed."), ("delete", "It is gone")]
)
async def test_the_ae_hears_at_once_when_the_channel_is_lost_and_gets_another(
    office: Office, act: str, words: str
) -> None:
    channel = await office.starts(office.ana)
    await office.loses(channel, act)
    told = office.ana.dm().last
    assert "can't be used" in told.text
    assert words in told.text
    await office.ana.types("/handoff signed Acme", into="general")
    assert await office.ana.modal.submit() == {}
    await office.settles()

    await office.ana.clicks("Make a new channel", into=told)
    await office.settles()
    fresh = next(name for name in reversed(office.ana.channels()) if name.startswith("handoff-"))
    card = office.card(office.ana, fresh)
    assert "Contract signed\n23 November 2026" in card.text
    assert office.lines(office.ana, fresh) == ["@Ana Lima noted the signature of 23 November 2026."]
    assert {"Ana Lima", "Ben Okafor"} <= set(office.ana.conversation(fresh).members)
    assert "Acme GmbH" in office.ana.canvas(fresh)
    assert f"is in order again: #{fresh}" in told.text


async def test_an_archived_channel_comes_back_with_what_it_missed(office: Office) -> None:
    channel = await office.starts(office.ana)
    card = office.card(office.ana, channel)
    await office.loses(channel, "archive")
    await office.ana.types("/handoff signed Acme", into="general")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "Expected close" in card.text

    await office.ana.does("archive", channel=office.ana.conversation(channel).id, undo=True)
    await office.settles()
    assert "Contract signed\n23 November 2026" in card.text
    assert office.lines(office.ana, channel) == ["@Ana Lima noted the signature of 23 November 2026."]
    assert "is in order again" in office.ana.dm().last.text


async def test_try_again_works_once_baton_is_invited_again(office: Office) -> None:
    channel = await office.starts(office.ana)
    card = office.card(office.ana, channel)
    await office.loses(channel, "kick")
    told = office.ana.dm().last
    await office.ana.clicks("Try again", into=told)
    await office.settles()
    assert "Baton was removed" in office.ana.dm().last.text

    here = office.ana.conversation(channel)
    await office.ana.does("invite", channel=here.id, users=[office.workspace.bot_user_id])
    await office.ana.clicks("Try again", into=office.ana.dm().last)
    await office.settles()
    await office.signs(office.ana, channel)
    assert "Contract signed\n23 November 2026" in card.text


async def test_a_workspace_that_lets_no_app_make_channels_loses_nothing(office: Office) -> None:
    office.workspace.faults.add("conversations.create", "error", times=1, code="restricted_action")
    await office.asks_to_start(office.ana, **{"Contract signed on": "2026-11-20"})
    await office.settles()
    told = office.ana.dm().last
    assert "No app may make channels here." in told.text
    assert told.buttons == ["Try again"]
    (status,) = await office.ana.types("/handoff status acme", into="general")
    assert "Acme GmbH · Preparing the document" in status.text

    await office.ana.clicks("Try again", into=told)
    await office.settles()
    assert "Acme GmbH" in office.card(office.ana, "handoff-acme-gmbh").text
    assert office.lines(office.ana, "handoff-acme-gmbh") == ["@Ana Lima noted the signature of 20 November 2026."]
    assert "is in order again" in told.text
