"""Web API: bookmarks.* and pins.*"""

from __future__ import annotations

from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.payloads import message_object
from sandbox.records import Channel, Json, Message

MOST_BOOKMARKS = 100
MOST_PINS = 100


@method("bookmarks.add")
def add(call: Request) -> Json:
    channel = _channel(call)
    if call["type"] != "link":
        raise SlackError("invalid_bookmark_type")
    _check_link(call.get("link"))
    if len(channel.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    now = call.team.epoch()
    bookmark: Json = {
        "id": call.team.new_id("Bk"), "channel_id": channel.id, "title": call["title"], "link": call["link"],
        "emoji": call.get("emoji", ""), "icon_url": "", "type": "link", "entity_id": None, "date_created": now,
        "date_updated": now, "rank": str(len(channel.bookmarks)), "last_updated_by_user_id": call.bot,
        "last_updated_by_team_id": call.team.team_id, "shortcut_id": None, "app_id": call.team.app_id,
    }  # fmt: skip
    channel.bookmarks.append(bookmark)
    _changed(call, channel)
    return {"bookmark": bookmark}


@method("bookmarks.edit")
def edit(call: Request) -> Json:
    channel, bookmark = _bookmark(call)
    if "link" in call.arguments:
        _check_link(call["link"])
    for name in ("title", "link", "emoji"):
        if name in call.arguments:
            bookmark[name] = call[name]
    bookmark["date_updated"] = call.team.epoch()
    _changed(call, channel)
    return {"bookmark": bookmark}


@method("bookmarks.list")
def listed(call: Request) -> Json:
    return {"bookmarks": _channel(call).bookmarks}


@method("bookmarks.remove")
def remove(call: Request) -> Json:
    channel, bookmark = _bookmark(call)
    channel.bookmarks.remove(bookmark)
    _changed(call, channel)
    return {}


def _channel(call: Request) -> Channel:
    channel = call.team.channel(call["channel_id"], seen_by=call.bot)
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived and call.method != "bookmarks.list":
        raise SlackError("is_archived")
    return channel


def _bookmark(call: Request) -> tuple[Channel, Json]:
    channel = _channel(call)
    for bookmark in channel.bookmarks:
        if bookmark["id"] == call["bookmark_id"]:
            return channel, bookmark
    raise SlackError("not_found")


def _check_link(link: str | None) -> None:
    if not link or not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")


@method("pins.add")
def pin(call: Request) -> Json:
    channel, message = _pinnable(call)
    if any(pin["ts"] == message.ts for pin in channel.pins):
        raise SlackError("already_pinned")
    if len(channel.pins) >= MOST_PINS:
        raise SlackError("too_many_pins")
    channel.pins.insert(0, {"ts": message.ts, "by": call.bot, "created": call.team.epoch()})
    _changed(call, channel)
    _tell(call, channel, message, "pin_added")
    return {}


@method("pins.remove")
def unpin(call: Request) -> Json:
    channel, message = _pinnable(call)
    left = [pin for pin in channel.pins if pin["ts"] != message.ts]
    if len(left) == len(channel.pins):
        raise SlackError("no_pin")
    channel.pins = left
    _changed(call, channel)
    _tell(call, channel, message, "pin_removed")
    return {}


@method("pins.list")
def pins(call: Request) -> Json:
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    messages = call.team.messages[channel.id]
    return {
        "items": [
            {
                "type": "message", "created": pin["created"], "created_by": pin["by"], "channel": channel.id,
                "message": message_object(call.team, messages[pin["ts"]]),
            }
            for pin in channel.pins
        ]
    }  # fmt: skip


def _pinnable(call: Request) -> tuple[Channel, Message]:
    channel = call.team.channel(call["channel"], seen_by=call.bot)
    if call.bot not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    message = call.team.messages[channel.id].get(call["timestamp"])
    if message is None or message.only_for:
        raise SlackError("message_not_found")
    return channel, message


def _tell(call: Request, channel: Channel, message: Message, event: str) -> None:
    item = {"type": "message", "channel": channel.id, "message": message_object(call.team, message)}
    call.team.events.publish({"type": event, "user": call.bot, "channel_id": channel.id, "item": item}, None, channel)


def _changed(call: Request, channel: Channel) -> None:
    call.team.storage.save(channel)
    call.team.messages_changed(channel)
