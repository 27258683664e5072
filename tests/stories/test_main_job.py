"""The main job: from `/handoff start` to an accepted handoff."""

from tests.office import ANSWERS, Office


async def test_a_handoff_from_start_to_accepted(office: Office) -> None:  # noqa: PLR0915  a whole life
    ana, ben = office.ana, office.ben

    channel = await office.starts(ana)
    assert channel == "handoff-acme-gmbh"
    here = ana.conversation(channel)
    assert here.is_private
    assert set(here.members) >= {"Ana Lima", "Ben Okafor", "Baton"}
    assert here.topic.startswith("Preparing the document · AE ")
    card = here.pins[0]
    assert "Acme GmbH" in card.text
    assert "USD 84,000" in card.text
    assert "Complete the document: 6 required answers to go" in card.text
    assert set(card.buttons) >= {"Edit document", "View document", "Contract signed", "Submit for review"}
    assert "Accept" not in card.buttons
    assert here.bookmarks["Handoff card"]

    await ana.clicks("Submit for review", into=channel)
    assert ana.modal.title == "Not ready yet"
    assert "6 required answers are missing" in ana.modal.text()
    await ana.modal.press("Open Company Overview")
    for label, value in ANSWERS["Company Overview"].items():
        ana.modal.fill(label, value)
    assert await ana.modal.submit() == {}
    assert "4 required answers are missing" in ana.modal.text()
    await ana.modal.close()

    await ana.clicks("Contract signed", into=channel)
    assert await ana.modal.submit() == {}
    await office.submits(ana, channel)

    request = ben.dm().last
    assert "submitted the handoff of Acme GmbH" in request.text
    assert request.buttons == ["View document", "Accept", "Return"]
    await ben.clicks("View document", into=request)
    assert "Dispatchers retype each booking" in ben.modal.text()
    await ben.modal.press("Mark read", nth=1)
    assert "You have read this as it stands" in ben.modal.text()
    await ben.modal.close()

    await ben.clicks("Return", into=request)
    ben.modal.fill("Reason", "Something is unclear")
    ben.modal.fill("What needs work", ["Industry"])
    ben.modal.fill("In your words", "Which kind of freight?")
    assert await ben.modal.submit() == {}
    await office.settles()
    returned = ana.dm().last
    assert "returned the handoff of Acme GmbH: Something is unclear" in returned.text
    assert "Which kind of freight?" in returned.text
    assert "Industry" in returned.text
    assert "Stakeholders" not in returned.text
    assert "returned by @Ben Okafor" in ben.dm().last.text

    await ana.clicks("Open Company Overview", into=returned)
    ana.modal.fill("Industry", "Air freight")
    assert await ana.modal.submit() == {}
    await ana.clicks("Submit for review", into=returned)
    await office.settles()
    again = ben.dm().last
    assert "for the second time" in again.text
    await ben.clicks("Accept", into=again)
    assert ben.modal.title == "Accept handoff"
    assert await ben.modal.submit() == {}
    await office.settles()

    card = here.pins[0]
    assert "Accepted by CS" in card.text
    assert not {"Accept", "Return", "Submit for review"} & set(card.buttons)
    assert "accepted the handoff" in ana.dm().last.text
    assert [line.text for line in card.replies][-1].startswith("@Ben Okafor accepted the handoff")
    assert "Accept" not in again.buttons
    assert here.topic.startswith("Accepted by CS")
