"""Block Kit's blocks, with their limits and the surfaces that show them."""

from __future__ import annotations

from typing import Any

from sandbox.blockkit.charts import DATA_TABLE, DATA_VISUALIZATION, TABLE
from sandbox.blockkit.checks import (
    Check,
    Report,
    array,
    at_least_one,
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
from sandbox.blockkit.elements import ACCESSORY, ELEMENT, ELEMENTS, IN_ACTIONS, IN_INPUT, plain_text, text
from sandbox.blockkit.rich_text import RICH_TEXT

BLOCK_ID = string(255)
MOST_MARKDOWN = 12_000
SLACK_FILE = shape({}, {"id": string(255), "url": url()}, exactly_one("id", "url"))
IMAGE_SOURCE = {"image_url": url(), "slack_file": SLACK_FILE}
ONE_SOURCE = exactly_one("image_url", "slack_file")
IMAGE = shape({"type": one_of("image"), "alt_text": string(2000)}, IMAGE_SOURCE, ONE_SOURCE)


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check], *more: Check) -> tuple[str, Check]:
    return kind, shape({"type": one_of(kind), **required}, {"block_id": BLOCK_ID, **optional}, *more)


def _with_image(check: Check) -> Check:
    def either(value: Any, path: str, report: Report) -> None:
        chosen = IMAGE if isinstance(value, dict) and value.get("type") == "image" else check
        chosen(value, path, report)

    return either


def _unique_action_ids(value: Any, path: str, report: Report) -> None:
    elements = value.get("elements") or value.get("actions") or []
    ids = [e["action_id"] for e in elements if isinstance(e, dict) and isinstance(e.get("action_id"), str)]
    for duplicate in sorted({each for each in ids if ids.count(each) > 1}):
        report.add(f"action_id `{duplicate}` already exists", path)


def _input(value: Any, path: str, report: Report) -> None:
    element = value.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input" and value.get("dispatch_action"):
        report.add("dispatch_action is not supported with file_input", path)
    if report.surface != "modal" and isinstance(element, dict):
        for name in ("response_url_enabled",):
            if name in element:
                report.add(f"{name} is only available in modals", f"{path}/element/{name}")


def _markdown(value: Any, path: str, report: Report) -> None:
    if isinstance(value.get("text"), str):
        report.markdown += len(value["text"])
        if report.markdown > MOST_MARKDOWN:
            report.add(f"must be less than {MOST_MARKDOWN + 1} characters in total", f"{path}/text")


def _video(value: Any, path: str, report: Report) -> None:
    if isinstance(value.get("video_url"), str) and not value["video_url"].startswith("https://"):
        report.add("must be https", f"{path}/video_url")


CONTEXT_ELEMENT = by_type({"image": IMAGE, "mrkdwn": text(3000), "plain_text": text(3000)}, {}, "context element")
BUTTON = only_types(ELEMENT, ("button",), "button")
CARD_FIELDS: dict[str, Check] = {
    "hero_image": IMAGE, "icon": IMAGE, "slack_icon": string(255), "title": text(150), "subtitle": text(150),
    "body": text(200), "subtext": text(200), "actions": array(BUTTON, 3),
}  # fmt: skip
CARD = _block("card", {}, CARD_FIELDS, at_least_one("hero_image", "title", "actions", "body"), _unique_action_ids)
CONTAINED = (
    "actions",
    "context",
    "divider",
    "file",
    "header",
    "image",
    "input",
    "rich_text",
    "section",
    "table",
    "video",
)


def _contained(value: Any, path: str, report: Report) -> None:
    CHILD(value, path, report)


def _task(value: Any, path: str, report: Report) -> None:
    TASK_CARD[1](value, path, report)


TASK_CARD = _block(
    "task_card",
    {"task_id": string(255), "title": string(150)},
    {
        "status": one_of("pending", "in_progress", "complete", "error"),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": array(shape({"type": one_of("url"), "url": url(), "text": string(150)}), 20),
    },
)
BLOCKS: dict[str, Check] = dict([
    _block("section", {}, {"text": text(3000), "fields": array(text(2000), 10), "accessory": _with_image(ACCESSORY),
                           "expand": boolean}, at_least_one("text", "fields")),
    _block("header", {"text": plain_text(150)}, {"level": integer(1, 4)}),
    _block("divider", {}, {}),
    _block("image", {"alt_text": string(2000)}, {**IMAGE_SOURCE, "title": plain_text(2000)}, ONE_SOURCE),
    _block("context", {"elements": array(CONTEXT_ELEMENT, 10)}, {}),
    _block("actions", {"elements": array(IN_ACTIONS, 25)}, {}, _unique_action_ids),
    _block("input", {"label": plain_text(2000), "element": IN_INPUT},
           {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean}, _input),
    _block("video", {"alt_text": string(2000), "title": plain_text(199), "video_url": url(), "thumbnail_url": url()},
           {"title_url": url(), "description": plain_text(199), "author_name": string(49), "provider_name": string(49),
            "provider_icon_url": url()}, _video),
    _block("markdown", {"text": string(MOST_MARKDOWN)}, {}, _markdown),
    CARD,
    _block("carousel", {"elements": array(CARD[1], 10)}, {}),
    _block("container", {"child_blocks": array(_contained, 10)},
           {"title": text(150), "rich_text_title": RICH_TEXT, "subtitle": text(150), "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"), "is_collapsible": boolean,
            "default_collapsed": boolean}, exactly_one("title", "rich_text_title")),
    _block("alert", {"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    _block("context_actions", {"elements": array(only_types(ELEMENT, ("feedback_buttons", "icon_button"),
                                                            "context action"), 5)}, {}, _unique_action_ids),
    _block("plan", {"title": string(150)}, {"tasks": array(_task, 50)}),
    TASK_CARD,
    ("rich_text", RICH_TEXT),
    ("table", TABLE),
    ("data_table", DATA_TABLE),
    ("data_visualization", DATA_VISUALIZATION),
])  # fmt: skip

SURFACES = {
    "markdown": ("message",),
    "table": ("message", "home"),
    "data_table": ("message", "home"),
    "data_visualization": ("message", "home"),
    "carousel": ("message", "home"),
    "container": ("message", "home"),
    "alert": ("modal",),
    "context_actions": ("message",),
    "plan": ("message",),
    "task_card": ("message",),
}
BLOCK = by_type(BLOCKS, SURFACES, "block")
CHILD = only_types(BLOCK, CONTAINED, "block of a container")
ELEMENT_TYPES = frozenset(ELEMENTS)
