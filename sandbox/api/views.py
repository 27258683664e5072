"""Web API: views.open, push, update, publish."""

from __future__ import annotations

from sandbox import views
from sandbox.api.calls import Request, method
from sandbox.errors import SlackError
from sandbox.payloads import view_object
from sandbox.records import Json, View
from sandbox.triggers import Trigger


@method("views.open")
def open_view(call: Request) -> Json:
    view = views.open_modal(call.team, _trigger(call).user, call["view"])
    return {"view": view_object(call.team, view)}


@method("views.push")
def push_view(call: Request) -> Json:
    trigger = _trigger(call)
    if not trigger.in_modal:
        raise SlackError("invalid_trigger_id")
    return {"view": view_object(call.team, views.push(call.team, trigger.user, call["view"]))}


@method("views.update")
def update_view(call: Request) -> Json:
    view = views.update(call.team, _view(call), call["view"], call.get("hash"))
    return {"view": view_object(call.team, view)}


@method("views.publish")
def publish_home(call: Request) -> Json:
    team = call.team
    if not team.manifest.home_tab:
        raise SlackError("not_enabled")
    member = team.members.get(call["user_id"])
    if member is None or member.is_bot:
        raise SlackError("user_not_found")
    if member.deleted:
        raise SlackError("user_disabled")
    return {"view": view_object(team, views.publish(team, member.id, call["view"], call.get("hash")))}


def _trigger(call: Request) -> Trigger:
    if "trigger_id" not in call.arguments:
        raise SlackError("invalid_arguments", messages=["missing required field: trigger_id"])
    return call.team.triggers.use(call["trigger_id"])


def _view(call: Request) -> View:
    view_id, external_id = call.get("view_id"), call.get("external_id")
    if bool(view_id) == bool(external_id):
        raise SlackError("invalid_arguments", messages=["exactly one of view_id or external_id is needed"])
    for view in call.team.views.values():
        if view.type == "modal" and (view.id == view_id or (external_id and view.external_id == external_id)):
            return view
    raise SlackError("not_found")
