"""The small vocabulary that every picture is made of: Slack's blocks and elements as dicts within Slack's limits."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.values import shortened

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]

MAX_TEXT = 3000
MAX_BUTTON = 75
MAX_OPTION = 75
MAX_TITLE = 24
MAX_HEADER = 150
MAX_PLACEHOLDER = 150
_OF_VIEW = ("type", "title", "submit", "close", "private_metadata", "callback_id")  # what a person or Baton gave it
_WORDS = "words"  # the block in which an open view is told something


class Style(StrEnum):
    """How a button speaks."""

    PLAIN = ""
    PRIMARY = "primary"
    DANGER = "danger"


def escape(typed: str) -> str:
    """What a person typed, so that Slack shows it and does nothing else with it."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """`text` within `limit` characters; what does not fit ends in an ellipsis. Slack counts UTF-16 units."""
    kept = shortened(text, limit)
    if kept == text:
        return text
    # An entity cut in two would show its pieces.
    head, entity, tail = kept[:-1].rpartition("&")
    return f"{head}…" if entity and ";" not in tail and len(tail) < 5 else kept


def in_brief(typed: str, limit: int) -> str:
    """What somebody typed, escaped, as one line within `limit` characters."""
    return escape(clip(" ".join(typed.split()), limit))


def plain(text: str, limit: int = MAX_TEXT) -> Element:
    """Text that Slack does not parse."""
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": False}


def mrkdwn(text: str, limit: int = MAX_TEXT) -> Element:
    """Text that Slack parses: what people typed must be escaped in it. A bare @name or address stays just that."""
    return {"type": "mrkdwn", "text": clip(text, limit) or " ", "verbatim": True}


def person(user: str | None) -> str:
    """A mention, or words when nobody is named."""
    return f"<@{user}>" if user else "_nobody yet_"


def day(value: date) -> str:
    """A date as people read it everywhere: 1 December 2026."""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """A moment in the reader's own time zone."""
    fallback = f"{value.day} {value:%b %Y %H:%M} UTC"
    return f"<!date^{int(value.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def span(value: timedelta, *, days: bool = True) -> str:
    """A length of time in its two largest units: 3 d 4 h, 3 h 20 min, 5 min. Working time is not told in days."""
    minutes = round(abs(value) / timedelta(minutes=1))  # what is drawn a few seconds late says "3 h", not "2 h 59 min"
    hours, minutes = divmod(minutes, 60)
    whole_days, hours = divmod(hours, 24) if days else (0, hours)
    parts = [f"{number} {unit}" for number, unit in ((whole_days, "d"), (hours, "h"), (minutes, "min")) if number]
    return " ".join(parts[:2]) or "less than a minute"


# -- blocks


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": plain(text, MAX_HEADER)}


def section(text: str, accessory: Element | None = None) -> Block:
    """A paragraph of mrkdwn, with something to press beside it if need be."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def literal(text: str, accessory: Element | None = None) -> Block:
    """A paragraph just as it was typed, with something to press beside it if need be."""
    block: Block = {"type": "section", "text": plain(text)}
    return block | {"accessory": accessory} if accessory else block


def facts(pairs: Iterable[tuple[str, str]]) -> Block:
    """Up to ten labelled facts in two columns; the values are mrkdwn."""
    return {"type": "section", "fields": [mrkdwn(f"*{label}*\n{value}", 2000) for label, value in pairs][:10]}


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Element) -> Block:
    """A row of things to press."""
    return {"type": "actions", "elements": list(elements)[:25]}


def field_input(
    block_id: str, label: str, element: Element, *, hint: str | None = None, optional: bool = True
) -> Block:
    """A labelled input of a form; its answer is read back under `block_id`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element | {"action_id": "answer"},
        "optional": optional,
    }
    return block | {"hint": plain(hint, 2000)} if hint else block


def rich(*parts: Sequence[Element]) -> Block:
    """Paragraphs of literal text (see `said` and `strong`): nothing in them is parsed."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(p)} for p in parts]}


def said(text: str) -> Element:
    """Literal text, just as it was typed."""
    return {"type": "text", "text": text}


def verbatim(text: str) -> Block:
    """Literal text of fixed width, as one piece that is easy to copy."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [said(text)]}]}


def strong(text: str) -> Element:
    """Literal bold text."""
    return {"type": "text", "text": text, "style": {"bold": True}}


def mention(user: str) -> Element:
    """A person in literal text."""
    return {"type": "user", "user_id": user}


# -- elements


def button(text: str, action_id: str, value: str = "", style: Style = Style.PLAIN, label: str = "") -> Element:
    """A button; `label` is what a screen reader says where the text alone is not enough."""
    element: Element = {"type": "button", "text": plain(text, MAX_BUTTON), "action_id": action_id}
    if value:
        element["value"] = value
    if style:
        element["style"] = style.value
    if label:
        element["accessibility_label"] = clip(label, MAX_BUTTON)
    return element


def link_button(text: str, action_id: str, url: str) -> Element:
    """A button that opens an address (3,000 characters at most) in the browser."""
    return {"type": "button", "text": plain(text, MAX_BUTTON), "action_id": action_id, "url": url}


def option(text: str, value: str, description: str = "") -> Element:
    """One choice."""
    choice: Element = {"text": plain(text, MAX_OPTION), "value": value}
    return choice | {"description": plain(description, MAX_OPTION)} if description else choice


def overflow(action_id: str, options: Sequence[Element]) -> Element:
    """A small menu (one to five entries)."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)[:5]}


def select(options: Sequence[Element], chosen: str = "", placeholder: str = "Choose") -> Element:
    """One of a list; `chosen` is the value picked already."""
    element: Element = {
        "type": "static_select",
        "options": list(options),
        "placeholder": plain(placeholder, MAX_PLACEHOLDER),
    }
    initial = next((one for one in options if one["value"] == chosen), None)
    return element | {"initial_option": initial} if initial else element


def radio(options: Sequence[Element], chosen: str = "") -> Element:
    """One of a few, all visible."""
    element: Element = {"type": "radio_buttons", "options": list(options)}
    initial = next((one for one in options if one["value"] == chosen), None)
    return element | {"initial_option": initial} if initial else element


def checkboxes(options: Sequence[Element], chosen: Collection[str] = ()) -> Element:
    """Any of a few (one to ten), all visible."""
    element: Element = {"type": "checkboxes", "options": list(options)}
    ticked = [one for one in options if one["value"] in chosen]
    return element | {"initial_options": ticked} if ticked else element


def person_select(chosen: str | None = None, placeholder: str = "Choose a person") -> Element:
    """A member of the workspace."""
    element: Element = {"type": "users_select", "placeholder": plain(placeholder, MAX_PLACEHOLDER)}
    return element | {"initial_user": chosen} if chosen else element


def people_select(chosen: Sequence[str] = (), placeholder: str = "Choose people") -> Element:
    """Members of the workspace."""
    element: Element = {"type": "multi_users_select", "placeholder": plain(placeholder, MAX_PLACEHOLDER)}
    return element | {"initial_users": list(chosen)} if chosen else element


def date_input(chosen: str = "") -> Element:
    """A day; `chosen` as YYYY-MM-DD."""
    return {"type": "datepicker"} | ({"initial_date": chosen} if chosen else {})


def time_input(chosen: str = "") -> Element:
    """A time of day; `chosen` as HH:MM."""
    return {"type": "timepicker"} | ({"initial_time": chosen} if chosen else {})


def moment_input(chosen: datetime | None = None) -> Element:
    """A day and a time, in the time zone of who looks at it; answered in seconds since 1970."""
    return {"type": "datetimepicker"} | ({"initial_date_time": int(chosen.timestamp())} if chosen else {})


def text_input(initial: str = "", *, multiline: bool = False, max_length: int = MAX_TEXT) -> Element:
    """A line, or lines, of text."""
    element: Element = {"type": "plain_text_input", "multiline": multiline, "max_length": min(max_length, MAX_TEXT)}
    return element | {"initial_value": initial[: element["max_length"]]} if initial else element


def typed_input(kind: str, initial: str = "") -> Element:
    """Slack's own input for `email_text_input` or `url_text_input`."""
    return {"type": kind} | ({"initial_value": initial[:MAX_TEXT]} if initial else {})


def number_input(initial: str = "", *, decimals: bool = False) -> Element:
    """A number from 0 up."""
    element: Element = {"type": "number_input", "is_decimal_allowed": decimals, "min_value": "0"}
    return element | {"initial_value": initial} if initial else element


def file_input(*kinds: str) -> Element:
    """One file whose name ends in one of `kinds`."""
    return {"type": "file_input", "filetypes": list(kinds), "max_files": 1}


# -- views


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str = "",
    submit: str = "",
    close: str = "Close",
    metadata: str = "",
) -> View:
    """A modal; without `submit` it is for reading."""
    view: View = {"type": "modal", "title": plain(title, MAX_TITLE), "blocks": list(blocks)[:100]}
    view |= {"close": plain(close, MAX_TITLE), "private_metadata": metadata, "callback_id": callback_id or "read"}
    return view | {"submit": plain(submit, MAX_TITLE)} if submit else view


def with_words(view: View, words: str) -> View:
    """An open view as Slack sent it, with `words` at its top in the place of earlier ones; what was typed stays."""
    kept = {key: view[key] for key in _OF_VIEW if view.get(key)}
    rest = [block for block in view["blocks"] if block.get("block_id") != _WORDS]
    return kept | {"blocks": [section(words) | {"block_id": _WORDS}, *rest][:100]}


def home(blocks: Sequence[Block], metadata: str = "") -> View:
    """The App Home tab."""
    return {"type": "home", "blocks": list(blocks)[:100], "private_metadata": metadata}
