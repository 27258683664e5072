"""What the figures count is written down anew where that was left to later, or where an older Baton works beside."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter

import structlog

from bot.outcomes import outcome_of
from handlers.requests import Desk
from store import deals
from store.database import NotSaved
from store.work import Work

log = structlog.get_logger()
Named = tuple[str, int]  # the team and the id of a handoff
_AT_ONCE = 25
_LOOKED_AT = 1_000  # handoffs, or entries of the history
_LOOKED_BACK = 10_000  # entries of the history, at start
_LATE = 100  # of them that a slow transaction may bring to light after others


class Recounts:
    """Looks again and again for handoffs of which the figures say nothing, or not what is so now."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._handoff: int | None = 0  # where to look on; None: there are no more
        self._heard: int | None = None  # the last entry of the history
        self._left: list[Named] = []

    async def catch_up(self) -> None:
        """Count what is not counted, or not as it is now. Raises NotSaved when nothing can be read."""
        read = self._desk.store.database.read
        left, self._left = self._left, []
        await self._count(left)
        while self._handoff is not None:
            news, after = await read(partial(deals.unwritten, after=self._handoff, limit=_LOOKED_AT))
            await self._count(news)
            self._handoff = after
        await self._overhear()
        await self._count(await read(deals.untold))

    async def _overhear(self) -> None:
        """An older Baton beside this one counts nothing, but what it does is in the history."""
        read = self._desk.store.database.read
        newest = await read(deals.newest_entry)
        if newest == self._heard:
            return
        after = max(0, newest - _LOOKED_BACK if self._heard is None else self._heard - _LATE)
        while after < newest:
            told, after = await read(partial(deals.recorded, after=after, limit=_LOOKED_AT))
            for team, ids in _batches(told):
                await self._count((team, one) for one in await self._unlike(team, ids))
        self._heard = newest

    async def _unlike(self, team: str, ids: Sequence[int]) -> Sequence[int]:
        """Those of which the figures say something else, or of which that can't be said."""
        try:
            return await self._desk.store.read(team, partial(_unlike, ids=ids))
        except NotSaved:
            raise
        except Exception:
            return ids

    async def _count(self, handoffs: Iterable[Named]) -> None:
        self._left += await recount(self._desk, handoffs)


async def recount(desk: Desk, handoffs: Iterable[Named]) -> list[Named]:
    """Count these, a few at a time: people's own transactions come between. Those for which the database had no
    time."""
    left: list[Named] = []
    for team, ids in _batches(set(handoffs) - desk.pulse.uncounted):
        left += [(team, one) for one in await _count(desk, team, ids)]
    return left


async def _count(desk: Desk, team: str, ids: Sequence[int]) -> Sequence[int]:
    """Count in one transaction; where one of them breaks it, in one for each. Those that were not saved."""
    try:
        await desk.store.commit(team, partial(_write, ids=ids))
    except Exception as error:
        if len(ids) > 1:
            return [one for each in ids for one in await _count(desk, team, [each])]
        if isinstance(error, NotSaved):
            return ids
        desk.pulse.uncounted.add((team, ids[0]))
        log.error("handoff not counted", handoff=ids[0], exc_info=error)
    return []


def _write(work: Work, ids: Sequence[int]) -> None:
    handoffs = [work.handoff(handoff_id) for handoff_id in ids]  # all of them are held before any deal is
    deals.hold(work.connection, work.team, (outcome_of(one, work.playbook(one)) for one in handoffs))
    for handoff in handoffs:
        work.count(handoff)


def _unlike(work: Work, ids: Sequence[int]) -> list[int]:
    handoffs = [work.handoff(handoff_id) for handoff_id in ids]
    outcomes = {one.id: outcome_of(one, work.playbook(one)) for one in handoffs}
    return [one for one, what in outcomes.items() if not deals.is_written(work.connection, work.team, one, what)]


def _batches(handoffs: Iterable[Named]) -> Iterator[tuple[str, list[int]]]:
    """A few of one team at a time."""
    for team, named in groupby(sorted(handoffs), itemgetter(0)):
        ids = [handoff_id for _, handoff_id in named]
        yield from ((team, ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE))
