"""What a handoff keeps beside its document: the questions."""

from datetime import datetime

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
