"""The document: what is missing, and saving it without losing anybody's words."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import (
    Progress,
    has_read,
    mark_read,
    merge,
    merge_row,
    missing_fields,
    move_row,
    progress,
    remove_row,
    rows_of,
    save_row,
    save_section,
)
from bot.events import Event, HandoffStarted, SectionSaved
from bot.handoffs import Handoff, Stage
from bot.playbook import MAX_ROWS, Section
from bot.refusals import Refusal
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, at, complete, empty, starts, written


def section(name: str) -> Section:
    """A section of the playbook."""
    found = PLAYBOOK.section(name)
    assert found
    return found


HISTORY = section("relationship_history")
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


# -- what is missing


MISSING = {
    "smb": "industry start_date stakeholders primary_business_drivers outcomes promised",
    "mid_market": """industry employees contract_term start_date stakeholders primary_business_drivers outcomes
        quick_wins_by systems_to_integrate champion promised risks""",
    "enterprise": """industry employees contract_term start_date stakeholders primary_business_drivers
        influence_feature alternatives_considered outcomes quick_wins_by full_rollout_by systems_to_integrate champion
        promised risks preferred_approach""",
}


@pytest.mark.parametrize(("segment", "missing"), MISSING.items())
def test_what_a_new_document_lacks_follows_the_segment(segment: str, missing: str) -> None:
    handoff = empty(segment=segment)
    assert [gap.field.id for gap in missing_fields(PLAYBOOK, handoff)] == missing.split()


@pytest.mark.parametrize("segment", ["smb", "mid_market", "enterprise"])
def test_a_complete_document_lacks_nothing(segment: str) -> None:
    assert missing_fields(PLAYBOOK, complete(segment=segment)) == []


def test_nothing_was_promised_answers_for_the_promises() -> None:
    handoff = written(empty(), "promises_and_commitments", nothing_promised="yes")
    assert "promises_and_commitments.promised" not in [gap.path for gap in missing_fields(PLAYBOOK, handoff)]


@pytest.mark.parametrize(
    ("handoff", "name", "state"),
    [
        (empty(), "additional_context", Progress.EMPTY),
        (written(empty(), "additional_context", additional_context="x"), "additional_context", Progress.COMPLETE),
        (empty(), "company_overview", Progress.STARTED),
        (complete(), "company_overview", Progress.COMPLETE),
    ],
)
def test_how_far_a_section_is(handoff: Handoff, name: str, state: Progress) -> None:
    assert progress(section(name), handoff) is state


# -- saving a section


def save(handoff: Handoff, by: str = AE, **typed: str) -> SectionSaved | None:
    """Somebody saves the relationship history."""
    return save_section(HISTORY, handoff, typed, by=by, now=NOW)


def test_a_save_keeps_what_was_not_on_the_form_and_says_what_changed() -> None:
    handoff = written(empty(), "relationship_history", champion="Mia", detractor="Leon")
    saved = save(handoff, champion="Tom", cycle_length=" 9 weeks ")
    assert saved
    assert saved.values == {"champion": "Tom", "detractor": "Leon", "cycle_length": "9 weeks"}
    assert [(one.field, one.before, one.after) for one in saved.changes] == [
        ("champion", "Mia", "Tom"),
        ("cycle_length", None, "9 weeks"),
    ]


def test_revisions_are_counted_by_section() -> None:
    handoff = empty()
    for number, champion in enumerate(["Mia", "Tom", "Ana"], 1):
        saved = save(handoff, champion=champion)
        assert saved
        assert saved.revision == number
        handoff = after(handoff, saved)
    overview = save_section(section("company_overview"), handoff, {"industry": "Freight"}, by=AE, now=NOW)
    assert overview
    assert overview.revision == 2  # the start wrote the first


def test_an_emptied_answer_is_gone_and_an_unchanged_save_is_none() -> None:
    handoff = written(empty(), "relationship_history", champion="Mia")
    emptied = after(handoff, save(handoff, champion=" "))
    assert emptied.content("relationship_history").values == {}
    assert save(handoff, champion="Mia") is None


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        save(empty(), first_contact="soon", champion="x" * 4000)
    assert set(refused.value.fields) == {"first_contact", "champion"}


@pytest.mark.parametrize("nothing", [" ", "\u200b"])
def test_the_customer_keeps_a_name(nothing: str) -> None:
    with pytest.raises(Refusal) as refused:
        save_section(section("company_overview"), empty(), {"company_name": nothing}, by=AE, now=NOW)
    assert refused.value.fields == {"company_name": "A handoff needs the customer's name."}


def test_a_cancelled_handoff_is_read_only() -> None:
    with pytest.raises(Refusal, match="Reopen it to go on writing"):
        save(at(Stage.CANCELLED), champion="Mia")


# -- repeated rows


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


# -- two people at once


def test_fields_the_person_left_alone_take_the_others_words() -> None:
    drawn = written(empty(), "relationship_history", champion="Mia", cycle_length="9 weeks")
    theirs = save(drawn, CSM, champion="Tom")
    assert theirs
    merged = merge({"champion": "Mia", "cycle_length": "10 weeks"}, after(drawn, theirs), [theirs])
    assert merged.values == {"champion": "Tom", "cycle_length": "10 weeks"}
    assert {name: who for name, (_, who) in merged.by_others.items()} == {"champion": CSM}


def test_a_field_both_changed_keeps_what_was_typed_and_shows_theirs() -> None:
    drawn = written(empty(), "relationship_history", champion="Mia")
    theirs = save(drawn, CSM, champion="Tom")
    assert theirs
    merged = merge({"champion": "Ana"}, after(drawn, theirs), [theirs])
    assert merged.values == {"champion": "Ana"}
    assert merged.by_others["champion"][0].after == "Tom"


def test_two_people_who_agree_do_not_disturb_each_other() -> None:
    drawn = empty()
    theirs = save(drawn, CSM, champion="Tom")
    assert theirs
    assert merge({"champion": "Tom"}, after(drawn, theirs), [theirs]).by_others == {}


ANSWER = st.sampled_from(["", "a", "b", "c"])
FORM = st.fixed_dictionaries({"champion": ANSWER, "champion_notes": ANSWER, "cycle_length": ANSWER})


@given(FORM, st.lists(FORM, min_size=1, max_size=4), FORM)
def test_a_merge_loses_nobodys_words(
    drawn: dict[str, str], theirs: list[dict[str, str]], typed: dict[str, str]
) -> None:
    before = now = written(empty(), "relationship_history", **drawn)
    saves = []
    for form in theirs:
        saved = save(now, CSM, **form)
        saves += [saved] if saved else []
        now = after(now, saved)
    merged = merge(typed, now, saves)
    for name, shown in merged.values.items():
        was, current = before.text("relationship_history", name), now.text("relationship_history", name)
        assert shown == (current if typed[name] == was else typed[name])
        if current not in (was, typed[name]):
            assert name in merged.by_others  # what they changed is shown


# -- reading


def test_a_section_counts_as_read_until_it_changes() -> None:
    handoff = written(empty(), "relationship_history", champion="Mia")
    handoff = after(handoff, mark_read("relationship_history", handoff, by=CSM, now=NOW))
    assert has_read("relationship_history", handoff, CSM)
    assert not has_read("relationship_history", handoff, AE)
    assert mark_read("relationship_history", handoff, by=CSM, now=NOW) is None
    changed = after(handoff, save(handoff, champion="Tom"))
    assert not has_read("relationship_history", changed, CSM)


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
