"""Reminding people by DM: what is due together becomes one message, redrawn in place when something is done."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from blocks import nudges as pictures
from blocks.nudges import Item
from bot import assignments
from bot.errands import Picture, redraw_dms
from bot.nudges import Watch
from bot.timing import Fact
from handlers.delivery import Job
from handlers.posting import Drawn, found, post, redraw
from handlers.slack import Postponed
from store import deadlines, queries
from store.queries import Message
from store.work import Work

_TICKING = timedelta(seconds=1)
_READ_AT_ONCE = 100  # of what one person is to be reminded of


async def remind(job: Job) -> None:
    """Write to a person about everything that is due and still true."""
    person = job.entry.about["recipient"]
    if await job.read(lambda work: deadlines.any_due(work.connection, job.now)):
        raise Postponed(_TICKING)  # the tick still asks: what it finds belongs into the same message
    owed = await job.read(lambda work: queries.reminders_to(work, person))
    items = await job.read(lambda work: _items(work, person, owed, job))
    true = [item for item in items if _is_for(item.watch, person, job)]
    if not true:
        await job.commit(lambda work: queries.forget_reminder(work, person, ""))
        return
    blocks, text = _drawn(true, person, job)
    known = await found(job, person)
    posted = known or await post(job, person, blocks, text)
    if posted is None:
        return

    def keep(work: Work) -> None:
        for handoff_id, edition in owed:
            reminder = Message(Picture.REMINDER, person, edition, posted["channel"], posted["ts"])
            queries.keep_message(work, handoff_id, reminder)
        for handoff_id in {handoff_id for handoff_id, _ in owed}:
            handoff = work.handoff(handoff_id)  # an earlier reminder gives way, and what was done meanwhile is shown
            work.post([redraw_dms(handoff)], job.now, handoff)

    await job.commit(keep)


async def redraw_reminders(job: Job) -> None:
    """Bring every reminder of this handoff up to date."""
    mine = await job.read(lambda work: queries.messages_of(work, job.entry.handoff_id))
    posted = {(m.recipient, m.ts): m for m in mine if m.picture == Picture.REMINDER and m.ts}
    for message in posted.values():
        await _bring_up_to_date(job, message)


async def _bring_up_to_date(job: Job, message: Message) -> None:
    person, ts = message.recipient, message.ts
    items = await job.read(lambda work: _items(work, person, queries.reminders_to(work, person, ts), job))
    stays = await redraw(job, message, _drawn(items, person, job))
    if not stays or all(item.is_over for item in items):
        await job.commit(lambda work: queries.forget_reminder(work, person, ts))


def _drawn(items: list[Item], person: str, job: Job) -> Drawn:
    return pictures.reminder(items, person, job.now), pictures.reminder_text(items, job.now)


def _is_for(watch: Watch, person: str, job: Job) -> bool:
    """Whether it is still true that this person is to be reminded."""
    acting = watch.colleagues.acting_for(watch.owner, watch.leaders, job.now)
    return watch.is_owed and watch.entry.pause is None and person in (acting, *watch.leaders)


def _items(work: Work, person: str, told: Iterable[tuple[int, str]], job: Job) -> list[Item]:
    items = []
    for handoff_id, edition in list(told)[:_READ_AT_ONCE]:
        kind = edition.partition(" ")[0]
        watch = next((watch for watch in work.watches(work.handoff(handoff_id)) if watch.rule.id == kind), None)
        if watch:
            last = max(queries.editions_to(work, person, handoff_id, f"{kind} "), default="")
            items.append(replace(_suggesting(work, watch, job), is_superseded=edition < last))
    return items


def _suggesting(work: Work, watch: Watch, job: Job) -> Item:
    """With the CSM who has the fewest live handoffs, where one is to be named."""
    if watch.rule.ends_with is not Fact.CSM_NAMED or not watch.is_owed:
        return Item(watch)
    suggestion = assignments.suggest(queries.loads(work), watch.colleagues, job.now)
    person = suggestion and watch.colleagues.person(suggestion.csm)
    return Item(watch, suggestion, person.name if person else "")
