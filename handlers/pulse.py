"""What one running Baton knows of itself, and forgets when it ends."""

from dataclasses import dataclass, field
from datetime import datetime

from blocks.ids import Ref

_MOST_HOMES = 1_000


@dataclass
class Pulse:
    """`ticked_at`: when the deadlines were asked last. Where each person's Home stood when something was pressed in
    it, so that the forms that were opened there can bring it up to date. `uncounted`: the handoffs, as (team, id), that
    it can't write down for the figures."""

    ticked_at: datetime | None = None
    uncounted: set[tuple[str, int]] = field(default_factory=set)
    _homes: dict[tuple[str, str], Ref] = field(default_factory=dict)

    def home_of(self, team: str, user: str) -> Ref | None:
        """Where the Home stands of who pressed something there last; None for everybody else."""
        return self._homes.get((team, user))

    def stand(self, team: str, user: str, ref: Ref) -> None:
        """Somebody pressed something in the Home that stands there; of too many, the eldest is forgotten."""
        self.leave(team, user)
        self._homes[team, user] = ref
        if len(self._homes) > _MOST_HOMES:
            del self._homes[next(iter(self._homes))]

    def leave(self, team: str, user: str) -> None:
        """Somebody went on elsewhere."""
        self._homes.pop((team, user), None)
