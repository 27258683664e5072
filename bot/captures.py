"""Capture while selling: a message in Slack becomes a row of the document, or a question, and is reviewed at close."""

import hashlib
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import questions
from bot.documents import drop_row, rows_of, save_row
from bot.events import Event
from bot.handoffs import Handoff
from bot.playbook import Kind, Playbook, PlaybookField, Section
from bot.records import Capture, CaptureKind, Source
from bot.refusals import Refusal
from bot.values import shortened

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


class CaptureEvent(Event):
    """Something that happened to what became of a message; `row` is its id."""

    row: str
    kind: CaptureKind


class MessageCaptured(CaptureEvent):
    """Somebody put a message into the handoff: through the form, or (`is_draft`) with a reaction."""

    words: str
    link: str = ""
    question: int = 0
    is_draft: bool = False

    def change(self, handoff: Handoff) -> Handoff:
        """With the capture. What the AE wrote into the form needs no second look, and questions are answered."""
        is_reviewed = bool(self.question) or (self.by == handoff.ae and not self.is_draft)
        capture = Capture(
            kind=self.kind, by=self.by, at=self.at, link=self.link, question=self.question, is_reviewed=is_reviewed
        )
        return handoff.model_copy(update={"captures": handoff.captures | {self.row: capture}})


class CaptureReviewed(CaptureEvent):
    """Somebody looked at it and found it right, or made it so."""

    def change(self, handoff: Handoff) -> Handoff:
        """Reviewed."""
        reviewed = {"is_reviewed": True}
        captures = {
            row: one.model_copy(update=reviewed) if row == self.row else one for row, one in handoff.captures.items()
        }
        return handoff.model_copy(update={"captures": captures})


class CaptureUndone(CaptureEvent):
    """Somebody took it out again."""

    def change(self, handoff: Handoff) -> Handoff:
        """Without it."""
        captures = {row: one for row, one in handoff.captures.items() if row != self.row}
        return handoff.model_copy(update={"captures": captures})


@dataclass(frozen=True)
class Place:
    """Where a message goes: a repeated row of the document, and which of its columns takes what."""

    section: str
    field: str
    words: str
    said_by: str = ""
    link: str = ""


PLACES = {
    CaptureKind.COMMITMENT: Place("promises_and_commitments", "promised", "commitment", "said_by", "source"),
    CaptureKind.RISK: Place("risks_and_red_flags", "risks", "risk"),
    CaptureKind.STAKEHOLDER: Place("stakeholders", "stakeholders", "notes", "name"),
    CaptureKind.CRITERION: Place("success_criteria", "outcomes", "outcome"),
}


# -- looking


def kinds(playbook: Playbook) -> list[CaptureKind]:
    """What a message may become in this practice."""
    return [kind for kind in CaptureKind if kind is CaptureKind.QUESTION or _rows(playbook, kind)]


def rows_for(playbook: Playbook, kind: CaptureKind) -> tuple[Section, PlaybookField]:
    """The repeated rows that take messages of that kind."""
    found = _rows(playbook, kind)
    if found is None:
        raise _refusal("The playbook of this handoff has no place for this.")
    return found


def _rows(playbook: Playbook, kind: CaptureKind) -> tuple[Section, PlaybookField] | None:
    place = PLACES.get(kind)
    section = playbook.section(place.section) if place else None
    field = section.by_id.get(place.field) if place and section else None
    fits = field and field.kind is Kind.ROWS and place and any(one.id == place.words for one in field.columns)
    return (section, field) if section and field and fits else None


def row_of(source: Source, kind: CaptureKind) -> str:
    """The id of what the message becomes: the same for the same message and kind, whoever does it and how often."""
    return hashlib.sha256(f"{source.channel} {source.ts} {kind}".encode()).hexdigest()[:12]


def known(handoff: Handoff, source: Source, kind: CaptureKind) -> Capture | None:
    """What the message became already, as long as that is in the handoff."""
    row = row_of(source, kind)
    return handoff.captures[row] if _is_there(handoff, row) else None


def to_review(handoff: Handoff, section: str = "") -> list[str]:
    """What was captured (for one section) and nobody has reviewed yet."""
    waiting = (row for row, one in handoff.captures.items() if not one.is_reviewed and _is_there(handoff, row))
    return [row for row in waiting if section in ("", PLACES[handoff.captures[row].kind].section)]


def _is_there(handoff: Handoff, row: str) -> bool:
    capture = handoff.captures.get(row)
    if capture is None:
        return False
    if capture.kind is CaptureKind.QUESTION:
        return capture.question in handoff.questions
    place = PLACES[capture.kind]
    return any(one["id"] == row for one in rows_of(handoff, place.section, place.field))


def plain_words(text: str, name_of: Callable[[str], str]) -> str:
    """A message as people read it: names for mentions, addresses for links, no entities."""

    def shown(found: re.Match[str]) -> str:
        mark, target, label = found[1], found[2], found[3] or ""
        if mark == "@":
            return f"@{name_of(target) or label or target}"
        if mark:
            return f"{'#' if mark == '#' else '@'}{label or target.partition('^')[0]}"
        return f"{label} ({target})" if label and label not in target else target.removeprefix("mailto:")

    return html.unescape(_MARKUP.sub(shown, text)).strip()


def prefilled(playbook: Playbook, kind: CaptureKind, words: str, source: Source) -> dict[str, str]:
    """The row as the message fills it in."""
    _, field = rows_for(playbook, kind)
    place, columns = PLACES[kind], {column.id: column for column in field.columns}
    texts = {place.words: words, place.said_by: source.said_by, place.link: source.link}
    known = {name: text for name, text in texts.items() if name in columns and text}
    return {name: shortened(text, columns[name].max_length) for name, text in known.items()}


# -- what people do


def refuse_known(handoff: Handoff, source: Source, kind: CaptureKind) -> None:
    """The same message becomes the same thing once."""
    if capture := known(handoff, source, kind):
        raise _refusal(
            f"This message is in the handoff already as a {kind.label}: <@{capture.by}> added it"
            f" on {capture.at.day} {capture.at:%B %Y}."
        )


def capture(
    handoff: Handoff,
    playbook: Playbook,
    kind: CaptureKind,
    typed: Mapping[str, str],
    source: Source,
    *,
    by: str,
    now: datetime,
    is_draft: bool = False,
) -> list[Event]:
    """Put the message into the document as the row `typed`."""
    section, field = rows_for(playbook, kind)
    refuse_known(handoff, source, kind)
    row = row_of(source, kind)
    saved = save_row(section, field.id, handoff, row, typed, by=by, now=now)
    words = typed.get(PLACES[kind].words, "")
    captured = MessageCaptured(by=by, at=now, row=row, kind=kind, words=words, link=source.link, is_draft=is_draft)
    return [saved, captured] if saved else []


def ask(
    handoff: Handoff, playbook: Playbook, words: str, to: str | None, source: Source, *, by: str, now: datetime
) -> list[Event]:
    """Ask about the whole handoff with what the message says."""
    kind = CaptureKind.QUESTION
    refuse_known(handoff, source, kind)
    asked = questions.ask(handoff, playbook, "", words, by=by, now=now, sensitive=False, to=to)
    if asked is None:
        return []
    row, number = row_of(source, kind), asked.question
    captured = MessageCaptured(by=by, at=now, row=row, kind=kind, words=asked.words, link=source.link, question=number)
    return [asked, captured]


def review(handoff: Handoff, row: str, *, by: str, now: datetime) -> CaptureReviewed | None:
    """It is right as it stands; None when that was said already, or when it was no message."""
    if row not in to_review(handoff):
        return None
    return CaptureReviewed(by=by, at=now, row=row, kind=handoff.captures[row].kind)


def undo(handoff: Handoff, row: str, *, by: str, now: datetime) -> list[Event]:
    """Take out what nobody has worked on yet."""
    if not _is_there(handoff, row):
        raise Refusal("This is not in the handoff any more.")
    kept = handoff.captures[row]
    if kept.is_reviewed:
        raise Refusal("Somebody has reviewed this meanwhile. Remove it in Edit document if it is wrong.")
    place = PLACES[kept.kind]
    removed = drop_row(place.section, place.field, handoff, row, by=by, now=now)
    undone = CaptureUndone(by=by, at=now, row=row, kind=kept.kind)
    return [event for event in (removed, undone) if event]


def _refusal(words: str) -> Refusal:
    return Refusal(words, {"as_what": words})
