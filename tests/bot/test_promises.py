"""Promises: verdicts, ends and owners of the document's commitments, and the clock of each."""

from datetime import datetime
from typing import Any

import pytest

from bot import escalations, promises
from bot.consequences import errands_of
from bot.deadlines import due_at, is_owed, owes_promises, owner_of, rules_of
from bot.documents import drop_row, remove_row, save_row
from bot.errands import Kind, Picture
from bot.events import Event
from bot.handoffs import Handoff
from bot.nudges import watches
from bot.permissions import Act, may
from bot.playbook import Section
from bot.promises import FIELD, SECTION, ledger
from bot.records import PromiseStatus, Verdict
from bot.refusals import Refusal
from bot.reminders import Nudged
from bot.teams import Lateness
from tests.examples import (
    AE,
    CS_LEADER,
    CSM,
    NOW,
    PLAYBOOK,
    SALES_LEADER,
    SE,
    STRANGER,
    TEAM,
    after,
    colleagues,
    written,
)
from tests.happenings import DAY, HOUR, OFFICE, accepted, cancelled, in_review, owners, utc

API, TRAINING = "An API by March", "Two days of training on site"
KIND = "keep_promise.api"
TOLD = (CS_LEADER, SALES_LEADER)


def promised(handoff: Handoff | None = None, due: str = "2026-12-18", **other: str) -> Handoff:
    """The handoff with two commitments: one with a day, one without."""
    rows = [
        {"id": "api", "commitment": API, "due": due, "kind": "Verbal"} | other,
        {"id": "day", "commitment": TRAINING},
    ]
    out = [{"id": "o", "item": "Migration of old data"}]
    return written(handoff or in_review(se=SE), SECTION, promised=rows, out_of_scope=out)


def taken_over(due: str = "2026-12-18") -> Handoff:
    """The CSM has accepted what was promised."""
    return after(promised(due=due), accepted())


def does(handoff: Handoff, *events: Event | None) -> Handoff:
    """The handoff after what the rules said."""
    return after(handoff, *events)


def judges(
    handoff: Handoff, verdict: str = "impossible", words: str = "No team for it.", *, by: str = CSM
) -> list[Event]:
    """Somebody gives a verdict on the API."""
    seen = promises.shown(promises.find(handoff, "api"), handoff)
    return promises.judge(handoff, "api", verdict, words, seen, TOLD, by=by, now=NOW)


def ends(handoff: Handoff, status: str = "kept", words: str = "", *, by: str = CSM) -> list[Event]:
    """Somebody closes the promise of the API."""
    return promises.end(handoff, "api", status, words, by=by, now=NOW)


def changes(
    handoff: Handoff, owner: str = CSM, due: str = "2026-12-18", seen: promises.Shown | None = None
) -> list[Event]:
    """Somebody fills "Owner and date", which was opened just now, or showed `seen`."""
    seen = seen or promises.shown(promises.find(handoff, "api"), handoff)
    return promises.change(handoff, PLAYBOOK, "api", promises.Shown(owner, due), seen, by=AE, now=NOW + HOUR)


def status(handoff: Handoff) -> str:
    """How the promise of the API stands."""
    return promises.find(handoff, "api").promise.status


def due(handoff: Handoff, kind: str = KIND) -> datetime | None:
    """When that promise is due."""
    rule = next(one for one in rules_of(handoff, PLAYBOOK) if one.id == kind)
    return due_at(rule, handoff, PLAYBOOK, OFFICE, Lateness.WALL, NOW)


def owed(handoff: Handoff, kind: str = KIND) -> bool:
    """Whether its clock runs."""
    return any(is_owed(rule, handoff) for rule in rules_of(handoff, PLAYBOOK) if rule.id == kind)


def test_every_commitment_of_the_document_is_a_record_that_the_csm_sees_to() -> None:
    handoff = promised()
    first, second = ledger(handoff)
    assert (first.words, str(first.due), first.is_open, first.promise.status) == (API, "2026-12-18", True, "open")
    assert (second.words, second.due) == (TRAINING, None)
    assert promises.owner_of(first.promise, handoff) == CSM
    assert promises.out_of_scope(handoff) == ["Migration of old data"]
    assert ledger(in_review()) == []


# -- verdicts


@pytest.mark.parametrize(
    ("verdict", "words", "stands"),
    [("fine", "", "open"), ("at_risk", "Only if X ships.", "at_risk"), ("impossible", "No.", "at_risk")],
)
def test_a_verdict_says_how_it_stands(verdict: str, words: str, stands: str) -> None:
    handoff = does(promised(), *judges(promised(), verdict, words))
    assert status(handoff) == stands
    promise = handoff.promises["api"]
    assert (promise.verdict, promise.verdict_words, promise.verdict_by, promise.judged) == (verdict, words, CSM, API)


def test_only_what_cannot_be_done_goes_to_both_leaders_and_only_once() -> None:
    handoff = promised()
    assert [type(event).__name__ for event in judges(handoff, "at_risk")] == ["PromiseJudged"]
    judged = judges(handoff)
    assert [type(event).__name__ for event in judged] == ["PromiseJudged", "EscalationRaised"]
    after_it = does(handoff, *judged)
    (raised,) = after_it.escalations.values()
    assert (raised.what, raised.promise, raised.by) == (f"Cannot be done: {API}", "api", CSM)
    asked = [errand.about for event in judged for errand in errands_of(event, handoff, after_it)]
    told = [about["recipient"] for about in asked if about.get("picture") == Picture.ESCALATION]
    assert told == [*TOLD]
    assert judges(after_it) == []
    assert [type(event).__name__ for event in judges(after_it, words="Still no.", by=SE)] == ["PromiseJudged"]


@pytest.mark.parametrize(
    ("verdict", "words", "field"),
    [("at_risk", "", "words"), ("impossible", " ", "words"), ("", "Well", "verdict"), ("maybe", "Well", "verdict")],
)
def test_a_verdict_without_what_is_needed_is_refused(verdict: str, words: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        judges(promised(), verdict, words)
    assert field in refused.value.fields


def test_the_verdict_is_of_the_words_that_were_judged() -> None:
    handoff = does(promised(), *judges(promised(), "fine", ""))
    changed = promised(handoff, commitment="An API by January")
    one = promises.find(changed, "api")
    assert one.promise.judged == API != one.words


# -- ends


@pytest.mark.parametrize(
    ("how", "words", "refused"),
    [
        ("kept", "", ""),
        ("renegotiated", "", "Say what was agreed with the customer instead."),
        ("broken", "", "Say what happened and what the customer was told."),
        ("renegotiated", "June", ""),
        ("broken", "They know.", ""),
        ("open", "x", "Choose how it ended."),
        ("", "", "Choose how it ended."),
    ],
)
def test_an_end_asks_for_words_where_they_matter(how: str, words: str, refused: str) -> None:
    handoff = taken_over()
    if refused:
        with pytest.raises(Refusal, match=refused.rstrip(".")):
            ends(handoff, how, words)
        return
    over = does(handoff, *ends(handoff, how, words))
    assert (status(over), owed(over), owed(over, "keep_promise.day")) == (how, False, True)
    assert over.promises["api"].ended_words == words


def test_pressed_twice_it_is_kept_once_and_another_way_is_refused_by_name() -> None:
    kept = does(taken_over(), *ends(taken_over()))
    assert ends(kept) == []
    with pytest.raises(Refusal, match=f"<@{CSM}> has closed this promise already: kept"):
        ends(kept, "broken", "No.", by=AE)
    with pytest.raises(Refusal, match="closed this promise already"):
        judges(kept)
    with pytest.raises(Refusal, match="closed this promise already"):
        changes(kept, SE)


def test_opened_again_it_is_owed_again() -> None:
    kept = does(taken_over(), *ends(taken_over()))
    again = does(kept, promises.reopen(kept, "api", by=AE, now=NOW + HOUR))
    assert (status(again), owed(again)) == ("open", True)
    with pytest.raises(Refusal, match="open already"):
        promises.reopen(again, "api", by=AE, now=NOW)


def test_what_was_agreed_instead_is_a_commitment_of_its_own() -> None:
    handoff = taken_over()
    over = does(handoff, *ends(handoff, "renegotiated", "Only reading, by June"))
    anew = promises.promise_anew(over, PLAYBOOK, "api", "Only reading, by June", "2027-06-01", "new", by=CSM, now=NOW)
    after_it = does(over, *anew)
    one = promises.find(after_it, "new")
    assert (one.words, str(one.due), one.row["source"]) == (
        "Only reading, by June",
        "2027-06-01",
        f"Renegotiated: {API}",
    )
    assert owed(after_it, "keep_promise.new")
    assert due(after_it, "keep_promise.new") == utc("2027-06-01 16:00")


def test_closing_it_settles_what_the_leaders_had_to_decide() -> None:
    handoff = does(taken_over(), *judges(taken_over()))
    over = does(handoff, *ends(handoff, "broken", "They took it well."))
    (settled,) = over.escalations.values()
    assert (settled.is_open, settled.outcome, settled.closed_by) == (
        False,
        "The promise was broken. They took it well.",
        CSM,
    )


# -- the clock


@pytest.mark.parametrize(
    ("written_due", "due_moment"),
    [
        ("2026-12-18", utc("2026-12-18 17:00")),
        ("2026-11-20", utc("2026-11-20 17:00")),  # before CS took it over: late from the first moment
        ("", NOW + 7 * DAY),  # a week to agree on a day
        ("soon", NOW + 7 * DAY),
    ],
)
def test_when_it_is_due(written_due: str, due_moment: datetime) -> None:
    handoff = taken_over(written_due)
    assert (owed(handoff), due(handoff)) == (True, due_moment)


def test_no_clock_runs_before_cs_has_accepted() -> None:
    assert not owed(promised())
    assert not owes_promises(promised(), PLAYBOOK)
    assert owes_promises(taken_over(), PLAYBOOK)


@pytest.mark.parametrize("again", ["", "2027-01-15", "2026-11-24"])
def test_another_day_in_the_document_moves_the_clock(again: str) -> None:
    handoff = taken_over("")
    told = after(handoff, Nudged(by="baton", at=NOW + 7 * DAY, deadline=KIND, to=CSM, owner=CSM, rung=1))
    moved = promised(told, due=again)
    assert due(moved) == due(taken_over(again))
    assert moved.awaited[KIND].rung == (2 if not again else 0)  # where nothing moved, nobody is reminded anew


def test_a_row_that_is_removed_is_owed_no_more_and_one_that_is_added_is() -> None:
    handoff = taken_over()
    gone = does(handoff, drop_row(SECTION, FIELD, handoff, "api", by=AE, now=NOW + HOUR))
    assert not owed(gone)
    assert [one.id for one in ledger(gone)] == ["day"]
    with pytest.raises(Refusal, match="not in the document any more"):
        ends(gone)
    with pytest.raises(Refusal, match="not in the document any more"):
        judges(gone)
    back = promised(gone)
    assert owed(back)
    assert due(back) == utc("2026-12-18 17:00")


def test_without_its_document_it_would_seem_to_be_removed() -> None:
    """Why whoever asks about the deadlines of many has to load the documents of those that owe promises."""
    bare = taken_over().model_copy(update={"document": {}})
    assert owes_promises(bare, PLAYBOOK)
    assert due(bare) != due(taken_over())


def test_the_reminders_of_one_ask_for_a_day_where_there_is_none() -> None:
    found = {one.rule.id: one.rule for one in watches(taken_over(), PLAYBOOK, colleagues())}
    assert found[KIND].label == f"Keep a promise: {API}"
    assert found["keep_promise.day"].why.startswith("No day was agreed for it.")
    assert found[KIND].why != found["keep_promise.day"].why


# -- owner and day


def test_it_goes_along_with_the_csm_until_somebody_else_sees_to_it() -> None:
    handoff = taken_over()

    def whose(handoff: Handoff) -> str:
        return owner_of(next(one for one in rules_of(handoff, PLAYBOOK) if one.id == KIND), handoff, CS_LEADER)

    assert whose(handoff) == CSM
    assert whose(after(handoff, owners("U0CSM2"))) == "U0CSM2"
    given = does(handoff, *changes(handoff, STRANGER))
    assert whose(given) == whose(after(given, owners("U0CSM2"))) == STRANGER
    assert whose(does(given, *changes(given, CSM))) == CSM
    assert handoff.awaited[KIND].rung == given.awaited[KIND].rung


def test_whoever_sees_to_it_is_told_unless_it_was_their_own_idea() -> None:
    handoff = taken_over()
    (assigned,) = changes(handoff, SE)
    asked = [
        errand for errand in errands_of(assigned, handoff, does(handoff, assigned)) if errand.kind is Kind.DRAW_MESSAGE
    ]
    assert [one.about["recipient"] for one in asked if one.about["picture"] == Picture.PROMISE] == [SE]
    mine = assigned.model_copy(update={"by": SE})
    pictures = [errand.about.get("picture") for errand in errands_of(mine, handoff, does(handoff, mine))]
    assert Picture.PROMISE not in pictures


@pytest.mark.parametrize(
    ("owner", "day", "kinds"),
    [
        (CSM, "2026-12-18", []),
        (SE, "2026-12-18", ["PromiseAssigned"]),
        (CSM, "2027-01-15", ["SectionSaved"]),
        (SE, "2027-01-15", ["SectionSaved", "PromiseAssigned"]),
        ("", "2026-12-18", []),  # whoever is the CSM, and that is so already
    ],
)
def test_owner_and_date(owner: str, day: str, kinds: list[str]) -> None:
    handoff = taken_over()
    assert [type(event).__name__ for event in changes(handoff, owner, day)] == kinds


def test_a_day_is_changed_and_never_taken_away() -> None:
    with pytest.raises(Refusal) as refused:
        changes(taken_over(), CSM, "")
    assert "due" in refused.value.fields
    undated = taken_over("")
    assert changes(undated, CSM, "") == []
    dated = does(undated, *changes(undated, CSM, "2027-01-15"))
    assert due(dated) == utc("2027-01-15 17:00")


def test_a_form_that_was_open_long_undoes_nothing_that_others_saved() -> None:
    handoff = taken_over()
    old = promises.shown(promises.find(handoff, "api"), handoff)
    moved = does(handoff, *changes(handoff, SE, "2027-01-15"))
    assert changes(moved, CSM, "2026-12-18", old) == []  # nothing was changed in it
    (only_day,) = changes(does(handoff, *changes(handoff, SE)), CSM, "2027-02-01", old)
    assert type(only_day).__name__ == "SectionSaved"
    with pytest.raises(Refusal) as refused:
        changes(moved, STRANGER, "2027-02-01", old)
    assert refused.value.fields == {
        "owner": f"<@{SE}> was named while this form was open. Open it again to name another.",
        "due": "The date was changed to 2027-01-15 while this form was open. Open it again to change it.",
    }


def test_what_is_agreed_instead_stays_with_whom_it_was() -> None:
    given = does(taken_over(), *changes(taken_over(), SE))
    anew = promises.promise_anew(given, PLAYBOOK, "api", "Only reading", "2027-06-01", "new", by=CSM, now=NOW)
    assert does(given, *anew).promises["new"].owner == SE


@pytest.mark.parametrize("other", ["words", "verdict"])
def test_a_verdict_is_refused_on_what_the_judge_has_not_seen(other: str) -> None:
    handoff = taken_over()
    old = promises.shown(promises.find(handoff, "api"), handoff)
    now = promised(handoff, commitment="An API by January")
    if other == "verdict":
        now = does(handoff, *judges(handoff, "at_risk", "Perhaps.", by=SE))
    with pytest.raises(Refusal) as refused:
        promises.judge(now, "api", "fine", "Yes", old, TOLD, by=CSM, now=NOW)
    assert "changed while this form was open" in refused.value.fields["words"]


def test_what_cs_has_taken_over_is_closed_and_not_removed() -> None:
    assert remove_row(SECTION, FIELD, promised(), "api", by=AE, now=NOW)
    assert remove_row(SECTION, "out_of_scope", taken_over(), "o", by=AE, now=NOW)
    with pytest.raises(Refusal, match="CS has taken over this promise: close it under Promises instead"):
        remove_row(SECTION, FIELD, taken_over(), "api", by=AE, now=NOW)


def test_a_playbook_that_asks_for_no_words_lets_nobody_empty_a_promise_either() -> None:
    known: Any = PLAYBOOK.section(SECTION)
    columns = tuple(one.model_copy(update={"required": ()}) for one in known.by_id[FIELD].columns)
    fields = tuple(one.model_copy(update={"columns": columns}) if one.id == FIELD else one for one in known.fields)
    lax = Section(id=SECTION, label=known.label, fields=fields)
    assert save_row(lax, FIELD, promised(), "api", {"commitment": ""}, by=AE, now=NOW)
    with pytest.raises(Refusal, match="CS has taken over this promise"):
        save_row(lax, FIELD, taken_over(), "api", {"commitment": ""}, by=AE, now=NOW)


def test_what_the_leaders_withdrew_only_they_open_again() -> None:
    handoff = does(taken_over(), *judges(taken_over()))
    decided = escalations.decide(handoff, 1, "withdraw", "We cannot.", by=CS_LEADER, now=NOW)
    withdrawn = does(handoff, decided)
    assert escalations.is_withdrawn(withdrawn, "api")
    again = does(withdrawn, promises.reopen(withdrawn, "api", by=CS_LEADER, now=NOW + HOUR))
    closed = does(again, *promises.end(again, "api", "kept", "", by=CSM, now=NOW + DAY))
    for one in (again, closed, does(taken_over(), *ends(taken_over()))):
        assert not escalations.is_withdrawn(one, "api")


# -- who may


def test_nothing_goes_on_while_the_handoff_is_cancelled() -> None:
    over = after(promised(), cancelled())
    for act in (judges, ends, changes, lambda one: promises.reopen(one, "api", by=AE, now=NOW)):
        with pytest.raises(Refusal, match="cancelled"):
            act(over)


PEOPLE = (AE, CSM, SE, CS_LEADER, SALES_LEADER, STRANGER)


@pytest.mark.parametrize(
    ("act", "who"),
    [
        (Act.JUDGE, {CSM, SE, CS_LEADER}),
        (Act.KEEP, {AE, CSM, SE, CS_LEADER, SALES_LEADER}),
        (Act.DECIDE, {CS_LEADER, SALES_LEADER}),
    ],
)
def test_who_may(act: Act, who: set[str]) -> None:
    handoff = promised()
    assert {person for person in PEOPLE if may(act, person, handoff, TEAM)} == who


def test_whoever_sees_to_a_promise_may_read_and_keep_it() -> None:
    handoff = taken_over()
    given = does(handoff, *changes(handoff, STRANGER))
    assert may(Act.KEEP, STRANGER, given, TEAM, "api")
    assert may(Act.READ, STRANGER, given, TEAM)
    assert not may(Act.JUDGE, STRANGER, given, TEAM)


def test_words_are_as_long_as_they_may_be() -> None:
    handoff = promised(commitment="x" * 3000)
    judged: Any = judges(handoff)
    assert len(judged[1].what) <= escalations.WORDS.max_length
    with pytest.raises(Refusal, match="the most is 1,000"):
        ends(handoff, "broken", "x" * 1001)


def test_statuses_and_verdicts_are_those_of_the_handbook() -> None:
    assert {*PromiseStatus} == {"open", "at_risk", "kept", "renegotiated", "broken"}
    assert {*Verdict} == {"fine", "at_risk", "impossible"}
