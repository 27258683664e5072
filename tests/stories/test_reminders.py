"""Reminders: when the AE and the CSM hear of what they owe, in which words, and what the message can do."""

import pytest

from tests.office import Office, on_sqlite

DOCUMENT, CONTACT = "Complete handoff document", "First CS contact"


async def test_the_ladder_at_due_then_each_working_day_then_the_leader_once(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(days=28)
    # Due on Tuesday at 9:00 UTC, while Ana sleeps in São Paulo: she hears an hour before she leaves on Monday.
    # Her day begins at 12:00, Grace's in Chicago at 15:00, Leila's in New York at 14:00.
    mornings = ("Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov", "Mon 30 Nov", "Tue 01 Dec")
    assert office.told(office.ana, DOCUMENT) == ["Mon 23 Nov 20:00", *(f"{day} 12:00" for day in mornings)]
    assert office.told(office.grace, DOCUMENT) == ["Wed 02 Dec 15:00"]
    assert office.told(office.leila, DOCUMENT) == []
    assert office.told(office.grace, CONTACT) == ["Tue 01 Dec 15:00"]
    assert office.told(office.leila, CONTACT) == ["Tue 01 Dec 14:00"]
    leaders = office.grace.dm().message(DOCUMENT)
    assert "@Ana Lima owes this and has been reminded. You hear of it once, as a leader." in leaders.text
    assert leaders.buttons == ["See the deadlines", "View document", "Give it to somebody else"]


async def test_a_word_ahead_counts_as_the_reminder_of_that_day(office: Office) -> None:
    await office.goes_on(until="2026-11-23 18:00")
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 12:30")
    assert office.told(office.ana) == ["Tue 24 Nov 12:00"]
    told = office.ana.dm().last
    assert told.fallback == "Complete handoff document: Acme GmbH"
    assert " left (" in told.text
    assert "What is not written down now, the customer has to explain again." in told.text
    await office.goes_on(until="2026-11-25 12:30")
    assert office.told(office.ana) == ["Tue 24 Nov 12:00", "Wed 25 Nov 12:00"]
    assert " late (" in office.ana.dm().last.text
    assert "You were reminded of this again, below." in told.text
    assert told.buttons == []


async def test_the_message_does_it_and_says_that_it_is_done(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-25 08:00")
    told = office.ben.dm().last
    assert told.buttons == ["First contact made", "Waiting on customer", "Not mine"]
    await office.ben.clicks("First contact made", into=told)
    await office.tells_of_contact(office.ben)
    assert told.buttons == []
    assert ":white_check_mark: Done by @Ben Okafor 25 Nov 2026 08:00 UTC, in time." in told.text
    assert CONTACT not in office.card(office.ana, channel).text
    assert office.lines(office.ana, channel)[-1] == (
        "@Ben Okafor noted the first contact with the customer, by call 25 Nov 2026 08:00 UTC "
        "before the introduction: “They called us.”"
    )
    await office.goes_on(days=7)
    assert office.told(office.ben) == ["Wed 25 Nov 08:00"]


async def test_the_document_is_written_and_submitted_from_the_message(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 12:00")
    told = office.ana.dm().last
    assert ":warning: 3 h late (no working time). It was due" in told.text
    await office.ana.clicks("Edit document", into=told)
    assert office.ana.modal.title == "Edit document"
    await office.ana.modal.close()
    await office.ana.clicks("Submit for review", into=told)
    assert office.ana.modal.title == "Not ready yet"
    await office.ana.modal.close()
    await office.fills(office.ana, channel)
    await office.ana.clicks("Submit for review", into=told)
    await office.settles()
    assert "Done by @Ana Lima 24 Nov 2026 12:00 UTC, " in told.text
    assert told.buttons == []


@pytest.mark.parametrize("where", ["card", "command"])
async def test_whoever_does_it_anywhere_the_message_says_who(office: Office, where: str) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-25 08:00")
    told = office.ben.dm().last
    if where == "card":
        await office.ana.clicks("Deadlines", into=channel)
        who = office.ana
    else:
        await office.leila.types("/handoff why Acme", into="general")
        who = office.leila
    await who.modal.press("First contact made")
    await office.tells_of_contact(who)
    done = f"First CS contact :white_check_mark: Done by @{who.name} 25 Nov 2026 08:00 UTC, in time."
    assert done in who.modal.text()
    assert "First contact made" not in who.modal.buttons
    await office.settles()
    assert f"Done by @{who.name}" in told.text
    assert told.buttons == []


@on_sqlite
async def test_many_at_once_are_one_message_with_a_list(office: Office) -> None:
    names = [f"Customer {number:02}" for number in range(14)]
    for name in names:
        await office.starts(office.ana, Website=None, **{"Company Name": name, "Contract signed on": "2026-11-23"})
    await office.goes_on(until="2026-11-23 20:00")
    (told,) = office.ana.dm().messages
    assert told.fallback == "14 things need you: Customer 00, Customer 01, Customer 02 and 11 more"
    assert told.text.startswith("14 things need you.")
    assert told.text.endswith("And 2 more. /handoff mine shows everything.")
    (mine,) = await office.ana.types("/handoff mine", into="general")
    assert mine.text.startswith("You owe 14 things, the most urgent first.")
    first = next(name for name in names if name in told.text)
    await office.cancels(office.ana, f"handoff-{first.lower().replace(' ', '-')}")
    assert told.text.startswith("13 things need you.")
    assert first not in told.text  # it makes room for the next


@on_sqlite
async def test_a_list_that_came_again_says_where_and_is_not_called_done(office: Office) -> None:
    for name in ("Acme", "Globex"):
        await office.starts(office.ana, Website=None, **{"Company Name": name, "Contract signed on": "2026-11-23"})
    await office.goes_on(until="2026-11-24 12:00")
    first, second = office.ana.dm().messages
    assert first.text.startswith("What is left of this is below.")
    await office.cancels(office.ana, "handoff-acme")
    assert first.text.startswith("What is left of this is below.")
    assert second.text.startswith("One thing needs you.")
    await office.cancels(office.ana, "handoff-globex")
    assert second.text.startswith("All of this is done.")


async def test_what_was_done_before_slack_took_the_message_is_not_asked_for(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-25 07:00")
    office.workspace.faults.add("chat.postMessage", "429", 1, retry_after=600)
    await office.goes_on(until="2026-11-25 08:00")
    assert office.told(office.ben) == []
    await office.ben.clicks("Deadlines", into=channel)
    await office.ben.modal.press("First contact made")
    await office.tells_of_contact(office.ben)
    await office.later(minutes=11)
    assert office.told(office.ben) == []


@on_sqlite
async def test_nothing_due_means_nothing_said(office: Office) -> None:
    await office.starts(office.ana)
    await office.goes_on(days=30)
    assert [office.told(who) for who in (office.ana, office.ben, office.leila, office.grace)] == [[]] * 4
    (answer,) = await office.ana.types("/handoff mine", into="general")
    assert answer.text.startswith("You owe nothing just now.")


SNOOZED = [
    ("Tue 24", "1 hour", "Tue 24 Nov 13:00"),
    ("Tue 24", "Tomorrow morning", "Wed 25 Nov 12:00"),
    ("Tue 24", "Next workday", "Wed 25 Nov 12:00"),
    ("Fri 27", "Next workday", "Mon 30 Nov 12:00"),
    ("Fri 27", "Tomorrow morning", "Mon 30 Nov 12:00"),  # on Saturday she does not work
]


@on_sqlite
@pytest.mark.parametrize(("day", "rest", "again"), SNOOZED)
async def test_snoozed_it_rests_and_comes_again(office: Office, day: str, rest: str, again: str) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until=f"2026-11-{day[-2:]} 12:00")
    told = office.ana.dm().last
    before = office.told(office.ana)
    await office.ana.selects("Snooze", rest, into=told)
    await office.settles()
    assert ":zzz: @Ana Lima snoozed it until" in told.text
    assert ":zzz: @Ana Lima snoozed it until" in office.card(office.ben, channel).text
    await office.goes_on(days=3)
    assert office.told(office.ana)[len(before)] == again
    assert ":zzz:" not in office.card(office.ben, channel).text


@on_sqlite
async def test_another_moment_is_picked_and_must_be_to_come(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.goes_on(until="2026-11-24 12:00")
    told = office.ana.dm().last
    await office.ana.selects("Snooze", "Pick a time…", into=told)
    assert office.ana.modal.title == "Snooze"
    now = office.workspace.clock.now()
    office.ana.modal.fill("Remind me", now.replace(hour=11))
    assert await office.ana.modal.submit() == {"Remind me": "Choose a moment that is still to come."}
    office.ana.modal.fill("Remind me", now.replace(year=2027))
    errors = await office.ana.modal.submit()
    assert errors["Remind me"].startswith("That is more than three months away.")
    office.ana.modal.fill("Remind me", now.replace(day=26, hour=16, minute=30))
    assert await office.ana.modal.submit() == {}
    await office.goes_on(until="2026-11-26 20:00")
    assert office.told(office.ana) == ["Mon 23 Nov 20:00", "Tue 24 Nov 12:00", "Thu 26 Nov 16:30"]


@on_sqlite
async def test_who_may_not_look_into_deadlines_is_told_whom_to_ask(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana)
    stranger = office.person("Keiko Mori")
    (answer,) = await stranger.types("/handoff why Acme", into="general")
    assert answer.text.startswith("Only the people of this handoff may read it. Ask @Ana Lima, @Ben Okafor or ")
    await office.mia.types("/handoff why Acme", into="general")  # a CSM may read, and not act
    assert office.mia.modal.title == "Deadlines"
    assert office.mia.modal.buttons == []
