"""What the figures count, of handoffs that an older Baton started, changed, or still changes beside this one."""

import psycopg
import pytest
from sqlalchemy import Connection, delete, update

from handlers.recounts import Recounts
from store.tables import deals, handoffs
from tests.office import Office, office_on, on_sqlite


async def test_handoffs_of_an_older_version_are_counted_after_the_start(office: Office) -> None:
    await office.starts(office.ana)
    await office.starts(office.ana, **{"Company Name": "Nordlicht AG", "Website": "https://nordlicht.example"})
    before = sorted(tuple(row)[1:] for row in await office.rows(deals))
    await office.baton.store.database.write(lambda connection: connection.execute(delete(deals)))
    await Recounts(office.baton.desk).catch_up()
    assert sorted(tuple(row)[1:] for row in await office.rows(deals)) == before
    await Recounts(office.baton.desk).catch_up()
    assert len(await office.rows(deals)) == 2


async def test_what_an_older_version_does_beside_this_one_is_counted_within_a_minute(office: Office) -> None:
    recounts = Recounts(office.baton.desk)
    channel = await office.starts(office.ana)
    await recounts.catch_up()
    await office.signs(office.ana, channel)
    before = await office.rows(deals)
    assert before[0].signed_at
    older = update(deals).values(signed_at=None, closed_at=None, ae="", customer="Somebody")
    await office.baton.store.database.write(lambda connection: connection.execute(older))
    await recounts.catch_up()
    assert await office.rows(deals) == before


@pytest.mark.postgres
async def test_a_handoff_that_is_held_is_counted_later_and_the_others_now(postgres_url: str) -> None:
    async with office_on(postgres_url) as office:
        for number in range(3):
            name, site = f"Customer {number}", f"https://customer{number}.example"
            await office.starts(office.ana, **{"Company Name": name, "Website": site})
        await office.baton.store.database.write(lambda connection: connection.execute(delete(deals)))
        recounts = Recounts(office.baton.desk)
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
            other.execute("SELECT * FROM handoffs ORDER BY id LIMIT 1 FOR UPDATE")
            await recounts.catch_up()
        assert [row.customer for row in await office.rows(deals)] == ["Customer 1", "Customer 2"]
        await recounts.catch_up()
        assert len(await office.rows(deals)) == 3


@on_sqlite
async def test_a_handoff_that_cannot_be_read_keeps_no_other_from_being_counted(
    office: Office,
) -> None:
    await office.starts(office.ana)
    await office.starts(office.ana, **{"Company Name": "Nordlicht AG", "Website": "https://nordlicht.example"})
    await office.settles()

    def poison(connection: Connection) -> None:
        connection.execute(delete(deals))
        connection.execute(update(handoffs).where(handoffs.c.customer == "Nordlicht AG").values(state="{}"))

    await office.baton.store.database.write(poison)
    await Recounts(office.baton.desk).catch_up()
    assert [row.customer for row in await office.rows(deals)] == ["Acme GmbH"]
    assert len(office.baton.desk.pulse.uncounted) == 1
