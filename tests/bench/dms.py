"""Ten thousand DMs through the real outbox and delivery, to a Slack that enforces limits, on a clock that is moved."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import delete

from app import Settings
from bot.errands import Kind, Picture, draw
from bot.events import HandoffStarted
from bot.handoffs import Deal
from handlers.delivery import Delivery, Patience
from handlers.errands import SENDERS
from handlers.logs import configure_logs
from handlers.requests import Desk
from sandbox.rate_limits import RateLimits
from store.playbooks import load_playbook
from store.store import Store
from store.tables import outbox
from store.work import Work
from tests.bench.slack import AE, CSM, TEAM

DMS, A_MINUTE, BURST = 10_000, 300, 100
_BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
_CALL = timedelta(milliseconds=25)  # 100 for each, four at a time


@dataclass(frozen=True)
class Outcome:
    """How long it took, beside the fastest that the limit allows; what Slack refused, and what came twice."""

    minutes: float
    fastest: float
    refused: int
    twice: int


class Limit(Protocol):
    """How Slack counts messages."""

    fastest: float  # minutes for all of them

    def wait(self, channel: str, now: datetime) -> int:
        """Counts this one and answers 0, or answers the seconds to wait first."""


class ByTheMinute:
    """So many in any minute, and one a second to the same person: as the local workspace has it."""

    fastest = float(math.ceil(DMS / A_MINUTE) - 1)

    def __init__(self) -> None:
        self._limits = RateLimits()
        self._limits.messages_per_minute = A_MINUTE

    def wait(self, channel: str, now: datetime) -> int:
        return self._limits.wait("chat.postMessage", 0, channel, now)


class WithBursts:
    """So many a minute for long, and some more at once after a rest."""

    fastest = (DMS - BURST) / A_MINUTE

    def __init__(self) -> None:
        self._left, self._at = float(BURST), _BEGUN

    def wait(self, channel: str, now: datetime) -> int:
        rate = A_MINUTE / 60
        self._left = min(BURST, self._left + rate * (now - self._at).total_seconds())
        self._at = now
        if self._left < 1:
            return max(1, math.ceil((1 - self._left) / rate))
        self._left -= 1
        return 0


class _Clock:
    def __init__(self) -> None:
        self.moment = _BEGUN

    def now(self) -> datetime:
        return self.moment


class _Slack(AsyncWebClient):
    """Takes DMs within a limit and lets them be looked up; from the `silent_from`th on it does them without a word."""

    def __init__(self, clock: _Clock, limit: Limit, silent_from: int) -> None:
        super().__init__(token="xoxb-bench")
        self._clock, self._limit, self._silent_from = clock, limit, silent_from
        self.posted: list[dict[str, Any]] = []
        self.refused = 0
        self.silent = asyncio.Event()

    async def api_call(self, api_method: str, **request: Any) -> Any:
        arguments = request.get("json") or request.get("params") or {}
        self._clock.moment += _CALL
        match api_method:
            case "chat.postMessage":
                return await self._post(arguments)
            case "conversations.open":
                return {"channel": {"id": f"D{arguments['users']}"}}
            case "conversations.history":
                theirs = [message for message in self.posted if f"D{message['channel']}" == arguments["channel"]]
                return {"messages": [{"ts": "1.000001", "metadata": message["metadata"]} for message in theirs]}
        raise AssertionError(f"nobody expected {api_method}")

    async def _post(self, message: dict[str, Any]) -> dict[str, Any]:
        if wait := self._limit.wait(message["channel"], self._clock.moment):
            self.refused += 1
            headers = {"Retry-After": str(wait)}
            refusal = {"ok": False, "error": "ratelimited"}
            answer = AsyncSlackResponse(
                client=self, http_verb="POST", api_url="", req_args={}, data=refusal, headers=headers, status_code=429
            )
            raise SlackApiError("ratelimited", answer)
        self.posted.append(message)
        if self._silent_from and len(self.posted) >= self._silent_from:
            self.silent.set()
            await asyncio.Event().wait()
        return {"channel": f"D{message['channel']}", "ts": f"{len(self.posted)}.000001"}

    def speak(self) -> None:
        """Answer again."""
        self._silent_from = 0


async def _deliver(url: str, limit: Limit, killed_at: int) -> Outcome:
    store, clock = Store(url, load_playbook(Settings.model_fields["playbook"].default)), _Clock()
    slack = _Slack(clock, limit, killed_at)
    desk = Desk(store=store, clock=clock, client=slack)
    await store.commit(TEAM, _post_everybody)
    if killed_at:
        first = Delivery(desk, SENDERS, Patience())
        working = asyncio.create_task(_work(first, clock))
        await slack.silent.wait()
        await first.stop(0)  # what hangs is cut off in the middle, as by a kill: nothing of it is written down
        working.cancel()
        slack.speak()
    await _work(Delivery(desk, SENDERS, Patience()), clock)
    store.close()
    times = Counter(message["channel"] for message in slack.posted)
    assert len(times) == DMS, f"only {len(times)} people have their DM"
    minutes = (clock.moment - _BEGUN) / timedelta(minutes=1)
    return Outcome(minutes, limit.fastest, slack.refused, sum(count - 1 for count in times.values()))


def _post_everybody(work: Work) -> None:
    """A hundred people hear of each of a hundred handoffs."""
    fixed = {"contract_value": "84000", "currency": "EUR", "segment": "mid_market", "timing_model": "at_close"}
    crowd = math.isqrt(DMS)
    for number in range(crowd):
        names = {"company_name": f"Brightwater {number}", "website": f"brightwater-{number}.example"}
        deal = Deal.model_validate(fixed | names)
        handoff = work.start(HandoffStarted(by=AE, at=_BEGUN, playbook=work.playbook_digest, deal=deal, ae=AE, csm=CSM))
        work.connection.execute(delete(outbox).where(outbox.c.kind == Kind.OPEN_CHANNEL))
        people = (f"U{number:04}{reader:04}" for reader in range(crowd))
        work.post((draw(Picture.ACCEPTED, person) for person in people), _BEGUN, handoff)


async def _work(delivery: Delivery, clock: _Clock) -> None:
    """Deliver until nothing is owed; in between, the clock leaps to the next moment."""
    await delivery.settle()
    while (moment := await delivery.next_moment()) is not None:
        clock.moment = max(clock.moment, moment) + timedelta(milliseconds=1)
        await delivery.settle()


def _trial(database: Path, limit: Callable[[], Limit], killed_at: int) -> Outcome:
    configure_logs("ERROR", "console")
    return asyncio.run(_deliver(f"sqlite:///{database}", limit(), killed_at))


def measure(folder: Path) -> dict[str, Outcome]:
    """What was tried -> how it went; all at once, for only the moved clock counts."""
    trials: dict[str, tuple[Callable[[], Limit], int]] = {
        "by the minute": (ByTheMinute, 0),
        "with bursts": (WithBursts, 0),
        "killed half-way": (ByTheMinute, DMS // 2),
    }
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        running = {
            name: processes.submit(_trial, folder / f"dms-{number}.db", *trial)
            for number, (name, trial) in enumerate(trials.items())
        }
        return {name: trial.result() for name, trial in running.items()}
