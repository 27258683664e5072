"""The digest when something goes wrong: late, lost, refused, shared with others, or begun by a clock that leapt."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.schedule import post_digests
from sandbox import conversations
from store.tables import messages
from tests.office import MONDAY, Office, on_sqlite
from tests.stories.test_digest_schedule import EMPTY, HERE, digests, named, settle

THE_NEXT = EMPTY.replace("16–22", "23–29")


async def sees_health(office: Office) -> str:
    """Noah looks at the Home; what it says of the last digest."""
    home = await office.noah.opens_home()
    await office.settles()
    return next(line for line in home.text.splitlines() if "Last digest:" in line)


async def tries_again(office: Office) -> None:
    """Noah presses the button in setup."""
    await office.noah.types("/handoff setup", into="general")
    await office.noah.modal.press("Try them again")
    await office.settles()


async def wakes_later(office: Office, **time: float) -> None:
    """The digest was begun, Slack does not answer, and Baton is away for some time."""
    office.workspace.clock.move(timedelta(hours=1))
    office.workspace.faults.add("chat.postMessage", "500", times=99)
    await post_digests(office.baton.desk)
    await office.closes()
    office.workspace.faults.clear()
    office.workspace.clock.move(timedelta(**time))
    await office.opens()
    for _ in range(3):
        await office.later(minutes=1)


# -- too late


@on_sqlite
@pytest.mark.parametrize(("hours", "count"), [(24, 1), (26, 0), (24 * 4, 0)])
async def test_what_was_begun_and_comes_days_late_is_no_news(office: Office, hours: float, count: int) -> None:
    await settle(office)
    await wakes_later(office, hours=hours)
    assert len(digests(office)) == count
    assert len(office.heard(office.leila, "Handoffs by person")) == count


@on_sqlite
async def test_an_admin_sees_that_a_begun_one_was_left_out(office: Office) -> None:
    await settle(office)
    await wakes_later(office, days=4)
    assert "Last digest: That of 23 November 2026 was left out" in await sees_health(office)
    await office.later(days=3)
    assert "Last digest: 30 November 2026." in await sees_health(office)


@on_sqlite
async def test_what_was_set_aside_for_weeks_is_not_posted_after_newer_ones(office: Office) -> None:
    await settle(office, cs_leader=None, sales_leader=None)
    office.workspace.faults.add("chat.postMessage", "error", code="channel_not_found")
    await office.later(hours=1)
    await office.later(days=7)
    assert digests(office) == [THE_NEXT]
    await tries_again(office)
    assert digests(office) == [THE_NEXT]


# -- where it stands


@on_sqlite
async def test_a_lost_answer_is_looked_for_where_the_digests_went_then(office: Office) -> None:
    await settle(office, cs_leader=None, sales_leader=None)
    conversations.join(office.workspace, office.workspace.bot_user_id, named(office, HERE))
    office.workspace.faults.add("chat.postMessage", "internal_error_after")
    await office.later(hours=1)
    await settle(office, "general", cs_leader=None, sales_leader=None)
    for _ in range(3):
        await office.later(hours=1)
    assert (digests(office), digests(office, "general")) == ([EMPTY], [])
    (row,) = [row for row in await office.rows(messages) if row.picture == "digest"]
    assert row.ts in office.workspace.messages[named(office, HERE).id]


@on_sqlite
async def test_what_one_channel_refused_goes_into_the_next(office: Office) -> None:
    conversations.create(office.workspace, office.leila.id, "cs-leads", private=True)
    await settle(office, "cs-leads")
    await office.later(hours=1)
    await settle(office)
    await tries_again(office)
    assert digests(office) == [EMPTY]


# -- shared with another company


@on_sqlite
async def test_a_channel_that_another_company_reads_cannot_be_chosen(office: Office) -> None:
    named(office, HERE).is_ext_shared = True
    await office.noah.types("/handoff setup", into="general")
    with pytest.raises(LookupError, match="no conversation 'sales'"):
        office.noah.modal.fill("Digest channel", HERE)


@on_sqlite
async def test_into_a_channel_that_was_shared_since_nothing_is_posted(office: Office) -> None:
    await settle(office)
    named(office, HERE).is_ext_shared = True
    await office.later(hours=1)
    assert digests(office) == []
    assert "its channel is shared with another company" in office.heard(office.noah, "Slack refused")[-1].text
    assert office.workspace.bot_user_id not in named(office, HERE).members


# -- settled for the first time


@on_sqlite
async def test_the_hour_that_passed_before_a_channel_was_named_makes_no_digest(office: Office) -> None:
    office.workspace.clock.set(MONDAY + timedelta(hours=20))
    await office.noah.types("/handoff setup", into="general")
    office.noah.modal.fill("Digest channel", HERE)
    office.noah.modal.fill("Time zone", "UTC")
    assert await office.noah.modal.submit() == {}
    await office.later(minutes=1)
    assert digests(office) == []
    (said,) = await office.noah.types("/handoff digest", into="general")
    assert "The next digest comes on Monday, 30 November 2026" in said.text
    await office.noah.types("/handoff setup", into="general")  # saved again: that changes nothing
    assert await office.noah.modal.submit() == {}
    office.workspace.clock.set(MONDAY + timedelta(days=7, hours=6))
    await office.later()
    assert digests(office) == [THE_NEXT]


# -- a clock that leapt


async def leaps(office: Office) -> None:
    """For a moment the machine thinks that it is the next summer."""
    office.workspace.clock.set(datetime(2027, 6, 7, 10, tzinfo=UTC))
    await office.later()
    office.workspace.clock.set(MONDAY)


@on_sqlite
async def test_a_clock_that_leapt_leaves_the_lessons_and_the_next_digest_alone(office: Office) -> None:
    await settle(office)
    await leaps(office)
    await office.later(hours=1)
    assert "Last digest: 23 November 2026." in await sees_health(office)
    (said,) = await office.leila.types("/handoff digest", into="general")
    assert "The next digest comes on Monday, 30 November 2026" in said.text
    for _ in range(2):
        await office.later(days=7)
    assert len(office.heard(office.leila, "Lessons of 1–30 November 2026")) == 1


# -- what an admin sees meanwhile


@on_sqlite
async def test_one_that_was_set_aside_is_not_on_its_way(office: Office) -> None:
    conversations.create(office.workspace, office.leila.id, "cs-leads", private=True)
    await settle(office, "cs-leads")
    await office.later(hours=1)
    assert "white_check_mark" in await sees_health(office)
    await office.later(hours=1, minutes=1)
    assert ":warning: Last digest: that of 23 November 2026 is not posted." in await sees_health(office)


@on_sqlite
async def test_one_whose_channel_was_cleared_is_not_on_its_way(office: Office) -> None:
    await settle(office)
    office.workspace.faults.add("chat.postMessage", "429", times=3, retry_after=60)
    await office.later(hours=1)
    await settle(office, digest_channel=None)
    await office.later(hours=1)
    assert "Last digest: none is posted." in await sees_health(office)
    await settle(office)
    await office.later(hours=1)
    assert ":warning: Last digest: that of 23 November 2026 is not posted." in await sees_health(office)
