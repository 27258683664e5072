"""Deadlines: said once when they are missed, never when they were met, and never again after a week asleep."""

from datetime import timedelta

from tests.office import Office

LATE = "Baton noticed that this is overdue: Complete handoff document."


async def test_a_day_after_the_signature_the_card_and_one_line_say_overdue(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.later(hours=23, minutes=59)
    assert "Overdue" not in office.card(office.ana, channel).text
    await office.later(minutes=2)
    assert "Overdue: Complete handoff document" in office.card(office.ana, channel).text
    assert office.lines(office.ana, channel)[-1] == LATE
    await office.later(hours=30)
    assert office.lines(office.ana, channel).count(LATE) == 1
    (answer,) = await office.ana.types("/handoff list", into="general")
    assert "Overdue: Complete handoff document" in answer.text


async def test_what_is_met_in_time_is_never_said(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.submits(office.ana, channel)
    await office.accepts(office.ben, channel)
    await office.later(days=7)
    said = "\n".join(office.lines(office.ana, channel))
    assert "Complete handoff document" not in said
    assert "Review document" not in said


async def test_overdue_ends_with_the_submission_and_the_review_has_its_own_day(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.later(hours=25)
    await office.submits(office.ana, channel)
    assert "Overdue" not in office.card(office.ana, channel).text
    await office.later(hours=25)
    assert "Overdue: Review document" in office.card(office.ana, channel).text
    await office.returns(office.ben, channel, "Industry")
    assert "Overdue: Review document" not in office.card(office.ana, channel).text
    assert "Overdue: Fix what was returned" not in office.card(office.ana, channel).text
    await office.later(hours=25)
    assert "Overdue: Fix what was returned" in office.card(office.ana, channel).text


async def test_after_a_week_asleep_it_is_said_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.closes()
    office.workspace.clock.move(timedelta(days=7))
    await office.opens()
    await office.later(seconds=10)
    await office.later(seconds=10)
    assert office.lines(office.ana, channel).count(LATE) == 1


async def test_a_signature_of_last_week_is_overdue_at_once(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Contract signed on": "2026-11-16"})
    await office.later(seconds=10)
    assert "Overdue: Complete handoff document" in office.card(office.ana, channel).text


async def test_the_clock_of_the_signature_starts_anew_when_a_handoff_is_reopened(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.cancels(office.ana, channel)
    await office.later(days=3)
    await office.ana.clicks("Reopen", into=channel)
    await office.later(hours=23)
    assert LATE not in office.lines(office.ana, channel)
    await office.later(hours=2)
    assert office.lines(office.ana, channel).count(LATE) == 1


async def test_a_cancelled_handoff_owes_nothing(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await office.cancels(office.ana, channel)
    await office.later(days=2)
    assert not any("overdue" in line for line in office.lines(office.ana, channel))
