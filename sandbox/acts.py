"""What a person does in Slack's client (POST /ui/act): each act by its name, refused in a sentence."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox import conversations, files, interactions, members, messages, views
from sandbox.errors import AppDidNotRespond, FormErrors, Refused, SlackError
from sandbox.payloads import file_object
from sandbox.records import Channel, Json, Message, View
from sandbox.state_values import from_plain, interactive
from sandbox.workspace import Workspace

Act = Callable[[Workspace, str, Json], Awaitable[Json]]


async def act(team: Workspace, body: Json) -> Json:
    """{"ok": true, ...} or {"ok": false, "error": sentence, "errors": {block_id: words}}."""
    try:
        me, what = body.get("as"), body.get("do")
        member = team.members.get(me) if isinstance(me, str) else None
        if member is None or member.is_bot:
            raise Refused("There is no such person.")
        if member.deleted and what != "clock":
            raise Refused("This account is deactivated.")
        if what not in ACTS:
            raise Refused(f"Nobody can do {what!r} here.")
        answer = await ACTS[what](team, member.id, body)
    except FormErrors as errors:
        return {"ok": False, "error": str(errors), "errors": errors.errors}
    except Refused as refusal:
        return {"ok": False, "error": str(refusal)}
    except SlackError as refusal:
        return {"ok": False, "error": f"Slack says: {refusal.code}"}
    except (KeyError, TypeError, ValueError) as error:
        return {"ok": False, "error": f"This request lacks something: {error!r}"}
    finally:
        team.storage.commit()
    return {"ok": True, **answer}


# --- finding what is acted on


def channel_of(team: Workspace, me: str, channel_id: str) -> Channel:
    channel = team.channels.get(channel_id)
    if channel is None or not team.sees(me, channel):
        raise Refused("There is no such conversation.")
    return channel


def message_of(team: Workspace, me: str, channel_id: str, ts: str) -> Message:
    channel = channel_of(team, me, channel_id)
    for message in messages.seen(team, channel, me):
        if message.ts == ts:
            return message
    raise Refused("This message is not there any more.")


def modal_of(team: Workspace, me: str, view_id: str) -> View:
    """The top of the stack only: what lies below cannot be used."""
    stack = team.stack(me)
    if not stack or stack[-1].id != view_id:
        raise Refused("This modal is not open any more.")
    return stack[-1]


def _place(team: Workspace, me: str, container: Json) -> Message | View:
    if container["kind"] == "message":
        return message_of(team, me, container["channel"], container["ts"])
    if container["kind"] == "modal":
        return modal_of(team, me, container["view_id"])
    home = team.home(me)
    if container["kind"] != "home" or home is None:
        raise Refused("There is nothing here.")
    return home


def _element(place: Message | View, block_id: str, action_id: str) -> tuple[Json, Json]:
    for block, element in interactive(blocks_of(place)):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise Refused("This is not there any more.")


def blocks_of(place: Message | View) -> list[Json]:
    if isinstance(place, View):
        return place.blocks
    inside = [block for each in place.attachments or [] for block in each.get("blocks", [])]
    return [*(place.blocks or []), *inside]


# --- the acts


async def write(team: Workspace, me: str, body: Json) -> Json:
    text, thread = str(body["text"]), body.get("thread_ts")
    word = text.split(" ", maxsplit=1)[0]
    if word.startswith("/") and len(word) > 1:  # Slack takes every such text for a command
        if thread:
            raise Refused(f"{word} is not supported in threads. Sorry!")
        return await run_command(team, me, body)
    channel = _writable(team, me, body["channel"])
    if not text.strip():
        raise Refused("There is nothing to send.")
    if channel.type == "dm" and team.bot_user_id in channel.members and team.manifest.messages_tab_read_only:
        raise Refused("Sending messages to this app has been turned off.")
    message = messages.post(team, channel, me, interactions.messages_escaped(team, text, me), thread_ts=thread)
    return {"ts": message.ts}


async def run_command(team: Workspace, me: str, body: Json) -> Json:
    await interactions.command(team, me, _writable(team, me, body["channel"]), str(body["text"]))
    return {}


def _writable(team: Workspace, me: str, channel_id: str) -> Channel:
    channel = channel_of(team, me, channel_id)
    if me not in channel.members:
        raise Refused(f"Join #{channel.name} first.")
    if channel.is_archived:
        raise Refused(f"#{channel.name} is archived.")
    return channel


async def use_shortcut(team: Workspace, me: str, body: Json) -> Json:
    message = message_of(team, me, body["channel"], body["message_ts"]) if body.get("message_ts") else None
    await interactions.shortcut(team, me, body["callback_id"], message)
    return {}


async def use_element(team: Workspace, me: str, body: Json) -> Json:
    place = _place(team, me, body["container"])
    _take_state(team, me, place, body)
    block, element = _element(place, body["block_id"], body["action_id"])
    await interactions.act(team, me, place, block, element, body.get("value"))
    return {}


def _take_state(team: Workspace, me: str, place: Message | View, body: Json) -> None:
    state = body.get("state")
    if state is None:
        return
    if isinstance(place, View):
        views.type_in(team, place, state)
        return
    typed = interactions.message_typed(team, me, place)
    for block, element in interactive(blocks_of(place)):
        if element["action_id"] in (state.get(block["block_id"]) or {}):
            plain = state[block["block_id"]][element["action_id"]]
            value = from_plain(element, plain, views.offered_options(team, block, element))
            typed.setdefault(block["block_id"], {})[element["action_id"]] = value


async def submit(team: Workspace, me: str, body: Json) -> Json:
    view = modal_of(team, me, body["view_id"])
    _take_state(team, me, view, body)
    await interactions.submit(team, me, view)
    return {}


async def close(team: Workspace, me: str, body: Json) -> Json:
    await interactions.close(team, me, modal_of(team, me, body["view_id"]), everything=bool(body.get("all")))
    return {}


async def keep_state(team: Workspace, me: str, body: Json) -> Json:
    _take_state(team, me, modal_of(team, me, body["view_id"]), body)
    return {}


async def add_file(team: Workspace, me: str, body: Json) -> Json:
    block, element = _element(modal_of(team, me, body["view_id"]), body["block_id"], body["action_id"])
    content = base64.b64decode(body["content"], validate=True)
    return {"file": file_object(team, files.choose(team, me, block, element, str(body["name"]), content))}


async def suggest(team: Workspace, me: str, body: Json) -> Json:
    place = _place(team, me, body["container"])
    block, element = _element(place, body["block_id"], body["action_id"])
    return await interactions.suggest(team, me, place, block, element, str(body.get("query", "")))


async def open_home(team: Workspace, me: str, _body: Json) -> Json:
    interactions.open_home(team, me)
    return {}


async def read(team: Workspace, me: str, body: Json) -> Json:
    channel = channel_of(team, me, body["channel"])
    if str(body["ts"]) > channel.last_read.get(me, ""):
        channel.last_read[me] = str(body["ts"])
        team.storage.save(channel)
        team.changed("state", audience=[me])
    return {}


async def react(team: Workspace, me: str, body: Json) -> Json:
    message = message_of(team, me, body["channel"], body["ts"])
    change = messages.unreact if body.get("remove") else messages.react
    change(team, message, me, str(body["name"]).strip(":"))
    return {}


async def join(team: Workspace, me: str, body: Json) -> Json:
    conversations.join(team, me, channel_of(team, me, body["channel"]))
    return {}


async def leave(team: Workspace, me: str, body: Json) -> Json:
    channel = channel_of(team, me, body["channel"])
    if channel.is_general:
        raise Refused("Nobody can leave #general.")
    conversations.require_member(team, me, channel)
    conversations.remove(team, channel, me)
    return {}


async def invite(team: Workspace, me: str, body: Json) -> Json:
    conversations.invite(team, me, channel_of(team, me, body["channel"]), body["users"])
    return {}


async def rename(team: Workspace, me: str, body: Json) -> Json:
    conversations.rename(team, me, channel_of(team, me, body["channel"]), str(body["name"]))
    return {}


async def archive(team: Workspace, me: str, body: Json) -> Json:
    change = conversations.unarchive if body.get("undo") else conversations.archive
    change(team, me, channel_of(team, me, body["channel"]))
    return {}


async def open_direct(team: Workspace, me: str, body: Json) -> Json:
    if body["user"] not in team.members:
        raise Refused("There is no such person.")
    return {"channel": conversations.open_direct(team, me, body["user"]).id}


async def set_status(team: Workspace, me: str, body: Json) -> Json:
    until = datetime.fromtimestamp(body["until"], UTC) if body.get("until") else None
    members.set_status(team, team.members[me], str(body["emoji"]), str(body.get("text", "")), until)
    return {}


async def move_clock(team: Workspace, _me: str, body: Json) -> Json:
    if body.get("reset"):
        team.clock.reset()
    elif body.get("to") == "next_moment":
        moment = team.next_moment() if team.next_moment else None
        if moment is None:
            raise Refused("Nothing is awaited.")
        team.clock.set(max(moment, team.clock.now()))
    else:
        team.clock.move(timedelta(seconds=float(body["move"])))
    return {}


ACTS: dict[Any, Act] = {
    "message": write,
    "command": run_command,
    "shortcut": use_shortcut,
    "action": use_element,
    "submit": submit,
    "close": close,
    "state": keep_state,
    "add_file": add_file,
    "options": suggest,
    "home": open_home,
    "read": read,
    "react": react,
    "join": join,
    "leave": leave,
    "invite": invite,
    "rename": rename,
    "archive": archive,
    "open_dm": open_direct,
    "status": set_status,
    "clock": move_clock,
}


__all__ = ["AppDidNotRespond", "act"]
