"""Starting a handoff: what the form asks, what it refuses, and what begins."""

import asyncio

import pytest

from sandbox.people import PersonSeed
from tests.office import START, Office, on_sqlite


@on_sqlite
async def test_the_form_asks_what_is_known_when_a_deal_will_probably_close(office: Office) -> None:
    ana = office.ana
    await ana.types("/handoff start Acme GmbH", into="general")
    assert ana.modal.title == "Start a handoff"
    assert ana.modal.labels() == [
        "Company Name", "Website", "Segment", "Contract Value", "Currency", "Timing model", "Expected close date",
        "Contract signed on", "Account executive", "Customer success manager", "Solutions engineer",
    ]  # fmt: skip
    assert ana.modal.value("Company Name") == "Acme GmbH"
    assert ana.modal.value("Account executive") == "Ana Lima"
    assert ana.modal.value("Customer success manager") is None
    assert ana.modal.choices("Segment") == ["SMB", "Mid-market", "Enterprise"]
    assert ana.modal.choices("Timing model") == ["At Close", "At Kickoff", "During Sales", "Phased"]
    assert "Contract signed · + Clean transition · − No context transfer time" in ana.modal.text()


@on_sqlite
async def test_the_name_alone_is_enough_to_begin(office: Office) -> None:
    await office.ana.types("/handoff start", into="general")
    assert await office.ana.modal.submit() == {
        "Company Name": "Please complete this required field.",
        "Segment": "Please complete this required field.",
    }
    office.ana.modal.fill("Company Name", "Acme GmbH")
    office.ana.modal.fill("Segment", "SMB")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    card = office.card(office.ana, "handoff-acme-gmbh")
    assert "Account executive\n@Ana Lima" in card.text
    assert "Customer success manager\nnobody yet" in card.text
    assert "Contract value\n—" in card.text


@on_sqlite
async def test_a_contract_signed_already_is_noted_at_the_start(office: Office) -> None:
    channel = await office.starts(office.ana, **{"Contract signed on": "2026-11-20"})
    card = office.card(office.ana, channel)
    assert "Contract signed\n20 November 2026" in card.text
    assert "Contract signed" not in card.buttons
    assert office.lines(office.ana, channel) == ["@Ana Lima noted the signature of 20 November 2026."]


@on_sqlite
async def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(office: Office) -> None:
    wrong = {"Contract signed on": "2026-11-24", "Website": "https://not a site.example", "Company Name": "   "}
    errors = await office.asks_to_start(office.ana, **{**wrong, "Website": None})
    assert errors == {
        "Company Name": "Company Name is needed: who is the customer?",
        "Contract signed on": "A signature can't lie in the future. Use Expected close date for that.",
    }
    assert office.ana.modal.value("Contract Value") == "84000"
    office.ana.modal.fill("Company Name", "Acme GmbH")
    office.ana.modal.fill("Contract signed on", None)
    assert await office.ana.modal.submit() == {}


async def test_two_people_start_the_same_customer_at_the_same_moment(office: Office) -> None:
    people = (office.ana, office.mia)
    for who, name in zip(people, ("Acme GmbH", "ACME"), strict=True):
        await who.types(f"/handoff start {name}", into="general")
        who.modal.fill("Segment", "SMB")
    answers = await asyncio.gather(*(who.modal.submit() for who in people))
    assert sorted(map(bool, answers)) == [False, True]
    (refused,) = filter(None, answers)
    assert "another live handoff" in refused["Company Name"] or "a live handoff already" in refused["Company Name"]
    await office.settles()
    assert len([name for name in office.ana.channels() + office.mia.channels() if "acme" in name]) == 1


async def test_the_same_customer_twice_is_an_error_that_names_and_links_the_live_one(office: Office) -> None:
    channel = await office.starts(office.ana)
    for name, website in (("ACME", "https://other.example"), ("Other", "https://www.acme.example/about")):
        errors = await office.asks_to_start(office.mia, **{"Company Name": name, "Website": website})
        assert "Acme GmbH has a live handoff already in #handoff-acme-gmbh" in errors["Company Name"]
        assert f"<#{office.ana.conversation(channel).id}>" in str(office.mia.modal.blocks[0])
        assert "Acme GmbH has a live handoff already in #handoff-acme-gmbh" in office.mia.modal.text()
        assert office.mia.modal.value("Company Name") == name
        await office.mia.modal.close()


async def test_a_double_click_on_start_starts_once(office: Office) -> None:
    await office.ana.types("/handoff start Acme GmbH", into="general")
    office.ana.modal.fill("Segment", "SMB")
    await office.submits_twice(office.ana)
    assert [name for name in office.ana.channels() if "acme" in name] == ["handoff-acme-gmbh"]


@on_sqlite
async def test_owners_who_cannot_act_are_refused_by_name(office: Office) -> None:
    office.workspace.add_person(PersonSeed("Rosa Bot", is_bot=True))
    office.workspace.deactivate("Tom Becker")
    await office.workspace.events.delivered()
    errors = await office.asks_to_start(
        office.ana, **{"Account executive": "Tom Becker", "Customer success manager": "Rosa Bot"}
    )
    assert errors == {
        "Account executive": "Tom Becker has a deactivated account. Choose a colleague who can act.",
        "Customer success manager": "Rosa Bot is a bot. Choose a colleague who can act.",
    }


@on_sqlite
@pytest.mark.parametrize(
    ("customer", "channel"),
    [
        ("Payload Inc.", "handoff-payload-inc"),
        ("<!channel>", "handoff-channel"),
        ("../../x", "handoff-x"),
        ("🚀🚀", "handoff-customer"),
        ("شركة النور", "handoff-shrk-lnwr"),
        ("Ærø & Søn *A/S* _~`", "handoff-aero-son-a-s"),
        ("W" * 150, "handoff-" + "w" * 72),
    ],
)
async def test_any_name_of_a_customer_makes_a_channel(office: Office, customer: str, channel: str) -> None:
    await office.ana.types(f"/handoff start {customer}", into="general")
    office.ana.modal.fill("Segment", "SMB")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert channel in office.ana.channels()
    here = office.ana.conversation(channel)
    assert customer in here.pins[0].text
    assert "<!channel>" not in here.pins[0].raw.text


@on_sqlite
async def test_a_name_too_long_is_cut_in_the_form_and_refused_by_it(office: Office) -> None:
    await office.ana.types(f"/handoff start {'W' * 400}", into="general")
    assert office.ana.modal.value("Company Name") == "W" * 150
    errors = await office.asks_to_start(office.ana, **START | {"Company Name": "W" * 151})
    assert errors == {"Company Name": "Please enter no more than 150 characters."}


@on_sqlite
async def test_naming_a_customer_who_has_a_live_handoff_says_so_before_anything_is_typed(office: Office) -> None:
    await office.starts(office.ana)
    await office.mia.types("/handoff start acme", into="general")
    assert "Acme GmbH has a live handoff already in #handoff-acme-gmbh" in office.mia.modal.text()
    await office.mia.modal.press("View document")
    assert office.mia.modal.title == "Handoff document"
