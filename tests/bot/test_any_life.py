"""Reminders in lives that nobody thought of: whoever settles what, whatever happens when, nobody is nagged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import steps, waits
from bot.colleagues import Colleagues
from bot.events import Event, HandoffReopened
from bot.handoffs import Stage
from bot.nudges import Watch, watches
from bot.preferences import Nudging, Preferences
from bot.refusals import Refusal
from bot.teams import Lateness
from bot.timing import Fact
from tests.bot.ticking import (
    COVER,
    Life,
    office,
    refuse_long_ladders,
    refuse_nagging,
    refuse_what_is_unwelcome,
)
from tests.examples import AE, CS_LEADER, CSM, PLAYBOOK, SALES_LEADER, TEAM, after, empty
from tests.happenings import DAY, accepted, cancelled, deal, noted, owners, returned, signed, submitted

PEOPLE = (AE, CSM, COVER, CS_LEADER, SALES_LEADER)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia")
FIRST = datetime(2027, 3, 1, 9, tzinfo=UTC)  # summer time begins in March, here and there
random_lives = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

minutes = st.integers(0, 3 * 24 * 60).map(lambda number: timedelta(minutes=number))
clocks = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
days = st.integers(1, 20).map(lambda number: FIRST.date() + number * DAY)


@st.composite
def preferences(draw: st.DrawFn) -> Preferences:
    """What somebody may have settled."""
    hours = sorted(draw(st.tuples(clocks, clocks).filter(lambda both: both[0] != both[1])))
    quiet = draw(st.none() | st.tuples(clocks, clocks).filter(lambda both: both[0] != both[1]))
    return Preferences(
        nudging=draw(st.sampled_from([Nudging.EACH, Nudging.EACH, Nudging.DAILY, Nudging.OFF])),
        any_hour=draw(st.booleans()),
        quiet_from=quiet and quiet[0],
        quiet_to=quiet and quiet[1],
        workdays=draw(st.none() | st.sets(st.integers(0, 6), min_size=1).map(lambda chosen: tuple(sorted(chosen)))),
        day_starts=hours[0],
        day_ends=hours[1],
        country=draw(st.sampled_from([None, "", "DE-BY", "US"])),
        away_until=draw(st.none() | days),
        cover=draw(st.none() | st.sampled_from(PEOPLE)),
    )


settled = st.dictionaries(st.sampled_from(PEOPLE), preferences())
zones = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(ZONES))
teams = st.builds(
    lambda late, leads, sells: TEAM.model_copy(update={"lateness": late, "cs_leader": leads, "sales_leader": sells}),
    st.sampled_from(Lateness),
    st.sampled_from([CS_LEADER, CSM, AE, None]),
    st.sampled_from([SALES_LEADER, CS_LEADER, AE, None]),
)
offices = st.builds(lambda own, where, team: office(own, zones=where, team=team), settled, zones, teams)

BEGINNINGS: Mapping[str, Callable[[datetime], list[Event]]] = {
    "signed": lambda now: [signed(now)],
    "in review": lambda now: [signed(now), submitted(at=now)],
    "accepted": lambda now: [signed(now), submitted(at=now), accepted(now)],
    "introduced": lambda now: [submitted(at=now), accepted(now), noted(Fact.INTRODUCTION_DONE, now)],
}


@given(
    people=offices,
    begin=minutes,
    events=st.sampled_from(list(BEGINNINGS.values())),
    csm=st.sampled_from([CSM, None]),
    close=st.none() | days,
)
@random_lives
def test_a_ladder_that_nobody_disturbs_is_climbed_once(
    people: Colleagues, begin: timedelta, events: Callable[[datetime], list[Event]], csm: str | None, close: date | None
) -> None:
    now = FIRST + begin
    life = Life(after(empty(csm=csm, expected_close=close), *events(now)), people)
    life.pass_time(now, now + 120 * DAY)
    for one in life.heard:
        refuse_what_is_unwelcome(one)
    refuse_nagging(life.heard)
    refuse_long_ladders(life.heard)
    for watch in watches(life.handoff, PLAYBOOK, people):
        own = people.preferences(watch.owner)
        is_there = own.nudging is not Nudging.OFF and not own.quiet_from and own.away_until is None
        if watch.is_owed and watch.due(now) and is_there:
            assert watch.owner in watch.entry.told_at


# -- lives in which anything happens


@dataclass(frozen=True)
class Deed:
    """Somebody does something, some time later; meanwhile Baton may be asleep."""

    gap: timedelta
    what: str
    number: int
    asleep: bool


def _owed(life: Life, number: int) -> Watch | None:
    owed = [one for one in watches(life.handoff, PLAYBOOK, life.people) if one.is_owed]
    return owed[number % len(owed)] if owed else None


def _put_off(life: Life, number: int, rule: Callable[[Watch], Event]) -> list[Event]:
    watch = _owed(life, number)
    return [rule(watch)] if watch else []


def _note(life: Life, now: datetime, number: int) -> list[Event]:
    open_steps = steps.notable(life.handoff, PLAYBOOK)
    step = open_steps[number % len(open_steps)] if open_steps else Fact.KICKOFF_HELD
    return [steps.note(step, life.handoff, PLAYBOOK, by=AE, now=now)]


def _move(life: Life, now: datetime, number: int) -> list[Event]:
    """The handoff's own next move."""
    handoff = life.handoff
    match handoff.stage:
        case Stage.CANCELLED:
            return [HandoffReopened(by=AE, at=now)]
        case Stage.IN_REVIEW:
            return [accepted(now) if number % 2 else returned(now)]
        case Stage.ACCEPTED:
            return []
        case _:
            return [submitted(handoff.submissions + 1, now)] if handoff.csm else [owners(CSM, at=now)]


def _deal(life: Life, now: datetime, number: int) -> list[Event]:
    if life.handoff.stage is Stage.CANCELLED:
        return []
    model = PLAYBOOK.timing_models[number % len(PLAYBOOK.timing_models)].id
    close = now.date() + timedelta(days=number) if number % 3 else None
    return [deal(model, close, now)]


def _owners(life: Life, now: datetime, number: int) -> list[Event]:
    if life.handoff.stage in (Stage.CANCELLED, Stage.IN_REVIEW):
        return []
    return [owners((CSM, None, COVER)[number % 3], (AE, COVER)[number % 2], now)]


DEEDS: Mapping[str, Callable[[Life, datetime, int], list[Event]]] = {
    "sign": lambda life, now, _: [] if life.handoff.signed_at else [signed(now)],
    "move": _move,
    "cancel": lambda life, now, _: [cancelled(now)] if life.handoff.is_live else [],
    "note": _note,
    "deal": _deal,
    "owners": _owners,
    "snooze": lambda life, now, number: _put_off(
        life, number, lambda watch: waits.snooze(watch, now + timedelta(hours=number + 1), by=AE, now=now)
    ),
    "wait": lambda life, now, number: _put_off(
        life, number, lambda watch: waits.wait(watch, "?", now.date() + timedelta(days=number + 2), by=AE, now=now)
    ),
    "resume": lambda life, now, number: _put_off(life, number, lambda watch: waits.resume(watch, by=AE, now=now)),
    "reassign": lambda life, now, number: _put_off(
        life, number, lambda watch: waits.reassign(watch, PEOPLE[number % 5], by=AE, now=now)
    ),
}
deeds = st.builds(Deed, minutes, st.sampled_from(list(DEEDS)), st.integers(0, 60), st.booleans())


@given(people=offices, doing=st.lists(deeds, max_size=14), csm=st.sampled_from([CSM, None]), close=st.none() | days)
@random_lives
def test_whatever_happens_nobody_is_nagged(
    people: Colleagues, doing: list[Deed], csm: str | None, close: date | None
) -> None:
    now = FIRST
    life = Life(after(empty(csm=csm, expected_close=close)), people)
    for deed in doing:
        later = now + deed.gap
        if not deed.asleep:
            life.pass_time(now, later)
        now = later
        try:
            life.happen(*DEEDS[deed.what](life, now, deed.number))
        except Refusal:
            continue  # a person would read why
    life.pass_time(now, now + 30 * DAY)
    for one in life.heard:
        refuse_what_is_unwelcome(one)
    refuse_nagging(life.heard)
