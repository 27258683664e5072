"""What a handoff keeps beside its document: questions, promises, meetings and escalations."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Said(_Record):
    """One entry of a question's thread."""

    words: str
    by: str
    at: datetime
    is_answer: bool = False


class Question(_Record):
    """What CS asks Sales about a section (`section`), an answer (`section.field`), or the whole (""). A thread."""

    id: int
    about: str
    to: str | None = None  # who is to answer; None: the AE
    thread: tuple[Said, ...]

    @property
    def is_open(self) -> bool:
        """Whether the last word is a question."""
        return not self.thread[-1].is_answer

    @property
    def asked_at(self) -> datetime:
        """Since when the last answer is owed; what is added to a question that is open does not turn the clock back."""
        return self._begun[-1].at

    @property
    def round(self) -> int:
        """How often an answer was, or is, owed."""
        return len(self._begun)

    @property
    def askers(self) -> tuple[str, ...]:
        """Whoever asked, each once."""
        return tuple(dict.fromkeys(said.by for said in self.thread if not said.is_answer))

    @property
    def _begun(self) -> list[Said]:
        """What was asked first, and what was asked again after an answer."""
        after_answers = (True, *(said.is_answer for said in self.thread[:-1]))
        entries = zip(self.thread, after_answers, strict=True)
        return [said for said, after_answer in entries if after_answer and not said.is_answer]


class Verdict(StrEnum):
    """Whether CS or the SE can do what was promised."""

    FINE = "fine"
    AT_RISK = "at_risk"
    IMPOSSIBLE = "impossible"


class PromiseStatus(StrEnum):
    """How a promise stands."""

    OPEN = "open"
    AT_RISK = "at_risk"
    KEPT = "kept"
    RENEGOTIATED = "renegotiated"
    BROKEN = "broken"

    @property
    def is_closed(self) -> bool:
        """Whether nobody owes it any more."""
        return self in (PromiseStatus.KEPT, PromiseStatus.RENEGOTIATED, PromiseStatus.BROKEN)


class Promise(_Record):
    """How a commitment of the document goes on; its words stay there, in the row of that id."""

    row: str
    status: PromiseStatus = PromiseStatus.OPEN
    owner: str | None = None  # None: the CSM
    verdict: Verdict | None = None
    verdict_words: str = ""
    verdict_by: str = ""
    words: str = ""  # of who closed it, or decided
    changed_by: str = ""
    changed_at: datetime | None = None


class MeetingKind(StrEnum):
    """The two meetings of the handbook."""

    INTERNAL = "internal"
    INTRODUCTION = "introduction"


class MeetingState(StrEnum):
    """How a meeting went."""

    SCHEDULED = "scheduled"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Meeting(_Record):
    """One meeting; `sequence` counts its invitations, `uid` stays the same in all of them."""

    kind: MeetingKind
    uid: str
    at: datetime
    minutes: int
    attendees: tuple[str, ...]
    place: str = ""
    sequence: int = 0
    state: MeetingState = MeetingState.SCHEDULED
    notes: str = ""
    decisions: str = ""


class Severity(StrEnum):
    """How bad it is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Escalation(_Record):
    """What both leaders have to decide; `promise` is the row of the promise it is about, if any."""

    id: int
    what: str
    severity: Severity
    by: str
    at: datetime
    promise: str = ""
    outcome: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None
