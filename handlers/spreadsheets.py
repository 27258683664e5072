"""Errands that send spreadsheets: the handoffs behind the figures, and the figures themselves."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial

from blocks.ids import Id, Ref
from blocks.spreadsheets import BOM, FIGURES, HANDOFFS, Cell, figure_rows, handoff_row, report_rows, sheet
from bot.metrics import By, Slice
from bot.slices import Asked
from handlers.delivery import Job
from handlers.files import send_file
from handlers.metrics import asked_of, breakdown, name_of
from store.evidence import deals_of, ids_of
from store.figures import report, yardstick
from store.work import Work

_AT_ONCE = 500  # deals


async def send(job: Job) -> None:
    """Send the file in a DM."""
    about, ref = job.entry.about, Ref.unpack(job.entry.about["asked"])
    asked = await job.read(lambda work: asked_of(work, about["person"], ref, job.now))
    is_figures = about["what"] == Id.FIGURES_EXPORT
    text = await (_figures(job, asked) if is_figures else _handoffs(job, asked, about["person"]))
    name = f"{'figures' if is_figures else 'handoffs'}-{asked.period.dates.replace('..', '-to-')}.csv"
    await send_file(job, about["person"], name, BOM + text)


async def _handoffs(job: Job, asked: Asked, person: str) -> str:
    """Every deal that a figure of the period tells of and the person may read; a few at a time."""
    pages, known, names, part = [sheet([HANDOFFS])], set[int](), dict[str, str](), 0
    while (ids := await job.read(partial(ids_of, asked=asked, reader=person, part=part))) is not None:
        fresh = [one for one in ids if one not in known]
        known.update(fresh)
        for start in range(0, len(fresh), _AT_ONCE):
            some = fresh[start : start + _AT_ONCE]
            pages.append(await job.read(partial(_page, ids=some, names=names, now=job.now)))
        part += 1
    return "".join(pages)


def _page(work: Work, ids: list[int], names: dict[str, str], now: datetime) -> str:
    not_due_since, groups = cache(yardstick(work, now).not_due_since), work.settings().groups

    def name(user: str) -> str:
        if user not in names:
            names[user] = name_of(work, Slice(By.AE, user))
        return names[user]

    return sheet(handoff_row(deal, not_due_since, name, groups) for deal in deals_of(work, ids))


async def _figures(job: Job, asked: Asked) -> str:
    """The six of the period with those before it and of its weeks; with `by` the six for each."""

    def draw(work: Work) -> str:
        whose = f"{asked.of.by}:{name_of(work, asked.of)}" if asked.of else "all deals"
        rows = report_rows(report(work, asked.period, asked.of, job.now), whose)
        return sheet([FIGURES, *rows, *(_rows_by(work, asked, asked.by, whose, job.now) if asked.by else ())])

    text: str = await job.read(draw)
    return text


def _rows_by(work: Work, asked: Asked, by: By, whose: str, now: datetime) -> Iterator[list[Cell]]:
    measure = yardstick(work, now)
    for one, _, figures in breakdown(work, asked, by, now):
        name = f"{by}:{name_of(work, one)}" if asked.of is None else f"{whose} {by}:{name_of(work, one)}"
        yield from figure_rows(figures, asked.period, name, measure, one.key if by is By.SEGMENT else "")
