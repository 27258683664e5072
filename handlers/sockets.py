"""Socket Mode: two connections, each replaced as soon as it is lost or has gone quiet."""

import asyncio

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack import code_of

log = structlog.get_logger()
_CONNECTIONS = 2  # one serves while the other is renewed
_PING_SECONDS = 2
_CONNECT_SECONDS = 10
_WATCH_SECONDS = 0.5
_LONGEST_WAIT = 30


class SocketsRefused(Exception):
    """Slack does not take the app token; the text names the setting."""


class Sockets:
    """Keeps two Socket Mode connections for as long as Baton runs."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(self) -> None:
        """Connect once, so that a wrong token is known at start. Raises SocketsRefused; other trouble is retried."""
        self._tasks = [asyncio.create_task(self._keep(number)) for number in range(_CONNECTIONS)]
        try:
            await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            code = code_of(error)
            if code in ("invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "account_inactive"):
                await self.close()
                raise SocketsRefused(f"SLACK_APP_TOKEN: Slack refuses it ({code}).") from None
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("socket mode: slack can't be reached yet", error=str(error))

    async def close(self) -> None:
        """Take nothing new."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, number: int) -> None:
        wait = 0.0
        while True:
            try:
                await self._serve(number)
                wait = 0.0  # it had been connected
            except Exception as error:  # whatever it was: a Baton without its connections is deaf
                log.warning("socket mode: not connected", connection=number, error=str(error) or type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(max(1.0, wait * 2), _LONGEST_WAIT)

    async def _serve(self, number: int) -> None:
        """One connection until it is lost; raises when there was none."""
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, web_client=self._client, ping_interval=_PING_SECONDS
        )
        # The SDK's own reconnecting tries a used-up address for ever, and waits for the next ping.
        handler.client.default_auto_reconnect_enabled = handler.client.auto_reconnect_enabled = False
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):  # wait_for may swallow the cancellation that ends us
                await handler.connect_async()
            log.info("socket mode connected", connection=number)
            # aiohttp's heartbeat closes what fell silent. The SDK's is_connected compares moments of the wall clock, so
            # it would give up both connections at once when that leaps.
            while (session := handler.client.current_session) and not session.closed:  # noqa: ASYNC110  nor has it an event
                await asyncio.sleep(_WATCH_SECONDS)
            log.warning("socket mode: connection lost", connection=number)
        finally:
            await handler.close_async()
