"""The JSON shapes in which Slack shows users, conversations, messages, files and views to an app."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox.records import Channel, File, Json, Member, Message, View
from sandbox.state_values import state_values

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def tz_label(member: Member, now: datetime) -> str:
    return now.astimezone(ZoneInfo(member.tz)).strftime("%Z") or member.tz


def user_object(team: Workspace, member: Member, *, with_email: bool) -> Json:
    offset = team.clock.now().astimezone(ZoneInfo(member.tz)).utcoffset()
    user: Json = {
        "id": member.id,
        "team_id": team.team_id,
        "name": member.name,
        "deleted": member.deleted,
        "color": member.color,
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": tz_label(member, team.clock.now()),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile(team, member, with_email=with_email),
        "is_admin": member.is_admin or member.is_owner,
        "is_owner": member.is_owner,
        "is_primary_owner": False,
        "is_restricted": member.is_guest,
        "is_ultra_restricted": False,
        "is_bot": member.is_bot,
        "is_app_user": False,
        "updated": member.updated,
        "is_email_confirmed": not member.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if member.deleted:  # Slack leaves these out for deactivated members
        for name in ("tz", "tz_label", "tz_offset", "color", "real_name", "is_admin", "is_owner", "is_primary_owner",
                     "is_restricted", "is_ultra_restricted"):  # fmt: skip
            del user[name]
    return user


def profile(team: Workspace, member: Member, *, with_email: bool) -> Json:
    first, _, last = member.real_name.partition(" ")
    shown: Json = {
        "title": member.title,
        "phone": "",
        "skype": "",
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": "" if member.is_bot else member.real_name,
        "display_name_normalized": "" if member.is_bot else member.real_name,
        "fields": {},
        "status_text": member.status_text,
        "status_emoji": member.status_emoji,
        "status_expiration": member.status_expiration,
        "first_name": first,
        "last_name": last,
        "team": team.team_id,
    }
    if member.id == team.bot_user_id:
        shown |= {"api_app_id": team.app_id, "bot_id": team.bot_id, "always_active": True}
    elif with_email:
        shown["email"] = member.email
    return shown


def channel_object(team: Workspace, channel: Channel, *, num_members: bool = False) -> Json:
    """As the app's bot sees it."""
    bot = team.bot_user_id
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.type == "dm",
        "is_org_shared": False,
        "context_team_id": team.team_id,
        "updated": channel.updated * 1000,
    }
    if channel.type == "dm":
        return shown | {"user": channel.partner(bot), "is_user_deleted": team.members[channel.partner(bot)].deleted}
    shown |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.type == "public",
        "is_group": channel.type == "private",
        "is_mpim": False,
        "is_private": channel.type == "private",
        "is_general": channel.is_general,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "creator": channel.creator,
        "is_member": bot in channel.members,
        "unlinked": 0,
        "shared_team_ids": [team.team_id],
        "topic": channel.topic,
        "purpose": channel.purpose,
        "previous_names": channel.previous_names,
        "properties": {"canvas": {"file_id": channel.canvas, "is_empty": False}} if channel.canvas else {},
    }
    if num_members:
        shown["num_members"] = len(channel.members)
    return shown


def message_object(team: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    shown: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": team.team_id,
    }
    if message.subtype:
        shown["subtype"] = message.subtype
    if message.by_app:
        shown |= {"bot_id": team.bot_id, "app_id": team.app_id, "bot_profile": bot_profile(team)}
    for name in ("blocks", "attachments", "edited", "reactions"):
        if value := getattr(message, name):
            shown[name] = value
    if message.metadata and with_metadata:
        shown["metadata"] = message.metadata
    if message.files:
        shown["files"] = [file_object(team, team.files[file_id]) for file_id in message.files if file_id in team.files]
        shown |= {"upload": True}
    if channel := team.channels.get(message.channel):
        pins = [pin for pin in channel.pins if pin["ts"] == message.ts]
        if pins:
            shown |= {"pinned_to": [channel.id], "pinned_info": {"channel": channel.id, "pinned_by": pins[0]["by"]}}
    return shown | message.extra | _thread(team, message)


def _thread(team: Workspace, message: Message) -> Json:
    if message.thread_ts is None:
        return {}
    shown: Json = {"thread_ts": message.thread_ts}
    if message.is_reply:
        parent = team.messages[message.channel].get(message.thread_ts)
        if parent is not None:
            shown["parent_user_id"] = parent.user
        return shown
    replies = [m for m in team.messages[message.channel].values() if m.is_reply and m.thread_ts == message.ts]
    users = list(dict.fromkeys(reply.user for reply in replies))
    return shown | {
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:5],
        "latest_reply": replies[-1].ts if replies else message.ts,
        "is_locked": False,
        "subscribed": False,
    }


def bot_profile(team: Workspace) -> Json:
    return {
        "id": team.bot_id,
        "deleted": False,
        "name": team.manifest.name,
        "updated": team.members[team.bot_user_id].updated,
        "app_id": team.app_id,
        "team_id": team.team_id,
    }


def file_object(team: Workspace, file: File) -> Json:
    base = team.base_url or ""
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower() if "." in file.name else "text",
        "user": file.owner,
        "user_team": team.team_id,
        "size": file.size,
        "mode": "hosted",
        "editable": False,
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "is_public": any(team.channels[c].type == "public" for c in file.channels if c in team.channels),
        "url_private": f"{base}/files/{file.id}",
        "url_private_download": f"{base}/files/{file.id}?download=1",
        "permalink": f"{base}/files/{file.id}",
        "channels": [c for c in file.channels if c in team.channels and team.channels[c].type == "public"],
        "groups": [c for c in file.channels if c in team.channels and team.channels[c].type == "private"],
        "ims": [c for c in file.channels if c in team.channels and team.channels[c].type == "dm"],
    }


def view_object(team: Workspace, view: View) -> Json:
    shown: Json = {
        "id": view.id,
        "team_id": team.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": state_values(view.blocks, view.typed)},
        "hash": view.hash,
        "title": view.title or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "close": view.close,
        "submit": view.submit,
        "previous_view_id": view.previous_view_id,
        "root_view_id": view.root_view_id,
        "app_id": team.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": team.team_id,
        "bot_id": team.bot_id,
    }
    return shown
