"""Web API: reactions.*"""

from __future__ import annotations

import re

from sandbox import messages
from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.payloads import message_object
from sandbox.records import Channel, Json, Message


@method("reactions.add")
def add(call: Request) -> Json:
    channel, message = _message(call)
    if channel.is_archived:
        raise SlackError("is_archived")
    messages.react(call.team, message, call.bot, _name(call))
    return {}


@method("reactions.remove")
def remove(call: Request) -> Json:
    _, message = _message(call)
    messages.unreact(call.team, message, call.bot, _name(call))
    return {}


@method("reactions.get")
def get(call: Request) -> Json:
    channel, message = _message(call)
    return {"type": "message", "channel": channel.id, "message": message_object(call.team, message)}


def _name(call: Request) -> str:
    name: str = call["name"].strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise SlackError("invalid_name")
    return name


def _message(call: Request) -> tuple[Channel, Message]:
    if not (call.get("channel") and call.get("timestamp")):
        raise SlackError("no_item_specified")
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    message = call.team.messages[channel.id].get(call["timestamp"])
    if message is None or message.only_for:
        raise SlackError("message_not_found")
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    return channel, message
