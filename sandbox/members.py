"""What happens to people: joining the team, being deactivated, changing profile, and the events that tell the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
