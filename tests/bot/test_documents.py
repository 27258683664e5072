"""The document: what is missing, and saving it without losing anybody's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import (
    Progress,
    has_read,
    mark_read,
    merge,
    missing_fields,
    progress,
    readers,
    save_section,
)
from bot.events import SectionSaved
from bot.handoffs import CALL, Handoff, Stage
from bot.refusals import Refusal
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, at, complete, empty, section, written

HISTORY = section("relationship_history")
PEOPLE = section("stakeholders")


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


def test_what_was_written_without_a_save_is_shown_and_not_emptied() -> None:
    now = at(Stage.ACCEPTED).written(*CALL, "No", by=CSM, at=NOW)
    typed = {"handed_off_to": "", "handoff_date": "2026-12-01", "call_completed": "Yes"}
    merged = merge(typed, now, [], now.content("sign_off"))
    assert merged.values == typed | {"handed_off_to": CSM}
    assert {name: (change.after, who) for name, (change, who) in merged.by_others.items()} == {
        "handed_off_to": (CSM, CSM),
        "handoff_date": (NOW.date().isoformat(), CSM),
        "call_completed": ("No", CSM),
    }


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
    handoff = after(handoff, mark_read("relationship_history", handoff, 1, by=CSM, now=NOW))
    assert has_read("relationship_history", handoff, CSM)
    assert not has_read("relationship_history", handoff, AE)
    assert mark_read("relationship_history", handoff, 1, by=CSM, now=NOW) is None
    changed = after(handoff, save(handoff, champion="Tom"))
    assert not has_read("relationship_history", changed, CSM)


def test_what_was_not_on_the_screen_was_not_read() -> None:
    changed = written(written(empty(), "relationship_history", champion="Mia"), "relationship_history", champion="Tom")
    old = after(changed, mark_read("relationship_history", changed, 1, by=CSM, now=NOW))
    assert readers("relationship_history", old) == ([], [CSM])
    new = after(old, mark_read("relationship_history", old, 2, by=CSM, now=NOW))
    assert readers("relationship_history", new) == ([CSM], [])
    assert mark_read("relationship_history", new, 1, by=CSM, now=NOW) is None  # an old view elsewhere
