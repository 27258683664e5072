"""The document as Markdown: whole, and with everything that was typed as text and nothing else."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from blocks.markdown import canvas, document
from bot.handoffs import Handoff, Stage
from bot.playbook import Kind, PlaybookField
from bot.values import read
from tests.blocks.gallery import subjects
from tests.examples import HOSTILE, PLAYBOOK, brought, empty, hostile, typical, written

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SLOW = {"too long", *(f"hostile, {stage}" for stage in Stage if stage is not Stage.IN_REVIEW)}  # and no other document
FIELD = PlaybookField(id="any", label="Any", kind=Kind.LONG_TEXT)


def drawn(handoff: Handoff, *, sensitive: bool = True) -> str:
    """The document for a reader."""
    return document(handoff, PLAYBOOK, sensitive=sensitive, name=lambda user: f"({user})")


def tokens(handoff: Handoff) -> list[Token]:
    """The document as a Markdown reader understands it."""
    return [part for token in PARSER.parse(drawn(handoff)) for part in (token, *(token.children or ()))]


def shown(token: Token) -> str:
    """What a reader sees of a paragraph, a heading or a cell."""
    return "".join(part.content for part in token.children or ())


def said(handoff: Handoff) -> list[str]:
    """Every paragraph, heading and cell as a reader sees it."""
    return [shown(token) for token in PARSER.parse(drawn(handoff)) if token.type == "inline"]


@pytest.mark.parametrize("name", [name for name in subjects() if name not in SLOW])
def test_only_the_document_itself_makes_headings_tables_and_links(name: str) -> None:
    handoff = subjects()[name]
    found = tokens(handoff)
    kinds = {token.type for token in found}
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "fence",
        "code_block",
        "code_inline",
        "hr",
        "blockquote_open",
    }
    assert not kinds & {"ordered_list_open", "em_open", "s_open"} or "Nothing here yet." in drawn(handoff)
    assert [token.tag for token in found if token.type == "heading_open"] == ["h1"] + ["h2"] * len(PLAYBOOK.sections)
    rows = {field.id: handoff.content(section.id).values.get(field.id) for section, field in PLAYBOOK.fields()}
    tables = sum(len(field.columns) > 1 and bool(rows[field.id]) for _, field in PLAYBOOK.fields() if field.columns)
    assert sum(token.type == "table_open" for token in found) == tables
    assert sum(token.type == "link_open" for token in found) == 1  # the customer's website
    assert sum(token.type == "bullet_list_open" and token.level > 0 for token in found) == 0


TYPED = st.text(st.sampled_from("ab1 #*_`~<>&|[]()!\\+-=.:/@\n\t😀ש")) | st.text()


@given(TYPED)
@example(HOSTILE)
@example("# one\n2. two\n- three\n    four\n> five\n---\n===\n```\n|six|")
def test_what_was_typed_is_read_as_it_was_typed(typed: str) -> None:
    words = read(FIELD, typed)
    handoff = written(empty(), "additional_context", additional_context=words)
    handoff = written(handoff, "risks_and_red_flags", risks=[{"id": "1", "risk": words, "severity": "High"}])
    if words:
        one_line = re.sub(r"\s*\n\s*", " / ", words)
        said_once = [re.sub(r"\s+", " ", text) for text in said(handoff)]
        assert re.sub(r"\s+", " ", f"Any other relevant information for CS success: {one_line}") in said_once
        assert re.sub(r"\s+", " ", one_line) in said_once


def test_a_whole_document_reads_like_the_handbooks_template() -> None:
    text = drawn(brought(typical()["brightwater"], Stage.IN_REVIEW), sensitive=False)
    for line in (
        "# Customer Handoff Document: Brightwater Logistics",
        "**Stage:** In review · **Contract value:** USD 84,000",
        "- **Website:** [https://brightwater-logistics.example](https://brightwater-logistics.example)",
        "- **Start Date:** 1 December 2026",
        "| Name | Title | Role | Contact | Notes |",
        "- Customs declarations",
    ):
        assert f"{line}\n" in text
    assert "Leon Visser" not in text
    assert "Leon Visser" in drawn(typical()["brightwater"])


def test_a_list_of_rows_stands_apart_from_the_answers_before_it() -> None:
    found = [shown(token) for token in PARSER.parse(drawn(typical()["brightwater"])) if token.type == "inline"]
    assert "Alternative Solutions Considered" in found
    assert "Technical Concerns Raised" in found


def test_detractor_and_politics_stay_out() -> None:
    assert "Detractor" not in drawn(hostile(), sensitive=False)
    assert "Detractor" in drawn(hostile())


def test_no_table_has_more_cells_than_a_canvas_takes() -> None:
    cells = [0]
    for token in PARSER.parse(drawn(hostile())):
        cells += [0] if token.type == "table_open" else []
        cells[-1] += token.type in ("th_open", "td_open")
    assert len(cells) > 8
    assert max(cells) <= 300


def test_a_document_longer_than_a_canvas_says_where_the_rest_is() -> None:
    drivers = [{"id": str(number), "driver": "😀" * 1500} for number in range(400)]
    text = canvas(written(empty(), "why_they_bought", primary_business_drivers=drivers), PLAYBOOK)
    assert 1_040_000 < len(text.encode("utf-16-le")) // 2 <= 1_048_576
    assert text.endswith(
        "😀\n\n**Not all of it fits on a canvas:** `/handoff view` and `/handoff export` have the whole document.\n"
    )
    assert "Not all of it" not in canvas(typical()["brightwater"], PLAYBOOK)
