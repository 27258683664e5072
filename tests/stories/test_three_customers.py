"""Three customers from the first word to the last step: two at once, and an AE who leaves in the middle."""

from datetime import UTC, datetime, timedelta

from sandbox.person import Person
from tests.office import Office
from tests.stories.test_promises import PROMISES

GLOBEX = {"Company Name": "Globex", "Website": "https://globex.example"}
INITECH = {"Company Name": "Initech", "Website": "https://initech.example"}
WHICH = "Who signs off the migration on their side?"
TRAINING = "Training in German"
INTERNAL, DAY = datetime(2026, 11, 25, 14, 0, tzinfo=UTC), timedelta(days=1)


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


async def meets(office: Office, ae: Person, channel: str, at: datetime, done: str) -> None:
    """The AE schedules the next meeting, and an hour after it has begun says how it went."""
    await ae.clicks("Meetings", into=channel)
    await ae.modal.press("Schedule")
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


async def replaced(office: Office, globex: str) -> Person:
    """Tom leaves with a question of Mia's unanswered; Keiko, whom the sales leader names, answers it. Returns her."""
    tom, keiko = office.person("Tom Becker"), office.person("Keiko Mori")
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
    assert TRAINING in named.text
    await keiko.clicks("Answer", into=keiko.dm().message("asks you about"))
    await fills_and_sends(keiko, office, **{"Your answer": "Their head of operations, Hank."})
    assert "Hank" in office.mia.dm().last.text
    return keiko


async def a_third(office: Office, keiko: Person) -> None:
    """A third customer goes to whoever has least to do, before the deal is lost."""
    initech = await office.starts(keiko, **INITECH, **{"Customer success manager": None})
    await office.leila.clicks("Assign CSM", into=initech)
    await fills_and_sends(office.leila, office)
    assert "Assign CSM" not in office.card(keiko, initech).buttons
    await office.cancels(keiko, initech)


async def is_kept(office: Office) -> None:
    """What Globex was promised is carried until it is kept, long after the handoff."""
    (promised,) = await office.mia.types("/handoff promises mine", into="general")
    assert TRAINING in promised.text
    await office.goes_on(until="2027-02-02 20:00")
    assert office.told(office.mia, "Keep a promise")
    await office.mia.types("/handoff promises Globex", into="general")
    await office.mia.modal.press("Details", near=TRAINING)
    await office.mia.modal.press("Kept")
    assert "Kept" in office.mia.modal.text()
    (none,) = await office.mia.types("/handoff promises mine", into="general")
    assert TRAINING not in none.text


async def test_two_at_once_an_ae_who_leaves_and_a_third(office: Office) -> None:
    tom = office.person("Tom Becker")
    await office.names_leaders()
    acme = await office.starts(office.ana)
    globex = await office.starts(tom, **GLOBEX, **{"Customer success manager": "Mia Chen"})
    await office.adds(tom, globex, PROMISES, "Add commitment", **{"Commitment": TRAINING, "Due date": "2027-02-01"})
    await office.signs(tom, globex)
    await hands_over(office, office.ana, office.ben, acme)
    keiko = await replaced(office, globex)
    before = len(tom.dm().messages)
    await office.submits(keiko, globex)
    await office.accepts(office.mia, globex)

    # Both meet, each on its own, and one is completed while the other goes on.
    await meets(office, office.ana, acme, INTERNAL, "Held")
    await meets(office, keiko, globex, INTERNAL + DAY, "Held")
    await meets(office, office.ana, acme, INTERNAL + 2 * DAY, "Introduction done")
    await meets(office, keiko, globex, INTERNAL + 5 * DAY, "Introduction done")
    await fades(office, office.ana, office.ben, acme)
    assert "Stage\nCompleted" in office.card(office.ben, acme).text
    assert "Stage\nAccepted by CS" in office.card(office.mia, globex).text
    await fades(office, keiko, office.mia, globex)
    assert len(tom.dm().messages) == before
    assert "Globex" not in " ".join(office.told(office.ana))
    assert "Acme" not in " ".join(office.told(keiko))

    await a_third(office, keiko)
    await is_kept(office)
