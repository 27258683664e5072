"""Reminding people by DM: what is due together becomes one message, redrawn in place when something is done."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from blocks import nudges as pictures
from blocks.nudges import Item
from bot.errands import Picture, redraw_dms
from bot.nudges import Watch
from bot.timing import Fact
from handlers.delivery import Job
from handlers.owners import suggested
from handlers.posting import Drawn, found, post, redraw
from handlers.slack import Postponed
from store import deadlines, queries
from store.queries import Message, Reminder
from store.work import Work

Posted = dict[str, Any] | None
_TICKING = timedelta(seconds=1)


async def remind(job: Job) -> None:
    """Write to a person about everything that is due and still true."""
    person = job.entry.about["recipient"]
    if await job.read(lambda work: deadlines.any_due(work.connection, job.now)):
        raise Postponed(_TICKING)  # the tick still asks: what it finds belongs into the same message

    posted = await found(job, person)  # by an attempt before this one, of which nobody knows how it ended
    before = job.entry.unknown_since if posted else None

    def look(work: Work) -> tuple[list[Reminder], dict[Reminder, Item], Drawn | None]:
        owed = [one for one in queries.reminders_to(work, person) if before is None or one.at <= before]
        newest = {(one.handoff_id, one.deadline): one for one in sorted(owed, key=lambda one: one.at)}
        items = _items(work, person, newest.values(), job)
        true = {one: item for one, item in items.items() if posted or _is_for(item, person, job)}
        return owed, true, _drawn(true, person, job) if true else None

    owed, true, drawn = await job.read(look)
    if drawn and not posted:
        welcome = await job.read(lambda work: work.colleagues().welcome(person, job.now))
        if welcome > job.now:  # Slack, or Baton, was away since it was decided
            raise Postponed(welcome - job.now)
        posted = await post(job, person, *drawn)
    await job.commit(lambda work: _keep(work, owed, true, posted, job))


def _keep(work: Work, owed: list[Reminder], told: dict[Reminder, Item], posted: Posted, job: Job) -> None:
    """What was told stands in the message; what was not true any more is forgotten."""
    person = job.entry.about["recipient"]
    to_redraw = _to_redraw(work, told, person, job)
    queries.forget_reminders(work, person, owed)
    if not posted:
        return
    for handoff_id in to_redraw:
        handoff = work.handoff(handoff_id)
        work.post([redraw_dms(handoff)], job.now, handoff)
    for reminder in told:
        at = Message(Picture.REMINDER, person, reminder.edition, posted["channel"], posted["ts"])
        queries.keep_message(work, reminder.handoff_id, at)


def _to_redraw(work: Work, told: dict[Reminder, Item], person: str, job: Job) -> set[int]:
    """The handoffs of which an earlier reminder gives way to this one, or that went on while it was posted."""
    now = _items(work, person, told, job)
    again = job.entry.unknown_since is not None
    return {
        reminder.handoff_id
        for reminder, item in told.items()
        if again
        or queries.earlier_reminders(work, person, reminder)
        or now[reminder].watch.handoff != item.watch.handoff
    }


async def redraw_reminders(job: Job) -> None:
    """Bring every reminder of this handoff up to date."""
    mine = await job.read(lambda work: queries.messages_of(work, job.entry.handoff_id))
    posted = {(m.recipient, m.ts): m for m in mine if m.picture == Picture.REMINDER and m.ts}
    for message in posted.values():
        await _bring_up_to_date(job, message)


async def _bring_up_to_date(job: Job, message: Message) -> None:
    person = message.recipient

    def look(work: Work) -> tuple[dict[Reminder, Item], Drawn | None]:
        items = _items(work, person, queries.reminders_to(work, person, message.ts), job)
        return items, _drawn(items, person, job) if items else None

    items, drawn = await job.read(look)
    stays = drawn and await redraw(job, message, drawn)
    if not stays or all(item.is_over for item in items.values()):
        await job.commit(lambda work: queries.forget_reminders(work, person, items))


def _drawn(items: dict[Reminder, Item], person: str, job: Job) -> Drawn:
    drawn = list(items.values())
    return pictures.reminder(drawn, person, job.now), pictures.reminder_text(drawn, job.now)


def _is_for(item: Item, person: str, job: Job) -> bool:
    """Whether it is still true that this person is to be reminded."""
    watch = item.watch
    acting = watch.colleagues.acting_for(watch.owner, watch.leaders, job.now)
    return not item.is_past and watch.is_owed and watch.entry.pause is None and person in (acting, *watch.leaders)


def _items(work: Work, person: str, told: Iterable[Reminder], job: Job) -> dict[Reminder, Item]:
    items = {}
    for reminder in told:
        watches = work.watches(work.handoff(reminder.handoff_id))
        if watch := next((watch for watch in watches if watch.rule.id == reminder.deadline), None):
            later = queries.later_reminders(work, person, reminder)
            is_past = reminder.round != watch.entry.round
            item = _suggesting(work, watch.of_round(reminder.round), job)
            items[reminder] = replace(item, is_superseded=later, is_past=is_past)
    return items


def _suggesting(work: Work, watch: Watch, job: Job) -> Item:
    """With the CSM who fits best, where one is to be named."""
    if watch.rule.ends_with is not Fact.CSM_NAMED or not watch.is_owed:
        return Item(watch)
    return Item(watch, next(iter(suggested(work, watch.handoff, job.now)), None))
