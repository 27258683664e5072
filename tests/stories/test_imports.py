"""Closed deals from the CRM's file: what is taken, what is said of it, and the handoffs that nobody has started."""

from typing import Any

from sqlalchemy import delete

from handlers.schedule import catch_up
from sandbox.person import Person
from store.tables import deals
from tests.office import Office

DEALS = """\
Account Name,Close Date,Opportunity ID,Owner Email,Segment
Acme GmbH,2026-11-12,006-1,ana@example.com,SMB
Nordlicht AG,2026-11-19,006-2,tom@example.com,
"""


async def imports(office: Office, who: Person, text: str | bytes, name: str = "deals.csv") -> str:
    """Somebody sends a file; what Baton says of it."""
    before = len(who.dm().messages)
    await who.types("/handoff deals import", into="general")
    content = text.encode() if isinstance(text, str) else text
    who.modal.fill("File of closed deals", (name, content))
    assert await who.modal.submit() == {}
    assert "Baton reads the file" in who.modal.text()
    await who.modal.close(everything=True)
    await office.settles()
    (told,) = who.dm().messages[before:]
    return told.text


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


async def test_handoffs_of_an_older_version_are_counted_after_the_start(office: Office) -> None:
    await office.starts(office.ana)
    await office.starts(office.ana, **{"Company Name": "Nordlicht AG", "Website": "https://nordlicht.example"})
    before = sorted(tuple(row)[1:] for row in await office.rows(deals))
    await office.baton.store.database.write(lambda connection: connection.execute(delete(deals)))
    await catch_up(office.baton.desk)
    assert sorted(tuple(row)[1:] for row in await office.rows(deals)) == before
    await catch_up(office.baton.desk)
    assert len(await office.rows(deals)) == 2
