"""The App Home of those who sell and those who take over: what is mine to do first, and then all of mine."""

from tests.office import Office, on_sqlite
from tests.stories.homes import home_of, many
from tests.stories.test_promises import API
from tests.stories.test_promises import in_review as promised
from tests.stories.test_questions import WHICH, asks

pytestmark = on_sqlite


async def test_an_empty_home_says_how_to_begin(office: Office) -> None:
    home = await home_of(office, office.ana)
    assert "You have no handoffs yet. One that names you, as AE, CSM or solutions engineer, stands here." in home.text
    await home.press("Start a handoff")
    assert office.ana.modal.title == "Start a handoff"


async def test_a_guest_is_told_that_this_is_not_for_guests(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana)
    await office.becomes_guest("Leila Haddad")  # who was the CS leader
    home = await home_of(office, office.leila)
    assert "You are a guest in this workspace, and no handoff is yours." in home.text
    assert home.buttons == []
    assert "Acme" not in home.text


async def test_the_ae_sees_what_is_owed_and_then_every_handoff(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.starts(office.ana, Website=None, **{"Company Name": "Oakline", "Contract signed on": "2026-11-23"})
    await office.submits(office.ana, channel)
    home = await home_of(office, office.ana)
    assert home.text.startswith("2 handoffs going on\nStart a handoff\nYou owe: 1\nComplete handoff document · Oakline")
    assert "Next: Read the document, then accept it or return it — @Ben Okafor" in home.text
    await home.press("Edit document", near="Next: Complete the document")
    assert "Oakline" in office.ana.modal.text()


async def test_the_next_button_of_a_row_brings_it_on(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.fills(office.ana, channel)
    home = await home_of(office, office.ana)
    await home.press("Submit for review", near="Acme GmbH")
    await office.settles()
    assert "Acme GmbH · In review" in home.text  # the Home has followed by itself
    assert "Submit for review" not in home.buttons


async def test_what_is_asked_is_answered_from_home(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    home = await home_of(office, office.ana)
    assert "One answer is waited for" in home.text
    assert f"@Ben Okafor asks: “{WHICH}”\nDue 24 Nov 2026 09:00 UTC" in home.text
    await home.press("Answer")
    office.ana.modal.fill("Your answer", "TruckBase stays.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "is waited for" not in home.text


async def test_what_is_done_elsewhere_leaves_the_home_alone(office: Office) -> None:
    channel = await office.starts(office.ana)
    home = await home_of(office, office.ana)
    await home.press("Edit document", near="Acme GmbH")
    await office.ana.modal.close(everything=True)
    await office.settles()
    await office.signs(office.ana, channel)
    assert "Complete handoff document" not in home.text
    assert "Complete handoff document" in (await home_of(office, office.ana)).text


async def test_the_csm_reviews_from_home(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    home = await home_of(office, office.ben)
    assert home.text.startswith("1 handoff going on\nStart a handoff\nTo review: 1\nAcme GmbH · In review")
    assert "You owe" not in home.text
    await home.press("Accept")
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "To review" not in home.text
    assert "To prepare before the introduction: 1\nAcme GmbH · Accepted by CS" in home.text
    assert "Your customers" in home.text


async def test_the_csm_keeps_a_promise_from_home(office: Office) -> None:
    channel = await promised(office)
    await office.accepts(office.ben, channel)
    assert "Promises due" not in (await home_of(office, office.ben)).text  # it is due in eleven days
    await office.later(days=5)
    home = await home_of(office, office.ben)
    assert f"Promises due: 1\nAcme GmbH: {API}" in home.text
    await home.press("Kept", near=API)
    await office.settles()
    assert "Promises due" not in home.text


async def test_whoever_has_two_roles_turns_from_one_to_the_other(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana)
    await office.starts(office.ben, Website=None, **{"Company Name": "Oakline", "Customer success manager": "Mia Chen"})
    home = await home_of(office, office.ben)
    assert home.buttons[:2] == ["Customer Success", "Sales"]
    assert "Acme GmbH" in home.text
    assert "Oakline" not in home.text
    await home.press("Sales")
    await office.settles()
    assert "Oakline" in home.text
    assert "Acme GmbH" not in home.text
    assert "Oakline" in (await home_of(office, office.ben)).text  # it stands where it stood
    await home.press("Edit document", near="Oakline")
    await office.ben.modal.close()
    await office.settles()
    assert "Oakline" in home.text  # still on the same tab


async def test_the_se_has_a_home_too(office: Office) -> None:
    await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    home = await home_of(office, office.arjun)
    assert "Acme GmbH" in home.text
    assert not {"Sales", "Customer Success", "Team", "Admin"} & set(home.buttons)


async def test_others_see_nothing_of_it(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana)
    assert "You have no handoffs yet." in (await home_of(office, office.arjun)).text
    assert "Acme" not in (await home_of(office, office.mia)).text


async def test_a_button_on_an_old_home_is_answered_and_the_home_mended(office: Office) -> None:
    channel = await office.starts(office.ana)
    home = await home_of(office, office.ana)
    await office.cancels(office.ana, channel)
    await home.press("Edit document")
    assert office.ana.modal.title == "Not now"
    assert "This handoff is cancelled." in office.ana.modal.text()
    await office.settles()
    assert "None of them goes on just now." in home.text


async def test_hundreds_are_paged_and_filtered(office: Office) -> None:
    await many(office, 300)
    home = await home_of(office, office.ana)
    assert "1–10 of 300, the newest first." in home.text
    await home.press("Next page")
    await office.settles()
    assert "11–20 of 300" in home.text
    assert "Customer 290" in home.text
    await home.press("Edit document", near="Customer 290")
    await office.ana.modal.close(everything=True)
    await office.settles()
    assert "11–20 of 300" in home.text
    await home.choose("Find a customer", "customer 10")
    await office.settles()
    assert "1–10 of 10, the newest first." not in home.text  # one page needs no counting
    assert home.text.count("Customer 10") == 10
    await home.choose("Stage", "Preparing the document (300)")
    await office.settles()
    assert home.text.count("Customer 10") == 10
    await home.choose("Find a customer", "{not < there & }")
    await office.settles()
    assert "No handoff fits." in home.text
    await home.press("Show what goes on")
    await office.settles()
    assert "1–10 of 300" in home.text


async def test_home_opened_anew_keeps_its_tab_and_nothing_that_was_looked_for(office: Office) -> None:
    await office.names_leaders()
    await many(office, 30)
    await office.starts(office.ben, Website=None, **{"Company Name": "Oakline", "Customer success manager": "Mia Chen"})
    home = await home_of(office, office.ana)
    await home.press("Next page")
    await office.settles()
    assert "11–20 of 30" in home.text
    assert "1–10 of 30" in (await home_of(office, office.ana)).text
    await home.choose("Find a customer", "customer 02")
    await office.settles()
    assert "Your handoffs: 10 fit “customer 02”" in home.text
    assert "1–10 of 30" in (await home_of(office, office.ana)).text
    assert "fit “" not in home.text
    await home.choose("Stage", "All (30)")
    await office.settles()
    assert "Show what goes on" in home.buttons
    assert "Show what goes on" not in (await home_of(office, office.ana)).buttons
    ben = await home_of(office, office.ben)
    await ben.press("Sales")
    await office.settles()
    assert "Oakline" in (await home_of(office, office.ben)).text


async def test_a_page_that_is_not_there_any_more_is_the_first(office: Office) -> None:
    await many(office, 11)
    home = await home_of(office, office.ana)
    await home.press("Next page")
    await office.settles()
    assert "11–11 of 11" in home.text
    await office.ana.types("/handoff cancel Customer 002", into="general")
    office.ana.modal.fill("Reason", "Deal lost")
    assert await office.ana.modal.submit() == {}
    await home.press("Edit document", near="Customer 001")
    await office.settles()
    assert "Customer 011" in home.text
    assert "Previous page" not in home.buttons
