"""Slack's rate limits on the workspace's clock: a tier per method, and messages by channel and by workspace."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from datetime import datetime

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 600
MESSAGES_PER_MINUTE = 300  # "several hundred", says Slack, and no more


class RateLimits:
    def __init__(self) -> None:
        self.messages_per_minute = MESSAGES_PER_MINUTE
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)

    def wait(self, method: str, tier: int, channel: str | None, now: datetime) -> int:
        """Counts this call and answers 0, or answers the whole seconds to wait first."""
        if method == "chat.postMessage" and channel is not None:
            windows = [(f"{method}/{channel}", 1, 1), (method, 60, self.messages_per_minute)]
        else:
            windows = [(method, 60, PER_MINUTE.get(tier, SPECIAL_PER_MINUTE))]
        if wait := max(self._left(*window, now) for window in windows):
            return wait
        for key, *_ in windows:
            self._calls[key].append(now)
        return 0

    def _left(self, key: str, seconds: int, allowed: int, now: datetime) -> int:
        """The whole seconds until there is room in this window."""
        calls = self._calls[key]
        while calls and not 0 <= (now - calls[0]).total_seconds() < seconds:
            calls.popleft()
        return max(1, math.ceil(seconds - (now - calls[0]).total_seconds())) if len(calls) >= allowed else 0
