"""The deals behind a figure: what is not as it should be, what is left out and why, and what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bot.yardsticks import Clock


class Group(IntEnum):
    """On which side of the line a deal stands, the ones that hurt first."""

    MISSED = 0
    LEFT_OUT = 1
    DONE = 2


@dataclass(frozen=True)
class Deal:
    """One deal as the figures count it. `handoff`: its id, 0 where nobody started one; waits are in minutes."""

    id: int
    handoff: int
    channel: str
    customer: str
    ae: str
    csm: str
    segment: str
    timing_model: str
    is_cancelled: bool
    closed_at: datetime | None
    crm_closed_at: datetime | None
    documented_at: datetime | None
    met_at: datetime | None
    introduced_at: datetime | None
    contacted_at: datetime | None
    waits: Mapping[Clock, int | None]
    heard_at: datetime | None
    repeated: tuple[str, ...]
    scored_at: datetime | None
    score: int | None
    completed_at: datetime | None
    is_escalated: bool

    @property
    def counts(self) -> bool:
        """What a cancelled handoff leaves is no deal, unless the CRM calls it closed."""
        return not self.is_cancelled or self.crm_closed_at is not None


@dataclass(frozen=True)
class Evidence:
    """A page of the deals behind one figure, as far as the reader may read them; `hidden`: how many that is not."""

    deals: Sequence[tuple[Group, Deal]]
    totals: Mapping[Group, int]
    hidden: int
    page: int
    more: bool
