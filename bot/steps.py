"""What is next for a handoff, who owes it, and which moves are open now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.documents import missing_fields
from bot.events import StepNoted, StepTakenBack
from bot.facts import has
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.promises import ledger
from bot.questions import answers, open_questions
from bot.refusals import Refusal
from bot.surveys import has_met
from bot.timing import Fact, Owner


class Move(StrEnum):
    """What may be pressed on a handoff."""

    EDIT = "edit"
    VIEW = "view"
    SIGN = "sign"
    SUBMIT = "submit"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    ASSIGN = "assign"
    OWNERS = "owners"
    DEAL = "deal"
    HISTORY = "history"
    CANCEL = "cancel"
    REOPEN = "reopen"
    WHY = "why"
    QUESTIONS = "questions"
    MEETINGS = "meetings"
    PROMISES = "promises"
    ESCALATE = "escalate"
    COMPLETE = "complete"
    FEEDBACK = "feedback"
    KEEP_CHANNEL = "keep_channel"
    SURVEY = "survey"


@dataclass(frozen=True)
class Step:
    """The next step in words, and the Slack user who owes it (None when nobody does, or nobody is named yet)."""

    words: str
    owner: str | None


def next_step(handoff: Handoff, playbook: Playbook) -> Step:
    """What unlocks the handoff now."""
    match handoff.stage:
        case Stage.PREPARING:
            return _preparing(handoff, playbook)
        case Stage.IN_REVIEW:
            return _answering(handoff, "the review goes on") or Step(
                "Read the document, then accept it or return it", handoff.csm
            )
        case Stage.RETURNED:
            return Step("Mend what was returned, then submit again", handoff.ae)
        case Stage.ACCEPTED:
            return _accepted(handoff, playbook)
        case Stage.COMPLETED:
            return _completed(handoff)
        case Stage.CANCELLED:
            return Step("Nothing: this handoff is cancelled", None)


def _preparing(handoff: Handoff, playbook: Playbook) -> Step:
    missing = len(missing_fields(playbook, handoff))
    if missing:
        return Step(f"Complete the document: {missing} required answer{'s' if missing > 1 else ''} to go", handoff.ae)
    if not handoff.csm:
        return Step("Name the CSM, then submit for review", handoff.ae)
    return Step("Submit the document for review", handoff.ae)


def _accepted(handoff: Handoff, playbook: Playbook) -> Step:
    """The first of the practice's steps that is not done, in the order of the handbook."""
    if Fact.INTERNAL_MEETING_HELD not in handoff.steps and (step := _answering(handoff, "hold the internal meeting")):
        return step
    practised = playbook.facts()
    for fact, owner, words in _AFTER_ACCEPTANCE:
        if fact in practised and not has(fact, handoff, playbook):
            return Step(words, handoff.ae if owner is Owner.AE else handoff.csm)
    return _answering(handoff, "complete the handoff") or Step(
        "Lead the customer, and complete the handoff", handoff.csm
    )


def _completed(handoff: Handoff) -> Step:
    if any(promise.is_open for promise in ledger(handoff)):
        return Step("Keep the promises that are open", handoff.csm)
    return Step("Nothing: this handoff is completed", None)


def _answering(handoff: Handoff, then: str) -> Step | None:
    """What is asked comes first, for what follows is better with the answers."""
    waiting = open_questions(handoff)
    if not waiting:
        return None
    what = f"Answer {len(waiting)} open questions" if len(waiting) > 1 else "Answer the open question"
    return Step(f"{what}, then {then}", answers(waiting[0], handoff))


_AFTER_ACCEPTANCE = (
    (Fact.INTERNAL_MEETING_SCHEDULED, Owner.AE, "Schedule the internal handoff meeting"),
    (Fact.INTERNAL_MEETING_HELD, Owner.AE, "Hold the internal handoff meeting, then note it"),
    (Fact.INTRODUCTION_SCHEDULED, Owner.AE, "Schedule the customer introduction"),
    (Fact.INTRODUCTION_DONE, Owner.AE, "Introduce the CSM to the customer, then note it"),
    (Fact.FIRST_CONTACT, Owner.CSM, "Make the first contact with the customer"),
    (Fact.FADED, Owner.AE, "Follow the fade plan"),
)


def note(
    step: Fact, handoff: Handoff, playbook: Playbook, *, by: str, now: datetime, phase: int | None = None
) -> StepNoted:
    """Somebody says that a step outside of Baton is done; `phase` is the one of the fade plan that was meant."""
    _refuse_if_over(handoff)
    if phase not in (None, handoff.phase) if step is Fact.PHASE_OVER else has(step, handoff, playbook):
        done = handoff.steps.get(step)
        raise Refusal(f"{f'<@{done.by}> has noted this' if done else 'This is noted'} already.")
    if step not in notable(handoff, playbook):
        raise Refusal(_TOO_EARLY.get(step, "There is nothing to note here now."))
    return StepNoted(by=by, at=now, step=step)


def notable(handoff: Handoff, playbook: Playbook) -> tuple[Fact, ...]:
    """The steps that somebody may note now."""
    if handoff.stage in (Stage.CANCELLED, Stage.COMPLETED):
        return ()
    model = playbook.timing_model(handoff.timing_model)
    phases = len(model.fade) if model else 0
    wanted = playbook.facts() | ({model.ownership} if model else set())
    wanted = wanted - {Fact.QUESTIONS_PREPARED}  # which CS says beside the questions
    open_steps = [step for step in Fact if step.is_noted and step in wanted and not _is_done(step, handoff, playbook)]
    if handoff.stage is not Stage.ACCEPTED:
        early = {Fact.CS_ALERTED, Fact.FIRST_CONTACT} if handoff.signed_at else {Fact.CS_ALERTED}
        return tuple(step for step in open_steps if step in early)
    fading = Fact.INTRODUCTION_DONE in handoff.steps and handoff.phase < phases
    return tuple(step for step in open_steps if step is not Fact.PHASE_OVER or fading)


def _is_done(step: Fact, handoff: Handoff, playbook: Playbook) -> bool:
    return step is not Fact.PHASE_OVER and has(step, handoff, playbook)


def noted(handoff: Handoff) -> tuple[Fact, ...]:
    """What was noted and can be taken back, the newest first."""
    steps = sorted(handoff.steps, key=lambda step: handoff.steps[step].at, reverse=True)
    return (*((Fact.PHASE_OVER,) if handoff.phase else ()), *(Fact(step) for step in steps))


def take_back(step: Fact, handoff: Handoff, *, by: str, now: datetime) -> StepTakenBack:
    """Somebody noted it by mistake."""
    _refuse_if_over(handoff)
    if step not in noted(handoff):
        raise Refusal("This is not noted (any more): there is nothing to take back.")
    return StepTakenBack(by=by, at=now, step=step)


def _refuse_if_over(handoff: Handoff) -> None:
    if handoff.stage in (Stage.CANCELLED, Stage.COMPLETED):
        raise Refusal(f"This handoff is {handoff.stage.clause}. Reopen it to go on.")


_TOO_EARLY: dict[Fact, str] = dict.fromkeys(
    (step for step in Fact if step.is_noted), "This comes after CS has accepted the document."
) | {
    Fact.FIRST_CONTACT: "This comes after the contract is signed.",
    Fact.PHASE_OVER: "The fade plan begins when the customer introduction is done, and ends with its last phase.",
}


def is_with_cs(handoff: Handoff, playbook: Playbook) -> bool:
    """Whether the customer has passed over to CS: the timing model's fact is true."""
    model = playbook.timing_model(handoff.timing_model)
    return model is not None and has(model.ownership, handoff, playbook)


def leads(handoff: Handoff, playbook: Playbook) -> str | None:
    """Who leads the customer now: the AE, then the CSM."""
    return handoff.csm if is_with_cs(handoff, playbook) else handoff.ae


_LOOKS = (Move.VIEW, Move.QUESTIONS, Move.MEETINGS, Move.PROMISES)
_SELDOM = (Move.OWNERS, Move.DEAL, Move.HISTORY, Move.ESCALATE)


def open_moves(handoff: Handoff) -> tuple[Move, ...]:
    """The moves that this stage allows, the most wanted first."""
    sign = () if handoff.signed_at else (Move.SIGN,)
    survey = (Move.SURVEY,) if has_met(handoff) else ()
    match handoff.stage:
        case Stage.PREPARING | Stage.RETURNED:
            assign = () if handoff.csm else (Move.ASSIGN,)
            return (Move.EDIT, Move.SUBMIT, *sign, *_LOOKS, Move.WHY, *assign, *_SELDOM, Move.CANCEL)
        case Stage.IN_REVIEW:
            return (Move.ACCEPT, Move.SEND_BACK, *_LOOKS, *sign, Move.EDIT, Move.WHY, *_SELDOM, Move.CANCEL)
        case Stage.ACCEPTED:
            return (Move.WHY, *_LOOKS, *sign, Move.EDIT, Move.COMPLETE, *_SELDOM, *survey)
        case Stage.COMPLETED:
            asked = () if handoff.feedback else (Move.FEEDBACK,)
            keep = (Move.KEEP_CHANNEL,) if handoff.completion and handoff.completion.channel_at else ()
            looks = (Move.VIEW, Move.QUESTIONS, Move.PROMISES, Move.WHY)
            seldom = (Move.OWNERS, Move.HISTORY, Move.ESCALATE, *survey)
            return (*asked, *looks, *sign, Move.EDIT, *keep, Move.REOPEN, *seldom)
        case Stage.CANCELLED:
            return (Move.VIEW, Move.QUESTIONS, Move.PROMISES, Move.HISTORY, Move.REOPEN)
