"""What happens to messages, whoever does it: posting, editing, deleting, reacting, and the events about it."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from sandbox.errors import SlackError
from sandbox.payloads import message_object
from sandbox.records import Channel, Json, Message

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def post(team: Workspace, channel: Channel, user: str, text: str, **fields: Any) -> Message:
    """Adds a message. `fields` are Message's: blocks, metadata, thread_ts, by_app, subtype..."""
    message = Message(channel.id, team.timestamp(), user, text, **fields)
    if not message.by_app and message.subtype is None and user != team.bot_user_id:
        message.extra["client_msg_id"] = str(uuid.uuid4())
    if message.is_reply and message.thread_ts is not None:
        parent = team.messages[channel.id].get(message.thread_ts)
        if parent is None or parent.is_reply or parent.only_for:
            raise SlackError("thread_not_found")
        if parent.thread_ts is None:
            parent.thread_ts = parent.ts
            team.storage.save(parent)
    if message.broadcast:
        message.subtype = "thread_broadcast"
    team.messages[channel.id][message.ts] = message
    team.storage.save(message)
    if not message.by_app:
        channel.last_read[user] = message.ts
        team.storage.save(channel)
    team.messages_changed(channel)
    _tell(team, channel, message)
    return message


def _tell(team: Workspace, channel: Channel, message: Message) -> None:
    described = message_object(team, message, with_metadata=True)
    team.events.about_message(described, channel)
    mention = f"<@{team.bot_user_id}>"
    if mention in json.dumps([message.text, message.blocks]) and not message.by_app and channel.type != "dm":
        team.events.publish(described | {"type": "app_mention", "channel": channel.id}, None, channel)


def post_ephemeral(team: Workspace, channel: Channel, only_for: str, text: str, **fields: Any) -> Message:
    """Adds a message of the app's that one person sees, wherever that person is."""
    message = Message(channel.id, team.timestamp(), team.bot_user_id, text, only_for=only_for, by_app=True, **fields)
    team.messages[channel.id][message.ts] = message
    team.storage.save(message)
    team.messages_changed(channel, only_for)
    return message


def edit(team: Workspace, message: Message, fields: Json, by: str) -> None:
    """Replaces text, blocks, attachments or metadata."""
    before = message_object(team, message)
    for name, value in fields.items():
        setattr(message, name, value)
    message.edited = {"user": by, "ts": team.timestamp()}
    team.storage.save(message)
    channel = team.channels[message.channel]
    team.messages_changed(channel, message.only_for)
    if message.only_for is None:
        event: Json = {
            "type": "message", "subtype": "message_changed", "hidden": True, "ts": team.timestamp(),
            "message": message_object(team, message, with_metadata=True), "previous_message": before,
        }  # fmt: skip
        team.events.about_message(event, channel)


def delete(team: Workspace, message: Message) -> None:
    """A message with replies leaves a tombstone, as in Slack."""
    channel = team.channels[message.channel]
    before = message_object(team, message)
    channel.pins = [pin for pin in channel.pins if pin["ts"] != message.ts]
    team.storage.save(channel)
    if any(other.is_reply and other.thread_ts == message.ts for other in team.messages[channel.id].values()):
        message.subtype, message.text = "tombstone", "This message was deleted."
        message.blocks = message.attachments = message.metadata = None
        message.files, message.reactions = [], []
        team.storage.save(message)
    else:
        del team.messages[channel.id][message.ts]
        team.storage.remove(message)
    team.messages_changed(channel, message.only_for)
    if message.only_for is None:
        event: Json = {
            "type": "message", "subtype": "message_deleted", "hidden": True, "ts": team.timestamp(),
            "deleted_ts": message.ts, "previous_message": before,
        }  # fmt: skip
        team.events.about_message(event, channel)


def react(team: Workspace, message: Message, user: str, name: str) -> None:
    reaction = next((r for r in message.reactions if r["name"] == name), None)
    if reaction is None:
        reaction = {"name": name, "users": [], "count": 0}
        message.reactions.append(reaction)
    if user in reaction["users"]:
        raise SlackError("already_reacted")
    reaction["users"].append(user)
    _reacted(team, message, user, reaction, "reaction_added")


def unreact(team: Workspace, message: Message, user: str, name: str) -> None:
    reaction = next((r for r in message.reactions if r["name"] == name and user in r["users"]), None)
    if reaction is None:
        raise SlackError("no_reaction")
    reaction["users"].remove(user)
    if not reaction["users"]:
        message.reactions.remove(reaction)
    _reacted(team, message, user, reaction, "reaction_removed")


def _reacted(team: Workspace, message: Message, user: str, reaction: Json, event: str) -> None:
    reaction["count"] = len(reaction["users"])
    team.storage.save(message)
    channel = team.channels[message.channel]
    team.messages_changed(channel)
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    told = {"type": event, "user": user, "reaction": reaction["name"], "item": item, "item_user": message.user}
    team.events.publish(told, None, channel)


def seen(team: Workspace, channel: Channel, user: str) -> list[Message]:
    """All that `user` may read here, oldest first: others' ephemeral messages are not there for them."""
    if not team.sees(user, channel):
        return []
    return [m for m in team.messages[channel.id].values() if m.only_for in (None, user)]


def unread(team: Workspace, channel: Channel, user: str) -> tuple[int, int]:
    """Unread messages and, among them, those that mention the person (all, in a direct message)."""
    if user not in channel.members:
        return 0, 0
    since = channel.last_read.get(user, "")
    fresh = [m for m in seen(team, channel, user) if m.ts > since and m.user != user and not _quiet(m)]
    if channel.type == "dm":
        return len(fresh), len(fresh)
    names = (f"<@{user}>", "<!channel>", "<!here>", "<!everyone>")
    mentions = [m for m in fresh if any(name in json.dumps([m.text, m.blocks]) for name in names)]
    return len(fresh), len(mentions)


def _quiet(message: Message) -> bool:
    return message.subtype not in (None, "thread_broadcast") or (message.is_reply and not message.broadcast)
