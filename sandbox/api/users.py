"""Web API: users.*, usergroups.*"""

from __future__ import annotations

from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.payloads import profile, user_object
from sandbox.records import Json, Member


@method("users.info")
def info(call: Request) -> Json:
    return {"user": _shown(call, _member(call, call["user"]))}


@method("users.list")
def listed(call: Request) -> Json:
    found, following = call.page(list(call.team.members.values()), default=1000)
    shown = [_shown(call, member) for member in found]
    return {"members": shown, "cache_ts": call.team.epoch(), "response_metadata": following}


@method("users.lookupByEmail")
def by_email(call: Request) -> Json:
    call.require_scope("users:read")
    for member in call.team.members.values():
        if member.email.lower() == call["email"].lower() and not (member.is_bot or member.deleted):
            return {"user": _shown(call, member)}
    raise SlackError("users_not_found")


@method("users.profile.get")
def profile_of(call: Request) -> Json:
    member = _member(call, call.get("user", call.bot))
    return {"profile": profile(call.team, member, with_email=_reads_email(call))}


@method("usergroups.list")
def groups(call: Request) -> Json:
    shown = [group if call.get("include_users") else {k: v for k, v in group.items() if k != "users"}
             for group in call.team.usergroups]  # fmt: skip
    return {"usergroups": shown}


@method("usergroups.users.list")
def group_users(call: Request) -> Json:
    for group in call.team.usergroups:
        if group["id"] == call["usergroup"]:
            return {"users": group.get("users", [])}
    raise SlackError("no_such_subteam")


def _member(call: Request, user: str) -> Member:
    if user not in call.team.members:
        raise SlackError("user_not_found")
    return call.team.members[user]


def _shown(call: Request, member: Member) -> Json:
    return user_object(call.team, member, with_email=_reads_email(call))


def _reads_email(call: Request) -> bool:
    return "users:read.email" in call.team.manifest.scopes
