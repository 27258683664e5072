"""What is true of a handoff, and since when: the facts that start and end deadlines."""

from datetime import datetime

from bot import promises
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.timing import Fact

# What has happened, even if nobody noted it, once something later was noted.
IMPLIED_BY = {
    Fact.INTERNAL_MEETING_SCHEDULED: (Fact.INTERNAL_MEETING_HELD,),
    Fact.QUESTIONS_PREPARED: (Fact.INTERNAL_MEETING_HELD,),
    Fact.INTRODUCTION_SCHEDULED: (Fact.INTRODUCTION_DONE,),
    Fact.INTRODUCTION_PREPARED: (Fact.INTRODUCTION_DONE,),
    Fact.FIRST_CONTACT: (Fact.INTRODUCTION_DONE, Fact.KICKOFF_HELD),
}


def has(fact: Fact, handoff: Handoff, playbook: Playbook) -> bool:
    """Whether the fact is true of the handoff."""
    if fact is Fact.PHASE_OVER:
        return handoff.phase > 0
    if fact.is_noted:
        named = fact is Fact.CS_ALERTED and handoff.csm is not None
        return named or any(is_said(one, handoff) for one in (fact, *IMPLIED_BY.get(fact, ())))
    model = playbook.timing_model(handoff.timing_model)
    facts = {
        Fact.STARTED: True,
        Fact.CSM_NAMED: handoff.csm is not None,
        Fact.CONTRACT_SIGNED: handoff.signed_at is not None,
        Fact.SUBMITTED: handoff.submissions > 0,
        Fact.RETURNED: handoff.stage is Stage.RETURNED,
        Fact.REVIEWED: handoff.stage is Stage.RETURNED or handoff.is_accepted,
        Fact.ACCEPTED: handoff.is_accepted,
        Fact.COMPLETED: handoff.completion is not None,
        Fact.FEEDBACK_GIVEN: handoff.feedback is not None,
        Fact.CUSTOMER_HEARD: handoff.heard is not None,
        Fact.FADED: model is not None and handoff.phase >= len(model.fade) and Fact.INTRODUCTION_DONE in handoff.steps,
    }
    return facts[fact]


def is_said(fact: Fact, handoff: Handoff) -> bool:
    """Whether somebody noted it, or scheduled it with Baton."""
    return fact in handoff.steps or any(fact is meeting.kind.scheduled for meeting in handoff.planned)


def moment_of(fact: Fact, handoff: Handoff) -> datetime | None:
    """Since when a fact that starts a deadline is true."""
    if fact.is_noted:
        step = handoff.steps.get(fact)
        return step.at if step else None
    return {
        Fact.STARTED: handoff.started_at,
        Fact.CONTRACT_SIGNED: handoff.signed_at,
        Fact.SUBMITTED: handoff.submitted_at if handoff.stage is Stage.IN_REVIEW else None,
        Fact.RETURNED: handoff.returned.at if handoff.returned and handoff.stage is Stage.RETURNED else None,
        Fact.ACCEPTED: handoff.accepted_at,
        Fact.PROMISED: _promised_at(handoff),
        Fact.COMPLETED: handoff.completion.at if handoff.completion else None,
        **{meeting.kind.over: meeting.ends_at for meeting in handoff.planned},
    }.get(fact)


def _promised_at(handoff: Handoff) -> datetime | None:
    """When the newest commitment came to CS: with the document, or written down after that."""
    moments = (handoff.accepted_at, handoff.content(promises.SECTION).at)
    return handoff.accepted_at and max(moment for moment in moments if moment)
