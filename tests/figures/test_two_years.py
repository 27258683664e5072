"""Two years of which the right figures are known: the report, the trend, the slices and the digest say just that."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import Settings
from bot.metrics import By, Slice, Tally, Verdict
from bot.periods import Period
from bot.targets import Metric
from bot.teams import Group, Person, Team
from bot.yardsticks import Clock
from store import figures
from store.database import Database
from store.playbooks import load_playbook
from store.tables import deadlines, history
from store.work import Work
from tests.figures.two_years import BAD, Cast, Sold, lay, sold
from tests.office import MONDAY, Office, on_sqlite

END = datetime(2026, 11, 23, 8, tzinfo=UTC)
AES = {"EMEA": 9, "Americas": 9, "APAC": 7}
CSMS = {"EMEA": 5, "Americas": 5, "APAC": 3}
CAST = Cast(
    aes={team: [f"U0AE{team.upper()}{number}" for number in range(many)] for team, many in AES.items()},
    csms={team: [f"U0CSM{team.upper()}{number}" for number in range(many)] for team, many in CSMS.items()},
)
LEADER = "U0LEADER"
GROUPS = tuple(Group(team, (*CAST.aes[team], *CAST.csms[team])) for team in AES)
FIRST = date(2024, 11, 25)
# Any week but in the bad quarter and in the slow months, each deal of which has had its time.
NORMAL = {"closed": 19, "cancelled": 1, "without_handoff": 1, "documented": 18, "met": 17, "contacted": 18}
NORMAL |= {"within_wall": 12, "within_wall_unpaused": 13, "unnamed_at_close": 1}
NORMAL |= {"introduced": 18, "unheard": 2, "repeated": 2, "scored": 10, "points": 45, "completed": 18, "smooth": 17}
SLOW = {"closed": 10, "cancelled": 0, "without_handoff": 1, "documented": 9, "met": 8, "contacted": 9, "within_wall": 7}
POOR = {"closed": 20, "cancelled": 0, "without_handoff": 9, "documented": 11, "met": 11, "contacted": 11}
POOR |= {"within_wall": 8, "within_wall_unpaused": 9}


def week(number: int, weeks: int = 1) -> Period:
    """That week of the two years, and perhaps some that follow."""
    first = FIRST + timedelta(weeks=number)
    return Period("days", first, first + timedelta(weeks=weeks), "UTC")


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[Work]:
    """A workspace of forty people with those two years behind it."""
    path = tmp_path_factory.mktemp("two-years") / "baton.db"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.engine.connect() as connection, connection.begin():
        here = Work(connection, "T0", load_playbook(Settings.model_fields["playbook"].default))
        here.settle(Team(groups=GROUPS, csms=tuple(one for team in CAST.csms.values() for one in team)))
        for person in (one for group in GROUPS for one in group.people):
            here.remember(Person(id=person, name=person))
        lay(here, list(sold(CAST, END)), LEADER, END)
        yield here
    database.close()


def counts(tally: Tally, names: Any) -> dict[str, int]:
    """Of what is known."""
    return {name: value for name, value in asdict(tally).items() if name in names}


def test_a_week_like_any_other(work: Work) -> None:
    report = figures.report(work, week(78), None, END)
    assert counts(report.tally, NORMAL) == NORMAL
    assert report.tally.sections == {"why_they_bought": 2, "technical_context": 1}
    found = {metric: (figure.hits, figure.n, figure.value) for metric, figure in report.figures.items()}
    assert found == {
        Metric.DOCUMENT: (18, 19, 100 * 18 / 19),
        Metric.MEETING: (17, 19, 100 * 17 / 19),
        Metric.CONTACT: (12, 19, 20),
        Metric.REPEAT: (2, 18, 100 * 2 / 18),
        Metric.SATISFACTION: (45, 10, 4.5),
        Metric.SMOOTH: (17, 18, 100 * 17 / 18),
    }
    assert {metric for metric, figure in report.figures.items() if figure.verdict is Verdict.ON_TARGET} == {
        Metric.SMOOTH  # 4.5 is not more than 4.5
    }
    wall = report.waits[Clock.WALL]
    assert (wall.median, wall.ninetieth, wall.waiting) == (20 * 60, 168 * 60, 1)
    assert report.waits[Clock.WALL_UNPAUSED].within == 13


def test_the_trend_over_a_slow_month(work: Work) -> None:
    report = figures.report(work, week(91), None, END)
    assert week(91).title == "24–30 August 2026"
    slow = [number for number in range(80, 92) if week(number).first.month == 8]
    assert [one.closed for one in report.weeks] == [10 if number in slow else 19 for number in range(80, 92)]
    assert counts(report.tally, SLOW) == SLOW
    assert len(slow) == 4


def test_the_bad_quarter_and_the_one_before(work: Work) -> None:
    report = figures.report(work, week(BAD.start, len(BAD)), None, END)
    assert counts(report.tally, POOR) == {name: len(BAD) * count for name, count in POOR.items()}
    assert report.figures[Metric.DOCUMENT].value == 55
    assert report.figures[Metric.DOCUMENT].without_handoff == 9 * len(BAD)
    normal = len([number for number in range(47, 60) if week(number).first.month not in (8, 12)])
    slow = len(BAD) - normal
    before = report.before[Metric.DOCUMENT]
    assert (before.hits, before.n) == (18 * normal + 9 * slow, 19 * normal + 10 * slow)


def test_the_team_whose_customers_wait(work: Work) -> None:
    slices = {group.name: Slice(By.TEAM, group.name, group.people) for group in GROUPS}
    found = {name: figures.report(work, week(78), of, END).figures[Metric.CONTACT] for name, of in slices.items()}
    told = {name: (figure.hits, figure.n) for name, figure in found.items()}
    assert told == {"EMEA": (6, 10), "Americas": (6, 7), "APAC": (0, 2)}
    assert found["APAC"].value == 96


@pytest.mark.parametrize("by", [By.AE, By.CSM, By.SEGMENT, By.TIMING])
def test_two_years_for_each_of_them(work: Work, by: By) -> None:
    def key(one: Sold) -> str:
        is_known = one.has_handoff or by in (By.AE, By.SEGMENT)  # what the CRM's file tells
        return str(getattr(one, by)) if is_known else ""

    everything = Period("days", FIRST, END.date(), "UTC")
    found = figures.tallies(work, [everything], figures.yardstick(work, END), by=by)
    deals = [one for one in sold(CAST, END) if one.closed_at < END]
    closed = Counter(key(one) for one in deals if one.place != 18 or not one.has_handoff)
    assert {one: tally.closed for one, (tally,) in found.items() if tally.closed} == closed
    due = END - timedelta(days=28)
    completed = Counter(key(one) for one in deals if one.has_handoff and one.place != 18 and one.closed_at <= due)
    assert {one: tally.completed for one, (tally,) in found.items() if tally.completed} == completed


def test_what_goes_on_at_the_end_is_live(work: Work) -> None:
    report = figures.report(work, week(103), None, END)
    assert (report.tally.closed, report.tally.document_not_due, report.tally.met) == (19, 0, 17)
    assert report.tally.introduced == 18
    assert report.tally.completed == 18


def test_what_is_overdue_at_the_end_was_missed_at_its_time(work: Work) -> None:
    late = select(deadlines.c.handoff_id, deadlines.c.kind).where(deadlines.c.is_open, deadlines.c.due_at < END)
    told = select(history.c.handoff_id, history.c.data).where(history.c.kind == "DeadlineMissed")
    missed = {(handoff, json.loads(data)["deadline"]) for handoff, data in work.connection.execute(told)}
    assert {(handoff, kind) for handoff, kind in work.connection.execute(late)} - missed == set()


@on_sqlite
async def test_the_leader_reads_the_last_week_in_the_digest(office: Office) -> None:
    channel = next(one for one in office.workspace.channels.values() if one.name == "sales")
    leads = {"cs_leader": office.leila.id, "digest_channel": channel.id}
    await office.settles_on(**leads, groups=GROUPS, digest_at=MONDAY.time())
    lately = [one for one in sold(CAST, MONDAY) if one.week > 90]
    for start in range(0, len(lately), 10):
        some = lately[start : start + 10]
        await office.baton.store.commit(
            office.baton.team,
            lambda work, some=some: lay(work, some, office.leila.id, MONDAY),  # type: ignore[misc]
        )
    await office.later()
    told = office.leila.conversation("sales").message("Handoffs: 16–22 November 2026").text
    assert "1 of 6 on target. 19 deals closed, 1 without a handoff; " in told
    assert "; 14 customers wait for CS longer than 48 h, 2 of them since this week." in told  # a deal of each week does
    assert "and 9 more who wait for CS" in told
    assert "Handoff doc completion: 95 % (n = 19)" in told
    assert "Handoff meeting completion: 94 % (n = 18)" in told
    assert "Time to first CS contact: 20 h, 63 % in time (n = 19)" in told
    assert "Customer repeat rate: 11 % (n = 18, 2 not answered yet)" in told
    assert "Handoff satisfaction: 4.5 of 5 (n = 10)" in told
    assert "Smooth transition: 94 % (n = 18)" in told
    assert "1 document returned: Something is missing" in told
    assert "Champion assumption: 1 document accepted that names no champion" in told
    assert "Template neglect: 1 document has another customer's drivers and outcomes" in told
