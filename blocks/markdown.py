"""The document as Markdown: for the channel's canvas and for the export."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from blocks.cards import money, stage_words
from blocks.kit import clip, day
from blocks.values import value_words
from bot.documents import rows_of
from bot.handoffs import Handoff
from bot.playbook import Kind, Playbook, PlaybookField, Section, label_of
from bot.questions import about
from bot.records import Question
from bot.values import Row

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&])|(?m:^(\s*)([#+\-=:]|\d+[.)]))")
_MAX_TABLE_CELLS = 300  # Slack's limit for a table on a canvas
_MAX_CANVAS = 1_048_576
_CUT = "\n\n**Not all of it fits on a canvas:** `/handoff view` and `/handoff export` have the whole document.\n"
_URL_SAFE = "%/:?#@!$&+,;=~-._*"
Name = Callable[[str], str]


def document(handoff: Handoff, playbook: Playbook, *, sensitive: bool, name: Name) -> str:
    """The whole document. `name` turns a Slack user id into what the reader should see."""
    return "\n".join(_lines(handoff, playbook, sensitive, name)) + "\n"


def canvas(handoff: Handoff, playbook: Playbook) -> str:
    """As much of the document as a canvas takes, without the sensitive fields."""
    text = document(handoff, playbook, sensitive=False, name=lambda user: f"![](@{user})")
    kept = clip(text, _MAX_CANVAS)
    return text if kept == text else clip(text, _MAX_CANVAS - len(_CUT)).rpartition("\n")[0] + _CUT


def literal(typed: str) -> str:
    """What a person typed, so that Markdown shows it and does nothing else with it."""
    return _SPECIAL.sub(_escaped, typed)


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return f"\\{found[1]}"
    return f"{found[2]}{found[3][:-1]}\\{found[3][-1]}"  # what would begin a heading or a list


def _lines(handoff: Handoff, playbook: Playbook, sensitive: bool, name: Name) -> Iterator[str]:
    yield f"# Customer Handoff Document: {literal(handoff.customer)}"
    yield ""
    yield f"**Stage:** {stage_words(handoff)} · **Contract value:** {literal(money(handoff))}"
    yield f"**AE:** {name(handoff.ae)} · **CSM:** {name(handoff.csm) if handoff.csm else 'nobody yet'}"
    timing = f"**Timing model:** {label_of(playbook.timing_models, handoff.timing_model)}"
    yield timing + (f" · **Contract signed:** {day(handoff.signed_at)}" if handoff.signed_at else "")
    for section in playbook.sections:
        yield ""
        yield f"## {section.label}"
        yield ""
        fields = [field for field in section.fields if sensitive or not field.sensitive]
        said = [line for field in fields for line in _field(handoff, section, field, name)]
        said += _threads(about(handoff, section.id), name)
        yield from said or ["*Nothing here yet.*"]
    if asked := about(handoff, ""):
        yield from ("", "## Questions about the whole handoff", "", *_threads(asked, name))


def _field(handoff: Handoff, section: Section, field: PlaybookField, name: Name) -> Iterator[str]:
    asked = about(handoff, f"{section.id}.{field.id}")
    answered = list(_answer(handoff, section, field, name))
    if asked and not answered:
        answered = [f"- **{field.label}:** —"]
    yield from answered
    yield from _threads(asked, name)


def _threads(asked: Iterable[Question], name: Name) -> Iterator[str]:
    """Each thread, below what it is about."""
    for question in asked:
        for said in question.thread:
            what = "Answer" if said.is_answer else "Question"
            yield f"- *{what}* ({name(said.by)}, {day(said.at)}): {_one_line(said.words)}"
        if question.is_open:
            yield "- *Not answered yet.*"


def _one_line(typed: str) -> str:
    return re.sub(r"\s*\n\s*", " / ", literal(typed))


def _answer(handoff: Handoff, section: Section, field: PlaybookField, name: Name) -> Iterator[str]:
    if field.kind is Kind.ROWS:
        yield from _rows(handoff, section, field)
        return
    text = handoff.text(section.id, field.id)
    if not text:
        return
    if field.kind is Kind.PERSON:
        yield f"- **{field.label}:** {name(text)}"
    elif field.kind is Kind.URL:
        yield f"- **{field.label}:** [{literal(text)}]({quote(text, safe=_URL_SAFE)})"
    elif field.kind is Kind.LINES:
        yield f"- **{field.label}:** {'; '.join(literal(line) for line in text.splitlines())}"
    else:
        yield f"- **{field.label}:** {_one_line(value_words(field, text))}"


def _rows(handoff: Handoff, section: Section, field: PlaybookField) -> Iterator[str]:
    rows = rows_of(handoff, section.id, field.id)
    if not rows:
        return
    if field.label != section.label:
        yield ""  # else it would go on with the list above
        yield f"**{field.label}**"
        yield ""
    columns = field.columns
    if len(columns) == 1 or (len(rows) + 1) * len(columns) > _MAX_TABLE_CELLS:
        for row in rows:
            yield "- " + " · ".join(_cell(column, row) for column in columns if row.get(column.id))
    else:
        yield "| " + " | ".join(column.label for column in columns) + " |"
        yield "|" + " --- |" * len(columns)
        for row in rows:
            yield "| " + " | ".join(_cell(column, row) for column in columns) + " |"
    yield ""


def _cell(column: PlaybookField, row: Row) -> str:
    return _one_line(value_words(column, row.get(column.id, "")))
