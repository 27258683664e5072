"""Trigger ids: three seconds, one use."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from sandbox.errors import SlackError


@dataclass
class Trigger:
    user: str
    born: float
    in_modal: bool
    used: bool = False


class Triggers:
    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}
        self.lifetime_seconds = 3.0

    def new(self, user: str, *, in_modal: bool = False) -> str:
        now = time.monotonic()
        if len(self._triggers) > 1000:
            self._triggers = {key: t for key, t in self._triggers.items() if now - t.born < 60}
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, now, in_modal)
        return trigger_id

    def use(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if time.monotonic() - trigger.born > self.lifetime_seconds:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger
