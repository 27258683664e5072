"""Review: what is missing, the request to the CSM, returning with gaps, accepting; and who may not."""

import pytest

from tests.office import ANSWERS, ROWS, Office, on_sqlite


@on_sqlite
async def test_the_gaps_are_listed_and_shrink_until_it_can_be_submitted_from_there(office: Office) -> None:
    ana = office.ana
    channel = await office.starts(ana)
    await ana.clicks("Submit for review", into=channel)
    assert ana.modal.text().startswith("6 required answers are missing.")
    for section, answers in ANSWERS.items():
        await ana.modal.press(f"Open {section}")
        for label, value in answers.items():
            ana.modal.fill(label, value)
        assert await ana.modal.submit() == {}
        assert f"Open {section}" not in ana.modal.buttons
    for section, (button, row) in ROWS.items():
        await ana.modal.press(f"Open {section}")
        await ana.modal.press(button)
        for label, value in row.items():
            ana.modal.fill(label, value)
        assert await ana.modal.submit() == {}
        await ana.modal.close()
    assert ana.modal.text().startswith("Every required answer is there.")
    await ana.modal.press("Submit for review")
    assert "The CSM is told" in ana.modal.text()
    await office.settles()
    assert "submitted the handoff of Acme GmbH" in office.ben.dm().last.text


@on_sqlite
async def test_without_a_csm_it_says_so_and_offers_to_name_one(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Customer success manager": None})
    await office.submits(office.ana, channel)
    assert "Nobody is named to review it." in office.ana.modal.text()
    await office.ana.modal.press("Change owners")
    office.ana.modal.fill("Customer success manager", "Mia Chen")
    assert await office.ana.modal.submit() == {}
    await office.ana.modal.press("Submit for review")
    await office.settles()
    assert "submitted the handoff" in office.mia.dm().last.text


@on_sqlite
async def test_the_csm_marks_what_was_read_and_a_later_change_is_unread_again(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ben.clicks("View document", into=channel)
    while "Mark read" in office.ben.modal.buttons:
        await office.ben.modal.press("Mark read")
    await office.ben.clicks("Accept", into=channel)
    assert "You have marked every section read." in office.ben.modal.text()
    await office.ben.modal.close()
    await office.writes(office.ana, channel, "Company Overview", Industry="Air freight")
    await office.ben.clicks("Accept", into=channel)
    assert "Changed since you read it: Company Overview." in office.ben.modal.text()


@on_sqlite
async def test_only_the_reviewer_has_mark_read(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ana.clicks("View document", into=channel)
    assert "Mark read" not in office.ana.modal.buttons


async def test_returned_gaps_are_all_the_ae_gets_and_submissions_count(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.returns(office.ben, channel, "Industry", "Stakeholders", words="Which freight? <!channel>")
    told = office.ana.dm().last
    assert told.fallback == "@Ben Okafor returned the handoff of Acme GmbH: Something is missing."
    assert [button for button in told.buttons if button.startswith("Open")] == [
        "Open Company Overview", "Open Stakeholders",
    ]  # fmt: skip
    assert "Which freight? <!channel>" in told.text
    assert "Next: Mend what was returned" in office.card(office.ana, channel).text
    await office.ana.clicks("Submit for review", into=told)
    await office.settles()
    assert "Stage\nIn review (submission 2)" in office.card(office.ana, channel).text
    assert "for the second time" in office.ben.dm().last.text
    assert "is settled" in told.text


@on_sqlite
async def test_a_return_needs_a_reason_and_words(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ben.clicks("Return", into=channel)
    office.ben.modal.fill("Reason", "Something is unclear")
    office.ben.modal.fill("In your words", "   ")
    assert await office.ben.modal.submit() == {
        "In your words": "Say what the AE should change, so that one round is enough."
    }


@on_sqlite
@pytest.mark.parametrize("move", ["Accept", "Return"])
async def test_the_ae_cannot_review_and_hears_who_can(office: Office, move: str) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ana.clicks(move, into=channel)
    assert office.ana.ephemerals(channel)[-1].text == (
        "Only the CSM and the CS leader may accept or return it. Ask @Ben Okafor."
    )


@on_sqlite
async def test_one_who_lost_the_right_meanwhile_is_refused_by_name_in_the_open_form(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ben.clicks("Return", into=channel)
    office.ben.modal.fill("Reason", "Something is unclear")
    office.ben.modal.fill("In your words", "A paragraph that took me ten minutes.")
    await office.names_owner(office.ana, channel, "Customer success manager", "Mia Chen")
    assert await office.ben.modal.submit() == {
        "Reason": "Only the CSM and the CS leader may accept or return it. Ask Mia Chen."
    }
    assert office.ben.modal.value("In your words") == "A paragraph that took me ten minutes."


async def test_a_double_click_on_accept_accepts_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ben.clicks("Accept", into=channel)
    await office.submits_twice(office.ben)
    assert [line for line in office.lines(office.ana, channel) if "accepted" in line] == [
        "@Ben Okafor accepted the handoff. :handshake:"
    ]
    assert len([message for message in office.ana.dm().messages if "accepted the handoff" in message.text]) == 1


@on_sqlite
async def test_an_old_form_of_a_settled_review_says_so(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.names_leaders()
    for who in (office.ben, office.leila):
        await who.types("/handoff accept Acme", into="general")
    assert await office.ben.modal.submit() == {}
    await office.leila.modal.submit()
    assert "CS has accepted this handoff already." in office.leila.modal.text()


@on_sqlite
@pytest.mark.parametrize("where", ["card", "message", "command"])
async def test_accepting_works_from_wherever_the_csm_is(office: Office, where: str) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    if where == "card":
        await office.ben.clicks("Accept", into=channel)
    elif where == "message":
        await office.ben.clicks("Accept", into=office.ben.dm().last)
    else:
        await office.ben.types("/handoff accept", into=channel)
    assert "You take over Acme GmbH from @Ana Lima." in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "Accepted by CS" in office.card(office.ana, channel).text
    assert "Next: Schedule the internal handoff meeting — @Ana Lima" in office.card(office.ana, channel).text


@on_sqlite
async def test_a_new_csm_gets_the_request_and_the_old_one_is_relieved(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.names_owner(office.ana, channel, "Customer success manager", "Mia Chen")
    assert office.mia.dm().last.buttons == ["View document", "Accept", "Return"]
    assert "Mia Chen" in office.mia.conversation(channel).members
    assert "Accept" not in office.ben.dm().last.buttons
    assert "Mia Chen" in office.ben.dm().last.text
    await office.accepts(office.mia, channel)


@on_sqlite
@pytest.mark.parametrize(
    ("stage", "word", "who", "words"),
    [
        ("preparing", "accept", "Ben Okafor", "The document is not submitted yet. The AE submits it"),
        ("in review", "submit", "Ana Lima", "The document is with the CSM already."),
        ("returned", "accept", "Ben Okafor", "The document is back with the AE."),
        ("accepted", "submit", "Ana Lima", "CS has accepted this handoff."),
        ("accepted", "return", "Ben Okafor", "CS has accepted this handoff already."),
        ("accepted", "cancel", "Ana Lima", "This handoff is accepted by CS already, so there is nothing to cancel."),
        (
            *("preparing", "reopen", "Ana Lima"),
            "This handoff is neither cancelled nor completed, so there is nothing to reopen.",
        ),
        ("cancelled", "edit", "Ana Lima", "This handoff is cancelled. Reopen it to go on writing."),
        ("cancelled", "signed", "Ana Lima", "This handoff is cancelled. Reopen it before you note the signature."),
    ],
)
async def test_a_refused_move_says_why_and_what_unlocks_it(
    office: Office, stage: str, word: str, who: str, words: str
) -> None:
    channel = await office.starts(office.ana)
    if stage in ("in review", "returned", "accepted"):
        await office.submits(office.ana, channel)
    if stage == "returned":
        await office.returns(office.ben, channel, "Industry")
    if stage == "accepted":
        await office.accepts(office.ben, channel)
    if stage == "cancelled":
        await office.cancels(office.ana, channel)
    (answer,) = await office.person(who).types(f"/handoff {word} Acme", into="general")
    assert words in answer.text


@on_sqlite
async def test_signing_twice_and_in_the_future_is_refused(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.ana.clicks("Contract signed", into=channel)
    assert office.ana.modal.value("Contract signed on") == "2026-11-23"
    office.ana.modal.fill("Contract signed on", "2026-11-24")
    assert await office.ana.modal.submit() == {
        "Contract signed on": "A signature can't lie in the future. Use Expected close date for that."
    }
    office.ana.modal.fill("Contract signed on", "2026-11-20")
    assert await office.ana.modal.submit() == {}
    (answer,) = await office.ana.types("/handoff signed Acme", into="general")
    assert answer.text == "The contract is signed already, on 20 November 2026."
