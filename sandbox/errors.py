"""What can go wrong: Slack's refusals to an app, and what a person at the desk is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class SlackError(Exception):
    """A refusal in Slack's words: {"ok": false, "error": code, ...}."""

    def __init__(self, code: str, *, messages: Sequence[str] = (), **details: Any) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code = code
        self.messages = list(messages)
        self.details = details

    def answer(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.details}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


class Refused(Exception):
    """A sentence that the person at the desk reads."""


class AppDidNotRespond(Refused):
    """The app gave no usable answer within three seconds."""


class FormErrors(Refused):
    """The form stays open; errors are by block_id."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors
