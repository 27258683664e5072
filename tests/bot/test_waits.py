"""Putting a deadline off: how long a snooze rests, what waiting needs, whose it becomes, and what is refused."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from bot import waits
from bot.calendars import Calendar
from bot.events import Event, OwnersChanged
from bot.handoffs import Handoff
from bot.nudges import Watch, watches
from bot.preferences import Preferences
from bot.refusals import Refusal
from bot.reminders import DeadlineReassigned, WaitingBegan
from bot.waits import Rest
from tests.bot.ticking import office
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SE, TODAY, after, empty
from tests.happenings import DAY, HOUR, cancelled, signed, submitted, utc
from tests.happenings import waits as waiting

BERLIN = {AE: "Europe/Berlin", CSM: "Europe/Berlin"}


def owed(deadline: str, handoff: Handoff | None = None) -> Watch:
    """A deadline of a signed handoff, whose people work in Berlin."""
    return waits.find(watches(handoff or after(empty(se=SE), signed()), PLAYBOOK, office(zones=BERLIN)), deadline)


@pytest.mark.parametrize(
    ("rest", "now", "until"),
    [
        (Rest.HOUR, "2026-11-27 16:30", "2026-11-27 17:30"),
        (Rest.TOMORROW, "2026-11-27 16:30", "2026-11-28 08:00"),  # Saturday: whoever wants it then, says so
        (Rest.TOMORROW, "2026-11-27 23:30", "2026-11-29 08:00"),  # it is Saturday there already
        (Rest.WORKDAY, "2026-11-27 16:30", "2026-11-30 08:00"),
        (Rest.TOMORROW, "2027-03-27 12:00", "2027-03-28 07:00"),  # summer time begins in that night
    ],
)
def test_how_long_a_snooze_rests(rest: Rest, now: str, until: str) -> None:
    assert waits.rest_until(rest, Calendar("Europe/Berlin"), utc(now)) == utc(until)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (NOW, "Choose a moment that is still to come."),
        (NOW - HOUR, "Choose a moment that is still to come."),
        (NOW + 93 * DAY, "That is more than three months away."),
    ],
)
def test_a_snooze_ends_in_this_quarter(until: datetime, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        waits.snooze(owed("complete_document"), until, by=AE, now=NOW)
    assert list(refused.value.fields) == ["until"]


def test_waiting_has_a_reason_and_a_day_and_ends_in_the_morning_of_whoever_owes_it() -> None:
    began = waits.wait(owed("complete_document"), "  Legal is on holiday ", date(2026, 12, 1), by=CSM, now=NOW)
    assert (began.reason, began.until, began.by) == ("Legal is on holiday", utc("2026-12-01 08:00"), CSM)


@pytest.mark.parametrize(
    ("reason", "day", "fields", "words"),
    [
        ("", date(2026, 12, 1), ["reason"], "Say what you are waiting for"),
        (" \n ", date(2026, 12, 1), ["reason"], "Say what you are waiting for"),
        ("Legal", None, ["look_again"], "Choose a day after today"),
        ("Legal", TODAY, ["look_again"], "Choose a day after today"),
        ("Legal", TODAY + 93 * DAY, ["look_again"], "more than three months away"),
        ("x" * 501, date(2026, 12, 1), ["reason"], "has 501 characters; the most is 500"),
    ],
)
def test_what_waiting_needs_is_said_under_its_field(
    reason: str, day: date | None, fields: list[str], words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        waits.wait(owed("complete_document"), reason, day, by=AE, now=NOW)
    assert list(refused.value.fields) == fields


def test_who_waits_on_knows_only_the_new_reason_and_day() -> None:
    first = after(empty(), signed(), *waiting(NOW))
    watch = owed("complete_document", first)
    again = after(first, waits.wait(watch, "They ask for one more day", date(2026, 11, 25), by=CSM, now=NOW + HOUR))
    pause = again.awaited["complete_document"].pause
    assert pause
    assert (pause.reason, pause.since, pause.by) == ("They ask for one more day", NOW, CSM)


def test_only_a_clock_that_stands_can_run_again() -> None:
    with pytest.raises(Refusal, match="runs already"):
        waits.resume(owed("complete_document"), by=AE, now=NOW)
    paused = after(empty(), signed(), *waiting(NOW))
    resumed = after(paused, waits.resume(owed("complete_document", paused), by=AE, now=NOW + DAY))
    entry = resumed.awaited["complete_document"]
    assert (entry.pause, entry.pauses) == (None, ((NOW, NOW + DAY),))


@pytest.mark.parametrize(
    ("deadline", "known", "to", "event"),
    [
        ("complete_document", {}, "U0AE2", OwnersChanged(by=AE, at=NOW, ae="U0AE2", csm=CSM, se=SE)),
        ("first_contact", {}, "U0CSM2", OwnersChanged(by=AE, at=NOW, ae=AE, csm="U0CSM2", se=SE)),
        ("first_contact", {"csm": None}, "U0CSM2", OwnersChanged(by=AE, at=NOW, ae=AE, csm="U0CSM2", se=SE)),
        ("assign_csm", {"csm": None}, SE, DeadlineReassigned(by=AE, at=NOW, deadline="assign_csm", to=SE)),
    ],
)
def test_what_is_not_mine_is_somebody_elses(deadline: str, known: dict[str, None], to: str, event: Event) -> None:
    watch = owed(deadline, after(empty(se=SE, **known), signed()))
    assert waits.reassign(watch, to, by=AE, now=NOW) == event
    passed_on = after(watch.handoff, event)
    assert [one.owner for one in watches(passed_on, PLAYBOOK, office()) if one.rule.id == deadline] == [to]


@pytest.mark.parametrize(
    ("to", "words"), [(None, "Name who takes it"), ("", "Name who takes it"), (AE, "with this person already")]
)
def test_it_is_given_to_somebody_else_and_to_somebody(to: str | None, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        waits.reassign(owed("complete_document"), to, by=AE, now=NOW)


@pytest.mark.parametrize(
    ("handoff", "words"),
    [
        (after(empty(), signed(), submitted()), f"This is done, by <@{AE}>: there is nothing left to put off."),
        (after(empty(), signed(), cancelled()), "This handoff is cancelled: there is nothing left to put off."),
        (empty(), "This is done: there is nothing left to put off."),
    ],
    ids=["done", "cancelled", "not begun"],
)
def test_what_is_not_owed_is_not_put_off(handoff: Handoff, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        owed("complete_document", handoff)
    assert refused.value.words == words


def wait_for_a_day(watch: Watch) -> WaitingBegan:
    """Wait until tomorrow."""
    return waits.wait(watch, "?", TODAY + DAY, by=AE, now=NOW)


def snooze_for_an_hour(watch: Watch) -> Event:
    """No reminder for an hour."""
    return waits.snooze(watch, NOW + HOUR, by=AE, now=NOW)


@pytest.mark.parametrize("put_off", [wait_for_a_day, snooze_for_an_hour])
def test_what_is_done_is_put_off_no_more(put_off: Callable[[Watch], Event]) -> None:
    watch = owed("complete_document")
    done = after(watch.handoff, put_off(watch), submitted(at=NOW + timedelta(minutes=5)))
    entry = done.awaited["complete_document"]
    assert (entry.pause, entry.snooze) == (None, None)


def test_the_day_to_look_again_begins_when_the_owner_does() -> None:
    people = office({AE: Preferences(day_starts=time(6, 30))}, zones={AE: "Asia/Kolkata"})
    watch = waits.find(watches(after(empty(), signed()), PLAYBOOK, people), "complete_document")
    assert wait_for_a_day(watch).until == utc("2026-11-24 01:00")
    assert people.calendar(CS_LEADER).zone == "UTC"
