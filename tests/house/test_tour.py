"""The README's tour, walked as it is told, through the seeded customers of a fresh local workspace."""

from pathlib import Path

import pytest_asyncio
import yaml

from handlers.seeds import plant
from tests.office import Office, on_sqlite

CUSTOMERS = Path(__file__).parents[2] / "sandbox/customers"
BRIGHTWATER, ACME = "handoff-brightwater-logistics", "handoff-acme"


@pytest_asyncio.fixture
async def fresh(office: Office) -> Office:
    """What `make run` shows when `var/` is empty."""
    customers = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(CUSTOMERS.glob("*.yml"))]
    await plant(office.baton.desk, office.baton.team, customers)
    await office.settles()
    return office


@on_sqlite
async def test_steps_1_to_4_a_gap_is_named_mended_and_accepted(fresh: Office) -> None:
    ana, ben = fresh.ana, fresh.ben
    assert "Next: Read the document, then accept it or return it — @Ben Okafor" in fresh.card(ana, BRIGHTWATER).text
    await ana.clicks("View document", into=BRIGHTWATER)
    assert ana.modal.title == "Handoff document"
    await ana.modal.close()

    await ben.clicks("Return", into=ben.dm().last)
    ben.modal.fill("Reason", "Something is unclear")
    ben.modal.fill("What needs work", ["Risks"])
    ben.modal.fill("In your words", "Who covers for the engineer on leave?")
    assert await ben.modal.submit() == {}
    await fresh.settles()

    await ana.clicks("Open Risks & Red Flags", into=ana.dm().last)
    await ana.modal.press("Edit", near="One engineer on leave")
    ana.modal.fill("Mitigation", "The deputy covers until then")
    assert await ana.modal.submit() == {}
    await ana.modal.close()
    await ana.clicks("Submit for review", into=ana.dm().last)
    await fresh.settles()

    await ben.clicks("Accept", into=ben.dm().last)
    assert ben.modal.submit_label == "Accept"
    assert await ben.modal.submit() == {}
    await fresh.settles()
    assert "Accepted by CS" in fresh.card(ben, BRIGHTWATER).text
    assert "The deputy covers until then" in ben.canvas(BRIGHTWATER)


@on_sqlite
async def test_steps_5_and_6_a_new_handoff_shows_what_is_missing_and_what_is_late(fresh: Office) -> None:
    ana = fresh.ana
    await ana.types("/handoff start Acme", into="general")
    ana.modal.fill("Segment", "SMB")
    assert ana.modal.submit_label == "Start"
    assert await ana.modal.submit() == {}
    await fresh.settles()

    await ana.clicks("Submit for review", into=ACME)
    assert ana.modal.title == "Not ready yet"
    assert "Open Stakeholders" in ana.modal.buttons
    await ana.modal.close()

    await fresh.signs(ana, ACME)
    await fresh.later(days=1)
    assert "Overdue: Complete handoff document" in fresh.card(ana, ACME).text
