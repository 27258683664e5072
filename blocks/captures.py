"""Adding a message to a handoff: the two forms, the note beside what was captured, and the lines about it."""

from collections.abc import Iterator, Mapping, Sequence

from blocks import kit
from blocks.forms import inputs
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot.captures import (
    PLACES,
    CaptureEvent,
    CaptureReviewed,
    CaptureUndone,
    MessageCaptured,
    kinds,
    rows_for,
    to_review,
)
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.records import CaptureKind

MOST_HANDOFFS = 100  # that a menu holds
_QUOTED = 500


def capture_view(handoffs: Sequence[Handoff], playbook: Playbook, words: str, ref: Ref) -> View:
    """Into which handoff, and as what? Without a choice where `ref` names the handoff already."""
    blocks: list[Block] = []
    if ref.handoff:
        blocks.append(kit.section(f"Into the handoff of *{kit.escape(handoffs[0].customer)}*."))
    else:
        options = [kit.option(one.customer, str(one.id)) for one in handoffs[:MOST_HANDOFFS]]
        blocks.append(kit.field_input("handoff", "Handoff", kit.select(options), optional=False))
    as_what = [kit.option(_capital(kind.label), kind) for kind in kinds(playbook)]
    shown = kit.text_input(kit.clip(words, kit.MAX_TEXT), multiline=True)
    blocks += [
        kit.field_input("as_what", "Add it as", kit.radio(as_what, CaptureKind.COMMITMENT), optional=False),
        kit.field_input(
            "words", "What was said", shown, optional=False, hint="The exact words, as short as they can be"
        ),
    ]
    return kit.modal(
        "Add to handoff", blocks, callback_id=Id.CAPTURE_CHOOSE, submit="Next", close="Cancel", metadata=ref.pack()
    )


def details_view(
    handoff: Handoff, playbook: Playbook, kind: CaptureKind, values: Mapping[str, str], reader: str, ref: Ref
) -> View:
    """What the message says, put into the row's columns (or the question), with room for the rest."""
    blocks: list[Block] = [kit.section(f"Into the handoff of *{kit.escape(handoff.customer)}*.")]
    if kind is CaptureKind.QUESTION:
        ask = kit.text_input(kit.clip(values["words"], kit.MAX_TEXT), multiline=True)
        to = kit.person_select(handoff.se if reader == handoff.ae else handoff.ae)
        blocks.append(kit.field_input("words~2", "Your question", ask, optional=False))
        blocks.append(kit.field_input("to", "Who should answer", to, optional=False))
    else:
        for column in rows_for(playbook, kind)[1].columns:
            blocks += inputs(playbook, [column], values, redrawn={column.id: "~2"})  # nothing of the first form stays
            blocks[-1]["optional"] = not column.required
    title = kit.clip(f"Add {kind.label}", kit.MAX_TITLE)
    return kit.modal(title, blocks, callback_id=Id.CAPTURE_SAVE, submit="Add", close="Cancel", metadata=ref.pack())


def card_line(handoff: Handoff) -> list[str]:
    """How much was captured and waits to be reviewed."""
    count = len(to_review(handoff))
    what = "1 captured message*" if count == 1 else f"{count} captured messages*"
    return [f":inbox_tray: *{what} to review — {kit.person(handoff.ae)}"] if count else []


def note(handoff: Handoff, row: str) -> Iterator[Block]:
    """Below a row of the document that came from a message."""
    capture = handoff.captures.get(row)
    if capture is None:
        return
    state = "" if capture.is_reviewed else " · *to be reviewed*: Edit it, or press Looks right in its menu"
    yield kit.context(f":inbox_tray: From {_message(capture.link)}, added by {kit.person(capture.by)}{state}")


def said(event: CaptureEvent, playbook: Playbook) -> str:
    """What happened, in mrkdwn."""
    match event:
        case MessageCaptured():
            return f"added {_message(event.link)} as a {_what(event)}.{_words(event, playbook)}"
        case CaptureReviewed():
            return f"reviewed a captured {event.kind.label}."
        case CaptureUndone():
            return f"took a captured {event.kind.label} out again."
        case _:
            return type(event).__name__


def filed(event: MessageCaptured, handoff: Handoff, text: str) -> list[Block]:
    """In the card's thread: a reaction filed something, which whoever did it can mend or undo."""
    place = PLACES[event.kind]
    ref = Ref(handoff=handoff.id, section=place.section, field=place.field, row=event.row).pack()
    return [
        kit.section(text),
        kit.actions(kit.button("Edit", Id.CAPTURE_EDIT, ref), kit.button("Undo", Id.CAPTURE_UNDO, ref)),
    ]


def _what(event: MessageCaptured) -> str:
    return f"draft {event.kind.label}" if event.is_draft else event.kind.label


def _words(event: MessageCaptured, playbook: Playbook) -> str:
    if event.kind is CaptureKind.QUESTION:  # the line about the question has them
        return ""
    place = PLACES[event.kind]
    if playbook.is_sensitive(f"{place.section}.{place.field}"):
        return " (confidential)"
    return f" “{kit.escape(kit.clip(event.words, _QUOTED))}”" if event.words else ""


def _message(link: str) -> str:
    return f"<{kit.escape(link)}|a message>" if link else "a message"


def _capital(label: str) -> str:
    return label[0].upper() + label[1:]
