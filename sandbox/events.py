"""The Events API: which events the app subscribed to, their envelopes, and Slack's retries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.delivery import NoAnswer
from sandbox.manifest import Manifest
from sandbox.records import Channel, Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

# Any one of the scopes lets an app subscribe (Slack's event reference).
SCOPES: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    **{f"channel_{what}": ("channels:read",) for what in ("archive", "unarchive", "rename", "left", "created")},
    **{f"group_{what}": ("groups:read",) for what in ("archive", "unarchive", "rename", "left")},
    "im_created": ("im:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "file_shared": ("files:read",),
    "user_change": ("users:read",),
    "user_profile_changed": ("users:read",),
    "user_status_changed": ("users:read",),
    "team_join": ("users:read",),
}
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)
CHANNEL_TYPES = {"public": "channel", "private": "group", "dm": "im"}
MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "dm": "message.im"}


def missing_scopes(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Events (and commands) that Slack would not let this app have, with the scopes that would do."""
    missing = {
        event: SCOPES[event]
        for event in sorted(manifest.events)
        if event in SCOPES and not set(SCOPES[event]) & set(manifest.scopes)
    }
    if (manifest.commands or manifest.shortcuts) and "commands" not in manifest.scopes:
        missing["commands and shortcuts"] = ("commands",)
    return missing


class Events:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.retry_after_seconds = RETRY_AFTER_SECONDS
        self.under_way = 0
        self._arrived = asyncio.Event()

    def publish(self, event: Json, subscription: str | None = None, channel: Channel | None = None) -> None:
        """Sends `event` if subscribed (by default to its type) and, with `channel`, if the app is in it."""
        team = self._workspace
        wanted = subscription or str(event["type"])
        if wanted not in team.manifest.events or not team.delivery.started:
            return
        if channel is not None and team.bot_user_id not in channel.members:
            return
        self.under_way += 1
        team.soon(self._deliver(self._envelope(event)))

    async def delivered(self) -> None:
        """Waits until no event is on its way (those that wait for a retry are not)."""
        while self.under_way:
            self._arrived.clear()
            await self._arrived.wait()

    def about_message(self, event: Json, channel: Channel) -> None:
        described = event | {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.type]}
        self.publish(described, MESSAGE_EVENTS[channel.type], channel)

    def about_channel(self, what: str, event: Json, channel: Channel) -> None:
        """channel_archive for public channels, group_archive for private ones, and so on."""
        name = f"{'group' if channel.type == 'private' else 'channel'}_{what}"
        self.publish({"type": name, **event}, None, channel if channel.type == "private" else None)

    def _envelope(self, event: Json) -> Json:
        team = self._workspace
        authorization = {
            "enterprise_id": None, "team_id": team.team_id, "user_id": team.bot_user_id,
            "is_bot": True, "is_enterprise_install": False,
        }  # fmt: skip
        return {
            "token": team.verification_token,
            "team_id": team.team_id,
            "context_team_id": team.team_id,
            "context_enterprise_id": None,
            "api_app_id": team.app_id,
            "event": {**event, "event_ts": event.get("event_ts") or team.timestamp()},
            "type": "event_callback",
            "event_id": team.new_id("Ev"),
            "event_time": team.epoch(),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{team.new_id('E')}",
        }

    async def _deliver(self, envelope: Json) -> None:
        reason: str | None = None
        for attempt in range(len(self.retry_after_seconds) + 1):
            if attempt:
                await self._workspace.clock.sleep(self.retry_after_seconds[attempt - 1])
                self.under_way += 1
            try:
                await self._workspace.delivery.send("events_api", envelope, retry_attempt=attempt, retry_reason=reason)
            except NoAnswer as failure:
                if failure.final:
                    return
                reason = failure.reason
            else:
                return
            finally:
                self.under_way -= 1
                self._arrived.set()
