"""`python app.py` as a process: in each of its three modes it works, keeps its secrets and stops when told to."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sandbox import Workspace, seed_team
from sandbox.person import Person
from sandbox.server import Server
from tests.office import ROOT, manifest

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def baton(folder: Path, port: int, **settings: str) -> AsyncIterator[Process]:
    """Baton in a process of its own."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "PORT": str(port), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "app.py"), env=environment, cwd=folder, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def stops(process: Process, number: signal.Signals = signal.SIGTERM) -> str:
    """Everything it said, once it ended by this signal: within five seconds, with exit code 0."""
    process.send_signal(number)
    out, err = await asyncio.wait_for(process.communicate(), 5)
    said = (out + err).decode()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


async def until(happened: Callable[[], bool], process: Process, within: float = 20) -> None:
    """Return once it has happened while the process lives."""
    deadline = time.monotonic() + within
    while not happened():
        assert process.returncode is None, await process.communicate()
        assert time.monotonic() < deadline
        await asyncio.sleep(0.002)


def answers(port: int) -> Callable[[], bool]:
    """Whether somebody takes a connection."""

    def does() -> bool:
        with contextlib.suppress(OSError), contextlib.closing(socket.create_connection(("127.0.0.1", port), 1)):
            return True
        return False

    return does


class Slack:
    """The local workspace as a Slack elsewhere, and Baton's settings for it."""

    def __init__(self, server: Server, workspace: Workspace) -> None:
        self.workspace = workspace
        self.ana = Person(workspace, "Ana Lima")
        token = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_API_URL": server.api_url}
        self.by_http = token | {"SLACK_SIGNING_SECRET": workspace.signing_secret}
        self.by_socket = token | {"SLACK_APP_TOKEN": workspace.app_token}

    async def finds(self, process: Process, port: int, mode: str) -> None:
        """Return once what people do reaches Baton."""
        await until(answers(port), process)
        if mode == "HTTP":
            self.workspace.delivery.request_url = f"http://127.0.0.1:{port}/slack/events"
        else:
            await self.workspace.until(lambda: bool(self.workspace.delivery.sockets.connections))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    """A Slack with its people."""
    workspace = Workspace(manifest(), seed_team())
    async with Server(workspace) as server:
        yield Slack(server, workspace)


@pytest.mark.parametrize("mode", ["HTTP", "Socket Mode"])
async def test_a_handoff_starts_and_the_log_tells_it_without_secrets(
    slack: Slack, mode: str, port: int, tmp_path: Path
) -> None:
    ana = slack.ana
    settings = slack.by_http if mode == "HTTP" else slack.by_socket
    slack.workspace.faults.add("bookmarks.add", "500")
    async with baton(tmp_path, port, **settings, LOG_LEVEL="DEBUG", LOG_FORMAT="json") as process:
        await slack.finds(process, port, mode)
        await ana.types("/handoff start Payload Inc.", into="general")
        ana.modal.fill("Segment", "SMB")
        assert await ana.modal.submit() == {}
        await until(lambda: "handoff-payload-inc" in ana.channels() and not slack.workspace.faults.pending, process)
        said = await stops(process)
    lines = [json.loads(line) for line in said.splitlines()]
    assert next(line for line in lines if line["event"] == "Baton is running")["slack"].startswith(mode)
    assert any(line["level"] == "warning" for line in lines)
    for secret in (slack.workspace.bot_token, slack.workspace.app_token, slack.workspace.signing_secret):
        assert secret not in said


@BOTH
@pytest.mark.parametrize("mode", ["HTTP", "Socket Mode"])
async def test_it_stops_in_slack(slack: Slack, mode: str, number: signal.Signals, port: int, tmp_path: Path) -> None:
    async with baton(tmp_path, port, **(slack.by_http if mode == "HTTP" else slack.by_socket)) as process:
        await slack.finds(process, port, mode)
        await stops(process, number)


@BOTH
async def test_it_stops_in_the_local_workspace(number: signal.Signals, port: int, tmp_path: Path) -> None:
    async with baton(tmp_path, port) as process:
        assert process.stdout
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line == f"Baton's local workspace: http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
        await stops(process, number)


@BOTH
async def test_it_stops_while_it_loads(number: signal.Signals, port: int, tmp_path: Path) -> None:
    async with baton(tmp_path, port) as process:
        loaded = Path(f"/proc/{process.pid}/maps")
        await until(lambda: "_pydantic_core" in loaded.read_text(), process)
        assert await stops(process, number) == ""


@BOTH
async def test_it_stops_while_it_waits_for_slack(
    slack: Slack, number: signal.Signals, port: int, tmp_path: Path
) -> None:
    slack.workspace.faults.add("auth.test", "timeout_after", delay=10)
    async with baton(tmp_path, port, **slack.by_http) as process:
        await until(lambda: not slack.workspace.faults.pending, process)
        await stops(process, number)


async def test_it_stops_with_an_answer_still_owed_by_slack(slack: Slack, port: int, tmp_path: Path) -> None:
    slack.workspace.faults.add("conversations.create", "timeout_after", delay=20)
    async with baton(tmp_path, port, **slack.by_socket) as process:
        await slack.finds(process, port, "Socket Mode")
        await slack.ana.types("/handoff start Acme", into="general")
        slack.ana.modal.fill("Segment", "SMB")
        assert await slack.ana.modal.submit() == {}
        await until(lambda: not slack.workspace.faults.pending, process)
        await stops(process)


async def test_it_starts_while_slack_is_away_and_serves_once_it_is_back(
    slack: Slack, port: int, tmp_path: Path
) -> None:
    slack.workspace.faults.add("auth.test", "drop")
    async with baton(tmp_path, port, **slack.by_http) as process:
        await slack.finds(process, port, "HTTP")
        (answer,) = await slack.ana.types("/handoff", into="general")
        assert "/handoff start" in answer.text
        await stops(process)
