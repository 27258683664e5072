"""What the page may read, and the door for what a person does there: each person sees only what is theirs to see."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox import acts, canvases, faults, files, messages
from sandbox.payloads import tz_label, view_object
from sandbox.records import Channel, File, Json, Member, Message, View
from sandbox.state_values import VALUE_NAMES, current, interactive, to_plain
from sandbox.workspace import Change, Workspace

HEARTBEAT_SECONDS = 15.0


def state(team: Workspace, me: str) -> Json:
    home = team.home(me)
    return {
        "version": team.version,
        "team": {"id": team.team_id, "name": team.name},
        "app": _app(team),
        "clock": clock(team),
        "me": me,
        "people": [person(team, member) for member in team.members.values()],
        "conversations": [_conversation(team, c, me) for c in team.channels.values() if team.sees(me, c)],
        "modals": [_view(team, view) for view in team.stack(me)],
        "home": _view(team, home) if home else None,
    }


def _app(team: Workspace) -> Json:
    manifest = team.manifest
    commands = [{"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
                for c in manifest.commands]  # fmt: skip
    shortcuts = [vars(shortcut) for shortcut in manifest.shortcuts]
    return {
        "id": team.app_id,
        "name": manifest.name,
        "user_id": team.bot_user_id,
        "commands": commands,
        "shortcuts": shortcuts,
        "home_tab": manifest.home_tab,
        "connected": team.delivery.connected,
    }


def clock(team: Workspace) -> Json:
    moment = team.next_moment() if team.next_moment else None
    moment = max(moment, team.clock.now()) if moment else None
    return {
        "now": team.clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "offset_seconds": round(team.clock.offset.total_seconds()),
        "next_moment": moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None,
    }


def person(team: Workspace, member: Member) -> Json:
    names = ("id", "name", "real_name", "title", "tz", "email", "is_bot", "is_guest", "deleted", "color",
             "status_emoji", "status_text", "status_expiration")  # fmt: skip
    shown = {name: getattr(member, name) for name in names}
    label = tz_label(member, team.clock.now())
    return shown | {"is_admin": member.is_admin or member.is_owner, "tz_label": label, "color": f"#{member.color}"}


def _conversation(team: Workspace, channel: Channel, me: str) -> Json:
    unread, mentions = messages.unread(team, channel, me)
    canvas = team.canvases.get(channel.canvas or "")
    shown = None
    if canvas is not None:
        shown = {
            "id": canvas.id,
            "title": canvas.title,
            "markdown": canvases.markdown(canvas),
            "updated": canvas.updated,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.type,
        "with": channel.partner(me) if channel.type == "dm" else None,
        "is_archived": channel.is_archived,
        "is_member": me in channel.members,
        "unread": unread,
        "mentions": mentions,
        "topic": channel.topic["value"],
        "purpose": channel.purpose["value"],
        "members": channel.members,
        "creator": channel.creator,
        "bookmarks": [{name: b[name] for name in ("id", "title", "link", "emoji")} for b in channel.bookmarks],
        "pins": [pin["ts"] for pin in channel.pins],
        "canvas": shown,
    }


def _view(team: Workspace, view: View) -> Json:
    """Slack's view, with `typed`: the present value of each element in plain form."""
    typed: Json = {}
    for block, element in interactive(view.blocks):
        if element["type"] in VALUE_NAMES:
            value = to_plain(element, current(block, element, view.typed))
            typed.setdefault(block["block_id"], {})[element["action_id"]] = value
    return view_object(team, view) | {"typed": typed, "loading": view.loading}


def read_messages(team: Workspace, me: str, channel: Channel, thread: str | None) -> list[Json]:
    found = messages.seen(team, channel, me)
    if thread:
        found = [m for m in found if thread in (m.ts, m.thread_ts)]
    else:
        found = [m for m in found if not m.is_reply or m.broadcast]
    replies: dict[str, int] = {}
    for message in messages.seen(team, channel, me):
        if message.is_reply and message.thread_ts:
            replies[message.thread_ts] = replies.get(message.thread_ts, 0) + 1
    pinned = {pin["ts"] for pin in channel.pins}
    return [_message(team, m, replies.get(m.ts, 0), m.ts in pinned, me) for m in found]


def _message(team: Workspace, message: Message, replies: int, pinned: bool, me: str) -> Json:
    shared = [team.files[file_id] for file_id in message.files if file_id in team.files]
    return {
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited is not None,
        "ephemeral": message.only_for is not None,
        "thread_ts": message.thread_ts,
        "reply_count": replies,
        "reactions": [{"name": r["name"], "users": r["users"]} for r in message.reactions],
        "files": [_file_line(file, me) for file in shared],
        "subtype": message.subtype,
        "pinned": pinned,
    }  # fmt: skip


def _file_line(file: File, me: str) -> Json:
    shown = {name: getattr(file, name) for name in ("id", "name", "size", "mimetype")}
    return shown | {"url": f"/ui/file/{file.id}?as={me}"}


def file_response(team: Workspace, file_id: str, me: str) -> Response:
    file = team.files.get(file_id)
    if file is None or file.deleted or not files.visible(team, file, me):
        return PlainTextResponse("file_not_found", status_code=404)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(base64.b64decode(file.content), media_type=file.mimetype, headers=headers)


# --- doors


def _me(request: Request) -> tuple[Workspace, str] | Response:
    team: Workspace = request.app.state.workspace
    somebody = next((member.id for member in team.members.values() if not member.is_bot), "")
    me = request.query_params.get("as", somebody)  # the page's first look does not know anybody yet
    member = team.members.get(me)
    if member is None or member.is_bot:
        return JSONResponse({"ok": False, "error": "There is no such person."}, status_code=404)
    return team, me


async def _state(request: Request) -> Response:
    known = _me(request)
    return known if isinstance(known, Response) else JSONResponse(state(*known))


async def _messages(request: Request) -> Response:
    known = _me(request)
    if isinstance(known, Response):
        return known
    team, me = known
    channel = team.channels.get(request.query_params.get("channel", ""))
    if channel is None or not team.sees(me, channel):
        return JSONResponse({"ok": False, "error": "There is no such conversation."}, status_code=404)
    return JSONResponse({"messages": read_messages(team, me, channel, request.query_params.get("thread"))})


async def _file(request: Request) -> Response:
    known = _me(request)
    return known if isinstance(known, Response) else file_response(known[0], request.path_params["file"], known[1])


async def _stream(request: Request) -> Response:
    known = _me(request)
    if isinstance(known, Response):
        return known
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_changes(*known), media_type="text/event-stream", headers=headers)


async def _changes(team: Workspace, me: str) -> AsyncIterator[str]:
    waiting: asyncio.Queue[Change] = asyncio.Queue()
    forget = team.listen(lambda change: waiting.put_nowait(change) if _concerns(change, me) else None)
    try:
        yield f"data: {json.dumps({'version': team.version, 'changed': []})}\n\n"
        while True:
            try:
                topics = dict.fromkeys((await asyncio.wait_for(waiting.get(), HEARTBEAT_SECONDS)).topics)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            while not waiting.empty():
                topics |= dict.fromkeys(waiting.get_nowait().topics)
            yield f"data: {json.dumps({'version': team.version, 'changed': list(topics)})}\n\n"
    finally:
        forget()


def _concerns(change: Change, me: str) -> bool:
    return change.audience is None or me in change.audience


async def _act(request: Request) -> Response:
    body = await _own_json(request)
    if isinstance(body, Response):
        return body
    return JSONResponse(await acts.act(request.app.state.workspace, body))


async def _faults(request: Request) -> Response:
    """For a process under test elsewhere: see faults.order."""
    body = await _own_json(request)
    if isinstance(body, Response):
        return body
    try:
        await faults.order(request.app.state.workspace, body)
    except (TypeError, ValueError) as error:
        return JSONResponse({"ok": False, "error": str(error)}, status_code=400)
    return JSONResponse({"ok": True})


async def _own_json(request: Request) -> Json | Response:
    """The body, if it is JSON and comes from this very page or from no page at all."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return JSONResponse({"ok": False, "error": "This is another page's request."}, status_code=403)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return JSONResponse({"ok": False, "error": "Only JSON is taken."}, status_code=415)
    try:
        body: Any = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return JSONResponse({"ok": False, "error": "This is not a JSON object."}, status_code=400)
    return body


ROUTES = [
    Route("/ui/state", _state),
    Route("/ui/messages", _messages),
    Route("/ui/file/{file}", _file),
    Route("/ui/stream", _stream),
    Route("/ui/act", _act, methods=["POST"]),
    Route("/ui/faults", _faults, methods=["POST"]),
]
