"""Escalations: what may be raised, who settles it and how, and what becomes of a promise with that."""

import pytest

from bot import escalations, promises
from bot.consequences import errands_of
from bot.errands import Picture
from bot.escalations import MOST_OPEN, EscalationClosed, open_escalations
from bot.events import Event
from bot.handoffs import Handoff
from bot.records import Severity
from bot.refusals import Refusal
from tests.bot.test_promises import TOLD, ends, judges, owed, promised, status, taken_over
from tests.examples import AE, CS_LEADER, CSM, NOW, SALES_LEADER, SE, after
from tests.happenings import HOUR, cancelled, in_review

WHAT = "The customer wants to leave before the kickoff."


def raises(
    handoff: Handoff, what: str = WHAT, severity: str = "high", *, by: str = AE, told: tuple[str, ...] = TOLD
) -> Event:
    """Somebody escalates."""
    return escalations.escalate(handoff, what, severity, told, by=by, now=NOW)


def raised(by: str = AE) -> Handoff:
    """A handoff in review about which the leaders have something to decide."""
    return after(in_review(), raises(in_review(), by=by))


def decides(
    handoff: Handoff, outcome: str = "We call them.", decision: str = "", *, by: str = CS_LEADER, number: int = 1
) -> EscalationClosed | None:
    """A leader decides."""
    return escalations.decide(handoff, number, decision, outcome, by=by, now=NOW + HOUR)


def told(event: Event, before: Handoff) -> list[tuple[str, str]]:
    """Who is written to: (person, picture)."""
    errands = errands_of(event, before, event.change(before))
    return [(one.about["recipient"], one.about["picture"]) for one in errands if one.about.get("recipient")]


def test_it_goes_to_both_leaders_and_its_outcome_to_the_ae_the_csm_and_who_escalated() -> None:
    before = in_review()
    assert told(raises(before), before) == [(CS_LEADER, Picture.ESCALATION), (SALES_LEADER, Picture.ESCALATION)]
    handoff = raised(by=SE)
    assert [one.what for one in open_escalations(handoff)] == [WHAT]
    decided = decides(handoff)
    assert decided
    assert told(decided, handoff) == [(AE, Picture.DECISION), (CSM, Picture.DECISION), (SE, Picture.DECISION)]
    settled = after(handoff, decided).escalations[1]
    assert (settled.is_open, settled.outcome, settled.closed_by, settled.decision) == (
        False,
        "We call them.",
        CS_LEADER,
        None,
    )


@pytest.mark.parametrize(
    ("what", "severity", "words"),
    [
        (" \n", "high", "Say what the leaders have to decide."),
        (WHAT, "", "Choose how bad it is."),
        (WHAT, "dire", "Choose how bad it is."),
        ("x" * 1001, "low", "the most is 1,000"),
    ],
)
def test_what_is_not_said_is_refused(what: str, severity: str, words: str) -> None:
    with pytest.raises(Refusal, match=words.rstrip(".")):
        raises(in_review(), what, severity)


def test_the_same_twice_is_refused_by_name_and_the_same_after_its_decision_is_not() -> None:
    handoff = raised()
    with pytest.raises(Refusal, match=f"<@{AE}> has escalated this already"):
        raises(handoff, by=CSM)
    decided = after(handoff, decides(handoff))
    again = after(decided, raises(decided, by=CSM))
    assert [one.id for one in open_escalations(again)] == [2]


def test_the_worst_stands_first_and_there_is_an_end_to_it() -> None:
    handoff = in_review()
    for number, severity in enumerate([Severity.LOW, Severity.HIGH, Severity.MEDIUM] * 4):
        if number < MOST_OPEN:
            handoff = after(handoff, raises(handoff, f"What about {number}?", severity))
    assert [one.severity for one in open_escalations(handoff)] == ["high"] * 3 + ["medium"] * 3 + ["low"] * 4
    with pytest.raises(Refusal, match=f"{MOST_OPEN} escalations are open already"):
        raises(handoff, "One more")


def test_a_leader_settles_it_once() -> None:
    handoff = raised()
    decided = after(handoff, decides(handoff))
    assert decides(decided) is None  # the same again, as when a click is repeated
    with pytest.raises(Refusal, match=f"<@{CS_LEADER}> has decided this already"):
        decides(decided, "No, we write to them.", by=SALES_LEADER)
    with pytest.raises(Refusal, match="not in Baton's records"):
        decides(decided, number=9)


def test_no_decision_without_words() -> None:
    with pytest.raises(Refusal) as refused:
        decides(raised(), " ")
    assert "outcome" in refused.value.fields


@pytest.mark.parametrize(
    ("decision", "stands", "is_owed"),
    [("honour", "at_risk", True), ("renegotiate", "at_risk", True), ("withdraw", "broken", False)],
)
def test_the_leaders_decide_what_becomes_of_a_promise(decision: str, stands: str, is_owed: bool) -> None:
    handoff = after(taken_over(), *judges(taken_over()))
    decided = decides(handoff, "Because it is Acme.", decision)
    assert decided
    settled = after(handoff, decided)
    assert (status(settled), owed(settled), open_escalations(settled)) == (stands, is_owed, [])


def test_of_a_promise_one_of_three_ways_is_chosen() -> None:
    handoff = after(taken_over(), *judges(taken_over()))
    with pytest.raises(Refusal) as refused:
        decides(handoff, "Because.", "")
    assert "decision" in refused.value.fields


def test_a_promise_that_was_withdrawn_can_be_opened_again() -> None:
    handoff = after(taken_over(), *judges(taken_over()))
    withdrawn = after(handoff, decides(handoff, "Too dear.", "withdraw"))
    again = after(withdrawn, promises.reopen(withdrawn, "api", by=CSM, now=NOW + HOUR))
    assert (status(again), owed(again)) == ("at_risk", True)


def test_two_at_once_a_promise_closed_and_decided_about() -> None:
    handoff = after(taken_over(), *judges(taken_over()))
    closed = after(handoff, *ends(handoff, "kept"))
    with pytest.raises(Refusal, match="decided this already"):
        decides(closed, "Withdraw it.", "withdraw")
    assert status(closed) == "kept"


def test_nothing_is_escalated_in_a_cancelled_handoff() -> None:
    with pytest.raises(Refusal, match="cancelled"):
        raises(after(in_review(), cancelled()))


def test_a_promise_is_escalated_even_when_too_much_is() -> None:
    handoff = promised()
    for number in range(MOST_OPEN):
        handoff = after(handoff, raises(handoff, f"What about {number}?"))
    assert [type(event).__name__ for event in judges(handoff)] == ["PromiseJudged", "EscalationRaised"]
