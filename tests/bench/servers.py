"""The measured servers: each a process of its own, all on one core, with the load and Slack on the others."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from tests.bench.bare import SECRET

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0))
MEASURED = set(CORES[-1:])
OTHERS = set(CORES[:-1]) or MEASURED
_START_SECONDS = 30


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*arguments: str, port: int, cores: set[int], settings: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a Python program until this block ends; gives its process id once `port` answers."""
    process = start(*arguments, cores=cores, settings=settings)
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def start(
    *arguments: str,
    cores: set[int],
    settings: Mapping[str, str] | None = None,
    errors: IO[bytes] | None = None,
    output: int | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a Python program on `cores`."""
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "TZ": "UTC"} | dict(settings or {})
    command = ["taskset", "--cpu-list", ",".join(map(str, sorted(cores))), sys.executable, *arguments]
    return subprocess.Popen(command, env=environment, cwd="/", stdout=output, stderr=errors)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once the port takes a connection."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"ended with {process.returncode}: {process.args!r}"
        with contextlib.suppress(OSError), contextlib.closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.002)
    raise TimeoutError(f"nothing answers on port {port}: {process.args!r}")


def baton_settings(port: int, slack_port: int, database_url: str) -> dict[str, str]:
    """The environment of a Baton in HTTP mode."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }


def processor_time(pid: int) -> float:
    """Milliseconds of processor that the process has had; unlike the clock, it cares little for busy neighbours."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def peak_memory(pid: int) -> float:
    """The most memory the process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000
