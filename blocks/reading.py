"""The document whole, for reading: pages of literal text that each fit a modal."""

from collections.abc import Iterable

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, Element
from blocks.questions import about_select, answer_buttons, thread
from blocks.values import row_facts, value_words
from bot.documents import readers, rows_of
from bot.handoffs import Handoff, Stage
from bot.playbook import Kind, Playbook, PlaybookField, Section
from bot.questions import about, answers
from bot.records import Question

_PAGE_BYTES = 60_000  # a view holds 250 kB of JSON, and a hostile character may take six bytes of it
_PAGE_BLOCKS = 80
_PIECE = kit.MAX_TEXT // 2
_SHORT = 90


def reading(handoff: Handoff, playbook: Playbook, *, sensitive: bool, reader: str, marks: bool) -> list[list[Block]]:
    """Every section, as pages. `marks`: with the reader's Mark read buttons."""
    pages: list[list[Block]] = [[]]
    weight = 0
    sections = (_section(handoff, one, sensitive=sensitive, reader=reader, marks=marks) for one in playbook.sections)
    for section in (*sections, _of_the_whole(handoff, reader)):
        for block in section:
            weight += len(str(block).encode())
            if pages[-1] and (weight > _PAGE_BYTES or len(pages[-1]) >= _PAGE_BLOCKS):
                pages.append([])
                weight = len(str(block).encode())
            pages[-1].append(block)
    return pages


def read_proof(handoff: Handoff, playbook: Playbook) -> str:
    """Who has read how much of the document since it last changed; "" before there is anything to read."""
    written = [section for section in playbook.sections if handoff.content(section.id).values]
    if not handoff.submissions or not written:
        return ""
    marks = {section.id: readers(section.id, handoff) for section in written}
    people = dict.fromkeys(one for known in marks.values() for group in known for one in group)
    lines = [_read_by(person, marks, playbook) for person in people]
    if handoff.csm and handoff.csm not in people:
        lines.append(f":eyes: {kit.person(handoff.csm)} has not marked anything read yet.")
    return "\n".join(lines)


def _read_by(person: str, marks: dict[str, tuple[list[str], list[str]]], playbook: Playbook) -> str:
    count = sum(person in current for current, _ in marks.values())
    changed = [name for name, (_, stale) in marks.items() if person in stale]
    labels = ", ".join(section.label for section in playbook.sections if section.id in changed)
    since = f" Changed since then: {kit.escape(labels)}." if changed else ""
    return f":eyes: {kit.person(person)} has read {count} of {len(marks)} sections as they stand.{since}"


def _section(handoff: Handoff, section: Section, *, sensitive: bool, reader: str, marks: bool) -> Iterable[Block]:
    yield kit.header(section.label)
    values = handoff.content(section.id).values
    asked = {field.id: about(handoff, f"{section.id}.{field.id}") for field in section.fields}
    shown = [field for field in section.fields if sensitive or not field.sensitive]
    fields = [field for field in shown if values.get(field.id) or asked[field.id]]
    if not fields:
        yield kit.context("_Nothing here yet._")
    short: list[list[Element]] = []
    for field in fields:
        line = _short(handoff, section, field)
        short += [line] if line else []
        if line and not asked[field.id]:
            continue
        yield from [kit.rich(*short)] if short else []
        short = []
        if not line:
            yield from _rows(handoff, section, field) if field.kind is Kind.ROWS else _long(handoff, section, field)
        yield from _threads(handoff, asked[field.id], reader)
    yield from [kit.rich(*short)] if short else []
    yield from _threads(handoff, about(handoff, section.id), reader)
    yield from _foot(handoff, section, reader, marks=marks and bool(values), sensitive=sensitive)


def _of_the_whole(handoff: Handoff, reader: str) -> Iterable[Block]:
    if asked := about(handoff, ""):
        yield kit.header("Questions about the whole handoff")
        yield from _threads(handoff, asked, reader)


def _threads(handoff: Handoff, asked: Iterable[Question], reader: str) -> Iterable[Block]:
    for question in asked:
        yield from thread(question)
        if question.is_open and answers(question, handoff) == reader and handoff.stage is not Stage.CANCELLED:
            yield kit.actions(*answer_buttons(question, handoff))
        elif question.is_open:
            yield kit.context(
                f":speech_balloon: Not answered yet. It is with {kit.person(answers(question, handoff))}."
            )


def _short(handoff: Handoff, section: Section, field: PlaybookField) -> list[Element] | None:
    """Label and answer in one line, when they fit one."""
    text = handoff.text(section.id, field.id)
    if field.kind is Kind.PERSON and text:
        return [kit.strong(f"{field.label}: "), kit.mention(text)]
    words = value_words(field, text)
    if field.kind is Kind.ROWS or len(words) > _SHORT or "\n" in words:
        return None
    return [kit.strong(f"{field.label}: "), kit.said(words or "—")]


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


def _foot(handoff: Handoff, section: Section, reader: str, *, marks: bool, sensitive: bool) -> Iterable[Block]:
    """Who has read it, and what the reader may press."""
    current, changed = readers(section.id, handoff)
    if marks and reader in current:
        yield kit.context(":white_check_mark: You have read this as it stands.")
    if changed:
        yield kit.context(f":pencil2: Changed since {', '.join(map(kit.person, changed))} read it.")
    if handoff.stage is Stage.CANCELLED:
        return
    ref = Ref(handoff=handoff.id, section=section.id, revision=handoff.content(section.id).revision).pack()
    mark = kit.button("Mark read", Id.SECTION_READ, ref, label=f"Mark {section.label} read")
    ask = about_select(handoff, section, sensitive=sensitive)
    yield kit.actions(mark, ask) if marks and reader not in current else kit.actions(ask)
