"""Weeks of handoffs as they might have gone, told in a few words, for stories about what is counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import completion, escalations, meetings, promises, reminders, surveys
from bot.documents import save_values
from bot.events import (
    BATON,
    ChannelOpened,
    ContractSigned,
    Event,
    HandoffAccepted,
    HandoffReturned,
    HandoffStarted,
    HandoffSubmitted,
    OwnersChanged,
    StepNoted,
)
from bot.handoffs import Deal
from bot.records import MeetingKind, PromiseStatus, Severity
from bot.timing import Fact
from store.work import Work

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Fate:
    """What becomes of a deal, in hours after the close; None: never. `promise`: the kind of one and how it ended (None:
    it is due on the day of the close, and goes on); `missed`: deadlines that were missed an hour after the close."""

    customer: str
    closed: datetime
    ae: str
    csm: str | None
    named: float = -240
    document: float | None = 20
    returned: str = ""
    gaps: tuple[str, ...] = ()
    met: float | None = 30
    introduced: float | None = 40
    contacted: float | None = 40
    cold: str = ""
    repeated: tuple[str, ...] = ()
    score: int | None = None
    escalated: str = ""
    completed: float | None = None
    missing: tuple[str, ...] = ()
    words: str = ""
    promise: tuple[str, PromiseStatus | None] | None = None
    missed: tuple[str, ...] = ()
    silent: bool = False
    champion: str = "Dr. Ruth Feldman"
    driver: str = ""
    website: str = ""
    channel: str = ""
    segment: str = "smb"


def happens(work: Work, fate: Fate, until: datetime) -> int:
    """Record it as far as it has come by `until`; the handoff's id."""
    start = fate.closed - 480 * HOUR
    deal = {"company_name": fate.customer, "website": fate.website or f"https://{abs(hash(fate.customer))}.example"}
    deal |= {"segment": fate.segment, "contract_value": "84000", "currency": "USD", "timing_model": "at_close"}
    facts = {"ae": fate.ae, "playbook": work.playbook_digest, "deal": Deal.model_validate(deal)}
    handoff = work.start(HandoffStarted.model_validate({"by": fate.ae, "at": start, **facts}))
    if fate.channel:
        handoff = work.record(handoff, ChannelOpened(by=BATON, at=start, channel=fate.channel, name="x"))
    if fate.champion:
        saved = save_values(handoff, "relationship_history", {"champion": fate.champion}, by=fate.ae, now=start)
        handoff = work.record(handoff, saved)
    if fate.driver:
        said = {"primary_business_drivers": [{"id": "d1", "driver": fate.driver}]}
        handoff = work.record(handoff, save_values(handoff, "why_they_bought", {**said}, by=fate.ae, now=start))
    if fate.promise:
        row = {"id": "p1", "commitment": "A connector", "kind": fate.promise[0], "due": f"{fate.closed:%Y-%m-%d}"}
        saved = save_values(handoff, promises.SECTION, {promises.FIELD: [row]}, by=fate.ae, now=start)
        handoff = work.record(handoff, saved)
    for event in sorted(_events(fate), key=lambda one: one.at):
        if event.at <= until:
            handoff = work.record(handoff, event)
    return handoff.id


def _events(fate: Fate) -> Iterator[Event]:
    by, cs = fate.ae, fate.csm or fate.ae

    def at(hours: float) -> datetime:
        return fate.closed + hours * HOUR

    yield ContractSigned(by=by, at=at(0), signed_at=at(0))
    if fate.csm:
        yield OwnersChanged(by=by, at=at(fate.named), ae=fate.ae, csm=fate.csm, se=None)
    if fate.document is not None:
        yield from _documented(fate, by, cs, fate.document)
    if fate.met is not None:
        held = {"by": by, "at": at(fate.met), "kind": MeetingKind.INTERNAL}
        yield meetings.MeetingHeld.model_validate(held)
    if fate.introduced is not None:
        yield StepNoted(by=by, at=at(fate.introduced), step=Fact.INTRODUCTION_DONE)
    if fate.contacted is not None:
        way = {"contacted_at": at(fate.contacted), "way": meetings.Way.CALL, "cold": fate.cold}
        yield meetings.FirstContactMade.model_validate({"by": cs, "at": at(fate.contacted), **way})
    yield from _ended(fate, by, cs)


def _documented(fate: Fate, by: str, cs: str, hours: float) -> Iterator[Event]:
    at = fate.closed + hours * HOUR
    yield HandoffSubmitted(by=by, at=at, number=1)
    if fate.returned:
        back = {"reason": fate.returned, "words": "Please say more.", "gaps": fate.gaps}
        yield HandoffReturned.model_validate({"by": cs, "at": at + HOUR, **back})
        yield HandoffSubmitted(by=by, at=at + 2 * HOUR, number=2)
    yield HandoffAccepted(by=cs, at=at + 3 * HOUR)


def _ended(fate: Fate, by: str, cs: str) -> Iterator[Event]:
    def at(hours: float) -> datetime:
        return fate.closed + hours * HOUR

    for rule in fate.missed:
        yield reminders.DeadlineMissed(by=BATON, at=at(1), deadline=rule, is_disappearance=fate.silent)
    if fate.repeated:
        yield surveys.CustomerRepeated(by=cs, at=at(50), sections=fate.repeated, words=fate.words)
    if fate.score:
        yield surveys.SurveyAnswered(by=cs, at=at(60), score=fate.score)
    if fate.escalated:
        told = {"escalation": 1, "what": fate.escalated, "severity": Severity.HIGH, "told": ()}
        yield escalations.EscalationRaised.model_validate({"by": cs, "at": at(2), **told})
    if fate.promise and fate.promise[1]:
        words = {"row": "p1", "promised": "A connector", "words": "They agreed.", "status": fate.promise[1]}
        yield promises.PromiseEnded.model_validate({"by": cs, "at": at(45), **words})
    if fate.completed is not None:
        yield completion.HandoffCompleted(by=cs, at=at(fate.completed))
        if fate.missing:
            said = {"missing": fate.missing, "words": fate.words}
            yield completion.FeedbackGiven.model_validate({"by": cs, "at": at(fate.completed) + 2 * HOUR, **said})
