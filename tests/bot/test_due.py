"""When a deadline is due on both clocks, with the pauses of waiting on the customer, and who owes it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import Calendar
from bot.deadlines import owner_of
from bot.events import Event
from bot.reminders import DeadlineReassigned
from bot.teams import Lateness
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, SE, after, empty
from tests.happenings import (
    DAY,
    HOUR,
    accepted,
    deal,
    due,
    noted,
    owners,
    returned,
    rule,
    signed,
    submitted,
    utc,
    waits,
)

# -- when it is due

FRIDAY = utc("2026-11-27 15:00")  # 16:00 in Berlin, with two working hours to go


@pytest.mark.parametrize(
    ("events", "name", "wall", "working"),
    [
        ([signed(FRIDAY)], "complete_document", "2026-11-28 15:00", "2026-11-30 14:00"),
        ([signed(FRIDAY)], "first_contact", "2026-11-29 15:00", "2026-12-01 13:00"),
        ([submitted(at=FRIDAY)], "review_document", "2026-11-28 15:00", "2026-11-30 14:00"),
        ([submitted(), returned(FRIDAY)], "fix_returned", "2026-11-28 15:00", "2026-11-30 14:00"),
        ([submitted(), accepted(FRIDAY)], "schedule_internal_meeting", "2026-11-29 15:00", "2026-12-01 13:00"),
        ([submitted(), accepted(FRIDAY)], "prepare_questions", "2026-11-29 15:00", "2026-12-01 13:00"),
        (
            [submitted(), accepted(), noted(Fact.INTERNAL_MEETING_HELD, at=FRIDAY)],
            "schedule_introduction",
            "2026-11-28 15:00",
            "2026-11-30 14:00",
        ),
        (
            [submitted(), accepted(), noted(Fact.INTERNAL_MEETING_HELD, at=FRIDAY)],
            "prepare_introduction",
            "2026-11-28 15:00",
            "2026-11-30 14:00",
        ),
    ],
)
def test_both_clocks_give_each_target(events: Iterable[Event], name: str, wall: str, working: str) -> None:
    handoff = after(empty(), *events)
    assert due(handoff, name) == utc(wall)
    assert due(handoff, name, lateness=Lateness.WORKING) == utc(working)


@pytest.mark.parametrize(
    ("known", "events", "alert", "assign"),
    [
        ({}, [], None, None),
        ({"expected_close": date(2026, 12, 31)}, [], "2026-12-17 17:00", "2026-12-24 17:00"),
        ({"expected_close": date(2026, 12, 3)}, [], "2026-11-23 10:00", "2026-11-26 17:00"),  # nearer than 14 days
        ({"expected_close": date(2026, 11, 25)}, [], "2026-11-23 10:00", "2026-11-23 10:00"),  # nearer than 7: at once
        ({"expected_close": date(2026, 11, 1)}, [], "2026-11-23 10:00", "2026-11-23 10:00"),
        ({}, [signed(NOW + DAY)], "2026-11-24 10:00", "2026-11-24 10:00"),  # signed: an hour is left
        ({"expected_close": date(2026, 12, 31)}, [signed(NOW + DAY)], "2026-11-24 10:00", "2026-11-24 10:00"),
        ({}, [deal(close=date(2026, 12, 31))], "2026-12-17 17:00", "2026-12-24 17:00"),
        ({"expected_close": date(2026, 12, 3)}, [deal(close=date(2027, 4, 1))], "2027-03-18 17:00", "2027-03-25 17:00"),
        ({"expected_close": date(2027, 4, 8)}, [], "2027-03-25 17:00", "2027-04-01 16:00"),  # summer time began between
        ({"expected_close": date(2026, 12, 31)}, [deal(close=None)], None, None),
        ({"timing_model": "during_sales"}, [], None, "2026-11-24 09:00"),
    ],
)
def test_what_is_counted_back_from_the_close(
    known: dict[str, Any], events: list[Event], alert: str | None, assign: str | None
) -> None:
    handoff = after(empty(csm=None, **known), *events)
    assert due(handoff, "alert_cs") == (utc(alert) if alert else None)
    assert due(handoff, "assign_csm") == (utc(assign) if assign else None)


def test_another_timing_model_counts_from_when_it_was_chosen() -> None:
    handoff = after(empty(csm=None), deal("during_sales", at=NOW + 3 * DAY))
    assert due(handoff, "assign_csm") == NOW + 4 * DAY
    back = after(handoff, deal("at_close", close=date(2026, 12, 31), at=NOW + 5 * DAY))
    assert due(back, "assign_csm") == utc("2026-12-24 17:00")


def test_who_was_named_long_ago_is_not_named_anew_by_another_timing_model() -> None:
    named = after(empty(csm=None), owners(CSM, at=NOW + DAY))
    assert after(named, deal("during_sales", at=NOW + 9 * DAY)).awaited["assign_csm"] == named.awaited["assign_csm"]


# -- pauses


MONDAY = utc("2026-11-23 09:00")  # ten o'clock in Berlin


@pytest.mark.parametrize(
    ("pauses", "now", "wall", "working"),
    [
        ([], "2026-11-23 09:00", "2026-11-24 09:00", "2026-11-23 17:00"),
        (waits(MONDAY, MONDAY + 2 * HOUR), "2026-11-23 12:00", "2026-11-24 11:00", "2026-11-24 10:00"),
        (waits(MONDAY, MONDAY + DAY), "2026-11-25 09:00", "2026-11-25 09:00", "2026-11-24 17:00"),
        (waits(MONDAY + 9 * HOUR, MONDAY + 22 * HOUR), "2026-11-25 09:00", "2026-11-24 22:00", "2026-11-23 17:00"),
        (
            [*waits(MONDAY, MONDAY + HOUR), *waits(MONDAY + 3 * HOUR, MONDAY + 4 * HOUR)],
            "2026-11-25 09:00",
            "2026-11-24 11:00",
            "2026-11-24 10:00",
        ),
        (waits(MONDAY), "2026-11-23 11:30", "2026-11-24 11:30", "2026-11-24 10:30"),  # and it goes on
        (waits(MONDAY + 2 * DAY, MONDAY + 4 * DAY), "2026-11-30 09:00", "2026-11-24 09:00", "2026-11-23 17:00"),  # late
    ],
    ids=["none", "two hours", "a day", "a night", "twice", "going on", "after it was due"],
)
def test_while_the_customer_is_waited_for_the_clock_stands(
    pauses: list[Event], now: str, wall: str, working: str
) -> None:
    handoff = after(empty(), signed(MONDAY), *pauses)
    assert due(handoff, "complete_document", now=utc(now)) == utc(wall)
    assert due(handoff, "complete_document", now=utc(now), lateness=Lateness.WORKING) == utc(working)


lengths = st.timedeltas(timedelta(0), 20 * DAY)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(
    start=moments,
    stretches=st.lists(st.tuples(lengths, lengths), max_size=4),
    zone=st.sampled_from(ZONES),
    lateness=st.sampled_from(Lateness),
    running=st.booleans(),
    name=st.sampled_from(["complete_document", "first_contact"]),
)
@settings(max_examples=150, deadline=None)
def test_a_pause_moves_the_due_by_what_it_lasted_on_the_deciding_clock(
    start: datetime,
    stretches: list[tuple[timedelta, timedelta]],
    zone: str,
    lateness: Lateness,
    running: bool,
    name: str,
) -> None:
    calendar, handoff, now = Calendar(zone), after(empty(), signed(start)), start
    expected = due(handoff, name, calendar=calendar, lateness=lateness)
    for number, (gap, length) in enumerate(stretches):
        begin, now = now + gap, now + gap + length
        goes_on = running and number == len(stretches) - 1
        handoff = after(handoff, *waits(begin, None if goes_on else now, name))
        assert expected is not None
        if begin < expected and lateness is Lateness.WALL:
            expected += length
        elif begin < expected:
            expected = calendar.after(expected, worked) if (worked := calendar.working_time(begin, now)) else expected
        moved = due(handoff, name, calendar=calendar, lateness=lateness, now=now)
        assert moved == expected
        assert expected >= start


@pytest.mark.parametrize("lateness", Lateness)
def test_a_clock_that_was_set_back_takes_no_time_away(lateness: Lateness) -> None:
    plain, year = after(empty(), signed(MONDAY)), 365 * DAY
    handoff = after(plain, *waits(MONDAY + HOUR, MONDAY - year))
    wanted = due(plain, "complete_document", lateness=lateness)
    assert due(handoff, "complete_document", lateness=lateness) == wanted
    running = after(plain, *waits(MONDAY + HOUR))
    assert due(running, "complete_document", lateness=lateness, now=MONDAY - year) == wanted


# -- who owes it


@pytest.mark.parametrize(
    ("name", "known", "leader", "owner"),
    [
        ("complete_document", {}, CS_LEADER, AE),
        ("first_contact", {}, CS_LEADER, CSM),
        ("first_contact", {"csm": None}, CS_LEADER, CS_LEADER),  # who should have named one
        ("first_contact", {"csm": None}, None, AE),
        ("assign_csm", {"csm": None}, CS_LEADER, CS_LEADER),
        ("assign_csm", {"csm": None}, None, AE),
    ],
)
def test_somebody_owes_it(name: str, known: dict[str, Any], leader: str | None, owner: str) -> None:
    handoff = after(empty(**known), signed())
    assert owner_of(rule(name), handoff, leader) == owner


def test_what_was_given_to_somebody_else_is_theirs() -> None:
    given_away = DeadlineReassigned(by=CS_LEADER, at=NOW, deadline="assign_csm", to=SE)
    assert owner_of(rule("assign_csm"), after(empty(csm=None), given_away), CS_LEADER) == SE


def test_the_part_of_an_owner_goes_with_the_owner() -> None:
    handoff = after(empty(), signed(), owners("U0CSM2", ae="U0AE2"))
    assert owner_of(rule("complete_document"), handoff, None) == "U0AE2"
    assert owner_of(rule("first_contact"), handoff, None) == "U0CSM2"
