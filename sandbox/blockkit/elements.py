"""Block Kit's composition objects and interactive elements, with their limits."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blockkit.checks import (
    Check,
    Report,
    anything,
    array,
    boolean,
    by_type,
    exactly_one,
    integer,
    one_of,
    only_types,
    shape,
    string,
    url,
)  # fmt: skip


def plain_text(longest: int, shortest: int = 1) -> Check:
    return shape({"type": one_of("plain_text"), "text": string(longest, shortest)}, {"emoji": boolean})


def _mrkdwn(longest: int) -> Check:
    return shape({"type": one_of("mrkdwn"), "text": string(longest)}, {"verbatim": boolean})


def text(longest: int) -> Check:
    """plain_text or mrkdwn."""
    return by_type({"plain_text": plain_text(longest), "mrkdwn": _mrkdwn(longest)}, {}, "text object")


ACTION_ID = string(255)
DATE = string(10, pattern=r"\d{4}-\d\d-\d\d")
TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
CONFIRM = shape(
    {"title": plain_text(100), "text": text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)


def _option(label: Check, **more: Check) -> Check:
    return shape({"text": label, "value": string(150)}, {"description": label, **more})


OPTION = _option(plain_text(75))
RICH_OPTION = _option(text(75))
LINK_OPTION = _option(plain_text(75), url=url())
GROUP = shape({"label": plain_text(75), "options": array(OPTION, 100)})
FILTER = shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _focus(value: Any, path: str, report: Report) -> None:
    report.focus += value.get("focus_on_load") is True
    if report.focus > 1 and value.get("focus_on_load"):
        report.add("only one element may have focus_on_load", path)


def _initial_among_options(value: Any, path: str, report: Report) -> None:
    """An initial option must equal one of the options, text and all; values are unique."""
    if not all(isinstance(value.get(name, []), list) for name in ("options", "option_groups", "initial_options")):
        return
    groups = [group for group in value.get("option_groups", []) if isinstance(group, dict)]
    known = [
        *value.get("options", []),
        *(o for g in groups if isinstance(g.get("options"), list) for o in g["options"]),
    ]
    chosen = value.get("initial_options", []) + ([value["initial_option"]] if "initial_option" in value else [])
    for option in chosen:
        if option not in known:
            report.add("initial option must exactly match one of the options", path)
    values = [option.get("value") for option in known if isinstance(option, dict)]
    for duplicate in {str(each) for each in values if values.count(each) > 1}:
        report.add(f"duplicate option value: {duplicate}", path)


def _number_range(value: Any, path: str, report: Report) -> None:
    for name in ("min_value", "max_value", "initial_value"):
        try:
            Decimal(value.get(name, "0"))
        except (InvalidOperation, TypeError, ValueError):
            report.add("must be a number in a string", f"{path}/{name}")


def _lengths(value: Any, path: str, report: Report) -> None:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    initial = value.get("initial_value", "")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add("min_length must not exceed max_length", path)
    if isinstance(initial, str) and isinstance(most, int) and len(initial) > most:
        report.add("initial_value is longer than max_length", path)


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check], *more: Check) -> tuple[str, Check]:
    always = {"type": one_of(kind), **required}
    return kind, shape(always, {"action_id": ACTION_ID, **optional}, *more)


INPUT = {"placeholder": plain_text(150), "focus_on_load": boolean}
SELECT = {**INPUT, "confirm": CONFIRM}
PICKER = {**SELECT}
MULTI = {"max_selected_items": integer(1, 100)}
STATIC = {"options": array(OPTION, 100), "option_groups": array(GROUP, 100)}
IDS = array(string(255), 100)
DISPATCH = shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)})
TYPED = {**INPUT, "initial_value": string(3000, 0), "dispatch_action_config": DISPATCH}
CHOICE = {"confirm": CONFIRM, "focus_on_load": boolean}
SOURCE = exactly_one("options", "option_groups")
FEEDBACK = shape({"text": plain_text(75), "value": string(2000)}, {"accessibility_label": string(75)})

ELEMENTS: dict[str, Check] = dict([
    _element("button", {"text": plain_text(75)}, {
        "value": string(2000), "url": url(), "style": one_of("primary", "danger"), "confirm": CONFIRM,
        "accessibility_label": string(75), "agent_prompt": string(4000),
    }),
    _element("static_select", {}, {**SELECT, **STATIC, "initial_option": OPTION},
             SOURCE, _initial_among_options, _focus),
    _element("multi_static_select", {}, {**SELECT, **STATIC, **MULTI, "initial_options": array(OPTION, 100)},
             SOURCE, _initial_among_options, _focus),
    _element("external_select", {}, {**SELECT, "min_query_length": integer(0, 100), "initial_option": OPTION}, _focus),
    _element("multi_external_select", {}, {
        **SELECT, **MULTI, "min_query_length": integer(0, 100), "initial_options": array(OPTION, 100)}, _focus),
    _element("users_select", {}, {**SELECT, "initial_user": string(255)}, _focus),
    _element("multi_users_select", {}, {**SELECT, **MULTI, "initial_users": IDS}, _focus),
    _element("conversations_select", {}, {
        **SELECT, "initial_conversation": string(255), "default_to_current_conversation": boolean, "filter": FILTER,
        "response_url_enabled": boolean}, _focus),
    _element("multi_conversations_select", {}, {
        **SELECT, **MULTI, "initial_conversations": IDS, "default_to_current_conversation": boolean,
        "filter": FILTER}, _focus),
    _element("channels_select", {}, {
        **SELECT, "initial_channel": string(255), "response_url_enabled": boolean}, _focus),
    _element("multi_channels_select", {}, {**SELECT, **MULTI, "initial_channels": IDS}, _focus),
    _element("overflow", {"options": array(LINK_OPTION, 5)}, {"confirm": CONFIRM}, _initial_among_options),
    _element("checkboxes", {"options": array(RICH_OPTION, 10)}, {**CHOICE, "initial_options": array(RICH_OPTION, 10)},
             _initial_among_options, _focus),
    _element("radio_buttons", {"options": array(RICH_OPTION, 10)}, {**CHOICE, "initial_option": RICH_OPTION},
             _initial_among_options, _focus),
    _element("datepicker", {}, {**PICKER, "initial_date": DATE}, _focus),
    _element("timepicker", {}, {**PICKER, "initial_time": TIME, "timezone": string(100)}, _focus),
    _element("datetimepicker", {}, {**CHOICE, "initial_date_time": integer(10**9, 10**10 - 1)}, _focus),
    _element("plain_text_input", {}, {
        **TYPED, "multiline": boolean, "min_length": integer(0, 3000), "max_length": integer(1, 3000)},
             _lengths, _focus),
    _element("number_input", {"is_decimal_allowed": boolean}, {
        **TYPED, "min_value": string(100), "max_value": string(100)}, _number_range, _focus),
    _element("email_text_input", {}, TYPED, _focus),
    _element("url_text_input", {}, TYPED, _focus),
    _element("rich_text_input", {}, {**INPUT, "initial_value": anything, "dispatch_action_config": DISPATCH}, _focus),
    _element("file_input", {}, {"filetypes": array(string(20), 100), "max_files": integer(1, 10)}),
    _element("workflow_button", {"text": plain_text(75), "workflow": anything}, {
        "style": one_of("primary", "danger"), "accessibility_label": string(75)}),
    _element("feedback_buttons", {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, {}),
    _element("icon_button", {"icon": one_of("trash"), "text": plain_text(75)}, {
        "value": string(2000), "confirm": CONFIRM, "accessibility_label": string(75), "visible_to_user_ids": IDS}),
])  # fmt: skip

MODAL_ONLY = ("email_text_input", "number_input", "url_text_input", "file_input")
MESSAGE_ONLY = ("workflow_button", "feedback_buttons", "icon_button")
ELEMENT_SURFACES = {
    **dict.fromkeys(MODAL_ONLY, ("modal",)),
    **dict.fromkeys(MESSAGE_ONLY, ("message",)),
    "datetimepicker": ("message", "modal"),
    "rich_text_input": ("modal", "home"),
}
ELEMENT = by_type(ELEMENTS, ELEMENT_SURFACES, "element")
TEXT_INPUTS = frozenset({"plain_text_input", "rich_text_input", *MODAL_ONLY})
SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
CHOICES = SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
ACCESSORY = only_types(ELEMENT, CHOICES | {"button", "overflow", "workflow_button"}, "section's accessory")
IN_ACTIONS = only_types(
    ELEMENT,
    CHOICES | {"button", "overflow", "workflow_button", "datetimepicker"},
    "element of an actions block",
)
IN_INPUT = only_types(ELEMENT, CHOICES | TEXT_INPUTS | {"datetimepicker"}, "input")
