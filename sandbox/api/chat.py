"""Web API: chat.*"""

from __future__ import annotations

import re
from typing import Any

from sandbox import conversations, messages
from sandbox.api.calls import Request, method
from sandbox.blockkit import problems
from sandbox.errors import SlackError
from sandbox.payloads import message_object
from sandbox.records import Channel, Json, Message
from sandbox.views import with_ids

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100


@method("chat.postMessage")
def post_message(call: Request) -> Json:
    channel = _destination(call)
    if channel.is_archived:
        raise SlackError("is_archived")
    _require_writable(call, channel)
    if {"username", "icon_url", "icon_emoji"} & set(call.arguments):
        call.require_scope("chat:write.customize")
    fields: Json = {**_content(call), "metadata": _metadata(call), "thread_ts": call.get("thread_ts")}
    fields["broadcast"] = bool(call.get("reply_broadcast")) and fields["thread_ts"] is not None
    message = messages.post(call.team, channel, call.bot, by_app=True, **fields)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_object(call.team, message, with_metadata=True),
    }


@method("chat.postEphemeral")
def post_ephemeral(call: Request) -> Json:
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    if channel.is_archived:
        raise SlackError("is_archived")
    _require_writable(call, channel)
    member = call.team.members.get(call["user"])
    if member is None or member.deleted or member.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = messages.post_ephemeral(call.team, channel, member.id, **_content(call), thread_ts=call.get("thread_ts"))
    return {"message_ts": message.ts}


@method("chat.update")
def update(call: Request) -> Json:
    channel, message = _own_message(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_archived")
    given = _content(call)
    fields = {name: value for name, value in given.items() if name in call.arguments or name == "text"}
    if "text" not in call.arguments and "blocks" in call.arguments:
        fields["text"] = message.text
    if "blocks" not in call.arguments:
        fields["blocks"] = None  # as in Slack: text alone takes the blocks away
    if "metadata" in call.arguments:
        fields["metadata"] = _metadata(call)
    messages.edit(call.team, message, fields, by=call.bot)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_object(call.team, message, with_metadata=True),
    }


@method("chat.delete")
def delete(call: Request) -> Json:
    channel, message = _own_message(call, "cant_delete_message")
    messages.delete(call.team, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Request) -> Json:
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    message = call.team.messages[channel.id].get(call["message_ts"])
    if message is None or message.only_for:
        raise SlackError("message_not_found")
    base = call.team.base_url or call.host
    link = f"{base}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Request) -> Channel:
    """A conversation the bot sees; a user id opens the direct message with that person."""
    member = call.team.members.get(call["channel"])
    if member is None:
        return call.team.channel(call["channel"], seen_by=call.bot)
    if member.is_bot:
        raise SlackError("cannot_dm_bot")
    if member.deleted:
        raise SlackError("user_disabled")
    return conversations.open_direct(call.team, call.bot, member.id)


def _require_writable(call: Request, channel: Channel) -> None:
    public = channel.type == "public" and "chat:write.public" in call.team.manifest.scopes
    if call.bot not in channel.members and not public:
        raise SlackError("not_in_channel")


def _own_message(call: Request, otherwise: str) -> tuple[Channel, Message]:
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    message = call.team.messages[channel.id].get(call["ts"])
    if message is None or message.only_for or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if not message.by_app:
        raise SlackError(otherwise)
    return channel, message


def _content(call: Request) -> Json:
    text, blocks, attachments = call.get("text", ""), call.get("blocks"), call.get("attachments")
    if call.get("markdown_text"):
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(call["markdown_text"]) > LONGEST_MARKDOWN:
            raise SlackError("msg_too_long")
        text = call["markdown_text"]
    if not (text.strip() or blocks or attachments):
        raise SlackError("no_text")
    if len(text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")  # Slack truncates; a silent loss would be kinder than useful
    if blocks is not None:
        found = problems(blocks, "message", call.team.refused_blocks)
        if found:
            raise SlackError("invalid_blocks", messages=found)
        blocks = with_ids(blocks) or None
    return {"text": text, "blocks": blocks, "attachments": _attachments(call, attachments)}


def _attachments(call: Request, given: Any) -> list[Json] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise SlackError("invalid_attachments")
    if len(given) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for number, each in enumerate(given):
        found = problems(each["blocks"], "message", call.team.refused_blocks) if "blocks" in each else []
        if found:
            raise SlackError("invalid_attachments", messages=[f"attachment {number}: {words}" for words in found])
    return [each | ({"blocks": with_ids(each["blocks"])} if "blocks" in each else {}) for each in given] or None


def _metadata(call: Request) -> Json | None:
    given = call.get("metadata")
    if given in (None, "", {}):
        return None
    if (
        not isinstance(given, dict)
        or set(given) - {"event_type", "event_payload", "entities"}
        or not re.fullmatch(r"\w{1,255}", str(given.get("event_type", "")), re.ASCII)
        or not isinstance(given.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    return given
