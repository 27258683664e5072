"""Web API: conversations.*"""

from __future__ import annotations

from sandbox import canvases, conversations
from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.payloads import channel_object, message_object
from sandbox.records import Channel, Json, Message
from sandbox.workspace import Workspace

TYPES = {"public_channel": "public", "private_channel": "private", "im": "dm", "mpim": "mpim"}


@method("conversations.create")
def create(call: Request) -> Json:
    private = bool(call.get("is_private"))
    call.require_scope_for("private" if private else "public")
    return _shown(call, conversations.create(call.team, call.bot, call["name"], private=private))


@method("conversations.invite")
def invite(call: Request) -> Json:
    channel = call.channel()
    users = [user.strip() for user in call["users"].split(",") if user.strip()]
    if not users:
        raise SlackError("no_user")
    conversations.invite(call.team, call.bot, channel, users, force=bool(call.get("force")))
    return _shown(call, channel)


@method("conversations.kick")
def kick(call: Request) -> Json:
    conversations.kick(call.team, call.bot, call.channel(), call["user"])
    return {"errors": {}}


@method("conversations.info")
def info(call: Request) -> Json:
    return {"channel": channel_object(call.team, call.channel(), num_members=bool(call.get("include_num_members")))}


@method("conversations.list")
def listed(call: Request) -> Json:
    return _list(call, [channel for channel in call.team.channels.values() if call.team.sees(call.bot, channel)])


@method("users.conversations")
def of_user(call: Request) -> Json:
    user = call.get("user", call.bot)
    if user not in call.team.members:
        raise SlackError("user_not_found")
    shared = [c for c in call.team.channels.values() if user in c.members and call.team.sees(call.bot, c)]
    return _list(call, shared)


def _list(call: Request, channels: list[Channel]) -> Json:
    wanted = [name.strip() for name in (call.get("types") or "public_channel").split(",")]
    if set(wanted) - set(TYPES):
        raise SlackError("invalid_types")
    for name in wanted:
        if name != "mpim":
            call.require_scope_for(TYPES[name])
    kinds = {TYPES[name] for name in wanted}
    found = [c for c in channels if c.type in kinds and not (call.get("exclude_archived") and c.is_archived)]
    found, following = call.page(found)
    shown = [channel_object(call.team, channel, num_members=True) for channel in found]
    return {"channels": shown, "response_metadata": following}


@method("conversations.members")
def members(call: Request) -> Json:
    found, following = call.page(call.channel().members)
    return {"members": found, "response_metadata": following}


@method("conversations.open")
def open_conversation(call: Request) -> Json:
    if ("channel" in call.arguments) == ("users" in call.arguments):
        raise SlackError("channel_not_found" if "channel" not in call.arguments else "invalid_arguments")
    if "channel" in call.arguments:
        channel: Channel | None = call.channel()
    else:
        call.require_scope("im:write")
        channel = _direct(call, [user.strip() for user in call["users"].split(",") if user.strip()])
    if channel is None:
        return {"no_op": True}
    shown: Json = {"id": channel.id}
    return {"channel": channel_object(call.team, channel) if call.get("return_im") else shown}


def _direct(call: Request, users: list[str]) -> Channel | None:
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("method_not_supported_for_channel_type")  # group DMs are not on this desk
    member = call.team.members.get(users[0])
    if member is None:
        raise SlackError("user_not_found")
    if member.deleted:
        raise SlackError("user_disabled")
    if member.is_bot:
        raise SlackError("cannot_dm_bot")
    if call.get("prevent_creation"):
        return call.team.direct(call.bot, member.id)
    return conversations.open_direct(call.team, call.bot, member.id)


@method("conversations.join")
def join(call: Request) -> Json:
    channel = call.channel()
    if conversations.join(call.team, call.bot, channel):
        return _shown(call, channel)
    return {**_shown(call, channel), "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]}}  # fmt: skip


@method("conversations.leave")
def leave(call: Request) -> Json:
    channel = call.channel()
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if call.bot not in channel.members:
        return {"not_in_channel": True}
    conversations.require_member(call.team, call.bot, channel)
    conversations.remove(call.team, channel, call.bot)
    return {}


@method("conversations.rename")
def rename(call: Request) -> Json:
    channel = call.channel()
    conversations.rename(call.team, call.bot, channel, call["name"])
    return _shown(call, channel)


@method("conversations.archive")
def archive(call: Request) -> Json:
    conversations.archive(call.team, call.bot, call.channel())
    return {}


@method("conversations.unarchive")
def unarchive(call: Request) -> Json:
    conversations.unarchive(call.team, call.bot, call.channel())
    return {}


@method("conversations.setTopic")
def set_topic(call: Request) -> Json:
    channel = call.channel()
    conversations.describe(call.team, call.bot, channel, "topic", call["topic"])
    return _shown(call, channel) | {"topic": channel.topic["value"]}


@method("conversations.setPurpose")
def set_purpose(call: Request) -> Json:
    channel = call.channel()
    conversations.describe(call.team, call.bot, channel, "purpose", call["purpose"])
    return _shown(call, channel) | {"purpose": channel.purpose["value"]}


@method("conversations.mark")
def mark(call: Request) -> Json:
    channel = call.channel()
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    channel.last_read[call.bot] = call["ts"]
    call.team.storage.save(channel)
    return {}


@method("conversations.history")
def history(call: Request) -> Json:
    """Newest first; without replies, except those also sent to the channel."""
    found = [m for m in _readable(call, call.channel()) if not m.is_reply or m.broadcast]
    return _messages(call, list(reversed(found)))


@method("conversations.replies")
def replies(call: Request) -> Json:
    """Oldest first, the parent leading every page's thread."""
    channel = call.channel()
    parent = call.team.messages[channel.id].get(call["ts"])
    readable = _readable(call, channel, bounded=False)
    if parent is None or parent.only_for:
        raise SlackError("thread_not_found")
    root = parent.thread_ts or parent.ts
    thread = [m for m in readable if root in (m.ts, m.thread_ts)]
    return _messages(call, [thread[0], *(m for m in thread[1:] if _between(call, m))] if thread else [])


def _readable(call: Request, channel: Channel, *, bounded: bool = True) -> list[Message]:
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    found = [m for m in call.team.messages[channel.id].values() if m.only_for is None]
    return [m for m in found if _between(call, m)] if bounded else found


def _between(call: Request, message: Message) -> bool:
    oldest, latest = call.get("oldest") or "0", call.get("latest") or "9" * 12
    try:
        ts, low, high = float(message.ts), float(oldest), float(latest)
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None
    inclusive = bool(call.get("inclusive"))
    return low < ts < high or (inclusive and message.ts in (oldest, latest))


def _messages(call: Request, found: list[Message]) -> Json:
    page, following = call.page(found, most=999)
    more = bool(following["next_cursor"])
    with_metadata = bool(call.get("include_all_metadata"))
    shown = [message_object(call.team, message, with_metadata=with_metadata) for message in page]
    answer: Json = {"messages": shown, "has_more": more, "pin_count": len(call.channel().pins)}
    return answer | ({"response_metadata": following} if more else {})


@method("conversations.canvases.create")
def create_canvas(call: Request) -> Json:
    channel = call.team.channel(call["channel_id"], seen_by=call.bot)
    _require_canvas_place(call.team, channel)
    canvas = canvases.create(call.team, call.get("title") or channel.name, call.get("document_content"), channel)
    return {"canvas_id": canvas.id}


def _require_canvas_place(team: Workspace, channel: Channel) -> None:
    if team.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.canvas is not None:
        raise SlackError("channel_canvas_already_exists")
    if channel.is_archived:
        raise SlackError("is_archived")


def _shown(call: Request, channel: Channel) -> Json:
    return {"channel": channel_object(call.team, channel)}
