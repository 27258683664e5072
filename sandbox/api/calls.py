"""One Web API call: its token, its arguments as Slack documents them, its scopes, and its answer."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.errors import SlackError
from sandbox.records import Channel, Json
from sandbox.workspace import Call, Workspace

META: dict[str, Json] = json.loads(Path(__file__).with_name("method_meta.json").read_text(encoding="utf-8"))["methods"]
FAMILIES = ("apps", "bookmarks", "canvases", "chat", "conversations", "files", "reactions", "users", "views")
PREFIXES = {"public": "channels:", "private": "groups:", "dm": "im:"}
# Read without a token; everything else needs one.
OPEN_METHODS = ("api.test", "blocks.validate")


@dataclass(frozen=True)
class Request:
    """What a method is given."""

    team: Workspace
    method: str
    arguments: Json
    host: str

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.arguments.get(name, default)

    @property
    def bot(self) -> str:
        return self.team.bot_user_id

    def channel(self, name: str = "channel") -> Channel:
        """The conversation of that argument, seen by the bot and within its scopes."""
        channel = self.team.channel(self[name], seen_by=self.bot)
        self.require_scope_for(channel.type)
        return channel

    def require_scope_for(self, channel_type: str) -> None:
        """Methods for conversations have one scope per type of conversation."""
        wanted = [scope for scope in META[self.method]["scopes"] if scope.startswith(PREFIXES[channel_type])]
        if wanted:
            self.require_scope(*wanted)

    def require_scope(self, *any_of: str) -> None:
        provided = self.team.manifest.scopes
        if not set(any_of) & set(provided):
            raise SlackError("missing_scope", needed=",".join(any_of), provided=",".join(provided))

    def page(self, items: list[Any], default: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
        """One page of `items` by limit and cursor, and its response_metadata."""
        limit = int(self.get("limit", default))
        if not 0 < limit <= most:
            raise SlackError("invalid_limit")
        cursor = self.get("cursor") or "0"
        if not cursor.isdecimal():
            raise SlackError("invalid_cursor")
        start = int(cursor)
        following = str(start + limit) if start + limit < len(items) else ""
        return items[start : start + limit], {"next_cursor": following}


Method = Callable[[Request], Json]
METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    def register(function: Method) -> Method:
        METHODS[name] = function
        return function

    return register


@cache
def load_methods() -> None:
    for family in FAMILIES:
        importlib.import_module(f"sandbox.api.{family}")


def answer(team: Workspace, name: str, raw: Mapping[str, Any], token: str | None, host: str) -> Json:
    """Runs one call and records it; refusals are answers too."""
    load_methods()
    try:
        body = {"ok": True, **_run(team, name, raw, token, host)}
    except SlackError as refusal:
        body = refusal.answer()
    finally:
        team.storage.commit()
    shown = {key: value for key, value in raw.items() if key != "token"}
    team.calls.append(Call(name, shown, team.clock.now(), body))
    return body


def _run(team: Workspace, name: str, raw: Mapping[str, Any], token: str | None, host: str) -> Json:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    _check_token(team, name, token)
    meta = META[name]
    request = Request(team, name, typed_arguments(meta["args"], raw), host)
    if meta["scopes"]:
        request.require_scope(*meta["scopes"])
    return METHODS[name](request)


def _check_token(team: Workspace, name: str, token: str | None) -> None:
    if name in OPEN_METHODS:
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (team.bot_token, team.app_token):
        raise SlackError("invalid_auth")
    if (token == team.app_token) != (name == "apps.connections.open"):
        raise SlackError("not_allowed_token_type")


def typed_arguments(documented: Mapping[str, list[Any]], raw: Mapping[str, Any]) -> Json:
    arguments: Json = {}
    wrong: list[str] = []
    for name, value in raw.items():
        if name in ("token", "team_id") or value is None:  # Bolt's client sends its team_id with every call
            continue
        if name not in documented:
            wrong.append(f"unknown argument: {name}")
            continue
        try:
            arguments[name] = _typed(documented[name][0], value)
        except ValueError as error:
            wrong.append(f"{error} [json-pointer:/{name}]")
    wrong += [f"missing required field: {name}" for name, (_, required) in documented.items()
              if required and arguments.get(name) in (None, "")]  # fmt: skip
    if wrong:
        raise SlackError("invalid_arguments", messages=wrong)
    return arguments


def _typed(kind: str, value: Any) -> Any:
    if kind == "boolean":
        words = {"true": True, "1": True, "false": False, "0": False}
        if isinstance(value, bool):
            return value
        if str(value).lower() in words:
            return words[str(value).lower()]
        raise ValueError("must be a boolean")
    if kind == "number":
        if isinstance(value, bool) or not str(value).isdecimal():
            raise ValueError("must be a number")
        return int(value)
    if kind in ("json", "array"):
        return _json(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)  # Slack takes arrays for its comma-separated lists
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise ValueError("must be a string")
    return str(value)


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        if value.lstrip().startswith(("{", "[")):
            raise ValueError("must be valid json") from None
        return value
