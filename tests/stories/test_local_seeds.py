"""The handoffs that a fresh local workspace begins with."""

import yaml

from handlers.seeds import plant
from tests.office import ROOT, Office, on_sqlite

pytestmark = on_sqlite


async def grows(office: Office) -> None:
    """The local workspace is planted."""
    paths = sorted((ROOT / "sandbox/customers").glob("*.yml"))
    await plant(office.baton.desk, office.baton.team, [yaml.safe_load(path.read_text("utf-8")) for path in paths])
    await office.settles()


async def test_three_customers_at_three_stages_with_their_channels(office: Office) -> None:
    await grows(office)
    (answer,) = await office.leila.types("/handoff list", into="general")
    for customer, stage in (
        ("Brightwater Logistics", "In review"), ("Kestrel Robotics", "Preparing the document"),
        ("Oakline Dental Group", "Returned to the AE"),
    ):  # fmt: skip
        assert f"{customer} · {stage}" in answer.text
    assert "handoff-brightwater-logistics" in office.ben.channels()
    assert office.ben.dm().last.buttons == ["View document", "Accept", "Return"]
    assert "returned the handoff of Oakline Dental Group" in office.person("Keiko Mori").dm().last.text


async def test_planting_twice_changes_nothing(office: Office) -> None:
    await grows(office)
    await grows(office)
    assert len([name for name in office.leila.channels() if name.startswith("handoff-")]) == 3


async def test_the_seeded_review_is_can_go_on(office: Office) -> None:
    await grows(office)
    await office.accepts(office.ben, "handoff-brightwater-logistics")
    assert "Accepted by CS" in office.card(office.ana, "handoff-brightwater-logistics").text
