"""What is typed and chosen in a form: plain values to Slack's state.values and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.records import Json

# element type -> (the name of its value in state.values, the name of its initial value)
VALUE_NAMES = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
LISTS = frozenset(kind for kind, (name, _) in VALUE_NAMES.items() if name.endswith("s"))
Typed = Mapping[str, Mapping[str, Any]]


def interactive(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that a person can use, with the block it is in."""
    for block in blocks:
        inside = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        if block["type"] == "card":
            inside += block.get("actions", [])
        if block["type"] not in ("rich_text", "context"):
            for element in inside:
                if isinstance(element, dict) and "action_id" in element:
                    yield block, element
        yield from interactive(block.get("child_blocks", []) if block["type"] == "container" else [])


def options(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return (element.get("options") or []) + grouped


def current(block: Json, element: Json, typed: Typed) -> Any:
    """The element's value now in Slack's form: options are objects, all others plain."""
    held = typed.get(block["block_id"], {})
    if element["action_id"] in held:
        return held[element["action_id"]]
    return element.get(VALUE_NAMES[element["type"]][1])


def state_values(blocks: Sequence[Json], typed: Typed) -> Json:
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in VALUE_NAMES:
            values.setdefault(block["block_id"], {})[element["action_id"]] = value_object(block, element, typed)
    return values


def value_object(block: Json, element: Json, typed: Typed) -> Json:
    value = current(block, element, typed)
    if element["type"] in LISTS:
        value = value or []
    return {"type": element["type"], VALUE_NAMES[element["type"]][0]: value}


def from_plain(element: Json, value: Any, offered: Mapping[str, Json]) -> Any:
    """A plain value (an option's value, a file's id...) in Slack's form; LookupError for what is not there."""
    if value is None or value in ("", []):
        return None
    kind = element["type"]
    if kind == "rich_text_input":
        return value if isinstance(value, dict) else rich_text(str(value))
    if VALUE_NAMES[kind][0] in ("selected_option", "selected_options", "files"):
        known = {option["value"]: option for option in options(element)} | dict(offered)
        for option in _initial(element):
            known.setdefault(option["value"], option)
        if kind in LISTS:
            return [known[each] for each in value]
        return known[value]
    return value


def _initial(element: Json) -> list[Json]:
    return [*element.get("initial_options", []), *([element["initial_option"]] if "initial_option" in element else [])]


def to_plain(element: Json, value: Any) -> Any:
    """The reverse: what the page keeps for an element."""
    if isinstance(value, dict):
        return value["value"] if "value" in value else plain_rich_text(value)
    if isinstance(value, list):
        return [each.get("value", each.get("id")) if isinstance(each, dict) else each for each in value]
    return value


def rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def plain_rich_text(value: Json) -> str:
    if "text" in value and isinstance(value["text"], str):
        return value["text"]
    return "".join(plain_rich_text(element) for element in value.get("elements", []))
