"""Nothing is drawn that no door opens, and no door waits for what nobody draws."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from blocks.finding import COMMANDS
from blocks.ids import Id, Ref
from bot.consequences import errands_of
from bot.errands import Kind, Picture
from bot.events import Event, HandoffStarted
from bot.handoffs import Handoff
from handlers import messages
from handlers.errands import SENDERS
from handlers.finding import MOVES, WORDS
from handlers.routes import CLICKS, FORMS, SHORTCUTS
from tests.blocks.gallery import GALLERY, subjects
from tests.examples import life

ROOT = Path(__file__).parents[2]


def ids(drawn: Any, key: str) -> Iterator[str]:
    """Everything that stands under `key` in a picture."""
    if isinstance(drawn, dict):
        yield from [drawn[key]] if key in drawn else []
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for part in drawn:
            yield from ids(part, key)


@cache
def drawn_ids(key: str) -> set[str]:
    """Every `action_id` or `callback_id` of the gallery."""
    pictures = (part for draw in GALLERY.values() for handoff in subjects().values() for part in draw(handoff, True))
    return {one for _, picture in pictures for one in ids(picture, key)}


def in_the_menu() -> set[str]:
    """What the card's menu leads to."""
    drawn = (part for handoff in subjects().values() for part in GALLERY["card"](handoff, True))
    values = (value for _, picture in drawn for value in ids(picture, "value"))
    return {ref.choice for ref in map(Ref.unpack, values) if ref.choice}


def pressed_in_handlers() -> set[str]:
    """The ids of the buttons that handlers add to a picture."""
    found = set()
    for path in (ROOT / "handlers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "button":
                names = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
                found |= {Id[name].value for name in names if name in Id.__members__}
    return found


def test_every_button_and_menu_opens_a_door_and_every_door_has_one() -> None:
    answers = {"answer"}  # an input's: read with its form
    assert (drawn_ids("action_id") - answers) | in_the_menu() | pressed_in_handlers() == CLICKS.keys()


def test_every_form_is_read_and_every_reader_has_a_form() -> None:
    assert drawn_ids("callback_id") - {Id.READ_ONLY} == FORMS.keys()


def test_every_id_is_a_button_a_form_or_a_view_that_others_name() -> None:
    named = {Id.READ_ONLY: "a modal without Submit", Id.LIST_PAGE: "what a pager turns"}
    assert {*Id} == CLICKS.keys() | FORMS.keys() | SHORTCUTS.keys() | named.keys()


def happened() -> list[tuple[Event, Handoff | None, Handoff]]:
    """Every kind of event, with the handoff before and after it."""
    first, *rest = life("Acme")
    assert isinstance(first, HandoffStarted)
    handoff = first.begin(1)
    found: list[tuple[Event, Handoff | None, Handoff]] = [(first, None, handoff)]
    for event in rest:
        found.append((event, handoff, event.change(handoff)))
        handoff = found[-1][2]
    return found


SILENT = {  # events that Slack hears nothing of
    "SectionRead": "the reader sees the mark, and nobody else waits for it",
    "ChannelRenamed": "a person did it in Slack",
    "CanvasOpened": "the canvas was just written",
}


@pytest.mark.parametrize("step", happened(), ids=lambda step: type(step[0]).__name__)
def test_every_event_is_followed_by_an_errand_or_says_why_not(
    step: tuple[Event, Handoff | None, Handoff],
) -> None:
    assert bool(list(errands_of(*step))) is (type(step[0]).__name__ not in SILENT)


def test_every_event_is_recorded_somewhere() -> None:
    made = set()
    for folder in ("bot", "handlers"):
        for path in (ROOT / folder).glob("*.py"):
            calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
            made |= {func.id for func in calls if isinstance(func, ast.Name)}
    assert {name for name, kind in Event.kinds.items() if not kind.__subclasses__()} <= made


def test_every_kind_of_errand_has_a_sender_and_is_sent() -> None:
    asked_for = {
        Kind.PUBLISH_HOME: "by opening the Home tab",
        Kind.SEND_EXPORT: "by Export as Markdown",
        Kind.SEND_FIGURES: "by Export (CSV)",
        Kind.FILE_MESSAGE: "by a reaction",
        Kind.IMPORT_DEALS: "by a file of closed deals",
        Kind.TELL_IMPORT: "by the import, when it is done",
        Kind.SEND_DIGEST: "by the clock, once a week",
    }
    follow = {errand.kind for step in happened() for errand in errands_of(*step)}
    assert {*Kind} == SENDERS.keys() == follow | asked_for.keys()


def test_every_living_message_has_a_drawing_and_is_sent() -> None:
    # A reminder may tell of several handoffs, a digest of all.
    of_no_handoff = messages._OF_THE_WORKSPACE.keys() | {Picture.REMINDER, Picture.DIGEST}
    follow = {errand.about.get("picture") for step in happened() for errand in errands_of(*step)} - {None}
    drawn = messages._PICTURES.keys() | {Picture.CARD, Picture.ASSIGNED}  # the two that ask for the time
    assert {*Picture} == drawn | of_no_handoff == follow | of_no_handoff


def test_help_names_every_word_of_the_command() -> None:
    words = {usage.partition(" ")[0] for usage, _ in COMMANDS}
    assert words == MOVES.keys() | WORDS.keys()
