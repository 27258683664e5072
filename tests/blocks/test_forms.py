"""Forms: each kind of field has the input that fits it, and a form sent as it was drawn changes nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from blocks.documents import row_view, section_view
from blocks.forms import element_of
from blocks.ids import Ref
from bot.documents import merge, rows_of, save_row, save_section
from bot.playbook import Kind
from sandbox.state_values import state_values
from tests.blocks.gallery import subjects
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, answer

INPUTS = {
    Kind.TEXT: "plain_text_input",
    Kind.LONG_TEXT: "plain_text_input",
    Kind.LINES: "plain_text_input",
    Kind.NUMBER: "number_input",
    Kind.EMAIL: "email_text_input",
    Kind.URL: "url_text_input",
    Kind.DATE: "datepicker",
    Kind.PERSON: "users_select",
    Kind.SELECT: "static_select",
    Kind.CONFIRM: "checkboxes",
}
WRITTEN = [name for name in subjects() if "hostile" not in name and name != "too long"]


@pytest.mark.parametrize(("kind", "element"), INPUTS.items())
def test_each_kind_of_field_has_its_input(kind: Kind, element: str) -> None:
    field = next(column for _, field in PLAYBOOK.fields() for column in (field, *field.columns) if column.kind is kind)
    drawn = element_of(PLAYBOOK, field, str(answer(field)))
    assert drawn["type"] == element
    assert drawn.get("multiline", False) is (kind in (Kind.LONG_TEXT, Kind.LINES))
    assert [name for name in drawn if name.startswith("initial_")]  # prefilled


def test_every_kind_but_rows_has_an_input() -> None:
    assert INPUTS.keys() == {*Kind} - {Kind.ROWS}


def sent(view: Mapping[str, Any]) -> dict[str, str]:
    """What Slack sends when somebody submits the form as it was drawn."""
    answers = {}
    for block_id, inputs in state_values(view["blocks"], {}).items():
        state = inputs["answer"]
        value = next(state[name] for name in state if name != "type")
        if isinstance(value, list):
            value = ",".join(one["value"] for one in value)
        answers[block_id.partition("~")[0]] = value["value"] if isinstance(value, dict) else value or ""
    return answers


@pytest.mark.parametrize("name", WRITTEN)
def test_a_section_sent_as_it_was_drawn_changes_nothing(name: str) -> None:
    handoff = subjects()[name]
    for section in PLAYBOOK.sections:
        for sensitive in (True, False):
            form = section_view(handoff, PLAYBOOK, section, Ref(handoff=1), sensitive=sensitive)
            assert save_section(section, handoff, sent(form), by=AE, now=NOW) is None


@pytest.mark.parametrize("name", WRITTEN)
def test_a_row_sent_as_it_was_drawn_changes_nothing(name: str) -> None:
    handoff = subjects()[name]
    for section, field in PLAYBOOK.fields():
        for row in rows_of(handoff, section.id, field.id):
            typed = sent(row_view(PLAYBOOK, field, Ref(handoff=1, row=row["id"]), row))
            assert save_row(section, field.id, handoff, row["id"], typed, by=AE, now=NOW) is None


def test_after_somebody_else_saved_the_form_shows_theirs_and_keeps_mine() -> None:
    section = PLAYBOOK.section("relationship_history")
    assert section
    drawn = subjects()["brightwater, in_review"]
    mine = sent(section_view(drawn, PLAYBOOK, section, Ref(handoff=1), sensitive=True)) | {"cycle_length": "28 weeks"}
    theirs = save_section(section, drawn, {"champion": "Priya Raman"}, by=CSM, now=NOW)
    assert theirs
    now = after(drawn, theirs)
    again = section_view(now, PLAYBOOK, section, Ref(handoff=1), sensitive=True, merged=merge(mine, now, [theirs]))
    blocks = {block.get("block_id", "").partition("~")[0]: block.get("block_id") for block in again["blocks"]}
    assert blocks["champion"] != "champion"  # Slack would keep what the old input held
    assert blocks["cycle_length"] == "cycle_length"
    assert sent(again) == mine | {"champion": "Priya Raman"}
    assert "Priya Raman" in str(again["blocks"][1])
