"""What a person may type into a field, and what is wrong with it in words."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from bot.playbook import Kind, PlaybookField
from bot.refusals import Refusal

Row = dict[str, str]  # one repeated row: column id -> text, with its own "id"
Value = str | list[Row]
Values = dict[str, Value]  # one section: field id -> value; an empty field is absent


def read(field: PlaybookField, typed: str) -> str:
    """The clean form of what was typed into `field` ("" when nothing was). Refuses in words, blaming `field.id`."""
    typed = typed.strip()
    if not typed:
        return ""
    if len(typed) > field.max_length:
        raise _wrong(field, f"{field.label} has {len(typed):,} characters; the most is {field.max_length:,}.")
    reader = _READERS.get(field.kind)
    return reader(field, typed) if reader else typed


def _wrong(field: PlaybookField, words: str) -> Refusal:
    return Refusal(words, {field.id: words})


def _number(field: PlaybookField, typed: str) -> str:
    try:
        number = Decimal(typed.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise _wrong(field, f"{field.label} is a number, such as 84000.") from None
    if not number.is_finite() or number < 0 or number >= Decimal("1e15"):
        raise _wrong(field, f"{field.label} is a number from 0 up.")
    if not field.decimals and number != number.to_integral_value():
        raise _wrong(field, f"{field.label} is a whole number.")
    return f"{number.normalize():f}"


def _email(field: PlaybookField, typed: str) -> str:
    try:
        # Companies' inner and reserved domains are fine: nothing is sent, so nothing is looked up.
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", typed):
            return typed
        raise _wrong(field, f"{field.label} is an email address, such as ana@customer.com.") from None


def _url(field: PlaybookField, typed: str) -> str:
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) or re.search(r"\s", typed):
        raise _wrong(field, f"{field.label} is a web address, such as https://customer.com.")
    return address


def _date(field: PlaybookField, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise _wrong(field, f"{field.label} is a date, such as 2026-12-01.") from None


def _lines(_field: PlaybookField, typed: str) -> str:
    return "\n".join(line.strip() for line in typed.splitlines() if line.strip())


_READERS = {
    Kind.NUMBER: _number,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.DATE: _date,
    Kind.LINES: _lines,
}
