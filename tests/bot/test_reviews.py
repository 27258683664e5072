"""Every move of a handoff at every stage: what it does, or why not and what unlocks it."""

from collections.abc import Callable

import pytest

from bot import deals, reviews
from bot.documents import save_section
from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.refusals import Refusal
from bot.steps import Move, next_step, open_moves
from tests.examples import AE, CSM, NOW, PLAYBOOK, TODAY, after, at, complete, empty, written

Verb = Callable[[Handoff], Event | None]


def edit(handoff: Handoff) -> Event | None:
    """Save one answer."""
    section = PLAYBOOK.section("additional_context")
    assert section
    return save_section(section, handoff, {"additional_context": "They say jobs"}, by=AE, now=NOW)


def send_back(
    handoff: Handoff, reason: str = "missing", words: str = "Who signs?", gaps: tuple[str, ...] = ()
) -> Event:
    """Return it."""
    return reviews.send_back(handoff, PLAYBOOK, reason, words, gaps, by=CSM, now=NOW)


PHASED = {"segment": "smb", "timing_model": "phased"}
VERBS: dict[Move, Verb] = {
    Move.EDIT: edit,
    Move.SIGN: lambda handoff: deals.sign(handoff, TODAY, by=AE, now=NOW, today=TODAY, zone="UTC"),
    Move.SUBMIT: lambda handoff: reviews.submit(handoff, PLAYBOOK, by=AE, now=NOW),
    Move.ACCEPT: lambda handoff: reviews.accept(handoff, by=CSM, now=NOW),
    Move.SEND_BACK: send_back,
    Move.OWNERS: lambda handoff: deals.change_owners(handoff, AE, "U0NEW", None, by=AE, now=NOW),
    Move.DEAL: lambda handoff: deals.change_deal(handoff, PLAYBOOK, PHASED, by=AE, now=NOW),
    Move.CANCEL: lambda handoff: deals.cancel(handoff, PLAYBOOK, "deal_lost", "", by=AE, now=NOW),
    Move.REOPEN: lambda handoff: deals.reopen(handoff, None, by=AE, now=NOW),
}

REOPEN = "This handoff is cancelled. Reopen it"
WITH_CSM = "The document is with the CSM already. It can be submitted again if it is returned."
NOTHING_TO_REOPEN = "This handoff is neither cancelled nor completed, so there is nothing to reopen."
NOT_SUBMITTED = "The document is not submitted yet. The AE submits it when the required answers are there."
WITH_AE = "The document is back with the AE. It can be accepted once it is submitted again."
DONE = "CS has accepted this handoff already."
REFUSED = {
    (Stage.PREPARING, Move.ACCEPT): NOT_SUBMITTED,
    (Stage.PREPARING, Move.SEND_BACK): NOT_SUBMITTED,
    (Stage.PREPARING, Move.REOPEN): NOTHING_TO_REOPEN,
    (Stage.IN_REVIEW, Move.SUBMIT): WITH_CSM,
    (Stage.IN_REVIEW, Move.REOPEN): NOTHING_TO_REOPEN,
    (Stage.RETURNED, Move.ACCEPT): WITH_AE,
    (Stage.RETURNED, Move.SEND_BACK): WITH_AE,
    (Stage.RETURNED, Move.REOPEN): NOTHING_TO_REOPEN,
    (Stage.ACCEPTED, Move.SUBMIT): "CS has accepted this handoff. There is nothing left to submit.",
    (Stage.ACCEPTED, Move.ACCEPT): DONE,
    (Stage.ACCEPTED, Move.SEND_BACK): DONE,
    (Stage.ACCEPTED, Move.CANCEL): "This handoff is accepted by CS already, so there is nothing to cancel.",
    (Stage.ACCEPTED, Move.REOPEN): NOTHING_TO_REOPEN,
    (Stage.COMPLETED, Move.SUBMIT): "This handoff is completed. There is nothing left to submit.",
    (Stage.COMPLETED, Move.ACCEPT): "CS has accepted this handoff already, and it is completed.",
    (Stage.COMPLETED, Move.SEND_BACK): "CS has accepted this handoff already, and it is completed.",
    (Stage.COMPLETED, Move.DEAL): "This handoff is completed: its deal stays as it is on record.",
    (Stage.COMPLETED, Move.CANCEL): "This handoff is completed already, so there is nothing to cancel.",
    (Stage.CANCELLED, Move.EDIT): f"{REOPEN} to go on writing.",
    (Stage.CANCELLED, Move.SIGN): f"{REOPEN} before you note the signature.",
    (Stage.CANCELLED, Move.SUBMIT): f"{REOPEN} to go on.",
    (Stage.CANCELLED, Move.ACCEPT): f"{REOPEN} to go on.",
    (Stage.CANCELLED, Move.SEND_BACK): f"{REOPEN} to go on.",
    (Stage.CANCELLED, Move.OWNERS): f"{REOPEN} before you name other owners.",
    (Stage.CANCELLED, Move.DEAL): f"{REOPEN} before you correct the deal.",
    (Stage.CANCELLED, Move.CANCEL): "This handoff is cancelled already, so there is nothing to cancel.",
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", VERBS)
def test_every_move_at_every_stage(stage: Stage, move: Move) -> None:
    handoff = at(stage)
    words = REFUSED.get((stage, move))
    assert (move in open_moves(handoff)) is (words is None)  # a button is there when it may be pressed
    if words is None:
        assert VERBS[move](handoff) is not None
        return
    with pytest.raises(Refusal) as refused:
        VERBS[move](handoff)
    assert refused.value.words == words


@pytest.mark.parametrize(
    ("stage", "move", "then"),
    [
        (Stage.PREPARING, Move.SUBMIT, Stage.IN_REVIEW),
        (Stage.IN_REVIEW, Move.ACCEPT, Stage.ACCEPTED),
        (Stage.IN_REVIEW, Move.SEND_BACK, Stage.RETURNED),
        (Stage.RETURNED, Move.SUBMIT, Stage.IN_REVIEW),
        (Stage.PREPARING, Move.CANCEL, Stage.CANCELLED),
        (Stage.IN_REVIEW, Move.CANCEL, Stage.CANCELLED),
        (Stage.CANCELLED, Move.REOPEN, Stage.PREPARING),
        (Stage.COMPLETED, Move.REOPEN, Stage.ACCEPTED),
        (Stage.IN_REVIEW, Move.EDIT, Stage.IN_REVIEW),
    ],
)
def test_where_a_move_leads(stage: Stage, move: Move, then: Stage) -> None:
    handoff = at(stage)
    assert after(handoff, VERBS[move](handoff)).stage is then


def test_an_incomplete_document_is_not_submitted() -> None:
    with pytest.raises(Refusal, match="6 required answers are missing"):
        VERBS[Move.SUBMIT](empty())


def test_a_document_without_a_reviewer_is_not_submitted() -> None:
    with pytest.raises(Refusal, match="Use Change owners to name one"):
        VERBS[Move.SUBMIT](complete(csm=None))


def test_resubmissions_are_counted() -> None:
    handoff = at(Stage.RETURNED)
    assert after(handoff, VERBS[Move.SUBMIT](handoff)).submissions == 2


def test_a_return_names_a_reason_and_says_what_to_change() -> None:
    with pytest.raises(Refusal) as refused:
        send_back(at(Stage.IN_REVIEW), reason="whim", words="  ")
    assert refused.value.fields == {
        "reason": "Choose a reason.",
        "words": "Say what the AE should change, so that one round is enough.",
    }


def test_a_return_keeps_only_gaps_that_the_document_has() -> None:
    gaps = ("company_overview.industry", "company_overview.horoscope", "nonsense")
    handoff = at(Stage.IN_REVIEW)
    returned = after(handoff, send_back(handoff, gaps=gaps)).returned
    assert returned
    assert returned.gaps == ("company_overview.industry",)


def test_acceptance_signs_the_document_off() -> None:
    sign_off = at(Stage.ACCEPTED).content("sign_off")
    assert sign_off.values == {"handed_off_by": AE, "handed_off_to": CSM, "handoff_date": "2026-11-23"}
    assert sign_off.revision == 1  # else a form that is open meanwhile would save over it unseen


def test_acceptance_keeps_a_sign_off_that_somebody_wrote() -> None:
    written_off = written(at(Stage.IN_REVIEW), "sign_off", handed_off_to="U0OTHER", call_completed="Yes")
    accepted = after(written_off, VERBS[Move.ACCEPT](written_off)).content("sign_off")
    assert accepted.values == {
        "handed_off_by": AE,
        "handed_off_to": "U0OTHER",
        "handoff_date": "2026-11-23",
        "call_completed": "Yes",
    }
    assert accepted.revision == 2


# -- what is next

ONE_TO_GO = written(complete(), "company_overview", industry="")


@pytest.mark.parametrize(
    ("handoff", "words", "owner"),
    [
        (empty(), "Complete the document: 6 required answers to go", AE),
        (ONE_TO_GO, "Complete the document: 1 required answer to go", AE),
        (complete(csm=None), "Name the CSM, then submit for review", AE),
        (at(Stage.PREPARING), "Submit the document for review", AE),
        (at(Stage.IN_REVIEW), "Read the document, then accept it or return it", CSM),
        (at(Stage.RETURNED), "Mend what was returned, then submit again", AE),
        (at(Stage.ACCEPTED), "Schedule the internal handoff meeting", AE),
        (at(Stage.CANCELLED), "Nothing: this handoff is cancelled", None),
    ],
)
def test_what_is_next_and_who_owes_it(handoff: Handoff, words: str, owner: str | None) -> None:
    step = next_step(handoff, PLAYBOOK)
    assert (step.words, step.owner) == (words, owner)
