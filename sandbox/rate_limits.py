"""Slack's rate limits on the workspace's clock: a tier per method, and one message a second per channel."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from datetime import datetime

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 600


class RateLimits:
    def __init__(self) -> None:
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, method: str, tier: int, channel: str | None, now: datetime) -> int:
        """Counts this call and answers 0, or answers the whole seconds to wait first."""
        if method == "chat.postMessage" and channel is not None:
            return self._window(f"{method}/{channel}", 1, 1, now)
        return self._window(method, 60, PER_MINUTE.get(tier, SPECIAL_PER_MINUTE), now)

    def _window(self, key: str, seconds: int, allowed: int, now: datetime) -> int:
        calls = self._calls[key]
        while calls and not 0 <= (now - calls[0]).total_seconds() < seconds:
            calls.popleft()
        if len(calls) >= allowed:
            return max(1, math.ceil(seconds - (now - calls[0]).total_seconds()))
        calls.append(now)
        return 0
