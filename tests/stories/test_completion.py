"""A handoff is completed; its channel is kept, renamed or archived; and its document is judged a month later."""

import asyncio
from datetime import timedelta

import pytest

from bot.teams import ChannelEnd
from sandbox import conversations
from tests.office import Office, on_sqlite
from tests.stories.test_fade import asks, introduced
from tests.stories.test_steps import accepted, hears_of_nothing, notes

PROMISE = {"Commitment": "SSO by the first of March", "Due date": "2027-03-01"}


async def faded(office: Office, **settings: object) -> str:
    """Everything that belongs to the handoff is done, on Monday the 23rd; the channel."""
    channel = await introduced(office)
    await notes(office, channel, "This phase is over")
    if settings:
        leaders = {"cs_leader": office.leila.id, "sales_leader": office.grace.id}
        await office.settles_on(csms=(office.ben.id, office.mia.id), **leaders, **settings)
    return channel


async def completes(office: Office, channel: str) -> None:
    """Ben completes from the card."""
    await office.ben.clicks("Complete handoff", into=channel)
    assert await office.ben.modal.submit() == {}
    await office.settles()


def is_archived(office: Office, channel: str) -> bool:
    """Whether the channel is."""
    return office.ben.conversation(channel).is_archived


async def test_what_is_missing_is_said_exactly_and_opened_with_a_button(office: Office) -> None:
    channel = await accepted(office)
    await office.ben.clicks("Complete handoff", into=channel)
    modal = office.ben.modal
    assert modal.title == "Not complete yet"
    assert "The internal handoff meeting was not held yet." in modal.text()
    assert modal.buttons == ["Meetings", "Meetings", "Meetings", "Deadlines", "Check again"]
    assert modal.submit_label == ""
    await modal.press("Deadlines")
    assert office.ben.modal.title == "Deadlines"


async def test_a_completed_handoff_says_so_everywhere_and_ends_its_deadlines(office: Office) -> None:
    channel = await faded(office)
    card = office.card(office.ben, channel).text
    assert "Next: Lead the customer, and complete the handoff — @Ben Okafor" in card
    await office.ben.clicks("Complete handoff", into=channel)
    assert "No promise is open.\n• All other deadlines end.\n• The channel stays as it is." in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    await office.settles()
    card = office.card(office.ben, channel).text
    assert "Stage\nCompleted" in card
    assert "Completed by @Ben Okafor, 23 November 2026." in card
    assert "Next: Nothing: this handoff is completed" in card
    assert office.lines(office.ben, channel)[-1] == "@Ben Okafor completed the handoff. :checkered_flag:"
    assert office.ana.conversation(channel).topic.startswith("Completed")
    assert "You are free of it: thank you." in office.ana.dm().last.text
    (status,) = await office.ben.types("/handoff status Acme", into="general")
    assert "Completed" in status.text
    (listed,) = await office.ben.types("/handoff list", into="general")
    assert "Acme" not in listed.text


@on_sqlite
async def test_by_command_too_and_an_open_question_stands_in_the_way(office: Office) -> None:
    await faded(office)
    await asks(office)
    await office.ben.types("/handoff complete Acme", into="general")
    assert "Questions wait for an answer.\nThey are with @Ana Lima." in office.ben.modal.text()
    await office.ana.clicks("Answer", into=office.ana.dm().message("asks you"))
    office.ana.modal.fill("Your answer", "TruckBase.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    await office.ben.modal.press("Check again")
    assert office.ben.modal.title == "Complete handoff"
    assert await office.ben.modal.submit() == {}


@on_sqlite
async def test_only_the_csm_and_the_leaders_complete(office: Office) -> None:
    await faded(office)
    (refused,) = await office.ana.types("/handoff complete Acme", into="general")
    assert "Only the CSM and the leaders may complete or reopen it." in refused.text
    assert await office.leila.types("/handoff complete Acme", into="general") == []
    assert office.leila.modal.title == "Complete handoff"


async def test_two_complete_at_once_and_it_happens_once(office: Office) -> None:
    channel = await faded(office)
    for who in (office.ben, office.leila):
        await who.types("/handoff complete Acme", into="general")
    payloads = [office.submission(who) for who in (office.ben, office.leila)]
    await asyncio.gather(*(office.workspace.delivery.send("interactive", payload) for payload in payloads))
    await office.settles()
    assert sum("completed the handoff" in line for line in office.lines(office.ben, channel)) == 1
    (refused,) = await office.grace.types("/handoff complete Acme", into="general")
    assert "has completed this handoff already." in refused.text


@on_sqlite
async def test_the_same_submit_twice_completes_once(office: Office) -> None:
    channel = await faded(office)
    await office.ben.clicks("Complete handoff", into=channel)
    await office.submits_twice(office.ben)
    assert sum("completed the handoff" in line for line in office.lines(office.ben, channel)) == 1


async def test_promises_go_on_after_it(office: Office) -> None:
    channel = await introduced(office)
    await office.adds(office.ben, channel, "Promises & Commitments", "Add commitment", **PROMISE)
    await notes(office, channel, "This phase is over")
    await office.ben.clicks("Complete handoff", into=channel)
    assert "One promise goes on until closed" in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "Next: Keep the promises that are open — @Ben Okafor" in office.card(office.ben, channel).text
    await office.goes_on(until="2027-03-02 12:00")
    assert office.told(office.ben, "Keep a promise") != []
    await office.ben.types("/handoff promises Acme", into="general")
    assert "SSO by the first of March" in office.ben.modal.text()


@on_sqlite
async def test_the_same_customer_may_begin_again(office: Office) -> None:
    await completes(office, await faded(office))
    assert await office.starts(office.mia) == "handoff-acme-gmbh-2"


async def test_what_was_completed_too_early_is_reopened(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    (refused,) = await office.ana.types("/handoff reopen Acme", into="general")
    assert "Only the CSM and the leaders may complete or reopen it." in refused.text
    await office.ben.clicks("Reopen", into=channel)
    await office.settles()
    assert "Stage\nAccepted by CS" in office.card(office.ben, channel).text
    await hears_of_nothing(office)
    before = len(office.told(office.ben))
    await office.goes_on(days=60)
    assert len(office.told(office.ben)) == before
    await completes(office, channel)
    assert "Stage\nCompleted" in office.card(office.ben, channel).text


# -- the channel


@pytest.mark.parametrize("end", [ChannelEnd.RENAME, ChannelEnd.ARCHIVE])
async def test_the_channel_goes_after_a_warning(office: Office, end: ChannelEnd) -> None:
    channel = await faded(office, channel_end=end, channel_days=10)
    there = office.ben.conversation(channel)
    await completes(office, channel)
    what = "gets a name that begins with done-" if end is ChannelEnd.RENAME else "is archived"
    assert f"This channel {what}" in office.card(office.ben, channel).text
    await office.goes_on(days=6, hours=20)
    posted = len(there.messages)
    await office.goes_on(hours=8)
    assert len(there.messages) == posted + 1
    assert there.last.text.startswith(f":file_cabinet: This channel {what}")
    assert not is_archived(office, channel)
    await office.goes_on(days=3)
    if end is ChannelEnd.ARCHIVE:
        assert is_archived(office, channel)
        await office.ben.types("/handoff history Acme", into="general")
        assert "Baton archived the channel." in office.ben.modal.text()
    else:
        assert "done-handoff-acme-gmbh" in office.ben.channels()
        assert office.lines(office.ben, "done-handoff-acme-gmbh")[-1] == (
            "Baton renamed the channel to #done-handoff-acme-gmbh."
        )
        assert "went as announced" in there.last.text
    assert office.ana.dm().last.text.startswith("@Ben Okafor completed the handoff")  # no word of a lost channel
    before = len(there.messages)
    await office.goes_on(days=3)
    assert len(there.messages) == before


@pytest.mark.parametrize("how", ["button", "card", "command"])
async def test_one_click_keeps_the_channel(office: Office, how: str) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=2)
    there = office.ben.conversation(channel)
    await completes(office, channel)
    assert there.last.buttons == ["Keep this channel"]  # two days are less than three: warned at once
    if how == "button":
        await office.ana.clicks("Keep this channel", into=there.last)
    elif how == "card":
        await office.ana.clicks("Keep this channel", into=office.card(office.ana, channel))
    else:
        (said,) = await office.ana.types("/handoff keep Acme", into="general")
        assert said.text == "Kept: the channel stays as it is."
    await office.settles()
    assert there.last.text == "This channel stays as it is: its handoff is completed."
    await office.goes_on(days=9)
    assert not is_archived(office, channel)
    (refused,) = await office.ana.types("/handoff keep Acme", into="general")
    assert refused.text == "Nothing is planned for this channel: it stays as it is."


@pytest.mark.parametrize("act", ["archive", "delete", "kick"])
async def test_a_channel_that_is_lost_meanwhile_troubles_nobody(office: Office, act: str) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=10)
    await completes(office, channel)
    before = len(office.ana.dm().messages)
    await office.loses(channel, act)
    await office.goes_on(days=20)
    assert len(office.ana.dm().messages) == before
    assert office.told(office.noah) == []


@pytest.mark.parametrize(("days", "warning"), [(10, 3), (1, 1)])
async def test_after_an_outage_the_channel_is_warned_before_it_goes(office: Office, days: int, warning: int) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=days)
    there = office.ben.conversation(channel)
    await office.ben.clicks("Complete handoff", into=channel)
    assert await office.ben.modal.submit() == {}
    await office.closes()
    office.workspace.clock.move(timedelta(days=11))
    await office.opens()
    await office.settles()
    await office.later()
    assert not is_archived(office, channel)
    goes = f"{office.workspace.clock.now() + timedelta(days=warning):%-d %b}"
    (warned,) = [one for one in there.messages if "Keep this channel" in one.buttons and "Stage" not in one.text]
    assert goes in warned.text
    assert goes in office.card(office.ben, channel).text
    assert "its warning came late" in office.lines(office.ben, channel)[-1]
    await office.goes_on(days=warning, hours=-1)
    assert not is_archived(office, channel)
    await office.goes_on(hours=2)
    assert is_archived(office, channel)


async def test_a_process_that_dies_and_a_clock_that_leaps_put_it_away_once(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.RENAME, channel_days=10)
    await completes(office, channel)
    await office.goes_on(days=8)
    await office.closes()
    office.workspace.clock.move(timedelta(days=20))
    await office.opens()
    await office.settles()
    await office.later()
    renamed = [line for line in office.lines(office.ben, "done-handoff-acme-gmbh") if "renamed" in line]
    assert len(renamed) == 1


@on_sqlite
@pytest.mark.parametrize("kind", ["drop_after", "500_after", "429", "drop"])
@pytest.mark.parametrize("end", [ChannelEnd.RENAME, ChannelEnd.ARCHIVE])
async def test_an_answer_that_is_lost_or_late_does_no_harm(office: Office, end: ChannelEnd, kind: str) -> None:
    channel = await faded(office, channel_end=end, channel_days=10)
    await completes(office, channel)
    method = "conversations.rename" if end is ChannelEnd.RENAME else "conversations.archive"
    office.workspace.faults.add(method, kind, **({"retry_after": 20} if kind == "429" else {}))
    await office.goes_on(days=11)
    assert not office.workspace.faults.pending
    await office.ben.types("/handoff history Acme", into="general")
    done = "archived the channel." if end is ChannelEnd.ARCHIVE else "renamed the channel to #done-handoff-acme-gmbh."
    assert office.ben.modal.text().count(done) == 1


@on_sqlite
async def test_a_name_that_is_taken_gets_a_number(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.RENAME, channel_days=1)
    conversations.create(office.workspace, office.noah.id, "done-handoff-acme-gmbh", private=False)
    await completes(office, channel)
    await office.goes_on(days=2)
    assert "done-handoff-acme-gmbh-2" in office.ben.channels()


@on_sqlite
async def test_where_slack_forbids_it_the_admins_hear_and_may_try_again(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=1)
    await completes(office, channel)
    office.workspace.faults.add("conversations.archive", "error", code="restricted_action")
    await office.goes_on(days=2)
    assert not is_archived(office, channel)
    assert "channel.put_away: restricted_action" in office.noah.dm().last.text
    await office.noah.types("/handoff setup", into="general")
    await office.noah.modal.press("Try them again")
    await office.settles()
    assert is_archived(office, channel)


@on_sqlite
async def test_reopened_it_stays_and_completed_again_it_goes_by_the_new_date(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=10)
    await completes(office, channel)
    await office.goes_on(days=5)
    await office.ben.clicks("Reopen", into=channel)
    await office.settles()
    await completes(office, channel)
    await office.goes_on(days=6)
    assert not is_archived(office, channel)
    await office.goes_on(days=5)
    assert is_archived(office, channel)


@on_sqlite
async def test_reopened_and_completed_again_it_goes_sooner_where_that_was_settled_and_is_warned_once(
    office: Office,
) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=30)
    there = office.ben.conversation(channel)
    await completes(office, channel)
    await office.ben.clicks("Reopen", into=channel)
    await office.settles()
    leaders = {"cs_leader": office.leila.id, "sales_leader": office.grace.id}
    people = {"csms": (office.ben.id, office.mia.id), **leaders}
    await office.settles_on(**people, channel_end=ChannelEnd.ARCHIVE, channel_days=5)
    await completes(office, channel)
    await office.goes_on(days=2, hours=1)
    assert there.last.text.startswith(":file_cabinet: This channel is archived")
    await office.goes_on(days=3)
    assert is_archived(office, channel)


@on_sqlite
async def test_only_the_last_completion_warns(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=10)
    there = office.ben.conversation(channel)
    await completes(office, channel)
    await office.goes_on(days=1)
    await office.ben.clicks("Reopen", into=channel)
    await office.settles()
    await completes(office, channel)
    await office.goes_on(days=9)
    warned = [one for one in there.messages if one.text.startswith(":file_cabinet:")]
    assert len(warned) == 1


@on_sqlite
async def test_reopened_after_it_was_archived_the_ae_is_told_how_to_go_on(office: Office) -> None:
    channel = await faded(office, channel_end=ChannelEnd.ARCHIVE, channel_days=1)
    await completes(office, channel)
    await office.goes_on(days=2)
    await office.ben.types("/handoff reopen Acme", into="general")
    await office.settles()
    assert "archived" in office.ana.dm().last.text


# -- a month later


async def test_the_csm_is_asked_after_a_month_and_answers_with_one_click(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    before = len(office.told(office.ben))
    await office.goes_on(until="2026-12-23 08:00")
    assert len(office.told(office.ben)) == before
    await office.goes_on(until="2026-12-23 20:00")
    asked = office.ben.dm().message("Say how the document was")
    assert asked.buttons[:2] == ["Nothing: all was there and true", "Something was"]
    await office.ben.clicks("Nothing: all was there and true", into=asked)
    await office.settles()
    assert "Done by @Ben Okafor" in asked.text
    assert office.lines(office.ben, channel)[-1] == "@Ben Okafor said how the document was: all was there and true."
    told = len(office.told(office.ben))
    await office.goes_on(days=60)
    assert len(office.told(office.ben)) == told


async def test_what_was_missing_or_untrue_is_kept_with_its_sections(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    await office.ben.types("/handoff feedback Acme", into="general")
    modal = office.ben.modal
    assert await modal.submit() == {"In your words": "Say what it was; or, in a word, that all was there and true."}
    modal.fill("Something was missing in", ["Stakeholders"])
    assert await modal.submit() == {"In your words": "Say what it was, so that the next document has it."}
    modal.fill("Something was untrue in", ["Technical Context", "Success Criteria"])
    modal.fill("In your words", "Nobody named the works council.")
    assert await modal.submit() == {}
    await office.settles()
    assert office.lines(office.ben, channel)[-1] == (
        "@Ben Okafor said how the document was: something was missing in Stakeholders and untrue in Technical Context, "
        "Success Criteria. “Nobody named the works council.”"
    )
    assert "How was the document?" not in office.card(office.ben, channel).buttons
    (refused,) = await office.leila.types("/handoff feedback Acme", into="general")
    assert "has said this already" in refused.text
    before = len(office.told(office.ben))
    await office.goes_on(days=60)
    assert len(office.told(office.ben)) == before


@on_sqlite
async def test_words_about_a_section_with_something_sensitive_are_kept_from_the_channel(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    await office.ben.types("/handoff feedback Acme", into="general")
    modal = office.ben.modal
    assert "; those about Relationship History are kept in Baton's records only." in modal.text()
    modal.fill("Something was untrue in", ["Relationship History"])
    modal.fill("In your words", "Their CFO was against us from the start.")
    assert await modal.submit() == {}
    await office.settles()
    assert office.lines(office.ben, channel)[-1] == (
        "@Ben Okafor said how the document was: something was untrue in Relationship History. (confidential)"
    )


@on_sqlite
async def test_it_is_not_for_the_ae_to_say_and_not_before_the_end(office: Office) -> None:
    channel = await faded(office)
    (early,) = await office.ben.types("/handoff feedback Acme", into="general")
    assert early.text == "This comes when the handoff is completed."
    await completes(office, channel)
    (refused,) = await office.ana.types("/handoff feedback Acme", into="general")
    assert "Only the CSM and the leaders may say what was missing." in refused.text


@on_sqlite
async def test_a_csm_who_leaves_before_that_hands_it_to_the_next(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    await office.names_owner(office.leila, channel, "Customer success manager", "Mia Chen")
    await office.goes_on(until="2026-12-23 20:00")
    assert office.told(office.mia, "Say how the document was") != []
    assert office.told(office.ben, "Say how the document was") == []
