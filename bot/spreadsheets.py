"""Tables out of spreadsheets and CRMs: CSV with any of the usual delimiters, encodings and titles above its headers."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple
from unicodedata import category

from bot.refusals import Refusal

_TITLE = 20  # rows in which the headers are looked for: some reports have a title first
_FOOTER = 50  # rows that a report may have below its last one
_WIDEST = 500  # columns that are looked at
_PRINTED = 40  # letters of a header
_HEAD = 4_000  # characters by which a text is told from something else


class Row(NamedTuple):
    """One row. `number`: as spreadsheets count them; `cells`: those that are known, by column."""

    number: int
    cells: dict[str, str]
    filled: int  # how many cells say something
    width: int  # how many there are


@dataclass(frozen=True)
class Table:
    """What stands below the headers; `headers` has those of the known columns, as the file calls them."""

    rows: list[Row]
    headers: dict[str, str]


def read_table(content: bytes, known: Mapping[str, Sequence[str]], needed: Iterable[str], most: int) -> Table:
    """The rows of a file. `known`: what each column may be called, without case, spaces and signs; where a file has
    several of them the first counts. Refuses what is no table with the `needed` columns, or has over `most` rows."""
    text = _text(content)
    delimiter, header, titles, places = _layout(text, known, needed)
    rows = list(islice(_rows(text, delimiter, header, places), most + _FOOTER))
    kept = rows[: _footer(rows, header)]
    if len(kept) > most:
        raise Refusal(f"This file has more than {most:,} rows. Send it in parts.")
    if not kept:
        raise Refusal("It has no rows below its headers.")
    return Table(kept, {name: titles[place].strip()[:_PRINTED] for name, place in places.items()})


def _text(content: bytes) -> str:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Refusal("This is a spreadsheet, not a CSV file. Save it as CSV, and send that.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    if b"\0" in content[:2]:  # UTF-16 without its mark: a table begins with a Latin letter
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _layout(
    text: str, known: Mapping[str, Sequence[str]], needed: Iterable[str]
) -> tuple[str, int, list[str], dict[str, int]]:
    """The delimiter, the number of the row of headers, these, and where each known column is."""
    tops = {delimiter: list(islice(_records(text, delimiter), _TITLE)) for delimiter in (",", ";", "\t")}
    for delimiter, top in tops.items():
        for number, cells in top:
            columns = _columns(cells, known)
            if all(name in columns for name in needed):
                return delimiter, number, cells, columns
    if not _is_written(text):
        raise Refusal("This is no CSV file. Save the table as CSV, and send that.")
    first = max((top[0][1] for top in tops.values() if top), key=len, default=[])
    seen = ", ".join(f"“{cell.strip()[:_PRINTED]}”" for cell in first[:10] if cell.strip())
    names = " and ".join(f"`{name}`" for name in needed)
    raise Refusal(
        f"The first row must name the columns, among them {names}. "
        + (f"This file's columns are: {seen}." if seen else "This file is empty.")
    )


def _is_written(text: str) -> bool:
    """Whether it is text at all: pictures and the like have signs that nobody writes."""
    return not any(sign == "\ufffd" or (category(sign)[0] == "C" and category(sign) != "Cf") for sign in _plain(text))


def _plain(text: str) -> str:
    return re.sub(r"[\t\r\n]", "", text[:_HEAD])


def _columns(cells: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each known column is."""
    keys = [re.sub(r"[\W_]", "", cell).lower() for cell in cells[:_WIDEST]]
    found = {name: next((keys.index(one) for one in words if one in keys), None) for name, words in known.items()}
    return {name: place for name, place in found.items() if place is not None}


def _rows(text: str, delimiter: str, header: int, places: Mapping[str, int]) -> Iterator[Row]:
    """The rows below the headers in which something stands."""
    for number, cells in _records(text, delimiter):
        if number > header and (filled := sum(bool(cell.strip()) for cell in cells)):
            found = {name: cells[place] for name, place in places.items() if place < len(cells)}
            clean = {name: " ".join(cell.replace("\0", "").split()) for name, cell in found.items()}
            yield Row(number, clean, filled, len(cells))


def _footer(rows: Sequence[Row], header: int) -> int:
    """Where the lines begin that some reports have at their end ("Generated By: …"): each has one cell, and they stand
    below an empty line or are no rows of a table at all."""
    begins = len(rows)
    for place in range(len(rows) - 1, -1, -1):
        if rows[place].filled > 1:
            break
        above = rows[place - 1].number if place else header
        if rows[place].width == 1 or rows[place].number > above + 1:
            begins = place
    return begins


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with its number, as spreadsheets count them."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error:
            raise Refusal(f"Row {number} can't be read: is a quotation mark not closed?") from None
        yield number, cells
