"""manifest.yml creates the very app that the code is: scopes, commands, events and interactivity, both ways."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from handlers.routes import EVENTS, SHORTCUTS

ROOT = Path(__file__).parents[2]
SLACK = Path(__file__).parent / "slack"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
METHODS: dict[str, list[str]] = json.loads((SLACK / "method_scopes.json").read_text("utf-8"))
EVENT_SCOPES: dict[str, list[str]] = json.loads((SLACK / "event_scopes.json").read_text("utf-8"))

# One call of the SDK's that is two methods of Slack's.
SPREAD = {"files.upload.v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}

# Methods of conversations need one scope for each kind of conversation they are used in.
KINDS = {
    "conversations.open": ("im",),
    "conversations.history": ("channels", "groups", "im"),  # where a lost message is looked for
    "conversations.replies": ("channels", "groups", "im"),
}
LONGEST_SHORTCUT = 24
CHANNELS = ("channels", "groups")
NARROW = ("channels:write", ":write.invites", ":write.topic")  # parts of channels:manage and groups:write


def called() -> set[str]:
    """The Web API methods that the code calls, found in its syntax."""
    names = set()
    for path in (ROOT / "app.py", *(ROOT / "handlers").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and _is_client(node.value) and hasattr(AsyncWebClient, node.attr):
                name = node.attr.replace("_", ".")
                names |= set(SPREAD.get(name, (name,)))
    return names


def _is_client(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lstrip("_") == "client"


def scopes_of(method: str) -> Iterator[str]:
    """The scopes that a call of `method` needs as Baton uses it."""
    scopes = [scope for scope in METHODS[method] if not scope.endswith(NARROW)]
    if len(scopes) < 2:
        yield from scopes
    else:
        yield from (scope for scope in scopes if scope.partition(":")[0] in KINDS.get(method, CHANNELS))


def test_slack_takes_the_manifest() -> None:
    schema = json.loads((SLACK / "manifest.schema.2.0.0.json").read_text("utf-8"))
    jsonschema.validate(MANIFEST, schema)


@pytest.mark.parametrize("change", [{"display_information": {}}, {"settings": {"colour": "red"}}])
def test_the_schema_would_tell_a_wrong_manifest(change: dict[str, Any]) -> None:
    schema = json.loads((SLACK / "manifest.schema.2.0.0.json").read_text("utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(MANIFEST | change, schema)


def test_the_table_of_methods_is_what_the_code_calls() -> None:
    assert called() == METHODS.keys()


def test_the_scopes_are_those_that_calls_events_and_commands_need() -> None:
    needed = {"commands", "users:read.email"}  # an address is a part of what other calls tell
    for method in METHODS:
        needed |= set(scopes_of(method))
    for event in EVENTS:
        needed |= set(EVENT_SCOPES[event])
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_the_events_are_those_that_are_listened_to() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == EVENTS.keys() == EVENT_SCOPES.keys()


@pytest.mark.parametrize("listed", ["scopes", "events"])
def test_the_lists_are_in_order_and_name_nothing_twice(listed: str) -> None:
    bot_events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    names = MANIFEST["oauth_config"]["scopes"]["bot"] if listed == "scopes" else bot_events
    assert names == sorted(set(names))


def test_the_shortcuts_are_those_that_are_answered() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert {one["callback_id"]: one["type"] for one in shortcuts} == dict.fromkeys(SHORTCUTS, "message")
    assert all(len(one["name"]) <= LONGEST_SHORTCUT for one in shortcuts)


def test_buttons_and_forms_work_and_so_do_the_command_home_and_messages() -> None:
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert [command["command"] for command in MANIFEST["features"]["slash_commands"]] == ["/handoff"]
    home = MANIFEST["features"]["app_home"]
    assert home["home_tab_enabled"] is ("app_home_opened" in EVENTS)
    assert home["messages_tab_enabled"] is True  # else no DM arrives
