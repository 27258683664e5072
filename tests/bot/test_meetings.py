"""Meetings: who may have a time when, what a move and a cancellation say, and when it counts as held."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import meetings
from bot.agendas import MeetingPlan
from bot.calendars import Calendar
from bot.consequences import errands_of
from bot.errands import Kind, Picture
from bot.events import (
    ChannelOpened,
    ChannelRetried,
    ContractSigned,
    HandoffCancelled,
    HandoffReopened,
    StepNoted,
    StepTakenBack,
)
from bot.facts import has
from bot.handoffs import CALL, Handoff, Stage
from bot.meetings import FirstContactMade, MeetingFellThrough, MeetingHeld, MeetingScheduled, Way
from bot.records import MeetingEnd, MeetingKind
from bot.refusals import Refusal
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SE, TEAM, after, at

INTERNAL, INTRODUCTION = MeetingKind
AT, WEEK = NOW + timedelta(days=2), timedelta(days=7)
FORM = {"minutes": "30", "attendees": f"{AE},{CSM}", "place": " Room 4 "}
SIGNED = ContractSigned(by=AE, at=NOW, signed_at=NOW)


def at_accepted() -> Handoff:
    """CS has accepted."""
    return after(at(Stage.ACCEPTED, se=SE), SIGNED)


def scheduled(handoff: Handoff, kind: MeetingKind = INTERNAL, at: datetime = AT, **typed: str) -> Handoff:
    """The handoff with that meeting at that time."""
    plan = PLAYBOOK.meeting(kind)
    seen = meetings.sequence_of(handoff, kind)
    return after(handoff, meetings.schedule(handoff, plan, FORM | typed, at, seen=seen, by=AE, now=NOW))


def held(handoff: Handoff, kind: MeetingKind = INTERNAL, **typed: str) -> Handoff:
    """The handoff after that meeting."""
    return after(handoff, meetings.hold(handoff, kind, typed, by=AE, is_leader=False, now=AT))


def off(handoff: Handoff, end: MeetingEnd = MeetingEnd.CALLED_OFF, now: datetime = AT) -> Handoff:
    """The handoff after its internal meeting did not take place."""
    seen = meetings.sequence_of(handoff, INTERNAL)
    return after(handoff, meetings.fall_through(handoff, INTERNAL, end, "ill", seen=seen, by=AE, now=now))


# -- scheduling


def test_it_is_scheduled_as_the_form_says_and_met_what_asked_for_it() -> None:
    handoff = scheduled(at_accepted())
    meeting = handoff.meetings[INTERNAL]
    assert (meeting.at, meeting.minutes, meeting.attendees, meeting.place) == (AT, 30, (AE, CSM), "Room 4")
    assert (meeting.sequence, meeting.remind_at) == (0, AT - timedelta(minutes=30))
    assert meeting.ends_at == AT + timedelta(minutes=30)
    assert has(Fact.INTERNAL_MEETING_SCHEDULED, handoff, PLAYBOOK)
    assert not handoff.awaited["schedule_internal_meeting"].is_open


@pytest.mark.parametrize(
    ("when", "typed", "blamed"),
    [
        (None, {}, {"at": "Choose day and time."}),
        (NOW, {}, {"at": "Choose a time that lies ahead."}),
        (AT, {"minutes": "31"}, {"minutes": "Choose how long it takes."}),
        (AT, {"minutes": ""}, {"minutes": "Choose how long it takes."}),
        (AT, {"attendees": ""}, {"attendees": "Name who takes part."}),
        (AT, {"place": "x" * 301}, {"place": None}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_at_its_field(
    when: datetime | None, typed: dict[str, str], blamed: dict[str, str | None]
) -> None:
    handoff = at_accepted()
    with pytest.raises(Refusal) as refused:
        meetings.schedule(handoff, PLAYBOOK.meeting(INTERNAL), FORM | typed, when, seen=-1, by=AE, now=NOW)
    assert refused.value.fields.keys() == blamed.keys()
    assert all(words in (None, refused.value.fields[field]) for field, words in blamed.items())


def test_a_move_keeps_the_uid_and_raises_the_sequence_and_the_same_again_is_nothing() -> None:
    first = scheduled(at_accepted())
    moved = scheduled(first, at=AT + timedelta(hours=1))
    before, now = first.meetings[INTERNAL], moved.meetings[INTERNAL]
    assert (now.uid, now.sequence, now.edition) == (before.uid, 1, before.edition)
    same = meetings.schedule(moved, PLAYBOOK.meeting(INTERNAL), FORM, now.at, seen=0, by=CSM, now=NOW)
    assert same is None
    elsewhere = scheduled(moved, at=now.at, place="Room 5")
    assert elsewhere.meetings[INTERNAL].sequence == 2


def test_what_did_not_take_place_is_owed_again_and_another_one_is_another_round_of_the_same_uid() -> None:
    lost = off(scheduled(at_accepted()))
    gone = lost.meetings[INTERNAL]
    assert (gone.ended, gone.sequence) == (MeetingEnd.CALLED_OFF, 1)
    assert not lost.planned
    assert lost.awaited["schedule_internal_meeting"].is_open
    assert lost.awaited["schedule_internal_meeting"].started_at == AT  # the clock begins anew
    again = scheduled(lost, at=AT + timedelta(days=1)).meetings[INTERNAL]
    assert (again.uid, again.sequence, again.edition) == (gone.uid, 2, "internal.2")


def test_a_form_that_shows_another_meeting_than_there_is_changes_nothing() -> None:
    first = scheduled(at_accepted())
    moved = scheduled(first, at=AT + timedelta(days=2))
    for handoff, seen in ((first, -1), (moved, 0), (off(first), 0)):
        with pytest.raises(Refusal, match="since you opened this form"):
            meetings.schedule(handoff, PLAYBOOK.meeting(INTERNAL), FORM, AT + WEEK, seen=seen, by=CSM, now=NOW)
    with pytest.raises(Refusal, match="since you opened this form"):
        meetings.fall_through(moved, INTERNAL, MeetingEnd.CALLED_OFF, "", seen=0, by=CSM, now=NOW)


def test_a_meeting_that_is_near_has_no_reminder_before() -> None:
    near = scheduled(at_accepted(), at=NOW + timedelta(minutes=29))
    assert near.meetings[INTERNAL].remind_at is None


@pytest.mark.parametrize("kind", MeetingKind)
def test_it_is_noted_as_scheduled_too_where_baton_did_not_invite(kind: MeetingKind) -> None:
    noted = after(at_accepted(), StepNoted(by=AE, at=NOW, step=kind.scheduled))
    assert has(kind.scheduled, noted, PLAYBOOK)
    assert noted.planned == ()
    assert scheduled(noted, kind).planned


@pytest.mark.parametrize("kind", MeetingKind)
def test_nothing_is_scheduled_that_is_over(kind: MeetingKind) -> None:
    over = held(at_accepted(), kind)
    gone = after(at_accepted(), HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words=""))
    for handoff, words in ((over, "noted already that it was held"), (gone, "is cancelled")):
        with pytest.raises(Refusal, match=words):
            scheduled(handoff, kind)


def test_who_is_not_named_is_met_by_nobody() -> None:
    with pytest.raises(Refusal, match="no CSM to meet yet"):
        scheduled(at(Stage.PREPARING, csm=None))


def test_a_cancelled_handoff_calls_its_meetings_off_and_a_reopened_one_may_meet_again() -> None:
    cancelled = after(scheduled(at_accepted()), HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words=""))
    assert cancelled.meetings[INTERNAL].ended is MeetingEnd.CALLED_OFF
    again = scheduled(after(cancelled, HandoffReopened(by=AE, at=NOW)))
    assert again.meetings[INTERNAL].sequence == 2


# -- how it went


def test_held_keeps_the_minutes_and_the_document_says_so_until_it_is_taken_back() -> None:
    handoff = held(scheduled(at_accepted()), notes=" They start small. ", decisions="Pilot in May")
    assert handoff.minutes[INTERNAL].notes == "They start small."
    assert handoff.minutes[INTERNAL].decisions == "Pilot in May"
    assert handoff.text(*CALL) == "Yes"
    assert handoff.planned == ()
    assert handoff.awaited["schedule_introduction"].is_open
    back = after(handoff, StepTakenBack(by=AE, at=NOW, step=Fact.INTERNAL_MEETING_HELD))
    assert back.minutes == {}
    assert back.text(*CALL) == "No"
    assert back.planned
    assert "schedule_introduction" not in back.awaited


@pytest.mark.parametrize("kind", MeetingKind)
def test_how_it_went_is_owed_from_its_end_on_until_somebody_says(kind: MeetingKind) -> None:
    rule = "note_internal_meeting" if kind is INTERNAL else "note_introduction"
    handoff = scheduled(at_accepted(), kind)
    assert handoff.awaited[rule].started_at == AT + timedelta(minutes=30)
    moved = scheduled(handoff, kind, at=AT + WEEK)
    assert moved.awaited[rule].started_at == AT + WEEK + timedelta(minutes=30)
    off = meetings.fall_through(handoff, kind, MeetingEnd.NO_SHOW, "", seen=0, by=AE, now=AT)
    assert rule not in after(handoff, off).awaited
    done = held(handoff, kind)
    assert not done.awaited[rule].is_open
    assert after(done, StepTakenBack(by=AE, at=AT, step=kind.held)).awaited[rule].is_open


def test_the_introduction_leaves_the_call_alone() -> None:
    handoff = held(at_accepted(), INTRODUCTION)
    assert handoff.text(*CALL) == ""
    assert meetings.is_introduced(handoff)


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.IN_REVIEW, Stage.RETURNED])
def test_before_cs_has_accepted_only_a_leader_says_held_and_only_with_a_reason(stage: Stage) -> None:
    handoff = at(stage)
    with pytest.raises(Refusal, match=f"<@{CSM}> has not confirmed yet that the document was received and reviewed"):
        meetings.hold(handoff, INTERNAL, {"reason": "We know it."}, by=AE, is_leader=False, now=NOW)
    with pytest.raises(Refusal) as refused:
        meetings.hold(handoff, INTERNAL, {"reason": " "}, by=CS_LEADER, is_leader=True, now=NOW)
    assert refused.value.fields.keys() == {"reason"}
    event = meetings.hold(handoff, INTERNAL, {"reason": "We know it."}, by=CS_LEADER, is_leader=True, now=NOW)
    assert event.override == "We know it."
    assert Fact.INTERNAL_MEETING_HELD in after(handoff, event).steps


def test_a_reason_that_is_not_needed_is_not_kept() -> None:
    event = meetings.hold(at_accepted(), INTERNAL, {"reason": "Just so"}, by=CS_LEADER, is_leader=True, now=NOW)
    assert event.override == ""


def test_the_introduction_waits_for_the_acceptance_whoever_asks() -> None:
    with pytest.raises(Refusal, match="after CS has accepted"):
        meetings.hold(at(Stage.IN_REVIEW), INTRODUCTION, {"reason": "x"}, by=CS_LEADER, is_leader=True, now=NOW)


def test_what_has_not_begun_is_not_held_whoever_says_so() -> None:
    for handoff, is_leader in ((scheduled(at_accepted()), False), (scheduled(at(Stage.IN_REVIEW)), True)):
        early = AT - timedelta(minutes=1)
        with pytest.raises(Refusal, match="has not begun yet: move it first"):
            meetings.hold(handoff, INTERNAL, {"reason": "So be it"}, by=CS_LEADER, is_leader=is_leader, now=early)
        event = meetings.hold(handoff, INTERNAL, {"reason": "So be it"}, by=CS_LEADER, is_leader=True, now=AT)
        assert event.at == AT


def test_held_is_said_once() -> None:
    with pytest.raises(Refusal, match=f"<@{AE}> has noted already"):
        held(held(at_accepted()))


@pytest.mark.parametrize(
    ("end", "now", "words"),
    [
        (MeetingEnd.NO_SHOW, AT - timedelta(minutes=1), "has not begun yet"),
        (MeetingEnd.NO_SHOW, AT, None),
        (MeetingEnd.CALLED_OFF, NOW, None),
    ],
)
def test_who_did_not_come_is_known_once_it_has_begun(end: MeetingEnd, now: datetime, words: str | None) -> None:
    handoff = scheduled(at_accepted())
    if words is None:
        assert off(handoff, end, now).meetings[INTERNAL].ended is end
        return
    with pytest.raises(Refusal, match=words):
        off(handoff, end, now)


def test_what_is_not_ahead_is_not_called_off() -> None:
    for handoff in (at_accepted(), held(scheduled(at_accepted())), off(scheduled(at_accepted()))):
        with pytest.raises(Refusal, match="no such meeting ahead"):
            off(handoff)


# -- what follows


def test_who_takes_part_is_invited_thought_of_before_and_the_ae_asked_afterwards() -> None:
    handoff = at_accepted()
    event = meetings.schedule(handoff, PLAYBOOK.meeting(INTERNAL), FORM, AT, seen=-1, by=AE, now=NOW)
    assert event
    errands = list(errands_of(event, handoff, after(handoff, event)))
    later = {errand.about["picture"]: errand.due_at for errand in errands if errand.due_at}
    assert later == {
        Picture.MEETING_SOON: AT - timedelta(minutes=30),
        Picture.MEETING_OVER: AT + timedelta(minutes=30),
    }
    assert {errand.about["person"] for errand in errands if errand.kind is Kind.INVITE} == {AE, CSM}
    lanes = [errand.lane for errand in errands if errand.due_at]
    assert len(set(lanes)) == 2  # neither holds up the other, nor anything else
    pack = next(errand for errand in errands if errand.about.get("picture") is Picture.MEETING_PACK)
    invitation = next(errand for errand in errands if errand.kind is Kind.SEND_INVITATION)
    assert pack.lane == invitation.lane
    assert errands.index(pack) < errands.index(invitation)


@pytest.mark.parametrize(
    "event",
    [
        MeetingFellThrough(by=AE, at=AT, kind=INTERNAL, end=MeetingEnd.NO_SHOW, words=""),
        HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words=""),
    ],
)
def test_what_does_not_take_place_leaves_the_calendars_too(event: Any) -> None:
    handoff = scheduled(at_accepted())
    sent = [one for one in errands_of(event, handoff, after(handoff, event)) if one.kind is Kind.SEND_INVITATION]
    assert [one.about for one in sent] == [{"meeting": "internal", "sequence": "1"}]


@pytest.mark.parametrize(("lost", "sequence"), [(False, "0"), (True, "1")])
def test_a_channel_in_order_again_hears_what_was_said_meanwhile(lost: bool, sequence: str) -> None:
    handoff = after(scheduled(at_accepted()), ChannelOpened(by="baton", at=NOW, channel="C1", name="acme"))
    handoff = off(handoff) if lost else handoff
    event = ChannelRetried(by=AE, at=AT, anew=False)
    sent = [one for one in errands_of(event, handoff, after(handoff, event)) if one.kind is Kind.SEND_INVITATION]
    assert [one.about for one in sent] == [{"meeting": "internal", "sequence": sequence}]


def test_held_taken_back_is_rewritten_on_the_canvas() -> None:
    handoff = held(at_accepted())
    event = StepTakenBack(by=AE, at=AT, step=Fact.INTERNAL_MEETING_HELD)
    assert Kind.WRITE_CANVAS in {errand.kind for errand in errands_of(event, handoff, after(handoff, event))}


# -- the first contact


def contact(handoff: Handoff, when: datetime | None = NOW, way: str = Way.EMAIL, cold: str = "") -> FirstContactMade:
    """CS notes the first contact."""
    return meetings.contact(handoff, PLAYBOOK, when, way, cold, by=CSM, now=NOW + timedelta(hours=1))


def test_a_cold_contact_needs_a_reason_and_a_warm_one_keeps_none() -> None:
    cold = after(at(Stage.PREPARING), SIGNED)
    with pytest.raises(Refusal) as refused:
        contact(cold)
    assert refused.value.fields == {"reason": "Say why before the introduction."}
    assert contact(cold, cold="They called.").cold == "They called."
    warm = after(cold, MeetingHeld(by=AE, at=NOW, kind=INTRODUCTION))
    with pytest.raises(Refusal, match="noted already"):
        contact(warm)  # the introduction was one


def test_the_clock_of_the_first_contact_stops_when_the_customer_heard() -> None:
    handoff = after(at(Stage.PREPARING), SIGNED)
    done = after(handoff, contact(handoff, NOW, cold="They called."))
    assert done.awaited["first_contact"].met_at == NOW
    assert done.steps[Fact.FIRST_CONTACT].at == NOW


@pytest.mark.parametrize(
    ("when", "way", "field"),
    [(None, "call", "at"), (NOW + timedelta(hours=2), "call", "at"), (NOW, "", "way"), (NOW, "pigeon", "way")],
)
def test_when_and_how_are_asked(when: datetime | None, way: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        contact(after(at(Stage.PREPARING), SIGNED), when, way, "They called.")
    assert refused.value.fields.keys() == {field}


def test_a_first_contact_lies_not_long_before_the_start_and_the_signature() -> None:
    started = at(Stage.PREPARING)
    early = after(started, ContractSigned(by=AE, at=NOW, signed_at=started.started_at - WEEK))
    late = after(started, ContractSigned(by=AE, at=NOW, signed_at=started.started_at + timedelta(minutes=1)))
    day = timedelta(days=1)  # a handoff is rarely opened in the minute in which the contract is signed
    for handoff, first in ((early, started.started_at - WEEK - day), (late, started.started_at - day)):
        assert contact(handoff, first, cold="They called.").contacted_at == first
        with pytest.raises(Refusal) as refused:
            contact(handoff, first - timedelta(minutes=1), cold="They called.")
        assert refused.value.fields.keys() == {"at"}


def test_before_the_signature_there_is_nobody_to_contact() -> None:
    with pytest.raises(Refusal, match="after the contract is signed"):
        contact(at(Stage.PREPARING), cold="They called.")


# -- times and time boxes


def test_those_of_the_practice_who_are_named_take_part() -> None:
    plan = PLAYBOOK.meeting(INTERNAL)
    assert meetings.invited(plan, at_accepted(), TEAM) == (AE, CSM, SE, CS_LEADER)
    assert meetings.invited(plan, at(Stage.ACCEPTED, ae=CS_LEADER), TEAM) == (CS_LEADER, CSM)


@pytest.mark.parametrize(
    ("zones", "hour"),
    [
        (("Europe/Berlin",), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (("Europe/Berlin", "America/New_York"), datetime(2026, 11, 24, 14, tzinfo=UTC)),
        (("Europe/Berlin", "Asia/Tokyo"), datetime(2026, 11, 24, 8, tzinfo=UTC)),  # they never work at once
    ],
)
def test_the_form_suggests_an_hour_in_which_both_work(zones: tuple[str, ...], hour: datetime) -> None:
    calendars = [Calendar(zone=zone) for zone in zones]
    assert meetings.common_hour(calendars, timedelta(minutes=30), NOW) == hour


@pytest.mark.parametrize(("kind", "minutes"), [(INTERNAL, 30), (INTERNAL, 45), (INTRODUCTION, 30)])
def test_the_time_boxes_fill_the_meeting(kind: MeetingKind, minutes: int) -> None:
    boxes = PLAYBOOK.meeting(kind).time_boxes(minutes)
    assert sum(boxes) == minutes
    assert min(boxes) >= 1


@pytest.mark.parametrize("lengths", [(4,), (241,), (5,)])
def test_a_meeting_that_nobody_could_hold_is_refused_when_baton_starts(lengths: tuple[int, ...]) -> None:
    agenda = [{"label": f"Item {number}", "minutes": 5} for number in range(6)]
    with pytest.raises(ValueError, match="lengths"):
        MeetingPlan.model_validate({"kind": "internal", "label": "x", "lengths": lengths, "agenda": agenda})


def test_a_practice_without_meetings_still_meets() -> None:
    plain = PLAYBOOK.model_copy(update={"meetings": ()}).meeting(INTERNAL)
    assert (plain.lengths, plain.agenda) == ((30, 45), ())


def test_moving_says_from_when() -> None:
    handoff = scheduled(at_accepted())
    event = meetings.schedule(handoff, PLAYBOOK.meeting(INTERNAL), FORM, AT + timedelta(days=1), seen=0, by=AE, now=NOW)
    assert isinstance(event, MeetingScheduled)
    assert event.moved_from == AT
