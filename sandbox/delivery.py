"""How envelopes reach the app: over its Socket Mode connections, or as signed HTTP requests to its URL."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp

from sandbox.records import Json
from sandbox.sockets import Sockets

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


class NoAnswer(Exception):
    """`reason` is one of Slack's retry reasons; `final` means that Slack would not try again."""

    def __init__(self, reason: str, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


class Delivery:
    def __init__(self, workspace: Workspace, request_url: str | None) -> None:
        self._workspace = workspace
        self.request_url = request_url
        self.sockets = Sockets(workspace)
        self._session: aiohttp.ClientSession | None = None

    @property
    def connected(self) -> bool:
        return self.request_url is not None or bool(self.sockets.connections)

    @property
    def started(self) -> bool:
        """An app was ever there: events before that have nobody to be retried for."""
        return self.request_url is not None or self.sockets.ever_connected

    async def send(self, kind: str, payload: Json, *, retry_attempt: int = 0, retry_reason: str | None = None) -> Json:
        """The app's acknowledgement, {} when empty; kind is events_api, slash_commands or interactive."""
        try:
            async with asyncio.timeout(self._workspace.ack_seconds):
                if self.request_url is None:
                    answer = await self.sockets.send(kind, payload, retry_attempt, retry_reason)
                    if answer is None:
                        raise NoAnswer("http_error")
                    return answer
                return await self._post(kind, payload, retry_attempt, retry_reason)
        except TimeoutError:
            raise NoAnswer("http_timeout") from None
        except (aiohttp.ClientError, OSError):
            raise NoAnswer("connection_failed") from None

    async def _post(self, kind: str, payload: Json, retry_attempt: int, retry_reason: str | None) -> Json:
        body, content_type = encoded(kind, payload)
        headers = {"Content-Type": content_type, **signature(self._workspace.signing_secret, body)}
        if retry_attempt:
            headers |= {"X-Slack-Retry-Num": str(retry_attempt), "X-Slack-Retry-Reason": retry_reason or ""}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        assert self.request_url is not None
        async with self._session.post(self.request_url, data=body, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                raise NoAnswer("http_error", final=response.headers.get("X-Slack-No-Retry") == "1")
            return decoded(await response.text(), response.content_type)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def decoded(text: str, content_type: str) -> Json:
    if not text.strip():
        return {}
    if content_type == "application/json":
        answer = json.loads(text)
        return answer if isinstance(answer, dict) else {}
    return {"text": text}


def signature(secret: str, body: bytes) -> dict[str, str]:
    """Slack's request signature, version 0. The app compares it with its own clock, so it carries real time."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
