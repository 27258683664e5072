"""The front door: what is wrong with the settings is said in one line that names the setting; nothing else is said."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from app import Settings, SettingsError
from sandbox import Workspace, seed_team
from sandbox.server import Server
from tests.office import ROOT, manifest

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-do-not-tell-1",
    "SLACK_APP_TOKEN": "xapp-do-not-tell-2",
    "SLACK_SIGNING_SECRET": "do-not-tell-3",
}
BOT, APP, SECRET = ({name: value} for name, value in SECRETS.items())
NOWHERE = {"SLACK_API_URL": "http://127.0.0.1:9/api/"}


def start(folder: Path, settings: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run `python app.py` in a folder of its own until it ends."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "PORT": "0", **settings}
    command = [sys.executable, str(ROOT / "app.py")]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=30)


def refused(folder: Path, settings: dict[str, str]) -> str:
    """The one line of a start that ends with exit code 2."""
    ended = start(folder, settings)
    lines = [line for line in (ended.stdout + ended.stderr).splitlines() if "[warning" not in line]
    assert (ended.returncode, len(lines)) == (2, 1), ended
    assert "do-not-tell" not in ended.stdout + ended.stderr
    return lines[0]


REFUSALS: dict[str, tuple[dict[str, str], str]] = {
    "a bot token alone": (BOT, "SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)"),
    "an app token alone": (APP, "SLACK_BOT_TOKEN is missing"),
    "a signing secret alone": (SECRET, "SLACK_BOT_TOKEN is missing"),
    "a user's token": (SECRET | {"SLACK_BOT_TOKEN": "xoxp-do-not-tell"}, "SLACK_BOT_TOKEN must begin with xoxb-"),
    "tokens exchanged": (BOT | {"SLACK_APP_TOKEN": "xoxb-do-not-tell"}, "SLACK_APP_TOKEN must begin with xapp-"),
    "Slack without a scheme": ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL: must be a web address"),
    "another database": ({"DATABASE_URL": "mysql://u:do-not-tell@h/d"}, "DATABASE_URL: must be sqlite:///path or"),
    "a database's port in words": (
        {"DATABASE_URL": "postgresql://u:do-not-tell@h:port/d"},
        "DATABASE_URL: must be sqlite:///path or",
    ),
    "no such PostgreSQL": ({"DATABASE_URL": "postgresql://u:do-not-tell@127.0.0.1:9/d"}, "DATABASE_URL: the database"),
    "a database in a file's place": ({"DATABASE_URL": "sqlite:////dev/null/baton.db"}, "DATABASE_URL: /dev/null/bat"),
    "a folder for a database": ({"DATABASE_URL": "sqlite:////tmp"}, "DATABASE_URL: "),
    "a port in words": ({"PORT": "http"}, "PORT: "),
    "a port too high": ({"PORT": "65536"}, "PORT: "),
    "an unknown host": (BOT | SECRET | {"HOST": "nowhere.invalid"}, "HOST: nowhere.invalid:0 can't be used"),
    "a local workspace for all": ({"HOST": "0.0.0.0"}, "HOST: the local workspace listens on this machine only"),
    "an unknown log level": ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: "),
    "an unknown log format": ({"LOG_FORMAT": "xml"}, "LOG_FORMAT: "),
    "no playbook": ({"PLAYBOOK": "/nowhere/playbook.yml"}, "PLAYBOOK: /nowhere/playbook.yml can't be read: No such"),
}


@pytest.mark.parametrize(("settings", "line"), REFUSALS.values(), ids=REFUSALS)
def test_a_wrong_setting_is_named_in_one_line(settings: dict[str, str], line: str, tmp_path: Path) -> None:
    assert refused(tmp_path, settings).startswith(line)


@pytest.mark.parametrize(
    ("playbook", "words"),
    [("sections: [", "is not YAML"), ("segments: []", "segments: "), ("just words", "the whole: ")],
)
def test_a_wrong_playbook_is_named_with_the_path_of_what_is_wrong(playbook: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(playbook)
    line = refused(tmp_path, {"PLAYBOOK": str(path)})
    assert line.startswith(f"PLAYBOOK: {path}")
    assert words in line


def test_a_deep_mistake_in_the_playbook_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text((ROOT / "playbook.yml").read_text().replace("kind: url,", "kind: telepathy,", 1))
    assert refused(tmp_path, {"PLAYBOOK": str(path)}).startswith(f"PLAYBOOK: {path}: sections.0.fields.4.kind: ")


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        line = refused(tmp_path, BOT | SECRET | {"PORT": str(port)})
    assert line == f"PORT: 127.0.0.1:{port} can't be used: Address already in use."


def test_a_place_where_nothing_can_be_kept_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    assert str(tmp_path / "var") in refused(tmp_path, {})


@pytest.mark.parametrize("rest", [SECRET, APP], ids=["HTTP", "Socket Mode"])
async def test_a_token_that_slack_refuses_is_named(rest: dict[str, str], tmp_path: Path) -> None:
    workspace = Workspace(manifest(), seed_team())
    async with Server(workspace) as server:
        line = await asyncio.to_thread(refused, tmp_path, BOT | rest | {"SLACK_API_URL": server.api_url})
        assert line == "SLACK_BOT_TOKEN: Slack refuses it (invalid_auth)."
        mine = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_API_URL": server.api_url}
        if rest is APP:
            line = await asyncio.to_thread(refused, tmp_path, APP | mine)
            assert line == "SLACK_APP_TOKEN: Slack refuses it (invalid_auth)."


def test_settings_keep_their_secrets_to_themselves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (BOT | SECRET | {"DATABASE_URL": "postgresql://u:do-not-tell@h/d"}).items():
        monkeypatch.setenv(name, value)
    assert "do-not-tell" not in f"{Settings.read()!r} {Settings.read()}"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-do-not-tell")
    with pytest.raises(SettingsError) as error:
        Settings.read()
    assert "do-not-tell" not in repr(error.value)
    assert error.value.__cause__ is None
