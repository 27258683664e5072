"""Web API: api.test, auth.test, apps.connections.open, team.info, blocks.validate."""

from __future__ import annotations

from sandbox.api.calls import Request, method
from sandbox.blockkit import problems, view_problems
from sandbox.errors import SlackError
from sandbox.records import Json


@method("api.test")
def test(call: Request) -> Json:
    if call.get("error"):
        raise SlackError(call["error"], args=call.arguments)
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Request) -> Json:
    team = call.team
    return {
        "url": f"{team.base_url or call.host}/",
        "team": team.name,
        "user": team.manifest.bot_name,
        "team_id": team.team_id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open")
def open_connection(call: Request) -> Json:
    ticket = call.team.delivery.sockets.ticket()
    address = call.host.replace("http", "ws", 1)
    return {"url": f"{address}/socket?ticket={ticket}&app_id={call.team.app_id}"}


@method("team.info")
def team_info(call: Request) -> Json:
    team = call.team
    if call.get("team", team.team_id) != team.team_id:
        raise SlackError("team_not_found")
    described = {"id": team.team_id, "name": team.name, "domain": team.domain, "email_domain": f"{team.domain}.example"}
    return {"team": {**described, "icon": {"image_default": True}, "url": f"{team.base_url or call.host}/"}}


@method("blocks.validate")
def validate(call: Request) -> Json:
    given = [name for name in ("blocks", "view", "message") if name in call.arguments]
    if len(given) != 1:
        raise SlackError("invalid_arguments", messages=["exactly one of blocks, view or message is needed"])
    value = call[given[0]]
    if given[0] == "view":
        found = view_problems(value)
    else:
        found = problems(value.get("blocks") if given[0] == "message" and isinstance(value, dict) else value, "message")
    if found:
        raise SlackError("invalid_blocks", messages=found)
    return {}
