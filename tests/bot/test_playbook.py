"""The playbook: each way to be wrong is refused at its path, and what loads can be drawn."""

import copy
import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.playbook import Playbook
from bot.timing import Fact
from tests.examples import PLAYBOOK, ROOT

PRACTICE: dict[str, Any] = yaml.safe_load((ROOT / "playbook.yml").read_text("utf-8"))
TEXT = {"label": "More", "kind": "text"}
ROWS = {"label": "More", "kind": "rows", "item": "thing", "columns": [{"id": "a", **TEXT}]}
NOTES = ("sections", 9)  # Additional Context, which has one field


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The practice with `value` at `path`; a list's end is reached with its length."""
    data = copy.deepcopy(PRACTICE)
    place: Any = data
    for part in path[:-1]:
        place = place[part]
    if isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        (("segments",), [], "segments", "at least 1 item"),
        (("segments", 1, "id"), "smb", "", "`segments` has these ids twice: smb"),
        (("segments", 0, "id"), "S M B", "segments.0.id", "should match pattern"),
        (("segments", 0, "label"), " ", "segments.0.label", "at least 1 character"),
        (("timing_models", 0, "pro"), "x" * 60, "timing_models.0", "characters; 75 fit"),
        (("currencies", 0), "dollar", "currencies.0", "should match pattern"),
        (("seasons",), [], "seasons", "Extra inputs are not permitted"),
        (("sections", 9), {"id": "x", "label": "X", "fields": []}, "sections.9.fields", "at least 1 item"),
        (("sections", 9, "id"), "stakeholders", "", "`sections` has these ids twice: stakeholders"),
        ((*NOTES, "label"), "x" * 76, "sections.9.label", "at most 75 characters"),
        ((*NOTES, "fields", 0, "kind"), "colour", "sections.9.fields.0.kind", "Input should be 'text'"),
        ((*NOTES, "fields", 0, "max_length"), 5000, "sections.9.fields.0.max_length", "less than or equal to 3000"),
        ((*NOTES, "fields", 0, "sensitive"), "perhaps", "sections.9.fields.0.sensitive", "valid boolean"),
        ((*NOTES, "fields", 0, "unless"), "nobody", "sections.9", "names no confirm field of this section"),
        (
            (*NOTES, "fields", 0, "required"),
            ["galactic"],
            "",
            "additional_context.additional_context: `required` names",
        ),
        ((*NOTES, "fields", 1), {"id": "additional_context", **TEXT}, "sections.9", "these ids twice"),
        ((*NOTES, "fields", 1), {"id": "b", **TEXT, "kind": "select"}, "sections.9.fields.1", "needs `options`"),
        ((*NOTES, "fields", 1), {"id": "b", **TEXT, "kind": "confirm"}, "sections.9.fields.1", "needs `text`"),
        ((*NOTES, "fields", 1), {"id": "b", **TEXT, "kind": "rows"}, "sections.9.fields.1", "needs `columns`"),
        ((*NOTES, "fields", 1), {"id": "b", **ROWS, "item": None}, "sections.9.fields.1", "needs `item`"),
        (
            (*NOTES, "fields", 1),
            {"id": "b", **ROWS, "columns": [{"id": "c", **ROWS}]},
            "sections.9.fields.1",
            "hold rows",
        ),
        (
            (*NOTES, "fields", 1),
            {"id": "b", **ROWS, "columns": [{"id": "c", **TEXT}, {"id": "c", **TEXT}]},
            "sections.9.fields.1",
            "`columns` has these ids twice: c",
        ),
        (
            (*NOTES, "fields", 1),
            {"id": "b", **ROWS, "columns": [{"id": "c", **TEXT, "sensitive": True}]},
            "sections.9.fields.1",
            "column c: only `required: all`",
        ),
        (
            (*NOTES, "fields"),
            [{"id": name, **ROWS} for name in ("a", "b", "c")] + [{"id": "d", **TEXT}, {"id": "e", **TEXT}],
            "sections.9",
            "more than one form can show",
        ),
        (("sections", 0, "fields", 4), {"id": "site", **TEXT}, "", "Baton needs the field company_overview.website"),
        (("sections", 0, "fields", 0, "max_length"), 200, "", "company_overview.company_name: `max_length` is at most"),
        (("return_reasons",), [], "return_reasons", "at least 1 item"),
        (("deadlines", 2, "hours"), 0, "deadlines.2.hours", "greater than 0"),
        (("deadlines", 2, "days_before_close"), 3, "deadlines.2", "exactly one of `hours`, `days_before_close`"),
        (("deadlines", 0, "days_before_close"), None, "deadlines.0", "exactly one of `hours`, `days_before_close`"),
        (("deadlines", 0, "until"), None, "deadlines.0", "the fact that ends what `started` starts"),
        (("deadlines", 0, "ladder"), {"heads_up": 1}, "deadlines.0.ladder.heads_up", "less than 1"),
        (("deadlines", 0, "ladder"), {"daily": 21}, "deadlines.0.ladder.daily", "less than or equal to 20"),
        (("deadlines", 0, "ladder"), {"leaders": "ceo"}, "deadlines.0.ladder.leaders", "'owners', 'both' or 'nobody'"),
        (
            ("timing_models", 2, "deadlines", 0, "id"),
            "hire_csm",
            "",
            "timing_models.during_sales: `deadlines` replaces none of these: hire_csm",
        ),
        (("timing_models", 3, "fade", 1, "days"), 7, "timing_models.3", "each phase must end later than the one"),
        (("deadlines", 0, "starts"), "christmas", "deadlines.0.starts", "'contract_signed'"),
        (("deadlines", 0, "owner"), "ceo", "deadlines.0.owner", "'ae', 'csm' or 'cs_leader'"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(path: tuple[str | int, ...], value: Any, where: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Playbook.load(changed(path, value))
    error = refused.value.errors()[0]
    assert ".".join(map(str, error["loc"])) == where
    assert re.search(re.escape(words), error["msg"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("timing_models", 0, "pro"), "x" * (75 - len("Contract signed · +  · − No context transfer time"))),
        ((*NOTES, "fields"), [{"id": name, **ROWS} for name in ("a", "b", "c")] + [{"id": "d", **TEXT}]),
        ((*NOTES, "label"), "x" * 75),
    ],
)
def test_what_just_fits_is_taken(path: tuple[str | int, ...], value: Any) -> None:
    Playbook.load(changed(path, value))


def test_a_playbook_is_found_again_in_its_own_words() -> None:
    assert Playbook.model_validate_json(PLAYBOOK.model_dump_json(exclude_unset=True)) == PLAYBOOK


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("stakeholders.stakeholders", "Stakeholders"),
        ("stakeholders.nobody", None),
        ("nowhere.stakeholders", None),
        ("stakeholders", None),
        ("", None),
    ],
)
def test_a_field_is_found_by_its_path(path: str, found: str | None) -> None:
    field = PLAYBOOK.field(path)
    assert (field.label if field else None) == found


@pytest.mark.parametrize(("path", "first"), [("company_overview.currency", "USD"), ("sign_off.call_completed", "Yes")])
def test_what_a_choice_offers(path: str, first: str) -> None:
    field = PLAYBOOK.field(path)
    assert field
    assert PLAYBOOK.options(field)[0] == first


def test_an_older_practice_is_silent_about_nothing_that_handoffs_have_today() -> None:
    new = [rule for rule in PLAYBOOK.deadlines if rule.starts in (Fact.QUESTION_ASKED, Fact.PROMISED, Fact.COMPLETED)]
    older = PLAYBOOK.model_copy(update={"deadlines": tuple(rule for rule in PLAYBOOK.deadlines if rule not in new)})
    assert older.caught_up(PLAYBOOK).deadlines == (*older.deadlines, *new)
    own = new[0].model_copy(update={"id": "own", "hours": 7})
    other = older.model_copy(update={"deadlines": (own,)})
    assert other.caught_up(PLAYBOOK).deadlines == (own, *new[1:])
    assert PLAYBOOK.caught_up(older).deadlines == PLAYBOOK.deadlines


def test_nobody_is_asked_about_customers_introduced_under_an_older_practice() -> None:
    rules = tuple(rule for rule in PLAYBOOK.deadlines if rule.ends_with is not Fact.CUSTOMER_HEARD)
    older = PLAYBOOK.model_copy(update={"deadlines": rules})
    assert len(rules) == len(PLAYBOOK.deadlines) - 1
    assert older.caught_up(PLAYBOOK).deadlines == rules
