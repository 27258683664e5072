"""Repeated rows: stakeholders, commitments, risks and the others."""

import asyncio

import pytest

from tests.office import Office, on_sqlite

pytestmark = on_sqlite

ROWS = [
    ("Stakeholders", "Add stakeholder", {"Name": "Helena", "Title": "COO", "Role": "Executive Sponsor",
                                         "Contact": "helena@acme.example", "Notes": "Reads one page"}),
    ("Why They Bought", "Add driver", {"Driver": "Nine of a hundred bookings are wrong"}),
    ("Why They Bought", "Add alternative", {"Alternative": "Build in-house", "Why not chosen": "No engineers"}),
    ("Success Criteria", "Add outcome", {"Outcome": "Fewer errors", "Metric": "9 % to 2 %", "By": "2027-03-31"}),
    ("Technical Context", "Add concern", {"Concern": "EDI out of order", "How addressed in sales": "In the pilot"}),
    ("Relationship History", "Add key meeting", {"Date": "2026-06-18", "What happened": "Workshop"}),
    ("Promises & Commitments", "Add commitment", {"Commitment": "Connector live", "Kind": "Contract", "Said by": "AE",
                                                 "To whom": "Priya", "Due date": "2027-01-15", "Source": "Annex 2"}),
    ("Promises & Commitments", "Add out-of-scope item", {"Item": "A mobile app"}),
    ("Risks & Red Flags", "Add risk", {"Risk": "Sponsor leaves", "Severity": "High", "Mitigation": "Meet her deputy"}),
    ("Implementation Notes", "Add blackout period", {"From": "2026-12-18", "To": "2027-01-04"}),
]  # fmt: skip


@pytest.mark.parametrize(("section", "button", "row"), ROWS)
async def test_every_kind_of_row_is_added_and_comes_back(
    office: Office, section: str, button: str, row: dict[str, str]
) -> None:
    channel = await office.starts(office.ana)
    await office.adds(office.ana, channel, section, button, **row)
    await office.opens_section(office.ana, channel, section)
    await office.ana.modal.press("Edit")
    assert {label: office.ana.modal.value(label) for label in row} == row


async def test_rows_are_changed_moved_and_removed_and_nothing_typed_beside_them_is_lost(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Why They Bought")
    feature = "What influenced the decision — feature or capability"
    office.ana.modal.fill(feature, "Typed, and not saved yet")
    for driver in ("First", "Second", "Third"):
        await office.ana.modal.press("Add driver")
        office.ana.modal.fill("Driver", driver)
        assert await office.ana.modal.submit() == {}
        assert office.ana.modal.value(feature) == "Typed, and not saved yet"
    await office.ana.modal.press("Move up", near="Third")
    await office.ana.modal.press("Remove", near="First")
    await office.ana.modal.press("Edit", near="Second")
    office.ana.modal.fill("Driver", "Second, in better words")
    assert await office.ana.modal.submit() == {}
    said = office.ana.modal.text()
    assert said.index("Third") < said.index("Second, in better words")
    assert "First" not in said
    assert office.ana.modal.value(feature) == "Typed, and not saved yet"
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.press("Edit", near="Why They Bought")
    assert office.ana.modal.value(feature) == "Typed, and not saved yet"


async def test_a_second_row_above_the_first_is_refused_in_the_section_and_nothing_typed_is_lost(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Why They Bought")
    section, feature = office.ana.modal, "What influenced the decision — feature or capability"
    section.fill(feature, "Typed, and not saved yet")
    await asyncio.gather(section.press("Add driver"), section.press("Add driver"))
    assert office.ana.modal.title == "Add driver"
    await office.ana.modal.close()
    assert section.text().startswith("Slack shows no more than three forms above each other.")
    assert section.value(feature) == "Typed, and not saved yet"
    assert await section.submit() == {}


async def test_a_row_lacks_what_makes_it_one(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Stakeholders")
    await office.ana.modal.press("Add stakeholder")
    office.ana.modal.fill("Name", "   ")
    office.ana.modal.fill("Role", "Project Lead")
    assert await office.ana.modal.submit() == {"Name": "Name is needed."}
    office.ana.modal.fill("Name", "Helena")
    assert await office.ana.modal.submit() == {}
    assert "Helena · Project Lead" in office.ana.modal.text()


async def test_a_row_that_arrives_twice_is_one_row(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Why They Bought")
    await office.ana.modal.press("Add driver")
    office.ana.modal.fill("Driver", "Only one of me")
    await office.submits_twice(office.ana)
    assert office.ana.modal.text().count("Only one of me") == 1


async def test_thirty_rows_are_the_most_and_the_form_still_opens(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Promises & Commitments")
    for button, label in (("Add commitment", "Commitment"), ("Add out-of-scope item", "Item")):
        for number in range(30):
            await office.ana.modal.press(button)
            office.ana.modal.fill(label, f"{label} {number} " + "x" * 500)
            assert await office.ana.modal.submit() == {}
    await office.ana.modal.press("Add commitment")
    office.ana.modal.fill("Commitment", "One too many")
    errors = await office.ana.modal.submit()
    assert errors == {
        "Commitment": "What was promised during sales holds 30 at most. Remove one first, or put two into one."
    }
