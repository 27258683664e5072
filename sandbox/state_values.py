"""What is typed and chosen in a form: from plain values to Slack's state.values, and Slack's own checks before a submit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

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
    """A plain value (an option's value, a string...) in Slack's form; LookupError for an option that is not there."""
    if value is None or value in ("", []):
        return None
    kind = element["type"]
    if kind == "rich_text_input":
        return value if isinstance(value, dict) else rich_text(str(value))
    if VALUE_NAMES[kind][0] in ("selected_option", "selected_options"):
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
        return [each["value"] if isinstance(each, dict) else each for each in value]
    return value


def rich_text(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def plain_rich_text(value: Json) -> str:
    if "text" in value and isinstance(value["text"], str):
        return value["text"]
    return "".join(plain_rich_text(element) for element in value.get("elements", []))


# --- the checks of Slack's client


def form_errors(blocks: Sequence[Json], typed: Typed) -> dict[str, str]:
    """Per block_id what keeps the form open, before the app is asked."""
    errors = {}
    for block, element in interactive(blocks):
        if block["type"] == "input" and (words := _error(block, element, current(block, element, typed))):
            errors[block["block_id"]] = words
    return errors


def _error(block: Json, element: Json, value: Any) -> str | None:
    if value is None or value in ("", []):
        return None if block.get("optional") else "Please complete this required field."
    kind = element["type"]
    if kind == "number_input":
        return _number_error(element, str(value))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not _is_url(str(value)):
        return "Please enter a valid URL."
    if kind == "datepicker" and not _is_date(str(value)):
        return "Please enter a valid date."
    if kind == "timepicker" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
        return "Please enter a valid time."
    if kind == "datetimepicker" and not (isinstance(value, int) and 10**9 <= value < 10**10):
        return "Please enter a valid date and time."
    if kind == "plain_text_input":
        return _length_error(element, str(value))
    most = element.get("max_selected_items")
    if most is not None and len(value) > most:
        return f"Please select no more than {most} items."
    return None


def _length_error(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number_error(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite():
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", value)
