"""The App Home of leaders and admins: the whole team's handoffs, and how Baton is."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from store.tables import AT_ONCE, deadlines, outbox
from tests.office import Office, on_sqlite
from tests.stories.homes import home_of, many

pytestmark = on_sqlite


async def test_the_leader_assigns_what_has_no_csm(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana, **{"Customer success manager": None})
    await office.starts(office.ana, Website=None, **{"Company Name": "Oakline"})
    home = await home_of(office, office.leila)
    assert home.text.startswith("Unassigned: 1, the most urgent first\nAcme GmbH")
    assert "Nothing is overdue." in home.text
    assert "Slipping" not in home.text
    await home.press("Assign CSM")
    office.leila.modal.fill("Customer success manager", "Mia Chen")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert "Every handoff has its CSM." in home.text
    load = home.text.split("Load per CSM")[1]
    assert "@Mia Chen: load 0.5 · 1 open" in load
    assert "@Ben Okafor: load 0.5 · 1 open" in load


async def test_the_last_place_that_was_asked_for_is_the_one_that_is_shown(office: Office) -> None:
    await office.names_leaders()
    await office.becomes_admin("Leila Haddad")
    home = await home_of(office, office.leila)
    office.workspace.faults.add("views.publish", "429", retry_after=5)
    for tab in ("Admin", "Team", "Admin"):
        await home.press(tab)
    await office.settles()
    for _ in range(3):
        await office.later(minutes=1)
    assert "Health" in home.text
    assert len([row for row in await office.rows(outbox) if row.kind == "home.publish"]) <= 3  # and the first one


async def test_what_slips_is_named_with_who_owes_it(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Contract signed on": "2026-11-23"})
    await office.starts(office.ana, Website=None, **{"Company Name": "Oakline"})
    await office.later(days=2)
    home = await home_of(office, office.grace)
    slipping = home.text.split("Slipping: ")[1].split("Load per CSM")[0]
    assert slipping.startswith("1 handoff, the longest overdue first\nAcme GmbH · Preparing the document")
    assert "Overdue: Complete handoff document — @Ana Lima, since 24 Nov 2026 09:00 UTC" in slipping
    assert "Oakline" not in slipping
    await home.press("Deadlines", near="Acme GmbH")
    assert office.grace.modal.title == "Deadlines"
    await office.grace.modal.close()
    await office.submits(office.ana, channel)
    await office.later(days=1, hours=12)
    load = (await home_of(office, office.grace)).text.split("Load per CSM")[1]
    assert "@Ben Okafor: load 1.5 · 2 open · 2 overdue" in load


async def test_the_leader_pages_through_all_that_is_unassigned(office: Office) -> None:
    await office.names_leaders()
    await many(office, 30)
    home = await home_of(office, office.leila)
    assert "Unassigned: 30" in home.text
    assert home.buttons.count("Assign CSM") == 5
    await home.press("All 30")
    await office.settles()
    assert "1–10 of 30." in home.text
    assert "Load per CSM" not in home.text
    assert (home.buttons[0], home.buttons[-1]) == ("Back to the team", "Back to the team")
    await home.press("Next page")
    await office.settles()
    assert "11–20 of 30." in home.text
    await home.press("Assign CSM", near="Customer 015")
    office.leila.modal.fill("Customer success manager", "Mia Chen")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert "11–20 of 29." in home.text
    assert "Customer 015" not in home.text
    await home.press("Back to the team")
    await office.settles()
    assert "Unassigned: 29" in home.text
    assert "Load per CSM" in home.text


async def test_the_leader_pages_through_all_that_slips(office: Office) -> None:
    await office.names_leaders()
    await many(office, 12, expected_close="2026-11-30")
    await office.later(days=30)
    home = await home_of(office, office.leila)
    assert "Slipping: 12 handoffs" in home.text
    await home.press("All 12", nth=1)
    await office.settles()
    assert "Unassigned" not in home.text
    assert "1–10 of 12." in home.text
    await home.press("Next page")
    await office.settles()
    assert home.buttons.count("Deadlines") == 2
    assert (home.buttons[0], home.buttons[-1]) == ("Back to the team", "Back to the team")
    home = await home_of(office, office.leila)
    assert "Unassigned" in home.text


async def test_the_last_one_of_a_whole_list_leaves_the_way_back(office: Office) -> None:
    await office.names_leaders()
    await many(office, 6)
    home = await home_of(office, office.leila)
    await home.press("All 6")
    await office.settles()
    for number in range(1, 7):
        await home.press("Assign CSM", near=f"Customer 00{number}")
        office.leila.modal.fill("Customer success manager", "Mia Chen")
        assert await office.leila.modal.submit() == {}
        await office.settles()
    assert "Every handoff has its CSM." in home.text
    assert home.buttons == ["Back to the team"]


async def test_what_is_not_settled_is_a_button_for_who_may(office: Office) -> None:
    await office.settles_on(cs_leader=office.leila.id, sales_leader=office.noah.id)
    assert "no CSMs are named yet. An admin does it in /handoff setup." in (await home_of(office, office.leila)).text
    home = await home_of(office, office.noah)  # a leader and an admin
    assert "no CSMs are named yet." in home.text
    assert "An admin does it" not in home.text
    await home.press("Open setup")
    assert office.noah.modal.offers("CSMs")
    (answer,) = await office.leila.types("/handoff digest", into="general")
    assert "An admin does it in /handoff setup." in answer.text
    (answer,) = await office.noah.types("/handoff digest", into="general")
    assert "An admin does it" not in answer.text
    assert answer.buttons == ["Open setup"]


async def test_what_is_asked_again_after_a_change_of_settings_is_no_alarm(office: Office) -> None:
    await office.starts(office.ana, **{"Contract signed on": "2026-11-23"})
    await office.later(minutes=5)
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Which clock decides what is late", "The owner's working time")
    assert await office.noah.modal.submit() == {}
    due = [row.ask_at for row in await office.rows(deadlines) if row.ask_at]
    assert AT_ONCE in due
    assert (
        "Deadlines: all that had passed at the last tick were asked about." in (await home_of(office, office.noah)).text
    )
    passed = update(deadlines).values(ask_at=office.workspace.clock.now() - timedelta(minutes=3))
    await office.baton.store.database.write(lambda connection: connection.execute(passed))
    home = await home_of(office, office.noah)
    assert "had passed before the last tick and nobody was asked." in home.text


async def test_the_team_is_for_its_leaders(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana)
    await home_of(office, office.leila)
    await office.settles_on(csms=(office.ben.id, office.leila.id))  # she leads no more
    home = await home_of(office, office.leila)
    assert "Slipping" not in home.text
    assert "Acme" not in home.text


async def test_the_admin_opens_setup_and_reads_how_baton_is(office: Office) -> None:
    home = await home_of(office, office.noah)
    assert "CS leader nobody yet · Sales leader nobody yet" in home.text
    assert "Last tick: not yet, since this Baton started." in home.text
    await office.later(minutes=1)
    await home.press("Open setup")
    office.noah.modal.fill("CS leader", "Leila Haddad")
    assert await office.noah.modal.submit() == {}
    await office.settles()
    assert "CS leader @Leila Haddad" in home.text
    assert "Health: all is well" in home.text
    assert "Outbox: nothing is waiting." in home.text
    assert "Last tick: 23 Nov 2026 09:01 UTC." in home.text
    assert "Scopes: Baton has all that its manifest asks for." in home.text


async def test_the_admin_tries_again_what_slack_refused(office: Office) -> None:
    office.workspace.faults.add("chat.getPermalink", "error", code="some_new_error")
    await office.starts(office.ana)
    home = await home_of(office, office.noah)
    assert "Health: 1 thing to look at" in home.text
    assert "Set aside: 1 that Slack refused." in home.text
    assert "Acme" not in home.text
    await home.press("Try them again")
    await office.settles()
    assert "Set aside" not in home.text
    assert office.ana.conversation("handoff-acme-gmbh").bookmarks
    assert office.noah.modals == []


async def test_the_admin_sees_what_waits_and_what_slack_does_not_allow(office: Office) -> None:
    manifest = office.workspace.manifest
    fewer = tuple(scope for scope in manifest.scopes if scope not in ("pins:write", "reactions:read"))
    office.workspace.manifest = replace(manifest, scopes=fewer)
    office.workspace.faults.add("conversations.create", "500", times=50)
    await office.asks_to_start(office.ana)
    await office.settles()
    office.workspace.clock.move(timedelta(minutes=7))
    home = await home_of(office, office.noah)
    assert "Outbox: 1 waiting, the oldest for 7 min." in home.text
    assert "Scopes: pins:write, reactions:read missing." in home.text


async def test_that_slack_does_not_say_which_scopes_it_gave_is_said(office: Office) -> None:
    office.workspace.faults.add("auth.test", "500")
    assert "Slack did not say now which ones Baton has." in (await home_of(office, office.noah)).text


async def test_who_is_no_admin_any_more_has_no_admin_tab(office: Office) -> None:
    await office.names_leaders()
    await office.becomes_admin("Leila Haddad")
    home = await home_of(office, office.leila)
    await home.press("Admin")
    await office.settles()
    assert "Health" in home.text
    await office.becomes_admin("Leila Haddad", no=True)
    home = await home_of(office, office.leila)
    assert "Health" not in home.text
    assert home.text.startswith("Every handoff has its CSM.")
    await office.becomes_admin("Leila Haddad")
    home = await home_of(office, office.leila)
    await home.press("Admin")
    await office.settles()
    await office.becomes_admin("Leila Haddad", no=True)
    await home.press("Open setup")
    assert "Setup is for the admins and owners" in office.leila.modal.text()
    await office.settles()
    assert "Health" not in home.text
