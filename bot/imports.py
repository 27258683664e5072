"""Closed deals from a CRM's export: a CSV as spreadsheets and CRMs write it becomes deals, and by row what is none."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.customers import customer_key, is_name
from bot.dates import noon, order_of, readings
from bot.refusals import Refusal
from bot.spreadsheets import Table, read_table
from bot.teams import Person
from bot.timing import Choice

MOST_ROWS = 20_000
MOST_BYTES = 5_000_000
_LONGEST = 200  # characters of a cell; a quote that is never closed makes a cell of the rest of the file
_FIRST_DAY = date(2000, 1, 1)
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
    "won": (
        *(
            "iswon",
            "won",
            "isclosedwon",
            "closedwon",
            "stage",
            "stagename",
            "dealstage",
            "opportunitystage",
            "salesstage",
        ),
        *("status", "dealstatus", "opportunitystatus"),
    ),
}
_NEEDED = ("customer", "closed_on")
_YES = {"true", "yes", "1"}
_NOT_WON = re.compile(r"\b(not|lost|never|unwon|won['’]t)\b")


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


class _Wrong(Exception):
    """Why a row is no deal, in words."""


def read_deals(
    content: bytes, people: Mapping[str, str], segments: Iterable[Choice], zone: str, now: datetime
) -> Import:
    """The deals of a file. `people`: Slack user ids by what they may be called (see people_by_word); `zone` (IANA) says
    what day it is. Refuses a file that is no table of deals; a row that is no deal is named and the others are taken,
    and rows that the CRM does not call won are left out."""
    table = read_table(content, _HEADERS, _NEEDED, MOST_ROWS)
    reader = _Reader(table, people, segments, zone, now)
    deals: dict[int, Closed] = {}
    refused: dict[int, str] = {}
    newest: dict[tuple[object, ...], int] = {}  # the row of each deal
    for row in table.rows:
        if not reader.is_won(row.cells):
            continue
        try:
            deals[row.number] = deal = reader.deal(row.cells)
        except _Wrong as wrong:
            refused[row.number] = str(wrong)
            continue
        same = (deal.external_id,) if deal.external_id else (customer_key(deal.customer), deal.closed_at)
        if earlier := newest.get(same):
            del deals[earlier]
            what = f"id, “{deal.external_id}”," if deal.external_id else "customer and day"
            refused[earlier] = f"row {row.number} has the same {what} and counts"
        newest[same] = row.number
    if not deals and not refused:
        raise Refusal(reader.unwon())
    return Import(deals, dict(sorted(refused.items())), tuple(reader.remarks()))


def people_by_word(people: Iterable[Person]) -> dict[str, str]:
    """The Slack user ids by what people may be called in a file, in small letters: id, email, and the name that nobody
    else here has."""
    colleagues = [one for one in people if not one.is_bot]
    names = Counter(_called(one.name) for one in colleagues)
    found = {name: one.id for one in colleagues if names[name := _called(one.name)] == 1 and name}
    return found | {word.lower(): one.id for one in colleagues for word in (one.id, one.email) if word}


def _called(name: str) -> str:
    return " ".join(name.lower().split())


# -- one row


class _Reader:
    """Reads rows one by one, and remembers what was strange in them."""

    def __init__(
        self, table: Table, people: Mapping[str, str], segments: Iterable[Choice], zone: str, now: datetime
    ) -> None:
        self._headers = table.headers
        self._people = people
        self._segments = {word.casefold(): one.id for one in segments for word in (one.label, one.id)}
        self._zone = zone
        self._today = now.astimezone(ZoneInfo(zone)).date()
        self._order = order_of(row.cells.get("closed_on", "") for row in table.rows)
        self._strangers: dict[str, None] = {}
        self._sizes: dict[str, None] = {}
        self._not_won: Counter[str] = Counter()

    def is_won(self, cells: Mapping[str, str]) -> bool:
        """Whether the CRM calls it won; where a file does not say, its deals are."""
        if "won" not in self._headers:
            return True
        stage = cells.get("won", "")
        word = stage.lower()
        if word in _YES or ("won" in word and not _NOT_WON.search(word)):
            return True
        self._not_won[stage] += 1
        return False

    def deal(self, cells: Mapping[str, str]) -> Closed:
        """The deal of one row. Raises _Wrong."""
        for name, cell in cells.items():
            if len(cell) > _LONGEST and name != "website":
                raise _Wrong(
                    f"{self._headers[name]} is longer than {_LONGEST} characters: is a quotation mark not closed?"
                )
        customer = cells.get("customer", "")
        if not is_name(customer):
            raise _Wrong(f"{self._headers['customer']} is missing")
        if len(customer_key(customer)) > _LONGEST:  # some letters become several
            raise _Wrong(f"{self._headers['customer']} is too long")
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
        """What was left out of the deals, and what is none."""
        if self._not_won:
            yield self.unwon()
        if self._strangers:
            yield (
                f"Nobody here, or more than one, is known as {_some(self._strangers)}: those deals are kept without "
                "that person. Write the email address that Slack knows."
            )
        if self._sizes:
            yield f"No segment is called {_some(self._sizes)}: those deals are kept without one."

    def unwon(self) -> str:
        """What the CRM does not call won."""
        count = self._not_won.total()
        rows = "row is" if count == 1 else "rows are"
        stages = [stage or "empty" for stage, _ in self._not_won.most_common()]
        return f"{count:,} {rows} not won ({_listed(stages)}), as the column “{self._headers['won']}” says."

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
        header = self._headers["closed_on"]
        if not typed:
            raise _Wrong(f"{header} is missing")
        days = readings(typed)
        day = days.get(self._order) if len(set(days.values())) > 1 else next(iter(days.values()), None)
        if day is None and days:
            one, other = (f"{day.day} {day:%B}" for day in days.values())
            raise _Wrong(f"{header} “{typed}” may be {one} or {other}: write it as YYYY-MM-DD")
        if day is None or day < _FIRST_DAY:
            raise _Wrong(f"{header} “{typed}” is no date")
        if day > self._today:
            raise _Wrong(f"{header} “{typed}” lies in the future")
        return day


def _some(words: Iterable[str]) -> str:
    """The first few of them, quoted."""
    return _listed([f"“{word[:80]}”" for word in words])


def _listed(words: Sequence[str]) -> str:
    """The first few of them."""
    more = len(words) - _NAMED
    others = f" and {more} {'other' if more == 1 else 'others'}" if more > 0 else ""
    return ", ".join(word[:82] for word in words[:_NAMED]) + others
