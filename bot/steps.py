"""What is next for a handoff, who owes it, and which moves are open now."""

from dataclasses import dataclass
from enum import StrEnum

from bot.documents import missing_fields
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook, label_of


class Move(StrEnum):
    """What may be pressed on a handoff."""

    EDIT = "edit"
    VIEW = "view"
    SIGN = "sign"
    SUBMIT = "submit"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    OWNERS = "owners"
    DEAL = "deal"
    HISTORY = "history"
    CANCEL = "cancel"
    REOPEN = "reopen"


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
            return Step("Read the document, then accept it or return it", handoff.csm)
        case Stage.RETURNED:
            return Step("Mend what was returned, then submit again", handoff.ae)
        case Stage.ACCEPTED:
            return Step("Lead the customer from here; the AE stays reachable", handoff.csm)
        case Stage.CANCELLED:
            return Step("Nothing: this handoff is cancelled", None)


def _preparing(handoff: Handoff, playbook: Playbook) -> Step:
    missing = len(missing_fields(playbook, handoff))
    if missing:
        return Step(f"Complete the document: {missing} required answer{'s' if missing > 1 else ''} to go", handoff.ae)
    if not handoff.csm:
        return Step("Name the CSM, then submit for review", handoff.ae)
    return Step("Submit the document for review", handoff.ae)


def open_moves(handoff: Handoff) -> tuple[Move, ...]:
    """The moves that this stage allows, the most wanted first."""
    sign = () if handoff.signed_at else (Move.SIGN,)
    match handoff.stage:
        case Stage.PREPARING | Stage.RETURNED:
            return (Move.EDIT, Move.SUBMIT, *sign, Move.VIEW, Move.OWNERS, Move.DEAL, Move.HISTORY, Move.CANCEL)
        case Stage.IN_REVIEW:
            return (
                Move.ACCEPT,
                Move.SEND_BACK,
                Move.VIEW,
                *sign,
                Move.EDIT,
                Move.OWNERS,
                Move.DEAL,
                Move.HISTORY,
                Move.CANCEL,
            )
        case Stage.ACCEPTED:
            return (Move.VIEW, *sign, Move.EDIT, Move.OWNERS, Move.HISTORY)
        case Stage.CANCELLED:
            return (Move.VIEW, Move.HISTORY, Move.REOPEN)


def overdue_words(handoff: Handoff, playbook: Playbook) -> list[str]:
    """What is late, as people read it."""
    return [label_of(playbook.deadlines, kind) for kind in handoff.overdue]
