"""Every picture, drawn for empty, typical and hostile handoffs, is one that Slack takes and nobody can misuse."""

import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import blocks
from blocks import cards, channels, lines
from bot.handoffs import Handoff
from sandbox.blockkit import is_too_large, problems, view_problems
from tests.blocks.gallery import GALLERY, past, subjects
from tests.examples import PLAYBOOK, empty, hostile, written

# What may stand in mrkdwn: entities, and the markup that Baton itself writes (people, channels, moments, some links).
MAIL = r"mailto:[\w%@+.,?=&;~-]+\|Open it in your mail program>"
LINK = r"https://slack\.example/[\w/]+\|a message>"
MARKUP = re.compile(rf"&(?!amp;|lt;|gt;)|<(?!@U0(?!TYPED)\w+>|@U\d+>|#C\d+>|!date\^|{MAIL}|{LINK})")
SECRET = "Leon counts every hour"


def everywhere(drawn: Any) -> Iterator[dict[str, Any]]:
    """Every object in a picture."""
    if isinstance(drawn, dict):
        yield drawn
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for part in drawn:
            yield from everywhere(part)


def test_the_gallery_holds_every_picture() -> None:
    drawers = set()
    for module in pkgutil.iter_modules(blocks.__path__):
        if module.name not in ("kit", "forms", "tabs"):  # the vocabulary; inputs of forms; parts of the Home
            for name, function in inspect.getmembers(import_module(f"blocks.{module.name}"), inspect.isfunction):
                local = function.__module__ == f"blocks.{module.name}" and not name.startswith("_")
                whole = str(inspect.signature(function).return_annotation) in (
                    "dict[str, typing.Any]",
                    "list[dict[str, typing.Any]]",
                    "list[list[dict[str, typing.Any]]]",
                )
                drawers |= {name} if local and whole else set()
    parts = {"move_button", "pager", "gap_blocks", "timing_input", "working_inputs", "actions", "note_button"}
    parts |= {
        "about_select",
        "ask_buttons",
        "answer_buttons",
        "keep_buttons",
        "open_button",
        "feedback_buttons",
        "survey_button",
        "noted",
        "repeated_inputs",
        "heard_buttons",
        "score_inputs",
        "sections_select",
        "people",
        "controls",
        "owed_blocks",
        "admin_blocks",
        "unsettled",
    }
    assert drawers - parts == GALLERY.keys()


@pytest.mark.parametrize("subject", subjects())
@pytest.mark.parametrize("picture", GALLERY)
def test_slack_takes_it(picture: str, subject: str) -> None:
    for sensitive in (True, False):
        for surface, drawn in GALLERY[picture](subjects()[subject], sensitive):
            if surface == "message":
                assert problems(drawn, "message") == []
            else:
                assert isinstance(drawn, dict)
                assert view_problems(drawn) == []
                assert not is_too_large(drawn)
                assert len(drawn["blocks"]) < 100 or picture == "home_view"  # nothing was cut off


@pytest.mark.parametrize("subject", [name for name in subjects() if "hostile" in name])
@pytest.mark.parametrize("picture", GALLERY)
def test_typed_words_do_nothing(picture: str, subject: str) -> None:
    for _, drawn in GALLERY[picture](subjects()[subject], True):
        for part in everywhere(drawn):
            assert part.get("type") not in ("broadcast", "link", "image", "usergroup")
            if part.get("type") == "mrkdwn":
                assert not MARKUP.findall(part["text"])
                assert part.get("verbatim") is True  # a bare address or @name stays as it was typed


@pytest.mark.parametrize("handoff", [empty(), hostile()], ids=["empty", "hostile"])
def test_lines_and_texts_do_nothing_and_fit(handoff: Handoff) -> None:
    said = [cards.card_text(handoff, PLAYBOOK), *(lines.line(event, PLAYBOOK) for event in past(handoff))]
    named = [channels.topic(handoff), channels.purpose(handoff)]
    assert not [text for text in (*said, *named) if MARKUP.search(text)]
    assert max(map(len, said)) <= 4000  # longer ones Slack may cut
    assert max(map(len, named)) <= 250


@pytest.fixture
def politics() -> Handoff:
    """A handoff whose sensitive fields say something."""
    sensitive = {field.id: SECRET for section, field in PLAYBOOK.fields() if field.sensitive}
    assert set(sensitive) == {"detractor", "detractor_concerns", "political_considerations"}
    return written(empty(segment="enterprise"), "relationship_history", champion="Mia", **sensitive)


@pytest.mark.parametrize("picture", GALLERY)
def test_detractor_and_politics_are_only_for_those_who_may_see_them(picture: str, politics: Handoff) -> None:
    drawn = json.dumps([part for _, part in GALLERY[picture](politics, False)])
    assert SECRET not in drawn


@pytest.mark.parametrize("picture", ["section_view", "reading", "history_view", "questions_view", "answer"])
def test_who_may_see_them_does(picture: str, politics: Handoff) -> None:
    assert SECRET in json.dumps([part for _, part in GALLERY[picture](politics, True)])


def test_the_thread_tells_no_answers(politics: Handoff) -> None:
    assert SECRET not in "".join(lines.line(event, PLAYBOOK) for event in past(politics))
