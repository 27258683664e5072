"""How Baton is, for the admins' tab of the Home: the outbox, the tick, and what Slack lets it do."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from blocks.health import Health, admin_blocks
from blocks.kit import Block
from bot.digests import today
from handlers.delivery import Job
from handlers.slack import Postponed, Refused, Unanswered
from store import deadlines, outbox, queries
from store.work import Work

_MANIFEST = Path(__file__).parents[1] / "manifest.yml"
_HEADER = "x-oauth-scopes"
_TICKS = timedelta(minutes=1)  # a tick may take a while, and another Baton may be at it


async def missing_scopes(job: Job) -> Collection[str] | None:
    """What the manifest asks for and Slack did not give; None when Slack does not say."""
    try:
        answer = await job.call(job.client.auth_test)
    except (Postponed, Refused, Unanswered):
        return None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if _HEADER not in headers:
        return None
    return _wanted() - {scope.strip() for scope in headers[_HEADER].split(",")}


@cache
def _wanted() -> frozenset[str]:
    manifest: dict[str, Any] = yaml.safe_load(_MANIFEST.read_text("utf-8"))  # not at start: it takes its time
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def health_of(work: Work, job: Job, missing: Collection[str] | None) -> list[Block]:
    """Everything that an admin should know."""
    backlog = outbox.backlog(work.connection, work.team, job.now, but=job.entry.id)
    team = work.settings()
    digest, ticked_at = queries.last_digest(work, today(team, job.now)), job.desk.pulse.ticked_at
    health = Health(
        now=job.now,
        waiting=backlog.waiting,
        waiting_since=backlog.since,
        aside=backlog.aside,
        ticked_at=ticked_at,
        unasked=deadlines.unasked(work.connection, work.team, ticked_at - _TICKS) if ticked_at else 0,
        missing=missing,
        digest=date.fromisoformat(digest.edition) if digest else None,
        is_digest_posted=digest is not None and bool(digest.ts),
    )
    return admin_blocks(team, health)
