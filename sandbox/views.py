"""Modals and App Homes: opening, pushing, updating, publishing, and what survives an update."""

from __future__ import annotations

import copy
import secrets
from typing import TYPE_CHECKING, Any

from sandbox import files
from sandbox.blockkit import is_too_large, view_problems
from sandbox.errors import SlackError
from sandbox.payloads import file_object
from sandbox.records import Json, Stack, View
from sandbox.state_values import LISTS, VALUE_NAMES, current, from_plain, interactive, options

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

DEEPEST_STACK = 3
DEFAULTS: Json = {
    "title": None, "submit": None, "close": None, "private_metadata": "", "callback_id": "", "external_id": "",
    "clear_on_close": False, "notify_on_close": False,
}  # fmt: skip


def open_modal(team: Workspace, user: str, source: Any) -> View:
    """A new stack; whatever was open before is gone."""
    _check(team, source, "modal")
    _check_external_id(team, source, None)
    for view in team.stack(user):
        _forget(team, view)
    return _push(team, user, [], source)


def push(team: Workspace, user: str, source: Any) -> View:
    stack = team.stack(user)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise SlackError("push_limit_reached")
    _check(team, source, "modal")
    _check_external_id(team, source, None)
    return _push(team, user, stack, source)


def update(team: Workspace, view: View, source: Any, view_hash: str | None = None) -> View:
    """Replaces what the view shows; values of elements with the same block_id, action_id and type stay."""
    _check(team, source, view.type)
    if view_hash and view_hash != view.hash:
        raise SlackError("hash_conflict")
    _check_external_id(team, source, view)
    held = _held(view)
    _fill(view, source)
    view.typed = _kept(view, held)
    view.loading = False
    return _shown(team, view)


def publish(team: Workspace, user: str, source: Any, view_hash: str | None = None) -> View:
    home = team.home(user)
    if home is not None:
        return update(team, home, source, view_hash)
    _check(team, source, "home")
    _check_external_id(team, source, None)
    home = View(team.new_id("V"), user, "home", "", [])
    home.root_view_id = home.id
    _fill(home, source)
    team.views[home.id] = home
    return _shown(team, home)


def close(team: Workspace, user: str, view: View) -> None:
    """Takes one view off its stack."""
    stack = team.stacks[user]
    if view.id in stack.views:
        stack.views.remove(view.id)
        team.storage.save(stack)
    _forget(team, view)
    team.changed("modals", audience=[user])


def clear(team: Workspace, user: str) -> None:
    for view in reversed(team.stack(user)):
        close(team, user, view)


def type_in(team: Workspace, view: View, state: Json) -> None:
    """Takes over a whole state of the page (plain values): what is missing there is empty."""
    typed: dict[str, dict[str, Any]] = {}
    for block, element in interactive(view.blocks):
        if element["type"] in VALUE_NAMES:
            plain = (state.get(block["block_id"]) or {}).get(element["action_id"])
            offered = offered_options(team, block, element)
            try:
                value = from_plain(element, plain, offered)
            except (KeyError, TypeError):
                raise SlackError("invalid_option", block_id=block["block_id"]) from None
            typed.setdefault(block["block_id"], {})[element["action_id"]] = value
    view.typed = typed
    team.storage.save(view)
    team.storage.commit()


def type_one(team: Workspace, view: View, block: Json, element: Json, plain: Any) -> None:
    """One element's new value, plain; LookupError for an option that is not there."""
    value = from_plain(element, plain, offered_options(team, block, element))
    view.typed.setdefault(block["block_id"], {})[element["action_id"]] = value
    team.storage.save(view)
    team.storage.commit()


def offered_options(team: Workspace, block: Json, element: Json) -> dict[str, Json]:
    """Options that the app suggested for an external select, by value; files that were chosen in an input, by id."""
    if element["type"] == "file_input":
        here = files.place(block, element)
        return {file.id: file_object(team, file) for file in team.files.values() if file.chosen_in == here}
    place = (block["block_id"], element["action_id"])
    return {value: option for (*key, value), option in team.offered.items() if tuple(key) == place}


def _check(team: Workspace, source: Any, kind: str) -> None:
    if is_too_large(source):
        raise SlackError("view_too_large")
    found = view_problems(source, team.refused_blocks)
    if not found and source["type"] != kind:
        found = [f"must be a {kind} view [json-pointer:/view/type]"]
    if found:
        raise SlackError("invalid_arguments", messages=found)
    provided = team.manifest.scopes
    if "files:read" not in provided and any(
        block.get("element", {}).get("type") == "file_input" for block in source["blocks"]
    ):
        raise SlackError("missing_scope", needed="files:read", provided=",".join(provided))


def _check_external_id(team: Workspace, source: Json, own: View | None) -> None:
    external_id = source.get("external_id")
    if external_id and any(v.external_id == external_id and v is not own for v in team.views.values()):
        raise SlackError("duplicate_external_id")


def _push(team: Workspace, user: str, below: list[View], source: Json) -> View:
    view = View(team.new_id("V"), user, "modal", "", [])
    view.root_view_id = below[0].id if below else view.id
    view.previous_view_id = below[-1].id if below else None
    _fill(view, source)
    team.views[view.id] = view
    stack = Stack(user, [*(each.id for each in below), view.id])
    team.stacks[user] = stack
    team.storage.save(stack)
    return _shown(team, view)


def _fill(view: View, source: Json) -> None:
    for name, default in DEFAULTS.items():
        setattr(view, name, copy.deepcopy(source.get(name, default)))
    view.blocks = with_ids(source["blocks"])


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which each block has a block_id and each interactive element an action_id, as Slack gives them."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or []),
                        *(block.get("actions") or [])]:  # fmt: skip
            if isinstance(element, dict) and (element.get("type") in VALUE_NAMES or _is_pressed(element)):
                element.setdefault("action_id", secrets.token_urlsafe(4))
        if "child_blocks" in block:
            block["child_blocks"] = with_ids(block["child_blocks"])
    return blocks


def _is_pressed(element: Json) -> bool:
    return element.get("type") in ("button", "overflow", "workflow_button", "feedback_buttons", "icon_button")


def _held(view: View) -> dict[tuple[str, str, str], Any]:
    return {
        (block["block_id"], element["action_id"], element["type"]): current(block, element, view.typed)
        for block, element in interactive(view.blocks)
        if element["type"] in VALUE_NAMES
    }


def _kept(view: View, held: dict[tuple[str, str, str], Any]) -> dict[str, dict[str, Any]]:
    typed: dict[str, dict[str, Any]] = {}
    for block, element in interactive(view.blocks):
        key = (block["block_id"], element["action_id"], element["type"])
        if key in held and _fits(element, held[key]):
            typed.setdefault(block["block_id"], {})[element["action_id"]] = held[key]
    return typed


def _fits(element: Json, value: Any) -> bool:
    """A chosen option stays only while it is still among the options."""
    if not (known := options(element)) or value is None:
        return True
    return all(option in known for option in value) if element["type"] in LISTS else value in known


def _shown(team: Workspace, view: View) -> View:
    view.hash = f"{team.epoch()}.{secrets.token_hex(4)}"
    team.storage.save(view)
    team.changed("home" if view.type == "home" else "modals", audience=[view.user])
    return view


def _forget(team: Workspace, view: View) -> None:
    team.views.pop(view.id, None)
    team.storage.remove(view)
