"""Escalations: what CS and Sales cannot settle by themselves, and how their leaders settle it."""

from datetime import datetime

from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.playbook import Kind, PlaybookField
from bot.records import Decision, Escalation, Promise, PromiseStatus, Severity
from bot.refusals import Refusal, refuse_fields
from bot.values import read

MOST_OPEN = 10
WORDS = PlaybookField(id="words", label="The text", kind=Kind.LONG_TEXT, max_length=1000)


class EscalationRaised(Event):
    """Somebody escalated. `told`: the leaders, or where nobody has named any, who can name them."""

    escalation: int
    what: str
    severity: Severity
    told: tuple[str, ...]
    promise: str = ""  # the row of the promise it is about

    def change(self, handoff: Handoff) -> Handoff:
        """With one more to decide."""
        raised = Escalation(
            id=self.escalation, what=self.what, severity=self.severity, by=self.by, at=self.at, promise=self.promise
        )
        return handoff.model_copy(update={"escalations": handoff.escalations | {raised.id: raised}})


class EscalationClosed(Event):
    """It has its outcome; a promise that is withdrawn is broken."""

    escalation: int
    what: str
    outcome: str
    decision: Decision | None = None

    def change(self, handoff: Handoff) -> Handoff:
        """Decided."""
        outcome = {"outcome": self.outcome, "decision": self.decision, "closed_by": self.by, "closed_at": self.at}
        closed = handoff.escalations[self.escalation].model_copy(update=outcome)
        after = handoff.model_copy(update={"escalations": handoff.escalations | {closed.id: closed}})
        if self.decision is not Decision.WITHDRAW:
            return after
        promise = handoff.promises.get(closed.promise, Promise(row=closed.promise))
        ended = {"ended": PromiseStatus.BROKEN, "ended_words": self.outcome, "ended_by": self.by, "ended_at": self.at}
        broken = promise.model_copy(update=ended)
        return after.model_copy(update={"promises": handoff.promises | {closed.promise: broken}})


def open_escalations(handoff: Handoff) -> list[Escalation]:
    """What waits for an outcome, the worst first, then the oldest."""
    waiting = (one for one in handoff.escalations.values() if one.is_open)
    return sorted(waiting, key=lambda one: (list(Severity).index(one.severity), one.at))


def about(handoff: Handoff, row: str) -> Escalation | None:
    """The newest about the promise of that row."""
    return next((one for one in reversed(handoff.escalations.values()) if row and one.promise == row), None)


def is_withdrawn(handoff: Handoff, row: str) -> bool:
    """Whether the leaders have ended that promise, so that opening it again is theirs too."""
    known, promise = about(handoff, row), handoff.promises.get(row)
    if known is None or promise is None or known.decision is not Decision.WITHDRAW:
        return False
    return promise.ended_at == known.closed_at


def find(handoff: Handoff, number: int) -> Escalation:
    """The escalation of that number."""
    if number not in handoff.escalations:
        raise Refusal("This escalation is not in Baton's records any more.")
    return handoff.escalations[number]


def escalate(
    handoff: Handoff, what: str, severity: str, told: tuple[str, ...], *, by: str, now: datetime, promise: str = ""
) -> EscalationRaised:
    """Ask the leaders to decide."""
    refuse_if_cancelled(handoff)
    what, problems = read(WORDS, what), {}
    if not what:
        problems["words"] = "Say what the leaders have to decide."
    if severity not in {*Severity}:
        problems["severity"] = "Choose how bad it is."
    waiting = open_escalations(handoff)
    if same := next((one for one in waiting if one.what == what and not promise), None):
        problems["words"] = f"<@{same.by}> has escalated this already."
    refuse_fields(problems)
    if len(waiting) >= MOST_OPEN and not promise:
        raise Refusal(f"{MOST_OPEN} escalations are open already. Talk to the leaders about those first.")
    number = max(handoff.escalations, default=0) + 1
    return EscalationRaised(
        by=by, at=now, escalation=number, what=what, severity=Severity(severity), told=told, promise=promise
    )


def decide(
    handoff: Handoff, number: int, decision: str, outcome: str, *, by: str, now: datetime
) -> EscalationClosed | None:
    """Settle it in words; of a promise, whether it is honoured, renegotiated or withdrawn. None when just said."""
    one = find(handoff, number)
    outcome = read(WORDS, outcome)
    if (one.outcome, one.closed_by, one.decision or "") == (outcome, by, decision) and not one.is_open:
        return None
    refuse_if_closed(one)
    problems = {}
    if one.promise and decision not in {*Decision}:
        problems["decision"] = "Choose what happens with the promise."
    if not outcome:
        problems["outcome"] = "Say what was decided, so that the AE and the CSM can act on it."
    refuse_fields(problems)
    settled = Decision(decision) if one.promise else None
    return EscalationClosed(by=by, at=now, escalation=number, what=one.what, outcome=outcome, decision=settled)


def refuse_if_closed(one: Escalation) -> None:
    """What is decided stays decided; who disagrees escalates again."""
    if not one.is_open:
        how = f": {one.decision.value}" if one.decision else ""
        raise Refusal(f"<@{one.closed_by}> has decided this already{how}. Escalate again if that will not do.")


def refuse_if_cancelled(handoff: Handoff) -> None:
    """Nothing is escalated in a cancelled handoff until it is reopened."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it before you escalate.")
