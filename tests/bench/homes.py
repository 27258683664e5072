"""The App Home of each role, in a workspace of ten thousand handoffs and in one of a million."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import Connection, Table, text

from app import Settings
from blocks.homes import home_of
from bot import reviews
from bot.completion import HandoffCompleted
from bot.events import ContractSigned, Event
from bot.handoffs import Handoff
from bot.homes import Tab
from bot.teams import Person, Team
from handlers.delivery import Job
from handlers.homes import publish
from handlers.requests import Desk
from handlers.slack import Limits
from store.clock import Clock
from store.database import Database
from store.outbox import Entry
from store.playbooks import load_playbook
from store.store import Store
from store.tables import deadlines, deals, handoffs
from store.work import Work
from tests.bench import clicks
from tests.bench.slack import AE, CSM, TEAM

FEW, MANY = 10_000, 1_000_000
EACH = 300  # handoffs of an AE, and of a CSM
LEADER, ADMIN = "U0LEILA", "U0NOAH"
_CSMS = 50  # whom the workspace has named
_TIMES = 20
_SIGNED = datetime(2026, 11, 23, 12, tzinfo=UTC)
_NOW = _SIGNED + timedelta(days=3)
_STAGES = ("preparing", "in_review", "accepted", "completed")
_SHARES = {FEW: (60, 40, 300, 600), MANY: (6, 4, 30, 960)}  # of a thousand; who has a million has had most for long
_ROLES = {
    "AE": ("U10000", Tab.SALES),
    "CSM": ("V10000", Tab.CS),
    "leader": (LEADER, Tab.TEAM),
    "admin": (ADMIN, Tab.ADMIN),
}


@dataclass(frozen=True)
class Opened:
    """The Home of one role: milliseconds until it is published, the first time and as a rule; its blocks."""

    role: str
    first: float
    usual: float
    blocks: int


class _Clock(Clock):
    def now(self) -> datetime:
        return _NOW


class _Slack(AsyncWebClient):
    """Takes every Home at once."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-bench")
        self.view: dict[str, Any] = {}

    async def api_call(self, api_method: str, **request: Any) -> Any:
        self.view = (request.get("json") or request.get("params") or {}).get("view", self.view)
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"ok": True},
            headers={"x-oauth-scopes": "chat:write"},
            status_code=200,
        )


async def measure(url: str, count: int) -> list[Opened]:
    """Open each Home again and again."""
    _prepare(url, count)
    store, slack = Store(url, load_playbook(Settings.model_fields["playbook"].default)), _Slack()
    desk = Desk(store=store, clock=_Clock(), client=slack)
    opened = []
    for role, (person, tab) in _ROLES.items():
        about = {"person": person, "where": home_of(tab).pack()}
        entry = Entry(0, TEAM, 0, f"home:{person}", "home.publish", about, 1, None, _NOW)
        took = []
        for _ in range(_TIMES):
            began = time.perf_counter()
            await publish(Job(desk, entry, Limits()))
            took.append((time.perf_counter() - began) * 1000)
        opened.append(Opened(role, took[0], median(took), len(slack.view["blocks"])))
    store.close()
    return opened


def _prepare(url: str, count: int) -> None:
    """One typical handoff for each stage is made by Baton; the others are copied from it, without their histories."""
    made = clicks.prepare(url, len(_STAGES))
    database, playbooks = Database(url), load_playbook(Settings.model_fields["playbook"].default)
    people = max(1, count // EACH)
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # Baton itself waits for nothing so long
        work = Work(connection, TEAM, playbooks)
        csms = tuple(f"V{10_000 + number}" for number in range(min(people, _CSMS)))
        work.settle(Team(cs_leader=LEADER, sales_leader="U0GRACE", csms=csms))
        for user in (LEADER, "U0GRACE", ADMIN, *csms, *(f"U{10_000 + number}" for number in range(people))):
            work.remember(Person(id=user, name=user, tz="Europe/London", is_admin=user == ADMIN))
        first = len(made) + 1
        for handoff, (stage, share) in zip(made, zip(_STAGES, _SHARES[count], strict=True), strict=True):
            _bring(work, handoff, stage)
            last = first + count * share // 1000 - 1
            _copy(connection, handoff.id, first, last, people)
            first = last + 1
        connection.execute(text("DELETE FROM outbox"))
        if database.engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    database.close()


def _bring(work: Work, handoff: Handoff, stage: str) -> None:
    """Let Baton bring it to its stage."""
    handoff = work.record(work.handoff(handoff.id), ContractSigned(by=AE, at=_SIGNED, signed_at=_SIGNED))
    for reached, rule in _STEPS.items():
        if stage == "preparing":
            return
        handoff = work.record(handoff, rule(work, handoff))
        if stage == reached:
            return


_STEPS: dict[str, Callable[[Work, Handoff], Event]] = {
    "in_review": lambda work, one: reviews.submit(one, work.playbook(one), by=AE, now=_SIGNED),
    "accepted": lambda _, one: reviews.accept(one, by=CSM, now=_SIGNED),
    "completed": lambda _w, _: HandoffCompleted(by=CSM, at=_SIGNED),
}


def _copy(connection: Connection, original: int, first: int, last: int, people: int) -> None:
    """Each copy has its own customer, AE and CSM; a hundredth has no CSM; of what is owed a twentieth is late.

    Of a million only those that are looked at have something in them: nobody has the disk for the others.
    """
    ae, csm = (f"'{letter}' || CAST(10000 + n % {people} AS text)" for letter in "UV")
    owner = f"CASE {{}} WHEN '{AE}' THEN {ae} WHEN '{CSM}' THEN {csm} ELSE {{}} END"
    renamed = f"""replace(replace(state, '"{AE}"', '"' || {ae} || '"'), '"{CSM}"', '"' || {csm} || '"')"""
    is_seen = f"n % {people} = 0 OR n % 2000 < 100 OR n % 100 = 7" if last > FEW else "TRUE"
    due = f"CASE WHEN is_open THEN {_milliseconds(_NOW)} + (n % 2000 - 100) * 60000 ELSE due_at END"
    day = 24 * 60 * 60 * 1000
    _insert(
        connection,
        handoffs,
        f"id = {original}",
        {
            "id": "n",
            "customer": "customer || n",
            "customer_key": "customer_key || n",
            "domain": "n || domain",
            "ae": ae,
            "csm": f"CASE WHEN stage = 'preparing' AND n % 100 = 7 THEN NULL ELSE {csm} END",
            "channel_id": "channel_id || n",
            "state": f"CASE WHEN {is_seen} THEN {renamed} ELSE '{{}}' END",
            "document": f"CASE WHEN {is_seen} THEN document ELSE '{{}}' END",
        },
        (first, last),
    )
    of_it = f"handoff_id = {original}"
    owed = {"handoff_id": "n", "owner": owner.format("owner", "owner"), "due_at": due, "ask_at": "NULL"}
    _insert(connection, deadlines, of_it, owed, (first, last))
    before = f"- (n % 730) * CAST({day} AS bigint)"
    sold = {"handoff_id": "n", "ae": ae, "csm": csm, "closed_at": f"closed_at {before}"}
    sold |= {"completed_at": f"completed_at {before}"}
    _insert(connection, deals, of_it, sold, (first, last))


def _insert(connection: Connection, table: Table, where: str, news: dict[str, str], numbers: tuple[int, int]) -> None:
    names = [column.name for column in table.c if column.name != "id" or "id" in news]
    values = ", ".join(news.get(name, f"{table.name}.{name}") for name in names)
    counted = "WITH RECURSIVE counted (n) AS (SELECT {} UNION ALL SELECT n + 1 FROM counted WHERE n < {})"
    # Everything here is a constant of this file.
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)}) {counted.format(*numbers)} "
            f"SELECT {values} FROM {table.name}, counted WHERE {where}"
        )
    )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
