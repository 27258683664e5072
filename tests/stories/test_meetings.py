"""The internal meeting: scheduled for both clocks, with a pack about this customer, moved, called off, held."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.office import Office, on_sqlite
from tests.stories.test_away import goes_away
from tests.stories.test_faults_of_the_channel import unarchives
from tests.stories.test_reading import with_secrets
from tests.stories.test_steps import accepted

TUESDAY = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
LABEL = "Internal handoff meeting"


async def schedules(office: Office, channel: str, at: datetime = TUESDAY, nth: int = 0, **answers: Any) -> None:
    """Ana gives a meeting its time from the list behind the card: the internal one, or (nth=1) the introduction."""
    await office.ana.clicks("Meetings", into=channel)
    await office.ana.modal.press("Schedule", nth=nth)
    for label, value in {"Day and time": at, **answers}.items():
        office.ana.modal.fill(label, value)
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.close()
    await office.settles()


async def moves(office: Office, channel: str, at: datetime) -> None:
    """Ana moves the internal meeting with the pack's button."""
    await office.ana.clicks("Move", into=channel)
    office.ana.modal.fill("Day and time", at)
    assert await office.ana.modal.submit() == {}
    await office.settles()


def invitations(office: Office) -> list[Any]:
    """What the calendar files say, oldest first: method, and the event."""
    files = [one for one in office.workspace.files.values() if one.name.endswith(".ics")]
    read = [Calendar.from_ical(base64.b64decode(one.content)) for one in files]
    return [(str(calendar["method"]), calendar.walk("VEVENT")[0]) for calendar in read]


def pack(office: Office, channel: str) -> Any:
    """The newest pack in the channel."""
    return office.ana.conversation(channel).message(LABEL + ":")


async def test_from_the_form_to_the_pack_and_the_calendar_file(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.clicks("Meetings", into=channel)
    assert "Not scheduled yet." in office.ana.modal.text()
    await office.ana.modal.press("Schedule")
    form = office.ana.modal
    assert form.value("Who takes part") == ["Ana Lima", "Ben Okafor", "Leila Haddad"]
    assert "@Ana Lima" in form.text()
    assert "@Ben Okafor" in form.text()
    form.fill("Day and time", TUESDAY)
    form.fill("Place or link", "https://meet.example/acme")
    assert await form.submit() == {}
    assert "30 minutes" in office.ana.modal.text()  # the list, redrawn
    await office.ana.modal.close()
    await office.settles()
    posted = pack(office, channel)
    assert "Tue 12:00 Sao Paulo (@Ana Lima)" in posted.text
    assert "Tue 16:00 Lagos (@Ben Okafor)" in posted.text
    assert posted.buttons == [
        *("Add to Google Calendar", "Add to Outlook", "People and politics", "Held", "Move", "No-show", "Call off"),
    ]
    assert f"{LABEL} 24 Nov 2026 15:00 UTC" in office.card(office.ana, channel).text
    assert "Next: Hold the internal handoff meeting" in office.card(office.ana, channel).text
    (file,) = posted.replies
    assert file.files == ["internal-meeting.ics"]
    assert "@Ana Lima, @Ben Okafor, @Leila Haddad" in file.text


async def test_reminded_before_and_held_with_notes_and_decisions(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    posted = pack(office, channel)
    await office.goes_on(until="2026-11-24 15:10")
    for who in (office.ana, office.ben, office.leila):
        assert office.told(who, "Soon") == ["Tue 24 Nov 14:30"]
    await office.ben.clicks("Held", into=channel)
    office.ben.modal.fill("Notes", "They start <!channel> small.")
    office.ben.modal.fill("Decisions", "Pilot in May")
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "Held, says @Ben Okafor" in posted.text
    assert "Decisions: Pilot in May" in posted.text
    assert posted.buttons == []
    assert office.lines(office.ana, channel)[-1] == (
        "@Ben Okafor noted: the internal handoff meeting was held."
        "\nNotes: “They start <!channel> small.”\nDecisions: “Pilot in May”"
    )
    assert "Next: Schedule the customer introduction" in office.card(office.ana, channel).text
    await office.mia.types("/handoff view Acme", into="general")
    assert "Handoff call completed: Yes" in office.mia.modal.text()
    await office.goes_on(days=1)
    assert office.told(office.ana, "How did it go?") == []


async def test_the_calendar_file_is_kept_up_to_date(office: Office) -> None:
    channel = await accepted(office)
    hostile = 'Room 4; "A,B"\\n BEGIN:VALARM'
    elsewhere: dict[str, Any] = {"Place or link": hostile}
    await schedules(office, channel, **elsewhere)
    await moves(office, channel, TUESDAY + timedelta(days=1))
    await office.ana.clicks("Call off", into=channel)
    office.ana.modal.fill("Why, and what now?", "Ben is ill")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    await schedules(office, channel, TUESDAY + timedelta(days=2))
    (first, one), (second, two), (third, three), (fourth, four) = invitations(office)
    assert [first, second, third, fourth] == ["REQUEST", "REQUEST", "CANCEL", "REQUEST"]
    assert len({str(event["uid"]) for event in (one, two, three, four)}) == 1
    assert [event["sequence"] for event in (one, two, three, four)] == [0, 1, 2, 3]
    assert [str(event["status"]) for event in (one, three)] == ["CONFIRMED", "CANCELLED"]
    assert one.start == TUESDAY
    assert one.end == TUESDAY + timedelta(minutes=30)
    assert two.start == TUESDAY + timedelta(days=1)
    assert three.start == two.start
    assert str(one["summary"]) == f"{LABEL}: Acme GmbH"
    assert str(one["location"]) == hostile
    assert not one.subcomponents
    assert [str(who) for who in one["attendee"]][:2] == [
        "mailto:ana.lima@northwindsoftware.example",
        "mailto:ben.okafor@northwindsoftware.example",
    ]
    assert str(one["organizer"]) == "mailto:ana.lima@northwindsoftware.example"
    assert one["organizer"].params["CN"] == "Ana Lima"
    assert office.lines(office.ana, channel)[-4:] == [
        f"@Ana Lima scheduled {LABEL} for 24 Nov 2026 15:00 UTC, 30 minutes.",
        f"@Ana Lima moved {LABEL} to 25 Nov 2026 15:00 UTC.",
        f"@Ana Lima called off {LABEL}. “Ben is ill”",
        f"@Ana Lima scheduled {LABEL} for 26 Nov 2026 15:00 UTC, 30 minutes.",
    ]


@on_sqlite
async def test_a_customer_who_is_called_anything_is_escaped_in_calendars_too(office: Office) -> None:
    name = "Æ; <!here>, \\n BEGIN:VEVENT & Söhne"
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Company Name": name})
    await schedules(office, channel)
    ((_, event),) = invitations(office)
    assert str(event["summary"]) == f"{LABEL}: {name}"
    assert not event.subcomponents


async def test_moved_and_called_off_nobody_is_reminded_of_what_is_not(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await moves(office, channel, TUESDAY + timedelta(hours=2))
    await office.goes_on(until="2026-11-24 17:00")
    assert office.told(office.ben, LABEL) == ["Tue 24 Nov 16:30"]
    told = office.ben.dm().message(LABEL)
    await office.closes()  # over the end
    office.workspace.clock.move(timedelta(hours=3))
    await office.opens()
    await office.later(seconds=1)
    assert office.told(office.ana, "How did it go?") == ["Tue 24 Nov 20:00"]
    asked = office.ana.dm().message("How did it go?")
    assert asked.buttons == ["Held", "Move", "No-show", "Call off"]
    await office.ana.clicks("No-show", into=asked)
    office.ana.modal.fill("Who did not come, and what now?", "Ben was at the dentist")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "It did not take place: somebody did not come." in asked.text
    assert "It did not take place" in told.text
    assert "Next: Schedule the internal handoff meeting — @Ana Lima" in office.card(office.ana, channel).text
    await office.goes_on(days=9)
    assert office.told(office.ana, "How did it go?") == []
    assert office.told(office.ben, LABEL) == ["Tue 24 Nov 16:30"]


@on_sqlite
async def test_asked_once_and_held_from_the_message(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await office.goes_on(days=5)
    assert office.told(office.ana, "How did it go?") == ["Tue 24 Nov 15:30"]
    asked = office.ana.dm().message("How did it go?")
    await office.ana.clicks("Held", into=asked)
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "Held, says @Ana Lima" in asked.text
    assert "Held, says @Ana Lima" in pack(office, channel).text


@on_sqlite
async def test_what_nobody_notes_is_asked_for_like_anything_owed_of_the_cover_too(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel, nth=1)
    await goes_away(office.ana, "2026-12-20", "Arjun Rao")
    await office.goes_on(until="2026-11-26 16:00")
    asked = office.arjun.dm().message("Say how the introduction went")
    await office.arjun.clicks("Introduction done", into=asked)
    assert await office.arjun.modal.submit() == {}
    await office.settles()
    assert "Held, says @Arjun Rao" in office.ana.conversation(channel).message("Customer introduction:").text


@on_sqlite
async def test_who_wants_no_reminders_gets_none(office: Office) -> None:
    channel = await accepted(office)
    await office.ben.types("/handoff settings", into="general")
    office.ben.modal.fill("How reminders come", "Off")
    assert await office.ben.modal.submit() == {}
    await schedules(office, channel)
    await office.goes_on(until="2026-11-24 15:00")
    assert office.told(office.ben, "Soon") == []
    assert office.told(office.ana, "Soon") == ["Tue 24 Nov 14:30"]


async def test_held_is_refused_until_cs_has_accepted_unless_a_leader_says_why(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await schedules(office, channel)
    assert "@Ben Okafor has not confirmed yet that the document was received" in pack(office, channel).text
    await office.ana.clicks("Held", into=channel)
    assert "It has not begun yet: move it first." in office.ana.ephemerals(channel)[-1].text
    await office.goes_on(until="2026-11-24 15:00")
    await office.ana.clicks("Held", into=channel)
    assert "@Ben Okafor has not confirmed yet" in office.ana.ephemerals(channel)[-1].text
    await office.leila.clicks("Held", into=channel)
    office.leila.modal.fill("Why it counts all the same", "We read it together on screen.")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert office.lines(office.ana, channel)[-1] == (
        "@Leila Haddad noted: the internal handoff meeting was held. "
        "CS had not accepted the document: “We read it together on screen.”"
    )


async def test_the_pack_is_about_this_customer_and_keeps_its_secrets(office: Office) -> None:
    channel = await with_secrets(office)
    await office.fills(office.ana, channel)
    await office.ben.types("/handoff ask Acme", into="general")
    office.ben.modal.fill("Your question", "Which freight system stays?")
    assert await office.ben.modal.submit() == {}
    await schedules(office, channel, Length="45 minutes")
    posted = pack(office, channel)
    for words in (
        "1. Document Review · 5 min",
        "2. Customer Context · 15 min",
        "Dispatchers retype each booking",
        "Helena Sorensen · Executive Sponsor",
        "Errors down — from 9 % to under 2 %",
        "AE on call for 14 days",
        "@Leila Haddad",
        "“Which freight system stays?” — @Ana Lima",
        "Who owns what",
    ):
        assert words in posted.text
    assert "Leon" not in posted.text
    await office.ana.clicks("Answer", into=office.ana.dm().last)
    office.ana.modal.fill("Your answer", "TruckBase.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "Which freight system stays?" not in posted.text  # redrawn: it is answered
    await office.ben.clicks("People and politics", into=channel)
    assert "Leon" in office.ben.modal.text()
    await office.arjun.clicks("People and politics", into=channel)
    assert "only" in office.arjun.ephemerals(channel)[-1].text


@on_sqlite
async def test_a_time_that_has_passed_is_refused_in_the_form(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.types("/handoff meetings Acme", into="general")
    await office.ana.modal.press("Schedule")
    office.ana.modal.fill("Day and time", datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert await office.ana.modal.submit() == {"Day and time": "Choose a time that lies ahead."}
    assert "scheduled" not in "".join(office.lines(office.ana, channel))


@on_sqlite
async def test_a_double_submit_schedules_and_moves_once(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.types("/handoff meetings", into=channel)
    await office.ana.modal.press("Schedule")
    await office.submits_twice(office.ana)
    assert len(invitations(office)) == 1
    assert len([line for line in office.lines(office.ana, channel) if "scheduled" in line]) == 1


@on_sqlite
async def test_a_form_opened_before_somebody_changed_the_meeting_changes_nothing(office: Office) -> None:
    channel = await accepted(office)
    await office.ben.types("/handoff meetings", into=channel)
    await office.ben.modal.press("Schedule")
    await schedules(office, channel)
    office.ben.modal.fill("Day and time", TUESDAY + timedelta(days=3))
    assert "Somebody has changed this meeting" in str(await office.ben.modal.submit())
    await office.ben.modal.close(everything=True)
    await office.ben.clicks("Call off", into=channel)
    assert "24 Nov 2026 15:00 UTC" in office.ben.modal.text()
    await moves(office, channel, TUESDAY + timedelta(days=1))
    assert "Somebody has changed this meeting" in str(await office.ben.modal.submit())
    await office.settles()
    assert f"{LABEL} 25 Nov 2026 15:00 UTC" in office.card(office.ana, channel).text
    assert len(invitations(office)) == 2


@on_sqlite
async def test_a_stranger_reads_and_changes_nothing(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await office.mia.types("/handoff meetings Acme", into="general")
    assert "30 minutes" in office.mia.modal.text()
    assert office.mia.modal.buttons == []
    (refused,) = await office.noah.types("/handoff meetings Acme", into="general")
    assert "Only the people of this handoff may read it." in refused.text


@on_sqlite
async def test_a_cancelled_handoff_takes_its_meeting_out_of_the_calendars(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await schedules(office, channel)
    posted = pack(office, channel)
    await office.cancels(office.ana, channel)
    assert [method for method, _ in invitations(office)] == ["REQUEST", "CANCEL"]
    assert "it was called off" in posted.text
    await office.goes_on(days=3)
    assert office.told(office.ben, LABEL) == []


@on_sqlite
@pytest.mark.parametrize("lost", ["drop_after", "500_after"])
async def test_slack_takes_it_without_saying_so_and_nothing_comes_twice(office: Office, lost: str) -> None:
    channel = await accepted(office)
    office.workspace.faults.add("files.completeUploadExternal", lost)
    await schedules(office, channel)
    await office.goes_on(minutes=5)
    assert len(pack(office, channel).replies) == 1
    office.workspace.faults.add("chat.postMessage", lost, times=3)
    await office.goes_on(until="2026-11-24 15:00")
    for who in (office.ana, office.ben, office.leila):
        assert len(office.told(who, "Soon")) == 1


@on_sqlite
async def test_baton_that_slept_over_the_beginning_does_not_say_soon(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await office.goes_on(until="2026-11-24 14:00")
    await office.closes()
    office.workspace.clock.move(timedelta(hours=1))
    await office.opens()
    await office.later(seconds=1)
    assert office.told(office.ben, "Soon") == []
    await moves(office, channel, TUESDAY + timedelta(days=1))
    await office.later(hours=-2)  # and with a clock that was set back
    await office.goes_on(until="2026-11-25 16:00")
    assert office.told(office.ben, LABEL) == ["Wed 25 Nov 14:30"]


@on_sqlite
async def test_what_is_called_off_while_the_channel_is_away_leaves_the_calendars_when_it_is_back(
    office: Office,
) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await office.loses(channel, "archive")
    await office.ana.types("/handoff meetings Acme", into="general")
    await office.ana.modal.press("Call off")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert [method for method, _ in invitations(office)] == ["REQUEST"]
    for _ in range(2):
        await unarchives(office, channel)
        assert [method for method, _ in invitations(office)] == ["REQUEST", "CANCEL"]
        await office.loses(channel, "archive")


@on_sqlite
async def test_a_channel_made_anew_gets_the_pack_and_the_file_again(office: Office) -> None:
    channel = await accepted(office)
    await schedules(office, channel)
    await office.loses(channel, "archive")
    known = set(office.ana.channels())
    await office.ana.clicks("Make a new channel", into=office.ana.dm().message("channel"))
    await office.settles()
    (new,) = set(office.ana.channels()) - known
    assert len(pack(office, new).replies) == 1
    await moves(office, new, TUESDAY + timedelta(hours=1))
    assert len(pack(office, new).replies) == 2
