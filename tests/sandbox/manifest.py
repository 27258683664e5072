"""The manifest of the small app that the sandbox's own tests install."""

from __future__ import annotations

from typing import Any

SCOPES = [
    "app_mentions:read", "bookmarks:read", "bookmarks:write", "canvases:read", "canvases:write", "channels:history",
    "channels:join", "channels:manage", "channels:read", "chat:write", "commands", "files:read", "files:write",
    "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write", "pins:read", "pins:write",
    "reactions:read", "reactions:write", "team:read", "usergroups:read", "users:read", "users:read.email",
]  # fmt: skip
EVENTS = [
    "app_home_opened", "app_mention", "channel_archive", "group_archive", "group_rename", "member_joined_channel",
    "message.channels", "message.groups", "message.im", "reaction_added", "team_join", "user_change",
]  # fmt: skip


def manifest(*, without: tuple[str, ...] = ()) -> dict[str, Any]:
    scopes = [scope for scope in SCOPES if scope not in without]
    return {
        "display_information": {"name": "Teller"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "teller"},
            "slash_commands": [
                {"command": "/tell", "description": "Tell", "usage_hint": "[word]", "should_escape": True},
                {"command": "/raw", "description": "Raw", "should_escape": False},
            ],
            "shortcuts": [
                {"name": "Tell it", "type": "message", "callback_id": "tell_it", "description": "Tell"},
                {"name": "Tell all", "type": "global", "callback_id": "tell_all", "description": "Tell"},
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS if not without else []},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }
