"""Capturing while selling: a message becomes part of the handoff, and the AE reviews it at close."""

import pytest

from sandbox import messages
from tests.office import Office, on_sqlite

pytestmark = on_sqlite

PROMISE = "We will have the SAP connector live by the end of January."


async def test_a_message_becomes_a_commitment_with_its_words_its_link_and_who_said_it(office: Office) -> None:
    channel = await office.starts(office.ana)
    (message,) = await office.ben.types(PROMISE, into=channel)
    await office.ana.uses_shortcut("Add to handoff", message)
    assert "Acme GmbH" in office.ana.modal.text()
    assert office.ana.modal.value("What was said") == PROMISE
    assert await office.ana.modal.submit() == {}
    assert office.ana.modal.value("Commitment") == PROMISE
    assert office.ana.modal.value("Said by") == "Ben Okafor"
    assert message.ts.replace(".", "") in office.ana.modal.value("Source")
    office.ana.modal.fill("To whom", "Priya")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert f"Ana Lima added a message as a commitment. “{PROMISE}”" in office.lines(office.ana, channel)
    await office.opens_section(office.ana, channel, "Promises & Commitments")
    assert PROMISE in office.ana.modal.text()
    assert "From a message, added by @Ana Lima" in office.ana.modal.text()
