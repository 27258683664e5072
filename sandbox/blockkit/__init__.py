"""Block Kit as Slack checks it: problems(blocks, surface) and view_problems(view) answer what is wrong, if anything."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sandbox.blockkit.blocks import BLOCK
from sandbox.blockkit.checks import Check, Report, array, boolean, one_of, shape, string
from sandbox.blockkit.elements import plain_text

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
LARGEST_VIEW = 250_000

COMMON: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}


def problems(blocks: Any, surface: str, without: Collection[str] = ()) -> list[str]:
    """Everything wrong with these blocks on a "message", "modal" or "home", in Slack's words with JSON pointers;
    `without`: types of blocks that this workspace does not have."""
    report = Report(surface, without=without)
    _check_blocks(blocks, "/blocks", report)
    return report.problems


def view_problems(view: Any, without: Collection[str] = ()) -> list[str]:
    """Everything wrong with a view as an app sends it; its type decides the surface."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["missing or unsupported type [json-pointer:/view/type]"]
    report = Report(view["type"], without=without)

    def blocks(value: Any, path: str, inner: Report) -> None:
        _check_blocks(value, path, inner)

    if view["type"] == "home":
        check = shape({"type": one_of("home"), "blocks": blocks}, COMMON)
    else:
        check = shape(
            {"type": one_of("modal"), "title": plain_text(24), "blocks": blocks},
            {
                **COMMON,
                "submit": plain_text(24),
                "close": plain_text(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        )
    check(view, "/view", report)
    if view["type"] == "modal" and _has_input(view.get("blocks")) and "submit" not in view:
        report.add("a modal with an input block needs submit", "/view/submit")
    return report.problems


def is_too_large(view: Any) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST_VIEW


def _check_blocks(blocks: Any, path: str, report: Report) -> None:
    array(BLOCK, MOST_BLOCKS[report.surface], 0 if report.surface == "home" else 1)(blocks, path, report)
    if isinstance(blocks, list):
        _check_unique(blocks, path, report)


def _check_unique(blocks: list[Any], path: str, report: Report) -> None:
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in report.block_ids:
                report.add(f"block_id already exists: {block_id}", f"{path}/{number}/block_id")
            report.block_ids.add(block_id)
        if isinstance(block.get("child_blocks"), list):
            _check_unique(block["child_blocks"], f"{path}/{number}/child_blocks", report)


def _has_input(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
