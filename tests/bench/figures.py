"""The figures at a million deals of two years: the week of a digest, its slices, and all of it at once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import text

from app import Settings
from bot.metrics import By, Slice
from bot.periods import WEEK, Period
from bot.teams import Group, Team
from store import digests, figures
from store.database import Database
from store.migrate import migrate
from store.playbooks import load_playbook
from store.work import Work
from tests.bench.slack import TEAM

DEALS = 1_000_000
_FIRST, _END = date(2024, 11, 25), date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
_WEEK = Period("week", _END - WEEK, _END, "Europe/Berlin")
_ALL = Period("all", _FIRST, _END, "Europe/Berlin")
_AES, _CSMS = 400, 300
_EMEA = Group("EMEA", tuple(f"U{number:05}" for number in range(40)) + tuple(f"W{number:05}" for number in range(30)))
_ROUNDS = 3


@dataclass(frozen=True)
class Question:
    """What a handler, the digest or a leader asks; the goals in seconds on SQLite and PostgreSQL, if any."""

    what: str
    ask: Callable[[Work], object]
    goals: tuple[float | None, float | None]


@dataclass(frozen=True)
class Answer:
    """The seconds that it took, and the MB of memory that this process needed meanwhile on top of what it had."""

    question: Question
    seconds: float
    grown: float


def measure(url: str) -> list[Answer]:
    """Lay the deals, then ask."""
    playbooks = load_playbook(Settings.model_fields["playbook"].default)
    database = Database(url)
    migrate(database)
    lay(database, DEALS)
    options = {"baton_read": True} if database.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    with database.engine.execution_options(**options).connect() as connection, connection.begin():
        work = Work(connection, TEAM, playbooks, reading=True)
        found = [_answer(question, work) for question in QUESTIONS]
    database.close()
    return found


def _report(what: str, period: Period, of: Slice | None, goals: tuple[float | None, float | None]) -> Question:
    return Question(what, lambda work: figures.report(work, period, of, NOW), goals)


def _counts(what: str, period: Period, by: By | None, goals: tuple[float | None, float | None]) -> Question:
    def ask(work: Work) -> object:
        measure = figures.yardstick(work, NOW)
        return figures.breakdown(work, period, by, None, measure) if by else figures.tallies(work, [period], measure)

    return Question(what, ask, goals)


QUESTIONS = (
    _counts("the counts of a week", _WEEK, None, (0.1, 0.05)),
    _report("its whole report", _WEEK, None, (0.5, 0.5)),
    _counts("the week by CSM", _WEEK, By.CSM, (0.5, 0.5)),
    _report("the report of an AE", _WEEK, Slice(By.AE, "U00007"), (0.5, 0.5)),
    _report("the report of a segment", _WEEK, Slice(By.SEGMENT, "smb"), (0.5, 0.5)),
    _report("the report of a team", _WEEK, Slice(By.TEAM, *_EMEA), (0.5, 0.5)),
    _counts("the counts of two years", _ALL, None, (5, 1)),
    Question("the copied documents of a week", lambda work: digests.copies(work, _WEEK), (0.1, 0.1)),
    Question("who waits for CS", lambda work: digests.uncontacted(work, figures.yardstick(work, NOW)), (0.2, 0.2)),
    Question("its champions assumed", lambda work: digests.champions_assumed(work, _WEEK), (0.1, 0.1)),
    _report("their whole report", _ALL, None, (5, None)),
    _counts("the two years by CSM", _ALL, By.CSM, (None, None)),
)


def lay(database: Database, count: int) -> None:
    """So many deals, evenly over the two years, each with an outcome of its own."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        Work(connection, TEAM, load_playbook(Settings.model_fields["playbook"].default)).settle(
            Team(zone="Europe/Berlin", groups=(_EMEA,))
        )
        connection.execute(text(_rows(count)))
        connection.execute(text("ANALYZE"))


def _rows(count: int) -> str:
    """Everything here is a constant of this file; `h` is a number that looks random, for each deal."""
    first, last = (int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) for day in (_FIRST, _END))
    apart = (last - first) // count
    return f"""
        INSERT INTO deals ({", ".join(_VALUES)})
        WITH RECURSIVE counted (n) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT n + 1 FROM counted WHERE n < {count}),
        mixed AS (SELECT n, (n * 7919 + n / 13 * 104729) % 1000003 AS h, {first} + n * {apart} AS closed FROM counted)
        SELECT {", ".join(_VALUES.values())} FROM mixed"""


def _one_of(number: str, *words: str) -> str:
    cases = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(words))
    return f"CASE {number} % {len(words)} {cases} END"


def _but_one_in(many: int, value: str) -> str:
    return f"CASE WHEN h % {many} > 0 THEN {value} END"


def _after(hours: int) -> str:
    return f"closed + {hours * 3_600_000}"


_VALUES = {
    "team_id": f"'{TEAM}'",
    "handoff_id": _but_one_in(31, "n"),
    "external_id": "'006' || n",
    "customer": "'Customer ' || n",
    "customer_key": "'customer ' || n",
    "domain": "n || '.example'",
    "ae": f"'U' || substr(CAST(100000 + h % {_AES} AS text), 2)",
    "csm": f"'W' || substr(CAST(100000 + h / 7 % {_CSMS} AS text), 2)",
    "segment": _one_of("h / 400", "smb", "mid_market", "enterprise"),
    "timing_model": _one_of("h / 1300", "at_close", "at_kickoff", "during_sales", "phased"),
    "is_cancelled": "h % 53 = 0",
    "started_at": _after(-240),
    "signed_at": "closed",
    "closed_at": "closed",
    "crm_closed_at": "CASE WHEN h % 2 = 0 THEN closed END",
    "csm_named_at": _after(-24),
    "documented_at": _but_one_in(17, _after(20)),
    "substance": _but_one_in(17, "CASE WHEN h % 100 = 1 THEN 'as always' ELSE CAST(h AS text) END"),
    "champion_assumed_at": f"CASE WHEN h % 23 = 1 THEN {_after(30)} END",
    "met_at": _but_one_in(11, _after(90)),
    "introduced_at": _but_one_in(9, _after(140)),
    "contacted_at": _but_one_in(19, "closed + h * 360"),
    "wait_wall": _but_one_in(19, "h * 6 / 1000"),
    "wait_wall_unpaused": _but_one_in(19, "h * 5 / 1000"),
    "wait_working": _but_one_in(19, "h * 2 / 1000"),
    "wait_working_unpaused": _but_one_in(19, "h * 2 / 1000"),
    "heard_at": _but_one_in(3, _after(150)),
    "repeated": "CASE WHEN h % 10 = 1 THEN ',why_they_bought,' ELSE '' END",
    "scored_at": _but_one_in(2, _after(400)),
    "score": _but_one_in(2, "3 + h % 3"),
    "completed_at": _but_one_in(7, _after(500)),
    "is_escalated": "h % 13 = 0",
}


def _answer(question: Question, work: Work) -> Answer:
    question.ask(work)  # statements are built once, and the database has its pages at hand
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # forgets how large this process ever was
    before = _kilobytes("VmRSS")
    took = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        question.ask(work)
        took.append(time.perf_counter() - began)
    return Answer(question, median(took), (_kilobytes("VmHWM") - before) / 1024)


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
