"""One trial: people at work, one Baton or two, and a nemesis that kills them."""

import asyncio
import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from sandbox import Workspace, seed_team
from sandbox.person import Person
from sandbox.server import Server
from tests.chaos.baton import MOMENTS
from tests.chaos.check import violations
from tests.chaos.people import Customer, Journal
from tests.office import ROOT, manifest

AES = ("Ana Lima", "Tom Becker", "Keiko Mori")
CSMS = ("Ben Okafor", "Sofía Navarro", "Mia Chen")
IN_SLACK = "in a change of Slack's"
STARTING = "while it starts"
ANY_TIME = "at work"
STUMBLES = ("429", "500", "500_after", "internal_error_after", "drop", "drop_after", "late")
METHODS = (
    *("chat.postMessage", "chat.update", "conversations.create", "conversations.invite", "conversations.setTopic"),
    *("conversations.info", "conversations.history", "conversations.replies", "bookmarks.add", "pins.add"),
    *("users.conversations", "canvases.edit", "conversations.canvases.create"),
)
QUIET_SECONDS = 60.0


@dataclass
class Report:
    """How a trial went."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    journal: Journal = field(default_factory=Journal)
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = self.journal
        lived = f"{len(done.started)} started, {len(done.saved)} saved, {len(done.accepted)} accepted"
        head = f"seed {self.seed}: {self.kills.total()} kills, {lived}, {len(self.violations)} violations"
        return "\n  ".join([head, *self.violations])


class Trial:
    """`batons` processes on one database are killed `kills` times altogether."""

    def __init__(self, url: str, seed: int, kills: int, batons: int = 1) -> None:
        self.url, self.kills, self.batons = url, kills, batons
        self.random = random.Random(seed)
        self.report = Report(seed)
        self.processes: set[subprocess.Popen[bytes]] = set()
        self.over = False

    async def run(self) -> Report:
        """Live through it, wait until all is quiet, and check."""
        self.workspace = Workspace(manifest(), seed_team())
        self.workspace.ack_seconds = 1.0  # a dead app is not waited for
        async with Server(self.workspace) as self.server:
            with tempfile.TemporaryFile() as self.log:
                try:
                    await self._live()
                    self.report.violations += await violations(self.url, self.workspace, self.report.journal)
                except* AssertionError as broken:
                    self.report.violations += [str(error) for error in broken.exceptions] + [self._logged()]
                finally:
                    for process in self.processes:
                        process.kill()
                        process.wait()
        return self.report

    async def _live(self) -> None:
        names = itertools.count(1)
        async with asyncio.TaskGroup() as group:
            for ae, csm in zip(AES, CSMS, strict=True):
                group.create_task(self._works(ae, csm, names))
            stumbles = group.create_task(self._slack_stumbles())
            async with asyncio.TaskGroup() as reigns:
                for number in range(self.batons):
                    reigns.create_task(self._reigns(number))
            self.over = True
            stumbles.cancel()
            self.workspace.faults.clear()
        await self._quiet()
        await self._connected(self.batons)
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            if await asyncio.to_thread(process.wait, 5) != 0:
                self.report.violations.append(f"Baton ended with {process.returncode}")

    async def _works(self, ae: str, csm: str, names: "itertools.count[int]") -> None:
        while not self.over:
            customer = Customer(
                self.workspace,
                f"Customer {next(names)}",
                Person(self.workspace, ae),
                Person(self.workspace, csm),
                self.report.journal,
            )
            await customer.passes(returned=self.random.random() < 0.3)

    async def _slack_stumbles(self) -> None:
        while True:
            await asyncio.sleep(self.random.uniform(0.05, 0.4))
            if len(self.workspace.faults.pending) < 5:
                kind = self.random.choice(STUMBLES)
                options = {"late": {"delay": 0.3}}.get(kind, {})
                self.workspace.faults.add(self.random.choice(METHODS), kind, 1, **options)

    async def _reigns(self, number: int) -> None:
        """One process after the other on one seat, each killed but the last."""
        for _ in range(number, self.kills, self.batons):
            moment = self.random.choice((*MOMENTS, IN_SLACK, STARTING, ANY_TIME, ANY_TIME, ANY_TIME))
            process = self._start(moment)
            ended = asyncio.create_task(asyncio.to_thread(process.wait))
            if moment == IN_SLACK:
                await self._kill_in_slack(process, ended)
            elif moment == STARTING:
                await asyncio.wait({ended}, timeout=self.random.uniform(0, 1))
            elif moment == ANY_TIME:
                await self._connected(1)
                await asyncio.wait({ended}, timeout=self.random.uniform(0, 1.2))
            else:
                await asyncio.wait({ended}, timeout=4)
            process.kill()
            await ended
            self.processes.discard(process)
            self.report.kills[moment] += process.returncode == -signal.SIGKILL
            if process.returncode != -signal.SIGKILL:
                self.report.violations.append(f"Baton ended by itself with {process.returncode}: {self._logged()}")
        self._start("")

    async def _connected(self, batons: int) -> None:
        """Each keeps two connections."""
        sockets = self.workspace.delivery.sockets
        await self.workspace.until(lambda: len(sockets.connections) >= 2 * batons, QUIET_SECONDS)

    async def _kill_in_slack(self, process: "subprocess.Popen[bytes]", ended: "asyncio.Task[int]") -> None:
        """Kill it in the middle of a change, before Slack has answered."""
        left = itertools.count(self.random.randint(3, 60), -1)

        def changed(_: object) -> None:
            if next(left) == 0:
                process.kill()

        forget = self.workspace.listen(changed)
        await asyncio.wait({ended}, timeout=4)
        forget()

    def _start(self, moment: str) -> "subprocess.Popen[bytes]":
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
            "SLACK_API_URL": self.server.api_url,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "DATABASE_URL": self.url,
        }
        when = [moment, str(self.random.randint(1, 120))] if moment in MOMENTS else []
        command = [sys.executable, "-m", "tests.chaos.baton", *when]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log)
        self.processes.add(process)
        return process

    async def _quiet(self) -> None:
        """Wait until nothing is owed to Slack any more."""
        engine = create_engine(self.url)
        owed = text("SELECT id, kind, attempts, error FROM outbox WHERE state = 'open'")
        rows: list[object] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET_SECONDS):
                while True:
                    with engine.connect() as connection:
                        rows = list(connection.execute(owed))
                    if not rows:
                        break
                    await asyncio.sleep(0.05)
        engine.dispose()
        self.report.violations += [f"still owed: {row}" for row in rows]

    def _logged(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-2000:]


def run(url: str, seed: int, kills: int, batons: int = 1) -> Report:
    """One trial, from a process of its own if need be. `url`: an empty database."""
    if url.startswith("sqlite:"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return asyncio.run(Trial(url, seed, kills, batons).run())
