"""One element of a surface as a person knows it: what it is called, and its value in words and as the page sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sandbox import files
from sandbox.reading import text_object
from sandbox.records import Json
from sandbox.state_values import LISTS, VALUE_NAMES, options
from sandbox.views import offered_options
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class Control:
    """One element; `names` are what a person could call it, `row` is the text beside it."""

    block: Json
    element: Json
    names: tuple[str, ...]
    row: str
    option: Json | None = None  # of an overflow menu


def plain_value(team: Workspace, me: str, control: Control, value: Any) -> Any:
    """A person's word for a value (an option's text, a name, a date, a file's name and bytes) as the page sends it."""
    kind = control.element["type"]
    if value is None:
        return None
    if kind in LISTS:
        if isinstance(value, bool):  # a single tick box
            value = [text_object(team, option["text"]) for option in control.element["options"]] if value else []
        single = isinstance(value, tuple if kind == "file_input" else str)
        return [_one(team, me, control, each) for each in ([value] if single else value)]
    return _one(team, me, control, value)


def _one(team: Workspace, me: str, control: Control, value: Any) -> Any:
    kind, name = control.element["type"], VALUE_NAMES[control.element["type"]][0]
    if name.startswith("selected_option"):
        return _option(team, control, str(value))
    if name.startswith("selected_user"):
        return team.person(value).id
    if name.startswith(("selected_conversation", "selected_channel")):
        return _conversation(team, me, control, str(value))
    if kind == "file_input":
        return files.choose(team, me, control.block, control.element, *value).id
    if kind == "datetimepicker" and isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value if kind == "datetimepicker" else str(value)


def _conversation(team: Workspace, me: str, control: Control, name: str) -> str:
    """One of those the select offers this person: open, seen by them, and let through by its filter."""
    wanted = control.element.get("filter", {})
    include = ["public"] if "channels" in control.element["type"] else wanted.get("include")
    only_ours = wanted.get("exclude_external_shared_channels")
    offered: dict[str, str] = {}
    for channel in team.channels.values():
        kind = "im" if channel.type == "dm" else channel.type
        is_let_through = (include is None or kind in include) and not (only_ours and channel.is_ext_shared)
        if team.sees(me, channel) and not channel.is_archived and is_let_through:
            offered[channel.name or team.members[channel.partner(me)].real_name] = channel.id
    if name.lstrip("#") not in offered:
        raise LookupError(f"no conversation {name!r} in {control.names}; there are {list(offered)}")
    return offered[name.lstrip("#")]


def _option(team: Workspace, control: Control, words: str) -> str:
    known = [*options(control.element), *offered_options(team, control.block, control.element).values()]
    for option in known:
        if text_object(team, option["text"]) == words:
            value: str = option["value"]
            return value
    texts = [text_object(team, option["text"]) for option in known]
    raise LookupError(f"no option {words!r} in {control.names}; there are {texts}")


def shown_value(team: Workspace, control: Control, value: Any) -> Any:
    """What the screen shows as the element's value: words, names, a date's text, or None."""
    if isinstance(value, list):
        return [shown_value(team, control, each) for each in value]
    if isinstance(value, dict) and "mimetype" in value:
        return value["name"]
    if isinstance(value, dict):
        return text_object(team, value["text"]) if "value" in value else text_object(team, value)
    if value in team.members:
        return team.members[value].real_name
    if value in team.channels:
        return team.channels[value].name
    return value
