"""Deadlines: armed by events, and asked about when they are due. Nothing is ever cancelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.events import BATON, ContractSigned, DeadlineMissed, Event, HandoffReopened, HandoffReturned, HandoffSubmitted
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook, Trigger


@dataclass(frozen=True)
class Deadline:
    """`kind` (a deadline rule's id) is owed by `due_at`; `round` tells one review from the next."""

    kind: str
    due_at: datetime
    round: int


def armed_by(event: Event, handoff: Handoff, playbook: Playbook) -> Iterator[Deadline]:
    """The deadlines that `event` starts for the handoff as it stands after it."""
    match event:
        case ContractSigned():
            trigger, start = Trigger.CONTRACT_SIGNED, event.signed_at
        case HandoffSubmitted():
            trigger, start = Trigger.SUBMITTED, event.at
        case HandoffReturned():
            trigger, start = Trigger.RETURNED, event.at
        case HandoffReopened() if handoff.signed_at:  # the clock of the signature starts anew
            trigger, start = Trigger.CONTRACT_SIGNED, event.at
        case _:
            return
    for rule in playbook.deadlines:
        if rule.starts is trigger:
            yield Deadline(rule.id, start + timedelta(hours=rule.hours), handoff.submissions)


def when_due(deadline: Deadline, handoff: Handoff, playbook: Playbook, now: datetime) -> DeadlineMissed | None:
    """What a due deadline means for the handoff as it stands now: missed, or nothing any more."""
    rule = next((rule for rule in playbook.deadlines if rule.id == deadline.kind), None)
    if rule is None or deadline.kind in handoff.overdue:
        return None
    owed = {
        Trigger.CONTRACT_SIGNED: handoff.stage is Stage.PREPARING,
        Trigger.SUBMITTED: handoff.stage is Stage.IN_REVIEW and handoff.submissions == deadline.round,
        Trigger.RETURNED: handoff.stage is Stage.RETURNED and handoff.submissions == deadline.round,
    }
    return DeadlineMissed(by=BATON, at=now, deadline=deadline.kind) if owed[rule.starts] else None
