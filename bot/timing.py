"""The timing framework as data: which facts start and end a deadline, the ladder of reminders, the timing models."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MAX_LABEL = 75  # an option's text; inputs and headers allow more

Ident = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LABEL)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class Part(BaseModel):
    """A piece of the playbook."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Part):
    """One entry of a closed list."""

    id: Ident
    label: Label


class Owner(StrEnum):
    """Who may owe a step of a handoff."""

    AE = "ae"
    CSM = "csm"
    CS_LEADER = "cs_leader"


class Fact(StrEnum):
    """What may have become true of a handoff. The handoff's own moves come first, then what a person notes."""

    STARTED = "started"
    CSM_NAMED = "csm_named"
    CONTRACT_SIGNED = "contract_signed"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    ACCEPTED = "accepted"
    FADED = "faded"
    QUESTION_ASKED = "question_asked"
    QUESTION_ANSWERED = "question_answered"
    PROMISED = "promised"
    PROMISE_ENDED = "promise_ended"
    COMPLETED = "completed"
    FEEDBACK_GIVEN = "feedback_given"
    CUSTOMER_HEARD = "customer_heard"  # somebody said whether the customer had to explain something again
    INTERNAL_MEETING_OVER = "internal_meeting_over"  # its planned time has passed
    INTRODUCTION_OVER = "introduction_over"
    CS_ALERTED = "cs_alerted"
    FIRST_CONTACT = "first_contact"
    INTERNAL_MEETING_SCHEDULED = "internal_meeting_scheduled"
    QUESTIONS_PREPARED = "questions_prepared"
    INTERNAL_MEETING_HELD = "internal_meeting_held"
    INTRODUCTION_SCHEDULED = "introduction_scheduled"
    INTRODUCTION_PREPARED = "introduction_prepared"
    INTRODUCTION_DONE = "introduction_done"
    KICKOFF_HELD = "kickoff_held"
    PHASE_OVER = "phase_over"

    @property
    def is_noted(self) -> bool:
        """Whether a person notes it; the others follow from the handoff's own moves."""
        return list(Fact).index(self) >= list(Fact).index(Fact.CS_ALERTED)


class Leaders(StrEnum):
    """Which leaders hear of what stays undone."""

    OWNERS = "owners"
    BOTH = "both"
    NOBODY = "nobody"


class Ladder(Part):
    """When Baton reminds: early, at due, each working day `daily` times, then the leaders once; after that never."""

    heads_up: float | None = Field(0.75, gt=0, lt=1)  # share of the time that has passed; None: no early word
    daily: int = Field(5, ge=0, le=20)
    leaders: Leaders = Leaders.OWNERS


class DeadlineRule(Part):
    """What `owner` owes: within `hours` of `starts`, or `days_before_close`, or by the phases of the timing model, or
    by the day that was promised. A rule that starts with a question or a promise stands for each of them.

    `working_hours` is the same target on the working clock: 24 hours are one working day of eight hours.
    """

    id: Ident
    label: Label
    starts: Fact
    hours: int | None = Field(None, gt=0)
    working_hours: int | None = Field(None, gt=0)
    days_before_close: int | None = Field(None, ge=0)
    by: Literal["timing_model", "promise"] | None = None
    owner: Owner
    until: Fact | None = None
    item: str = ""  # which question or promise it is about: Baton's own, never in the file
    why: Sentence = ""
    ladder: Ladder = Ladder()

    @model_validator(mode="after")
    def _has_one_target(self) -> Self:
        if sum(target is not None for target in (self.hours, self.days_before_close, self.by)) != 1:
            raise ValueError("needs exactly one of `hours`, `days_before_close` and `by`")
        if (self.by == "promise") != (self.starts is Fact.PROMISED):
            raise ValueError("`by: promise` and `starts: promised` belong together")
        if self.ends_with is None:
            raise ValueError(f"needs `until`: the fact that ends what `{self.starts}` starts")
        return self

    @property
    def ends_with(self) -> Fact | None:
        """The fact that ends it; playbooks written before there was `until` leave it out."""
        return self.until or _USUAL_ENDS.get(self.starts)

    @property
    def working_target(self) -> int:
        """Hours on the working clock."""
        return self.working_hours or max(1, (self.hours or 0) // 3)


_USUAL_ENDS = {
    Fact.CONTRACT_SIGNED: Fact.SUBMITTED,
    Fact.SUBMITTED: Fact.REVIEWED,
    Fact.RETURNED: Fact.SUBMITTED,
}


class Phase(Part):
    """One phase of the AE's fading; it ends `days` after the customer introduction."""

    label: Label
    days: int = Field(gt=0, le=365)


class TimingModel(Choice):
    """When the customer passes from Sales to CS, with what speaks for and against it.

    `ownership`: the fact with which the CSM leads. `deadlines`: rules that stand in the place of those of the same id.
    """

    trigger: Label
    pro: Label
    con: Label
    ownership: Fact = Fact.ACCEPTED
    fade: tuple[Phase, ...] = Field((), max_length=10)
    deadlines: tuple[DeadlineRule, ...] = ()

    @property
    def in_one_line(self) -> str:
        """When it applies, what speaks for it and what against it."""
        return f"{self.trigger} · + {self.pro} · − {self.con}"

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(self.in_one_line) > MAX_LABEL:
            raise ValueError(f"trigger, pro and con together have {len(self.in_one_line)} characters; {MAX_LABEL} fit")
        days = [phase.days for phase in self.fade]
        if days != sorted(set(days)):
            raise ValueError("`fade`: each phase must end later than the one before it")
        return self
