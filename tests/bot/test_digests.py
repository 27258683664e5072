"""When the weekly digest is due: by the workspace's own clock, across its changes, and at most once a week."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest

from bot.digests import (
    Slot,
    due_slot,
    is_news,
    last_slot,
    month_told,
    next_slots,
    settled_since,
    skipped_slot,
    week_before,
)
from bot.teams import Team

BERLIN = Team(digest_channel="C1", zone="Europe/Berlin")  # Mondays at nine


def at(text: str) -> datetime:
    """A moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23 07:59:59", None),  # the one of the 16th is a week old
        ("2026-11-23 08:00", "2026-11-23"),
        ("2026-11-24 08:00", "2026-11-23"),  # a day late to the minute
        ("2026-11-24 08:00:01", None),
        ("2026-10-19 07:00", "2026-10-19"),  # summer time: an hour earlier in UTC
        ("2026-10-19 06:59", None),
        ("2026-10-26 07:30", None),  # the clocks went back on the 25th
        ("2026-10-26 08:00", "2026-10-26"),
    ],
)
def test_the_digest_is_due_at_its_hour_and_for_a_day(now: str, due: str | None) -> None:
    slot = due_slot(BERLIN, at(now))
    assert (slot and slot.edition) == due


def test_without_a_channel_none_is_due() -> None:
    assert due_slot(Team(zone="Europe/Berlin"), at("2026-11-23 08:00")) is None


@pytest.mark.parametrize(
    ("day", "hour", "zone", "now", "moment"),
    [
        # 02:30 does not exist on the night on which summer time begins: the same moment by the clock of before
        (6, "02:30", "Europe/Berlin", "2026-03-29 12:00", "2026-03-29 01:30"),
        # 02:30 comes twice when it ends: the first one
        (6, "02:30", "Europe/Berlin", "2026-10-25 12:00", "2026-10-25 00:30"),
        # Monday in Auckland begins on Sunday in UTC, and Sunday evening in Los Angeles is Monday there
        (0, "09:00", "Pacific/Auckland", "2026-11-22 20:30", "2026-11-22 20:00"),
        (6, "20:00", "America/Los_Angeles", "2026-11-23 04:00", "2026-11-23 04:00"),
    ],
)
def test_the_hour_is_that_of_the_zone(day: int, hour: str, zone: str, now: str, moment: str) -> None:
    team = Team(digest_channel="C1", zone=zone, digest_day=day, digest_at=time.fromisoformat(hour))
    assert last_slot(team, at(now)).at == at(moment)


def test_it_tells_of_the_seven_days_before() -> None:
    week = week_before(last_slot(BERLIN, at("2026-11-23 08:00")).day, BERLIN.zone)
    assert (week.title, week.ends_at) == ("16–22 November 2026", at("2026-11-22 23:00"))


@pytest.mark.parametrize(
    ("now", "last", "skipped"),
    [
        ("2026-11-25 12:00", "2026-11-16", "2026-11-23"),
        ("2026-11-25 12:00", "2026-11-23", None),
        ("2026-11-23 12:00", "2026-11-16", None),  # it still comes
        ("2026-11-25 12:00", "2026-11-19", None),  # on Thursdays until now: too soon for another
        ("2026-11-25 12:00", None, None),  # there never was one
    ],
)
def test_what_was_missed_for_more_than_a_day_is_skipped(now: str, last: str | None, skipped: str | None) -> None:
    slot = skipped_slot(BERLIN, at(now), date.fromisoformat(last) if last else None)
    assert (slot and slot.edition) == skipped


@pytest.mark.parametrize(
    ("now", "first"),
    [("2026-11-23 07:59", "2026-11-23"), ("2026-11-24 07:59", "2026-11-23"), ("2026-11-24 08:01", "2026-11-30")],
)
def test_what_is_late_and_still_comes_is_the_next_one(now: str, first: str) -> None:
    one, following, *_ = islice(next_slots(BERLIN, at(now)), 3)
    assert (one.edition, following.day - one.day) == (first, timedelta(days=7))


@pytest.mark.parametrize(
    ("now", "still"),
    [("2026-11-24 09:00", True), ("2026-11-24 09:01", False), ("2026-11-23 07:59", True), ("2026-11-21 08:00", False)],
)
def test_what_was_begun_is_tried_for_a_day_and_an_hour(now: str, still: bool) -> None:
    assert is_news(BERLIN, date(2026, 11, 23), at(now)) is still


def test_what_passed_before_a_channel_was_named_is_not_due() -> None:
    now = at("2026-11-23 09:00")
    since = settled_since(BERLIN, Team(), now)
    team = BERLIN.model_copy(update={"digest_since": since})
    assert due_slot(team, now) is None
    assert due_slot(team, at("2026-11-30 08:00")) is not None
    assert settled_since(BERLIN, team, at("2026-11-25 09:00")) == since
    assert settled_since(Team(), team, at("2026-11-25 09:00")) == since  # it counts when one is named again
    assert settled_since(BERLIN, Team(digest_since=since), at("2026-11-25 09:00")) == at("2026-11-25 09:00")


@pytest.mark.parametrize(
    ("slot", "last", "month"),
    [
        ("2026-12-07", "2026-11-30", "2026-11"),
        ("2026-12-14", "2026-12-07", ""),
        ("2026-12-14", "2026-11-30", "2026-11"),  # that of the 7th was skipped
        ("2027-01-04", "2026-12-28", "2026-12"),
        ("2026-12-07", None, "2026-11"),
        ("2026-12-14", None, ""),  # the first of all: the month began before anybody was told anything
    ],
)
def test_the_lessons_of_a_month_go_with_the_first_digest_after_it(slot: str, last: str | None, month: str) -> None:
    known = date.fromisoformat(last) if last else None
    assert month_told(Slot(date.fromisoformat(slot), at(f"{slot} 09:00")), known) == month
