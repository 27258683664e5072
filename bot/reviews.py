"""Submitting the document, accepting it, and sending it back with the gaps named."""

from collections.abc import Sequence
from datetime import datetime

from bot.captures import to_review
from bot.documents import missing_fields
from bot.events import HandoffAccepted, HandoffReturned, HandoffSubmitted
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.refusals import Refusal


def refuse_unless_submittable(handoff: Handoff) -> None:
    """Only a document that is with the AE can be submitted."""
    if handoff.stage not in (Stage.PREPARING, Stage.RETURNED):
        raise Refusal(_NOT_WITH_AE[handoff.stage])


def submit(handoff: Handoff, playbook: Playbook, *, by: str, now: datetime) -> HandoffSubmitted:
    """Send the document to the CSM."""
    refuse_unless_submittable(handoff)
    if not handoff.csm:
        raise Refusal("There is no CSM to review it yet. Use Change owners to name one.")
    if missing := missing_fields(playbook, handoff):
        raise Refusal(f"{len(missing)} required answers are missing.")
    if waiting := to_review(handoff):
        raise Refusal(f"Review what was captured from messages first: {len(waiting)} in all.")
    return HandoffSubmitted(by=by, at=now, number=handoff.submissions + 1)


def accept(handoff: Handoff, *, by: str, now: datetime) -> HandoffAccepted:
    """Take the customer over."""
    refuse_unless_reviewable(handoff)
    return HandoffAccepted(by=by, at=now)


def send_back(
    handoff: Handoff, playbook: Playbook, reason: str, words: str, gaps: Sequence[str], *, by: str, now: datetime
) -> HandoffReturned:
    """Return the document, naming the gaps (`section.field` paths) in words."""
    refuse_unless_reviewable(handoff)
    problems = {}
    if reason not in {choice.id for choice in playbook.return_reasons}:
        problems["reason"] = "Choose a reason."
    if not words.strip():
        problems["words"] = "Say what the AE should change, so that one round is enough."
    if problems:
        raise Refusal(" ".join(problems.values()), problems)
    known = tuple(gap for gap in gaps if playbook.field(gap))
    return HandoffReturned(by=by, at=now, reason=reason, words=words.strip(), gaps=known)


def refuse_unless_reviewable(handoff: Handoff) -> None:
    """Only a document in review can be accepted or returned."""
    if handoff.stage is not Stage.IN_REVIEW:
        raise Refusal(_NOT_IN_REVIEW[handoff.stage])


_NOT_WITH_AE = {
    Stage.IN_REVIEW: "The document is with the CSM already. It can be submitted again if it is returned.",
    Stage.ACCEPTED: "CS has accepted this handoff. There is nothing left to submit.",
    Stage.COMPLETED: "This handoff is completed. There is nothing left to submit.",
    Stage.CANCELLED: "This handoff is cancelled. Reopen it to go on.",
}
_NOT_IN_REVIEW = {
    Stage.PREPARING: "The document is not submitted yet. The AE submits it when the required answers are there.",
    Stage.RETURNED: "The document is back with the AE. It can be accepted once it is submitted again.",
    Stage.ACCEPTED: "CS has accepted this handoff already.",
    Stage.COMPLETED: "CS has accepted this handoff already, and it is completed.",
    Stage.CANCELLED: "This handoff is cancelled. Reopen it to go on.",
}
