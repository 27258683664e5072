"""Inputs made from the playbook: the right element for each kind of field."""

from collections.abc import Iterable, Mapping

from blocks import kit
from blocks.kit import Block, Element
from bot.playbook import Kind, Playbook, PlaybookField
from bot.timing import Choice
from bot.values import Value


def choices(entries: Iterable[Choice]) -> list[Element]:
    """A closed list as options."""
    return [kit.option(entry.label, entry.id) for entry in entries]


def inputs(
    playbook: Playbook,
    fields: Iterable[PlaybookField],
    values: Mapping[str, Value],
    *,
    segment: str = "",
    redrawn: Mapping[str, str] | None = None,
) -> list[Block]:
    """One input for each one-value field. `redrawn` maps the fields whose value must replace what the form shows to a
    suffix of their block id: Slack keeps what was typed wherever the block id stays the same."""
    blocks = []
    for field in fields:
        if field.kind is Kind.ROWS:
            continue
        block_id = field.id + (redrawn or {}).get(field.id, "")
        needed = "Needed before review. " if segment and field.is_required(segment) else ""
        value = values.get(field.id, "")
        element = element_of(playbook, field, value if isinstance(value, str) else "")
        blocks.append(kit.field_input(block_id, field.label, element, hint=needed + (field.hint or "") or None))
    return blocks


def element_of(playbook: Playbook, field: PlaybookField, value: str) -> Element:
    """The element that asks for `field`, filled with `value`."""
    match field.kind:
        case Kind.SELECT:
            return kit.select([kit.option(one, one) for one in playbook.options(field)], value)
        case Kind.CONFIRM:
            return kit.checkboxes([kit.option(field.text or field.label, "yes")], ["yes"] if value else [])
        case Kind.DATE:
            return kit.date_input(value)
        case Kind.PERSON:
            return kit.person_select(value or None)
        case Kind.NUMBER:
            return kit.number_input(value, decimals=field.decimals)
        case Kind.EMAIL | Kind.URL:
            return kit.typed_input(f"{field.kind}_text_input", value)
        case _:
            lines = field.kind is not Kind.TEXT
            return kit.text_input(value, multiline=lines, max_length=field.max_length)
