"""Questions about the document, each a thread that is answered beside what it is about; and that there is none."""

from collections.abc import Iterable
from datetime import datetime

from bot.events import Event
from bot.handoffs import Done, Handoff, Stage
from bot.permissions import Act, may, may_see_sensitive
from bot.playbook import Kind, Playbook, PlaybookField
from bot.records import Question, Said
from bot.refusals import Refusal
from bot.teams import Team
from bot.timing import Fact
from bot.values import read

MOST_OPEN = 20
WORDS = PlaybookField(id="words", label="The text", kind=Kind.LONG_TEXT)


class QuestionEvent(Event):
    """Something that happened to the question of that number, which is about a section, an answer or the whole ("")."""

    question: int
    about: str

    def _put(self, handoff: Handoff, question: Question) -> Handoff:
        return handoff.model_copy(update={"questions": handoff.questions | {question.id: question}})

    def _said(self, handoff: Handoff, words: str, *, is_answer: bool) -> Handoff:
        known = handoff.questions.get(self.question) or Question(id=self.question, about=self.about, thread=())
        said = Said(words=words, by=self.by, at=self.at, is_answer=is_answer)
        return self._put(handoff, known.model_copy(update={"thread": (*known.thread, said)}))


class QuestionAsked(QuestionEvent):
    """Somebody asked, or (`again`) went on asking in the same thread. `to`: who is to answer, None for the AE."""

    words: str
    to: str | None = None
    again: bool = False

    def change(self, handoff: Handoff) -> Handoff:
        """With the question."""
        after = self._said(handoff, self.words, is_answer=False)
        if self.again:
            return after
        return self._put(after, after.questions[self.question].model_copy(update={"to": self.to}))


class QuestionAnswered(QuestionEvent):
    """Somebody answered, or (`corrects`) said better what was answered."""

    words: str
    corrects: bool = False

    def change(self, handoff: Handoff) -> Handoff:
        """With the answer."""
        return self._said(handoff, self.words, is_answer=True)


class QuestionPassed(QuestionEvent):
    """Somebody else is to answer."""

    to: str

    def change(self, handoff: Handoff) -> Handoff:
        """With whom it is now; what is the AE's goes along when the AE changes."""
        to, known = None if self.to == handoff.ae else self.to, handoff.questions[self.question]
        return self._put(handoff, known.model_copy(update={"to": to, "handed": known.handed + 1}))


class QuestionsPrepared(Event):
    """CS said that this is all it has to ask before the internal meeting: `asked` questions, or none."""

    asked: int

    def change(self, handoff: Handoff) -> Handoff:
        """With the step done."""
        done = Done(by=self.by, at=self.at)
        return handoff.model_copy(update={"steps": handoff.steps | {Fact.QUESTIONS_PREPARED: done}})


# -- looking


def open_questions(handoff: Handoff, playbook: Playbook | None = None) -> list[Question]:
    """What waits for an answer, longest first. With a playbook: without the questions about sensitive answers."""
    waiting = (question for question in handoff.questions.values() if question.is_open)
    shown = (one for one in waiting if playbook is None or not playbook.is_sensitive(one.about))
    return sorted(shown, key=lambda question: question.asked_at)


def about(handoff: Handoff, path: str) -> list[Question]:
    """Every question about a section, an answer or the whole (""), in the order in which they were asked."""
    return [question for question in handoff.questions.values() if question.about == path]


def answers(question: Question, handoff: Handoff) -> str:
    """Who is to answer it."""
    return question.to or handoff.ae


def find(handoff: Handoff, question_id: int, playbook: Playbook, *, sensitive: bool) -> Question:
    """The question of that number, for somebody who may (`sensitive`) or may not see what is sensitive."""
    question = handoff.questions.get(question_id)
    if question is None:
        raise Refusal("This question is not in Baton's records any more.")
    if playbook.is_sensitive(question.about) and not sensitive:
        raise Refusal("This question is about something that only the AE, the CSM and their leaders see.")
    return question


# -- asking and answering


def ask(
    handoff: Handoff,
    playbook: Playbook,
    path: str,
    words: str,
    *,
    by: str,
    now: datetime,
    sensitive: bool,
    to: str | None = None,
) -> QuestionAsked | None:
    """Ask the AE (or `to`) about a section, an answer or the whole. None when `by` asked the very same already."""
    refuse_if_cancelled(handoff)
    refuse_about(path, playbook, sensitive=sensitive)
    words = _read(words, "Say what you would like to know.")
    if (to or handoff.ae) == by:
        raise _refusal("to", "Name somebody else: you would ask yourself.")
    for same in about(handoff, path):
        if same.is_open and by in same.askers and words in _words(same.thread):
            return None
        if words in _words(same.thread):
            raise _refusal("words", f"<@{same.askers[0]}> has asked this already: see Questions.")
    if len(open_questions(handoff)) >= MOST_OPEN:
        raise Refusal(f"{MOST_OPEN} questions are open already. Wait for some answers, or talk it through.")
    to = None if to == handoff.ae else to
    return QuestionAsked(by=by, at=now, question=max(handoff.questions, default=0) + 1, about=path, words=words, to=to)


def refuse_about(path: str, playbook: Playbook, *, sensitive: bool) -> None:
    """A question is about what the document has and who asks may see."""
    if path and not (playbook.section(path) or playbook.field(path)):
        raise _refusal("about", "Choose a section or an answer of the document.")
    if playbook.is_sensitive(path) and not sensitive:
        raise _refusal("about", "Only the AE, the CSM and their leaders see this, so only they ask about it.")


def ask_again(handoff: Handoff, question: Question, words: str, *, by: str, now: datetime) -> QuestionAsked | None:
    """Go on asking: the answer was not enough, or the question needs a word more. None when this was said just now."""
    refuse_if_cancelled(handoff)
    words = _read(words, "Say what is still to be answered.")
    last = question.thread[-1]
    if question.is_open and (last.words, last.by) == (words, by):
        return None
    return QuestionAsked(by=by, at=now, question=question.id, about=question.about, words=words, again=True)


def answer(
    handoff: Handoff, question: Question, words: str, seen: int, *, by: str, now: datetime
) -> QuestionAnswered | None:
    """Answer; or say it better, if the answer was among the `seen` entries of the thread. None when said just now."""
    refuse_if_cancelled(handoff)
    words = _read(words, "Write the answer; a word is enough if it is the right one.")
    last = question.thread[-1]
    if last.is_answer and (last.words, last.by) == (words, by):
        return None
    if last.is_answer and seen < len(question.thread):
        raise _refusal("words", f"<@{last.by}> has answered this meanwhile: see Questions. There you can correct it.")
    if question.model_copy(update={"thread": question.thread[:seen]}).round != question.round:
        raise _refusal("words", f"<@{last.by}> has asked again meanwhile: see Questions. There you can answer that.")
    corrects = last.is_answer
    return QuestionAnswered(by=by, at=now, question=question.id, about=question.about, words=words, corrects=corrects)


def pass_on(
    handoff: Handoff, question: Question, to: str | None, playbook: Playbook, team: Team, *, by: str, now: datetime
) -> QuestionPassed:
    """Somebody else is to answer: the SE, or whoever knows."""
    refuse_if_cancelled(handoff)
    if not question.is_open:
        raise _refusal("to", f"<@{question.thread[-1].by}> has answered this already.")
    if not to:
        raise _refusal("to", "Name who should answer.")
    if to == answers(question, handoff):
        raise _refusal("to", "It is with this person already. Name somebody else.")
    if to in question.askers:
        raise _refusal("to", f"<@{to}> asked this. Name somebody who can answer.")
    refuse_unless_entrusted(handoff, question.about, to, playbook, team, by=by)
    return QuestionPassed(by=by, at=now, question=question.id, about=question.about, to=to)


def refuse_unless_entrusted(
    handoff: Handoff, path: str, to: str | None, playbook: Playbook, team: Team, *, by: str
) -> None:
    """Only who may change the handoff lets somebody in; about a sensitive answer only those are asked who see it."""
    if to and playbook.is_sensitive(path) and not may_see_sensitive(to, handoff, team):
        raise _refusal("to", f"<@{to}> does not see what this is about: only the AE, the CSM and their leaders do.")
    if to and not may(Act.READ, to, handoff, team) and not may(Act.CHANGE, by, handoff, team):
        raise _refusal("to", f"<@{to}> may not read this handoff. Ask <@{handoff.ae}> to bring in somebody new.")


def prepare(handoff: Handoff, *, by: str, now: datetime) -> QuestionsPrepared:
    """CS has no questions (any more) for the internal meeting: said on purpose, never assumed."""
    refuse_if_cancelled(handoff)
    if handoff.submissions == 0:
        raise Refusal("The document is not submitted yet. Read it first, then say whether there are questions.")
    if done := handoff.steps.get(Fact.QUESTIONS_PREPARED):
        raise Refusal(f"<@{done.by}> has said this already. Another question may be asked at any time.")
    if Fact.INTERNAL_MEETING_HELD in handoff.steps:
        raise Refusal("The internal meeting was held already. Another question may be asked at any time.")
    if by in (handoff.ae, handoff.se) and by != handoff.csm:
        raise Refusal(f"Whether there are questions is for CS to say: <@{handoff.csm}>.")
    return QuestionsPrepared(by=by, at=now, asked=len(handoff.questions))


def refuse_if_cancelled(handoff: Handoff) -> None:
    """Nothing is asked or answered of a cancelled handoff until it is reopened."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on asking and answering.")


def _read(words: str, missing: str) -> str:
    words = read(WORDS, words)
    if not words:
        raise _refusal("words", missing)
    return words


def _words(thread: Iterable[Said]) -> set[str]:
    return {said.words for said in thread if not said.is_answer}


def _refusal(field: str, words: str) -> Refusal:
    return Refusal(words, {field: words})
