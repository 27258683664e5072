"""Slack loses, takes or refuses a customer's channel and what is in it: there is one channel, and it misses nothing."""

from datetime import timedelta

import pytest

from app import Baton
from sandbox import Clock, canvases, conversations
from tests.office import Office, on_sqlite

SIGNED = "@Ana Lima noted the signature of 23 November 2026."


def channels_of_baton(office: Office) -> list[str]:
    """The customers' channels that Baton made and that are still in use."""
    mine = [one for one in office.workspace.channels.values() if one.creator == office.workspace.bot_user_id]
    return [channel.name for channel in mine if channel.name.startswith("handoff-") and not channel.is_archived]


def archives_unnoticed(office: Office, channel: str) -> None:
    """The channel is archived, and the event about it never comes."""
    office.workspace.channels[office.ana.conversation(channel).id].is_archived = True


async def unarchives(office: Office, channel: str) -> None:
    """Somebody brings the channel back."""
    conversations.unarchive(
        office.workspace, office.ana.id, office.workspace.channels[office.ana.conversation(channel).id]
    )
    await office.workspace.events.delivered()
    await office.settles()


async def signs_by_command(office: Office) -> None:
    """Ana notes the signature without the channel."""
    await office.ana.types("/handoff signed Acme", into="general")
    assert await office.ana.modal.submit() == {}
    await office.settles()


# -- one channel


@on_sqlite
async def test_a_channel_whose_answer_was_lost_is_found_even_when_looking_was_forbidden(office: Office) -> None:
    office.workspace.faults.add("conversations.create", "drop_after")
    office.workspace.faults.add("users.conversations", "error", times=3, code="missing_scope")
    await office.asks_to_start(office.ana)
    await office.settles()
    for _ in range(2):
        await office.later(minutes=1)
    assert office.workspace.faults.pending, "it may still not look"
    await office.later(minutes=1)
    await office.later(minutes=1)
    assert channels_of_baton(office) == ["handoff-acme-gmbh"]
    assert "Edit document" in office.card(office.ana, "handoff-acme-gmbh").buttons
    assert office.ana.dm().messages == []


@on_sqlite
async def test_a_channel_whose_answer_was_lost_before_a_refusal_is_found_on_try_again(office: Office) -> None:
    office.workspace.faults.add("conversations.create", "drop_after")
    office.workspace.faults.add("conversations.create", "error", code="restricted_action")
    await office.asks_to_start(office.ana)
    await office.settles()
    await office.later(seconds=21)
    await office.ana.clicks("Try again", into=office.ana.dm().last)
    await office.settles()
    assert channels_of_baton(office) == ["handoff-acme-gmbh"]
    assert "Edit document" in office.card(office.ana, "handoff-acme-gmbh").buttons


@on_sqlite
async def test_a_strangers_channel_is_avoided_even_where_looking_is_forbidden(office: Office) -> None:
    conversations.create(office.workspace, office.mia.id, "handoff-acme-gmbh", private=True)
    office.workspace.faults.add("users.conversations", "error", code="missing_scope")
    assert await office.starts(office.ana) == "handoff-acme-gmbh-2"
    assert channels_of_baton(office) == ["handoff-acme-gmbh-2"]


@on_sqlite
async def test_a_channel_of_an_earlier_life_of_baton_is_left_alone(office: Office, tmp_path: object) -> None:
    first = await office.starts(office.ana)
    old_card = office.card(office.ana, first).ts
    await office.closes()
    office.database_url = f"sqlite:///{tmp_path}/another.db"
    await office.opens()
    assert await office.starts(office.ana) == "handoff-acme-gmbh-2"
    assert [message.ts for message in office.ana.conversation(first).messages] == [old_card]


# -- every line, once


async def test_the_change_that_finds_the_channel_archived_has_its_line_too(office: Office) -> None:
    channel = await office.starts(office.ana)
    archives_unnoticed(office, channel)
    await signs_by_command(office)
    await office.ana.types("/handoff deal Acme", into="general")
    office.ana.modal.fill("Segment", "Enterprise")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert office.lines(office.ana, channel) == []
    await unarchives(office, channel)
    assert office.lines(office.ana, channel) == [SIGNED, "@Ana Lima corrected the deal: Enterprise · At Close."]


async def test_a_line_that_finds_the_channel_archived_itself_comes_later(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.faults.add("chat.postMessage", "error", code="is_archived")
    await signs_by_command(office)
    assert "It is archived." in office.ana.dm().last.text
    await office.ana.clicks("Try again", into=office.ana.dm().last)
    await office.settles()
    assert office.lines(office.ana, channel) == [SIGNED]


async def test_a_line_that_came_with_its_answer_lost_is_not_missed(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.faults.add("chat.postMessage", "drop_after")
    await signs_by_command(office)
    await office.loses(channel, "archive")
    await office.later(seconds=21)
    await unarchives(office, channel)
    assert office.lines(office.ana, channel) == [SIGNED]


async def test_a_line_that_may_be_there_already_says_so_where_nobody_may_look(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.faults.add("chat.postMessage", "drop_after")
    office.workspace.faults.add("conversations.replies", "error", code="missing_scope")
    await signs_by_command(office)
    await office.later(seconds=21)
    assert office.lines(office.ana, channel) == [SIGNED, f"{SIGNED} :repeat: possibly said twice"]


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(hours=-1)], ids=["ahead", "behind"])
async def test_what_slack_took_is_found_though_the_clocks_disagree(office: Office, ahead: timedelta) -> None:
    await office.closes()
    clock = Clock(office.workspace.clock.now() + ahead)
    office.baton = Baton(office.baton.settings, clock)
    await office.baton.start()
    await office.workspace.until(lambda: bool(office.workspace.delivery.sockets.connections))
    for _ in range(2):
        office.workspace.faults.add("chat.postMessage", "drop_after")
    office.workspace.faults.add("files.completeUploadExternal", "drop_after")
    await office.asks_to_start(office.ana)
    await office.ana.types("/handoff signed Acme", into="general")
    assert await office.ana.modal.submit() == {}
    await office.ana.types("/handoff export Acme", into="general")
    for _ in range(3):
        await office.settles()
        clock.move(timedelta(seconds=21))
    await office.settles()
    card = office.card(office.ana, "handoff-acme-gmbh")
    assert [message.ts for message in office.ana.conversation("handoff-acme-gmbh").messages] == [card.ts]
    assert len(card.replies) == 1
    assert [name for message in office.ana.dm().messages for name in message.files] == ["handoff-acme-gmbh.md"]


async def test_an_older_export_is_not_taken_for_the_one_that_was_lost(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.ana.types("/handoff export", into=channel)
    await office.settles()
    await office.later(minutes=1)
    office.workspace.faults.add("files.completeUploadExternal", "drop")
    await office.ana.types("/handoff export", into=channel)
    await office.settles()
    await office.later(seconds=21)
    assert len(office.ana.dm().messages) == 2


# -- what is in it


@on_sqlite
async def test_a_canvas_that_a_person_made_is_theirs(office: Office) -> None:
    office.workspace.faults.add("conversations.canvases.create", "error", code="restricted_action")
    channel = await office.starts(office.ana)
    notes = {"type": "markdown", "markdown": "# My own notes\n\nTwo hours of work"}
    here = office.workspace.channels[office.ana.conversation(channel).id]
    canvases.create(office.workspace, None, notes, here)
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    assert "Two hours of work" in office.ana.canvas(channel)
    assert "Freight" not in office.ana.canvas(channel)


@on_sqlite
@pytest.mark.parametrize("kind", ["drop_after", "internal_error_after"])
async def test_a_canvas_whose_answer_was_lost_is_kept_up_to_date(office: Office, kind: str) -> None:
    office.workspace.faults.add("conversations.canvases.create", kind)
    channel = await office.starts(office.ana)
    await office.later(seconds=21)
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    assert "Freight" in office.ana.canvas(channel)


@on_sqlite
async def test_topic_and_purpose_are_set_where_nobody_may_look_at_them(office: Office) -> None:
    office.workspace.faults.add("conversations.info", "error", code="missing_scope")
    channel = await office.starts(office.ana)
    here = office.ana.conversation(channel)
    assert here.topic.startswith("Preparing the document")
    assert here.purpose == "Handoff of Acme GmbH from Sales to Customer Success"
