"""What a person reads on a screen: mrkdwn and blocks as plain text, with names for ids."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sandbox.records import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

LINK = re.compile(r"<([^<>]+)>")
MARKED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)((?:(?!\1)[^\n])*?\S)\1(?![\w*_~`])")


def plain(team: Workspace, text: str) -> str:
    """mrkdwn as it looks: links by their label, people and channels by name, no marks."""
    text = LINK.sub(lambda found: _link(team, found[1]), text).replace("```", "")
    previous = ""
    while previous != text:
        previous, text = text, MARKED.sub(r"\2", text)
    return html.unescape(text)


def _link(team: Workspace, inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        member = team.members.get(target[1:])
        return f"@{member.real_name}" if member else f"@{label or target[1:]}"
    if target.startswith("#"):
        channel = team.channels.get(target[1:])
        return f"#{channel.name}" if channel else f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    return label or target


def text_object(team: Workspace, value: Any) -> str:
    """A text object (or, in a few blocks, a bare string) as it looks."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    if value.get("type") == "rich_text":
        return "".join(_rich(team, element) for element in value["elements"]).strip("\n")
    return plain(team, value["text"]) if value.get("type") == "mrkdwn" else str(value.get("text", ""))


def visible(team: Workspace, blocks: Sequence[Json]) -> str:
    """All that these blocks show, a line per piece of text."""
    return "\n".join(line for block in blocks for line in block_lines(team, block) if line)


def block_lines(team: Workspace, block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind == "rich_text":
        yield text_object(team, block)
    elif kind in ("table", "data_table"):
        yield text_object(team, block.get("caption"))
        for row in block["rows"]:
            yield " | ".join(_cell(team, cell) for cell in row)
    elif kind == "data_visualization":
        yield from _chart(block)
    else:
        for name in ("rich_text_title", "title", "subtitle", "label", "text", "body", "subtext", "hint"):
            yield text_object(team, block.get(name))
        for each in block.get("fields", []):
            yield text_object(team, each)
        yield from _inside(team, block)


def _inside(team: Workspace, block: Json) -> Iterator[str]:
    for child in block.get("child_blocks", []):
        yield from block_lines(team, child)
    single = [block.get("accessory"), block.get("element")]
    for element in [*block.get("elements", []), *single, *block.get("actions", [])]:
        if isinstance(element, dict):
            yield from block_lines(team, element) if element["type"] == "card" else element_lines(team, element)


def element_lines(team: Workspace, element: Json) -> Iterator[str]:
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        yield text_object(team, element)
    elif kind in ("checkboxes", "radio_buttons"):
        for option in element["options"]:
            yield text_object(team, option["text"])
            yield text_object(team, option.get("description"))
    elif kind == "image":
        yield element.get("alt_text", "")
    elif "initial_option" in element:
        yield text_object(team, element["initial_option"]["text"])
    else:
        yield text_object(team, element.get("text") or element.get("placeholder"))


def _chart(block: Json) -> Iterator[str]:
    chart = block["chart"]
    yield block["title"]
    for segment in chart.get("segments", []):
        yield f"{segment['label']}: {segment['value']}"
    for series in chart.get("series", []):
        yield f"{series['name']}: " + ", ".join(f"{point['label']} {point['value']}" for point in series["data"])


def _cell(team: Workspace, cell: Json) -> str:
    if cell["type"] == "raw_number":
        return str(cell.get("text", cell["value"]))
    return text_object(team, cell) if cell["type"] == "rich_text" else str(cell["text"])


def _rich(team: Workspace, element: Json) -> str:
    kind = element["type"]
    if kind == "rich_text_list":
        return "".join(f"• {_rich(team, each)}" for each in element["elements"])
    if "elements" in element:
        return "".join(_rich(team, each) for each in element["elements"]) + "\n"
    if kind == "user":
        return _link(team, f"@{element['user_id']}")
    if kind == "channel":
        return _link(team, f"#{element['channel_id']}")
    if kind == "broadcast":
        return f"@{element['range']}"
    if kind == "emoji":
        return f":{element['name']}:"
    return str(element.get("text") or element.get("url") or element.get("fallback") or "")
