"""The handoff document: what is filled, what is missing, and how a section is saved without losing anybody's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.customers import is_name
from bot.events import Change, SectionRead, SectionSaved
from bot.handoffs import Handoff, SectionContent, Stage
from bot.playbook import MAX_ROWS, Kind, Playbook, PlaybookField, Section
from bot.refusals import Refusal, refuse_fields
from bot.values import Row, Value, Values, read

COMMITMENTS = ("promises_and_commitments", "promised")  # what CS takes over, row by row


class Progress(StrEnum):
    """How far a section is."""

    EMPTY = "Empty"
    STARTED = "Started"
    COMPLETE = "Complete"


@dataclass(frozen=True)
class Missing:
    """One required answer that is not there."""

    section: Section
    field: PlaybookField

    @property
    def path(self) -> str:
        """`section.field`."""
        return f"{self.section.id}.{self.field.id}"


def missing_fields(playbook: Playbook, handoff: Handoff) -> list[Missing]:
    """The required answers that this handoff's segment still lacks, in document order."""
    return [gap for section in playbook.sections for gap in missing_in(section, handoff)]


def missing_in(section: Section, handoff: Handoff) -> list[Missing]:
    """The required answers still lacking in one section."""
    values = handoff.content(section.id).values
    return [
        Missing(section, field)
        for field in section.fields
        if field.is_required(handoff.segment)
        and not values.get(field.id)
        and not (field.unless and values.get(field.unless))
    ]


def progress(section: Section, handoff: Handoff) -> Progress:
    """Empty, started or complete. A section in which nothing is required is complete once it says something."""
    if not handoff.content(section.id).values:
        return Progress.EMPTY
    return Progress.STARTED if missing_in(section, handoff) else Progress.COMPLETE


def read_answers(fields: Iterable[PlaybookField], typed: Mapping[str, str]) -> dict[str, str]:
    """The clean form of every answer in `typed`; refuses all that is wrong at once, each by its field."""
    answers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field in fields:
        if field.id in typed:
            try:
                answers[field.id] = read(field, typed[field.id])
            except Refusal as refusal:
                problems |= refusal.fields
    refuse_fields(problems)
    return answers


def save_section(
    section: Section, handoff: Handoff, typed: Mapping[str, str], *, by: str, now: datetime
) -> SectionSaved | None:
    """Save the one-value fields in `typed`; those that were not shown keep their values. None when nothing changed."""
    answers = read_answers((field for field in section.fields if field.kind is not Kind.ROWS), typed)
    if section.id == "company_overview" and not is_name(answers.get("company_name", "unchanged")):
        raise Refusal("A handoff needs the customer's name.", {"company_name": "A handoff needs the customer's name."})
    return save_values(handoff, section.id, {**handoff.content(section.id).values, **answers}, by=by, now=now)


def save_row(
    section: Section,
    field_id: str,
    handoff: Handoff,
    row_id: str,
    typed: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> SectionSaved | None:
    """Save one repeated row; one that is not there is added at the end, or comes back if it was removed meanwhile."""
    field = section.by_id[field_id]
    answers = read_answers(field.columns, typed)
    refuse_fields(
        {
            column.id: f"{column.label} is needed."
            for column in field.columns
            if column.required and not answers.get(column.id)
        }
    )
    rows = rows_of(handoff, section.id, field_id)
    if not answers.get("commitment"):
        _refuse_if_taken_over(section.id, field_id, handoff, row_id)
    at = next((index for index, one in enumerate(rows) if one["id"] == row_id), len(rows))
    if at >= MAX_ROWS:
        raise Refusal(f"{field.label} holds {MAX_ROWS} at most. Remove one first, or put two into one.")
    row = {"id": row_id} | {key: text for key, text in answers.items() if text}
    values = _with_rows(handoff, section.id, field_id, [*rows[:at], row, *rows[at + 1 :]])
    return save_values(handoff, section.id, values, by=by, now=now)


def save_values(handoff: Handoff, section: str, values: Values, *, by: str, now: datetime) -> SectionSaved | None:
    """A revision with exactly these (clean) values; None when nothing changed."""
    refuse_unless_editable(handoff)
    content = handoff.content(section)
    kept = {field: value for field, value in values.items() if value}
    changes = tuple(_changes(content.values, kept))
    if not changes:
        return None
    return SectionSaved(by=by, at=now, section=section, revision=content.revision + 1, values=kept, changes=changes)


def remove_row(
    section: str, field: str, handoff: Handoff, row_id: str, *, by: str, now: datetime
) -> SectionSaved | None:
    """Take one row out; None when it is gone already. Refuses to take out a promise that CS has taken over."""
    _refuse_if_taken_over(section, field, handoff, row_id)
    return drop_row(section, field, handoff, row_id, by=by, now=now)


def drop_row(section: str, field: str, handoff: Handoff, row_id: str, *, by: str, now: datetime) -> SectionSaved | None:
    """Take one row out, whatever it is; None when it is gone already."""
    kept = [row for row in rows_of(handoff, section, field) if row["id"] != row_id]
    return save_values(handoff, section, _with_rows(handoff, section, field, kept), by=by, now=now)


def move_row(
    section: str, field: str, handoff: Handoff, row_id: str, step: int, *, by: str, now: datetime
) -> SectionSaved | None:
    """Move one row up (-1) or down (+1); None at the edge."""
    rows = list(rows_of(handoff, section, field))
    at = next((index for index, row in enumerate(rows) if row["id"] == row_id), None)
    if at is None or not 0 <= at + step < len(rows):
        return None
    rows[at], rows[at + step] = rows[at + step], rows[at]
    return save_values(handoff, section, _with_rows(handoff, section, field, rows), by=by, now=now)


def mark_read(section: str, handoff: Handoff, revision: int, *, by: str, now: datetime) -> SectionRead | None:
    """Remember that `by` read the section as it stood at `revision`; None when that, or more, is known."""
    if handoff.reads.get(section, {}).get(by, 0) >= revision:
        return None
    return SectionRead(by=by, at=now, section=section, revision=revision)


def has_read(section: str, handoff: Handoff, person: str | None) -> bool:
    """Whether `person` marked the section read since it last changed."""
    return bool(person) and handoff.reads.get(section, {}).get(person or "") == handoff.content(section).revision


def readers(section: str, handoff: Handoff) -> tuple[list[str], list[str]]:
    """Who has read the section as it stands, and who has read it but not since it changed."""
    marks, revision = handoff.reads.get(section, {}), handoff.content(section).revision
    current = [person for person, read in marks.items() if read == revision]
    return current, [person for person, read in marks.items() if read != revision]


def rows_of(handoff: Handoff, section: str, field: str) -> list[Row]:
    """The repeated rows of a field."""
    rows = handoff.content(section).values.get(field, [])
    return rows if isinstance(rows, list) else []


@dataclass(frozen=True)
class Merge:
    """What a person typed beside what others saved meanwhile: the values to show, and for each field changed by others
    the last change (so that the person sees it) and whether the two disagree."""

    values: Values
    by_others: dict[str, tuple[Change, str]]  # field -> (change, who)


def merge(
    typed: Mapping[str, str], handoff: Handoff, saves: Iterable[SectionSaved], unsaved: SectionContent | None = None
) -> Merge:
    """Three-way merge for one section. `saves` are those the person had not seen. Fields the person left alone take
    the others' words; fields both changed keep what the person typed. `unsaved`: the section, when it was changed
    without a save too, as by accepting: what differs is shown, and nothing is emptied."""
    first: dict[str, Value | None] = {}
    last: dict[str, tuple[Change, str]] = {}
    section = ""
    for save in saves:
        section = save.section
        for change in save.changes:
            if change.field in typed and not isinstance(change.before, dict):
                first.setdefault(change.field, change.before)
                last[change.field] = (change, save.by)
    current = handoff.content(section).values
    shown: Values = dict(typed)
    others = {}
    if unsaved:
        for field, text in typed.items():
            value = unsaved.values.get(field, "")
            if field not in last and text != value:
                shown[field] = text or value
                others[field] = (Change(field=field, after=value), unsaved.by)
    for field, (change, who) in last.items():
        untouched = typed[field] == (first[field] or "")
        if untouched:
            shown[field] = current.get(field, "")
        if untouched or typed[field] != current.get(field, ""):
            others[field] = (change, who)
    return Merge(shown, others)


def merge_row(typed: Mapping[str, str], base: Row, theirs: Row) -> Row:
    """Three-way merge for one row: columns the person left as they were in `base` take the others' words."""
    return {key: theirs.get(key, "") if text == base.get(key, "") else text for key, text in typed.items()}


def refuse_unless_editable(handoff: Handoff) -> None:
    """A cancelled handoff is read-only until it is reopened."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on writing.")


def _refuse_if_taken_over(section: str, field: str, handoff: Handoff, row_id: str) -> None:
    is_there = any(row["id"] == row_id for row in rows_of(handoff, section, field))
    if handoff.is_accepted and (section, field) == COMMITMENTS and is_there:
        raise Refusal("CS has taken over this promise: close it under Promises instead.")


def _with_rows(handoff: Handoff, section: str, field: str, rows: list[Row]) -> Values:
    return handoff.content(section).values | {field: rows}


def _changes(before: Values, after: Values) -> Iterable[Change]:
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field), after.get(field)
        if old == new:
            continue
        if isinstance(old, str) or isinstance(new, str):
            yield Change(field=field, before=old, after=new)
            continue
        olds = {row["id"]: row for row in old or []}
        news = {row["id"]: row for row in new or []}
        edited = [key for key in dict.fromkeys((*olds, *news)) if olds.get(key) != news.get(key)]
        for key in edited:
            yield Change(field=f"{field}[{key}]", before=olds.get(key), after=news.get(key))
        if not edited:
            yield Change(field=field, before=old, after=new)  # only the order changed
