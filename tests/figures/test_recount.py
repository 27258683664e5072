"""The figures that the database tells equal those of an independent recount, whatever has happened."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calendars import Calendar
from bot.evidence import Group as Side
from bot.metrics import By, Report, Slice
from bot.periods import Period
from bot.playbook import Playbook
from bot.slices import Asked
from bot.targets import Metric
from bot.teams import Group, Lateness, Person, Team
from store import digests, figures
from store.database import Database
from store.evidence import evidence
from store.playbooks import Playbooks
from store.work import Work
from tests.examples import AE, CSM, ROOT
from tests.figures import lives, recount
from tests.figures.lives import Deed, World
from tests.figures.recount import Deal, Measure

WRITTEN = yaml.safe_load((ROOT / "playbook.yml").read_text("utf-8"))
# A practice in which each thing that may differ from segment to segment does.
OWN = {
    "first_contact": {"enterprise": 24, "smb": 72},
    "satisfaction": {"enterprise": 5, "smb": 4},
    "smooth_transition": {"enterprise": 100},
}
TARGETS = [one | {"segments": OWN.get(one["id"], {})} for one in WRITTEN["metrics"]["targets"]]
OTHERWISE = WRITTEN | {"metrics": {"enough": 2, "targets": TARGETS}}
PRACTICES = {
    name: (one["metrics"], Playbooks(Playbook.load(one), name))
    for name, one in (("as it is", WRITTEN), ("by segment", OTHERWISE))
}
ZONES = {AE: "Europe/Berlin", "U0AE2": "America/New_York", CSM: "Asia/Kolkata", "U0CSM2": "Europe/Madrid"}
GROUPS = (Group("EMEA", (AE, CSM)), Group("Americas", ("U0AE2",)), Group("Nobody", ()))
CONTACT_RULES = [one["id"] for one in WRITTEN["deadlines"] if one["until"] == "first_contact"]
teams = (f"T{number}" for number in itertools.count())


def deeds(step: timedelta) -> st.SearchStrategy[list[Deed]]:
    """What happens within some weeks. With long steps much happens at the very moment at which something is due."""
    gaps = st.integers(0, timedelta(days=1) // step).map(lambda number: number * step)
    each = st.builds(Deed, gaps, st.integers(0, 2), st.sampled_from(lives.WHATS), st.integers(0, 60))
    return st.lists(each, min_size=25, max_size=60)


STEPS = [timedelta(minutes=1), timedelta(hours=6), timedelta(hours=12)]
slices = st.none() | st.one_of(
    st.sampled_from([Slice(By.AE, one) for one in lives.AES]),
    st.sampled_from([Slice(By.CSM, one or "") for one in lives.CSMS]),
    st.sampled_from([Slice(By.TEAM, one.name, one.people) for one in GROUPS]),
    st.sampled_from([Slice(By.SEGMENT, one) for one in lives.SEGMENTS]),
    st.sampled_from([Slice(By.TIMING, one) for one in lives.TIMINGS]),
)
KEYS: dict[By, Callable[[Deal], str]] = {
    By.AE: lambda deal: deal.ae,
    By.CSM: lambda deal: deal.csm,
    By.SEGMENT: lambda deal: deal.segment,
    By.TIMING: lambda deal: deal.timing,
}


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """A few days or weeks of those in which something happens, or a calendar month."""
    zone = draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]))
    if draw(st.booleans()):
        month = draw(st.integers(2, 4))
        return Period("month", date(2027, month, 1), date(2027, month + 1, 1), zone)
    first = date(2027, 3, 8) + timedelta(days=draw(st.integers(0, 20)))
    return Period("days", first, first + timedelta(days=draw(st.integers(1, 40))), zone)


@given(
    doing=st.sampled_from(STEPS).flatmap(deeds),
    period=periods(),
    of=slices,
    lateness=st.sampled_from(Lateness),
    practice=st.sampled_from(list(PRACTICES)),
    later=st.integers(0, 9 * 24).map(lambda number: timedelta(hours=number)),
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
def test_whatever_happens_the_figures_are_those_of_a_recount(
    database: Database,
    doing: list[Deed],
    period: Period,
    of: Slice | None,
    lateness: Lateness,
    practice: str,
    later: timedelta,
) -> None:
    metrics, playbooks = PRACTICES[practice]
    with database.engine.connect() as connection, connection.begin() as transaction:
        world = World(Work(connection, next(teams), playbooks))
        office = Team(csms=tuple(filter(None, lives.CSMS)), lateness=lateness, zone=period.zone, groups=GROUPS)
        world.work.settle(office)
        for user, zone in ZONES.items():
            world.work.remember(Person(id=user, name=user, tz=zone))
        for deed in doing:
            world.do(deed)
        now = world.now + later
        deals = recount.deals_of(world.told(), lambda user: Calendar(ZONES[user]), CONTACT_RULES)
        measure = Measure(metrics, lateness is Lateness.WORKING, Calendar(period.zone), period.zone, now)
        compare_report(world.work, period, of, sliced(deals, of), measure)
        for by, key in KEYS.items():
            of_key = {one: [deal for deal in deals if key(deal) == one] for one in map(key, deals)}
            compare_breakdown(world.work, period, by, of_key, measure)
        assert digests.champions_assumed(world.work, period) == recount.champions_assumed(deals, period)
        assert digests.copies(world.work, period) == recount.copies(deals, period)
        transaction.rollback()


def compare_report(work: Work, period: Period, of: Slice | None, deals: Sequence[Deal], by: Measure) -> None:
    """The report and the recount say the same."""
    report = figures.report(work, period, of, by.now)
    segment = of.key if of and of.by is By.SEGMENT else ""
    earlier = recount.before(period.first, period.end)
    assert asdict(report.tally) == recount.tally(deals, period.first, period.end, by)
    assert told(report.figures) == recount.figures(deals, period.first, period.end, by, segment)
    assert told(report.before) == recount.figures(deals, *earlier, by, segment)
    compare_evidence(work, report, deals, by)
    for clock, spread in report.waits.items():
        assert asdict(spread) == recount.spread(deals, period.first, period.end, clock, by)
    ends = [period.end - timedelta(weeks=number) for number in range(11, -1, -1)]
    weeks = [recount.tally(deals, end - timedelta(weeks=1), end, by) for end in ends]
    assert [without_sections(asdict(one)) for one in report.weeks] == [without_sections(one) for one in weeks]


def compare_evidence(work: Work, report: Report, deals: Sequence[Deal], by: Measure) -> None:
    """What is behind a figure is what it counts."""
    period = report.period
    for metric, figure in report.figures.items():
        found = evidence(work, metric, report.yardstick, Asked(period, report.of), CSM, 0).totals
        missed, left_out, done = (found.get(group, 0) for group in Side)
        assert (missed + done, left_out) == (figure.n, sum(figure.left_out.values()))
        if metric is Metric.SATISFACTION:
            assert done == recount.well_scored(deals, period.first, period.end, by)
        else:
            assert figure.hits == (missed if metric is Metric.REPEAT else done)


def compare_breakdown(work: Work, period: Period, by: By, deals: Mapping[str, Sequence[Deal]], on: Measure) -> None:
    """So do the counts of each AE, CSM, segment and timing model of whom there is anything to tell."""
    found = figures.tallies(work, [period], figures.yardstick(work, on.now), by=by)
    expected = {key: recount.tally(some, period.first, period.end, on) for key, some in deals.items()}
    nothing = recount.tally([], period.first, period.end, on)
    assert {key: without_sections(asdict(counts[0])) for key, counts in found.items()} == {
        key: without_sections(count) for key, count in expected.items() if count != nothing
    }


def told(found: Any) -> dict[str, dict[str, Any]]:
    """What figures say, in plain words."""
    names = ("n", "hits", "value", "target", "verdict")
    return {str(metric): {name: getattr(figure, name) for name in names} for metric, figure in found.items()}


def without_sections(tally: dict[str, Any]) -> dict[str, Any]:
    """Only reports count the sections."""
    return {name: count for name, count in tally.items() if name != "sections"}


def sliced(deals: Sequence[Deal], of: Slice | None) -> list[Deal]:
    """Those of the slice; a team's are those of its AEs and of its CSMs."""
    if of is None:
        return list(deals)
    if of.by is By.TEAM:
        return [one for one in deals if one.ae in of.people or one.csm in of.people]
    return [one for one in deals if KEYS[of.by](one) == of.key]


@pytest.fixture
def database(database_url: str) -> Any:
    """A database of its own, for all examples of one test."""
    database = Database(database_url)
    yield database
    database.close()
