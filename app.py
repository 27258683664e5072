"""Baton: reads the settings, wires the floors together, starts and stops; decides nothing."""

import gc
import os
import signal

if __name__ == "__main__":  # the imports take half a second
    gc.disable()  # nothing of what they load is ever garbage
    for _signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(_signal, lambda *_: os._exit(0))  # nothing has begun yet

import asyncio
import contextlib
import socket
import sqlite3
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import aiohttp
import structlog
import yaml
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from starlette.applications import Starlette

from handlers.bolt import bolt_app
from handlers.delivery import Delivery, Patience
from handlers.errands import SENDERS
from handlers.logs import configure_logs
from handlers.requests import Desk
from handlers.schedule import keep_cadence, keep_counted, next_moment, scheduler
from handlers.slack import code_of, new_session
from handlers.sockets import Sockets, SocketsRefused
from handlers.workspaces import learn_people
from store import outbox
from store.clock import Clock, MachineClock, SteadyLoop
from store.database import DatabaseError, NotSaved
from store.playbooks import PlaybookError, load_playbook
from store.store import Store
from web import server as web_server
from web.site import site
from web.slack import slack_door

log = structlog.get_logger()
_VAR = Path("var")


def _database_url(url: str) -> str:
    backend, _, rest = url.partition("://")
    url = f"postgresql+psycopg://{rest}" if backend in ("postgres", "postgresql") else url
    with contextlib.suppress(ValueError, ArgumentError):
        if make_url(url).drivername in ("sqlite", "postgresql+psycopg") and rest:
            return url
    raise ValueError("must be sqlite:///path or postgresql+psycopg://user:password@host:port/database")


def _api_url(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("must be a web address, such as https://slack.com/api/")
    return url.rstrip("/") + "/"


class SettingsError(Exception):
    """A setting is wrong; the text names it."""


class Settings(BaseSettings):
    """What the environment (and `.env`) says; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(_api_url)] = "https://slack.com/api/"
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(f"sqlite:///{_VAR}/baton.db", repr=False)
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=0, le=65535)
    public_url: str = ""
    playbook: Path = Path(__file__).with_name("playbook.yml")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        bot, app, secret = self.slack_bot_token, self.slack_app_token, self.slack_signing_secret
        if not bot and (app or secret):
            raise ValueError("SLACK_BOT_TOKEN is missing: it goes with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET")
        if bot and not (app or secret):
            raise ValueError(
                "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it"
            )
        for name, token, start in (("SLACK_BOT_TOKEN", bot, "xoxb-"), ("SLACK_APP_TOKEN", app, "xapp-")):
            if token and not token.get_secret_value().startswith(start):
                raise ValueError(f"{name} must begin with {start}")
        return self

    @classmethod
    def read(cls) -> "Settings":
        """From the environment. Raises SettingsError with one line, and no value in it."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = ".".join(str(part) for part in first["loc"]).upper()
            words = first["msg"].removeprefix("Value error, ")
            raise SettingsError(f"{name}: {words}" if name else words) from None


class Baton:
    """One running Baton: everything between the settings and Slack."""

    def __init__(self, settings: Settings, clock: Clock | None = None, patience: Patience | None = None) -> None:
        self.settings = settings
        self._patience = patience or Patience()
        self.clock = clock or MachineClock()
        self.store = Store(settings.database_url, load_playbook(settings.playbook))
        self.team = self._bot_user = ""
        self._session: aiohttp.ClientSession | None = None
        self._sockets: Sockets | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Reach Slack, listen and deliver. Raises SettingsError when Slack refuses a token."""
        self._session = new_session()
        token = self.settings.slack_bot_token
        client = AsyncWebClient(
            token=token.get_secret_value() if token else None,
            base_url=self.settings.slack_api_url,
            session=self._session,
            retry_handlers=[],  # the SDK's own retry repeats what was done already; the outbox decides
        )
        self.desk = Desk(store=self.store, clock=self.clock, client=client)
        await self._meet_slack()
        self.app = bolt_app(self.desk, lambda: self._bot_user)
        self.delivery = Delivery(self.desk, SENDERS, self._patience)
        self.scheduler = scheduler(self.desk)
        self.scheduler.start()
        lasting = (self.delivery.run(), keep_counted(self.desk), keep_cadence(self.scheduler, MachineClock()))
        self._tasks = [asyncio.create_task(one) for one in (*lasting, self._learn())]
        if app_token := self.settings.slack_app_token:
            self._sockets = Sockets(self.app, app_token.get_secret_value(), client)
            try:
                await self._sockets.connect()
            except SocketsRefused as refused:
                raise SettingsError(str(refused)) from None

    @property
    def has_door(self) -> bool:
        """Whether Slack comes by HTTP; with an app token it comes by Socket Mode."""
        return self.settings.slack_app_token is None

    def website(self) -> Starlette:
        """Health, and Slack's door in HTTP mode."""
        secret = self.settings.slack_signing_secret
        door = slack_door(self.app, secret.get_secret_value(), self.clock.now) if secret and self.has_door else None
        return site(self.is_well, door)

    async def is_well(self) -> bool:
        """Whether the database answers."""
        with contextlib.suppress(NotSaved):
            await self.store.database.read(outbox.next_due)
            return True
        return False

    async def stop(self) -> None:
        """Take nothing new, end what runs, let go; within a few seconds."""
        if self._sockets:
            await self._sockets.close()
        if self._tasks:
            self.scheduler.shutdown(wait=False)
            await self.delivery.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()
        self.store.close()

    def next_moment(self) -> datetime | None:
        """When the next deadline or digest is due; for a clock that is moved by hand."""
        return next_moment(self.desk, self.team)

    async def _meet_slack(self) -> None:
        try:
            me = await self.desk.client.auth_test()
        except SlackApiError as error:
            code = code_of(error)
            if code in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"):
                raise SettingsError(f"SLACK_BOT_TOKEN: Slack refuses it ({code}).") from None
            log.warning("slack is not well", error=code)
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("slack can't be reached yet", error=str(error))
        else:
            self.team, self._bot_user = me["team_id"], me["user_id"]

    async def _learn(self) -> None:
        while not self.team:
            await asyncio.sleep(5)
            await self._meet_slack()
        await learn_people(self.desk, self.team)


async def serve(settings: Settings) -> None:
    """Run in Slack until cancelled."""
    baton = Baton(settings)
    try:
        await baton.start()
        at = f"{settings.host}:{settings.port}"
        slack = f"HTTP on {at}/slack/events" if baton.has_door else "Socket Mode"
        log.info("Baton is running", slack=slack, health=f"{at}/health", database=baton.store.database.engine.name)
        if caution := baton.store.database.caution:
            log.warning(caution)
        await web_server.serve(baton.website(), settings.host, settings.port)
    finally:
        await baton.stop()


async def serve_locally(settings: Settings) -> None:
    """Run in a local workspace, in the browser, until cancelled."""
    # Only here does Baton know of the sandbox: in Slack it is not even loaded.
    from handlers.seeds import plant
    from sandbox.server import Server

    workspace, customers = _local_workspace()
    async with Server(workspace, host=settings.host, port=settings.port) as server:
        tokens = {"slack_bot_token": SecretStr(workspace.bot_token), "slack_app_token": SecretStr(workspace.app_token)}
        local = settings.model_copy(update={**tokens, "slack_api_url": server.api_url})
        baton = Baton(local, workspace.clock)
        try:
            await baton.start()
            workspace.next_moment = baton.next_moment
            await plant(baton.desk, baton.team, customers)
            print(f"Baton's local workspace: {server.url}  (Ctrl-C stops it)", flush=True)
            await asyncio.Event().wait()
        finally:
            await baton.stop()


def _local_workspace() -> tuple[Any, list[Any]]:
    """The workspace kept in var/, and the customers to seed it with."""
    from sandbox import Workspace, seed_team

    here = Path(__file__).parent
    manifest = yaml.safe_load((here / "manifest.yml").read_text("utf-8"))
    customers = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((here / "sandbox/customers").glob("*.yml"))]
    try:
        _VAR.mkdir(exist_ok=True)
        return Workspace(manifest, seed_team(), path=_VAR / "workspace.db"), customers
    except (OSError, sqlite3.Error) as error:
        raise SettingsError(f"{_VAR.absolute()}: the local workspace can't be kept here: {error}.") from None


async def _until_signal(serving: Coroutine[Any, Any, None]) -> None:
    running = asyncio.ensure_future(serving)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, lambda: running.cancelling() or running.cancel())
    with contextlib.suppress(asyncio.CancelledError):
        await running


def _refuse_address(settings: Settings) -> None:
    host, port = settings.host, settings.port
    if not settings.slack_bot_token and host not in ("localhost", "127.0.0.1"):
        raise SettingsError(f"HOST: the local workspace listens on this machine only, so not on {host}.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        name = "HOST" if isinstance(error, socket.gaierror) else "PORT"
        raise SettingsError(f"{name}: {host}:{port} can't be used: {error.strerror}.") from None


def main() -> int:
    """0 after a clean stop; 2, with one line naming the setting, when a setting is wrong."""
    try:
        settings = Settings.read()
        configure_logs(settings.log_level, settings.log_format)
        _refuse_address(settings)
        gc.freeze()
        gc.enable()
        with asyncio.Runner(loop_factory=SteadyLoop) as runner:
            runner.run(_until_signal(serve(settings) if settings.slack_bot_token else serve_locally(settings)))
    except (SettingsError, DatabaseError, PlaybookError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    os._exit(main())  # a thread that waits for a frozen database must not hold the process
