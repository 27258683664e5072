"""What Slack's client checks in a form before the app is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from sandbox.records import Json
from sandbox.state_values import Typed, current, interactive


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
    check = CHECKS.get(element["type"])
    if check is not None:
        return check(element, value)
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


def _email_error(_element: Json, value: Any) -> str | None:
    valid = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value))
    return None if valid else "Please enter a valid email address."


def _url_error(_element: Json, value: Any) -> str | None:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return "Please enter a valid URL."
    valid = parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", str(value))
    return None if valid else "Please enter a valid URL."


def _date_error(_element: Json, value: Any) -> str | None:
    try:
        valid = re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) and date.fromisoformat(str(value))
    except ValueError:
        valid = None
    return None if valid else "Please enter a valid date."


def _time_error(_element: Json, value: Any) -> str | None:
    return None if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)) else "Please enter a valid time."


def _moment_error(_element: Json, value: Any) -> str | None:
    valid = isinstance(value, int) and 10**9 <= value < 10**10
    return None if valid else "Please enter a valid date and time."


def _files_error(element: Json, value: Sequence[Json]) -> str | None:
    most = element.get("max_files", 10)
    return f"Please select no more than {most} {'file' if most == 1 else 'files'}." if len(value) > most else None


CHECKS: dict[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _length_error,
    "number_input": _number_error,
    "email_text_input": _email_error,
    "url_text_input": _url_error,
    "datepicker": _date_error,
    "timepicker": _time_error,
    "datetimepicker": _moment_error,
    "file_input": _files_error,
}
