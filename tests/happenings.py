"""What happens to handoffs in the tests, in few words, and handoffs to which it has happened."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.calendars import Calendar
from bot.deadlines import due_at
from bot.events import (
    ContractSigned,
    DealChanged,
    Event,
    HandoffAccepted,
    HandoffCancelled,
    HandoffReturned,
    HandoffSubmitted,
    OwnersChanged,
    StepNoted,
)
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.reminders import WaitingBegan, WaitingEnded
from bot.surveys import NothingRepeated
from bot.teams import Lateness
from bot.timing import DeadlineRule, Fact
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, empty

OFFICE = Calendar("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def utc(text: str) -> datetime:
    """A moment in UTC, such as 2026-11-23 17:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(name: str, playbook: Playbook = PLAYBOOK, model: str = "at_close") -> DeadlineRule:
    """The deadline of that id under a timing model."""
    return next(one for one in playbook.rules(model) if one.id == name)


def due(
    handoff: Handoff,
    name: str,
    *,
    calendar: Calendar = OFFICE,
    lateness: Lateness = Lateness.WALL,
    now: datetime = NOW,
    playbook: Playbook = PLAYBOOK,
) -> datetime | None:
    """When that deadline of the handoff is due."""
    here = rule(name, playbook, handoff.timing_model)
    return due_at(here, handoff, playbook, calendar, lateness, now)


def signed(at: datetime = NOW, day: datetime | None = None) -> ContractSigned:
    """The customer signed, perhaps some day before it was noted."""
    return ContractSigned(by=AE, at=at, signed_at=day or at)


def submitted(number: int = 1, at: datetime = NOW) -> HandoffSubmitted:
    """The document goes to the CSM."""
    return HandoffSubmitted(by=AE, at=at, number=number)


def returned(at: datetime = NOW) -> HandoffReturned:
    """The document comes back."""
    return HandoffReturned(by=CSM, at=at, reason="missing", words="Who signs?", gaps=())


def accepted(at: datetime = NOW) -> HandoffAccepted:
    """The CSM takes the customer over."""
    return HandoffAccepted(by=CSM, at=at)


def noted(step: Fact, at: datetime = NOW) -> StepNoted:
    """Somebody notes a step outside of Baton as done."""
    return StepNoted(by=AE, at=at, step=step)


def owners(csm: str | None, ae: str = AE, at: datetime = NOW, se: str | None = None) -> OwnersChanged:
    """Somebody names other owners."""
    return OwnersChanged(by=AE, at=at, ae=ae, csm=csm, se=se)


def deal(model: str = "at_close", close: date | None = None, at: datetime = NOW, segment: str = "smb") -> DealChanged:
    """The facts of the deal are corrected."""
    return DealChanged(by=AE, at=at, segment=segment, timing_model=model, expected_close=close)


def cancelled(at: datetime = NOW) -> HandoffCancelled:
    """The deal is lost."""
    return HandoffCancelled(by=AE, at=at, reason="deal_lost", words="")


def waits(begin: datetime, end: datetime | None = None, name: str = "complete_document") -> list[Event]:
    """Waiting on the customer, perhaps until they answered."""
    until = begin + 30 * DAY
    began = WaitingBegan(by=AE, at=begin, deadline=name, reason="Legal is on holiday", until=until)
    return [began, WaitingEnded(by=AE, at=end, deadline=name)] if end else [began]


def in_review(number: int = 1, **known: Any) -> Handoff:
    """A signed handoff whose document the CSM reads, for the first time or again."""
    events: list[Event] = [signed(), submitted()]
    for again in range(2, number + 1):
        events += [returned(), submitted(again)]
    return after(empty(**known), *events)


def introduced(model: str) -> Handoff:
    """A handoff whose customer knows the CSM since NOW, and had nothing to explain again."""
    steps = (Fact.FIRST_CONTACT, Fact.INTERNAL_MEETING_HELD, Fact.INTRODUCTION_DONE)
    known = NothingRepeated(by=CSM, at=NOW)
    return after(in_review(timing_model=model), accepted(), *(noted(step) for step in steps), known)
