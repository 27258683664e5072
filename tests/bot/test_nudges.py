"""The ladder of reminders, day by day: who hears what when, and who is left in peace."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from bot.events import Event
from bot.handoffs import Handoff
from bot.nudges import shifts
from bot.preferences import Nudging, Preferences
from bot.reminders import DeadlineMissed
from bot.teams import Lateness
from bot.timing import Fact
from tests.bot.ticking import Life, office, owing_document, refuse_nagging, refuse_what_is_unwelcome
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SALES_LEADER, TEAM, after, empty
from tests.happenings import (
    DAY,
    HOUR,
    accepted,
    cancelled,
    deal,
    in_review,
    introduced,
    noted,
    owners,
    returned,
    signed,
    submitted,
    utc,
    waits,
)

DOCUMENT, CONTACT, ASSIGN = "complete_document", "first_contact", "assign_csm"
LONG = 90 * DAY


# -- the ladder

MONDAY = NOW  # 23 November 2026, 9:00 in UTC; what is signed then is due on Tuesday at 9:00


SIX_DAYS = ["Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov", "Mon 30 Nov", "Tue 01 Dec"]


@pytest.mark.parametrize(
    ("zone", "first", "days"),
    [
        ("UTC", "17:00", ["Mon 23 Nov", *SIX_DAYS]),  # before people leave: when they come back, it is late
        ("Europe/Berlin", "09:00", [*SIX_DAYS, "Wed 02 Dec"]),  # the first an hour before it is due
        ("Asia/Kolkata", "09:00", [*SIX_DAYS, "Wed 02 Dec"]),
        ("America/New_York", "17:00", ["Mon 23 Nov", *SIX_DAYS]),
        ("Pacific/Apia", "16:00", [*SIX_DAYS, "Wed 02 Dec"]),  # three quarters of the time are over while they work
    ],
)
def test_an_owner_hears_in_the_hours_of_the_own_zone(zone: str, first: str, days: list[str]) -> None:
    life = owing_document(office(zones={AE: zone}))
    life.pass_time(MONDAY, MONDAY + LONG)
    assert life.reminders(AE) == [f"{days[0]} {first}", *(f"{day} 09:00" for day in days[1:])]
    assert len(life.reminders(SALES_LEADER)) == 1
    assert life.reminders(CS_LEADER) == life.reminders(CSM) == []


def test_public_holidays_are_kept_by_those_whose_they_are() -> None:
    bavarian = Preferences(country="DE-BY")
    life = owing_document(office({AE: bavarian}, zones={AE: "Europe/Berlin"}), utc("2026-12-23 09:00"))
    life.pass_time(utc("2026-12-23 09:00"), utc("2027-03-01 09:00"))
    days = ["Thu 24 Dec", "Mon 28 Dec", "Tue 29 Dec", "Wed 30 Dec", "Thu 31 Dec", "Mon 04 Jan", "Tue 05 Jan"]
    assert life.reminders(AE) == [f"{day} 09:00" for day in days]
    assert life.reminders(SALES_LEADER) == ["Wed 06 Jan 09:00"]  # Epiphany is the AE's day off alone


def test_working_time_may_decide_what_is_late() -> None:
    team = TEAM.model_copy(update={"lateness": Lateness.WORKING})
    life = owing_document(office(team=team), utc("2026-11-27 15:00"))  # Friday: three hours, and five on Monday
    life.pass_time(utc("2026-11-27 15:00"), utc("2026-12-01 08:00"))
    assert life.reminders(AE) == ["Mon 30 Nov 09:00"]
    assert [event.at for event in life.told if isinstance(event, DeadlineMissed)] == [utc("2026-11-30 14:00")]


def test_over_summer_time_mornings_stay_mornings() -> None:
    life = owing_document(office(zones={AE: "America/New_York"}), utc("2027-03-11 15:00"))
    life.pass_time(utc("2027-03-11 15:00"), utc("2027-03-17 15:00"))
    assert life.reminders(AE) == ["Fri 12 Mar 09:00", "Mon 15 Mar 09:00", "Tue 16 Mar 09:00", "Wed 17 Mar 09:00"]


def test_both_leaders_hear_that_nobody_has_spoken_to_the_customer() -> None:
    life = Life(after(empty(), signed()), office(), fixed=(CONTACT,))
    life.pass_time(NOW, NOW + LONG)
    assert life.reminders(CSM) == ["Tue 24 Nov 17:00", "Wed 25 Nov 09:00", "Thu 26 Nov 09:00", "Fri 27 Nov 09:00"]
    assert life.reminders(CS_LEADER) == life.reminders(SALES_LEADER) == ["Mon 30 Nov 09:00"]


@pytest.mark.parametrize(
    ("kind", "known", "told"),
    [
        (DOCUMENT, {"ae": SALES_LEADER}, {SALES_LEADER: 7}),
        (CONTACT, {"csm": CS_LEADER}, {CS_LEADER: 4, SALES_LEADER: 1}),
        (CONTACT, {"csm": SALES_LEADER}, {SALES_LEADER: 4, CS_LEADER: 1}),
        (DOCUMENT, {"ae": CS_LEADER}, {CS_LEADER: 7, SALES_LEADER: 1}),
    ],
)
def test_a_leader_who_owes_it_hears_nothing_of_it_as_a_leader(
    kind: str, known: dict[str, str], told: dict[str, int]
) -> None:
    life = Life(after(empty(**known), signed()), office(), fixed=(kind,))
    life.pass_time(NOW, NOW + LONG)
    assert {person: len(life.reminders(person)) for person in (AE, CSM, CS_LEADER, SALES_LEADER)} == {
        AE: 0, CSM: 0, CS_LEADER: 0, SALES_LEADER: 0} | told  # fmt: skip


def test_without_leaders_the_owner_alone_hears() -> None:
    life = owing_document(office(team=TEAM.model_copy(update={"cs_leader": None, "sales_leader": None})))
    life.pass_time(NOW, NOW + LONG)
    assert {one.event.to for one in life.heard} == {AE}
    assert life.watch(DOCUMENT).is_climbed(NOW + LONG)
    assert life.next_question(NOW + LONG) is None


@pytest.mark.parametrize(
    "end",
    [
        lambda: [submitted(at=NOW + 3 * DAY)],
        lambda: [cancelled(NOW + 3 * DAY)],
        lambda: waits(NOW + 3 * DAY, name=DOCUMENT)[:1],
    ],
    ids=["done", "cancelled", "waiting on the customer"],
)
def test_nobody_hears_of_what_is_over(end: Callable[[], list[Event]]) -> None:
    life = owing_document()
    life.pass_time(NOW, NOW + 3 * DAY)
    heard = len(life.heard)
    life.happen(*end())
    life.pass_time(NOW + 3 * DAY, NOW + 20 * DAY)
    assert heard == len(life.heard) == 4


def test_a_new_owner_begins_at_the_foot_of_the_ladder() -> None:
    life = owing_document()
    life.pass_time(NOW, NOW + 8 * DAY)
    life.happen(owners(CSM, ae="U0AE2", at=NOW + 8 * DAY))
    life.pass_time(NOW + 8 * DAY, NOW + LONG)
    assert len(life.reminders(AE)) == 7
    assert len(life.reminders("U0AE2")) == 6
    assert len(life.reminders(SALES_LEADER)) == 1


def test_each_phase_of_the_fading_is_asked_of_both() -> None:
    life = Life(introduced("at_kickoff"), office())
    life.pass_time(NOW, utc("2026-12-01 12:00"))  # the first phase ends on 30 November, in the evening
    assert life.reminders(AE) == life.reminders(CSM) == ["Mon 30 Nov 09:00", "Tue 01 Dec 09:00"]
    life.happen(noted(Fact.PHASE_OVER, at=utc("2026-12-01 12:00")))
    life.pass_time(utc("2026-12-01 12:00"), utc("2026-12-07 12:00"))
    assert life.reminders(AE)[2:] == life.reminders(CSM)[2:] == ["Fri 04 Dec 09:00", "Mon 07 Dec 18:00"][:1]


# -- what people settle


@pytest.mark.parametrize(
    ("settled", "first", "count"),
    [
        (Preferences(), "Mon 23 Nov 17:00", 7),
        (Preferences(nudging=Nudging.DAILY), "Tue 24 Nov 09:00", 6),
        (Preferences(any_hour=True), "Tue 24 Nov 03:00", 7),
        (Preferences(any_hour=True, quiet_from=time(22), quiet_to=time(7)), "Tue 24 Nov 07:00", 7),  # over midnight
        (Preferences(quiet_from=time(8), quiet_to=time(11)), "Mon 23 Nov 17:00", 7),
        (Preferences(quiet_from=time(17), quiet_to=time(9, 30)), "Tue 24 Nov 09:30", 6),
        (Preferences(day_starts=time(6), day_ends=time(12)), "Tue 24 Nov 06:00", 7),
        (Preferences(workdays=(2, 3)), "Wed 25 Nov 09:00", 6),
        (Preferences(nudging=Nudging.DAILY, any_hour=True), "Tue 24 Nov 09:00", 6),
    ],
)
def test_reminders_come_when_they_are_welcome(settled: Preferences, first: str, count: int) -> None:
    life = owing_document(office({AE: settled}))
    life.pass_time(NOW, NOW + LONG)
    assert life.reminders(AE)[0] == first
    assert len(life.reminders(AE)) == count
    for one in life.heard:
        refuse_what_is_unwelcome(one)


def test_a_daily_summary_waits_for_the_morning() -> None:
    life = owing_document(office({AE: Preferences(nudging=Nudging.DAILY)}), utc("2026-11-23 15:00"))
    life.pass_time(utc("2026-11-23 15:00"), NOW + 2 * DAY)
    assert life.reminders(AE) == ["Tue 24 Nov 09:00", "Wed 25 Nov 09:00"]  # due on Tuesday at 15:00


def test_whose_reminders_are_off_hears_nothing_but_the_leader_does() -> None:
    life = owing_document(office({AE: Preferences(nudging=Nudging.OFF)}))
    life.pass_time(NOW, NOW + LONG)
    assert life.reminders(AE) == []
    assert life.reminders(SALES_LEADER) == ["Tue 24 Nov 09:00"]  # as soon as it is late


@pytest.mark.parametrize(("answered", "told"), [(NOW + DAY, "Wed 25 Nov 09:00"), (NOW + 3 * HOUR, "Tue 24 Nov 11:00")])
def test_whose_reminders_are_off_is_not_told_on_before_it_is_late(answered: datetime, told: str) -> None:
    life = owing_document(office({AE: Preferences(nudging=Nudging.OFF)}))
    life.happen(*waits(NOW + HOUR, answered, DOCUMENT))
    life.pass_time(answered, NOW + LONG)
    assert [one.event.to for one in life.heard] == [SALES_LEADER]
    assert life.reminders(SALES_LEADER) == [told]


# -- clocks that jump, and Baton asleep


def test_a_clock_that_jumps_an_hour_forward_and_back_reminds_once() -> None:
    life = owing_document()
    for minutes in (60, 0, 30, -30, 60, 120):
        life.ask(NOW + DAY + timedelta(minutes=minutes))
    assert life.reminders(AE) == ["Tue 24 Nov 10:00"]


@pytest.mark.parametrize("wrong", [timedelta(days=365), timedelta(days=-365)])
def test_a_clock_that_was_wrong_by_a_year_silences_nobody_for_a_year(wrong: timedelta) -> None:
    life = owing_document()
    life.ask(NOW + DAY + wrong)
    heard = len(life.heard)
    life.pass_time(NOW + 2 * DAY, NOW + 6 * DAY)
    assert life.reminders(AE)[heard:] == ["Wed 25 Nov 09:00", "Thu 26 Nov 09:00", "Fri 27 Nov 09:00"]
    refuse_nagging(life.heard)


def test_after_a_week_asleep_there_is_one_reminder_and_not_seven() -> None:
    life = owing_document()
    life.pass_time(NOW + 8 * DAY, NOW + 8 * DAY + 8 * HOUR)
    assert life.reminders(AE) == ["Tue 01 Dec 09:00"]
    assert life.reminders(SALES_LEADER) == []
    assert [type(event).__name__ for event in life.told] == ["DeadlineMissed", "Nudged"]


# -- what Baton says of itself


@pytest.mark.parametrize(
    ("handoff", "event", "moved"),
    [
        (empty(csm=None, expected_close=date(2026, 12, 31)), deal(close=date(2027, 1, 31)), ["alert_cs", ASSIGN]),
        (empty(csm=None), deal(close=date(2027, 1, 31)), ["alert_cs", ASSIGN]),
        (empty(csm=None), deal("during_sales"), [ASSIGN]),
        (empty(csm=None, expected_close=date(2026, 12, 31)), deal(close=date(2026, 12, 31), segment="enterprise"), []),
        (introduced("phased"), deal("at_close"), ["fade_to_background", "lead_relationship"]),
        (in_review(), deal("phased"), []),
    ],
)
def test_what_another_deal_would_move_is_said_before(handoff: Handoff, event: Any, moved: list[str]) -> None:
    found = shifts(event, handoff, PLAYBOOK, office())
    assert [shift.rule.id for shift in found] == moved
    assert all(shift.before != shift.after for shift in found)


@pytest.mark.parametrize("person", [AE, CSM])
def test_the_next_reminder_is_told_as_it_will_come(person: str) -> None:
    life = Life(after(in_review(), returned(NOW), submitted(2, NOW), accepted(NOW)), office())
    life.ask(NOW)
    for watch in [life.watch(kind) for kind in ("schedule_internal_meeting", "prepare_questions")]:
        coming = watch.next_reminder(NOW)
        assert coming
        if coming[0] == person:
            life.pass_time(NOW, coming[1])
            assert life.heard[-1].event.at == coming[1]
            assert person in {one.event.to for one in life.heard}
