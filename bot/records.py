"""What a handoff keeps beside its document: questions, promises, escalations and meetings."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.teams import ChannelEnd
from bot.timing import Fact


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
    handed: int = 0  # how often that became somebody else
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
    def edition(self) -> str:
        """Which of the messages that carry it to somebody is the newest."""
        return f"{self.id}.{self.round}.{self.handed}" if self.handed else f"{self.id}.{self.round}"

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


class CaptureKind(StrEnum):
    """What a message may become."""

    COMMITMENT = "commitment"
    RISK = "risk"
    STAKEHOLDER = "stakeholder"
    CRITERION = "criterion"
    QUESTION = "question"

    @property
    def label(self) -> str:
        """What people read."""
        return "success criterion" if self is CaptureKind.CRITERION else self.value


class Source(_Record):
    """A message in Slack: where it stands, a link to it ("" when nobody gave one) and the name of who said it."""

    channel: str
    ts: str
    link: str = ""
    said_by: str = ""


class Capture(_Record):
    """What became of a message: a row of the document, or the question of that number."""

    kind: CaptureKind
    by: str
    at: datetime
    link: str = ""
    question: int = 0
    is_reviewed: bool = False


class Verdict(StrEnum):
    """Whether what was promised can be done, as the CSM or the SE sees it."""

    FINE = "fine"
    AT_RISK = "at_risk"
    IMPOSSIBLE = "impossible"


class PromiseStatus(StrEnum):
    """How a promise stands. The last three end it."""

    OPEN = "open"
    AT_RISK = "at_risk"
    KEPT = "kept"
    RENEGOTIATED = "renegotiated"
    BROKEN = "broken"


class Promise(_Record):
    """How a commitment of the document goes on; its words stay there, in the row of that id."""

    row: str
    owner: str | None = None  # None: the CSM
    verdict: Verdict | None = None
    verdict_words: str = ""
    verdict_by: str = ""
    judged: str = ""  # what was promised when the verdict was given, word for word
    ended: PromiseStatus | None = None
    ended_words: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None

    @property
    def status(self) -> PromiseStatus:
        """How it stands now."""
        is_doubted = self.verdict in (Verdict.AT_RISK, Verdict.IMPOSSIBLE)
        return self.ended or (PromiseStatus.AT_RISK if is_doubted else PromiseStatus.OPEN)


class Severity(StrEnum):
    """How bad it is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Decision(StrEnum):
    """What the leaders do about a promise that cannot be kept as it is."""

    HONOUR = "honour"
    RENEGOTIATE = "renegotiate"
    WITHDRAW = "withdraw"


class Escalation(_Record):
    """What the leaders have to decide; `promise` is the row of the promise it is about, if it is about one."""

    id: int
    what: str
    severity: Severity
    by: str
    at: datetime
    promise: str = ""
    decision: Decision | None = None
    outcome: str = ""
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an outcome."""
        return self.closed_at is None


class MeetingKind(StrEnum):
    """The two meetings of the handbook."""

    INTERNAL = "internal"
    INTRODUCTION = "introduction"

    @property
    def scheduled(self) -> Fact:
        """What is true once it is scheduled."""
        return Fact.INTERNAL_MEETING_SCHEDULED if self is MeetingKind.INTERNAL else Fact.INTRODUCTION_SCHEDULED

    @property
    def over(self) -> Fact:
        """What is true from the moment on at which it should be over, while nobody has said how it went."""
        return Fact.INTERNAL_MEETING_OVER if self is MeetingKind.INTERNAL else Fact.INTRODUCTION_OVER

    @property
    def held(self) -> Fact:
        """What is true once it was held."""
        return Fact.INTERNAL_MEETING_HELD if self is MeetingKind.INTERNAL else Fact.INTRODUCTION_DONE


class MeetingEnd(StrEnum):
    """Why a meeting did not take place."""

    NO_SHOW = "no_show"
    CALLED_OFF = "called_off"


class Meeting(_Record):
    """One meeting. `sequence` counts what its invitations said, `uid` stays the same in all of them; `round` counts
    the meetings that were scheduled because the one before did not take place."""

    kind: MeetingKind
    uid: str
    at: datetime
    minutes: int
    attendees: tuple[str, ...]
    place: str = ""
    remind_at: datetime | None = None
    sequence: int = 0
    round: int = 1
    ended: MeetingEnd | None = None  # that it did not take place; that it was held is one of the handoff's steps
    ended_at: datetime | None = None  # of the round before this one, once there is another

    @property
    def ends_at(self) -> datetime:
        """When it should be over."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def edition(self) -> str:
        """Which of the meetings of this handoff it is."""
        return f"{self.kind}.{self.round}"

    def fell_through(self, end: MeetingEnd, at: datetime) -> "Meeting":
        """It does not take place."""
        return self.model_copy(update={"ended": end, "ended_at": at, "sequence": self.sequence + 1})


class Minutes(_Record):
    """What was said and decided in a meeting."""

    notes: str
    decisions: str
    by: str
    at: datetime


class Completion(_Record):
    """That the handoff is completed, and what becomes of its channel; `channel_at` is None once nothing lies ahead.

    `warning`: how long before that the channel hears of it, at least.
    """

    by: str
    at: datetime
    channel: ChannelEnd = ChannelEnd.KEEP
    channel_at: datetime | None = None
    warning: timedelta = timedelta()

    @property
    def edition(self) -> str:
        """Of what is said about it: completed once more, it is another."""
        return f"{self.at.timestamp():.3f}"


class Feedback(_Record):
    """What the CSM found missing or untrue in the document: which sections, and words. Nothing at all is good news."""

    missing: tuple[str, ...]
    untrue: tuple[str, ...]
    words: str
    by: str
    at: datetime


class Repeat(_Record):
    """One time that the customer had to explain something again: which sections of the document should have had it."""

    sections: tuple[str, ...]
    words: str
    by: str
    at: datetime


class Survey(_Record):
    """How satisfied the customer is with the handoff: 1 (not at all) to 5."""

    score: int
    words: str
    by: str
    at: datetime
