"""`/handoff teams`: who belongs to which team, settled by the workspace's admins."""

from tests.office import Office, on_sqlite


async def test_teams_are_there_again_and_setup_keeps_them(office: Office) -> None:
    await office.names_leaders()
    noah = office.noah
    await noah.types("/handoff teams", into="general")
    noah.modal.fill("Team 1", " EMEA ")
    noah.modal.fill("People of team 1", ["Ana Lima", "Ben Okafor"])
    noah.modal.fill("Team 3", "Americas")
    noah.modal.fill("People of team 3", ["Tom Becker"])
    assert await noah.modal.submit() == {}
    await noah.types("/handoff setup", into="general")
    assert "Teams: EMEA, Americas" in noah.modal.text()
    assert noah.modal.value("CS leader") == "Leila Haddad"
    noah.modal.fill("Channel prefix", "cs-")
    assert await noah.modal.submit() == {}
    await noah.types("/handoff setup", into="general")
    await noah.modal.press("Name teams")
    assert [noah.modal.value(f"Team {number}") for number in (1, 2, 3)] == ["EMEA", "Americas", None]
    assert noah.modal.value("People of team 1") == ["Ana Lima", "Ben Okafor"]


@on_sqlite
async def test_what_is_wrong_is_said_under_its_field(office: Office) -> None:
    noah = office.noah
    await noah.types("/handoff teams", into="general")
    noah.modal.fill("People of team 1", ["Ana Lima"])
    noah.modal.fill("Team 2", "EMEA")
    noah.modal.fill("Team 3", "emea")
    noah.modal.fill("People of team 3", ["Ben Okafor"])
    assert await noah.modal.submit() == {
        "Team 1": "These people need a team's name, or take them out.",
        "People of team 2": "Choose who belongs to EMEA, or take its name out.",
    }
    noah.modal.fill("Team 1", "EMEA")
    noah.modal.fill("Team 2", None)
    assert await noah.modal.submit() == {"Team 3": "There is a team called EMEA above already."}
    noah.modal.fill("Team 3", "Americas")
    await office.becomes_guest("Ana Lima")
    assert await noah.modal.submit() == {
        "People of team 1": "Ana Lima is a guest here. Choose a colleague who can act."
    }


@on_sqlite
async def test_there_is_room_for_twenty_and_what_was_typed_stays(office: Office) -> None:
    noah = office.noah
    await noah.types("/handoff teams", into="general")
    for number in range(1, 21):
        if not noah.modal.offers(f"Team {number}"):
            await noah.modal.press("More teams")
        noah.modal.fill(f"Team {number}", f"Team of {number}")
        noah.modal.fill(f"People of team {number}", ["Ana Lima", "Ben Okafor"])
    assert noah.modal.buttons == []
    assert await noah.modal.submit() == {}
    await noah.types("/handoff teams", into="general")
    assert [noah.modal.value(f"Team {number}") for number in (1, 20)] == ["Team of 1", "Team of 20"]


@on_sqlite
async def test_teams_are_named_by_admins(office: Office) -> None:
    (answer,) = await office.leila.types("/handoff teams", into="general")
    assert answer.text == (
        "Teams are for the admins and owners of this Slack workspace. Ask one of them to run /handoff teams."
    )
