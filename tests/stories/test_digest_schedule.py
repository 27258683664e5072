"""The weekly digest comes once a week, whatever the clock, restarts, replicas and Slack do."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest

from app import Baton
from handlers.delivery import Patience
from handlers.schedule import post_digests
from sandbox import conversations
from sandbox.records import Channel
from store.tables import messages
from tests.office import MONDAY, Office, on_sqlite

HERE = "sales"
A_SUNDAY = MONDAY - timedelta(days=1)


def named(office: Office, name: str) -> Channel:
    """The channel of that name."""
    return next(channel for channel in office.workspace.channels.values() if channel.name == name)


async def settle(office: Office, channel: str = HERE, **settings: object) -> None:
    """The digest comes into that channel, on Mondays at nine, and Leila and Grace lead."""
    known: dict[str, object] = {"cs_leader": office.leila.id, "sales_leader": office.grace.id, "csms": (office.ben.id,)}
    known |= {"aes": (office.ana.id,), "digest_channel": named(office, channel).id, "digest_at": time(10)}
    await office.settles_on(**known | settings)


def digests(office: Office, channel: str = HERE) -> list[str]:
    """The digests that stand in the channel."""
    here = named(office, channel).id
    found = office.workspace.messages[here].values()
    return [message.text for message in found if message.text.startswith("Handoffs, ")]


EMPTY = "Handoffs, 16–22 November 2026: no deal closed, nothing slipped, and nothing is at risk."


async def test_the_digest_comes_at_its_hour_once_a_week(office: Office) -> None:
    await settle(office)
    await office.later(minutes=59)
    assert digests(office) == []
    await office.later(minutes=1)
    assert digests(office) == [EMPTY]
    for _ in range(8):
        await office.later(hours=20)
    assert digests(office) == [EMPTY]
    await office.later(hours=8)
    assert digests(office) == [EMPTY, EMPTY.replace("16–22", "23–29")]


@on_sqlite
async def test_the_clock_of_the_local_workspace_stops_at_the_digest(office: Office) -> None:
    assert office.baton.next_moment() is None
    await settle(office)
    at_ten = MONDAY + timedelta(hours=1)
    assert office.baton.next_moment() == at_ten
    await office.goes_on(hours=2)
    assert digests(office) == [EMPTY]
    assert office.baton.next_moment() == at_ten + timedelta(days=7)
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    deadline = office.baton.next_moment()
    assert deadline
    assert deadline < at_ten + timedelta(days=7)


async def test_two_batons_that_look_at_the_same_moment_make_one(office: Office) -> None:
    await settle(office)
    office.workspace.clock.move(timedelta(hours=2))
    others = [post_digests(office.baton.desk) for _ in range(4)]
    if office.database_url.startswith("postgresql"):
        replica = Baton(office.baton.settings, office.workspace.clock)
        await replica.start()
        try:
            await asyncio.gather(*others, *(post_digests(replica.desk) for _ in range(4)))
            await asyncio.gather(office.settles(), replica.delivery.settle())
        finally:
            await replica.stop()
    else:
        await asyncio.gather(*others)
    await office.settles()
    assert digests(office) == [EMPTY]
    assert len(office.heard(office.leila, "Handoffs by person")) == 1


@on_sqlite
@pytest.mark.parametrize(("hours", "count"), [(2, 1), (23.9, 1), (24.1, 0), (30, 0)])
async def test_what_was_missed_is_caught_up_with_for_a_day(office: Office, hours: float, count: int) -> None:
    await settle(office)
    await office.closes()
    office.workspace.clock.move(timedelta(hours=hours + 1))
    await office.opens()
    await office.later()
    await office.later()
    assert len(digests(office)) == count


@on_sqlite
async def test_killed_between_the_decision_and_the_post_it_posts_afterwards(office: Office) -> None:
    await settle(office)
    office.workspace.clock.move(timedelta(hours=1))
    office.workspace.faults.add("chat.postMessage", "500", times=2)
    await post_digests(office.baton.desk)
    await office.closes()
    assert digests(office) == []
    await office.opens()
    for _ in range(3):
        await office.later(minutes=1)
    assert digests(office) == [EMPTY]


@on_sqlite
@pytest.mark.parametrize("kind", ["500_after", "drop_after", "internal_error_after"])
async def test_a_lost_answer_doubles_nothing(office: Office, kind: str) -> None:
    await settle(office, cs_leader=None, sales_leader=None)
    conversations.join(office.workspace, office.workspace.bot_user_id, named(office, HERE))
    await office.closes()
    office.baton = Baton(office.baton.settings, office.workspace.clock, Patience(attempt=timedelta(seconds=0.7)))
    await office.baton.start()
    office.workspace.faults.add("chat.postMessage", kind)
    for _ in range(4):
        await office.later(hours=1)
    assert not office.workspace.faults.pending
    assert digests(office) == [EMPTY]
    (row,) = [row for row in await office.rows(messages) if row.picture == "digest"]
    assert (row.edition, row.channel) == ("2026-11-23", named(office, HERE).id)
    assert row.ts in office.workspace.messages[row.channel]


@on_sqlite
async def test_a_clock_that_is_set_back_repeats_nothing(office: Office) -> None:
    await settle(office)
    await office.later(hours=1)
    await office.later(days=7)
    office.workspace.clock.set(MONDAY)
    for _ in range(9):
        await office.later(hours=20)
    assert len(digests(office)) == 2


@on_sqlite
async def test_another_day_chosen_in_midweek_makes_no_second_one_in_the_same_week(office: Office) -> None:
    await settle(office)
    await office.later(hours=1)
    await settle(office, digest_day=3)
    (said,) = await office.leila.types("/handoff digest", into="general")
    assert "The next digest comes on Thursday, 3 December 2026" in said.text
    await office.goes_on(until="2026-11-27")
    await office.later()
    assert len(digests(office)) == 1
    office.workspace.clock.set(datetime(2026, 12, 3, 10, 1, tzinfo=UTC))
    await office.later()
    assert digests(office)[1:] == [EMPTY.replace("16–22 November 2026", "26 November – 2 December 2026")]


@on_sqlite
@pytest.mark.parametrize(("day", "moment"), [("2026-10-19", "07:00"), ("2026-10-26", "08:00")])
async def test_the_hour_is_that_of_the_zone_when_summer_time_ends(office: Office, day: str, moment: str) -> None:
    at = datetime.fromisoformat(f"{day}T{moment}").replace(tzinfo=UTC)
    office.workspace.clock.set(at - timedelta(minutes=1))
    await settle(office, zone="Europe/Berlin", digest_at=time(9))
    await office.later()
    assert digests(office) == []
    await office.later(minutes=1)
    assert len(digests(office)) == 1


@on_sqlite
async def test_without_a_channel_there_is_none(office: Office) -> None:
    await settle(office, digest_channel=None)
    await office.later(hours=2)
    assert not office.heard(office.leila, "Handoffs by person")
    assert [row for row in await office.rows(messages) if row.picture == "digest"] == []


@on_sqlite
async def test_a_private_channel_has_it_once_baton_is_invited(office: Office) -> None:
    private = conversations.create(office.workspace, office.leila.id, "cs-leads", private=True)
    await settle(office, "cs-leads")
    await office.later(hours=1)
    assert digests(office, "cs-leads") == []
    told = office.heard(office.noah, "Slack refused")
    assert "Baton is not in its channel. Type /invite @Baton there." in told[-1].text
    conversations.invite(office.workspace, office.leila.id, private, [office.workspace.bot_user_id])
    await office.noah.types("/handoff setup", into="general")
    await office.noah.modal.press("Try them again")
    await office.settles()
    assert digests(office, "cs-leads") == [EMPTY]
    assert digests(office) == []


@on_sqlite
async def test_where_joining_is_refused_an_admin_hears_what_to_do(office: Office) -> None:
    office.workspace.faults.add("conversations.join", "error", code="missing_scope")
    await settle(office)
    await office.later(hours=1)
    assert digests(office) == []
    assert "Type /invite @Baton there." in office.heard(office.noah, "Slack refused")[-1].text


@on_sqlite
async def test_where_charts_are_refused_a_table_is_posted_once(office: Office) -> None:
    office.workspace.refused_blocks.add("data_visualization")
    channel = await office.starts(office.ana)
    await office.signs(office.ana, channel)
    await settle(office)
    await office.later(days=7, hours=1)
    (told,) = digests(office)
    assert "1 deal closed" in told
    message = office.ana.conversation(HERE).message("1 deal closed")
    assert [block["type"] for block in message.blocks if block["type"] in ("table", "data_visualization")] == ["table"]
    assert "Accepted: " not in message.text
    assert "Preparing: 1 (3–7 d)" in message.text


@on_sqlite
async def test_an_admin_sees_which_one_was_left_out(office: Office) -> None:
    await settle(office)
    await office.later(hours=1)
    home = await office.noah.opens_home()
    await office.settles()
    assert "Last digest: 23 November 2026." in home.text
    await office.closes()
    office.workspace.clock.move(timedelta(days=8, hours=1))
    await office.opens()
    await office.later()
    await office.noah.opens_home()
    await office.settles()
    assert "Last digest: 23 November 2026. That of 30 November 2026 was left out" in home.text
    assert len(digests(office)) == 1
