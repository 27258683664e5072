"""A spreadsheet takes no word that anybody typed for a formula, however it parts its cells; numbers stay numbers."""

import csv
import io
from datetime import UTC, datetime
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.spreadsheets import safe, sheet

WORDS = st.text(
    st.one_of(
        st.sampled_from("=+-@\uff1d\uff0b\uff0d\uff20﹢⁼ \t\r\n\"'`\u00b4“;,|\u200b\u00a0ab1"),
        st.characters(codec="utf-8"),
    )
)


def runs(cell: str) -> bool:
    """Whether a spreadsheet might compute the cell: what is first in it, without what it may strip, is a sign."""
    bare = normalize("NFKC", cell)
    while bare and (bare[0] in '"`\u00b4“”‘’«»' or category(bare[0])[0] in "ZC"):
        bare = bare[1:]
    return bare[:1] in tuple("=+-@")


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_no_cell_runs_whatever_parts_the_cells(words: list[str]) -> None:
    text = sheet([words])
    assert [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row] == [safe(word) for word in words]
    for sign in ",;|\t":
        parted = list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
        assert not [cell for row in parted for cell in row if runs(cell)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Acme GmbH", "Acme GmbH"),
        ("Müller & Söhne – Köln", "Müller & Söhne – Köln"),
        ("Smith-Jones + Co.", "Smith-Jones + Co."),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ('  "=1+1', "  \"'=1+1"),
        ("\uff20SUM(A1)", "'\uff20SUM(A1)"),
        ("Acme; -5", "Acme; '-5"),
        ("\t=1", "'\t'=1"),
        ("", ""),
    ],
)
def test_a_formula_becomes_words_and_words_stay(typed: str, kept: str) -> None:
    assert safe(typed) == kept


def test_numbers_stay_numbers_and_moments_are_in_utc() -> None:
    moment = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert sheet([["a", 1, 2.5, None, moment]]) == '"a",1,2.5,"","2026-11-23T09:05:00Z"\r\n'
