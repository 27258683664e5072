"""Deadlines: armed by what happens, and asked about when they are due."""

from datetime import timedelta

import pytest

from bot.deadlines import Deadline, armed_by, when_due
from bot.events import ContractSigned, DeadlineMissed, Event, SectionRead
from bot.handoffs import Handoff, Stage
from bot.reviews import submit
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, at, complete, life

DAY = timedelta(hours=24)
LATER = NOW + DAY


@pytest.mark.parametrize("event", list(life("x")), ids=lambda event: type(event).__name__)
def test_what_starts_a_clock(event: Event) -> None:
    armed = {"ContractSigned": "complete_document", "HandoffSubmitted": "review_document"}
    armed |= {"HandoffReturned": "fix_returned"}
    kinds = [deadline.kind for deadline in armed_by(event, at(Stage.IN_REVIEW), PLAYBOOK)]
    assert kinds == ([armed[name]] if (name := type(event).__name__) in armed else [])


def test_the_document_is_owed_from_the_signature_not_from_its_note() -> None:
    signed = ContractSigned(by=AE, at=NOW, signed_at=NOW - timedelta(hours=20))
    assert list(armed_by(signed, complete(), PLAYBOOK)) == [
        Deadline("complete_document", NOW + timedelta(hours=4), round=0)
    ]


@pytest.mark.parametrize(
    ("kind", "round_number", "missed_at"),
    [
        ("complete_document", 0, Stage.PREPARING),
        ("review_document", 1, Stage.IN_REVIEW),
        ("fix_returned", 1, Stage.RETURNED),
    ],
)
@pytest.mark.parametrize("stage", Stage)
def test_a_deadline_asks_what_is_still_owed(kind: str, round_number: int, missed_at: Stage, stage: Stage) -> None:
    missed = when_due(Deadline(kind, LATER, round_number), at(stage), PLAYBOOK, LATER)
    assert missed == (DeadlineMissed(by="baton", at=LATER, deadline=kind) if stage is missed_at else None)


def second_review() -> Handoff:
    """The document in review for the second time."""
    handoff = at(Stage.RETURNED)
    return after(handoff, submit(handoff, PLAYBOOK, by=AE, now=NOW))


def test_the_first_reviews_deadline_says_nothing_of_the_second_review() -> None:
    handoff = second_review()
    assert when_due(Deadline("review_document", LATER, 1), handoff, PLAYBOOK, LATER) is None
    assert when_due(Deadline("review_document", LATER, 2), handoff, PLAYBOOK, LATER) is not None


def test_what_is_overdue_is_noticed_once_and_forgotten_when_it_is_done() -> None:
    handoff = at(Stage.IN_REVIEW)
    deadline = Deadline("review_document", LATER, 1)
    late = after(handoff, when_due(deadline, handoff, PLAYBOOK, LATER))
    assert late.overdue == ("review_document",)
    assert when_due(deadline, late, PLAYBOOK, LATER) is None
    read = after(late, SectionRead(by=CSM, at=LATER, section="stakeholders", revision=1))
    assert read.overdue == ("review_document",)
    assert after(late, *[event for event in life("x") if type(event).__name__ == "HandoffAccepted"]).overdue == ()


def test_a_rule_that_left_the_playbook_asks_nothing() -> None:
    assert when_due(Deadline("forgotten", LATER, 1), at(Stage.IN_REVIEW), PLAYBOOK, LATER) is None
