"""`/handoff settings` and `/handoff away`: what people settle about reminders, hours and being away."""

from datetime import date, time, timedelta

import pytest
from playwright.async_api import Page, expect

from bot.preferences import Nudging, Preferences
from bot.teams import Person
from tests.office import Office, on_sqlite

SETTLED = {
    "How reminders come": "One summary each working morning",
    "When they come": ["Also outside my working hours"],
    "Quiet hours from": "21:00",
    "Quiet hours to": "07:30",
    "Working days": ["Sunday", "Monday", "Tuesday"],
    "Working hours from": "08:00",
    "Working hours to": "16:00",
    "Public holidays of": "BR-SP",
}


async def settled(office: Office, name: str) -> Preferences:
    """What Baton keeps of one person's wishes."""
    user = office.workspace.person(name).id
    return await office.baton.store.read(office.baton.team, lambda work: work.preferences(user))


async def test_ana_settles_her_hours_and_finds_them_again(office: Office) -> None:
    await office.ana.types("/handoff settings", into="general")
    assert office.ana.modal.value("How reminders come") == "Each when it is due"
    assert office.ana.modal.value("Working hours to") == "18:00"
    assert "Slack says that your time zone is America/Sao Paulo." in office.ana.modal.text()
    for label, value in SETTLED.items():
        office.ana.modal.fill(label, value)
    assert await office.ana.modal.submit() == {}
    await office.ana.types("/handoff settings", into="general")
    weekdays = ["Monday", "Tuesday", "Sunday"]
    assert {label: office.ana.modal.value(label) for label in SETTLED} == SETTLED | {"Working days": weekdays}
    assert await settled(office, "Ben Okafor") == Preferences()


@on_sqlite
async def test_what_she_leaves_alone_follows_the_workspace(office: Office) -> None:
    await office.settles_on(country="DE", day_starts=time(8))
    await office.ana.types("/handoff settings", into="general")
    assert office.ana.modal.value("Public holidays of") == "DE"
    office.ana.modal.fill("How reminders come", "Off")
    assert await office.ana.modal.submit() == {}
    assert await settled(office, "Ana Lima") == Preferences(nudging=Nudging.OFF)
    await office.settles_on(country="FR", day_starts=time(10))
    await office.ana.types("/handoff settings", into="general")
    assert office.ana.modal.value("Working hours from") == "10:00"
    assert office.ana.modal.value("Public holidays of") == "FR"
    office.ana.modal.fill("Public holidays of", "none")
    assert await office.ana.modal.submit() == {}
    await office.ana.types("/handoff settings", into="general")
    assert office.ana.modal.value("Public holidays of") == "none"
    office.ana.modal.fill("Public holidays of", None)
    assert await office.ana.modal.submit() == {}
    assert (await settled(office, "Ana Lima")).country is None


@on_sqlite
async def test_what_makes_no_sense_is_said_under_each_field(office: Office) -> None:
    await office.ana.types("/handoff settings", into="general")
    office.ana.modal.fill("Quiet hours from", "21:00")
    office.ana.modal.fill("Working hours to", "09:00")
    office.ana.modal.fill("Public holidays of", "<!channel>")
    errors = await office.ana.modal.submit()
    assert errors.pop("Public holidays of").startswith("“<!channel>” is no country Baton knows.")
    assert errors == {
        "Quiet hours to": "Quiet hours need both ends: choose this one too, or clear “Quiet hours from”.",
        "Working hours to": "Working hours must end after they begin, at 09:00.",
    }
    assert await settled(office, "Ana Lima") == Preferences()


@on_sqlite
async def test_a_guest_settles_reminders_too(office: Office) -> None:
    await office.becomes_guest("Arjun Rao")
    await office.arjun.types("/handoff settings", into="general")
    office.arjun.modal.fill("How reminders come", "Off")
    assert await office.arjun.modal.submit() == {}
    assert (await settled(office, "Arjun Rao")).nudging is Nudging.OFF


async def test_away_with_a_cover_and_back_again(office: Office) -> None:
    await office.ana.types("/handoff away until 2026-12-01", into="general")
    assert office.ana.modal.value("First day back") == "2026-12-01"
    office.ana.modal.fill("Who covers", "Mia Chen")
    assert await office.ana.modal.submit() == {}
    assert office.ana.modal.text() == "Until 1 December 2026 @Mia Chen gets your reminders."
    assert await settled(office, "Ana Lima") == Preferences(away_until=date(2026, 12, 1), cover=office.mia.id)
    await office.ana.types("/handoff settings", into="general")
    assert "Until 1 December 2026 @Mia Chen gets your reminders." in office.ana.modal.text()
    assert await office.ana.modal.submit() == {}  # hours and absence are two things
    (answer,) = await office.ana.types("/handoff away back", into="general")
    assert answer.text == "Welcome back. Your reminders come to you again."
    assert await settled(office, "Ana Lima") == Preferences()
    (answer,) = await office.ana.types("/handoff away back", into="general")
    assert answer.text == "You are not away: your reminders come to you."


@on_sqlite
async def test_the_button_ends_it_and_the_form_begins_anew(office: Office) -> None:
    await office.ana.types("/handoff away until 2026-12-01", into="general")
    assert await office.ana.modal.submit() == {}
    words = "Until 1 December 2026 nobody covers for you: your leader gets what is urgent."
    assert words in office.ana.modal.text()
    await office.ana.types("/handoff away", into="general")
    assert words in office.ana.modal.text()
    assert office.ana.modal.value("First day back") == "2026-12-01"
    await office.ana.modal.press("I am back")
    assert office.ana.modal.text() == "Welcome back. Your reminders come to you again."
    await office.ana.types("/handoff away", into="general")
    assert office.ana.modal.value("First day back") is None
    assert "I am back" not in office.ana.modal.buttons


@on_sqlite
async def test_on_the_first_day_back_nobody_is_away(office: Office) -> None:
    await office.ana.types("/handoff away until 2026-11-24", into="general")
    assert await office.ana.modal.submit() == {}
    await office.later(hours=17.5)  # 02:30 UTC: still Monday in São Paulo
    await office.ana.types("/handoff away", into="general")
    assert "I am back" in office.ana.modal.buttons
    await office.later(hours=1)
    await office.ana.types("/handoff away", into="general")
    assert "I am back" not in office.ana.modal.buttons


@on_sqlite
@pytest.mark.parametrize(
    ("cover", "words"),
    [
        ("Mia Chen", "Mia Chen has a deactivated account. Choose a colleague who can act."),
        ("Baton", "Baton is a bot. Choose a colleague who can act."),
        ("Ana Lima", "You can't cover for yourself. Choose a colleague, or nobody."),
    ],
)
async def test_who_cannot_act_is_no_cover(office: Office, cover: str, words: str) -> None:
    office.workspace.deactivate("Mia Chen")
    await office.knows("Mia Chen", deleted=True)
    await office.ana.types("/handoff away until 2026-12-01", into="general")
    office.ana.modal.fill("Who covers", cover)
    assert await office.ana.modal.submit() == {"Who covers": words}


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("until 2026-11-23", "The first day back must lie after today."),
        ("until 9999-12-31", "The first day back must lie within two years."),
        *(
            (typed, "Type the first day back as in /handoff away until 2026-12-01")
            for typed in ("until", "soon", "<@U1>")
        ),
    ],
)
async def test_a_day_that_makes_no_sense_is_refused_in_words(office: Office, typed: str, words: str) -> None:
    (answer,) = await office.ana.types(f"/handoff away {typed}", into="general")
    assert answer.text.startswith(words)


@on_sqlite
async def test_yesterday_is_refused_under_the_day(office: Office) -> None:
    await office.ana.types("/handoff away", into="general")
    office.ana.modal.fill("First day back", "2026-11-22")
    assert await office.ana.modal.submit() == {"First day back": "The first day back must lie after today."}


async def known(office: Office, name: str) -> Person:
    """What Baton remembers of somebody."""
    user = office.workspace.person(name).id
    person = await office.baton.store.read(office.baton.team, lambda work: work.person(user))
    assert person
    return person


async def test_baton_hears_of_a_status_and_of_its_end(office: Office) -> None:
    ends = (office.workspace.clock.now() + timedelta(days=3)).replace(microsecond=0)
    await office.mia.sets_status(":palm_tree:", "On holiday", until=ends)
    mia = await known(office, "Mia Chen")
    assert (mia.status_emoji, mia.status_until) == (":palm_tree:", ends)
    await office.mia.sets_status(":coffee:")
    mia = await known(office, "Mia Chen")
    assert (mia.status_emoji, mia.status_until) == (":coffee:", None)
    await office.mia.sets_status(":palm_tree:", until=ends)
    office.workspace.clock.move(timedelta(days=4))
    await office.workspace.until(lambda: not office.workspace.person("Mia Chen").status_emoji)
    await office.workspace.events.delivered()
    assert (await known(office, "Mia Chen")).status_emoji == ""


@on_sqlite
async def test_a_status_is_set_in_the_page_and_seen_by_the_others(office: Office, page: Page) -> None:
    await office.mia.types("Morning!", into="general")
    await page.goto(f"{office.server.url}/?as={office.mia.id}")
    await page.get_by_role("button", name="Set a status").click()
    await page.get_by_role("button", name="Vacationing").click()
    await page.get_by_label("Remove it at").fill("2026-12-01T09:00")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    mia = await known(office, "Mia Chen")
    assert (mia.status_emoji, str(mia.status_until)) == (":palm_tree:", "2026-12-01 17:00:00+00:00")  # her 9:00
    await page.goto(f"{office.server.url}/?as={office.ben.id}")
    words = "Status: Vacationing, until Tuesday, December 1, 2026 at 6:00 PM"  # in Lagos
    await expect(page.get_by_role("main").get_by_role("img", name=words)).to_be_visible()
