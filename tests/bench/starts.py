"""The cold start: from exec to the first answered request, what it holds in memory, and what it never loads."""

import contextlib
import re
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench import servers
from tests.bench.clicks import request
from tests.bench.load import is_whole
from tests.bench.slack import AE, TEAM

APP = str(servers.ROOT / "app.py")
NEVER = ("sandbox", "matplotlib", "plotly", "altair", "PIL", "numpy", "alembic")
_GIVE_UP_SECONDS = 20


@dataclass(frozen=True)
class Start:
    """Seconds from exec to the first answer, and the most megabytes held until then."""

    seconds: float
    megabytes: float


def cold_start(slack_port: int, database_url: str) -> Start:
    """Start Baton and ask it for help until it answers."""
    port = servers.free_port()
    began = time.perf_counter()
    process = servers.start(
        APP, cores=servers.MEASURED, settings=servers.baton_settings(port, slack_port, database_url)
    )
    try:
        first_answer(port, process, began)
        return Start(time.perf_counter() - began, servers.peak_memory(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def first_answer(port: int, process: "subprocess.Popen[bytes]", began: float) -> None:
    """Return once `/handoff help` is answered."""
    command = {"command": "/handoff", "text": "help", "team_id": TEAM, "user_id": AE, "trigger_id": "1.1.abc"}
    body = request(urlencode(command).encode())
    while time.perf_counter() - began < _GIVE_UP_SECONDS:
        assert process.poll() is None, f"Baton ended with {process.returncode}"
        with contextlib.suppress(OSError), contextlib.closing(socket.create_connection(("127.0.0.1", port), 1)) as door:
            door.sendall(body)
            answer = b""
            while not is_whole(answer):
                answer += door.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            return
        time.sleep(0.001)
    raise TimeoutError("Baton did not start")


def loaded_needlessly(slack_port: int, database_url: str) -> list[str]:
    """Which of NEVER a Baton that serves Slack has imported by its first answer."""
    port = servers.free_port()
    settings = servers.baton_settings(port, slack_port, database_url)
    with tempfile.TemporaryFile() as errors:
        process = servers.start("-X", "importtime", APP, cores=servers.MEASURED, settings=settings, errors=errors)
        try:
            first_answer(port, process, time.perf_counter())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
        errors.seek(0)
        said = errors.read().decode()
    imported = set(re.findall(r"\| +([\w.]+)$", said, re.MULTILINE))
    assert "slack_bolt" in imported
    return sorted({name.partition(".")[0] for name in imported} & set(NEVER))
