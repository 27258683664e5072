"""When a handoff is complete, what goes on after it, what becomes of its channel, and what is said of its document."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import completion, escalations, questions, steps
from bot.completion import Gap, HandoffCompleted
from bot.deadlines import is_owed, rules_of
from bot.events import Event, HandoffReopened, StepTakenBack
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, may
from bot.records import Severity
from bot.refusals import Refusal
from bot.teams import ChannelEnd, Team
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SALES_LEADER, SE, TEAM, after, empty, written
from tests.happenings import accepted, cancelled, noted, signed, submitted

ASKED = questions.QuestionAsked(by=CSM, at=NOW, question=1, about="", words="?")
ESCALATED = escalations.EscalationRaised(
    by=CSM, at=NOW, escalation=1, what="Late", severity=Severity.LOW, told=(CS_LEADER,)
)
STEPS = (noted(Fact.INTERNAL_MEETING_HELD), noted(Fact.INTRODUCTION_DONE), noted(Fact.PHASE_OVER))
PROMISED = [{"id": "1", "commitment": "SSO", "due": "2027-03-01"}]


def ready(*events: Event) -> Handoff:
    """Everything that belongs to the handoff is done, and then these happen."""
    return after(empty(), signed(), submitted(), accepted(), *STEPS, *events)


def complete(handoff: Handoff, team: Team = TEAM) -> HandoffCompleted:
    """The CSM completes it."""
    return completion.complete(handoff, PLAYBOOK, team, by=CSM, now=NOW)


def done(*events: Event) -> Handoff:
    """Completed, and then these happen."""
    handoff = ready()
    return after(handoff, complete(handoff), *events)


def owed(handoff: Handoff) -> set[str]:
    """The rules of which something is owed."""
    return {rule.id for rule in rules_of(handoff, PLAYBOOK) if is_owed(rule, handoff)}


@pytest.mark.parametrize(
    ("handoff", "lacking"),
    [
        (ready(), []),
        (empty(), [Gap.REVIEW, Gap.INTERNAL_MEETING, Gap.INTRODUCTION, Gap.CONTACT, Gap.FADE]),
        (
            after(empty(), signed(), submitted(), accepted()),
            [Gap.INTERNAL_MEETING, Gap.INTRODUCTION, Gap.CONTACT, Gap.FADE],
        ),
        (ready(StepTakenBack(by=AE, at=NOW, step=Fact.PHASE_OVER)), [Gap.FADE]),
        (
            ready(StepTakenBack(by=AE, at=NOW, step=Fact.INTRODUCTION_DONE)),
            [Gap.INTRODUCTION, Gap.CONTACT, Gap.FADE],
        ),
        (ready(StepTakenBack(by=AE, at=NOW, step=Fact.INTERNAL_MEETING_HELD)), [Gap.INTERNAL_MEETING]),
        (ready(ASKED), [Gap.QUESTIONS]),
        (ready(ASKED, ESCALATED), [Gap.QUESTIONS, Gap.ESCALATIONS]),
        (written(ready(), "promises_and_commitments", promised=PROMISED), []),
    ],
)
def test_what_is_missing(handoff: Handoff, lacking: list[Gap]) -> None:
    assert completion.gaps(handoff, PLAYBOOK) == lacking
    if not lacking:
        assert after(handoff, complete(handoff)).stage is Stage.COMPLETED
        return
    with pytest.raises(Refusal) as refused:
        complete(handoff)
    assert all(gap.words in refused.value.words for gap in lacking)


def test_a_practice_without_these_steps_does_not_ask_for_them() -> None:
    plain = PLAYBOOK.model_copy(update={"deadlines": ()})
    assert completion.gaps(after(empty(), signed(), submitted(), accepted()), plain) == []


@pytest.mark.parametrize(
    ("handoff", "words"),
    [
        (after(empty(), cancelled()), "This handoff is cancelled. Reopen it to go on."),
        (done(), f"<@{CSM}> has completed this handoff already."),
    ],
)
def test_what_is_over_is_not_completed(handoff: Handoff, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        complete(handoff)
    assert refused.value.words == words


def test_it_is_not_live_and_only_promises_questions_and_the_last_word_are_owed() -> None:
    handoff = written(ready(), "promises_and_commitments", promised=PROMISED)
    before = owed(handoff)
    assert "keep_promise.1" in before
    handoff = after(handoff, complete(handoff))
    assert not handoff.is_live
    assert owed(handoff) == {"keep_promise.1", "give_feedback"}
    assert owed(after(handoff, ASKED)) == {"keep_promise.1", "give_feedback", "answer_question.1"}


def test_reopened_it_is_accepted_as_before_and_nothing_is_asked_of_its_document() -> None:
    handoff = done(HandoffReopened(by=CSM, at=NOW))
    assert (handoff.stage, handoff.completion) == (Stage.ACCEPTED, None)
    assert "give_feedback" not in handoff.awaited
    assert owed(handoff) == owed(ready())
    again = after(handoff, complete(handoff))
    assert owed(again) == owed(done())


@pytest.mark.parametrize("who", [CSM, CS_LEADER, SALES_LEADER])
@pytest.mark.parametrize("act", [Act.COMPLETE, Act.ASSESS])
def test_the_csm_and_the_leaders_may(act: Act, who: str) -> None:
    assert may(act, who, done(), TEAM)
    assert not may(act, AE, done(), TEAM)
    assert not may(act, SE, done(), TEAM)


# -- the channel


@pytest.mark.parametrize(
    ("end", "days", "warned", "gone"),
    [
        (ChannelEnd.KEEP, 30, None, None),
        (ChannelEnd.ARCHIVE, 30, 27, 30),
        (ChannelEnd.RENAME, 3, 0, 3),
        (ChannelEnd.ARCHIVE, 1, 0, 1),
    ],
)
def test_when_the_channel_is_warned_and_goes(end: ChannelEnd, days: int, warned: int | None, gone: int | None) -> None:
    event = complete(ready(), Team(channel_end=end, channel_days=days))
    expected = [None if day is None else NOW + timedelta(days=day) for day in (warned, gone)]
    assert [event.warned_at, event.channel_at] == expected


PLANNED = HandoffCompleted(by=CSM, at=NOW, channel=ChannelEnd.ARCHIVE, channel_at=NOW + timedelta(days=1))
PUT_AWAY = completion.ChannelPutAway(by="baton", at=NOW)


def test_a_channel_that_is_kept_has_nothing_planned() -> None:
    handoff = ready(PLANNED)
    handoff = after(handoff, completion.keep_channel(handoff, by=AE, now=NOW))
    assert handoff.completion
    assert (handoff.completion.channel, handoff.completion.channel_at) == (ChannelEnd.KEEP, None)


@pytest.mark.parametrize(
    ("handoff", "words"),
    [
        (ready(), "Nothing is planned for this channel: it stays as it is."),
        (done(), "Nothing is planned for this channel: it stays as it is."),
        (
            ready(PLANNED, PUT_AWAY),
            "This is done already. Rename or unarchive the channel in Slack: Baton leaves it so.",
        ),
    ],
)
def test_what_does_not_go_or_is_gone_cannot_be_kept(handoff: Handoff, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        completion.keep_channel(handoff, by=AE, now=NOW)
    assert refused.value.words == words


@pytest.mark.parametrize(
    ("days", "warned", "asked", "later"),
    [
        (10, 7, 10, None),
        (10, None, 11, 14),
        (10, 11, 11, 14),
        (10, 9, 10, 12),
        (10, 11, 14, None),
        (1, 0, 1, None),
        (1, None, 6, 7),
        (1, 6, 7, None),
    ],
)
def test_a_channel_goes_when_it_was_warned_for_long_enough(
    days: int, warned: int | None, asked: int, later: int | None
) -> None:
    handoff = ready()
    done = after(handoff, complete(handoff, Team(channel_end=ChannelEnd.ARCHIVE, channel_days=days))).completion
    assert done
    soon = None if warned is None else NOW + timedelta(days=warned, seconds=9)
    event = completion.put_off(done, soon, now=NOW + timedelta(days=asked))
    expected = None if later is None else NOW + timedelta(days=later, seconds=0 if warned is None else 9)
    assert (event.channel_at if event else None) == expected


# -- the document, a month later


def say(handoff: Handoff, missing: tuple[str, ...] = (), untrue: tuple[str, ...] = (), words: str = "") -> Event:
    """The CSM says how the document was."""
    return completion.give_feedback(handoff, PLAYBOOK, missing, untrue, words, by=CSM, now=NOW)


def test_feedback_is_kept_and_ends_what_was_owed() -> None:
    handoff = after(done(), say(done(), ("stakeholders",), ("risks_and_red_flags",), " Nobody named the council. "))
    assert handoff.feedback
    assert (handoff.feedback.missing, handoff.feedback.untrue) == (("stakeholders",), ("risks_and_red_flags",))
    assert handoff.feedback.words == "Nobody named the council."
    assert owed(handoff) == set()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: say(ready()), "This comes when the handoff is completed."),
        (
            lambda: say(after(done(), completion.all_good(done(), by=CSM, now=NOW))),
            f"<@{CSM}> has said this already: see History.",
        ),
        (lambda: say(done(), ("stakeholders",)), "Say what it was, so that the next document has it."),
        (lambda: say(done(), (), ("stakeholders",), "  "), "Say what it was, so that the next document has it."),
        (lambda: say(done()), "Say what it was; or, in a word, that all was there and true."),
        (lambda: say(done(), ("horoscope",), (), "?"), "There is no section horoscope."),
    ],
)
def test_feedback_that_says_nothing_or_comes_at_the_wrong_time(attempt: Callable[[], Event], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        attempt()
    assert words in refused.value.words


def test_the_steps_of_a_completed_handoff_stay_as_they_are() -> None:
    with pytest.raises(Refusal, match=r"This handoff is completed\. Reopen it to go on\."):
        steps.take_back(Fact.INTRODUCTION_DONE, done(), by=AE, now=NOW)
    with pytest.raises(Refusal, match=r"This handoff is completed\. Reopen it to go on\."):
        steps.note(Fact.KICKOFF_HELD, done(), PLAYBOOK, by=AE, now=NOW)
