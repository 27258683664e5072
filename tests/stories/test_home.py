"""The Home tab: what I owe first, then what else goes on."""

from tests.office import Office, on_sqlite

pytestmark = on_sqlite


async def test_an_empty_home_says_how_to_begin(office: Office) -> None:
    await office.ana.opens_home()
    await office.settles()
    assert "You have no handoffs yet." in office.ana.home.text
    await office.ana.home.press("Start a handoff")
    assert office.ana.modal.title == "Start a handoff"


async def test_ae_and_csm_see_what_is_theirs_to_do(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.starts(office.ana, Website=None, **{"Company Name": "Oakline"})
    await office.submits(office.ana, channel)
    for who in (office.ana, office.ben):
        await who.opens_home()
    await office.settles()
    ana, ben = office.ana.home.text, office.ben.home.text
    assert ana.index("Yours to do") < ana.index("Oakline") < ana.index("Going on") < ana.index("Acme GmbH")
    owed, handoffs = ben.split("Yours to do")
    assert owed.index("You owe one thing.") < owed.index("Review document · Acme GmbH")
    assert handoffs.index("Acme GmbH") < handoffs.index("Going on") < handoffs.index("Oakline")
    await office.ben.home.press("View document", near="Acme GmbH")
    assert office.ben.modal.title == "Handoff document"


async def test_the_se_has_a_home_too(office: Office) -> None:
    await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.arjun.opens_home()
    await office.settles()
    assert "Acme GmbH" in office.arjun.home.text


async def test_a_button_on_an_old_home_is_answered(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.ana.opens_home()
    await office.settles()
    await office.cancels(office.ana, channel)
    await office.ana.home.press("Edit document")
    assert office.ana.modal.title == "Not now"
    assert "This handoff is cancelled." in office.ana.modal.text()


async def test_a_hundred_handoffs_still_fit(office: Office) -> None:
    for number in range(70):
        signed = {"Contract signed on": "2026-11-23"} if number < 14 else {}
        name = {"Company Name": f"Customer {number}"}
        assert not await office.asks_to_start(office.ana, Website=None, **name, **signed)
    await office.ana.opens_home()
    await office.settles()
    home = office.ana.home.text
    assert "You owe 14 things, the most urgent first." in home
    assert "And 2 more, later than these." in home
    assert home.count("Customer ") == 12 + 25  # what she owes, and the handoffs below
