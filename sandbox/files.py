"""Files that people choose in a form: taken in, handed to the app with the form, deleted; and who may have which."""

from __future__ import annotations

import base64
import mimetypes
from typing import TYPE_CHECKING

from sandbox.errors import Refused
from sandbox.records import File, Json, View
from sandbox.state_values import current, interactive

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

LARGEST_CHOSEN = 10_000_000  # bytes


def place(block: Json, element: Json) -> str:
    """What a chosen file remembers of its input: those a view's update keeps a value by."""
    return f"{block['block_id']}/{element['action_id']}"


def choose(team: Workspace, me: str, block: Json, element: Json, name: str, content: bytes) -> File:
    """A file picked in a file_input, kept for this person until the form is sent; refused in words."""
    if element["type"] != "file_input":
        raise Refused("No files can be added here.")
    kinds = [kind.lower() for kind in element.get("filetypes", [])]
    if kinds and name.rpartition(".")[2].lower() not in kinds:
        raise Refused(f"{name} can't be added: only {', '.join(kinds)} files can.")
    if not content:
        raise Refused(f"{name} is empty.")
    if len(content) > LARGEST_CHOSEN:
        raise Refused(f"{name} is too large: a file may have {LARGEST_CHOSEN // 1_000_000} MB.")
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(team.new_id("F"), name, len(content), mimetype, me, name, team.epoch(), uploaded=True, completed=True)
    file.content, file.chosen_in = base64.b64encode(content).decode(), place(block, element)
    team.files[file.id] = file
    team.storage.save(file)
    return file


def hand_over(team: Workspace, view: View) -> None:
    """From its submission on the app may have what was chosen in the form."""
    for block, element in interactive(view.blocks):
        if element["type"] == "file_input":
            for chosen in current(block, element, view.typed) or []:
                team.files[chosen["id"]].handed_over = True
                team.storage.save(team.files[chosen["id"]])


def delete(team: Workspace, file_id: str) -> None:
    """As its owner would: the file's id is remembered, its bytes are gone."""
    file = team.files[file_id]
    file.deleted, file.content = True, ""
    team.storage.save(file)
    team.storage.commit()


def visible(team: Workspace, file: File, user: str) -> bool:
    """The owner's, the members' of the channels where it was shared, and the app's once a form brought it."""
    if file.owner == user or (file.handed_over and user == team.bot_user_id):
        return True
    return any(team.sees(user, team.channels[channel]) for channel in file.channels if channel in team.channels)
