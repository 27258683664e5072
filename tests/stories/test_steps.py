"""From acceptance to the end of the fade plan, under each of the four timing models."""

import pytest

from store.tables import deadlines
from tests.office import Office, on_sqlite

STEPS = [
    ("Meeting scheduled", "Hold the internal handoff meeting, then note it — @Ana Lima"),
    ("No questions", "Hold the internal handoff meeting, then note it — @Ana Lima"),
    ("Internal meeting held", "Schedule the customer introduction — @Ana Lima"),
    ("Introduction scheduled", "Introduce the CSM to the customer, then note it — @Ana Lima"),
    ("Introduction prepared", "Introduce the CSM to the customer, then note it — @Ana Lima"),
    ("Introduction done", "Follow the fade plan — @Ana Lima"),
]
MODELS = {  # the fade plan from 25 November on, and with which step Ben begins to lead
    "At Close": (["AE on call until 9 December 2026"], "acceptance"),
    "At Kickoff": (["Shared until 2 December 2026", "AE on call until 9 December 2026"], "Kickoff held"),
    "During Sales": (["AE on call until 9 December 2026"], "acceptance"),
    "Phased": (
        ["AE leads until 2 December 2026", "Shared until 9 December 2026", "AE on call until 23 December 2026"],
        "This phase is over",
    ),
}


async def accepted(office: Office, model: str = "At Close") -> str:
    """CS has accepted the document; the channel."""
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Timing model": model})
    await office.signs(office.ana, channel)
    await office.submits(office.ana, channel)
    await office.accepts(office.ben, channel)
    return channel


async def notes(office: Office, channel: str, step: str) -> None:
    """Somebody of the handoff notes a step, be it owed or not."""
    who = office.ben if step == "No questions" else office.ana
    await who.clicks("Deadlines", into=channel)
    if step in who.modal.buttons:
        await who.modal.press(step)
    else:
        await who.modal.choose("Note it", step)
    if step == "First contact made" and "Why before the introduction" in who.modal.labels():
        await office.tells_of_contact(who)
    elif who.modal.labels():  # how it went
        assert await who.modal.submit() == {}
    await who.modal.close()
    await office.settles()


async def hears_of_nothing(office: Office) -> None:
    """Ben says that the customer had to explain nothing again."""
    await office.ben.types("/handoff survey Acme", into="general")
    office.ben.modal.fill("Did the customer have to explain anything again?", ["No, all was known"])
    assert await office.ben.modal.submit() == {}
    await office.settles()


@pytest.mark.parametrize("model", MODELS)
async def test_step_by_step_to_the_end_of_the_fade_plan(office: Office, model: str) -> None:
    phases, leads_with = MODELS[model]
    channel = await accepted(office, model)
    leader = "Ben Okafor" if leads_with == "acceptance" else "Ana Lima"
    assert f"Leads the customer now\n@{leader}" in office.card(office.ana, channel).text
    await notes(office, channel, "First contact made")
    await office.goes_on(until="2026-11-25 10:00")
    for step, following in STEPS:
        await notes(office, channel, step)
        card = office.card(office.ana, channel).text
        assert f"Next: {following}" in card
        leader = "Ben Okafor" if leads_with in ("acceptance", step) else leader
        assert f"Leads the customer now\n@{leader}" in card
    assert f"Fade plan: {' → '.join(phases)}" in office.card(office.ana, channel).text
    if leads_with == "Kickoff held":
        await notes(office, channel, "Kickoff held")
        assert "Leads the customer now\n@Ben Okafor" in office.card(office.ana, channel).text
    await hears_of_nothing(office)
    for _ in phases:
        await notes(office, channel, "This phase is over")
        assert "Leads the customer now\n@Ben Okafor" in office.card(office.ana, channel).text
    card = office.card(office.ana, channel).text
    assert "Next: Lead the customer, and complete the handoff — @Ben Okafor" in card
    assert "Overdue" not in card
    assert "Due" not in card
    assert [row.kind for row in await office.rows(deadlines) if row.met_at is None] == []
    before = [office.told(who) for who in (office.ana, office.ben, office.leila, office.grace)]
    await office.goes_on(days=40)
    assert [office.told(who) for who in (office.ana, office.ben, office.leila, office.grace)] == before


async def test_the_two_who_fade_are_both_reminded_and_one_note_ends_both(office: Office) -> None:
    channel = await accepted(office, "Phased")
    for step in ("First contact made", *(step for step, _ in STEPS)):
        await notes(office, channel, step)
    # The first phase, AE leads, ends on 30 November; then Shared until 7 December.
    await office.goes_on(until="2026-11-30 20:00")
    assert len(office.told(office.ana, "Fade to the background")) == 1
    assert len(office.told(office.ben, "Lead the relationship")) == 1
    told = office.ben.dm().message("Lead the relationship")
    await office.ana.clicks("This phase is over", into=office.ana.dm().message("Fade to the background"))
    await office.settles()
    assert "Done by @Ana Lima" in told.text
    await office.goes_on(until="2026-12-08 20:00")
    assert len(office.told(office.ben, "Lead the relationship")) > 1  # of the second phase


@on_sqlite
@pytest.mark.parametrize(
    ("stage", "step", "offered"),
    [
        ("preparing", "Internal meeting held", False),
        ("preparing", "First contact made", False),  # before the signature there is nobody to contact
        ("signed", "First contact made", True),
        ("accepted", "Internal meeting held", True),
        ("accepted", "This phase is over", False),
    ],
)
async def test_only_what_can_have_happened_is_offered(office: Office, stage: str, step: str, offered: bool) -> None:
    if stage == "accepted":
        channel = await accepted(office)
    else:
        channel = await office.starts(office.ana)
        if stage == "signed":
            await office.signs(office.ana, channel)
    await office.ana.clicks("Deadlines", into=channel)
    modal = office.ana.modal
    choices = modal.choices("Note it") if modal.offers("Note it") else []
    assert (step in (*modal.buttons, *choices)) is offered


@on_sqlite
async def test_what_came_later_implies_what_came_before(office: Office) -> None:
    channel = await accepted(office)
    await notes(office, channel, "Introduction done")
    card = office.card(office.ana, channel).text
    assert "Schedule customer introduction" not in card
    assert "Prepare introduction" not in card
    assert "First CS contact" not in card


@on_sqlite
async def test_a_step_pressed_twice_is_noted_once_and_says_so(office: Office) -> None:
    channel = await accepted(office)
    await office.ana.clicks("Deadlines", into=channel)
    await office.ben.clicks("Deadlines", into=channel)
    await office.ana.modal.press("Meeting scheduled")
    await office.ben.modal.press("Meeting scheduled")
    await office.settles()
    said = [line for line in office.lines(office.ana, channel) if "the internal handoff meeting is scheduled" in line]
    assert len(said) == 1


@on_sqlite
async def test_what_was_noted_by_mistake_is_taken_back_and_owed_again(office: Office) -> None:
    channel = await accepted(office)
    await notes(office, channel, "First contact made")
    assert "First CS contact" not in office.card(office.ana, channel).text
    await office.ben.clicks("Deadlines", into=channel)
    await office.ben.modal.choose("Take back", "First contact made")
    assert not office.ben.modal.offers("Take back")
    await office.settles()
    assert office.lines(office.ana, channel)[-1] == (
        "@Ben Okafor took back: CS made the first contact with the customer."
    )
    await office.goes_on(until="2026-11-25 08:00")
    assert office.told(office.ben, "First CS contact") == ["Wed 25 Nov 08:00"]


@on_sqlite
async def test_a_phase_pressed_twice_ends_one_phase(office: Office) -> None:
    channel = await accepted(office, "Phased")
    for step in ("First contact made", *(step for step, _ in STEPS)):
        await notes(office, channel, step)
    for who in (office.ana, office.ben):
        await who.clicks("Deadlines", into=channel)
    for who in (office.ana, office.ben):  # who has not seen that Ana pressed it
        await who.modal.press("This phase is over")
    await office.settles()
    said = [line for line in office.lines(office.ana, channel) if "a phase of the fade plan is over" in line]
    assert len(said) == 1
    assert "Due 7 Dec 2026" in office.card(office.ana, channel).text


@on_sqlite
async def test_another_timing_model_asks_first_which_deadlines_it_moves(office: Office) -> None:
    channel = await accepted(office)
    for step in ("First contact made", *(step for step, _ in STEPS)):
        await notes(office, channel, step)
    await office.ana.clicks("Change deal", into=channel)
    office.ana.modal.fill("Timing model", "Phased")
    await office.ana.modal.submit()
    assert "Fade to the background" in office.ana.modal.text()
