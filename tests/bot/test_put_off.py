"""Reminders that are put off, by a snooze or by the customer, and the asking for a CSM."""

from datetime import date, datetime

import pytest

from bot.events import Event
from bot.preferences import Nudging, Preferences
from bot.promises import PromiseAssigned
from bot.questions import QuestionAsked, QuestionPassed
from bot.reminders import Snoozed
from bot.timing import Fact
from tests.bot.ticking import COVER, Life, office, owing_document
from tests.examples import AE, CS_LEADER, CSM, NOW, SALES_LEADER, after, empty, written
from tests.happenings import (
    DAY,
    HOUR,
    accepted,
    deal,
    noted,
    owners,
    signed,
    submitted,
    utc,
    waits,
)

DOCUMENT, ASSIGN = "complete_document", "assign_csm"
LONG = 90 * DAY


def snoozed(until: datetime, at: datetime, name: str = DOCUMENT) -> Snoozed:
    """Somebody wants to hear of it later."""
    return Snoozed(by=AE, at=at, deadline=name, until=until)


def test_after_a_snooze_it_comes_again_on_the_same_day() -> None:
    life = owing_document()
    life.pass_time(NOW, NOW + DAY)
    life.happen(snoozed(NOW + DAY + HOUR, NOW + DAY))
    life.pass_time(NOW + DAY, NOW + 2 * DAY)
    assert life.reminders(AE) == ["Mon 23 Nov 17:00", "Tue 24 Nov 09:00", "Tue 24 Nov 10:00", "Wed 25 Nov 09:00"]


def test_a_snooze_that_ends_at_night_is_held_until_the_morning() -> None:
    life = owing_document()
    life.pass_time(NOW, NOW + DAY)
    life.happen(snoozed(NOW + DAY + 12 * HOUR, NOW + DAY))
    life.pass_time(NOW + DAY, NOW + 2 * DAY)
    assert life.reminders(AE) == ["Mon 23 Nov 17:00", "Tue 24 Nov 09:00", "Wed 25 Nov 09:00"]


def test_who_snoozes_when_the_leader_would_hear_only_delays_it() -> None:
    life = owing_document()
    life.pass_time(NOW, utc("2026-12-01 10:00"))  # the whole ladder but for the leader
    for _ in range(3):
        life.happen(snoozed(utc("2026-12-01 12:00"), utc("2026-12-01 10:00")))
    life.pass_time(utc("2026-12-01 10:00"), NOW + LONG)
    assert life.reminders(AE)[-1] == "Tue 01 Dec 12:00"
    assert life.reminders(SALES_LEADER) == ["Wed 02 Dec 09:00"]
    life.happen(snoozed(NOW + LONG + DAY, NOW + LONG))
    life.pass_time(NOW + LONG, NOW + 2 * LONG)
    assert len(life.reminders(SALES_LEADER)) == 1  # and never twice


def test_a_snooze_between_two_leaders_tells_neither_twice() -> None:
    people = office(zones={SALES_LEADER: "America/New_York"})  # who begins to work after the CS leader
    life = Life(after(empty(), signed()), people, fixed=("first_contact",))
    now = life.pass_time(NOW, utc("2026-11-30 12:00"))
    assert (len(life.reminders(CS_LEADER)), len(life.reminders(SALES_LEADER))) == (1, 0)
    life.happen(snoozed(now + 2 * HOUR, now, "first_contact"))
    life.pass_time(now, NOW + LONG)
    assert (len(life.reminders(CS_LEADER)), len(life.reminders(SALES_LEADER))) == (1, 1)


def test_a_leader_may_snooze_for_somebody_whose_reminders_are_off() -> None:
    life = owing_document(office({AE: Preferences(nudging=Nudging.OFF)}))
    life.happen(snoozed(utc("2026-12-10 09:00"), NOW))
    life.pass_time(NOW, NOW + LONG)
    assert life.reminders(SALES_LEADER) == ["Thu 10 Dec 09:00"]


def test_on_the_day_to_look_again_it_is_asked_and_the_time_of_waiting_is_given_back() -> None:
    life = owing_document()
    life.happen(*waits(NOW + HOUR, name=DOCUMENT))
    look = life.watch(DOCUMENT).entry.pause
    assert look
    life.pass_time(NOW + HOUR, look.until + HOUR)
    assert [f"{one.event.at:%d %b %H:%M}" for one in life.heard] == [f"{look.until:%d %b %H:%M}"]
    assert life.watch(DOCUMENT).due(look.until) == NOW + DAY + (look.until - NOW - HOUR)


def test_waiting_ends_although_nobody_knows_when_it_is_due() -> None:
    life = Life(empty(csm=None, expected_close=date(2026, 12, 31)), office(), fixed=("alert_cs",))
    life.happen(*waits(NOW, name="alert_cs"), deal(close=None, at=NOW + HOUR))
    life.pass_time(NOW + HOUR, NOW + LONG)
    assert life.watch("alert_cs").entry.pause is None


CONTACT, PROMISE, QUESTION = "first_contact", "keep_promise.1", "answer_question.1"
PROMISED = [{"id": "1", "commitment": "SSO", "due": "2026-11-30"}]
ASKED = QuestionAsked(by=CSM, at=NOW, question=1, about="", words="?")


@pytest.mark.parametrize(
    ("name", "change", "heir"),
    [
        (CONTACT, owners(COVER), COVER),
        (PROMISE, owners(COVER), COVER),
        (PROMISE, PromiseAssigned(by=CSM, at=NOW, row="1", promised="SSO", owner=COVER), COVER),
        (QUESTION, owners(CSM, ae=COVER), COVER),
        (QUESTION, QuestionPassed(by=AE, at=NOW, question=1, about="", to=COVER), COVER),
    ],
    ids=["CSM", "promise of the CSM", "promise given on", "question to the AE", "question passed on"],
)
def test_a_snooze_is_of_whom_it_was_and_does_not_silence_who_comes_after(name: str, change: Event, heir: str) -> None:
    handoff = after(empty(), signed(), *(() if name == CONTACT else (submitted(), accepted())))
    handoff = after(written(handoff, "promises_and_commitments", promised=PROMISED), ASKED)
    life = Life(handoff, office(), fixed=(name,))
    life.happen(snoozed(NOW + 80 * DAY, NOW, name))
    life.happen(change)
    life.pass_time(NOW, NOW + LONG)
    assert life.heard
    assert {one.event.to for one in life.heard} >= {heir}
    assert life.heard[0].event.at < NOW + 9 * DAY


def test_a_snooze_outlives_a_change_that_gives_it_to_nobody_else() -> None:
    life = owing_document()
    life.happen(snoozed(NOW + 10 * DAY, NOW), owners(COVER))
    life.pass_time(NOW, NOW + LONG)
    assert life.heard[0].event.at >= NOW + 10 * DAY


# -- the CS leader is asked for a CSM


def test_who_alerts_cs_lets_the_leader_be_asked_at_once_with_or_without_a_close() -> None:
    for close in (None, date(2027, 1, 31)):
        life = Life(empty(csm=None, expected_close=close), office(), fixed=(ASSIGN,))
        life.pass_time(NOW, NOW + HOUR)
        life.happen(noted(Fact.CS_ALERTED, at=NOW + HOUR))
        life.pass_time(NOW + HOUR, NOW + 10 * DAY)
        assert life.reminders(CS_LEADER) == ["Mon 23 Nov 10:00"]


def test_what_is_due_at_once_is_asked_at_once() -> None:
    life = Life(empty(csm=None, expected_close=date(2026, 11, 25)), office(), fixed=(ASSIGN,))
    life.pass_time(NOW, NOW + LONG)
    assert life.reminders(CS_LEADER)[:2] == ["Mon 23 Nov 09:00", "Tue 24 Nov 09:00"]
    assert {one.event.to for one in life.heard} == {CS_LEADER}


def test_a_close_that_moves_moves_the_reminders() -> None:
    life = Life(empty(csm=None, expected_close=date(2026, 12, 9)), office(), fixed=(ASSIGN,))
    life.pass_time(NOW, utc("2026-12-04 12:00"))
    assert life.reminders(CS_LEADER) == ["Mon 30 Nov 09:45", "Thu 03 Dec 09:00", "Fri 04 Dec 09:00"]
    life.happen(deal(close=date(2027, 1, 31), at=utc("2026-12-04 12:00")))
    life.pass_time(utc("2026-12-04 12:00"), utc("2027-01-12 08:00"))
    assert len(life.reminders(CS_LEADER)) == 4
    assert life.reminders(CS_LEADER)[-1] == "Mon 11 Jan 09:00"
