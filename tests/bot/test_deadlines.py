"""Deadlines: which facts start and end them, in which rounds, and what stays on record."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.deadlines import is_owed
from bot.events import DealChanged, Event, HandoffReopened, StepTakenBack
from bot.handoffs import Awaited, Handoff, Pause
from bot.playbook import Playbook
from bot.questions import QuestionAnswered, QuestionAsked
from bot.reminders import DeadlineMissed, Nudged
from bot.surveys import NothingRepeated
from bot.teams import Lateness
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SE, after, empty
from tests.happenings import (
    DAY,
    HOUR,
    OFFICE,
    accepted,
    cancelled,
    deal,
    due,
    in_review,
    introduced,
    noted,
    owners,
    returned,
    signed,
    submitted,
    utc,
)


def owed(handoff: Handoff, playbook: Playbook = PLAYBOOK) -> set[str]:
    """The ids of what somebody still has to do."""
    return {one.id for one in playbook.rules(handoff.timing_model) if is_owed(one, handoff)}


# -- which facts start and end what

MEETING = {"schedule_internal_meeting", "prepare_questions"}
INTRODUCTION = {"schedule_introduction", "prepare_introduction"}
FADING = {"fade_to_background", "lead_relationship"}
LIFE: list[tuple[Event, set[str]]] = [
    (noted(Fact.CS_ALERTED), {"assign_csm"}),
    (owners(CSM), set()),
    (signed(), {"complete_document", "first_contact"}),
    (submitted(), {"review_document", "first_contact"}),
    (returned(), {"fix_returned", "first_contact"}),
    (submitted(2), {"review_document", "first_contact"}),
    (noted(Fact.FIRST_CONTACT), {"review_document"}),
    (accepted(), MEETING),
    (noted(Fact.INTERNAL_MEETING_SCHEDULED), {"prepare_questions"}),
    (noted(Fact.QUESTIONS_PREPARED), set()),
    (noted(Fact.INTERNAL_MEETING_HELD), INTRODUCTION),
    (noted(Fact.INTRODUCTION_SCHEDULED), {"prepare_introduction"}),
    (noted(Fact.INTRODUCTION_PREPARED), set()),
    (noted(Fact.INTRODUCTION_DONE), FADING | {"hear_customer"}),
    (NothingRepeated(by=CSM, at=NOW), FADING),
    (noted(Fact.PHASE_OVER), set()),
]


def test_what_is_owed_from_the_start_to_the_fading() -> None:
    handoff = empty(csm=None)
    assert owed(handoff) == {"alert_cs", "assign_csm"}
    for event, then in LIFE:
        handoff = after(handoff, event)
        assert owed(handoff) == then
    not_yet = {"answer_question", "keep_promise", "give_feedback"}  # nothing is asked, promised or completed,
    not_yet |= {"note_internal_meeting", "note_introduction"}  # nor scheduled with Baton
    assert handoff.awaited.keys() == {one.id for one in PLAYBOOK.deadlines} - not_yet


@pytest.mark.parametrize(
    ("handoff", "step", "over"),
    [
        (empty(csm=None), owners(CSM), {"alert_cs", "assign_csm"}),
        (after(in_review(), accepted()), noted(Fact.INTERNAL_MEETING_HELD), MEETING),
        (
            after(in_review(), accepted(), noted(Fact.INTERNAL_MEETING_HELD)),
            noted(Fact.INTRODUCTION_DONE),
            {*INTRODUCTION, "first_contact"},
        ),
        (after(in_review(timing_model="at_kickoff"), accepted()), noted(Fact.KICKOFF_HELD), {"first_contact"}),
    ],
    ids=["a CSM is named", "the meeting was held", "the customer was introduced", "the kickoff was held"],
)
def test_what_was_done_later_was_done_before_too(handoff: Handoff, step: Event, over: set[str]) -> None:
    assert owed(handoff) >= over
    assert not owed(after(handoff, step)) & over


@pytest.mark.parametrize("event", [signed(), submitted(), returned(), noted(Fact.FIRST_CONTACT)])
def test_a_cancelled_handoff_owes_nothing(event: Event) -> None:
    assert owed(after(empty(csm=None), event, cancelled())) == set()


def test_what_is_cancelled_was_not_done() -> None:
    gone = after(in_review(), cancelled(NOW + DAY))
    assert gone.awaited["review_document"].met_at is None


def test_a_reopened_handoff_owes_its_document_anew_and_nothing_that_was_returned_before() -> None:
    later = NOW + 30 * DAY
    handoff = after(in_review(), returned(), cancelled(), HandoffReopened(by=AE, at=later))
    assert owed(handoff) == {"complete_document", "first_contact"}
    assert due(handoff, "complete_document") == later + DAY
    again = after(handoff, submitted(2, later + HOUR))
    assert owed(again) == {"review_document", "first_contact"}
    assert due(again, "review_document") == later + HOUR + DAY


def test_a_reopened_handoff_does_not_ask_again_for_what_was_done() -> None:
    late = after(empty(csm=None), owners(CSM, at=NOW + DAY), cancelled(NOW + 2 * DAY))
    reopened = after(late, HandoffReopened(by=SE, at=NOW + 9 * DAY))
    assert owed(reopened) == set()
    assert reopened.awaited["assign_csm"] == late.awaited["assign_csm"]


def test_an_old_question_of_a_reopened_handoff_has_its_whole_time_again() -> None:
    question = QuestionAsked(by=CSM, at=NOW, question=1, about="", words="Which?")
    late = DeadlineMissed(by="baton", at=NOW + 2 * DAY, deadline="answer_question.1")
    reopened = NOW + 20 * DAY
    handoff = after(in_review(), question, late, cancelled(NOW + 3 * DAY), HandoffReopened(by=AE, at=reopened))
    entry = handoff.awaited["answer_question.1"]
    assert (entry.started_at, entry.missed_at, entry.is_open) == (reopened, None, True)
    answered = after(handoff, QuestionAnswered(by=AE, at=reopened + DAY, question=1, about="", words="Both."))
    assert answered.awaited["answer_question.1"].met_at == reopened + DAY


# -- rounds


def test_each_submission_is_reviewed_anew() -> None:
    first = in_review()
    second = after(first, returned(NOW + 2 * DAY), submitted(2, NOW + 3 * DAY))
    assert (first.awaited["review_document"].round, second.awaited["review_document"].round) == (1, 2)
    assert due(second, "review_document") == NOW + 4 * DAY
    assert second.awaited["review_document"].missed_at is None


@pytest.mark.parametrize(
    ("model", "days"),
    [("at_close", (14,)), ("at_kickoff", (7, 14)), ("during_sales", (14,)), ("phased", (7, 14, 28))],
)
def test_each_phase_of_the_fade_plan_ends_on_its_day(model: str, days: Sequence[int]) -> None:
    handoff = introduced(model)
    for number, day in enumerate(days):
        assert owed(handoff) == FADING
        assert handoff.awaited["lead_relationship"].round == number
        assert due(handoff, "fade_to_background") == OFFICE.closing((NOW + day * DAY).date())
        handoff = after(handoff, noted(Fact.PHASE_OVER, at=NOW + day * DAY))
    assert owed(handoff) == set()


def test_a_shorter_fade_plan_may_be_over_at_once_and_a_longer_one_goes_on() -> None:
    shared = after(introduced("phased"), noted(Fact.PHASE_OVER))
    short = after(shared, deal("at_close"))
    assert owed(short) == set()
    assert owed(after(short, deal("at_kickoff"))) == FADING


# -- met, missed, and owed again


def test_what_was_done_late_stays_on_record_as_late() -> None:
    missed = DeadlineMissed(by="baton", at=NOW + DAY, deadline="complete_document")
    late = after(empty(), signed(), missed, submitted(at=NOW + 3 * DAY))
    entry = late.awaited["complete_document"]
    assert (entry.missed_at, entry.met_at, entry.met_by) == (NOW + DAY, NOW + 3 * DAY, AE)
    assert after(late, returned(NOW + 4 * DAY)).awaited["complete_document"] == entry


def test_what_was_done_before_it_was_owed_was_never_late() -> None:
    handoff = after(empty(), submitted(), signed(NOW + 5 * DAY, NOW + 2 * DAY))
    entry = handoff.awaited["complete_document"]
    assert entry.met_at
    assert entry.met_at <= NOW + 3 * DAY  # what was signed on the second day is due on the third


def test_a_csm_who_is_removed_is_owed_again_from_the_foot_of_the_ladder() -> None:
    reminded = Nudged(by="baton", at=NOW, deadline="assign_csm", to=CS_LEADER, owner=CS_LEADER, rung=6)
    missed = DeadlineMissed(by="baton", at=NOW, deadline="assign_csm")
    handoff = after(empty(csm=None), missed, reminded, owners(CSM))
    assert "assign_csm" not in owed(handoff)
    again = after(handoff, owners(None, at=NOW + 9 * DAY))
    assert owed(again) == {"alert_cs", "assign_csm"}
    entry = again.awaited["assign_csm"]
    assert (entry.met_at, entry.met_by, entry.missed_at, entry.rung) == (None, "", None, 0)
    assert entry.told_at == {CS_LEADER: NOW}


@pytest.mark.parametrize(
    ("change", "starts_anew"),
    [
        (deal(close=date(2026, 12, 31)), True),
        (deal(close=None), True),
        (deal(close=date(2026, 12, 16), segment="enterprise"), False),
    ],
    ids=["later", "unknown", "the segment alone"],
)
def test_a_deadline_that_moves_is_not_late_any_more(change: DealChanged, starts_anew: bool) -> None:
    missed = DeadlineMissed(by="baton", at=NOW, deadline="alert_cs")
    reminded = Nudged(by="baton", at=NOW, deadline="alert_cs", to=AE, owner=AE, rung=3)
    handoff = after(empty(csm=None, expected_close=date(2026, 12, 16)), missed, reminded, change)
    entry = handoff.awaited["alert_cs"]
    assert (entry.missed_at is None, entry.rung == 0) == (starts_anew, starts_anew)


# -- what earlier versions kept


@pytest.fixture(scope="module")
def before_there_was_time() -> Playbook:
    """The practice as the first version kept it: five keys of a deadline, five of a timing model."""
    kept = PLAYBOOK.model_dump(mode="json", exclude_unset=True)
    kept.pop("away_statuses")
    kept["timing_models"] = [
        {key: model[key] for key in ("id", "label", "trigger", "pro", "con")} for model in kept["timing_models"]
    ]
    old = (
        ("complete_document", "Complete handoff document", "contract_signed", "ae"),
        ("review_document", "Review document", "submitted", "csm"),
        ("fix_returned", "Fix what was returned", "returned", "ae"),
    )
    kept["deadlines"] = [
        {"id": name, "label": label, "starts": starts, "hours": 24, "owner": owner}
        for name, label, starts, owner in old
    ]
    return Playbook.load(kept)


def test_a_handoff_of_an_earlier_version_goes_on(before_there_was_time: Playbook) -> None:
    book = before_there_was_time
    handoff = empty().model_copy(update={"awaited": {}})
    for event, then in (
        (signed(), {"complete_document"}),
        (submitted(), {"review_document"}),
        (returned(), {"fix_returned"}),
        (submitted(2), {"review_document"}),
        (accepted(), set()),
    ):
        handoff = after(handoff, event, playbook=book)
        assert owed(handoff, book) == then
        assert all(due(handoff, name, playbook=book) == NOW + DAY for name in then)
    friday = after(empty(), signed(utc("2026-11-27 15:00")), playbook=book)
    working = due(friday, "complete_document", playbook=book, lateness=Lateness.WORKING)
    assert working == utc("2026-11-30 14:00")  # eight hours


def test_a_deadline_that_was_armed_before_there_was_time_is_followed_from_the_next_event_on() -> None:
    old = after(empty(), signed()).model_copy(update={"awaited": {}})
    assert owed(after(old, deal(segment="enterprise", at=NOW + DAY))) == {"complete_document", "first_contact"}


def test_a_story_is_kept_as_it_is() -> None:
    story = Awaited(
        started_at=NOW,
        pause=Pause(reason="?", by=AE, since=NOW, until=NOW + DAY),
        pauses=((NOW, NOW + HOUR),),
        told_at={AE: NOW},
    )
    assert Awaited.model_validate_json(story.model_dump_json(exclude_defaults=True)) == story


def test_what_began_with_a_step_is_not_owed_once_the_step_is_taken_back() -> None:
    held = after(empty(), signed(), submitted(), accepted(), noted(Fact.INTERNAL_MEETING_HELD))
    assert "schedule_introduction" in owed(held)
    back = after(held, StepTakenBack(by=AE, at=NOW, step=Fact.INTERNAL_MEETING_HELD))
    assert not {"schedule_introduction", "prepare_introduction"} & back.awaited.keys()
    assert "schedule_internal_meeting" in owed(back)
