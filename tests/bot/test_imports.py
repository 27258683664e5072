"""A CRM's export is read: headers, delimiters and encodings as they come, and every row is taken or named."""

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports import MOST_ROWS, Import, people_by_word, read_deals
from bot.refusals import Refusal
from bot.teams import Person
from bot.timing import Choice

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
PEOPLE = people_by_word(
    [
        Person(id="U0ANA", name="Ana Lima", email="Ana@Example.com"),
        Person(id="U0BEN", name="Ben  Okafor"),
        Person(id="U0SAM", name="Sam Lee"),
        Person(id="U1SAM", name="sam lee", email="sam@example.com"),
        Person(id="U0BOT", name="Ana Lima", is_bot=True),
    ]
)
SEGMENTS = (Choice(id="smb", label="SMB"), Choice(id="mid_market", label="Mid-market"))


def read(content: str | bytes, zone: str = "UTC") -> Import:
    """What a file tells."""
    return read_deals(content.encode() if isinstance(content, str) else content, PEOPLE, SEGMENTS, zone, NOW)


def days(*written: str) -> dict[str, str]:
    """How these dates of one file are read: the day, or why not."""
    text = "customer;closed_on\n" + "".join(f"Acme {place};{day}\n" for place, day in enumerate(written))
    told = read(text)
    found = {row: f"{deal.closed_at:%Y-%m-%d}" for row, deal in told.deals.items()} | told.refused
    return {day: found[row] for row, day in enumerate(written, 2)}


FULL = "id,customer,website,closed_on,ae,csm,segment\n006,Acme GmbH,acme.example,2026-11-12,ana@example.com,U0BEN,smb\n"


def test_a_row_becomes_a_deal() -> None:
    (deal,) = read(FULL).deals.values()
    assert (deal.external_id, deal.customer, deal.website) == ("006", "Acme GmbH", "acme.example")
    assert (deal.ae, deal.csm, deal.segment) == ("U0ANA", "U0BEN", "smb")
    assert deal.closed_at == datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        "Account Name,Close Date",
        "ACCOUNT_NAME,closed-on",
        " Customer ,Closed On",
        "Company,Close date",
        "Associated Company,Won time",
        "Opportunity ID,Account Name,Close Date",
        "Deals of the year\n\nAccount Name,Close Date",
        "sep=,\nAccount Name,Close Date",
    ],
)
def test_headers_are_those_of_the_usual_exports(header: str) -> None:
    row = "1,Acme,2026-11-12" if "ID" in header else "Acme,2026-11-12"
    (deal,) = read(f"{header}\n{row}\n").deals.values()
    assert (deal.customer, deal.closed_at.date()) == ("Acme", date(2026, 11, 12))


def test_of_several_columns_the_most_telling_counts() -> None:
    text = "Owner,Owner Email,Closed,Close Date,Company\nAna Lima,ana@example.com,true,2026-11-12,Acme\n"
    told = read(text)
    assert [(deal.ae, f"{deal.closed_at:%d}") for deal in told.deals.values()] == [("U0ANA", "12")]
    assert told.remarks == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found_out(encoding: str, delimiter: str, end: str) -> None:
    lines = [["customer", "closed_on"], ['"Müller, Söhne; & ""Co"""', "2026-11-12"], ['"Two\nlines"', "2026-11-13"], []]
    text = end.join(delimiter.join(line) for line in lines)
    told = read(text.encode(encoding))
    assert [deal.customer for deal in told.deals.values()] == ['Müller, Söhne; & "Co"', "Two lines"]


def test_dates_are_read_in_the_order_that_the_file_shows() -> None:
    assert days("2026-11-03", "3.11.2026", "03.11.26", "2026/11/03 14:22", "2026-11-03T14:22:00Z") == dict.fromkeys(
        ("2026-11-03", "3.11.2026", "03.11.26", "2026/11/03 14:22", "2026-11-03T14:22:00Z"), "2026-11-03"
    )
    assert days("11/03/2026", "11/13/2026") == {"11/03/2026": "2026-11-03", "11/13/2026": "2026-11-13"}
    assert days("03/11/2026", "13/11/2026", "4/4/26, 3:15 PM") == {
        "03/11/2026": "2026-11-03",
        "13/11/2026": "2026-11-13",
        "4/4/26, 3:15 PM": "2026-04-04",
    }
    unsure = "closed_on “04/03/2026” may be 4 March or 3 April: write it as YYYY-MM-DD"
    assert days("04/03/2026")["04/03/2026"] == unsure
    assert days("04/03/2026", "4/4/2026", "2026-11-13")["04/03/2026"] == unsure
    assert days("04/03/2026", "13/11/2026", "11/13/2026") == {
        "04/03/2026": unsure,
        "13/11/2026": "2026-11-13",
        "11/13/2026": "2026-11-13",
    }
    for nonsense in ("32.13.2026", "2026-02-30", "soon", "01-02-03", "20261103", "1999-12-31", "2026-11", "0/0/2026"):
        assert days(nonsense) == {nonsense: f"closed_on “{nonsense}” is no date"}


def test_the_day_is_that_of_the_workspace() -> None:
    text = "customer,closed_on\nAcme,2026-11-24\n"
    assert read(text).refused == {2: "closed_on “2026-11-24” lies in the future"}
    (deal,) = read(text, "Pacific/Kiritimati").deals.values()  # where it is the 24th already
    assert deal.closed_at == datetime(2026, 11, 23, 22, tzinfo=UTC)


def test_every_row_that_is_no_deal_is_named_as_a_spreadsheet_counts_it() -> None:
    text = f"id;customer;closed_on\n1;;2026-11-12\n\n;  ;\n2;Acme;\n3;\u200b;2026-11-12\n4;{'x' * 201};2026-11-12\n"
    assert read(text).refused == {
        2: "customer is missing",
        5: "closed_on is missing",
        6: "customer is missing",
        7: "customer is longer than 200 characters: is a quotation mark not closed?",
    }


def test_a_column_is_named_as_the_file_names_it() -> None:
    told = read("Account Name;Close Date\n;2026-11-12\nAcme;\nOther;soon\n")
    assert told.refused == {
        2: "Account Name is missing",
        3: "Close Date is missing",
        4: "Close Date “soon” is no date",
    }


@pytest.mark.parametrize("header", ["Stage", "Deal Stage", "Opportunity Stage", "Status", "Is Won", "Won"])
@pytest.mark.parametrize("word", ["Closed Won", "closedwon", "Won", "Gewonnen", "true", "TRUE", "Yes", "1"])
def test_what_the_crm_calls_won_is_taken(header: str, word: str) -> None:
    told = read(f"customer,closed_on,{header}\nAcme,2026-11-12,{word}\n")
    assert (len(told.deals), told.refused, told.remarks) == (1, {}, ())


def test_what_is_not_won_is_left_out_and_counted() -> None:
    rows = "Acme,2026-11-12,Closed Won\nA,2026-11-12,Closed Lost\nB,2027-05-01,Negotiation\n,,Closed Lost\n"
    told = read(f"customer,closed_on,Stage\n{rows}C,2026-11-12,Not won\nD,2026-11-12,\n")
    assert [deal.customer for deal in told.deals.values()] == ["Acme"]
    assert told.refused == {}
    counted = "5 rows are not won (Closed Lost, Negotiation, Not won, empty), as the column “Stage” says."
    assert told.remarks == (counted,)
    told = read("customer,closed_on,Stage,Won\nAcme,2026-11-12,Contract signed,true\nB,2026-11-12,Contract signed,0\n")
    assert [deal.customer for deal in told.deals.values()] == ["Acme"]
    assert told.remarks == ("1 row is not won (0), as the column “Won” says.",)
    with pytest.raises(Refusal, match="1 row is not won"):
        read("customer,closed_on,Stage\nA,2026-11-12,Closed Lost\n")


def test_people_are_known_by_the_name_that_nobody_else_has() -> None:
    told = read("customer,closed_on,Deal owner,csm\nAcme,2026-11-12,ben okafor,Ana Lima\nB,2026-11-12,Sam Lee,Ben\n")
    assert [(deal.ae, deal.csm) for deal in told.deals.values()] == [("U0BEN", "U0ANA"), ("", "")]
    (remark,) = told.remarks
    assert remark.startswith("Nobody here, or more than one, is known as “Sam Lee”, “Ben”: those deals are kept")
    assert remark.endswith("Write the email address that Slack knows.")


def test_what_a_report_says_at_its_end_is_no_row() -> None:
    told = read(
        'Account Name,Close Date,Won\nAcme,2026-11-12,1\nB,,1\nC,,\n\n\n"Report of the year"\n'
        '"Copyright (c) 2026, the CRM"\n\n"Confidential Information - Do Not Distribute"\n"Generated By: Ana, 11/23"\n'
    )
    assert [deal.customer for deal in told.deals.values()] == ["Acme"]
    assert told.refused == {3: "Close Date is missing"}
    assert told.remarks == ("1 row is not won (empty), as the column “Won” says.",)
    assert len(read("customer,closed_on\nAcme,2026-11-12\nConfidential\n").deals) == 1
    told = read("customer,closed_on\nAcme,2026-11-12\n\nGenerated By: Ana,\n")
    assert (len(told.deals), told.refused) == (1, {})
    with pytest.raises(Refusal, match="It has no rows below its headers"):
        read('customer,closed_on\n\n"Generated By: Ana"\n')


def test_a_report_may_have_its_last_words_below_as_many_rows_as_there_may_be() -> None:
    text = "customer,closed_on,id\n" + "".join(f"Acme,2026-11-12,{n}\n" for n in range(MOST_ROWS))
    assert len(read(f"{text}\nGenerated By: Ana\n").deals) == MOST_ROWS


def test_of_one_customer_and_day_without_ids_the_last_row_counts() -> None:
    told = read("customer,closed_on\nAcme GmbH,2026-11-12\nAcme,2026-11-12\nAcme,2026-11-13\n")
    assert list(told.deals) == [3, 4]
    assert told.refused == {2: "row 3 has the same customer and day and counts"}


def test_of_rows_with_the_same_id_the_last_counts() -> None:
    told = read("id,customer,closed_on\n7,Acme,2026-11-12\n8,Other,2026-11-12\n7,Acme,2026-11-13\n7,,\n")
    assert {row: f"{deal.closed_at:%d}" for row, deal in told.deals.items()} == {3: "12", 4: "13"}
    assert told.refused == {2: "row 4 has the same id, “7”, and counts", 5: "customer is missing"}


def test_who_is_unknown_is_said_once() -> None:
    rows = "".join(f"Acme {n},2026-11-12,who{n % 7}@example.com,Huge\n" for n in range(20))
    told = read(f"customer,closed_on,ae,segment\n{rows}")
    assert {(deal.ae, deal.segment) for deal in told.deals.values()} == {("", "")}
    who = ", ".join(f"“who{n}@example.com”" for n in range(5))
    strangers = (
        f"Nobody here, or more than one, is known as {who} and 2 others: those deals are kept without that person."
    )
    assert told.remarks == (
        f"{strangers} Write the email address that Slack knows.",
        "No segment is called “Huge”: those deals are kept without one.",
    )


def test_one_more_is_one_other() -> None:
    rows = "".join(f"Acme {n},2026-11-12,who{n}@example.com\n" for n in range(6))
    assert "“who4@example.com” and 1 other: those" in read(f"customer,closed_on,ae\n{rows}").remarks[0]


def test_what_looks_like_a_formula_is_text() -> None:
    told = read('customer,closed_on,id\n"=HYPERLINK(""x"")",2026-11-12,\'=1+1\n')
    assert [(deal.customer, deal.external_id) for deal in told.deals.values()] == [('=HYPERLINK("x")', "'=1+1")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"\n\n", "This file is empty."),
        (b"PK\x03\x04rest", "This is a spreadsheet, not a CSV file."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is no CSV file."),
        (b"\0\x01\x02\xff\xfe", "This is no CSV file."),
        (b"\x93\x8d\x07\xf3\x1c" * 90, "This is no CSV file."),
        (b"customer,closed_on\n", "It has no rows below its headers."),
        (b"name,when\nAcme,2026", "This file's columns are: “name”, “when”."),
        (b"customer;when\n", "This file's columns are: “customer”, “when”."),
        (b"customer,closed_on\n" + b"Acme,2026-11-12\n" * (MOST_ROWS + 1), "more than 20,000 rows"),
        (
            b'customer,closed_on\n"' + b"Acme,2026-11-12\n" * 9_000,
            "Row 2 can't be read: is a quotation mark not closed?",
        ),
    ],
)
def test_what_is_no_table_of_deals_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(content)
    assert words in refused.value.words


cells = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["2026-11-12", "13.11.2026", "11/13/2026", "1/2/26", "Acme", '"', "ana@example.com", "7", "=1", "\0"]
    ),
)
headers = st.sampled_from(["customer", "Close Date", "id", "Owner Email", "segment", "website", "", "x", "closed_on"])


def written(table: Sequence[Sequence[str]], delimiter: str) -> str:
    """As a spreadsheet would save it."""
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows(table)
    return sheet.getvalue()


def is_whole(told: Import, count: int) -> bool:
    """Whether each of so many rows is taken or named, and none of it breaks a database or a message."""
    fields: list[Any] = [value for deal in told.deals.values() for value in vars(deal).values()]
    assert not any("\0" in value for value in fields if isinstance(value, str))
    assert all(deal.customer.strip() and deal.closed_at <= NOW.replace(hour=12) for deal in told.deals.values())
    return len(told.deals) + len(told.refused) == count


tables = st.lists(st.lists(cells, min_size=2, max_size=5), max_size=12)


@given(tables, st.lists(headers, max_size=3), st.sampled_from(",;\t"))
def test_every_row_is_taken_or_named(table: list[list[str]], more: list[str], delimiter: str) -> None:
    last = ["The last", "2026-11-12"]  # no row above it is a report's last words
    text = written([["customer", "closed_on", *more], *table, last], delimiter)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    filled = sum(any(cell.strip() for cell in row) for row in records)
    assert is_whole(read(text.encode("utf-8", "replace")), filled - 1)


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused_in_words(content: bytes) -> None:
    for head in (b"", b"customer,closed_on\n", "customer;closed_on\n".encode("utf-16")):
        with suppress(Refusal):
            told = read(head + content)
            assert is_whole(told, len(told.deals) + len(told.refused))
