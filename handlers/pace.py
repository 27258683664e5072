"""How fast a workspace may be posted to: freely until Slack says that it is too much, then evenly, as fast as it took.

Slack never says what a workspace's limit is, nor how it counts; so both are learned from its refusals.
"""

from collections import deque
from datetime import UTC, datetime, timedelta

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
_BREAK = timedelta(seconds=5)  # a rest in which no post was kept waiting says nothing of the limit
_LONG_WAIT = timedelta(seconds=10)  # so long is waited where Slack counts by the minute; else it counts as one goes
_LONGEST_WAIT = timedelta(minutes=5)
_SLOWEST = 1.0  # posts a second: what Slack lets a single conversation have
_CAREFUL = 0.98  # of what went through, for posts do not arrive as evenly as they leave
_FASTER = 1.05  # after each quiet time, which is the longer the surer the limit is known
_QUIET = 15  # times as long as it was measured


class Pace:
    """One workspace's posts."""

    def __init__(self) -> None:
        self._passed: deque[tuple[datetime, str]] = deque()  # in the last minute, with their conversations
        self._busy_since = _LONG_AGO
        self._suspect = ("", _LONG_AGO)  # a conversation that was refused alone, and until when
        self._closed_until = _LONG_AGO
        self._next = _LONG_AGO
        self._rate = 0.0  # posts a second when it was learned; 0: nothing is
        self._learned_at = _LONG_AGO
        self._quiet = _MINUTE

    def wait(self, now: datetime) -> timedelta:
        """How long Slack still wants no post at all."""
        return _sane(self._closed_until - now)

    def opens_at(self, now: datetime) -> datetime:
        """When the next post may leave."""
        return now + max(self.wait(now), _sane(self._next - now) if self._rate else timedelta())

    def leave(self, now: datetime) -> None:
        """A post leaves: the next one's turn comes a step later."""
        if self._rate:
            grown = self._rate * _FASTER ** max(0, (now - self._learned_at) // self._quiet)
            step = _SECOND / grown
            self._next = max(self._next, now - step) + step  # late by less than a step: it is made up for

    def passed(self, conversation: str, now: datetime) -> None:
        """A post went through."""
        if not self._passed or now - max(self._passed[-1][0], self._closed_until) > _BREAK:
            self._busy_since = now
        self._passed.append((now, conversation))
        self._forget(now)

    def refused(self, conversation: str, now: datetime, until: datetime) -> bool:
        """Whether this refusal was the workspace's and not the conversation's; if so, it is learned from."""
        self._forget(now)
        if any(which == conversation and now - at <= _SECOND for at, which in self._passed):
            return False  # one a second is the conversation's own limit
        suspect, suspected_until = self._suspect
        alone = suspect == conversation or suspected_until <= now
        if alone and not self._rate:
            self._suspect = (conversation, until)
            return False
        if not self.wait(now):  # else it was on its way when the first was refused
            self._learn(now, until)
        self._closed_until = max(self._closed_until, until) if self.wait(now) else until
        self._next = self._closed_until
        return True

    def _learn(self, now: datetime, until: datetime) -> None:
        if until - now >= _LONG_WAIT:
            since, took = now - _MINUTE, _MINUTE
        else:
            since = max(self._closed_until, self._busy_since, now - _MINUTE)
            took = max(until - since, _SECOND)
        through = sum(at >= since for at, _ in self._passed)
        self._rate = max(_SLOWEST, _CAREFUL * through / took.total_seconds())
        self._learned_at, self._quiet = until, _QUIET * took

    def _forget(self, now: datetime) -> None:
        while self._passed and not timedelta() <= now - self._passed[0][0] < _MINUTE:
            self._passed.popleft()


def _sane(wait: timedelta) -> timedelta:
    return wait if timedelta() < wait <= _LONGEST_WAIT else timedelta()  # longer: the clock was set back
