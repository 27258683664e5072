"""Calling Slack for the outbox: every outcome is one of done, refused, postponed or unknown."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

_LONGEST_PAUSE = timedelta(minutes=5)  # a huge Retry-After is probed rather than believed
_REACHED = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


class Refused(Exception):
    """Slack will not do this, now or later: `code` is its word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Postponed(Exception):
    """Slack did nothing and asks to wait `pause`."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(f"rate limited for {pause.total_seconds():.0f} s")
        self.pause = pause


class Unknown(Exception):
    """Nobody knows whether Slack did it: the answer was lost, or said so."""


def code_of(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; "" when the answer was not Slack's (a proxy's page, say)."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


async def ask(call: Awaitable[Any], *, seconds: float) -> Any:
    """Slack's answer. Raises Refused, Postponed or Unknown; nothing is repeated here."""
    try:
        return await asyncio.wait_for(call, seconds)
    except SlackApiError as error:
        raise _meaning(error) from error
    except (TimeoutError, aiohttp.ClientError, SlackRequestError, OSError, ValueError) as error:
        raise Unknown(type(error).__name__) from error


def _meaning(error: SlackApiError) -> Exception:
    response = error.response
    status = getattr(response, "status_code", 200)
    code = code_of(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        headers = {key.lower(): value for key, value in (response.headers or {}).items()}
        try:
            pause = timedelta(seconds=max(1, int(headers.get("retry-after", 5))))
        except (TypeError, ValueError):
            pause = timedelta(seconds=5)
        return Postponed(min(pause, _LONGEST_PAUSE))
    if status >= 500 or code in _REACHED or not code:
        return Unknown(code or f"HTTP {status}")
    return Refused(code)
