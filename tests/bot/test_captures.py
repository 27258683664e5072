"""Captures: what a message becomes, once; what a draft is worth before somebody reviewed it; what undoing takes."""

from typing import Any

import pytest

from bot import captures, reviews
from bot.captures import kinds, known, plain_words, prefilled, row_of, to_review
from bot.documents import remove_row, rows_of, save_row
from bot.events import Event, HandoffCancelled
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.records import CaptureKind, Source
from bot.refusals import Refusal
from tests.examples import AE, CSM, NOW, PLAYBOOK, SE, after, complete, empty, section

PROMISE = CaptureKind.COMMITMENT
SOURCE = Source(channel="C1", ts="1.2", link="https://slack.example/archives/C1/p12", said_by="Ben Okafor")
OTHER = SOURCE.model_copy(update={"ts": "1.3"})
NAMES = {"U0AE": "Ana Lima"}


def adds(
    handoff: Handoff, kind: CaptureKind = PROMISE, source: Source = SOURCE, *, by: str = AE, **how: Any
) -> list[Event]:
    """Somebody puts a message into the handoff."""
    typed = prefilled(PLAYBOOK, kind, "We will", source) | {"severity": "High", "role": "Other"}
    return captures.capture(handoff, PLAYBOOK, kind, typed, source, by=by, now=NOW, **how)


def holding(*, by: str = AE, handoff: Handoff | None = None, **how: Any) -> Handoff:
    """A handoff with a captured commitment."""
    before = handoff or empty(se=SE)
    return after(before, *adds(before, by=by, **how))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  We &lt;will&gt; &amp;amp; can\n", "We <will> &amp; can"),
        ("<@U0AE> and <@U0GONE|tom> and <@U0GONE>", "@Ana Lima and @tom and @U0GONE"),
        ("<#C1|sales> <#C2> <!here> <!subteam^S1|@cs> <!date^1^{time}|noon>", "#sales #C2 @here @@cs @noon"),
        (
            "<https://a.example|a.example> <https://a.example|here>",
            "https://a.example here (https://a.example)",
        ),
        ("<https://a.example|https://a.example> <https://a.example>", "https://a.example https://a.example"),
        ("<mailto:priya@a.example|priya@a.example>", "priya@a.example"),
        ("", ""),
    ],
)
def test_a_message_is_read_as_people_read_it(text: str, words: str) -> None:
    assert plain_words(text, lambda user: NAMES.get(user, "")) == words


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        (PROMISE, {"commitment": "We will", "said_by": "Ben Okafor", "source": SOURCE.link}),
        (CaptureKind.RISK, {"risk": "We will"}),
        (CaptureKind.STAKEHOLDER, {"notes": "We will", "name": "Ben Okafor"}),
        (CaptureKind.CRITERION, {"outcome": "We will"}),
    ],
)
def test_what_a_message_fills_in(kind: CaptureKind, filled: dict[str, str]) -> None:
    assert prefilled(PLAYBOOK, kind, "We will", SOURCE) == filled
    longest = prefilled(PLAYBOOK, kind, "x" * 40_000, Source(channel="C1", ts="1"))
    assert list(longest.values()) == ["x" * 2999 + "…"]
    smiles = prefilled(PLAYBOOK, kind, "😀" * 1501, Source(channel="C1", ts="1"))
    assert list(smiles.values()) == ["😀" * 1499 + "…"]  # two units each, as Slack counts
    place = captures.PLACES[kind]
    handoff = after(empty(), *adds(empty(), kind))
    (row,) = rows_of(handoff, place.section, place.field)
    assert filled.items() <= row.items()


def test_a_practice_without_a_place_for_it_does_not_offer_it() -> None:
    assert kinds(PLAYBOOK) == [*CaptureKind]
    data = PLAYBOOK.model_dump(exclude_unset=True)
    data["sections"] = [one for one in data["sections"] if one["id"] not in ("risks_and_red_flags", "stakeholders")]
    data["meetings"] = []
    narrow = Playbook.model_validate(data)
    assert kinds(narrow) == [PROMISE, CaptureKind.CRITERION, CaptureKind.QUESTION]
    with pytest.raises(Refusal, match="no place for this"):
        captures.rows_for(narrow, CaptureKind.RISK)


def test_the_same_message_becomes_the_same_thing_once_whoever_adds_it() -> None:
    handoff = holding()
    already = "already as a commitment: <@U0AE> added it on 23 November 2026"
    with pytest.raises(Refusal, match=already) as refused:
        adds(handoff, by=CSM, is_draft=True)
    assert set(refused.value.fields) == {"as_what"}
    assert adds(handoff, CaptureKind.RISK)
    assert adds(handoff, source=OTHER)
    row = row_of(SOURCE, PROMISE)
    gone = after(handoff, remove_row("promises_and_commitments", "promised", handoff, row, by=AE, now=NOW))
    assert known(gone, SOURCE, PROMISE) is None
    again = after(gone, *adds(gone, by=CSM))
    assert known(again, SOURCE, PROMISE).by == CSM  # type: ignore[union-attr]


def test_a_message_that_is_a_question_is_asked_once() -> None:
    handoff = empty()
    events = captures.ask(handoff, PLAYBOOK, "Which?", None, SOURCE, by=CSM, now=NOW)
    handoff = after(handoff, *events)
    assert handoff.questions[1].thread[0].words == "Which?"
    assert to_review(handoff) == []
    with pytest.raises(Refusal, match="already as a question"):
        captures.ask(handoff, PLAYBOOK, "Which one?", None, SOURCE, by=AE, now=NOW)
    with pytest.raises(Refusal, match="you would ask yourself"):
        captures.ask(handoff, PLAYBOOK, "Which?", None, OTHER, by=AE, now=NOW)
    assert captures.ask(handoff, PLAYBOOK, "Which?", None, OTHER, by=CSM, now=NOW) == []  # asked already


@pytest.mark.parametrize(
    ("by", "is_draft", "waits"), [(AE, False, False), (AE, True, True), (CSM, False, True), (CSM, True, True)]
)
def test_what_the_ae_wrote_needs_no_review(by: str, is_draft: bool, waits: bool) -> None:
    handoff = holding(by=by, is_draft=is_draft)
    assert bool(to_review(handoff)) is waits
    assert bool(to_review(handoff, "promises_and_commitments")) is waits
    assert to_review(handoff, "stakeholders") == []


def test_a_document_with_drafts_is_submitted_once_they_are_reviewed() -> None:
    handoff = holding(handoff=complete(), is_draft=True)
    with pytest.raises(Refusal, match="Review what was captured from messages first: 1 in all"):
        reviews.submit(handoff, PLAYBOOK, by=AE, now=NOW)
    row = row_of(SOURCE, PROMISE)
    reviewed = after(handoff, captures.review(handoff, row, by=AE, now=NOW))
    assert captures.review(reviewed, row, by=AE, now=NOW) is None
    assert captures.review(reviewed, "1", by=AE, now=NOW) is None  # no message
    assert reviews.submit(reviewed, PLAYBOOK, by=AE, now=NOW).number == 1


def test_undoing_takes_out_what_nobody_worked_on() -> None:
    handoff, row = holding(is_draft=True), row_of(SOURCE, PROMISE)
    undone = after(handoff, *captures.undo(handoff, row, by=AE, now=NOW))
    assert rows_of(undone, "promises_and_commitments", "promised") == []
    assert undone.captures == {}
    for gone in (undone, empty()):
        with pytest.raises(Refusal, match="not in the handoff any more"):
            captures.undo(gone, row, by=AE, now=NOW)
    reviewed = after(handoff, captures.review(handoff, row, by=AE, now=NOW))
    with pytest.raises(Refusal, match="reviewed this meanwhile"):
        captures.undo(reviewed, row, by=AE, now=NOW)


def test_nothing_is_added_where_nothing_may_be_written() -> None:
    cancelled = after(empty(), HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words=""))
    with pytest.raises(Refusal, match="cancelled"):
        adds(cancelled)
    full = empty()
    promises = section("promises_and_commitments")
    for number in range(30):
        full = after(
            full, save_row(promises, "promised", full, str(number), {"commitment": str(number)}, by=AE, now=NOW)
        )
    with pytest.raises(Refusal, match="holds 30 at most"):
        adds(full, is_draft=True)
