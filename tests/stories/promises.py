"""What must be true of reminders whatever happened: read from the history and from people's direct messages."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.deadlines import follow, rules_of
from bot.events import BATON, Event, HandoffStarted
from bot.handoffs import Handoff, Stage
from bot.preferences import Nudging, Preferences
from bot.reminders import Nudged
from bot.teams import Person
from store.tables import handoffs, people
from store.work import Work
from tests.office import Office
from tests.stories.lives import Lives

Item = tuple[str, str, str]  # whom Baton reminds of what, for which customer


@dataclass(frozen=True)
class Decided:
    """Baton decided to remind somebody; `before` is the handoff as it stood then."""

    event: Nudged
    before: Handoff
    customer: str
    label: str

    @property
    def item(self) -> Item:
        """To whom, of what, about which customer."""
        return self.event.to, self.label, self.customer


@dataclass(frozen=True)
class Said:
    """A message reminded of it."""

    item: Item
    at: datetime


async def broken(lives: Lives) -> list[str]:
    """Every promise that was broken, in words."""
    office = lives.office
    return await office.baton.store.read(office.baton.team, lambda work: list(_all(work, lives)))


def _all(work: Work, lives: Lives) -> Iterator[str]:
    ids = work.connection.execute(select(handoffs.c.id)).scalars().all()
    histories = {one: [event for _, event in work.events(one)] for one in ids}
    decided = [nudge for one in ids for nudge in _decided(work, one, histories[one])]
    known = {row.id: Person.model_validate_json(row.data) for row in work.connection.execute(select(people))}
    yield from _owed(decided)
    yield from _once_a_day(decided, known)
    said = _said(lives.office, {nudge.label for nudge in decided})
    yield from _in_hours([(nudge.item, nudge.event.at) for nudge in decided], known, lives)
    yield from _in_hours([(one.item, one.at) for one in said], known, lives)
    yield from _delivered(decided, said, histories, lives)


def _decided(work: Work, handoff_id: int, events: list[Event]) -> Iterator[Decided]:
    """The reminders of one handoff, each with the state before it."""
    first = events[0]
    assert isinstance(first, HandoffStarted)
    handoff = follow(first, first.begin(handoff_id), work.playbook())
    for event in events[1:]:
        if isinstance(event, Nudged):
            rules = rules_of(handoff, work.playbook())
            label = next(rule.label for rule in rules if rule.id == event.deadline)
            yield Decided(event, handoff, handoff.customer, label)
        handoff = follow(event, handoff, work.playbook())


def _owed(decided: list[Decided]) -> Iterator[str]:
    for nudge in decided:
        entry = nudge.before.awaited[nudge.event.deadline]
        if not entry.is_open or nudge.before.stage is Stage.CANCELLED:
            yield f"reminded of what is not owed: {nudge.item} {nudge.event.at}"
        if entry.pause:
            yield f"reminded while the customer was waited for: {nudge.item} {nudge.event.at}"
        if entry.snooze and entry.snooze.until > nudge.event.at:
            yield f"reminded while it was snoozed: {nudge.item} {nudge.event.at}"


def _once_a_day(decided: list[Decided], known: dict[str, Person]) -> Iterator[str]:
    days: Counter[tuple[object, ...]] = Counter()
    for nudge in decided:
        if not nudge.event.was_snoozed:
            day = nudge.event.at.astimezone(ZoneInfo(known[nudge.event.to].tz)).date()
            days[(*nudge.item, nudge.before.awaited[nudge.event.deadline].round, day)] += 1
    yield from (f"reminded {count} times in a day: {which}" for which, count in days.items() if count > 1)


def _in_hours(reminders: list[tuple[Item, datetime]], known: dict[str, Person], lives: Lives) -> Iterator[str]:
    for item, at in reminders:
        if not is_welcome(_wish(lives, item[0], at), known[item[0]].tz, at):
            yield f"outside of the hours: {item} {at}"


def _wish(lives: Lives, person: str, at: datetime) -> Preferences:
    """What somebody had settled by then."""
    return next((wish for when, who, wish in reversed(lives.wishes) if who == person and when <= at), Preferences())


def is_welcome(wish: Preferences, zone: str, at: datetime) -> bool:
    """Whether a reminder may come then, said as plainly as a person would."""
    local = at.astimezone(ZoneInfo(zone))
    starts, ends = wish.day_starts or time(9), wish.day_ends or time(18)
    workdays = (0, 1, 2, 3, 4) if wish.workdays is None else wish.workdays
    works = local.weekday() in workdays and starts <= local.time() < ends
    quiet = wish.quiet_from and wish.quiet_to and (local.time() >= wish.quiet_from or local.time() < wish.quiet_to)
    return wish.nudging is not Nudging.OFF and (works or wish.any_hour) and not quiet


def _said(office: Office, labels: set[str]) -> list[Said]:
    """Everything that direct messages remind of."""
    said = []
    for who in map(office.person, {member.real_name for member in office.workspace.members.values()}):
        for message in who.dm().messages:
            at = datetime.fromtimestamp(float(message.ts), UTC)
            for line in message.text.splitlines():
                label, dot, rest = line.partition(" · ")
                if dot and label in labels:
                    said.append(Said((who.id, label, rest.partition(" · ")[0]), at))
    return said


def _delivered(
    decided: list[Decided], said: list[Said], histories: dict[int, list[Event]], lives: Lives
) -> Iterator[str]:
    left = sorted(decided, key=lambda nudge: nudge.event.at)
    for one in sorted(said, key=lambda one: one.at):
        mine = [nudge for nudge in left if nudge.item == one.item and nudge.event.at <= one.at]
        if mine:
            left.remove(mine[-1])
        else:
            yield f"said once too often, or for nothing: {one}"
    for nudge in left:
        if not _went_on(nudge, said, histories[nudge.before.id], lives):
            yield f"never said: {nudge.item} {nudge.event.at}"


def _went_on(nudge: Decided, said: list[Said], history: list[Event], lives: Lives) -> bool:
    """Whether, before that person could be written to again, the matter went on, or the same was decided again."""
    decided = nudge.event.at
    until = min((one.at for one in said if one.item[0] == nudge.event.to and one.at >= decided), default=lives.ended)
    since = [event for event in history if decided <= event.at <= until and event != nudge.event]
    wished = any(decided <= when <= until for when, *_ in lives.wishes)
    return wished or any(event.by != BATON or _is_same(event, nudge.event) for event in since)


def _is_same(event: Event, nudge: Nudged) -> bool:
    return isinstance(event, Nudged) and (event.to, event.deadline) == (nudge.to, nudge.deadline)
