"""What a person may type into a field, and what is wrong with it in words."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from bot.customers import web_address
from bot.playbook import Kind, PlaybookField
from bot.refusals import Refusal

Row = dict[str, str]  # one repeated row: column id -> text, with its own "id"
Value = str | list[Row]
Values = dict[str, Value]  # one section: field id -> value; an empty field is absent

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # PostgreSQL and JSON refuse some of these
_NUMBER = re.compile(r"(?:\d{1,3}(?:[,\s]\d{3})+|\d+)(?:\.\d+)?")
_LONGEST_HOST = 253  # of the domain name system


def shortened(text: str, limit: int) -> str:
    """`text` within `limit` UTF-16 units, as Slack counts; what does not fit ends in an ellipsis."""
    units = text.encode("utf-16-le")
    if len(units) // 2 <= limit:
        return text
    return units[: (limit - 1) * 2].decode("utf-16-le", "ignore") + "…"


def read(field: PlaybookField, typed: str) -> str:
    """The clean form of what was typed into `field` ("" when nothing was). Refuses in words, blaming `field.id`."""
    typed = _UNWRITABLE.sub("", "\n".join(typed.splitlines())).strip()
    if not typed:
        return ""
    reader = _READERS.get(field.kind)
    clean = reader(field, typed) if reader else typed
    if len(clean) > field.max_length:
        raise _wrong(field, f"{field.label} has {len(clean):,} characters; the most is {field.max_length:,}.")
    return clean


def _wrong(field: PlaybookField, words: str) -> Refusal:
    return Refusal(words, {field.id: words})


def _number(field: PlaybookField, typed: str) -> str:
    if re.fullmatch(r"[-−].*\d.*", typed):
        raise _wrong(field, f"{field.label} is a number from 0 up.")
    if not _NUMBER.fullmatch(typed):
        raise _wrong(field, f"{field.label} is a number, such as 84000.")
    number = Decimal(re.sub(r"[,\s]", "", typed))
    if number >= Decimal("1e15"):
        raise _wrong(field, f"{field.label} is a number below a quadrillion.")
    if not field.decimals and number != number.to_integral_value():
        raise _wrong(field, f"{field.label} is a whole number.")
    return f"{number.normalize():f}"


def _email(field: PlaybookField, typed: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  the start need not wait for it

    try:
        # Companies' inner and reserved domains are fine: nothing is sent, so nothing is looked up.
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", typed):
            return typed
        raise _wrong(field, f"{field.label} is an email address, such as ana@customer.com.") from None


def _url(field: PlaybookField, typed: str) -> str:
    address = web_address(typed)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    is_host = re.fullmatch(r"[\w-]+(\.[\w-]+)+\.?", host) and len(host) <= _LONGEST_HOST
    if parts.scheme not in ("http", "https") or not is_host or re.search(r"\s", typed):
        raise _wrong(field, f"{field.label} is a web address, such as https://customer.com.")
    return address


def _date(field: PlaybookField, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise _wrong(field, f"{field.label} is a date, such as 2026-12-01.") from None


def _text(_field: PlaybookField, typed: str) -> str:
    return re.sub(r"\s*\n\s*", " ", typed)


def _lines(_field: PlaybookField, typed: str) -> str:
    return "\n".join(line.strip() for line in typed.splitlines() if line.strip())


_READERS = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.DATE: _date,
    Kind.LINES: _lines,
}
