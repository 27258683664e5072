"""Web API: files.getUploadURLExternal, files.completeUploadExternal, files.info; and the upload between them."""

from __future__ import annotations

import base64
import mimetypes

from sandbox import files, messages
from sandbox.api.calls import Request, method
from sandbox.blockkit import problems
from sandbox.errors import SlackError
from sandbox.payloads import file_object
from sandbox.records import Channel, File, Json
from sandbox.views import with_ids
from sandbox.workspace import Workspace

LARGEST_FILE = 50_000_000


@method("files.getUploadURLExternal")
def upload_url(call: Request) -> Json:
    if call["length"] <= 0:
        raise SlackError("invalid_arguments", messages=["must be more than 0 [json-pointer:/length]"])
    if call["length"] > LARGEST_FILE:
        raise SlackError("file_upload_size_restricted")
    team, name = call.team, call["filename"]
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(team.new_id("F"), name, call["length"], mimetype, call.bot, created=team.epoch())
    team.files[file.id] = file
    team.storage.save(file)
    return {"upload_url": f"{team.base_url or call.host}/upload/{file.id}", "file_id": file.id}


def receive_upload(team: Workspace, file_id: str, content: bytes) -> None:
    """The bytes of an announced file: once, and of the announced length."""
    file = team.files.get(file_id)
    if file is None or file.uploaded:
        raise SlackError("file_not_found")
    if len(content) != file.size:
        raise SlackError("invalid_file_size")
    file.uploaded, file.content = True, base64.b64encode(content).decode()
    team.storage.save(file)
    team.storage.commit()


@method("files.completeUploadExternal")
def complete(call: Request) -> Json:
    uploaded = _uploaded(call)
    wanted = [c for c in (call.get("channel_id") or call.get("channels") or "").split(",") if c]
    channels = [_writable(call, channel_id) for channel_id in wanted]
    blocks = call.get("blocks")
    if blocks and (found := problems(blocks, "message", call.team.refused_blocks)):
        raise SlackError("invalid_blocks", messages=found)
    for file in uploaded:
        file.completed = True
        file.channels = [channel.id for channel in channels]
        call.team.storage.save(file)
    for channel in channels:
        shown: Json = {"files": [file.id for file in uploaded], "thread_ts": call.get("thread_ts"), "by_app": True}
        shown["blocks"] = with_ids(blocks) if blocks else None
        messages.post(call.team, channel, call.bot, call.get("initial_comment", ""), **shown)
        for file in uploaded:
            event = {"type": "file_shared", "channel_id": channel.id, "file_id": file.id, "user_id": call.bot}
            call.team.events.publish(event, None, channel)
    return {"files": [file_object(call.team, file) for file in uploaded]}


def _uploaded(call: Request) -> list[File]:
    if not isinstance(call["files"], list) or not call["files"]:
        raise SlackError("invalid_arguments", messages=["must be an array of files [json-pointer:/files]"])
    found = []
    for entry in call["files"]:
        file = call.team.files.get(entry.get("id", "")) if isinstance(entry, dict) else None
        if file is None or not file.uploaded or file.completed:
            raise SlackError("file_not_found")
        file.title = entry.get("title", "") or file.name
        found.append(file)
    return found


def _writable(call: Request, channel_id: str) -> Channel:
    channel = call.team.channel(channel_id, seen_by=call.bot)
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


@method("files.info")
def info(call: Request) -> Json:
    file = call.team.files.get(call["file"])
    if file is None or not file.completed or not files.visible(call.team, file, call.bot):
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return {"file": file_object(call.team, file), "comments": [], "response_metadata": {"next_cursor": ""}}
