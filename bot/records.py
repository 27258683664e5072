"""What a handoff keeps beside its document: questions and meetings."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

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


class MeetingKind(StrEnum):
    """The two meetings of the handbook."""

    INTERNAL = "internal"
    INTRODUCTION = "introduction"

    @property
    def scheduled(self) -> Fact:
        """What is true once it is scheduled."""
        return Fact.INTERNAL_MEETING_SCHEDULED if self is MeetingKind.INTERNAL else Fact.INTRODUCTION_SCHEDULED

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
