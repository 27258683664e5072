"""Slack is unwell while somebody clicks: each gets an answer in time, and what was saved is never called lost."""

import pytest

from tests.office import Office

VIEWS = ["429", "500", "drop", "timeout_after"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What Slack does is the same to every database."""
    return sqlite_url


@pytest.mark.parametrize("kind", VIEWS)
async def test_a_saved_row_is_saved_though_the_form_below_is_not_redrawn(office: Office, kind: str) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Risks & Red Flags")
    await office.ana.modal.press("Add risk")
    for label, value in {"Risk": "No sponsor", "Severity": "Low"}.items():
        office.ana.modal.fill(label, value)
    office.workspace.faults.add("views.update", kind, times=2, delay=2.5)
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.close(everything=True)
    office.workspace.faults.clear()
    await office.opens_section(office.ana, channel, "Risks & Red Flags")
    assert office.ana.modal.text().count("No sponsor") == 1


async def test_a_row_whose_answer_was_lost_and_was_corrected_is_one_row(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, "Risks & Red Flags")
    await office.ana.modal.press("Add risk")
    for label, value in {"Risk": "No sponsr", "Severity": "Low"}.items():
        office.ana.modal.fill(label, value)
    await office.sends_unanswered(office.ana)
    office.ana.modal.fill("Risk", "No sponsor")
    assert await office.ana.modal.submit() == {}
    assert "No sponsor · Low" in office.ana.modal.text()
    assert "No sponsr" not in office.ana.modal.text()


@pytest.mark.parametrize("kind", VIEWS)
async def test_a_form_that_slack_does_not_open_is_told_in_words(office: Office, kind: str) -> None:
    channel = await office.starts(office.ana)
    office.workspace.faults.add("views.open", kind, delay=2.5)
    await office.ana.clicks("Edit document", into=channel)
    await office.ana.sees("Slack is slow just now", into=channel)


@pytest.mark.parametrize("kind", ["500", "drop", "timeout_after"])
async def test_a_refusal_that_cannot_be_told_is_acknowledged_all_the_same(office: Office, kind: str) -> None:
    await office.starts(office.ana)
    (answer,) = await office.arjun.types("/handoff status Acme", into="general")
    await office.names_leaders()
    office.workspace.faults.add("chat.postEphemeral", kind, delay=2.5)
    await office.arjun.clicks("History", into=answer)  # raises when Baton does not acknowledge it


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
async def test_the_members_are_read_however_often_slack_stumbles(office: Office, kind: str) -> None:
    await office.closes()
    office.workspace.deactivate("Ben Okafor")
    office.workspace.faults.add("users.list", kind, retry_after=1)
    await office.opens()
    await office.knows("Ben Okafor", deleted=True)
    errors = await office.asks_to_start(office.ana)
    assert errors == {
        "Customer success manager": "Ben Okafor has a deactivated account. Choose a colleague who can act."
    }


async def test_a_document_is_not_submitted_to_somebody_who_has_left(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.fills(office.ana, channel)
    office.workspace.deactivate("Ben Okafor")
    await office.knows("Ben Okafor", deleted=True)
    await office.ana.clicks("Submit for review", into=channel)
    await office.ana.sees("Ben Okafor has a deactivated account.", into=channel)
    assert "Preparing the document" in office.card(office.ana, channel).text
