"""The AE fades by a plan that everybody sees; one who disappears instead is noticed."""

import pytest

from bot.reminders import DeadlineMissed
from store.tables import history
from tests.office import Office, on_sqlite
from tests.stories.test_steps import STEPS, accepted, notes

WHICH = "Which of the two freight systems stays?"


async def introduced(office: Office, model: str = "At Close") -> str:
    """The customer has met Ben, on Monday the 23rd; the channel."""
    channel = await accepted(office, model)
    for step, _ in STEPS:
        await notes(office, channel, step)
    return channel


async def asks(office: Office, words: str = WHICH, to: str = "Ana Lima") -> None:
    """Ben asks."""
    await office.ben.types("/handoff ask Acme", into="general")
    office.ben.modal.fill("Your question", words)
    office.ben.modal.fill("Who should answer", to)
    assert await office.ben.modal.submit() == {}
    await office.settles()


async def disappearances(office: Office) -> int:
    """How often it was counted."""
    rows = [row for row in await office.rows(history) if row.kind == DeadlineMissed.__name__]
    return sum(DeadlineMissed.model_validate_json(row.data).is_disappearance for row in rows)


async def test_the_plan_says_which_phase_it_is_and_until_when_the_ae_is_reachable(office: Office) -> None:
    channel = await introduced(office, "Phased")
    plan = "AE leads until 30 November 2026 → Shared until 7 December 2026 → AE on call until 21 December 2026"
    card = office.card(office.ana, channel).text
    assert f"Fade plan: {plan}\nNow: AE leads. @Ana Lima is reachable until 21 December 2026." in card
    await notes(office, channel, "This phase is over")
    assert "Now: Shared. @Ana Lima is reachable until" in office.card(office.ana, channel).text
    for _ in range(2):
        await notes(office, channel, "This phase is over")
    card = office.card(office.ana, channel).text
    assert "@Ana Lima has faded, and was reachable until 21 December 2026." in card


@on_sqlite
async def test_a_check_in_names_the_phase_that_ends(office: Office) -> None:
    channel = await introduced(office, "Phased")
    await office.goes_on(until="2026-11-30 20:00")
    assert office.told(office.ana, "Fade to the background: AE leads") != []
    assert office.told(office.ben, "Lead the relationship: AE leads") != []
    first = office.ana.dm().message("Fade to the background")
    await notes(office, channel, "This phase is over")
    assert first.text.startswith("Fade to the background: AE leads")
    await office.goes_on(until="2026-12-07 20:00")
    assert office.told(office.ana, "Fade to the background: Shared") != []


async def test_an_ae_who_leaves_questions_open_while_fading_is_told_of_to_the_sales_leader(office: Office) -> None:
    channel = await introduced(office)
    await office.goes_on(until="2026-11-24 10:00")
    await asks(office)
    await office.goes_on(until="2026-11-25 09:00")
    assert office.told(office.grace) == []
    await office.goes_on(until="2026-11-25 20:00")
    told = office.grace.dm().last
    assert told.fallback == (
        ":ghost: @Ana Lima has left a question about Acme GmbH unanswered, after the customer met @Ben Okafor."
    )
    assert told.buttons == ["Questions", "View document", "Change owners"]
    assert "the AE does not answer any more" in office.lines(office.ana, channel)[-1]
    assert await disappearances(office) == 1
    await office.ana.clicks("Answer", into=office.ana.dm().message("asks you"))
    office.ana.modal.fill("Your answer", "TruckBase.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert told.text.startswith("Of Acme GmbH no late answer is with @Ana Lima any more.")
    assert told.buttons == ["View document"]


@on_sqlite
async def test_the_second_question_left_open_is_told_in_the_same_message(office: Office) -> None:
    await introduced(office)
    await office.goes_on(until="2026-11-24 10:00")
    await asks(office)
    await asks(office, "And who switches it off?")
    await office.goes_on(until="2026-11-25 20:00")
    assert len(office.told(office.grace)) == 1
    assert "has left 2 questions about" in office.grace.dm().last.text


@on_sqlite
async def test_an_ae_who_answers_and_then_disappears_again_is_told_of_again(office: Office) -> None:
    await introduced(office)
    await office.goes_on(until="2026-11-24 10:00")
    await asks(office)
    await office.goes_on(until="2026-11-25 20:00")
    first = office.grace.dm().last
    await office.ana.clicks("Answer", into=office.ana.dm().message("asks you"))
    office.ana.modal.fill("Your answer", "TruckBase.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    await asks(office, "And who switches it off?")
    await office.goes_on(until="2026-11-27 20:00")
    again = office.grace.dm().last
    assert again.ts != first.ts
    assert again.text.startswith(":ghost: @Ana Lima has left a question about Acme GmbH unanswered")


@on_sqlite
@pytest.mark.parametrize("when", ["before the introduction", "of somebody else"])
async def test_otherwise_it_is_only_late(office: Office, when: str) -> None:
    if when == "before the introduction":
        await accepted(office)
        await asks(office)
    else:
        await introduced(office)
        await asks(office, to="Arjun Rao")
    await office.goes_on(days=1, hours=9)
    late = [row for row in await office.rows(history) if row.kind == DeadlineMissed.__name__]
    assert any("answer_question" in row.data for row in late)
    assert await disappearances(office) == 0
    assert office.told(office.grace) == []


@on_sqlite
async def test_the_leader_hears_in_hours_that_are_welcome_and_not_of_what_was_answered_by_then(office: Office) -> None:
    await introduced(office)
    await office.goes_on(until="2026-11-27 10:00")  # a Friday: it is late on Saturday
    await asks(office)
    await office.goes_on(until="2026-11-29 12:00")
    assert await disappearances(office) == 1
    assert office.told(office.grace) == []
    await office.ana.clicks("Answer", into=office.ana.dm().message("asks you"))
    office.ana.modal.fill("Your answer", "TruckBase.")
    assert await office.ana.modal.submit() == {}
    await office.goes_on(until="2026-11-30 20:00")
    assert office.told(office.grace) == []
