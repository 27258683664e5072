"""Whoever is away is reminded of nothing: the cover is, or a leader, or the owner on the first morning back."""

from datetime import date, datetime

import pytest

from bot.preferences import Nudging, Preferences
from bot.teams import Person
from tests.bot.ticking import COVER, Life, office, owing_document, refuse_what_is_unwelcome
from tests.examples import AE, CS_LEADER, CSM, NOW, SALES_LEADER, TEAM, after, colleagues, empty
from tests.happenings import (
    DAY,
    HOUR,
    utc,
)

LONG = 90 * DAY


BACK, NEVER = date(2026, 11, 26), date(2027, 11, 26)
COVERED = {AE: Preferences(away_until=BACK, cover=COVER)}
ALONE = {AE: Preferences(away_until=BACK)}


@pytest.mark.parametrize(
    ("settled", "told"),
    [
        (COVERED, {COVER: 3, AE: 4, SALES_LEADER: 1}),
        (ALONE, {SALES_LEADER: 4, AE: 4}),  # three in place of the AE, and one as a leader
        (COVERED | {COVER: Preferences(away_until=NEVER)}, {SALES_LEADER: 4, AE: 4}),
        (COVERED | {COVER: Preferences(away_until=NEVER, cover=CSM)}, {CSM: 3, AE: 4, SALES_LEADER: 1}),
        (COVERED | {COVER: Preferences(nudging=Nudging.OFF, cover=CSM)}, {SALES_LEADER: 4, AE: 4}),
        (COVERED | {COVER: Preferences(away_until=NEVER, cover=AE)}, {SALES_LEADER: 4, AE: 4}),
        (ALONE | {SALES_LEADER: Preferences(away_until=BACK)}, {CS_LEADER: 3, AE: 4, SALES_LEADER: 1}),
        (ALONE | {SALES_LEADER: Preferences(nudging=Nudging.OFF)}, {CS_LEADER: 3, AE: 4}),
    ],
    ids=["cover", "none", "cover away", "cover's cover", "cover is off", "in a circle", "leader away", "leader is off"],
)
def test_who_is_away_is_covered(settled: dict[str, Preferences], told: dict[str, int]) -> None:
    life = owing_document(office(settled))
    life.pass_time(NOW, NOW + LONG)
    everybody = {one.event.to for one in life.heard}
    assert {person: len(life.reminders(person)) for person in everybody} == told
    for one in life.heard:
        refuse_what_is_unwelcome(one)


def test_somebody_hears_as_soon_as_somebody_is_back() -> None:
    alone = TEAM.model_copy(update={"cs_leader": None, "sales_leader": None})
    life = Life(
        after(empty(expected_close=date(2027, 1, 31), csm=None)),
        office({AE: Preferences(away_until=date(2027, 1, 6))}, team=alone),
        fixed=("alert_cs",),  # due on 17 January; the early word would have come on 3 January
    )
    life.pass_time(NOW, utc("2027-01-10 12:00"))
    assert life.reminders(AE) == ["Wed 06 Jan 09:00"]


@pytest.mark.parametrize(
    ("status", "until", "told"),
    [
        (":palm_tree:", None, SALES_LEADER),
        (":palm_tree:", NOW + 9 * DAY, SALES_LEADER),
        (":palm_tree:", NOW + HOUR, AE),  # it ended before
        (":coffee:", None, AE),
        ("", None, AE),
    ],
)
def test_a_status_in_slack_may_mean_away(status: str, until: datetime | None, told: str) -> None:
    ana = Person(id=AE, name="Ana", status_emoji=status, status_until=until)
    life = owing_document(colleagues(ana, away=(":palm_tree:",)))
    life.pass_time(NOW, NOW + DAY)
    assert [one.event.to for one in life.heard] == [told, told]  # before people leave, and at due


def test_whose_account_is_deactivated_never_hears_and_the_leader_does_at_once() -> None:
    life = owing_document(colleagues(Person(id=AE, name="Ana", deleted=True)))
    life.pass_time(NOW, NOW + 2 * DAY)
    assert life.reminders(AE) == []
    assert life.reminders(SALES_LEADER)[0] == "Mon 23 Nov 09:00"
