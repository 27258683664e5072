"""What happens to conversations, whoever does it: creating, joining, inviting, renaming, archiving, and the events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandbox import messages
from sandbox.errors import SlackError
from sandbox.records import Channel, Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

LONGEST_NAME = 80
LONGEST_TOPIC = 250
MOST_INVITED = 100


def check_name(team: Workspace, name: str) -> str:
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_name_maxlength")
    if not re.fullmatch(r"[a-z0-9_-]+", name):
        raise SlackError("invalid_name_specials")
    if not re.search(r"[a-z0-9]", name):
        raise SlackError("invalid_name_punctuation")
    if any(channel.name == name for channel in team.channels.values() if channel.type != "dm"):
        raise SlackError("name_taken")
    return name


def create(team: Workspace, actor: str, name: str, *, private: bool) -> Channel:
    check_name(team, name)
    kind = "private" if private else "public"
    channel = Channel(team.new_id("C"), name, kind, actor, team.epoch(), [actor], updated=team.epoch())
    team.channels[channel.id] = channel
    team.storage.save(channel)
    _system(team, channel, actor, "channel_join", f"<@{actor}> has joined the channel")
    _changed(team, channel)
    if not private:
        described = {"id": channel.id, "name": name, "created": channel.created, "creator": actor}
        team.events.publish({"type": "channel_created", "channel": described})
    return channel


def open_direct(team: Workspace, one: str, other: str) -> Channel:
    channel = team.direct(one, other)
    if channel is None:
        channel = Channel(team.new_id("D"), "", "dm", one, team.epoch(), [one, other])
        team.channels[channel.id] = channel
        _changed(team, channel)
    return channel


def invite(team: Workspace, actor: str, channel: Channel, users: Sequence[str], *, force: bool = False) -> None:
    require_member(team, actor, channel)
    if len(users) > MOST_INVITED:
        raise SlackError("too_many_users")
    refused = [{"user": user, "ok": False, "error": e} for user in users if (e := _why_not(team, actor, channel, user))]
    if refused and not (force and len(refused) < len(users)):
        raise SlackError(str(refused[0]["error"]), errors=refused)
    for user in dict.fromkeys(users):
        if user not in {entry["user"] for entry in refused}:
            add(team, channel, user, inviter=actor)


def _why_not(team: Workspace, actor: str, channel: Channel, user: str) -> str | None:
    member = team.members.get(user)
    if member is None:
        return "user_not_found"
    if user == actor:
        return "cant_invite_self"
    if member.deleted:
        return "cant_invite"
    return "already_in_channel" if user in channel.members else None


def join(team: Workspace, actor: str, channel: Channel) -> bool:
    """False when the person was already there."""
    if channel.type != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if actor in channel.members:
        return False
    add(team, channel, actor)
    return True


def add(team: Workspace, channel: Channel, user: str, inviter: str | None = None) -> None:
    channel.members.append(user)
    newest = next(reversed(team.messages[channel.id]), "")
    channel.last_read.setdefault(user, newest)
    by = f" by <@{inviter}>" if inviter else ""
    _system(team, channel, user, "channel_join", f"<@{user}> was added to the channel{by}" if by
            else f"<@{user}> has joined the channel")  # fmt: skip
    _changed(team, channel)
    event: Json = {"type": "member_joined_channel", "user": user, "channel": channel.id, "team": team.team_id}
    event |= {"channel_type": "G" if channel.type == "private" else "C"} | ({"inviter": inviter} if inviter else {})
    team.events.publish(event, None, channel)


def remove(team: Workspace, channel: Channel, user: str, by: str | None = None) -> None:
    """Takes a member out: kicked when `by` is given, else leaving."""
    words = f"<@{by}> removed <@{user}> from the channel" if by else f"<@{user}> has left the channel"
    _system(team, channel, user, "channel_leave", words)
    event: Json = {"type": "member_left_channel", "user": user, "channel": channel.id, "team": team.team_id}
    team.events.publish(event | {"channel_type": "G" if channel.type == "private" else "C"}, None, channel)
    audience = list(channel.members)
    channel.members.remove(user)
    _changed(team, channel, audience)
    if user == team.bot_user_id:
        name = "group_left" if channel.type == "private" else "channel_left"
        team.events.publish({"type": name, "channel": channel.id, "actor_id": by or user})


def kick(team: Workspace, actor: str, channel: Channel, user: str) -> None:
    require_member(team, actor, channel)
    if user == actor:
        raise SlackError("cant_kick_self")
    if user not in team.members:
        raise SlackError("user_not_found")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    remove(team, channel, user, by=actor)


def rename(team: Workspace, actor: str, channel: Channel, name: str) -> None:
    require_member(team, actor, channel)
    if channel.creator != actor and not (team.members[actor].is_admin or team.members[actor].is_owner):
        raise SlackError("not_authorized")
    if name == channel.name:
        return
    check_name(team, name)
    old, channel.name = channel.name, name
    channel.previous_names.insert(0, old)
    _system(team, channel, actor, "channel_name", f'<@{actor}> has renamed the channel from "{old}" to "{name}"')
    _changed(team, channel)
    described = {"id": channel.id, "name": name, "created": channel.created, "is_channel": channel.type == "public"}
    team.events.about_channel("rename", {"channel": described}, channel)


def archive(team: Workspace, actor: str, channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("already_archived")
    require_member(team, actor, channel)
    if channel.is_general:
        raise SlackError("cant_archive_general")
    _system(team, channel, actor, "channel_archive", f"<@{actor}> archived the channel")
    channel.is_archived = True
    _changed(team, channel)
    team.events.about_channel("archive", {"channel": channel.id, "user": actor}, channel)


def unarchive(team: Workspace, actor: str, channel: Channel) -> None:
    if not channel.is_archived:
        raise SlackError("not_archived")
    if actor not in channel.members:
        raise SlackError("not_in_channel")
    channel.is_archived = False
    _system(team, channel, actor, "channel_unarchive", f"<@{actor}> un-archived the channel")
    _changed(team, channel)
    team.events.about_channel("unarchive", {"channel": channel.id, "user": actor}, channel)


def describe(team: Workspace, actor: str, channel: Channel, what: str, words: str) -> None:
    """Sets the topic or the purpose (`what`)."""
    require_member(team, actor, channel)
    if len(words) > LONGEST_TOPIC:
        raise SlackError("too_long")
    value = {"value": words, "creator": actor, "last_set": team.epoch()}
    if what == "topic":
        channel.topic = value
    else:
        channel.purpose = value
    text = (
        f"set the channel {what if what == 'topic' else 'description'} to: {words}"
        if words
        else f"cleared channel {what}"
    )
    _system(team, channel, actor, f"channel_{what}", f"<@{actor}> {text}", {what: words})
    _changed(team, channel)


def require_member(team: Workspace, actor: str, channel: Channel) -> None:
    if channel.type == "dm":
        raise SlackError("method_not_supported_for_channel_type")
    if actor not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")


def _system(team: Workspace, channel: Channel, user: str, subtype: str, text: str, extra: Json | None = None) -> None:
    messages.post(team, channel, user, text, subtype=subtype, extra=extra or {})


def _changed(team: Workspace, channel: Channel, audience: Sequence[str] | None = None) -> None:
    channel.updated = team.epoch()
    team.storage.save(channel)
    team.changed("state", audience=None if channel.type == "public" else audience or channel.members)
