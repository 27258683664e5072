"""Finding handoffs, deadlines and living messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, case, delete, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.assignments import Tally
from bot.consequences import NO_LINE
from bot.customers import customer_key, industry_key
from bot.errands import Picture
from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.reminders import DeadlineMissed, Nudged, Snoozed
from bot.teams import Person
from store.records import to_handoff
from store.tables import handoffs, history, messages, people, preferences
from store.work import Work

_ROW = (handoffs.c.id, handoffs.c.state, handoffs.c.document)


def of_channel(work: Work, channel: str) -> Handoff | None:
    """The handoff whose channel this is."""
    where = (handoffs.c.team_id == work.team, handoffs.c.channel_id == channel)
    row = work.connection.execute(select(*_ROW).where(*where).limit(1)).one_or_none()
    return to_handoff(*row) if row else None


def by_customer(work: Work, name: str) -> list[Handoff]:
    """The handoffs of a customer, the live one first, then newest first; a part of the name will do."""
    key = customer_key(name)
    exact = handoffs.c.customer_key == key
    for match in (exact, handoffs.c.customer_key.contains(key, autoescape=True)):
        query = select(*_ROW).where(handoffs.c.team_id == work.team, match)
        rows = work.connection.execute(query.order_by(handoffs.c.is_live.desc(), handoffs.c.id.desc()).limit(20)).all()
        if rows:
            return [to_handoff(*row) for row in rows]
    return []


def customer_names(work: Work, limit: int = 2_000) -> list[str]:
    """The customers' names, most lately changed first: for suggestions."""
    query = select(handoffs.c.customer).where(handoffs.c.team_id == work.team)
    return list(work.connection.execute(query.order_by(handoffs.c.changed_at.desc()).limit(limit)).scalars())


@dataclass(frozen=True)
class Page:
    """Some handoffs of a longer list."""

    handoffs: list[Handoff]
    total: int


def page_of(work: Work, person: str, *, everybody: bool, offset: int, limit: int) -> Page:
    """The handoffs that are neither cancelled nor completed: those of `person` first, then (if `everybody`) the others;
    the newest first."""
    mine = or_(*(column.is_not_distinct_from(person) for column in (handoffs.c.ae, handoffs.c.csm, handoffs.c.se)))
    where = [handoffs.c.team_id == work.team, handoffs.c.stage.not_in((Stage.CANCELLED.value, Stage.COMPLETED.value))]
    if not everybody:
        where.append(mine)
    order = (mine.desc(), handoffs.c.is_live.desc(), handoffs.c.id.desc())  # stable while pages are turned
    rows = work.connection.execute(select(*_ROW).where(*where).order_by(*order).offset(offset).limit(limit))
    total = work.connection.execute(select(func.count()).select_from(handoffs).where(*where)).scalar_one()
    return Page([to_handoff(*row) for row in rows], total)


def covered_by(work: Work, person: str) -> list[str]:
    """Who has named this person to cover, now or earlier."""
    named = preferences.c.data.contains(f'"cover":"{person}"', autoescape=True)
    query = select(preferences.c.person).where(preferences.c.team_id == work.team, named)
    return list(work.connection.execute(query).scalars())


def going_on(work: Work, limit: int = 200) -> list[Handoff]:
    """The newest handoffs that have a channel and are neither completed nor cancelled, without their documents."""
    over = (Stage.CANCELLED.value, Stage.COMPLETED.value)
    where = (handoffs.c.team_id == work.team, handoffs.c.channel_id.is_not(None), handoffs.c.stage.not_in(over))
    query = select(handoffs.c.id, handoffs.c.state).where(*where).order_by(handoffs.c.id.desc()).limit(limit)
    return [to_handoff(*row) for row in work.connection.execute(query)]


def tallies(work: Work, csms: Iterable[str], industry: str) -> list[Tally]:
    """What these CSMs have on their desks and have had. One question, answered from an index: it costs by their own
    handoffs, however many there are of others, and reads none of them."""
    key = industry_key(industry)
    alike = case((handoffs.c.industry == key, 1), else_=0) if key else literal(0)
    where = (handoffs.c.team_id == work.team, handoffs.c.csm.in_(list(csms)), handoffs.c.stage != Stage.CANCELLED.value)
    by = (handoffs.c.csm, handoffs.c.stage, handoffs.c.segment)
    query = select(*by, func.count(), func.sum(alike)).where(*where).group_by(*by)
    return [Tally(*row) for row in work.connection.execute(query)]


def lately(work: Work, handoff_id: int, before: datetime, limit: int = 5) -> list[Event]:
    """The last things of note that happened to a handoff before that moment, oldest first."""
    where = (history.c.team_id == work.team, history.c.handoff_id == handoff_id, history.c.at < before)
    query = select(history.c.kind, history.c.data).where(*where, history.c.kind.not_in(_OF_NO_NOTE))
    rows = work.connection.execute(query.order_by(history.c.id.desc()).limit(limit)).all()
    return [Event.of(*row) for row in reversed(rows)]


_OF_NO_NOTE = [kind.__name__ for kind in (*NO_LINE, DeadlineMissed, Nudged, Snoozed)]


# -- people


def members(work: Work) -> list[Person]:
    """Every known member of the workspace."""
    rows = work.connection.execute(select(people.c.data).where(people.c.team_id == work.team)).scalars()
    return [Person.model_validate_json(data) for data in rows]


def admins(work: Work, limit: int = 3) -> list[str]:
    """Some admins of the workspace."""
    return [person.id for person in members(work) if person.is_admin and not person.deleted][:limit]


# -- living messages


@dataclass(frozen=True)
class Message:
    """Where a living message stands in Slack."""

    picture: str
    recipient: str
    edition: str
    channel: str
    ts: str


def messages_of(work: Work, handoff_id: int) -> list[Message]:
    """Every living message of a handoff."""
    columns = (messages.c.picture, messages.c.recipient, messages.c.edition, messages.c.channel, messages.c.ts)
    where = (messages.c.team_id == work.team, messages.c.handoff_id == handoff_id)
    return [Message(*row) for row in work.connection.execute(select(*columns).where(*where))]


@dataclass(frozen=True)
class Reminder:
    """One thing that a person is to be, or was, reminded of; `edition` is the deadline rule's id, when, which round."""

    handoff_id: int
    edition: str

    @property
    def deadline(self) -> str:
        """The deadline rule's id."""
        return self.edition.split(" ")[0]

    @property
    def at(self) -> datetime:
        """When Baton decided to."""
        return datetime.fromtimestamp(float(self.edition.split(" ")[1]), UTC)

    @property
    def round(self) -> int:
        """Of the deadline."""
        return int(self.edition.split(" ")[2])


def reminders_to(work: Work, person: str, ts: str = "") -> list[Reminder]:
    """What one reminder (`ts`; "": the next one) tells a person."""
    return _reminders(work, person, messages.c.ts == ts)


def earlier_reminders(work: Work, person: str, reminder: Reminder) -> bool:
    """Whether the person was reminded of the same before."""
    return bool(_of_the_same(work, person, reminder, messages.c.edition < reminder.edition))


def later_reminders(work: Work, person: str, reminder: Reminder) -> bool:
    """Whether the person was reminded of the same again."""
    return bool(_of_the_same(work, person, reminder, messages.c.edition > reminder.edition))


def forget_reminders(work: Work, person: str, reminders: Iterable[Reminder]) -> None:
    """They are not owed, or nothing of them will change any more."""
    for one in reminders:
        same = (messages.c.handoff_id == one.handoff_id, messages.c.edition == one.edition)
        work.connection.execute(delete(messages).where(*_told_to(work, person), *same))


def _of_the_same(work: Work, person: str, one: Reminder, when: ColumnElement[bool]) -> list[Reminder]:
    same = (messages.c.handoff_id == one.handoff_id, messages.c.edition.startswith(f"{one.deadline} "))
    return _reminders(work, person, messages.c.ts != "", when, *same)


def _reminders(work: Work, person: str, *which: ColumnElement[bool]) -> list[Reminder]:
    query = select(messages.c.handoff_id, messages.c.edition).where(*_told_to(work, person), *which)
    return [Reminder(*row) for row in work.connection.execute(query.order_by(messages.c.handoff_id))]


def _told_to(work: Work, person: str) -> tuple[ColumnElement[bool], ...]:
    return messages.c.team_id == work.team, messages.c.recipient == person, messages.c.picture == Picture.REMINDER


def keep_message(work: Work, handoff_id: int, message: Message) -> None:
    """Remember where a living message stands."""
    insert = (sqlite if work.connection.dialect.name == "sqlite" else postgresql).insert(messages)
    row = {"team_id": work.team, "handoff_id": handoff_id, **vars(message)}
    keys = ["team_id", "handoff_id", "picture", "recipient", "edition"]
    where = {"channel": message.channel, "ts": message.ts}
    work.connection.execute(insert.values(row).on_conflict_do_update(index_elements=keys, set_=where))


def message_of(work: Work, handoff_id: int, picture: str, recipient: str = "", edition: str = "1") -> Message | None:
    """One living message, if it was posted."""
    key = (picture, recipient, edition)
    return next((m for m in messages_of(work, handoff_id) if (m.picture, m.recipient, m.edition) == key), None)


def last_digest(work: Work, until: date) -> Message | None:
    """The newest weekly digest up to that day, for the clock may have leapt; its `edition` is the day of it, `ts` is ""
    while it is not posted."""
    columns = (messages.c.picture, messages.c.recipient, messages.c.edition, messages.c.channel, messages.c.ts)
    where = (messages.c.team_id == work.team, messages.c.handoff_id == 0, messages.c.picture == Picture.DIGEST)
    past = (messages.c.recipient == "", messages.c.edition <= until.isoformat())
    query = select(*columns).where(*where, *past).order_by(messages.c.edition.desc()).limit(1)
    row = work.connection.execute(query).one_or_none()
    return Message(*row) if row else None


def forget_message(work: Work, handoff_id: int, message: Message) -> None:
    """The message is gone from Slack: the next drawing posts a new one."""
    where = (messages.c.team_id == work.team, messages.c.handoff_id == handoff_id, messages.c.ts == message.ts)
    work.connection.execute(delete(messages).where(*where, messages.c.channel == message.channel))
