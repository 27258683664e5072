"""Who could be the CSM: the one of the team with the least to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.colleagues import Colleagues


@dataclass(frozen=True)
class Suggestion:
    """A CSM, and how many live handoffs that CSM has."""

    csm: str
    load: int


def suggest(loads: Mapping[str, int], colleagues: Colleagues, now: datetime) -> Suggestion | None:
    """The CSM with the fewest live handoffs who is there; None when the team has named nobody."""
    there = [csm for csm in colleagues.team.csms if not colleagues.is_away(csm, now)]
    csm = min(there, key=lambda one: loads.get(one, 0), default=None)
    return Suggestion(csm, loads.get(csm, 0)) if csm else None
