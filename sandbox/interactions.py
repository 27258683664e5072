"""What a person's Slack sends to the app: commands, clicks, submissions, shortcuts and option queries, and what their
acknowledgement brings about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox import conversations, files, response_urls, views
from sandbox.delivery import NoAnswer
from sandbox.errors import AppDidNotRespond, FormErrors, Refused, SlackError
from sandbox.form_checks import form_errors
from sandbox.payloads import message_object, view_object
from sandbox.records import Channel, Json, Message, View
from sandbox.state_values import from_plain, interactive, state_values, value_object

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
NO_RESPONSE = "The app did not respond."


async def command(team: Workspace, user: str, channel: Channel, text: str) -> None:
    """A slash command typed in a channel, with Slack's words when it fails."""
    word, _, rest = text.strip().partition(" ")
    known = team.manifest.command(word)
    if known is None:
        raise Refused(f"{word} is not a valid command.")
    member = team.members[user]
    rest = messages_escaped(team, rest.strip(), user) if known.should_escape else rest.strip()
    payload: Json = {
        "token": team.verification_token, "team_id": team.team_id, "team_domain": team.domain,
        "channel_id": channel.id, "channel_name": channel_name(channel), "user_id": user, "user_name": member.name,
        "command": word, "text": rest, "api_app_id": team.app_id, "is_enterprise_install": "false",
        "response_url": response_urls.new(team, user, channel), "trigger_id": team.triggers.new(user),
    }  # fmt: skip
    try:
        answer = await team.delivery.send("slash_commands", payload)
    except NoAnswer as failure:
        code = "operation_timeout" if failure.reason == "http_timeout" else "dispatch_failed"
        raise AppDidNotRespond(f"{word} failed because the app did not respond ({code})") from None
    if answer:
        try:
            response_urls.answer(team, user, channel, answer, response_urls.checked_content(team, answer))
        except SlackError as refusal:
            raise AppDidNotRespond(f"{word} failed with the error {refusal}") from None


def messages_escaped(team: Workspace, text: str, user: str) -> str:
    """What a person typed, as Slack passes it on: entities escaped, @Name and #channel as links."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "@" in text:
        for member in sorted(team.members.values(), key=lambda each: -len(each.real_name)):
            for name in (member.real_name, member.name):
                text = text.replace(f"@{name}", f"<@{member.id}>")
    if "#" in text:
        for channel in sorted(team.channels.values(), key=lambda each: -len(each.name)):
            if channel.name and team.sees(user, channel):
                label = channel.name if channel.type == "public" else ""
                text = text.replace(f"#{channel.name}", f"<#{channel.id}|{label}>")
    return text


async def act(team: Workspace, user: str, place: Message | View, block: Json, element: Json, value: Any) -> None:
    """A click or a choice on an element of a message, a modal or a Home; `value` is plain."""
    typed = message_typed(team, user, place) if isinstance(place, Message) else place.typed
    action = _action(team, place, block, element, value, typed)
    payload = _interaction(team, user, "block_actions", in_modal=isinstance(place, View) and place.type == "modal")
    if isinstance(place, Message):
        payload |= _message_context(team, user, place)
        payload["state"] = {"values": state_values(place.blocks or [], typed)}
    else:
        payload["container"] = {"type": "view", "view_id": place.id}
        payload["view"] = view_object(team, place)
    payload["actions"] = [action]
    await _send(team, payload, NO_RESPONSE)


def _action(team: Workspace, place: Message | View, block: Json, element: Json, value: Any, typed: Json) -> Json:
    action: Json = {
        "type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"],
        "action_ts": team.timestamp(),
    }  # fmt: skip
    if element["type"] in ("button", "workflow_button", "icon_button"):
        return action | {name: element[name] for name in ("text", "value", "style", "url") if name in element}
    if element["type"] == "feedback_buttons":
        chosen = next(
            (element[n] for n in ("positive_button", "negative_button") if element[n]["value"] == value), None
        )
        if chosen is None:
            raise Refused("That choice is not there.")
        return action | {"text": chosen["text"], "value": chosen["value"]}
    if element["type"] == "overflow":
        chosen = next((option for option in element["options"] if option["value"] == value), None)
        if chosen is None:
            raise Refused("That choice is not there.")
        return action | {"selected_option": chosen}
    try:
        if isinstance(place, View):
            views.type_one(team, place, block, element, value)
        else:
            chosen = from_plain(element, value, views.offered_options(team, block, element))
            typed.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    except LookupError:
        raise Refused("That choice is not there.") from None
    initial = {name: element[name] for name in element if name.startswith("initial_") or name == "placeholder"}
    return action | value_object(block, element, typed) | initial


def message_typed(team: Workspace, user: str, message: Message) -> Json:
    """What this person has chosen in the message's own inputs."""
    return team.message_state.setdefault((user, message.channel, message.ts), {})


async def submit(team: Workspace, user: str, view: View) -> None:
    """Sends a modal's form; FormErrors keeps it open, AppDidNotRespond too."""
    if view.submit is None:
        raise Refused("This modal has nothing to submit.")
    if errors := form_errors(view.blocks, view.typed):
        raise FormErrors(errors)
    files.hand_over(team, view)
    payload = _interaction(team, user, "view_submission", in_modal=True)
    payload |= {"view": view_object(team, view), "response_urls": _chosen_urls(team, user, view)}
    view.loading = True
    team.changed("modals", audience=[user])
    try:
        answer = await _send(team, payload, TROUBLE)
        _respond(team, user, view, answer)
    finally:
        view.loading = False
        team.changed("modals", audience=[user])


def _chosen_urls(team: Workspace, user: str, view: View) -> list[Json]:
    found = []
    for block, element in interactive(view.blocks):
        if element.get("response_url_enabled"):
            chosen = view.typed.get(block["block_id"], {}).get(element["action_id"])
            if chosen in team.channels:
                url = response_urls.new(team, user, team.channels[chosen])
                found.append({"block_id": block["block_id"], "action_id": element["action_id"],
                              "channel_id": chosen, "response_url": url})  # fmt: skip
    return found


def _respond(team: Workspace, user: str, view: View, answer: Json) -> None:
    """response_action, exactly: anything that Slack would not take keeps the form open with its sentence."""
    what = answer.get("response_action")
    try:
        if what is None and not answer:
            if view.id in team.views:
                views.close(team, user, view)
        elif what == "errors":
            raise FormErrors(_form_errors(view, answer.get("errors")))
        elif what == "update":
            views.update(team, view, answer.get("view"))
        elif what == "push":
            views.push(team, user, answer.get("view"))
        elif what == "clear":
            views.clear(team, user)
        else:
            raise SlackError("invalid_arguments", messages=[f"unknown response_action: {answer}"])
    except SlackError as refusal:
        team.refused_answers.append(str(refusal))
        raise AppDidNotRespond(f"{TROUBLE} ({refusal})") from None


def _form_errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", messages=["errors must name at least one block"])
    for block_id, words in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_arguments", messages=[f"errors name {block_id}, which is not an input block"])
        if not isinstance(words, str) or not words:
            raise SlackError("invalid_arguments", messages=[f"the error of {block_id} must be a sentence"])
    return errors


async def close(team: Workspace, user: str, view: View, *, everything: bool = False) -> None:
    """The Close button (or, with `everything`, leaving the whole stack); tells apps that asked to be told."""
    cleared = everything or view.clear_on_close
    closing = list(reversed(team.stack(user))) if cleared else [view]
    for each in closing:
        payload = _interaction(team, user, "view_closed") | {"view": view_object(team, each), "is_cleared": cleared}
        del payload["trigger_id"]
        views.close(team, user, each)
        if each.notify_on_close:
            try:
                await team.delivery.send("interactive", payload)
            except NoAnswer:
                continue  # nobody sees that an app missed it


async def shortcut(team: Workspace, user: str, callback_id: str, message: Message | None = None) -> None:
    wanted = "message" if message else "global"
    if not any(s.callback_id == callback_id and s.type == wanted for s in team.manifest.shortcuts):
        raise Refused("There is no such shortcut.")
    if message is not None and message.only_for:
        raise Refused("A message that only you see has no shortcuts.")
    kind = "message_action" if message else "shortcut"
    payload = _interaction(team, user, kind) | {"callback_id": callback_id, "action_ts": team.timestamp()}
    if message is not None:
        context = _message_context(team, user, message)
        payload |= {"message": context["message"], "message_ts": message.ts, "channel": context["channel"]}
        payload["response_url"] = context["response_url"]
    await _send(team, payload, NO_RESPONSE)


async def suggest(team: Workspace, user: str, place: Message | View, block: Json, element: Json, query: str) -> Json:
    """Options for an external select: {"options": [...]} or {"option_groups": [...]}."""
    payload = _interaction(team, user, "block_suggestion")
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": query}
    if isinstance(place, Message):
        payload |= _message_context(team, user, place)
    else:
        payload |= {"container": {"type": "view", "view_id": place.id}, "view": view_object(team, place)}
    answer = await _send(team, payload, NO_RESPONSE)
    given = [*answer.get("options", []), *(o for g in answer.get("option_groups", []) for o in g["options"])]
    for option in given:
        team.offered[(block["block_id"], element["action_id"], option["value"])] = option
    return {name: answer[name] for name in ("options", "option_groups") if name in answer}


def _interaction(team: Workspace, user: str, kind: str, *, in_modal: bool = False) -> Json:
    member = team.members[user]
    return {
        "type": kind,
        "team": {"id": team.team_id, "domain": team.domain},
        "user": {"id": user, "username": member.name, "name": member.name, "team_id": team.team_id},
        "api_app_id": team.app_id,
        "token": team.verification_token,
        "trigger_id": team.triggers.new(user, in_modal=in_modal),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _message_context(team: Workspace, user: str, message: Message) -> Json:
    channel = team.channels[message.channel]
    container: Json = {
        "type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": bool(message.only_for),
    }  # fmt: skip
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    context: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": response_urls.new(team, user, channel, message),
    }
    if not message.only_for:  # Slack does not tell what an ephemeral message said
        context["message"] = message_object(team, message)
    return context


def channel_name(channel: Channel) -> str:
    return {"dm": "directmessage", "private": "privategroup"}.get(channel.type, channel.name)


async def _send(team: Workspace, payload: Json, otherwise: str) -> Json:
    if not team.manifest.interactivity:
        raise Refused("This app is not configured to handle interactive responses.")
    try:
        return await team.delivery.send("interactive", payload)
    except NoAnswer as failure:
        raise AppDidNotRespond(f"{otherwise} ({failure.reason})") from None


def open_home(team: Workspace, user: str) -> None:
    """app_home_opened: the Home tab, with the view that is there already."""
    if not team.manifest.home_tab:
        raise Refused("This app has no Home tab.")
    channel = conversations.open_direct(team, team.bot_user_id, user)
    home = team.home(user)
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
    team.events.publish(event | ({"view": view_object(team, home)} if home else {}))
