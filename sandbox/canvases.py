"""Canvases: their sections, the operations of canvases.edit, and the channel's own canvas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.errors import SlackError
from sandbox.records import Canvas, Channel, Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

LONGEST_MARKDOWN = 1_048_576
MOST_TABLE_CELLS = 300
HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### "}
OPERATIONS = ("insert_at_start", "insert_at_end", "insert_before", "insert_after", "replace", "delete", "rename")


def create(team: Workspace, title: str | None, content: Any, channel: Channel | None) -> Canvas:
    canvas = Canvas(team.new_id("F"), title or "", team.bot_user_id, team.clock.now().isoformat())
    canvas.sections = _sections(team, content)
    if channel is not None:
        canvas.channel = channel.id
        channel.canvas = canvas.id
        team.storage.save(channel)
    team.canvases[canvas.id] = canvas
    _changed(team, canvas)
    return canvas


def edit(team: Workspace, canvas: Canvas, change: Json) -> None:
    operation, section_id = change.get("operation"), change.get("section_id")
    if operation not in OPERATIONS:
        raise SlackError("invalid_arguments", messages=["unknown operation [json-pointer:/changes/0/operation]"])
    if operation == "rename":
        canvas.title = _markdown(change.get("title_content"))
        _changed(team, canvas)
        return
    index = _index(canvas, section_id)
    fresh = [] if operation == "delete" else _sections(team, change.get("document_content"))
    if operation == "insert_at_start":
        canvas.sections[:0] = fresh
    elif operation == "insert_at_end":
        canvas.sections += fresh
    elif index is None:
        if operation != "replace":
            raise SlackError("invalid_arguments", messages=[f"section_id is required for {operation}"])
        canvas.sections = fresh
    else:
        start = index + (operation == "insert_after")
        canvas.sections[start : start + (operation in ("replace", "delete"))] = fresh
    _changed(team, canvas)


def lookup(canvas: Canvas, criteria: Json) -> list[str]:
    """Ids of sections with one of these heading types and this text in them."""
    kinds, words = criteria.get("section_types"), criteria.get("contains_text")
    if not kinds and not words:
        raise SlackError("invalid_arguments", messages=["criteria need section_types or contains_text"])
    found = canvas.sections
    if kinds:
        wanted = list(HEADINGS.values()) if "any_header" in kinds else [HEADINGS.get(kind, "\0") for kind in kinds]
        found = [section for section in found if section["markdown"].startswith(tuple(wanted))]
    return [section["id"] for section in found if not words or words in section["markdown"]]


def markdown(canvas: Canvas) -> str:
    return "\n\n".join(section["markdown"] for section in canvas.sections)


def delete(team: Workspace, canvas: Canvas) -> None:
    if canvas.channel is not None and (channel := team.channels.get(canvas.channel)) is not None:
        channel.canvas = None
        team.storage.save(channel)
    del team.canvases[canvas.id]
    team.storage.remove(canvas)
    team.changed("state")


def _index(canvas: Canvas, section_id: str | None) -> int | None:
    if section_id is None:
        return None
    for index, section in enumerate(canvas.sections):
        if section["id"] == section_id:
            return index
    raise SlackError("canvas_editing_failed", detail=f"section {section_id} not found")


def _markdown(content: Any) -> str:
    if content is None:
        return ""
    if (
        not isinstance(content, dict)
        or content.get("type") != "markdown"
        or not isinstance(content.get("markdown"), str)
    ):
        raise SlackError(
            "invalid_arguments", messages=["must be {type: markdown, markdown} [json-pointer:/document_content]"]
        )
    if len(content["markdown"]) > LONGEST_MARKDOWN:
        raise SlackError("canvas_creation_failed", detail="the markdown is too long")
    text: str = content["markdown"]
    return text


def _sections(team: Workspace, content: Any) -> list[Json]:
    sections = [{"id": f"temp:C:{team.new_id('S')}", "markdown": part} for part in _parts(_markdown(content))]
    for section in sections:
        cells = sum(line.count("|") - 1 for line in section["markdown"].splitlines() if line.startswith("|"))
        if cells > MOST_TABLE_CELLS:
            raise SlackError("canvas_creation_failed", detail=f"a table has more than {MOST_TABLE_CELLS} cells")
    return sections


def _parts(text: str) -> list[str]:
    """Headings stand alone; everything else is split at blank lines, code blocks kept whole."""
    parts: list[str] = []
    fenced, fresh = False, True
    for line in text.splitlines():
        heading = not fenced and re.match(r"#{1,6} ", line) is not None
        if not line.strip() and not fenced:
            fresh = True
            continue
        if fresh or heading:
            parts.append(line)
        else:
            parts[-1] += "\n" + line
        fenced ^= line.lstrip().startswith("```")
        fresh = heading
    return parts


def _changed(team: Workspace, canvas: Canvas) -> None:
    canvas.updated = team.clock.now().isoformat()
    team.storage.save(canvas)
    channel = team.channels.get(canvas.channel or "")
    team.changed("state", audience=None if channel is None or channel.type == "public" else channel.members)
