"""Calling Slack for the outbox: every outcome is one of done, refused, postponed, unanswered or unknown."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.refusals import Refusal
from handlers.pace import Pace

_KEPT_SECONDS = 4  # many servers hang up on a connection that was idle for 5 s, at times just as the next call leaves
_DOWNLOAD_SECONDS = 15
UPLOAD_SECONDS = 60  # of some megabytes over a slow line; no call takes longer
_LONGEST_PAUSE = timedelta(minutes=5)  # a huge Retry-After is probed rather than believed
_REACHED = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_LOCKED_OUT = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
POST = "chat_postMessage"
UPLOAD = "files_upload_v2"
_NOT_REPEATABLE = {
    *(POST, "conversations_create", "conversations_canvases_create", "bookmarks_add", UPLOAD),
}

Method = Callable[..., Awaitable[Any]]


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


class Unanswered(Exception):
    """No answer, and no harm in asking again: the call may be repeated, or Slack knows Baton no more."""


class Unknown(Exception):
    """No answer to a call that must not be done twice: nobody knows whether Slack did it."""


class NotOpened(Refusal):
    """Slack opened no view, and may take the trigger for no other."""


class Limits:
    """Until when Slack wants to be left alone: a method of a workspace, the posts to one conversation, or to all."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str, str], datetime] = {}
        self._paces: defaultdict[str, Pace] = defaultdict(Pace)

    def heed(self, team: str, name: str, arguments: dict[str, Any], now: datetime) -> None:
        """Raise Postponed where Slack asked to wait, without asking again."""
        pause = self._until.get(_limited(team, name, arguments), now) - now
        if pause > _LONGEST_PAUSE:  # the clock was set back
            pause = timedelta()
        if name == POST:
            pause = max(pause, self._paces[team].wait(now))
        if pause > timedelta():
            raise Postponed(pause)

    def passed(self, team: str, name: str, arguments: dict[str, Any], now: datetime) -> None:
        """Slack did it."""
        if name == POST:
            self._paces[team].passed(str(arguments["channel"]), now)

    def keep(self, team: str, name: str, arguments: dict[str, Any], now: datetime, until: datetime) -> None:
        """Slack asked to wait until then."""
        if name != POST or not self._paces[team].refused(str(arguments["channel"]), now, until):
            self._until[_limited(team, name, arguments)] = until

    def leave(self, team: str, now: datetime) -> None:
        """A post of this workspace leaves."""
        self._paces[team].leave(now)

    def closed(self, now: datetime) -> dict[str, datetime]:
        """The workspaces that take no post now, and when they take the next."""
        opening = {team: pace.opens_at(now) for team, pace in self._paces.items()}
        return {team: at for team, at in opening.items() if at > now}


def _limited(team: str, name: str, arguments: dict[str, Any]) -> tuple[str, str, str]:
    return team, name, str(arguments["channel"]) if name == POST else ""


def new_session() -> aiohttp.ClientSession:
    """The connections that all calls to Slack share."""
    connector = aiohttp.TCPConnector(keepalive_timeout=_KEPT_SECONDS)
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=UPLOAD_SECONDS))


def code_of(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; "" when the answer was not Slack's (a proxy's page, say)."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


async def ask(method: Method, arguments: dict[str, Any], *, seconds: float) -> Any:
    """Slack's answer. Raises Refused, Postponed, Unanswered or Unknown; nothing is repeated here."""
    lost = Unknown if method.__name__ in _NOT_REPEATABLE else Unanswered
    try:
        async with asyncio.timeout(seconds):
            return await method(**arguments)
    except SlackApiError as error:
        raise _meaning(error, lost) from error
    except (TimeoutError, aiohttp.ClientError, SlackRequestError, OSError) as error:
        raise lost(type(error).__name__) from error


async def download(client: AsyncWebClient, url: str, most: int) -> bytes:
    """A file that Slack keeps, or its first `most` bytes and one more. The token goes to Slack's own hosts only.

    Raises Refused, Postponed or Unanswered.
    """
    ours, theirs = urlsplit(client.base_url), urlsplit(url)
    is_slacks = theirs.netloc == ours.netloc or theirs.netloc.endswith(f".{ours.netloc}")
    if not is_slacks or theirs.scheme != ours.scheme or client.session is None:
        raise Refused("not_in_slack")
    headers = {"Authorization": f"Bearer {client.token}"}
    content = b""
    try:
        patience = aiohttp.ClientTimeout(total=_DOWNLOAD_SECONDS)
        async with client.session.get(url, headers=headers, timeout=patience, allow_redirects=False) as response:
            if response.status == 429:
                raise Postponed(_pause_of(response.headers))
            if response.status >= 500:
                raise Unanswered(f"HTTP {response.status}")
            if response.status != 200:
                raise Refused("file_not_found" if response.status in (404, 410) else "access_denied")
            if response.content_type == "text/html":  # a page for people: to sign in, say
                raise Refused("not_given")
            async for chunk in response.content.iter_chunked(1 << 16):
                content += chunk
                if len(content) > most:
                    break
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unanswered(type(error).__name__) from error
    return content


def _pause_of(headers: Mapping[str, str]) -> timedelta:
    found = {key.lower(): value for key, value in headers.items()}
    try:
        return min(timedelta(seconds=max(1, int(found.get("retry-after", 5)))), _LONGEST_PAUSE)
    except (TypeError, ValueError):
        return timedelta(seconds=5)


def _meaning(error: SlackApiError, lost: type[Exception]) -> Exception:
    response = error.response
    status = getattr(response, "status_code", 200)
    code = code_of(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Postponed(_pause_of(response.headers or {}))
    if status >= 500 or code in _REACHED or not code:
        return lost(code or f"HTTP {status}")
    return Unanswered(code) if code in _LOCKED_OUT else Refused(code)
