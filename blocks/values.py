"""Answers as people read them, in literal text."""

from datetime import date
from decimal import Decimal

from blocks.kit import clip, day
from bot.documents import rows_of
from bot.handoffs import Handoff
from bot.playbook import Kind, Playbook, PlaybookField
from bot.values import Row, Value


def value_words(field: PlaybookField, value: Value) -> str:
    """A one-value answer: dates and numbers as people write them (persons are drawn as mentions elsewhere)."""
    if not isinstance(value, str) or not value:
        return ""
    match field.kind:
        case Kind.CONFIRM:
            return "Yes"
        case Kind.DATE:
            return day(date.fromisoformat(value))
        case Kind.NUMBER:
            return f"{Decimal(value):,}"
        case _:
            return value


def place(playbook: Playbook, path: str) -> str:
    """Where a section, or a field (`section.field`), stands in the document; "" is the whole."""
    section, field = playbook.section(path.partition(".")[0]), playbook.field(path)
    labels = [part.label for part in (section, field) if part]
    return ": ".join(dict.fromkeys(labels)) or "the whole handoff"


def public_rows(handoff: Handoff, playbook: Playbook, path: str) -> list[Row]:
    """The rows at `section.field`, if everybody in the channel may read them."""
    section, _, name = path.partition(".")
    field = playbook.field(path)
    return rows_of(handoff, section, name) if field and not field.sensitive else []


def row_words(field: PlaybookField, row: Row, limit: int = 400) -> str:
    """A row in brief."""
    cells = (value_words(column, row.get(column.id, "")) for column in field.columns)
    return clip(" · ".join(cell for cell in cells if cell), limit)


def row_facts(field: PlaybookField, row: Row) -> tuple[str, str]:
    """A row in full: its first answer, and the others with their labels."""
    first, *others = field.columns
    said = (f"{column.label}: {value_words(column, row[column.id])}" for column in others if row.get(column.id))
    return value_words(first, row.get(first.id, "")), " · ".join(said)
