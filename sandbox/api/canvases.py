"""Web API: canvases.*"""

from __future__ import annotations

from sandbox import canvases
from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.records import Canvas, Json


@method("canvases.create")
def create(call: Request) -> Json:
    channel = None
    if "channel_id" in call.arguments:
        channel = call.team.channel(call["channel_id"], seen_by=call.bot)
        if call.bot not in channel.members:
            raise SlackError("not_in_channel")
        if channel.canvas is not None:
            raise SlackError("channel_canvas_already_exists")
    return {"canvas_id": canvases.create(call.team, call.get("title"), call.get("document_content"), channel).id}


@method("canvases.edit")
def edit(call: Request) -> Json:
    changes = call["changes"]
    if not isinstance(changes, list) or len(changes) != 1 or not isinstance(changes[0], dict):
        raise SlackError("invalid_arguments", messages=["exactly one change is allowed [json-pointer:/changes]"])
    canvases.edit(call.team, _canvas(call), changes[0])
    return {}


@method("canvases.delete")
def delete(call: Request) -> Json:
    canvases.delete(call.team, _canvas(call))
    return {}


@method("canvases.access.set")
def set_access(call: Request) -> Json:
    canvas = _canvas(call)
    if call["access_level"] not in ("read", "write", "owner"):
        raise SlackError("invalid_arguments", messages=["unknown access level [json-pointer:/access_level]"])
    for each in _targets(call):
        canvas.access[each] = call["access_level"]
    call.team.storage.save(canvas)
    return {}


@method("canvases.access.delete")
def remove_access(call: Request) -> Json:
    canvas = _canvas(call)
    for each in _targets(call):
        canvas.access.pop(each, None)
    call.team.storage.save(canvas)
    return {}


@method("canvases.sections.lookup")
def lookup(call: Request) -> Json:
    if not isinstance(call["criteria"], dict):
        raise SlackError("invalid_arguments", messages=["must be an object [json-pointer:/criteria]"])
    return {"sections": [{"id": section_id} for section_id in canvases.lookup(_canvas(call), call["criteria"])]}


def _canvas(call: Request) -> Canvas:
    canvas = call.team.canvases.get(call["canvas_id"])
    if canvas is None:
        raise SlackError("canvas_not_found")
    return canvas


def _targets(call: Request) -> list[str]:
    if ("channel_ids" in call.arguments) == ("user_ids" in call.arguments):
        raise SlackError("invalid_arguments", messages=["exactly one of channel_ids or user_ids is needed"])
    targets = call.get("channel_ids") or call.get("user_ids")
    if not isinstance(targets, list):
        raise SlackError("invalid_arguments", messages=["must be an array [json-pointer:/channel_ids]"])
    for each in targets:
        if each not in call.team.channels and each not in call.team.members:
            raise SlackError("channel_not_found" if "channel_ids" in call.arguments else "user_not_found")
    return targets
