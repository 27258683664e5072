"""Writing the document: every section and kind of field, partial saves, errors in words, and the history of it."""

from typing import Any

import pytest

from tests.office import Office, on_sqlite

SECTIONS = [
    "Company Overview", "Stakeholders", "Why They Bought", "Success Criteria", "Technical Context",
    "Relationship History", "Promises & Commitments", "Risks & Red Flags", "Implementation Notes",
    "Additional Context", "Sign-off",
]  # fmt: skip


@on_sqlite
async def test_every_section_of_the_template_opens_and_saves(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.ana.clicks("Edit document", into=channel)
    lines = [line for line in office.ana.modal.text().splitlines() if line[:1] in "○◐●"]
    assert [line[2:].partition(" · ")[0] for line in lines] == SECTIONS
    for section in SECTIONS:
        await office.ana.modal.press("Edit", near=section)
        assert office.ana.modal.title == section
        if office.ana.modal.submit_label:
            assert await office.ana.modal.submit() == {}
        else:
            await office.ana.modal.close()
    assert office.ana.modal.title == "Edit document"


@pytest.mark.parametrize(
    ("section", "answers"),
    [
        ("Company Overview", {"Size (employees)": "640", "Website": "https://acme.example/de"}),
        ("Company Overview", {"Start Date": "2026-12-01"}),
        ("Company Overview", {"Contract Value": "84000.5", "Currency": "EUR", "Contract Term": "24 months"}),
        ("Technical Context", {"Systems to integrate": "SAP\nSalesforce\nCargoWise"}),
        ("Relationship History", {"First contact": "2026-05-11", "Champion": "مروان", "Detractor (if any)": "Leon"}),
        ("Promises & Commitments", {"Nothing was promised": True}),
        ("Additional Context", {"Any other relevant information for CS success": "<!channel> *_~` & " + "x" * 2900}),
        ("Sign-off", {"Handed off by": "Ana Lima", "Handed off to": "Ben Okafor", "Handoff call completed": "No"}),
    ],
)  # fmt: skip
async def test_every_kind_of_answer_comes_back_as_it_was_given(
    office: Office, section: str, answers: dict[str, Any]
) -> None:
    channel = await office.starts(office.ana, Segment="Enterprise")
    await office.writes(office.ana, channel, section, **answers)
    await office.opens_section(office.ana, channel, section)
    shown = {label: office.ana.modal.value(label) for label in answers}
    assert {label: value[0] if isinstance(value, list) else value for label, value in shown.items()} == {
        label: "I asked myself twice. Nothing was promised beyond the standard contract." if value is True else value
        for label, value in answers.items()
    }


@on_sqlite
async def test_the_segment_decides_what_is_required(office: Office) -> None:
    counts = {}
    for segment, name in (("SMB", "Small"), ("Mid-market", "Middle"), ("Enterprise", "Large")):
        channel = await office.starts(office.ana, Segment=segment, Website=None, **{"Company Name": name})
        await office.ana.clicks("Submit for review", into=channel)
        counts[segment] = int(office.ana.modal.text().split()[0])
        await office.ana.modal.close()
    assert counts["SMB"] < counts["Mid-market"] < counts["Enterprise"]


@on_sqlite
async def test_a_partial_save_is_welcome_and_says_what_is_still_to_go(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    await office.opens_section(office.ana, channel, "Company Overview")
    assert office.ana.modal.value("Industry") == "Freight"
    assert "Still to go: Start Date." in office.ana.modal.text()
    await office.ana.modal.close()
    assert "◐ Company Overview · 1 required to go" in office.ana.modal.text()


@on_sqlite
async def test_what_is_wrong_is_said_under_its_field(office: Office) -> None:
    await office.starts(office.mia, **{"Company Name": "Oakline", "Website": "https://oakline.example"})
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Company Overview")
    form = office.ana.modal
    form.fill("Industry", "Freight")
    for label, wrong, words in (
        ("Company Name", "  ", "A handoff needs the customer's name."),
        ("Company Name", "Oakline Inc.", "Oakline Inc. (or its web address) has another live handoff."),
    ):
        before = form.value(label)
        form.fill(label, wrong)
        assert await form.submit() == {label: words}
        form.fill(label, before)
    assert await form.submit() == {}
    assert office.ana.modal.title == "Edit document"


@on_sqlite
async def test_another_name_of_the_customer_shows_everywhere(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.writes(office.ana, channel, "Company Overview", **{"Company Name": "Acme & Sons"})
    assert office.card(office.ana, channel).text.startswith("Acme & Sons")
    assert office.ana.conversation(channel).purpose == "Handoff of Acme & Sons from Sales to Customer Success"
    (status,) = await office.ana.types("/handoff status acme sons", into="general")
    assert "Acme & Sons" in status.text


async def test_a_form_that_arrives_twice_is_one_revision(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Company Overview")
    office.ana.modal.fill("Industry", "Freight")
    await office.submits_twice(office.ana)
    await office.ana.modal.close()
    await office.ana.clicks("History", into=channel)
    assert office.ana.modal.text().count("saved Company Overview") == 1


async def test_the_history_says_who_when_and_what(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    await office.writes(office.arjun, channel, "Company Overview", Industry="Air freight")
    await office.writes(office.arjun, channel, "Sign-off", **{"Handed off by": "Ana Lima"})
    await office.adds(office.ana, channel, "Risks & Red Flags", "Add risk", Risk="No sponsor", Severity="High")
    await office.ben.clicks("History", into=channel)
    said = office.ben.modal.text()
    assert "@Arjun Rao saved Company Overview (revision 3).\nIndustry: Freight → Air freight" in said
    assert "@Ana Lima saved Company Overview (revision 2).\nIndustry: Freight (added)" in said
    assert "@Ana Lima saved Risks & Red Flags (revision 1).\nRisks: No sponsor · High (added)" in said
    assert "@Arjun Rao saved Sign-off (revision 1).\nHanded off by: changed" in said
    assert said.index("No sponsor") < said.index("Air freight") < said.index("Freight (added)")
    assert "@Ana Lima started the handoff of Acme GmbH." in said


@on_sqlite
async def test_a_long_history_turns_its_pages(office: Office) -> None:
    channel = await office.starts(office.ana)
    for number in range(20):
        await office.writes(office.ana, channel, "Company Overview", Industry=f"Kind {number}")
    await office.ana.clicks("History", into=channel)
    assert "Kind 19" in office.ana.modal.text()
    await office.ana.modal.press("Next page")
    assert "started the handoff" in office.ana.modal.text()
    await office.ana.modal.press("Previous page")
    assert "Kind 19" in office.ana.modal.text()
