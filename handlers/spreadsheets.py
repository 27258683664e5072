"""Errands that send spreadsheets: the handoffs behind the figures, and the figures themselves."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial, reduce
from operator import add
from typing import TypeVar

from blocks.ids import Id, Ref
from blocks.spreadsheets import BOM, FIGURES, HANDOFFS, figure_rows, handoff_row, sheet
from bot.metrics import By, Counts, Slice, segment_of
from bot.periods import Period
from bot.permissions import demand_figures
from bot.refusals import Refusal
from bot.slices import Asked
from bot.yardsticks import Clock, Yardstick
from handlers.delivery import Job
from handlers.files import say_instead, send_file
from handlers.metrics import asked_of, by_name, name_of
from store.database import NotSaved
from store.evidence import deals_of, ids_of
from store.figures import breakdown, counted, yardstick
from store.work import Work

T = TypeVar("T")
_AT_ONCE = 500  # deals
_DAYS = 31
_TOO_MANY = (
    "The file that you asked for did not come: these are too many deals, or there is too much to do just now. Take a "
    "shorter period or a slice, or try again later."
)


async def send(job: Job) -> None:
    """Send the file in a DM, or say there that it does not come."""
    person, is_figures = job.entry.about["person"], job.entry.about["what"] == Id.FIGURES_EXPORT
    try:
        asked = await job.read(partial(_asked, person, Ref.unpack(job.entry.about["asked"]), job.now))
    except NotSaved:
        raise
    except Refusal as refusal:
        await say_instead(job, person, refusal.words)
        return
    if asked is None:
        return
    text = await job.make((_figures if is_figures else _handoffs)(job, asked, person))
    if text is None:
        await say_instead(job, person, _TOO_MANY)
        return
    name = f"{'figures' if is_figures else 'handoffs'}-{asked.period.dates.replace('..', '-to-')}.csv"
    await send_file(job, person, name, BOM + text)


def _asked(user: str, ref: Ref, now: datetime, work: Work) -> Asked | None:
    """What the file is of; None when that person may not see it any more. Refuses a team that is no more."""
    asked, person = asked_of(work, user, ref, now), work.person(user)
    if person is None or person.deleted:
        return None
    try:
        demand_figures(person, work.settings(), asked.of, asked.by)
    except Refusal:
        return None
    return asked


async def _handoffs(job: Job, asked: Asked, person: str) -> str:
    """Every deal that a figure of the period tells of and the person may read; a few at a time."""
    pages, known, names = [sheet([HANDOFFS])], set[int](), dict[str, str]()
    for part in asked.period.parts(_DAYS):
        ids = await job.read(partial(ids_of, period=part, of=asked.of, reader=person))
        fresh = [one for one in ids if one not in known]
        known.update(fresh)
        for start in range(0, len(fresh), _AT_ONCE):
            some = fresh[start : start + _AT_ONCE]
            pages.append(await job.read(partial(_page, ids=some, names=names, now=job.now)))
    return "".join(pages)


def _page(work: Work, ids: list[int], names: dict[str, str], now: datetime) -> str:
    not_due_since, groups = cache(yardstick(work, now).not_due_since), work.settings().groups

    def name(user: str) -> str:
        if user not in names:
            names[user] = name_of(work, Slice(By.AE, user))
        return names[user]

    return sheet(handoff_row(deal, not_due_since, name, groups) for deal in deals_of(work, ids))


async def _figures(job: Job, asked: Asked, person: str) -> str:
    """The six of the period with those before it and of its weeks; with `by` the six for each."""
    measure: Yardstick = await job.read(lambda work: yardstick(work, job.now))
    whose = "all deals"
    if of := asked.of:
        whose = f"{of.by}:{await job.read(lambda work: name_of(work, of))}"
    pages, segment = [sheet([FIGURES])], segment_of(asked.of)
    stretches = [(asked.period, tuple(Clock))]
    stretches += [(period, (measure.clock,)) for period in (asked.period.before, *asked.period.weeks)]
    for period, clocks in stretches:
        count = partial(counted, of=asked.of, yardstick=measure, clocks=clocks)
        counts = reduce(add, await _by_parts(job, period, count))
        pages.append(sheet(figure_rows(counts, period, whose, measure, segment)))
    if by := asked.by:
        each = dict[str, Counts]()
        for some in await _by_parts(job, asked.period, partial(breakdown, by=by, of=asked.of, yardstick=measure)):
            each |= {key: each[key] + counts if key in each else counts for key, counts in some.items()}
        for key, name in (await job.read(partial(by_name, by=by, keys=each, reader=person))).items():
            slice_ = f"{by}:{name}" if asked.of is None else f"{whose} {by}:{name}"
            segment = segment_of(Slice(by, key), asked.of)
            pages.append(sheet(figure_rows(each[key], asked.period, slice_, measure, segment)))
    return "".join(pages)


async def _by_parts(job: Job, period: Period, count: Callable[..., T]) -> list[T]:
    """Some days in a read: none takes long, however many deals there are."""
    return [await job.read(partial(count, period=part)) for part in period.parts(_DAYS)]
