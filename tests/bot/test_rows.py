"""Repeated rows: added, edited, moved, removed, merged; each kept by its id."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import (
    merge_row,
    move_row,
    remove_row,
    rows_of,
    save_row,
)
from bot.events import Event, HandoffStarted, SectionSaved
from bot.handoffs import Handoff
from bot.playbook import MAX_ROWS
from bot.refusals import Refusal
from tests.examples import AE, CSM, NOW, after, empty, section, starts

PEOPLE = section("stakeholders")


def new_id(handoff: Handoff) -> str:
    """An id that no row of the stakeholders ever had."""
    return f"new{handoff.content('stakeholders').revision}"


def add(handoff: Handoff, name: str) -> Handoff:
    """The handoff with one stakeholder more."""
    typed = {"name": name, "role": "Project Lead"}
    return after(handoff, save_row(PEOPLE, "stakeholders", handoff, new_id(handoff), typed, by=AE, now=NOW))


def names(handoff: Handoff) -> list[str]:
    """The stakeholders, in order."""
    return [row["name"] for row in rows_of(handoff, "stakeholders", "stakeholders")]


def ids(handoff: Handoff) -> list[str]:
    """The stakeholders' row ids, in order."""
    return [row["id"] for row in rows_of(handoff, "stakeholders", "stakeholders")]


def test_rows_are_added_edited_moved_and_removed() -> None:
    handoff = empty()
    for name in ("Helena", "Marcus", "Priya"):
        handoff = add(handoff, name)
    first, second, third = ids(handoff)
    where = ("stakeholders", "stakeholders")
    handoff = after(handoff, move_row(*where, handoff, third, -1, by=AE, now=NOW))
    handoff = after(handoff, remove_row(*where, handoff, second, by=AE, now=NOW))
    edited = save_row(PEOPLE, "stakeholders", handoff, first, {"name": "Helena S.", "role": "Other"}, by=AE, now=NOW)
    assert names(after(handoff, edited)) == ["Helena S.", "Priya"]


@pytest.mark.parametrize(("at_row", "step", "order"), [(0, 1, "BAC"), (1, -1, "BAC"), (1, 1, "ACB"), (2, -1, "ACB")])
def test_a_row_moves_by_one(at_row: int, step: int, order: str) -> None:
    handoff = add(add(add(empty(), "A"), "B"), "C")
    row = ids(handoff)[at_row]
    moved = move_row("stakeholders", "stakeholders", handoff, row, step, by=AE, now=NOW)
    assert moved
    assert "".join(names(after(handoff, moved))) == order
    assert [change.field for change in moved.changes] == ["stakeholders"]


def test_a_row_that_is_gone_does_not_move() -> None:
    assert move_row("stakeholders", "stakeholders", add(empty(), "A"), "99", 1, by=AE, now=NOW) is None


def test_the_history_names_the_row_that_was_touched() -> None:
    handoff = add(add(empty(), "A"), "B")
    second = ids(handoff)[1]
    saved = save_row(PEOPLE, "stakeholders", handoff, second, {"name": "C", "role": "Other"}, by=AE, now=NOW)
    assert saved
    assert [(one.field, one.before, one.after) for one in saved.changes] == [
        (
            f"stakeholders[{second}]",
            {"id": second, "name": "B", "role": "Project Lead"},
            {"id": second, "name": "C", "role": "Other"},
        )
    ]


@pytest.mark.parametrize("step", [-1, 1])
def test_a_row_at_the_edge_stays(step: int) -> None:
    handoff = add(empty(), "Helena")
    assert move_row("stakeholders", "stakeholders", handoff, ids(handoff)[0], step, by=AE, now=NOW) is None


def test_a_new_row_that_is_saved_twice_is_one_row() -> None:
    typed = {"name": "Nroa", "role": "Other"}
    once = after(empty(), save_row(PEOPLE, "stakeholders", empty(), "a1", typed, by=AE, now=NOW))
    twice = after(once, save_row(PEOPLE, "stakeholders", once, "a1", typed | {"name": "Nora"}, by=AE, now=NOW))
    assert names(twice) == ["Nora"]


@pytest.mark.parametrize(
    ("typed", "theirs", "merged"),
    [
        ({"title": "VP", "notes": "mine"}, {"title": "CEO"}, {"title": "CEO", "notes": "mine"}),
        ({"title": "COO", "notes": ""}, {"title": "CEO"}, {"title": "COO", "notes": ""}),
        ({"title": "VP", "notes": ""}, {"title": "VP", "notes": "theirs"}, {"title": "VP", "notes": "theirs"}),
        ({"title": "", "notes": ""}, {"title": "VP", "notes": "theirs"}, {"title": "", "notes": "theirs"}),
    ],
)
def test_what_i_left_alone_in_a_row_takes_the_others_words(
    typed: dict[str, str], theirs: dict[str, str], merged: dict[str, str]
) -> None:
    assert merge_row(typed, {"id": "1", "title": "VP"}, {"id": "1"} | theirs) == merged


def test_a_row_that_somebody_removed_meanwhile_comes_back() -> None:
    handoff = add(empty(), "Helena")
    row = ids(handoff)[0]
    gone = after(handoff, remove_row("stakeholders", "stakeholders", handoff, row, by=CSM, now=NOW))
    assert remove_row("stakeholders", "stakeholders", gone, row, by=AE, now=NOW) is None
    typed = {"name": "Helena", "role": "Other"}
    assert names(after(gone, save_row(PEOPLE, "stakeholders", gone, row, typed, by=AE, now=NOW))) == ["Helena"]


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": " "}, {"name": "Name is needed.", "role": "Role is needed."}),
        (
            {"name": "Mia", "role": "Other", "contact": "x"},
            {"contact": "Contact is an email address, such as ana@customer.com."},
        ),
    ],
)
def test_a_row_is_refused_with_each_column_that_is_wrong(typed: dict[str, str], wrong: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        save_row(PEOPLE, "stakeholders", empty(), "1", typed, by=AE, now=NOW)
    assert refused.value.fields == wrong


def test_rows_end_where_a_form_does() -> None:
    handoff = empty()
    for number in range(MAX_ROWS):
        handoff = add(handoff, f"Person {number}")
    with pytest.raises(Refusal, match="Stakeholders holds 30 at most"):
        add(handoff, "One more")


# -- any life of a document

STEP = st.tuples(st.sampled_from(["add", "edit", "remove", "up", "down"]), st.integers(0, 5), st.sampled_from("abcdef"))


def step(handoff: Handoff, verb: str, at_row: int, name: str) -> SectionSaved | None:
    """One thing that a person does with a row."""
    row = next(iter(ids(handoff)[at_row : at_row + 1]), "99")
    typed = {"name": name, "role": "Other"}
    where = ("stakeholders", "stakeholders", handoff, row)
    match verb:
        case "add":
            return save_row(PEOPLE, "stakeholders", handoff, new_id(handoff), typed, by=AE, now=NOW)
        case "edit":
            return save_row(PEOPLE, "stakeholders", handoff, row, typed, by=AE, now=NOW)
        case "remove":
            return remove_row(*where, by=AE, now=NOW)
        case _:
            return move_row(*where, -1 if verb == "up" else 1, by=AE, now=NOW)


@given(st.lists(STEP, max_size=20))
def test_rows_keep_their_ids_and_order_and_the_history_tells_them_again(steps: Iterable[tuple[str, int, str]]) -> None:
    begun = starts()
    handoff = begun.begin(1)
    history: list[Event] = [begun]
    for one in steps:
        before = ids(handoff)
        saved = step(handoff, *one)
        handoff = after(handoff, saved)
        history += [saved] if saved else []
        assert len(set(ids(handoff))) == len(ids(handoff))
        if one[0] in ("add", "edit", "remove"):
            assert [row for row in ids(handoff) if row in before] == [row for row in before if row in ids(handoff)]
    assert told_again(history) == handoff


def told_again(history: list[Event]) -> Handoff:
    """The handoff that the stored history makes."""
    stored = [(type(event).__name__, event.model_dump_json(exclude_defaults=True)) for event in history]
    first, *rest = (Event.of(*one) for one in stored)
    assert isinstance(first, HandoffStarted)
    return after(first.begin(1), *rest)
