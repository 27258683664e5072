"""The one place that reads the real clock."""

from datetime import UTC, datetime


class Clock:
    """The time of the machine. Anything with the same `now` may stand in for it."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.now(UTC)
