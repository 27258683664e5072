"""Two people write in one section at the same time: the second sees what changed, and nobody loses a word."""

from tests.office import Office

OVERVIEW = "Company Overview"


async def both_open(office: Office, section: str) -> str:
    """Ana and Arjun have the same section open."""
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.opens_section(office.ana, channel, section)
    await office.opens_section(office.arjun, channel, section)
    return channel


async def test_different_fields_are_both_kept(office: Office) -> None:
    channel = await both_open(office, OVERVIEW)
    office.arjun.modal.fill("Industry", "Freight")
    assert await office.arjun.modal.submit() == {}
    office.ana.modal.fill("Contract Term", "24 months")
    assert await office.ana.modal.submit() == {}
    assert "Somebody saved this section while you were writing." in office.ana.modal.text()
    assert "@Arjun Rao set Industry to: Freight" in office.ana.modal.text()
    assert office.ana.modal.value("Contract Term") == "24 months"
    assert office.ana.modal.value("Industry") == "Freight"
    assert await office.ana.modal.submit() == {}
    await office.opens_section(office.arjun, channel, OVERVIEW)
    assert office.arjun.modal.value("Industry") == "Freight"
    assert office.arjun.modal.value("Contract Term") == "24 months"


async def test_the_same_field_shows_theirs_and_keeps_mine(office: Office) -> None:
    channel = await both_open(office, OVERVIEW)
    office.arjun.modal.fill("Industry", "Sea freight")
    assert await office.arjun.modal.submit() == {}
    office.ana.modal.fill("Industry", "Air freight")
    assert await office.ana.modal.submit() == {}
    assert "@Arjun Rao set Industry to: Sea freight" in office.ana.modal.text()
    assert office.ana.modal.value("Industry") == "Air freight"
    assert await office.ana.modal.submit() == {}
    await office.opens_section(office.arjun, channel, OVERVIEW)
    assert office.arjun.modal.value("Industry") == "Air freight"


async def test_two_who_wrote_the_same_words_are_not_bothered(office: Office) -> None:
    await both_open(office, OVERVIEW)
    for who in (office.arjun, office.ana):
        who.modal.fill("Industry", "Freight")
        assert await who.modal.submit() == {}
        assert who.modal.title == "Edit document"


async def test_a_sign_off_that_was_open_while_the_customer_was_accepted_empties_nothing(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    await office.opens_section(office.ana, channel, "Sign-off")
    await office.accepts(office.ben, channel)
    office.ana.modal.fill("Handoff date", "2026-12-01")
    assert await office.ana.modal.submit() == {}
    assert "@Ben Okafor set Handed off by to: @Ana Lima" in office.ana.modal.text()
    assert await office.ana.modal.submit() == {}
    await office.opens_section(office.ana, channel, "Sign-off")
    assert office.ana.modal.value("Handoff date") == "2026-12-01"
    assert office.ana.modal.value("Handed off by") == "Ana Lima"


async def test_rows_of_two_people_are_all_there(office: Office) -> None:
    await both_open(office, "Why They Bought")
    for who in (office.ana, office.arjun):
        await who.modal.press("Add driver")
        who.modal.fill("Driver", f"What {who.name} heard")
    for who in (office.ana, office.arjun):
        assert await who.modal.submit() == {}
    assert "What Ana Lima heard" in office.arjun.modal.text()
    assert "What Arjun Rao heard" in office.arjun.modal.text()


async def test_a_row_changed_by_another_is_shown_before_it_is_replaced(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.adds(office.ana, channel, "Risks & Red Flags", "Add risk", Risk="No sponsor", Severity="Low")
    for who in (office.ana, office.arjun):
        await office.opens_section(who, channel, "Risks & Red Flags")
        await who.modal.press("Edit", near="No sponsor")
    office.arjun.modal.fill("Severity", "High")
    assert await office.arjun.modal.submit() == {}
    office.ana.modal.fill("Mitigation", "Meet the deputy")
    assert await office.ana.modal.submit() == {}
    assert "@Arjun Rao changed this meanwhile." in office.ana.modal.text()
    assert "Theirs: No sponsor · High" in office.ana.modal.text()
    assert office.ana.modal.value("Mitigation") == "Meet the deputy"
    assert office.ana.modal.value("Severity") == "High"  # what she left alone takes his words
    assert await office.ana.modal.submit() == {}
    assert "No sponsor · High · Meet the deputy" in office.ana.modal.text()


async def test_a_row_removed_by_another_comes_back_if_i_still_want_it(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.adds(office.ana, channel, "Risks & Red Flags", "Add risk", Risk="No sponsor", Severity="Low")
    await office.opens_section(office.ana, channel, "Risks & Red Flags")
    await office.ana.modal.press("Edit", near="No sponsor")
    await office.opens_section(office.arjun, channel, "Risks & Red Flags")
    await office.arjun.modal.press("Remove", near="No sponsor")
    office.ana.modal.fill("Mitigation", "Meet the deputy")
    assert await office.ana.modal.submit() == {}
    assert "Theirs: removed" in office.ana.modal.text()
    assert await office.ana.modal.submit() == {}
    assert "No sponsor · Low · Meet the deputy" in office.ana.modal.text()


async def test_an_old_menu_of_a_row_that_is_gone_does_no_harm(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.adds(office.ana, channel, "Risks & Red Flags", "Add risk", Risk="No sponsor", Severity="Low")
    for who in (office.ana, office.arjun):
        await office.opens_section(who, channel, "Risks & Red Flags")
    await office.arjun.modal.press("Remove", near="No sponsor")
    await office.ana.modal.press("Edit", near="No sponsor")
    assert "Somebody removed this row meanwhile." in office.ana.modal.text()
    await office.ana.modal.close()
    await office.ana.modal.press("Remove", near="No sponsor")
    assert "No sponsor" not in office.ana.modal.text()


async def test_what_i_saved_on_my_phone_is_not_undone_by_the_form_on_my_laptop(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, OVERVIEW)
    office.ana.modal.fill("Contract Term", "24 months")
    laptop = office.submission(office.ana)
    await office.writes(office.ana, channel, OVERVIEW, Industry="Freight")
    answer = await office.workspace.delivery.send("interactive", laptop)
    assert answer["response_action"] == "update"
    await office.opens_section(office.ana, channel, OVERVIEW)
    assert office.ana.modal.value("Industry") == "Freight"


async def test_what_i_change_before_i_press_again_is_saved_though_the_first_answer_was_lost(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.opens_section(office.ana, channel, OVERVIEW)
    office.ana.modal.fill("Industry", "Freight")
    await office.workspace.delivery.send("interactive", office.submission(office.ana))  # and the answer is lost
    office.ana.modal.fill("Contract Term", "24 months")
    assert await office.ana.modal.submit() == {}
    await office.opens_section(office.ben, channel, OVERVIEW)
    assert office.ben.modal.value("Industry") == "Freight"
    assert office.ben.modal.value("Contract Term") == "24 months"
