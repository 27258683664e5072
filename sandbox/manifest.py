"""The one installed app, as its manifest describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Command:
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True)
class Shortcut:
    name: str
    type: str  # "message" or "global"
    callback_id: str
    description: str


@dataclass(frozen=True)
class Manifest:
    """What an app manifest (as YAML or JSON gives it) asks for; everything not asked for is refused."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    events: frozenset[str]
    home_tab: bool
    messages_tab_read_only: bool
    interactivity: bool
    description: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)

    def command(self, word: str) -> Command | None:
        return next((command for command in self.commands if command.command == word), None)


def read_manifest(raw: Mapping[str, Any]) -> Manifest:
    features, settings = raw.get("features", {}), raw.get("settings", {})
    home = features.get("app_home", {})
    information = raw.get("display_information", {})
    return Manifest(
        name=information.get("name", "App"),
        description=information.get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name", information.get("name", "App")),
        scopes=tuple(raw.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        commands=tuple(_command(item) for item in features.get("slash_commands", [])),
        shortcuts=tuple(_shortcut(item) for item in features.get("shortcuts", [])),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab_read_only=bool(home.get("messages_tab_read_only_enabled", False)),
        interactivity=bool(settings.get("interactivity", {}).get("is_enabled", False)),
        raw=raw,
    )


def _command(item: Mapping[str, Any]) -> Command:
    return Command(
        item["command"], item.get("description", ""), item.get("usage_hint", ""), bool(item.get("should_escape"))
    )


def _shortcut(item: Mapping[str, Any]) -> Shortcut:
    return Shortcut(item["name"], item["type"], item["callback_id"], item.get("description", ""))
