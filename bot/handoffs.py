"""A handoff as it stands: stage, owners, document. Events change it (bot/events.py); nothing else does."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.records import (
    Capture,
    Completion,
    Escalation,
    Feedback,
    Meeting,
    MeetingKind,
    Minutes,
    Promise,
    Question,
    Repeat,
    Survey,
)
from bot.values import Values


class Stage(StrEnum):
    """Where a handoff stands."""

    PREPARING = "preparing"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What people read."""
        return _STAGE_LABELS[self]

    @property
    def clause(self) -> str:
        """The label as it goes on in a sentence."""
        return self.label[0].lower() + self.label[1:]


_STAGE_LABELS = {
    Stage.PREPARING: "Preparing the document",
    Stage.IN_REVIEW: "In review",
    Stage.RETURNED: "Returned to the AE",
    Stage.ACCEPTED: "Accepted by CS",
    Stage.COMPLETED: "Completed",
    Stage.CANCELLED: "Cancelled",
}


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class Deal(_Fact):
    """What is known of the deal when a handoff starts."""

    company_name: str
    website: str
    segment: str
    contract_value: str
    currency: str
    timing_model: str
    expected_close: date | None = None
    signed_on: date | None = None


class Return(_Fact):
    """Why the CSM sent the document back, and which fields (`section.field`) are to be mended."""

    reason: str
    words: str
    gaps: tuple[str, ...]
    by: str
    at: datetime


class Channel(_Fact):
    """The customer's Slack channel; `trouble` is Slack's error code when it can't be used."""

    id: str | None = None
    name: str | None = None
    trouble: str | None = None


class SectionContent(_Fact):
    """The answers of one section; `revision` counts its saves."""

    revision: int = 0
    values: Values = {}
    by: str = ""
    at: datetime | None = None


class Done(_Fact):
    """Who noted that a step is done, and when."""

    by: str
    at: datetime


class Pause(_Fact):
    """Waiting on the customer: why, who said so, and when to look again."""

    reason: str
    by: str
    since: datetime
    until: datetime


class Snooze(_Fact):
    """No reminders until then."""

    until: datetime
    by: str


class Awaited(_Fact):
    """One deadline's own story. `round` tells one review, or one phase, from the next."""

    started_at: datetime
    round: int = 0
    met_at: datetime | None = None
    met_by: str = ""
    missed_at: datetime | None = None
    pause: Pause | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()  # those that are over
    snooze: Snooze | None = None
    reassigned_to: str | None = None  # who owes it in the place of its usual owner
    ladder_of: str = ""  # for whom the rungs below were climbed
    rung: int = 0  # the next one
    told: tuple[str, ...] = ()  # who heard of this rung already, while others have not
    told_at: dict[str, datetime] = {}  # person -> last reminder
    asked: tuple[str, ...] = ()  # who was reminded of it for whoever owes it now: owner, who stands in, leaders
    ended: Done | None = None  # the round before this one

    @property
    def is_open(self) -> bool:
        """Whether it is not met yet."""
        return self.met_at is None


class Handoff(_Fact):
    """One customer's passage from Sales to Customer Success."""

    id: int
    playbook: str
    segment: str
    timing_model: str
    timing_since: datetime | None = None  # when another timing model was chosen
    expected_close: date | None
    ae: str
    csm: str | None = None
    csm_named_at: datetime | None = None  # since when there is one; None too where older records do not tell
    se: str | None = None
    stage: Stage = Stage.PREPARING
    started_by: str
    started_at: datetime
    signed_at: datetime | None = None
    submissions: int = 0
    submitted_at: datetime | None = None
    submitted_by: str | None = None
    returned: Return | None = None
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    cancel_reason: str = ""
    cancel_words: str = ""
    reopened_at: datetime | None = None
    reopened_after: int = 0  # submissions before it was reopened
    steps: dict[str, Done] = {}  # bot.timing.Fact -> who noted it
    phase: int = 0  # how many phases of the fade plan are over
    awaited: dict[str, Awaited] = {}  # by the deadline rule's id
    questions: dict[int, Question] = {}
    promises: dict[str, Promise] = {}  # by the row of the document
    escalations: dict[int, Escalation] = {}
    captures: dict[str, Capture] = {}  # by the row of the document
    meetings: dict[MeetingKind, Meeting] = {}
    minutes: dict[MeetingKind, Minutes] = {}
    completion: Completion | None = None
    feedback: Feedback | None = None
    repeats: tuple[Repeat, ...] = ()  # each time that the customer had to explain something again
    heard: Done | None = None  # who first said whether the customer had to explain something again
    survey: Survey | None = None  # the last one
    channel: Channel = Channel()
    canvas: str | None = None
    reads: dict[str, dict[str, int]] = {}  # section -> person -> the revision that person marked read
    document: dict[str, SectionContent] = {}

    def content(self, section: str) -> SectionContent:
        """The section as it stands; empty before its first save."""
        return self.document.get(section, _EMPTY)

    def text(self, section: str, field: str) -> str:
        """A one-value field's text, "" when empty."""
        value = self.content(section).values.get(field, "")
        return value if isinstance(value, str) else ""

    def written(self, section: str, field: str, value: str, *, by: str, at: datetime) -> "Handoff":
        """With one answer of the document, as a revision of its own."""
        before = self.content(section)
        after = SectionContent(revision=before.revision + 1, values={**before.values, field: value}, by=by, at=at)
        return self.model_copy(update={"document": self.document | {section: after}})

    @property
    def customer(self) -> str:
        """The customer's name."""
        return self.text("company_overview", "company_name")

    @property
    def website(self) -> str:
        """The customer's web address."""
        return self.text("company_overview", "website")

    @property
    def industry(self) -> str:
        """The customer's industry, "" before anybody has named it."""
        return self.text("company_overview", "industry")

    @property
    def contract_value(self) -> Decimal | None:
        """The annual value, in `currency`."""
        amount = self.text("company_overview", "contract_value")
        return Decimal(amount) if amount else None

    @property
    def currency(self) -> str:
        """The ISO code of the contract's currency."""
        return self.text("company_overview", "currency")

    @property
    def channel_id(self) -> str:
        """The customer's channel, "" before there is one."""
        return self.channel.id or ""

    @property
    def people(self) -> tuple[str, ...]:
        """AE, CSM and SE, those that are known, each once."""
        return tuple(dict.fromkeys(person for person in (self.ae, self.csm, self.se) if person))

    @property
    def planned(self) -> tuple[Meeting, ...]:
        """The meetings that lie ahead, or of which nobody has said yet how they went."""
        return tuple(one for one in self.meetings.values() if one.ended is None and one.kind.held not in self.steps)

    @property
    def is_accepted(self) -> bool:
        """Whether CS has taken the customer over."""
        return self.stage in (Stage.ACCEPTED, Stage.COMPLETED)

    @property
    def is_live(self) -> bool:
        """Whether the customer is still on the way to CS."""
        return not self.is_accepted and self.stage is not Stage.CANCELLED


_EMPTY = SectionContent()
CALL = ("sign_off", "call_completed")  # where the document says whether the internal meeting was held
