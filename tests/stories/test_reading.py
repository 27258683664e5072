"""Reading the document: whole, by everybody in CS, with the sensitive answers for the few whom they concern."""

import pytest

from tests.office import Office, on_sqlite

SECRETS = {
    "Detractor (if any)": "Leon Visser",
    "The detractor's concerns": "Counts every extra hour",
    "Political considerations": "COO and CFO disagree",
}


async def with_secrets(office: Office) -> str:
    """A handoff whose Relationship History holds what not everybody should read."""
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.writes(office.ana, channel, "Relationship History", Champion="Marcus", **SECRETS)
    return channel


@on_sqlite
@pytest.mark.parametrize("name", ["Ana Lima", "Ben Okafor", "Leila Haddad", "Grace Whitfield"])
async def test_owners_and_leaders_read_the_sensitive_answers(office: Office, name: str) -> None:
    await with_secrets(office)
    who = office.person(name)
    await who.types("/handoff view Acme", into="general")
    assert all(secret in who.modal.text() for secret in SECRETS.values())
    await who.types("/handoff history Acme", into="general")
    assert "Leon Visser" in who.modal.text()


@on_sqlite
@pytest.mark.parametrize("name", ["Arjun Rao", "Mia Chen"])
async def test_the_se_and_other_csms_read_the_document_without_them(office: Office, name: str) -> None:
    await with_secrets(office)
    who = office.person(name)
    for command in ("view", "history"):
        await who.types(f"/handoff {command} Acme", into="general")
        assert "Relationship History" in who.modal.text()
        assert not any(word in who.modal.text() for word in (*SECRETS, *SECRETS.values()))
    await who.types("/handoff view Acme", into="general")
    assert "Marcus" in who.modal.text()


@on_sqlite
async def test_before_setup_everybody_reads_but_an_admin_is_no_leader(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.writes(office.ana, channel, "Relationship History", Champion="Marcus", **SECRETS)
    await office.noah.types("/handoff view Acme", into="general")
    assert "Marcus" in office.noah.modal.text()
    assert not any(secret in office.noah.modal.text() for secret in SECRETS.values())


@on_sqlite
async def test_what_everybody_in_the_channel_sees_holds_no_secret(office: Office) -> None:
    channel = await with_secrets(office)
    seen = [office.card(office.ana, channel).text, *office.lines(office.ana, channel), office.ana.canvas(channel)]
    assert "Marcus" in office.ana.canvas(channel)
    assert not any(secret in text for secret in SECRETS.values() for text in seen)


async def test_an_se_who_saves_the_section_wipes_nothing_that_was_hidden(office: Office) -> None:
    channel = await with_secrets(office)
    await office.opens_section(office.arjun, channel, "Relationship History")
    assert not set(SECRETS) & set(office.arjun.modal.labels())
    office.arjun.modal.fill("Champion", "Priya")
    assert await office.arjun.modal.submit() == {}
    await office.opens_section(office.ana, channel, "Relationship History")
    assert {label: office.ana.modal.value(label) for label in SECRETS} == SECRETS
    assert office.ana.modal.value("Champion") == "Priya"


@on_sqlite
async def test_an_se_who_writes_beside_the_ae_never_sees_what_is_hidden(office: Office) -> None:
    channel = await with_secrets(office)
    await office.opens_section(office.arjun, channel, "Relationship History")
    await office.writes(office.ana, channel, "Relationship History", **{"Detractor (if any)": "Somebody else"})
    office.arjun.modal.fill("Cycle length", "27 weeks")
    assert await office.arjun.modal.submit() == {}
    assert office.arjun.modal.title == "Edit document"
    await office.opens_section(office.ana, channel, "Relationship History")
    assert office.ana.modal.value("Detractor (if any)") == "Somebody else"
    assert office.ana.modal.value("Cycle length") == "27 weeks"


@on_sqlite
@pytest.mark.parametrize(("name", "may_see"), [("Ana Lima", True), ("Mia Chen", False)])
async def test_the_export_is_a_markdown_file_in_a_direct_message(office: Office, name: str, may_see: bool) -> None:
    await with_secrets(office)
    who = office.person(name)
    (answer,) = await who.types("/handoff export Acme", into="general")
    assert answer.text == "The Markdown file comes to you in a direct message."
    await office.settles()
    assert who.dm().last.files == ["handoff-acme-gmbh.md"]
    text = office.exported()
    assert text.startswith("# Customer Handoff Document: Acme GmbH")
    assert "**AE:** Ana Lima · **CSM:** Ben Okafor" in text
    assert "- **Champion:** Marcus" in text
    assert all((secret in text) is may_see for secret in SECRETS.values())


@on_sqlite
async def test_the_canvas_of_the_channel_keeps_up(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.adds(
        office.ana, channel, "Stakeholders", "Add stakeholder", Name="Helena | Sørensen", Role="Project Lead"
    )
    assert "Helena \\| Sørensen" in office.ana.canvas(channel)
    await office.submits(office.ana, channel)
    assert "**Stage:** In review" in office.ana.canvas(channel)
    assert "Dispatchers retype each booking" in office.ana.canvas(channel)


@on_sqlite
async def test_a_long_document_turns_its_pages(office: Office) -> None:
    channel = await office.starts(office.ana)
    for number in range(25):
        row = {"Commitment": f"Promise {number} " + "ü" * 2900, "Source": "s" * 2900}
        await office.adds(office.ana, channel, "Promises & Commitments", "Add commitment", **row)
    await office.mia.types("/handoff view Acme", into="general")
    seen = office.mia.modal.text()
    while "Next page" in office.mia.modal.buttons:
        await office.mia.modal.press("Next page")
        seen += office.mia.modal.text()
    assert all(f"Promise {number} " in seen for number in range(25))
    assert seen.count("ü" * 1400) >= 25
    assert "Page 1 of" in seen
