"""Small forms for the sandbox's own tests."""

from __future__ import annotations

from typing import Any


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": words(text), "value": text.lower()}


def field(label: str, kind: str, **more: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": "value", **more.pop("element", {})}
    return {"type": "input", "block_id": label.lower(), "label": words(label), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = list(blocks) or [field("Name", "plain_text_input")]
    return {"type": "modal", "callback_id": "form", "title": words("Form"), "submit": words("Save"), "blocks": shown,
            **more}  # fmt: skip
