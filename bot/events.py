"""What can happen to a handoff, in the past tense; each event knows how it changes the handoff."""

from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from bot.handoffs import CALL, Channel, Deal, Done, Handoff, Return, SectionContent, Stage
from bot.owners import passed_on
from bot.records import MeetingEnd
from bot.timing import Fact
from bot.values import Value, Values

BATON = "baton"  # who did it, when Baton itself did


class Event(BaseModel):
    """Something that happened, by whom (Slack user id or BATON) and when (UTC). Kept for ever in the history."""

    model_config = ConfigDict(frozen=True)
    kinds: ClassVar[dict[str, type["Event"]]] = {}

    by: str
    at: datetime

    @property
    def happened_at(self) -> datetime:
        """When it happened, which may be before somebody said so."""
        return self.at

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.kinds[cls.__name__] = cls

    def change(self, handoff: Handoff) -> Handoff:
        """The handoff after this event."""
        return handoff

    @staticmethod
    def of(kind: str, data: str) -> "Event":
        """The event that was stored as `data` (JSON)."""
        return Event.kinds[kind].model_validate_json(data)


class HandoffStarted(Event):
    """Somebody opened a handoff for a deal."""

    playbook: str
    deal: Deal
    ae: str
    csm: str | None = None
    se: str | None = None

    def begin(self, handoff_id: int) -> Handoff:
        """The handoff as it begins."""
        deal = self.deal
        overview: Values = {"company_name": deal.company_name, "website": deal.website}
        overview |= {"contract_value": deal.contract_value, "currency": deal.currency}
        content = SectionContent(revision=1, values={k: v for k, v in overview.items() if v}, by=self.by, at=self.at)
        return Handoff(
            id=handoff_id,
            playbook=self.playbook,
            segment=deal.segment,
            timing_model=deal.timing_model,
            expected_close=deal.expected_close,
            ae=self.ae,
            csm=self.csm,
            csm_named_at=self.at if self.csm else None,
            se=self.se,
            started_by=self.by,
            started_at=self.at,
            document={"company_overview": content},
        )


class ContractSigned(Event):
    """The customer signed, at `signed_at`."""

    signed_at: datetime

    def change(self, handoff: Handoff) -> Handoff:
        """Signed."""
        return handoff.model_copy(update={"signed_at": self.signed_at})


class DealChanged(Event):
    """Segment, timing model or expected close were corrected."""

    segment: str
    timing_model: str
    expected_close: date | None

    def change(self, handoff: Handoff) -> Handoff:
        """With the new facts."""
        since = handoff.timing_since if self.timing_model == handoff.timing_model else self.at
        facts = {"segment": self.segment, "timing_model": self.timing_model, "expected_close": self.expected_close}
        return handoff.model_copy(update={**facts, "timing_since": since})


class OwnersChanged(Event):
    """AE, CSM or SE are others now."""

    ae: str
    csm: str | None
    se: str | None

    def change(self, handoff: Handoff) -> Handoff:
        """With its new owners, and what goes along to them."""
        named_at = (handoff.csm_named_at if handoff.csm else self.at) if self.csm else None
        owners = {"ae": self.ae, "csm": self.csm, "csm_named_at": named_at, "se": self.se}
        return passed_on(handoff, handoff.model_copy(update=owners))


class Change(BaseModel):
    """One field before and after; a repeated row is a field of its own, named `field[row]`."""

    model_config = ConfigDict(frozen=True)

    field: str
    before: Value | dict[str, str] | None = None
    after: Value | dict[str, str] | None = None


class SectionSaved(Event):
    """A revision of one section: the whole of it, and what changed."""

    section: str
    revision: int
    values: Values
    changes: tuple[Change, ...]

    def change(self, handoff: Handoff) -> Handoff:
        """With the section as saved."""
        content = SectionContent(revision=self.revision, values=self.values, by=self.by, at=self.at)
        return handoff.model_copy(update={"document": handoff.document | {self.section: content}})


class SectionRead(Event):
    """Somebody marked a section read, as it stood at `revision`."""

    section: str
    revision: int

    def change(self, handoff: Handoff) -> Handoff:
        """With the reader remembered."""
        readers = handoff.reads.get(self.section, {}) | {self.by: self.revision}
        return handoff.model_copy(update={"reads": handoff.reads | {self.section: readers}})


class HandoffSubmitted(Event):
    """The document was sent to the CSM for review; `number` counts the submissions."""

    number: int

    def change(self, handoff: Handoff) -> Handoff:
        """In review."""
        sent = {"submissions": self.number, "submitted_at": self.at, "submitted_by": self.by}
        return handoff.model_copy(update={"stage": Stage.IN_REVIEW, **sent})


class HandoffReturned(Event):
    """The CSM sent the document back."""

    reason: str
    words: str
    gaps: tuple[str, ...]

    def change(self, handoff: Handoff) -> Handoff:
        """Back with the AE."""
        returned = Return(reason=self.reason, words=self.words, gaps=self.gaps, by=self.by, at=self.at)
        return handoff.model_copy(update={"stage": Stage.RETURNED, "returned": returned})


class HandoffAccepted(Event):
    """The CSM took the customer over."""

    def change(self, handoff: Handoff) -> Handoff:
        """Accepted, and signed off where nobody has written another sign-off."""
        signed = {"handed_off_by": handoff.ae, "handed_off_to": self.by, "handoff_date": self.at.date().isoformat()}
        before = handoff.content("sign_off")
        values: Values = {**signed, **before.values}
        sign_off = SectionContent(revision=before.revision + 1, values=values, by=self.by, at=self.at)
        update = {"stage": Stage.ACCEPTED, "accepted_by": self.by, "accepted_at": self.at}
        return handoff.model_copy(update={**update, "document": handoff.document | {"sign_off": sign_off}})


class HandoffCancelled(Event):
    """The handoff ended without a customer to hand over."""

    reason: str
    words: str

    def change(self, handoff: Handoff) -> Handoff:
        """Cancelled."""
        off = {one.kind: one.fell_through(MeetingEnd.CALLED_OFF, self.at) for one in handoff.planned}
        update = {"stage": Stage.CANCELLED, "cancel_reason": self.reason, "cancel_words": self.words}
        return handoff.model_copy(update={**update, "meetings": handoff.meetings | off})


class HandoffReopened(Event):
    """A cancelled or completed handoff goes on."""

    def change(self, handoff: Handoff) -> Handoff:
        """Preparing again; what was completed goes on where it was."""
        if handoff.completion:
            return handoff.model_copy(update={"stage": Stage.ACCEPTED, "completion": None})
        update = {"stage": Stage.PREPARING, "cancel_reason": "", "cancel_words": ""}
        return handoff.model_copy(update={**update, "reopened_at": self.at, "reopened_after": handoff.submissions})


class StepNoted(Event):
    """Somebody noted that a step outside of Baton is done (a bot.timing.Fact)."""

    step: Fact

    def change(self, handoff: Handoff) -> Handoff:
        """With the step; each phase of the fade plan is a step of its own."""
        if self.step is Fact.PHASE_OVER:
            return handoff.model_copy(update={"phase": handoff.phase + 1})
        return handoff.model_copy(update={"steps": handoff.steps | {self.step: Done(by=self.by, at=self.at)}})


class StepTakenBack(Event):
    """What was noted was not so."""

    step: Fact

    def change(self, handoff: Handoff) -> Handoff:
        """Without the step; of the fade plan, without the last one."""
        if self.step is Fact.PHASE_OVER:
            return handoff.model_copy(update={"phase": max(0, handoff.phase - 1)})
        steps = {step: done for step, done in handoff.steps.items() if step != self.step}
        phase = 0 if self.step is Fact.INTRODUCTION_DONE else handoff.phase
        minutes = {kind: said for kind, said in handoff.minutes.items() if kind.held is not self.step}
        after = handoff.model_copy(update={"steps": steps, "phase": phase, "minutes": minutes})
        is_call = self.step is Fact.INTERNAL_MEETING_HELD
        return after.written(*CALL, "No", by=self.by, at=self.at) if is_call else after


class ChannelOpened(Event):
    """The customer's channel exists (again)."""

    channel: str
    name: str

    def change(self, handoff: Handoff) -> Handoff:
        """With its channel."""
        return handoff.model_copy(update={"channel": Channel(id=self.channel, name=self.name)})


class ChannelRenamed(Event):
    """Somebody renamed the customer's channel."""

    name: str

    def change(self, handoff: Handoff) -> Handoff:
        """With its channel's new name."""
        return handoff.model_copy(update={"channel": handoff.channel.model_copy(update={"name": self.name})})


class ChannelTroubled(Event):
    """Slack refuses the customer's channel: `error` is Slack's code."""

    error: str

    def change(self, handoff: Handoff) -> Handoff:
        """With its channel out of order."""
        return handoff.model_copy(update={"channel": handoff.channel.model_copy(update={"trouble": self.error})})


class ChannelRetried(Event):
    """Somebody asked for the channel to be made, or used, again; `anew` forgets the one that is lost."""

    anew: bool

    def change(self, handoff: Handoff) -> Handoff:
        """Without the trouble."""
        if self.anew:
            return handoff.model_copy(update={"channel": Channel(), "canvas": None})
        return handoff.model_copy(update={"channel": handoff.channel.model_copy(update={"trouble": None})})


class InviteRefused(Event):
    """Slack would not let `person` into the channel: `error` is Slack's code."""

    person: str
    error: str


class CanvasOpened(Event):
    """The channel's canvas exists."""

    canvas: str

    def change(self, handoff: Handoff) -> Handoff:
        """With its canvas."""
        return handoff.model_copy(update={"canvas": self.canvas})
