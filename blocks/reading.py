"""The document whole, for reading: pages of literal text that each fit a modal."""

from collections.abc import Iterable

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, Element
from blocks.values import row_facts, value_words
from bot.documents import has_read, rows_of
from bot.handoffs import Handoff
from bot.playbook import Kind, Playbook, PlaybookField, Section

_PAGE_BYTES = 60_000  # a view holds 250 kB of JSON, and a hostile character may take six bytes of it
_PAGE_BLOCKS = 80
_PIECE = kit.MAX_TEXT // 2
_SHORT = 90


def reading(handoff: Handoff, playbook: Playbook, *, sensitive: bool, reader: str, marks: bool) -> list[list[Block]]:
    """Every section, as pages. `marks`: with the reader's Mark read buttons."""
    pages: list[list[Block]] = [[]]
    weight = 0
    for section in playbook.sections:
        for block in _section(handoff, section, sensitive=sensitive, reader=reader, marks=marks):
            weight += len(str(block).encode())
            if pages[-1] and (weight > _PAGE_BYTES or len(pages[-1]) >= _PAGE_BLOCKS):
                pages.append([])
                weight = len(str(block).encode())
            pages[-1].append(block)
    return pages


def _section(handoff: Handoff, section: Section, *, sensitive: bool, reader: str, marks: bool) -> Iterable[Block]:
    yield kit.header(section.label)
    values = handoff.content(section.id).values
    fields = [field for field in section.fields if values.get(field.id) and (sensitive or not field.sensitive)]
    if not fields:
        yield kit.context("_Nothing here yet._")
    short: list[list[Element]] = []
    for field in fields:
        if line := _short(handoff, section, field):
            short.append(line)
            continue
        yield from [kit.rich(*short)] if short else []
        short = []
        yield from _rows(handoff, section, field) if field.kind is Kind.ROWS else _long(handoff, section, field)
    yield from [kit.rich(*short)] if short else []
    if marks and fields:
        yield _mark(handoff, section, reader)


def _short(handoff: Handoff, section: Section, field: PlaybookField) -> list[Element] | None:
    """Label and answer in one line, when they fit one."""
    text = handoff.text(section.id, field.id)
    if field.kind is Kind.PERSON:
        return [kit.strong(f"{field.label}: "), kit.mention(text)]
    words = value_words(field, text)
    if field.kind is Kind.ROWS or len(words) > _SHORT or "\n" in words:
        return None
    return [kit.strong(f"{field.label}: "), kit.said(words)]


def _long(handoff: Handoff, section: Section, field: PlaybookField) -> Iterable[Block]:
    return _pieces([kit.strong(f"{field.label}\n")], value_words(field, handoff.text(section.id, field.id)))


def _rows(handoff: Handoff, section: Section, field: PlaybookField) -> Iterable[Block]:
    if field.label != section.label:
        yield kit.rich([kit.strong(field.label)])
    for row in rows_of(handoff, section.id, field.id):
        first, others = row_facts(field, row)
        if len(first) + len(others) < _PIECE:
            rest = [kit.said(f"\n{others}")] if others else []
            yield kit.rich([kit.said("• "), kit.strong(first or "—"), *rest])
        else:
            yield from _pieces([kit.said("• ")], first)
            yield from _pieces([], others) if others else ()


def _pieces(lead: list[Element], text: str) -> Iterable[Block]:
    for start in range(0, max(len(text), 1), _PIECE):
        yield kit.rich([*(() if start else lead), kit.said(text[start : start + _PIECE] or "—")])


def _mark(handoff: Handoff, section: Section, reader: str) -> Block:
    if has_read(section.id, handoff, reader):
        return kit.context(":white_check_mark: You have read this as it stands.")
    ref = Ref(handoff=handoff.id, section=section.id).pack()
    return kit.actions(kit.button("Mark read", Id.SECTION_READ, ref, label=f"Mark {section.label} read"))
