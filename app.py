"""Baton: reads the settings, wires the floors together, starts and stops; decides nothing."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import aiohttp
import structlog
import uvicorn
import yaml
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from handlers.delivery import Delivery, Patience
from handlers.errands import SENDERS
from handlers.logs import configure_logs
from handlers.requests import Desk
from handlers.routes import listen
from handlers.schedule import keep_cadence, scheduler
from handlers.slack import code_of
from handlers.sockets import Sockets, SocketsRefused
from handlers.workspaces import learn_people
from store import outbox
from store.clock import Clock, MachineClock
from store.database import DatabaseError, NotSaved
from store.queries import next_deadline
from store.store import PlaybookError, Store, load_playbook
from web.site import site
from web.slack import slack_door

log = structlog.get_logger()
_VAR = Path("var")


def _database_url(url: str) -> str:
    backend, _, rest = url.partition("://")
    if backend in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if backend not in ("sqlite", "postgresql+psycopg") or not rest:
        raise ValueError("must be sqlite:///path or postgresql+psycopg://user:password@host/database")
    return url


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
    database_url: Annotated[str, AfterValidator(_database_url)] = f"sqlite:///{_VAR}/baton.db"
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
        self.team = ""
        self._bot_user = ""
        self._session: aiohttp.ClientSession | None = None
        self._sockets: Sockets | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Reach Slack, listen and deliver. Raises SettingsError when Slack refuses a token."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        token = self.settings.slack_bot_token
        client = AsyncWebClient(
            token=token.get_secret_value() if token else None,
            base_url=self.settings.slack_api_url,
            session=self._session,
            retry_handlers=[],  # the SDK's own retry repeats what was done already; the outbox decides
        )
        self.desk = Desk(store=self.store, clock=self.clock, client=client)
        await self._meet_slack()

        async def authorize(team_id: str | None) -> AuthorizeResult:  # by name: Bolt looks at the arguments
            return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_user_id=self._bot_user)

        self.app = AsyncApp(
            client=client,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,  # these three are web/slack.py's
            ssl_check_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            logger=logging.getLogger("slack_bolt"),
        )
        listen(self.app, self.desk)
        self.delivery = Delivery(self.desk, SENDERS, self._patience)
        self.scheduler = scheduler(self.desk)
        self.scheduler.start()
        lasting = (self.delivery.run(), self._learn(), keep_cadence(self.scheduler, MachineClock()))
        self._tasks = [asyncio.create_task(one) for one in lasting]
        if app_token := self.settings.slack_app_token:
            self._sockets = Sockets(self.app, app_token.get_secret_value(), client)
            try:
                await self._sockets.connect()
            except SocketsRefused as refused:
                raise SettingsError(str(refused)) from None

    def website(self) -> Starlette:
        """Health, and Slack's door in HTTP mode."""
        secret = None if self.settings.slack_app_token else self.settings.slack_signing_secret
        door = slack_door(self.app, secret.get_secret_value(), self.clock.now) if secret else None
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
        """When the next deadline is due; for a clock that is moved by hand."""
        with self.store.database.engine.connect() as connection:
            return next_deadline(connection)

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
    """Run in Slack until a signal ends it."""
    baton = Baton(settings)
    try:
        await baton.start()
        how = "Socket Mode" if settings.slack_app_token else f"HTTP on {settings.host}:{settings.port}/slack/events"
        log.info("Baton is running", slack=how)
        await _serve_until_signal(baton.website(), settings)
    finally:
        await baton.stop()


def _local(settings: Settings) -> None:
    _VAR.mkdir(exist_ok=True)
    here = Path(__file__).parent
    manifest = yaml.safe_load((here / "manifest.yml").read_text("utf-8"))
    customers = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((here / "sandbox/customers").glob("*.yml"))]
    asyncio.run(serve_locally(settings, manifest, customers))


async def serve_locally(settings: Settings, manifest: dict[str, Any], customers: list[dict[str, Any]]) -> None:
    """Run in a local workspace, in the browser."""
    # Only here does Baton know of the sandbox: in Slack it is not even loaded.
    from handlers.seeds import plant
    from sandbox import Workspace, seed_team
    from sandbox.server import Server

    workspace = Workspace(manifest, seed_team(), path=_VAR / "workspace.db")
    async with Server(workspace, host=settings.host, port=settings.port) as server:
        tokens = {"slack_bot_token": SecretStr(workspace.bot_token), "slack_app_token": SecretStr(workspace.app_token)}
        local = settings.model_copy(update={**tokens, "slack_api_url": server.api_url})
        baton = Baton(local, workspace.clock)
        workspace.next_moment = baton.next_moment
        try:
            await baton.start()
            await plant(baton.desk, baton.team, customers)
            print(f"Baton's local workspace: {server.url}  (Ctrl-C stops it)", flush=True)
            await _until_signal()
        finally:
            await baton.stop()


async def _serve_until_signal(website: Starlette, settings: Settings) -> None:
    server = _Server(
        uvicorn.Config(website, settings.host, settings.port, log_config=None, access_log=False, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    stopped = asyncio.create_task(_until_signal())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving
    stopped.cancel()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The signals are ours: there is more to stop than the web server."""
        yield


async def _until_signal() -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _refuse_taken_port(settings: Settings) -> None:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(f"PORT: {settings.host}:{settings.port} can't be used: {error.strerror}.") from None


def main() -> int:
    """0 after a clean stop; 2, with one line naming the setting, when a setting is wrong."""
    try:
        settings = Settings.read()
        configure_logs(settings.log_level, settings.log_format)
        _refuse_taken_port(settings)
        asyncio.run(serve(settings)) if settings.slack_bot_token else _local(settings)
    except (SettingsError, DatabaseError, PlaybookError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
