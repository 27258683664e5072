"""The deal is lost, or comes back."""

from tests.office import Office, on_sqlite


async def test_a_lost_deal_is_cancelled_with_a_reason_and_read_only(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ben, channel, "Company Overview")
    await office.ana.clicks("Cancel handoff", into=channel)
    assert office.ana.modal.choices("Reason") == ["Deal lost", "Duplicate", "Started by mistake", "Another reason"]
    office.ana.modal.fill("Reason", "Deal lost")
    office.ana.modal.fill("In your words", "They chose <!here> a cheaper tool")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    card = office.card(office.ana, channel)
    assert "Stage\nCancelled" in card.text
    assert card.buttons == ["View document", "Questions", "Promises", "Reopen"]
    assert office.lines(office.ana, channel) == [
        "@Ana Lima cancelled the handoff: Deal lost. “They chose <!here> a cheaper tool”"
    ]
    office.ben.modal.fill("Industry", "Freight")
    assert await office.ben.modal.submit() == {"Company Name": "This handoff is cancelled. Reopen it to go on writing."}


async def test_a_cancelled_handoff_is_reopened_as_it_was(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    await office.cancels(office.ana, channel)
    await office.ana.clicks("Reopen", into=channel)
    await office.settles()
    card = office.card(office.ana, channel)
    assert "Preparing the document" in card.text
    assert "Submit for review" in card.buttons
    await office.opens_section(office.ana, channel, "Company Overview")
    assert office.ana.modal.value("Industry") == "Freight"


@on_sqlite
async def test_another_handoff_may_begin_after_it_and_then_stands_in_the_way(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.cancels(office.ana, channel)
    other = await office.starts(office.mia)
    assert other == "handoff-acme-gmbh-2"
    words = "This customer has another live handoff now in #handoff-acme-gmbh-2. Cancel that one first."
    await office.ana.clicks("Reopen", into=channel)
    assert office.ana.ephemerals(channel)[-1].text == words
    (answer,) = await office.ana.types("/handoff reopen acme", into="general")
    assert answer.text == words

    await office.cancels(office.mia, other)
    await office.ana.clicks("Reopen", into=channel)
    await office.settles()
    assert "Preparing the document" in office.card(office.ana, channel).text


@on_sqlite
async def test_reopening_by_name_takes_the_cancelled_one_even_beside_an_accepted_one(office: Office) -> None:
    first = await office.starts(office.ana)
    await office.cancels(office.ana, first)
    second = await office.starts(office.ana)
    await office.submits(office.ana, second)
    await office.accepts(office.ben, second)
    (answer,) = await office.ana.types("/handoff reopen acme", into="general")
    assert answer.text == "Reopened: the document is open for writing again."
    await office.settles()
    assert "Preparing the document" in office.card(office.ana, first).text


@on_sqlite
async def test_the_request_to_the_csm_is_settled_when_the_handoff_is_cancelled(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.cancels(office.ana, channel)
    assert "is settled here: cancelled" in office.ben.dm().last.text
    assert office.ben.dm().last.buttons == ["View document"]
