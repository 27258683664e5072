"""`/handoff setup`: people, channels and habits, settled by the workspace's admins."""

import pytest

from store.tables import teams
from tests.office import Office, on_sqlite

SETTLED = {
    "AEs": ["Ana Lima", "Tom Becker"],
    "CSMs": ["Ben Okafor", "Mia Chen"],
    "CS leader": "Leila Haddad",
    "Sales leader": "Grace Whitfield",
    "Digest channel": "sales",
    "Day of the digest": "Thursday",
    "Hour of the digest": "07:30",
    "Time zone": "Europe/Berlin",
    "Channel privacy": "Public",
    "Channel prefix": "cs-",
    "When a handoff is completed, its channel is": "Archived",
    "Days until then": "14",
    "Which clock decides what is late": "The owner's working time",
    "Working days": ["Monday", "Tuesday", "Wednesday", "Thursday"],
    "Working hours from": "08:30",
    "Working hours to": "17:00",
    "Public holidays of": "DE-BY",
}


async def test_everything_settled_is_there_again(office: Office) -> None:
    await office.noah.types("/handoff setup", into="general")
    assert office.noah.modal.value("Channel privacy") == "Private"
    assert office.noah.modal.value("Channel prefix") == "handoff-"
    assert office.noah.modal.value("Which clock decides what is late") == "The clock on the wall"
    assert office.noah.modal.value("Working hours to") == "18:00"
    assert office.noah.modal.value("Day of the digest") == "Monday"
    assert office.noah.modal.value("Time zone") == "Australia/Sydney"  # as Slack says of Noah
    for label, value in SETTLED.items():
        office.noah.modal.fill(label, value)
    assert await office.noah.modal.submit() == {}
    told = "The next digest comes on Thursday, 26 November 2026, at 07:30 (Europe/Berlin) in #sales."
    assert "Saved." in office.noah.modal.text()
    assert told in office.noah.modal.text()
    await office.noah.types("/handoff setup", into="general")
    assert {label: office.noah.modal.value(label) for label in SETTLED} == SETTLED


@on_sqlite
async def test_setup_is_for_admins(office: Office) -> None:
    (answer,) = await office.ana.types("/handoff setup", into="general")
    assert answer.text == (
        "Setup is for the admins and owners of this Slack workspace. Ask one of them to run /handoff setup."
    )


@on_sqlite
async def test_an_admin_made_a_moment_ago_may_and_one_unmade_may_not(office: Office) -> None:
    await office.becomes_admin("Ana Lima")
    assert await office.ana.types("/handoff setup", into="general") == []
    await office.becomes_admin("Ana Lima", no=True)
    assert "Setup is for the admins" in str(await office.ana.modal.submit())


@on_sqlite
@pytest.mark.parametrize("prefix", ["CS-", "cs new", "<!here>", "é-"])
async def test_a_prefix_that_slack_would_refuse_is_refused_in_words(office: Office, prefix: str) -> None:
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Channel prefix", prefix)
    assert await office.noah.modal.submit() == {"Channel prefix": "Only small letters, digits, - and _, at most 20."}


@on_sqlite
async def test_everything_wrong_is_said_at_once_under_its_field(office: Office) -> None:
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Channel prefix", "CS-")
    office.noah.modal.fill("Days until then", "366")
    office.noah.modal.fill("Working hours from", "18:30")
    office.noah.modal.fill("Public holidays of", "DE-XX")
    office.noah.modal.fill("Time zone", "Berlin")
    errors = await office.noah.modal.submit()
    assert errors.pop("Public holidays of").startswith("“XX” is no region of DE")
    assert errors == {
        "Channel prefix": "Only small letters, digits, - and _, at most 20.",
        "Days until then": "Whole days, from 1 to 365.",
        "Time zone": "“Berlin” is no time zone that I know. Write one such as Europe/Berlin or America/New_York.",
        "Working hours to": "Working hours must end after they begin, at 18:30.",
    }
    assert (await office.rows(teams)) == []


@on_sqlite
async def test_without_a_prefix_the_channel_is_called_as_the_customer(office: Office) -> None:
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Channel prefix", None)
    assert await office.noah.modal.submit() == {}
    assert "No digest is posted: no channel is settled." in office.noah.modal.text()
    assert await office.starts(office.ana) == "acme-gmbh"


@on_sqlite
async def test_the_leaders_of_today_change_and_review_the_handoffs_of_yesterday(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    (answer,) = await office.leila.types("/handoff accept acme", into="general")
    assert "Only the CSM and the CS leader" in answer.text
    await office.names_leaders()
    await office.leila.types("/handoff accept acme", into="general")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert "@Leila Haddad accepted the handoff" in office.lines(office.ana, channel)[-1]


@on_sqlite
async def test_a_bot_or_somebody_who_left_is_no_colleague(office: Office) -> None:
    office.workspace.deactivate("Mia Chen")
    await office.knows("Mia Chen", deleted=True)
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("CSMs", ["Ben Okafor", "Mia Chen"])
    errors = await office.noah.modal.submit()
    assert errors == {"CSMs": "Mia Chen has a deactivated account. Choose a colleague who can act."}
