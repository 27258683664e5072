"""What happens to people: joining the team, being deactivated, changing profile, and the events that tell the app."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.errors import Refused
from sandbox.payloads import user_object
from sandbox.people import PersonSeed
from sandbox.records import Member

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def add_person(team: Workspace, seed: PersonSeed) -> Member:
    member = team.enrol(seed)
    for channel in team.channels.values():
        if channel.is_general and not (member.is_guest or member.is_bot):
            channel.members.append(member.id)
            team.storage.save(channel)
    team.changed("state")
    team.events.publish({"type": "team_join", "user": _seen(team, member)})
    return member


def deactivate(team: Workspace, member: Member) -> None:
    """Takes the person out of every channel but leaves the account, as Slack does."""
    for channel in team.channels.values():
        if member.id in channel.members and channel.type != "dm":
            channel.members.remove(member.id)
            team.storage.save(channel)
    change(team, member, deleted=True)


MAX_STATUS = 100  # characters, as in Slack


def set_status(team: Workspace, member: Member, emoji: str, text: str = "", until: datetime | None = None) -> None:
    """What stands beside the name, until that moment at most; "" and "" for nothing."""
    emoji, text = emoji.strip(), text.strip()
    if emoji and not re.fullmatch(r":[a-z0-9+_'-]+(::skin-tone-\d)?:", emoji):
        raise Refused("This is no emoji.")
    if len(text) > MAX_STATUS:
        raise Refused(f"A status has at most {MAX_STATUS} characters.")
    if until is not None and until <= team.clock.now():
        raise Refused("A status can't end in the past.")
    emoji = emoji or (":speech_balloon:" if text else "")
    expiration = int(until.timestamp()) if until and emoji else 0
    change(team, member, status_emoji=emoji, status_text=text, status_expiration=expiration)
    if expiration:
        team.soon(end_status(team, member, expiration))


async def end_status(team: Workspace, member: Member, expiration: int) -> None:
    """Clears the status when its time has come, unless another was set meanwhile."""
    await team.clock.sleep(expiration - team.clock.now().timestamp())
    if member.status_expiration == expiration:
        change(team, member, status_emoji="", status_text="", status_expiration=0)


def change(team: Workspace, member: Member, **fields: Any) -> None:
    """Sets Member's fields (title, tz, status_text, is_admin, deleted...)."""
    for name, value in fields.items():
        if not hasattr(member, name):
            raise AttributeError(name)
        setattr(member, name, value)
    member.updated = team.epoch()
    team.storage.save(member)
    team.changed("state")
    event = {"user": _seen(team, member), "cache_ts": team.epoch()}
    team.events.publish({"type": "user_change", **event})


def _seen(team: Workspace, member: Member) -> dict[str, Any]:
    return user_object(team, member, with_email="users:read.email" in team.manifest.scopes)
