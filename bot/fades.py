"""The AE's gradual fade: its phases with their days, and the AE who disappears instead."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.questions import answers, open_questions
from bot.records import Question
from bot.timing import Fact


@dataclass(frozen=True)
class Phase:
    """One phase of the plan: until which day it lasts, and whether it is over."""

    label: str
    until: date
    is_over: bool


def plan(handoff: Handoff, playbook: Playbook) -> list[Phase]:
    """The phases from the customer introduction on; none before it."""
    model, introduced = playbook.timing_model(handoff.timing_model), handoff.steps.get(Fact.INTRODUCTION_DONE)
    if introduced is None or model is None:
        return []
    first = introduced.at.date()
    return [
        Phase(phase.label, first + timedelta(days=phase.days), number < handoff.phase)
        for number, phase in enumerate(model.fade)
    ]


def is_fading(handoff: Handoff) -> bool:
    """Whether the customer has met the CSM and the AE is still to be there: who is silent now has disappeared."""
    return Fact.INTRODUCTION_DONE in handoff.steps and handoff.completion is None


def silence_of(handoff: Handoff) -> str:
    """Which disappearance it is: whose, and which question was the first. After that was answered it is another."""
    return " ".join([handoff.ae, *(f"{one.id}.{one.round}" for one in left_open(handoff)[:1])])


def left_open(handoff: Handoff) -> list[Question]:
    """The questions that the AE has left open past their clock."""
    late = {kind.rpartition(".")[2] for kind, one in handoff.awaited.items() if one.missed_at and one.is_open}
    return [one for one in open_questions(handoff) if answers(one, handoff) == handoff.ae and str(one.id) in late]
