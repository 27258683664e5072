"""Block Kit's limits as a table: what just fits, and what is refused where."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.blockkit import is_too_large, problems, view_problems


def words(text: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": text}


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": words(text, "mrkdwn"), **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "a", "text": words("Go"), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "Red", value: str = "red") -> dict[str, Any]:
    return {"text": words(text), "value": value}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": words("L"), "element": element, **more}


def chart(points: int, categories: int = 2) -> dict[str, Any]:
    data = [{"label": str(number), "value": number} for number in range(points)]
    axis = {"categories": [str(number) for number in range(categories)]}
    series = [{"name": "one", "data": data}]
    return {"type": "data_visualization", "title": "T", "chart": {"type": "bar", "series": series, "axis_config": axis}}


def repeated() -> dict[str, Any]:
    """A chart with two categories of one name, and a point for each."""
    twice = chart(2)
    twice["chart"]["axis_config"]["categories"] = ["0", "0"]
    for point in twice["chart"]["series"][0]["data"]:
        point["label"] = "0"
    return twice


TEXT = {"type": "plain_text_input", "action_id": "t"}
RAW = {"type": "raw_text", "text": "x"}
EMPTY = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}

FITS: list[tuple[str, list[dict[str, Any]]]] = [
    ("message", [section("x" * 3000)] * 50),
    ("modal", [section()] * 100),
    ("home", [section()] * 100),
    ("message", [actions(*(button(action_id=str(n)) for n in range(25)))]),
    ("modal", [field({**TEXT, "max_length": 3000, "initial_value": "x" * 3000}, optional=True)]),
    ("modal", [field({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "0"})]),
    ("message", [section(accessory={"type": "image", "image_url": "https://x.example/a.png", "alt_text": "a"})]),
    ("message", [chart(2), chart(2)]),
    ("message", [{"type": "markdown", "text": "x" * 12_000}]),
    (
        "message",
        [{"type": "data_table", "caption": "c", "rows": [[RAW, RAW], [RAW, {"type": "raw_number", "value": 1}]]}],
    ),
    ("message", [{"type": "table", "rows": [[RAW]], "column_settings": [None, {"align": "right"}]}]),
    ("modal", [{"type": "alert", "text": words("Careful", "mrkdwn"), "level": "warning"}]),
    ("home", [actions(select(initial_option=option()))]),
    ("message", [{"type": "card", "title": words("T"), "actions": [button()]}]),
    ("message", [{"type": "container", "title": words("T"), "child_blocks": [section()]}]),
]

REFUSED: list[tuple[str, list[Any], str]] = [
    ("message", [section()] * 51, "no more than 50 items"),
    ("message", [], "at least one item"),
    ("message", [None], "must be a valid block"),
    ("message", [{"type": "sektion"}], "unsupported type: sektion"),
    ("message", [section("x" * 3001)], "less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("message", [section("")], "more than 0 characters"),
    ("message", [section(colour="red")], "invalid additional property: colour"),
    ("message", [{"type": "section"}], "at least one of: text, fields"),
    ("message", [section(block_id="b"), section(block_id="b")], "block_id already exists: b"),
    ("message", [actions(button(), button())], "action_id `a` already exists"),
    ("message", [actions(*(button(action_id=str(n)) for n in range(26)))], "no more than 25 items"),
    ("message", [actions(button(text=words("x" * 76)))], "less than 76 characters"),
    ("message", [actions(button(text=words("x", "mrkdwn")))], "must be a valid enum value: plain_text"),
    ("message", [actions(button(value="x" * 2001))], "less than 2001 characters"),
    ("message", [actions(button(style="blue"))], "valid enum value: primary, danger"),
    ("message", [actions(button(confirm={"title": words("t")}))], "missing required field: confirm"),
    ("message", [{"type": "header", "text": words("x" * 151)}], "less than 151"),
    ("message", [{"type": "context", "elements": [words("x")] * 11}], "no more than 10 items"),
    ("message", [section(accessory={"type": "datetimepicker", "action_id": "d"})], "not a section's accessory"),
    ("message", [field({"type": "email_text_input", "action_id": "e"})], "email_text_input is not available"),
    ("home", [field({"type": "datetimepicker", "action_id": "d"})], "datetimepicker is not available in a home"),
    ("message", [actions(select(initial_option=option("Blue", "blue")))], "must exactly match one of the options"),
    ("message", [actions(select(options=[option("x", "x" * 151)]))], "less than 151"),
    ("message", [actions(select(options=[option(value=str(n)) for n in range(101)]))], "no more than 100 items"),
    ("message", [actions(select(option_groups=[]))], "exactly one of: options, option_groups"),
    ("message", [actions({"type": "overflow", "action_id": "o", "options": [option(value=str(n)) for n in range(6)]})],
     "no more than 5 items"),
    ("modal", [field({"type": "number_input", "action_id": "n"})], "missing required field: is_decimal_allowed"),
    ("modal", [field({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": 1})],
     "must be a string"),
    ("modal", [field({**TEXT, "max_length": 2, "initial_value": "long"})], "longer than max_length"),
    ("modal", [field({**TEXT, "focus_on_load": True}), field({**TEXT, "focus_on_load": True})], "only one element"),
    ("modal", [{"type": "markdown", "text": "x"}], "markdown is not available in a modal"),
    ("message", [{"type": "alert", "text": words("x")}], "alert is not available in a message"),
    ("message", [{"type": "markdown", "text": "x" * 7000}] * 2, "in total"),
    ("message", [{"type": "table", "rows": [[RAW]]}] * 2, "only one table"),
    ("message", [{"type": "data_table", "caption": "c", "rows": [[RAW, RAW], [RAW]]}], "same number of cells"),
    ("message", [chart(1)], "exactly one point per category"),
    ("message", [chart(2) | {"title": "x" * 51}], "less than 51"),
    ("message", [repeated()], "categories must be unique"),
    ("modal", [chart(2)], "data_visualization is not available in a modal"),
    ("message", [{"type": "table", "rows": [[RAW, {"type": "raw_text", "text": ""}]]}], "more than 0 characters"),
    ("message", [{"type": "table", "rows": [[EMPTY]]}], "at least one item"),
    ("message", [{"type": "table", "rows": [[RAW]] * 101}], "no more than 100 items"),
    ("message", [{"type": "table", "rows": [[RAW] * 21]}], "no more than 20 items"),
    ("message", [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 2501}] * 4]}], "less than 10001"),
    ("message", [chart(2)] * 3, "no more than 2 data_visualization"),
    ("message", [{"type": "card", "title": words("x" * 151)}], "less than 151"),
    ("message", [{"type": "divider", "block_id": "x" * 256}], "less than 256"),
]  # fmt: skip


@pytest.mark.parametrize(("surface", "blocks"), FITS)
def test_what_fits(surface: str, blocks: list[dict[str, Any]]) -> None:
    assert problems(blocks, surface) == []


@pytest.mark.parametrize(("surface", "blocks", "expected"), REFUSED)
def test_what_is_refused(surface: str, blocks: list[Any], expected: str) -> None:
    assert expected in "; ".join(problems(blocks, surface))


def test_a_workspace_without_a_kind_of_block() -> None:
    assert problems([section(), chart(2)], "message", {"data_visualization"}) == [
        "unsupported type: data_visualization [json-pointer:/blocks/1/type]"
    ]
    assert problems([section()], "message", {"data_visualization"}) == []


VIEW = {"type": "modal", "title": words("T"), "blocks": [section()]}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"title": words("x" * 25)}, "less than 25"),
        ({"submit": words("x" * 25)}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"blocks": [field(TEXT)]}, "needs submit"),
        ({"blocks": [field(TEXT)], "submit": words("Save")}, ""),
        ({"blocks": None}, "must be an array"),
        ({"state": {}}, "invalid additional property: state"),
        ({"type": "home"}, "invalid additional property: title"),
    ],
)
def test_views(change: dict[str, Any], expected: str) -> None:
    found = "; ".join(view_problems(VIEW | change))
    assert expected in found if expected else found == ""


def test_the_largest_view() -> None:
    assert not is_too_large(VIEW)
    assert is_too_large(VIEW | {"blocks": [section("x" * 3000)] * 90})
