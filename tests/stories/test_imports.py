"""Closed deals from the CRM's file: what is taken, what is said of it, and the handoffs that nobody has started."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from sandbox import files
from sandbox.manifest import read_manifest
from sandbox.person import Person
from store.tables import deals
from tests.office import Office, manifest, office_on, on_sqlite

DEALS = """\
Account Name,Close Date,Opportunity ID,Owner Email,Segment
Acme GmbH,2026-11-12,006-1,Ana.Lima@NorthwindSoftware.example,SMB
Nordlicht AG,2026-11-19,006-2,tom.becker@northwindsoftware.example,
"""


async def imports(office: Office, who: Person, text: str | bytes, name: str = "deals.csv") -> str:
    """Somebody sends a file; what Baton says of it."""
    await office.knows("Tom Becker", deleted=False)
    before = len(who.dm().messages)
    await sends(who, text.encode() if isinstance(text, str) else text, name)
    await office.settles()
    (told,) = who.dm().messages[before:]
    return told.text


async def sends(who: Person, content: bytes, name: str = "deals.csv") -> None:
    """Somebody sends a file."""
    await who.types("/handoff deals import", into="general")
    who.modal.fill("File of closed deals", (name, content))
    assert await who.modal.submit() == {}
    assert "Baton reads the file" in who.modal.text()
    await who.modal.close(everything=True)


async def counted(office: Office) -> list[tuple[Any, ...]]:
    """Every deal: customer, whether there is a handoff, when it closed, the CRM's id."""
    rows = await office.rows(deals)
    return sorted((row.customer, bool(row.handoff_id), f"{row.closed_at:%d %b %H}", row.external_id) for row in rows)


async def test_what_the_crm_tells_is_counted_once(office: Office) -> None:
    await office.names_leaders()
    told = await imports(office, office.leila, DEALS)
    assert told.splitlines()[0] == "deals.csv: 2 deals read: 2 new."
    assert "2 closed deals have no handoff." in told
    before = await office.rows(deals)
    again = await imports(office, office.leila, DEALS)
    assert again.splitlines()[0] == "deals.csv: 2 deals read: 2 known."
    assert await office.rows(deals) == before
    moved = await imports(office, office.leila, DEALS.replace("2026-11-19", "2026-11-18"))
    assert moved.splitlines()[0] == "deals.csv: 2 deals read: 1 known, 1 changed."
    assert await counted(office) == [
        ("Acme GmbH", False, "12 Nov 12", "006-1"),
        ("Nordlicht AG", False, "18 Nov 12", "006-2"),
    ]


async def test_a_deal_without_a_handoff_is_started_from_the_list(office: Office) -> None:
    await office.names_leaders()
    await imports(office, office.leila, DEALS)
    leila = office.leila
    await leila.dm().last.press("Show them")
    assert "2 closed deals are known." in leila.modal.text()
    assert "2 of them have no handoff, the newest first:" in leila.modal.text()
    await leila.modal.press("Start a handoff", near="Acme GmbH")
    filled = ("Company Name", "Segment", "Contract signed on", "Account executive")
    assert [leila.modal.value(label) for label in filled] == ["Acme GmbH", "SMB", "2026-11-12", "Ana Lima"]
    assert await leila.modal.submit() == {}
    assert "1 of them has no handoff" in leila.modal.text()
    assert "Acme GmbH" not in leila.modal.text()
    assert "Nordlicht AG" in leila.modal.text()
    await leila.modal.close(everything=True)
    await office.settles()
    assert await counted(office) == [
        ("Acme GmbH", True, "12 Nov 12", "006-1"),
        ("Nordlicht AG", False, "19 Nov 12", "006-2"),
    ]
    again = await imports(office, office.leila, DEALS)
    assert again.splitlines()[0] == "deals.csv: 2 deals read: 2 known."


async def test_a_wrong_deal_is_taken_off_until_the_crm_tells_of_it_again(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await imports(office, office.leila, DEALS)
    await office.cancels(office.ana, channel)
    leila = office.leila
    await leila.types("/handoff deals", into="general")
    assert "2 closed deals are known." in leila.modal.text()
    await leila.modal.press("Take off the list", near="Nordlicht AG")
    assert "1 closed deal is known." in leila.modal.text()
    assert "Nordlicht" not in leila.modal.text()
    await leila.modal.press("Take off the list", near="Acme GmbH")  # its handoff is cancelled
    assert "No closed deal is known yet." in leila.modal.text()
    (answer,) = await leila.types("/handoff metrics", into="general")
    assert "0 deals closed" in answer.text
    assert [row.customer for row in await office.rows(deals)] == ["Acme GmbH"]
    again = await imports(office, leila, DEALS)
    assert again.splitlines()[0] == "deals.csv: 2 deals read: 2 new."


@on_sqlite
async def test_only_what_is_without_a_handoff_is_taken_off_and_only_by_those_who_may(office: Office) -> None:
    await office.names_leaders()
    await imports(office, office.leila, DEALS)
    leila, noah = office.leila, office.noah
    await leila.types("/handoff deals", into="general")
    await noah.types("/handoff deals", into="general")
    await office.becomes_admin("Noah Fraser", no=True)
    await noah.modal.press("Take off the list", near="Acme GmbH")
    assert "Closed deals are for the leaders and the admins" in noah.modal.text()
    await office.starts(office.ana)
    await leila.modal.press("Take off the list", near="Acme GmbH")
    assert "2 closed deals are known.\n1 of them has no handoff" in leila.modal.text()
    assert "Acme GmbH" not in leila.modal.text()
    assert len(await office.rows(deals)) == 2


@on_sqlite
async def test_whose_ae_is_not_known_is_not_started_for_who_happens_to_press(office: Office) -> None:
    await office.names_leaders()
    await imports(office, office.leila, "customer,closed_on\nAcme GmbH,2026-11-12\n")
    await office.leila.types("/handoff deals", into="general")
    await office.leila.modal.press("Start a handoff", near="Acme GmbH")
    assert office.leila.modal.value("Account executive") is None
    office.leila.modal.fill("Segment", "SMB")
    assert list(await office.leila.modal.submit()) == ["Account executive"]


@on_sqlite
async def test_everybody_else_is_politely_refused(office: Office) -> None:
    await office.names_leaders()
    for words in ("/handoff deals", "/handoff deals import"):
        (answer,) = await office.ana.types(words, into="general")
        assert answer.text.startswith("Closed deals are for the leaders and the admins of this workspace.")
    assert await office.noah.types("/handoff deals", into="general") == []
    assert "No closed deal is known yet." in office.noah.modal.text()
    await office.noah.modal.press("Import a CSV file")
    office.noah.modal.fill("File of closed deals", ("deals.csv", DEALS.encode()))
    await office.becomes_admin("Noah Fraser", no=True)
    errors = await office.noah.modal.submit()
    assert "Closed deals are for the leaders" in errors["File of closed deals"]
    assert await office.rows(deals) == []


@on_sqlite
async def test_what_is_not_taken_is_named_and_the_rest_is_kept(office: Office) -> None:
    await office.names_leaders()
    rows = "".join(f"<!channel> {number},32.13.2026,,stranger@example.com,\n" for number in range(12))
    told = await imports(office, office.leila, DEALS + rows + "Last,2026-11-01,,stranger@example.com,\n")
    lines = told.splitlines()
    assert lines[0] == "deals.csv: 15 deals read: 3 new, 12 not taken."
    assert lines[1:3] == ["Not taken", "• row 4: Close Date “32.13.2026” is no date"]
    assert lines[12] == "• and 2 more"
    assert "is known as “stranger@example.com”: those deals are kept without that person. Write the email" in told
    assert len(await office.rows(deals)) == 3


@on_sqlite
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name,when\n", "was not imported. The first row must name the columns, among them customer and closed_on."),
        (b"PK\x03\x04", "was not imported. This is a spreadsheet, not a CSV file. Save it as CSV, and send that."),
        (b"customer,closed_on\n", "was not imported. It has no rows below its headers."),
        (b"\x89PNG\r\n\x1a\n\0", "was not imported. This is no CSV file."),
        (b"x" * 5_000_001, "was not imported. It is larger than 5 MB. Send it in parts."),
    ],
    ids=["other columns", "a workbook", "no rows", "a picture", "too large"],
)
async def test_a_file_that_is_no_table_of_deals_says_why(office: Office, content: bytes, words: str) -> None:
    await office.names_leaders()
    told = await imports(office, office.leila, content, "<b>.csv")
    assert words in told
    assert told.startswith(":warning: <b>.csv")
    await office.leila.dm().last.press("Try another file")
    assert office.leila.modal.offers("File of closed deals")


@on_sqlite
async def test_only_won_deals_are_taken_and_an_owner_may_be_a_name(office: Office) -> None:
    await office.names_leaders()
    rows = "Acme GmbH,2026-11-12,Closed Won,Ana Lima\nLost Inc,2026-11-13,Closed Lost,Ana Lima\n"
    told = await imports(office, office.leila, f"Account Name,Close Date,Stage,Deal Owner\n{rows}Gone,,Closed Lost,\n")
    assert told.splitlines()[0] == "deals.csv: 1 deal read: 1 new."
    assert "2 rows are not won (Closed Lost), as the column “Stage” says." in told
    assert [(row.customer, row.ae) for row in await office.rows(deals)] == [("Acme GmbH", office.ana.id)]


@on_sqlite
async def test_a_file_that_was_deleted_meanwhile_is_asked_for_again(office: Office) -> None:
    await office.names_leaders()
    office.workspace.faults.add("files.info", "error", code="file_deleted")
    told = await imports(office, office.leila, DEALS)
    assert told.startswith(":warning: The file was not imported. The file is not in Slack any more. Send it again.")


@on_sqlite
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"kind": "error", "code": "not_visible"}, "Slack did not give the file. Send it again"),
        ({"kind": "500", "times": 8}, "Baton tried it several times in vain. Send it again"),
    ],
    ids=["refused", "in vain"],
)
async def test_a_file_that_slack_does_not_give_is_told_of(office: Office, fault: dict[str, Any], words: str) -> None:
    await office.names_leaders()
    office.workspace.faults.add("files.info", **fault)
    await office.leila.types("/handoff deals import", into="general")
    office.leila.modal.fill("File of closed deals", ("deals.csv", DEALS.encode()))
    assert await office.leila.modal.submit() == {}
    await office.settles()
    await office.goes_on(minutes=15)
    (told,) = told_of_files(office)
    assert told.startswith(f":warning: The file was not imported. {words}")


@on_sqlite
async def test_without_the_scope_it_is_said_what_to_do(office: Office) -> None:
    await office.names_leaders()
    older = manifest()
    older["oauth_config"]["scopes"]["bot"].remove("files:read")
    office.workspace.manifest = read_manifest(older)
    (answer,) = await office.leila.types("/handoff deals import", into="general")
    assert "An admin adds the scope files:read" in answer.text


@on_sqlite
@pytest.mark.parametrize("kind", ["429", "500", "timeout_after"])
async def test_slack_may_be_unwell_while_the_file_is_read(office: Office, kind: str) -> None:
    await office.names_leaders()
    office.workspace.faults.add("files.info", kind, delay=0)
    await office.leila.types("/handoff deals import", into="general")
    office.leila.modal.fill("File of closed deals", ("deals.csv", DEALS.encode()))
    assert await office.leila.modal.submit() == {}
    await office.settles()
    for _ in range(3):
        await office.later(minutes=1)
    assert [message.splitlines()[0] for message in told_of_files(office)] == ["deals.csv: 2 deals read: 2 new."]


@on_sqlite
async def test_the_same_submit_twice_is_read_once_and_told_once(office: Office) -> None:
    await office.names_leaders()
    office.workspace.faults.add("chat.postMessage", "500_after")
    await office.leila.types("/handoff deals import", into="general")
    office.leila.modal.fill("File of closed deals", ("deals.csv", DEALS.encode()))
    payload = office.submission(office.leila)
    files.hand_over(office.workspace, office.workspace.stack(office.leila.id)[-1])
    for _ in range(2):
        answer = await office.workspace.delivery.send("interactive", payload)
        assert answer["response_action"] == "update"
    await office.settles()
    for _ in range(3):
        await office.later(minutes=1)
    assert [message.splitlines()[0] for message in told_of_files(office)] == ["deals.csv: 2 deals read: 2 new."]


async def test_killed_in_the_middle_it_goes_on_and_counts_each_deal_once(database_url: str) -> None:
    rows = "".join(f"Customer {number},2026-11-{number % 20 + 1:02},{number},,\n" for number in range(8_000))
    async with office_on(database_url) as office:
        await office.names_leaders()
        await office.leila.types("/handoff deals import", into="general")
        office.leila.modal.fill("File of closed deals", ("deals.csv", (DEALS + rows).encode()))
        assert await office.leila.modal.submit() == {}
        await office.baton.delivery.stop(seconds=0)
        await office.closes()
        for _ in range(9):  # each time as soon as something is written
            office.workspace.clock.move(timedelta(minutes=1))
            await office.opens()
            before = len(await office.rows(deals))
            while len(await office.rows(deals)) == before and not told_of_files(office):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await office.baton.delivery.stop(seconds=0)
            await office.closes()
        await office.opens()
        await office.later(minutes=1)
        assert [one.splitlines()[0] for one in told_of_files(office)] == ["deals.csv: 8,002 deals read: 8,002 new."]
        assert len(await office.rows(deals)) == 8_002


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("people", ["deals.csv: 2 deals read: 2 new."]),  # it can be read again before there were many attempts
        (
            "deals",
            [
                (
                    ":warning: deals.csv was not imported. The database took too long. Send the file again later: "
                    "what was kept of it is not counted twice."
                ),
                "deals.csv: 2 deals read: 2 new.",
            ],
        ),
    ],
)
async def test_a_file_waits_for_the_database_but_not_for_ever(office: Office, table: str, lines: list[str]) -> None:
    await office.names_leaders()
    await office.knows("Tom Becker", deleted=False)
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as busy:
        await sends(office.leila, DEALS.encode())
        busy.execute(f"LOCK TABLE {table}")
        await office.settles()
        assert told_of_files(office) == []
        if table == "deals":
            await office.goes_on(minutes=5)
    await office.later(minutes=5)
    if table == "deals":
        await sends(office.leila, DEALS.encode())
        await office.settles()
    assert [one.splitlines()[0] for one in told_of_files(office)] == lines


@on_sqlite
async def test_a_long_list_is_paged(office: Office) -> None:
    await office.names_leaders()
    rows = "".join(f"Customer {number},2026-11-{number:02},{number},,\n" for number in range(1, 21))
    await imports(office, office.leila, "company,closed,id,ae,csm\n" + rows)
    leila = office.leila
    await leila.types("/handoff deals", into="general")
    assert leila.modal.text().index("Customer 20") < leila.modal.text().index("Customer 19")
    await leila.modal.press("Next page")
    assert "Customer 5\n" in leila.modal.text()
    assert "Customer 6\n" not in leila.modal.text()
    await leila.modal.press("Previous page")
    assert "Customer 6\n" in leila.modal.text()


def told_of_files(office: Office) -> list[str]:
    """What Baton said to the leader of files."""
    return [message.text for message in office.leila.dm().messages]
