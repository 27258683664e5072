"""Questions: what may be asked, answered, passed on and corrected; whose turn it is, and since when."""

from datetime import datetime
from typing import Any

import pytest

from bot import questions
from bot.consequences import errands_of
from bot.deadlines import CONFIDENTIAL, follow, rules_of
from bot.errands import Kind, Picture
from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, may
from bot.questions import MOST_OPEN, open_questions
from bot.records import Question
from bot.refusals import Refusal
from bot.steps import next_step
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SE, STRANGER, TEAM, after, at
from tests.happenings import HOUR, accepted, cancelled, in_review, noted, owners, submitted

INDUSTRY, SECRET = "company_overview.industry", "relationship_history.political_considerations"


def asks(
    handoff: Handoff,
    words: str = "Which?",
    path: str = INDUSTRY,
    *,
    by: str = CSM,
    now: datetime = NOW,
    sensitive: bool = True,
    to: str | None = None,
) -> Event | None:
    """Somebody asks."""
    return questions.ask(handoff, PLAYBOOK, path, words, by=by, now=now, sensitive=sensitive, to=to)


def asked(handoff: Handoff | None = None, **how: Any) -> Handoff:
    """A handoff in review with a question."""
    before = handoff or in_review(se=SE)
    return after(before, asks(before, **how))


def answers(handoff: Handoff, words: str = "Both.", *, by: str = AE, seen: int = 99, now: datetime = NOW) -> Handoff:
    """The same after somebody answered the newest question."""
    question = newest(handoff)
    return after(handoff, questions.answer(handoff, question, words, seen, by=by, now=now))


def asks_again(handoff: Handoff, words: str = "And why?", *, by: str = CSM, now: datetime = NOW) -> Handoff:
    """The same after somebody went on asking."""
    return after(handoff, questions.ask_again(handoff, newest(handoff), words, by=by, now=now))


def passes(handoff: Handoff, to: str | None, *, by: str = AE) -> Handoff:
    """The same after the newest question was passed on."""
    return after(handoff, passing(handoff, to, by=by))


def passing(handoff: Handoff, to: str | None, *, by: str = AE) -> Event:
    """What happens when somebody passes the newest question on."""
    return questions.pass_on(handoff, newest(handoff), to, PLAYBOOK, TEAM, by=by, now=NOW)


def newest(handoff: Handoff) -> Question:
    """The question that was asked last."""
    return handoff.questions[max(handoff.questions)]


@pytest.mark.parametrize(
    ("handoff", "how", "words"),
    [
        (in_review(), {"words": " \n "}, "Say what you would like to know."),
        (in_review(), {"words": "x" * 3001}, "The text has 3,001 characters; the most is 3,000."),
        (in_review(), {"path": "horoscope"}, "Choose a section or an answer of the document."),
        (in_review(), {"path": "company_overview.horoscope"}, "Choose a section or an answer of the document."),
        (in_review(), {"path": SECRET, "sensitive": False}, "Only the AE, the CSM and their leaders see this"),
        (in_review(), {"by": AE}, "Name somebody else: you would ask yourself."),
        (in_review(), {"to": CSM}, "Name somebody else: you would ask yourself."),
        (after(in_review(), cancelled()), {}, "This handoff is cancelled. Reopen it to go on asking and answering."),
        (asked(), {"by": CS_LEADER}, f"<@{CSM}> has asked this already: see Questions."),
        (answers(asked()), {}, f"<@{CSM}> has asked this already: see Questions."),
    ],
)
def test_what_cannot_be_asked(handoff: Handoff, how: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        asks(handoff, **how)
    assert refused.value.words.startswith(words)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CANCELLED])
@pytest.mark.parametrize("path", ["", "stakeholders", INDUSTRY, SECRET])
def test_one_may_ask_about_anything_at_any_stage(stage: Stage, path: str) -> None:
    handoff = asked(at(stage), path=path)
    assert [one.about for one in open_questions(handoff)] == [path]


def test_the_same_words_from_the_same_person_are_one_question() -> None:
    assert asks(asked()) is None
    assert asks(asked(), "Which? ") is None
    assert asks(asked(), "Which?", "stakeholders") is not None


def test_more_than_a_few_open_ones_are_a_meeting() -> None:
    handoff = in_review()
    for number in range(MOST_OPEN):
        handoff = asked(handoff, words=f"{number}?")
    with pytest.raises(Refusal, match="20 questions are open already"):
        asks(handoff, "One more?")
    assert asks(answers(handoff), "One more?")


@pytest.mark.parametrize(
    ("handoff", "how", "words"),
    [
        (asked(), {"words": ""}, "Write the answer; a word is enough if it is the right one."),
        (asked(), {"words": "x" * 3001}, "The text has 3,001 characters"),
        (answers(asked()), {"words": "No.", "by": SE, "seen": 1}, f"<@{AE}> has answered this meanwhile"),
        (asks_again(answers(asked())), {"words": "No.", "seen": 2}, f"<@{CSM}> has asked again meanwhile"),
        (after(asked(), cancelled()), {}, "This handoff is cancelled."),
    ],
)
def test_what_is_no_answer(handoff: Handoff, how: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        answers(handoff, **how)
    assert refused.value.words.startswith(words)


def test_an_answer_twice_is_one_and_a_better_one_is_kept_beside_it() -> None:
    handoff = answers(asked())
    assert answers(handoff, seen=1) == handoff
    better = answers(handoff, "Only the first.", seen=2)
    assert [said.words for said in newest(better).thread] == ["Which?", "Both.", "Only the first."]
    assert open_questions(better) == []


def test_an_answer_counts_though_the_question_was_added_to_meanwhile() -> None:
    assert open_questions(answers(asks_again(asked()), seen=1)) == []


@pytest.mark.parametrize(
    ("handoff", "to", "words"),
    [
        (asked(), None, "Name who should answer."),
        (asked(), AE, "It is with this person already."),
        (asked(), CSM, f"<@{CSM}> asked this."),
        (answers(asked()), SE, f"<@{AE}> has answered this already."),
        (asked(path=SECRET), SE, f"<@{SE}> does not see what this is about"),
        (after(asked(), cancelled()), SE, "This handoff is cancelled."),
    ],
)
def test_what_cannot_be_passed_on(handoff: Handoff, to: str | None, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        passes(handoff, to)
    assert refused.value.words.startswith(words)


def test_a_secret_may_be_passed_to_a_leader() -> None:
    assert newest(passes(asked(path=SECRET), CS_LEADER)).to == CS_LEADER


def test_who_may_only_read_lets_nobody_else_in() -> None:
    handoff, other = asked(), "U0CSM2"
    with pytest.raises(Refusal, match="may not read this handoff"):
        passes(handoff, STRANGER, by=other)
    assert newest(passes(handoff, other, by=other)).to == other
    assert newest(passes(handoff, STRANGER, by=CSM)).to == STRANGER


def test_who_was_asked_reads_until_it_is_answered() -> None:
    handoff = passes(asked(), STRANGER)
    assert not any(may(act, STRANGER, answers(handoff), TEAM, item) for act in Act for item in ("", "1"))


def test_whoever_was_asked_may_read_and_answer_but_not_change() -> None:
    handoff = passes(asked(), STRANGER)
    assert [act for act in Act if may(act, STRANGER, handoff, TEAM)] == [Act.READ, Act.ANSWER]
    assert not may(Act.ANSWER, "U0CSM2", handoff, TEAM)


def test_what_came_back_to_the_ae_goes_along_with_the_next_ae() -> None:
    handoff = after(passes(passes(asked(), SE), AE, by=SE), owners(CSM, ae="U0AE2", se=SE))
    assert questions.answers(newest(handoff), handoff) == "U0AE2"
    handoff = after(passes(asked(), SE), owners(CSM, ae="U0AE2", se=SE))
    assert questions.answers(newest(handoff), handoff) == SE


# -- the clock


def test_each_time_something_is_asked_after_an_answer_a_round_begins() -> None:
    handoff = asked()
    began: list[tuple[int, datetime, bool]] = []
    for event in ("add", "answer", "correct", "again", "add"):
        now = NOW + HOUR * (len(began) + 1)
        handoff = (
            answers(handoff, event, now=now)
            if event in ("answer", "correct")
            else asks_again(handoff, event + str(now), now=now)
        )
        question = newest(handoff)
        began.append((question.round, question.asked_at, question.is_open))
        entry = handoff.awaited["answer_question.1"]
        assert (entry.round, entry.started_at, entry.is_open) == began[-1]
    later = NOW + 4 * HOUR
    assert began == [(1, NOW, True), (1, NOW, False), (1, NOW, False), (2, later, True), (2, later, True)]


def test_the_clock_says_the_words_only_where_everybody_may_read_them() -> None:
    handoff = asked(asked(words="Which\n of these?"), words="Who is against it?", path=SECRET)
    labels = [rule.label for rule in rules_of(handoff, PLAYBOOK) if rule.item]
    assert labels == ["Answer a question: Which of these?", f"Answer a question: {CONFIDENTIAL}"]


def test_what_waits_longest_comes_first_and_a_playbook_leaves_the_secrets_out() -> None:
    handoff = after(in_review(), asks(in_review(), now=NOW + HOUR))
    handoff = asked(handoff, path=SECRET)
    assert [one.about for one in open_questions(handoff)] == [SECRET, INDUSTRY]
    assert [one.about for one in open_questions(handoff, PLAYBOOK)] == [INDUSTRY]


# -- what is next


@pytest.mark.parametrize(
    ("handoff", "words", "owner"),
    [
        (asked(), "Answer the open question, then the review goes on", AE),
        (passes(asked(asked(), words="When?"), SE), "Answer 2 open questions, then the review goes on", AE),
        (passes(asked(), SE), "Answer the open question, then the review goes on", SE),
        (answers(asked()), "Read the document, then accept it or return it", CSM),
        (after(asked(), accepted()), "Answer the open question, then hold the internal meeting", AE),
    ],
)
def test_answers_come_first_where_somebody_waits_for_them(handoff: Handoff, words: str, owner: str) -> None:
    step = next_step(handoff, PLAYBOOK)
    assert (step.words, step.owner) == (words, owner)


def test_after_the_internal_meeting_a_question_holds_nobody_up() -> None:
    held = after(asked(), accepted(), noted(Fact.INTERNAL_MEETING_HELD))
    assert "Answer" not in next_step(held, PLAYBOOK).words


# -- no questions


@pytest.mark.parametrize(
    ("handoff", "by", "words"),
    [
        (at(Stage.PREPARING), CSM, "The document is not submitted yet."),
        (in_review(), AE, f"Whether there are questions is for CS to say: <@{CSM}>."),
        (in_review(se=SE), SE, f"Whether there are questions is for CS to say: <@{CSM}>."),
        (after(in_review(), cancelled()), CSM, "This handoff is cancelled."),
        (after(in_review(), accepted(), noted(Fact.INTERNAL_MEETING_HELD)), CSM, "The internal meeting was held"),
        (after(in_review(), noted(Fact.QUESTIONS_PREPARED)), CSM, f"<@{AE}> has said this already."),
    ],
)
def test_when_it_cannot_be_said_that_there_are_no_questions(handoff: Handoff, by: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        questions.prepare(handoff, by=by, now=NOW)
    assert refused.value.words.startswith(words)


@pytest.mark.parametrize(("handoff", "count"), [(in_review(), 0), (asked(), 1), (answers(asked()), 1)])
def test_no_questions_or_no_more_meets_the_deadline(handoff: Handoff, count: int) -> None:
    event = questions.prepare(after(handoff, accepted()), by=CSM, now=NOW)
    assert event.asked == count
    done = follow(event, after(handoff, accepted()), PLAYBOOK)
    assert not done.awaited["prepare_questions"].is_open
    early = after(handoff, questions.prepare(handoff, by=CSM, now=NOW), submitted(2), accepted())
    assert not early.awaited["prepare_questions"].is_open


# -- who hears


def told(before: Handoff, after_: Handoff, event: Event) -> list[tuple[str, str, str]]:
    """The messages about questions that follow: which, to whom, in which edition."""
    drawn = (one.about for one in errands_of(event, before, after_) if one.kind is Kind.DRAW_MESSAGE)
    about_questions = (one for one in drawn if one["picture"] in (Picture.QUESTION, Picture.ANSWER))
    return [(one["picture"], one["recipient"], one["edition"]) for one in about_questions]


@pytest.mark.parametrize(
    ("before", "event", "who"),
    [
        (in_review(), asks(in_review()), [(Picture.QUESTION, AE, "1.1")]),
        (in_review(), asks(in_review(), to=SE), [(Picture.QUESTION, SE, "1.1")]),
        (
            asked(),
            questions.answer(asked(), newest(asked()), "Both.", 1, by=AE, now=NOW),
            [(Picture.ANSWER, CSM, "1.2")],
        ),
        (asked(), questions.answer(asked(), newest(asked()), "Both.", 1, by=CSM, now=NOW), []),
        (
            asks_again(asked(), by=CS_LEADER),
            questions.answer(asked(), newest(asked()), "Both.", 1, by=AE, now=NOW),
            [(Picture.ANSWER, CSM, "1.3"), (Picture.ANSWER, CS_LEADER, "1.3")],
        ),
        (
            answers(asked()),
            questions.ask_again(answers(asked()), newest(answers(asked())), "And why?", by=CSM, now=NOW),
            [(Picture.QUESTION, AE, "1.2")],
        ),
        (
            asked(by=CS_LEADER),
            questions.answer(asked(), newest(asked()), "Both.", 1, by=AE, now=NOW),
            [(Picture.ANSWER, CS_LEADER, "1.2"), (Picture.ANSWER, CSM, "1.2")],
        ),
        (asked(), owners(CSM, ae="U0AE2", se=SE), [(Picture.QUESTION, "U0AE2", "1.1.1")]),
        (passes(asked(), SE), passing(passes(asked(), SE), AE), [(Picture.QUESTION, AE, "1.1.2")]),
        (after(asked(), owners(CSM, ae="U0AE2", se=SE)), owners(CSM, se=SE), [(Picture.QUESTION, AE, "1.1.2")]),
        (passes(asked(), SE), owners(CSM, ae="U0AE2", se=SE), []),
        (answers(asked()), owners(CSM, ae="U0AE2", se=SE), []),
    ],
)
def test_who_is_told(before: Handoff, event: Event, who: list[tuple[str, str, str]]) -> None:
    assert told(before, after(before, event), event) == who
