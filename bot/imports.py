"""Closed deals from a CRM's export: a CSV as spreadsheets and CRMs write it becomes deals, and by row what is none."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.customers import customer_key, is_name
from bot.dates import noon, order_of, readings
from bot.refusals import Refusal
from bot.timing import Choice

MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
_LONGEST = 200  # characters of a cell; a quote that is never closed makes a cell of the rest of the file
_FIRST_DAY = date(2000, 1, 1)
_TITLE = 20  # rows in which the headers are looked for: some reports have a title first
_WIDEST = 500  # columns that are looked at
_NAMED = 5  # of what is strange, in a remark
# What CRMs call the columns, without case, spaces and signs; where a file has several of them the first here counts.
_HEADERS = {
    "customer": (
        *("customer", "customername", "account", "accountname", "company", "companyname", "associatedcompany"),
        *("primaryassociatedcompany", "associatedcompanyprimary", "organization", "organisation", "client"),
    ),
    "closed_on": (
        *("closedon", "closedate", "closeddate", "dateclosed", "closed", "closedat", "closewondate", "closedwondate"),
        *("wondate", "wontime", "wonon", "signedon", "contractsigned", "contractsignedon"),
    ),
    "id": ("id", "dealid", "opportunityid", "recordid", "externalid", "crmid", "casesafeid", "18digitid"),
    "website": ("website", "accountwebsite", "companydomainname", "domain", "companydomain", "url", "websiteurl"),
    "ae": (
        *("ae", "aeemail", "owneremail", "opportunityowneremail", "dealowneremail", "accountexecutive"),
        *("opportunityowner", "dealowner", "owner", "salesrep"),
    ),
    "csm": ("csm", "csmemail", "customersuccessmanager", "customersuccessmanageremail", "customersuccess"),
    "segment": ("segment", "customersegment", "accountsegment", "tier"),
}
_NEEDED = ("customer", "closed_on")


@dataclass(frozen=True)
class Closed:
    """A deal that the CRM calls closed. `external_id`: the CRM's, "" where it gives none; people are Slack user ids."""

    customer: str
    closed_at: datetime
    website: str = ""
    external_id: str = ""
    ae: str = ""
    csm: str = ""
    segment: str = ""


@dataclass(frozen=True)
class Import:
    """What a file tells: the deals by their row (the header's is 1 in a file that begins with it), in its order."""

    deals: dict[int, Closed]
    refused: dict[int, str]  # rows that are not taken, and why
    remarks: tuple[str, ...]  # what was left out of deals that were taken


class Report(BaseModel):
    """What became of a file; `problem` is why nothing of it was taken. `refused` has the first rows only."""

    model_config = ConfigDict(frozen=True)

    file: str
    new: int = 0
    changed: int = 0
    known: int = 0
    not_taken: int = 0
    refused: dict[int, str] = {}
    remarks: tuple[str, ...] = ()
    problem: str = ""

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return self.new + self.changed + self.known + self.not_taken


class _Row(NamedTuple):
    number: int
    cells: dict[str, str]  # by column


class _Wrong(Exception):
    """Why a row is no deal, in words."""


def read_deals(
    content: bytes, people: Mapping[str, str], segments: Iterable[Choice], zone: str, now: datetime
) -> Import:
    """The deals of a file. `people`: Slack user ids by email and by id, in small letters; `zone` (IANA) says what day
    it is. Refuses a file that is no table of deals; a row that is no deal is named and the others are taken."""
    text = _text(content)
    rows = list(islice(_rows(text, *_layout(text)), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise Refusal(f"This file has more than {MOST_ROWS:,} rows. Send it in parts.")
    reader = _Reader(rows, people, segments, zone, now)
    deals: dict[int, Closed] = {}
    refused: dict[int, str] = {}
    newest: dict[str, int] = {}  # the row of each id
    for row in rows:
        try:
            deals[row.number] = deal = reader.deal(row.cells)
        except _Wrong as wrong:
            refused[row.number] = str(wrong)
            continue
        if deal.external_id:
            if earlier := newest.get(deal.external_id):
                del deals[earlier]
                refused[earlier] = f"row {row.number} has the same id, “{deal.external_id}”, and counts"
            newest[deal.external_id] = row.number
    return Import(deals, dict(sorted(refused.items())), tuple(reader.remarks()))


def people_by_word(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What people may be called in a file, from (Slack user id, email)."""
    found: dict[str, str] = {}
    for user, email in people:
        found |= {user.lower(): user} | ({email.lower(): user} if email else {})
    return found


# -- the table


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


def _layout(text: str) -> tuple[str, int, dict[str, int]]:
    """The delimiter, the number of the row of headers, and where each column is."""
    tops = {delimiter: list(islice(_records(text, delimiter), _TITLE)) for delimiter in (",", ";", "\t")}
    for delimiter, top in tops.items():
        for number, cells in top:
            columns = _columns(cells)
            if all(name in columns for name in _NEEDED):
                return delimiter, number, columns
    first = max((top[0][1] for top in tops.values() if top), key=len, default=[])
    seen = ", ".join(f"“{cell.strip()[:40]}”" for cell in first[:10] if cell.strip())
    raise Refusal(
        "The first row must name the columns, among them `customer` and `closed_on`. "
        + (f"This file's columns are: {seen}." if seen else "This file is empty.")
    )


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each known column is."""
    keys = [re.sub(r"[\W_]", "", cell).lower() for cell in cells[:_WIDEST]]
    found = {name: next((keys.index(one) for one in known if one in keys), None) for name, known in _HEADERS.items()}
    return {name: place for name, place in found.items() if place is not None}


def _rows(text: str, delimiter: str, header: int, columns: Mapping[str, int]) -> Iterator[_Row]:
    """The rows below the headers in which something stands."""
    for number, cells in _records(text, delimiter):
        if number > header and any(cell.strip() for cell in cells):
            found = {name: cells[place] for name, place in columns.items() if place < len(cells)}
            yield _Row(number, {name: " ".join(cell.replace("\0", "").split()) for name, cell in found.items()})


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


# -- one row


class _Reader:
    """Reads rows one by one, and remembers what was strange in them."""

    def __init__(
        self,
        rows: Iterable[_Row],
        people: Mapping[str, str],
        segments: Iterable[Choice],
        zone: str,
        now: datetime,
    ) -> None:
        self._people = people
        self._segments = {word.casefold(): one.id for one in segments for word in (one.label, one.id)}
        self._zone = zone
        self._today = now.astimezone(ZoneInfo(zone)).date()
        self._order = order_of(row.cells.get("closed_on", "") for row in rows)
        self._strangers: dict[str, None] = {}
        self._sizes: dict[str, None] = {}

    def deal(self, cells: Mapping[str, str]) -> Closed:
        """The deal of one row. Raises _Wrong."""
        for name, cell in cells.items():
            if len(cell) > _LONGEST and name != "website":
                raise _Wrong(f"{name} is longer than {_LONGEST} characters: is a quotation mark not closed?")
        customer = cells.get("customer", "")
        if not is_name(customer):
            raise _Wrong("the customer is missing")
        if len(customer_key(customer)) > _LONGEST:  # some letters become several
            raise _Wrong("the customer's name is too long")
        day = self._day(cells.get("closed_on", ""))
        return Closed(
            customer=customer,
            closed_at=noon(day, self._zone),
            website=cells.get("website", "")[:_LONGEST],
            external_id=cells.get("id", ""),
            ae=self._person(cells.get("ae", "")),
            csm=self._person(cells.get("csm", "")),
            segment=self._segment(cells.get("segment", "")),
        )

    def remarks(self) -> Iterator[str]:
        """What was left out of the deals."""
        if self._strangers:
            yield f"Nobody here is known as {_some(self._strangers)}: those deals are kept without that person."
        if self._sizes:
            yield f"No segment is called {_some(self._sizes)}: those deals are kept without one."

    def _person(self, word: str) -> str:
        user = self._people.get(word.lower(), "")
        if word and not user:
            self._strangers[word] = None
        return user

    def _segment(self, word: str) -> str:
        segment = self._segments.get(word.casefold(), "")
        if word and not segment:
            self._sizes[word] = None
        return segment

    def _day(self, typed: str) -> date:
        if not typed:
            raise _Wrong("closed_on is missing")
        days = readings(typed)
        day = days.get(self._order) if len(set(days.values())) > 1 else next(iter(days.values()), None)
        if day is None and days:
            one, other = (f"{day.day} {day:%B}" for day in days.values())
            raise _Wrong(f"closed_on “{typed}” may be {one} or {other}: write it as 2026-11-30")
        if day is None or day < _FIRST_DAY:
            raise _Wrong(f"closed_on “{typed}” is no date")
        if day > self._today:
            raise _Wrong(f"closed_on “{typed}” lies in the future")
        return day


def _some(words: Iterable[str]) -> str:
    """The first few of them."""
    known = list(words)
    more = f" and {len(known) - _NAMED} others" if len(known) > _NAMED else ""
    return ", ".join(f"“{word[:80]}”" for word in known[:_NAMED]) + more
