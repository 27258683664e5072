"""Three customers from the first word to the last step: two at once, and an AE who leaves in the middle."""

from datetime import UTC, datetime

from sandbox.person import Person
from tests.office import Office
from tests.stories.test_promises import PROMISES

GLOBEX = {"Company Name": "Globex", "Website": "https://globex.example"}
INITECH = {"Company Name": "Initech", "Website": "https://initech.example"}
WHICH = "Who signs off the migration on their side?"
INTERNAL, INTRODUCTION = datetime(2026, 11, 25, 14, 0, tzinfo=UTC), datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


async def fills_and_sends(who: Person, office: Office, **answers: object) -> None:
    """Somebody fills the open form and sends it."""
    for label, value in answers.items():
        who.modal.fill(label, value)
    assert await who.modal.submit() == {}
    await office.settles()


async def hands_over(office: Office, ae: Person, csm: Person, channel: str) -> None:
    """The document goes from the AE to the CSM, who accepts it."""
    await office.signs(ae, channel)
    await office.submits(ae, channel)
    await office.accepts(csm, channel)


async def meets(office: Office, ae: Person, channel: str, nth: int, at: datetime, done: str) -> None:
    """The AE schedules a meeting, an hour after it has begun everybody says that it was good."""
    await ae.clicks("Meetings", into=channel)
    await ae.modal.press("Schedule", nth=nth)
    await fills_and_sends(ae, office, **{"Day and time": at})
    await ae.modal.close(everything=True)
    await office.goes_on(until=f"{at:%Y-%m-%d} 15:00")
    await ae.clicks("Meetings", into=channel)
    await ae.modal.press(done)
    await fills_and_sends(ae, office)
    await ae.modal.close(everything=True)


async def fades(office: Office, ae: Person, csm: Person, channel: str) -> None:
    """The plan ends, and the handoff with it."""
    await ae.clicks("Deadlines", into=channel)
    await ae.modal.press("This phase is over")
    await ae.modal.close(everything=True)
    await office.settles()
    await csm.clicks("Complete handoff", into=channel)
    await fills_and_sends(csm, office)


async def test_two_at_once_an_ae_who_leaves_and_a_third(office: Office) -> None:
    tom, keiko = office.person("Tom Becker"), office.person("Keiko Mori")
    await office.names_leaders()
    acme = await office.starts(office.ana)
    globex = await office.starts(tom, **GLOBEX, **{"Customer success manager": "Mia Chen"})
    await office.adds(
        tom, globex, PROMISES, "Add commitment", Commitment="Training in German", **{"Due date": "2027-02-01"}
    )
    await hands_over(office, office.ana, office.ben, acme)
    await office.signs(tom, globex)

    # Mia asks what Tom, who is about to leave, never answers.
    await office.mia.clicks("Questions", into=globex)
    await office.mia.modal.press("Ask a question")
    await fills_and_sends(office.mia, office, **{"Your question": WHICH})
    await office.mia.modal.close(everything=True)
    assert tom.dm().message("asks you").buttons == ["Answer", "Pass it on", "View document"]
    office.workspace.deactivate("Tom Becker")
    await office.knows("Tom Becker", deleted=True)
    await office.grace.types("/handoff owners Globex", into="general")
    await fills_and_sends(office.grace, office, **{"Account executive": "Keiko Mori"})
    named = keiko.dm().message("named you AE of Globex")
    assert WHICH in named.text
    assert "Training in German" in named.text
    asked = keiko.dm().message("asks you about")
    await keiko.clicks("Answer", into=asked)
    await fills_and_sends(keiko, office, **{"Your answer": "Their head of operations, Hank."})
    assert "Hank" in office.mia.dm().last.text
    before = len(tom.dm().messages)

    # Both meet, each on its own.
    await office.fills(keiko, globex)
    await keiko.clicks("Submit for review", into=globex)
    await office.settles()
    await office.accepts(office.mia, globex)
    await meets(office, office.ana, acme, 0, INTERNAL, "Held")
    await meets(office, keiko, globex, 0, INTERNAL.replace(day=26), "Held")
    await meets(office, office.ana, acme, 0, INTRODUCTION.replace(day=27), "Introduction done")
    await meets(office, keiko, globex, 0, INTRODUCTION.replace(day=30), "Introduction done")
    await fades(office, office.ana, office.ben, acme)
    assert "Stage\nCompleted" in office.card(office.ben, acme).text
    assert "Stage\nAccepted by CS" in office.card(office.mia, globex).text
    await fades(office, keiko, office.mia, globex)
    assert len(tom.dm().messages) == before
    assert "Globex" not in " ".join(office.told(office.ana))
    assert "Acme" not in " ".join(office.told(keiko))

    # The promise goes on; and the third customer goes to whoever has least to do.
    initech = await office.starts(keiko, **INITECH, **{"Customer success manager": None})
    await office.leila.clicks("Assign CSM", into=initech)
    await fills_and_sends(office.leila, office)
    assert "Initech" in " ".join(message.text for message in (*office.mia.dm().messages, *office.ben.dm().messages))
    await office.cancels(keiko, initech)
    (promised,) = await office.mia.types("/handoff promises mine", into="general")
    assert "Training in German" in promised.text
    await office.goes_on(until="2027-02-02 20:00")
    assert office.told(office.mia, "Keep a promise")
    await office.mia.types("/handoff promises Globex", into="general")
    await office.mia.modal.press("Open", near="Training in German")
    await office.mia.modal.press("Kept")
    assert "Kept" in office.mia.modal.text()
