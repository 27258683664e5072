"""Reminders: what a deadline means now, whom Baton reminds of it, and when it looks again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from bot.calendars import Calendar
from bot.colleagues import Colleagues
from bot.deadlines import AT_ONCE, due_at, follow, is_owed, of_phase, owner_of, rules_of
from bot.events import BATON, Event
from bot.fades import is_fading
from bot.handoffs import Awaited, Handoff
from bot.playbook import Playbook
from bot.preferences import Nudging
from bot.reminders import DeadlineEvent, DeadlineMissed, Nudged, WaitingEnded
from bot.timing import DeadlineRule, Fact, Leaders, Owner

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when something is due whose moment nobody can know
HEADS_UP, AT_DUE = 0, 1  # the first two rungs of every ladder


@dataclass(frozen=True)
class Watch:
    """One begun deadline of a handoff, with the people around it."""

    rule: DeadlineRule
    handoff: Handoff
    playbook: Playbook
    colleagues: Colleagues

    @property
    def entry(self) -> Awaited:
        """The deadline's own story."""
        return self.handoff.awaited[self.rule.id]

    @property
    def is_owed(self) -> bool:
        """Whether somebody still has to do it."""
        return is_owed(self.rule, self.handoff)

    @cached_property
    def owner(self) -> str:
        """Who owes it."""
        return owner_of(self.rule, self.handoff, self.colleagues.team.cs_leader)

    @cached_property
    def calendar(self) -> Calendar:
        """The owner's."""
        return self.colleagues.calendar(self.owner)

    @cached_property
    def leaders(self) -> tuple[str, ...]:
        """The owner's leader first, then the other one; without the owner."""
        team = self.colleagues.team
        both = (
            (team.sales_leader, team.cs_leader) if self.rule.owner is Owner.AE else (team.cs_leader, team.sales_leader)
        )
        return tuple(dict.fromkeys(leader for leader in both if leader and leader != self.owner))

    @property
    def rung(self) -> int:
        """The next rung of the ladder; a new owner begins at its foot."""
        return self.entry.rung if self.entry.ladder_of == self.owner else HEADS_UP

    @property
    def _leaders_rung(self) -> int:
        return AT_DUE + 1 + self.rule.ladder.daily

    def of_round(self, number: int) -> "Watch":
        """The same, called as it was in that round: each phase of the fade plan has its own name."""
        if self.rule.by != "timing_model":
            return self
        return replace(self, rule=of_phase(self.rule, number, self.handoff, self.playbook))

    def due(self, now: datetime) -> datetime | None:
        """When it is due; None while nobody can know."""
        return due_at(self.rule, self.handoff, self.playbook, self.calendar, self.colleagues.team.lateness, now)

    def _target(self, now: datetime) -> datetime | None:
        """When it is due. Where nobody can know, a snooze or the waiting on the customer ends all the same."""
        return self.due(now) or (NEVER if self.entry.snooze or self.entry.pause else None)

    def after(self, event: DeadlineEvent) -> "Watch":
        """The same deadline after something happened to it; no fact that other deadlines follow has changed."""
        return replace(self, handoff=event.change(self.handoff))

    def event(self, now: datetime) -> DeadlineEvent | None:
        """What has to be recorded of it now: that it is late, that somebody is reminded, that waiting is over."""
        due = self._target(now)
        if not self.is_owed or due is None:
            return None
        if pause := self.entry.pause:
            return WaitingEnded(by=BATON, at=now, deadline=self.rule.id) if now >= pause.until else None
        if now >= due and self.entry.missed_at is None:
            return self._missed(now)
        reminders = self._reminders(due, now)
        person = next((person for person, moment in reminders.items() if moment <= now), None)
        if person is None:
            return None
        rung = self._rung_at(due, now)
        return Nudged(
            by=BATON,
            at=now,
            deadline=self.rule.id,
            to=person,
            owner=self.owner,
            rung=rung - (self._is_for_owner(rung) and rung >= self._leaders_rung),  # a snooze is no step of the ladder
            is_last=len(reminders) == 1,
            was_snoozed=self.entry.snooze is not None,
        )

    def _missed(self, now: datetime) -> DeadlineMissed:
        """That it is late; of what the AE leaves unanswered while fading, the AE's leader hears at once."""
        missed = DeadlineMissed(by=BATON, at=now, deadline=self.rule.id)
        is_asked = self.rule.starts is Fact.QUESTION_ASKED and self.owner == self.handoff.ae
        if not (is_asked and is_fading(self.handoff)):
            return missed
        leader = next(iter(self.leaders), "")
        told = {"told": leader, "told_at": self.colleagues.welcome(leader, now)} if leader else {}
        return missed.model_copy(update={"is_disappearance": True, **told})

    def look_again(self, now: datetime) -> datetime | None:
        """When to ask for `event` the next time; None when there is nothing left to ask."""
        due = self._target(now)
        if not self.is_owed or due is None:
            return None
        if self.event(now):
            return now
        if self.entry.pause:
            return self.entry.pause.until
        moments = list(self._reminders(due, now).values())
        if self.entry.missed_at is None and due < NEVER:
            moments.append(due)
        elif not moments and self._rung_at(due, now) < self._leaders_rung:
            moments.append(self.calendar.next_morning(now))  # nobody can be reached today
        back = self.colleagues.back_at(self.owner, now) if moments else None
        return min([*moments, *([back] if back else [])], default=None)

    def next_reminder(self, now: datetime) -> tuple[str, datetime] | None:
        """Who is reminded next, and when; None when nobody will be as things stand."""
        due = self._target(now)
        if not self.is_owed or due is None or self.entry.pause:
            return None
        return min(self._reminders(due, now).items(), key=lambda one: one[1], default=None)

    @property
    def is_off(self) -> bool:
        """Whether the owner has turned reminders off."""
        return not self._wants(self.owner)

    def wanted_at(self, now: datetime) -> datetime | None:
        """When the next rung is reached, before anybody's hours are asked."""
        due = self.due(now)
        return due and self._moment(self.owner, self._rung_at(due, now), due, now)

    def is_climbed(self, now: datetime) -> bool:
        """Whether the whole ladder is behind."""
        due = self.due(now)
        return due is not None and self._rung_at(due, now) >= self._leaders_rung

    def _rung_at(self, due: datetime, now: datetime) -> int:
        if self.is_off:
            return max(self.rung, self._leaders_rung)
        early = self.rung == HEADS_UP and (self.rule.ladder.heads_up is None or now >= due)
        return AT_DUE if early else self.rung

    def _reminders(self, due: datetime, now: datetime) -> dict[str, datetime]:
        """Who has yet to hear of the next rung, and when each may be written to."""
        rung = self._rung_at(due, now)
        if self._is_for_owner(rung):
            actor = self.colleagues.acting_for(self.owner, self.leaders, now)
            return {actor: self._welcome(actor, rung, due, now)} if actor else {}
        if rung > self._leaders_rung:
            return {}
        wanted = {Leaders.OWNERS: self.leaders[:1] if self._has_own_leader else (), Leaders.BOTH: self.leaders}
        heard = [one for one in wanted.get(self.rule.ladder.leaders, ()) if one not in self._told and self._wants(one)]
        return {one: self._welcome(one, rung, due, now) for one in heard}

    def _is_for_owner(self, rung: int) -> bool:
        """Whether the owner hears next; what was snoozed comes back to who snoozed it, however late it is."""
        return rung < self._leaders_rung or (self.entry.snooze is not None and not self.is_off)

    @property
    def _told(self) -> tuple[str, ...]:
        """Who heard of this rung already."""
        return self.entry.told if self.entry.ladder_of == self.owner else ()

    @property
    def _has_own_leader(self) -> bool:
        """Whether the first of `leaders` leads the owner, and is not just the other leader."""
        team = self.colleagues.team
        own = team.sales_leader if self.rule.owner is Owner.AE else team.cs_leader
        return own is not None and own != self.owner

    def _wants(self, person: str) -> bool:
        return self.colleagues.preferences(person).nudging is not Nudging.OFF

    def _moment(self, reader: str, rung: int, due: datetime, now: datetime) -> datetime:
        """When `reader` is to hear of a rung, before the hours are asked."""
        if self.is_off and due < NEVER:  # its leaders hear as soon as it is late
            return max(due, self.entry.snooze.until) if self.entry.snooze else due
        if self.entry.snooze:
            return self.entry.snooze.until
        if rung == HEADS_UP:
            return self._heads_up(reader, due)
        if rung == AT_DUE:
            return due
        before = [person for person in self.entry.told_at if person not in self._told]
        told = [last for person in before if (last := self._last(person, now))]
        return max([due, *(self.colleagues.calendar(reader).next_morning(last) for last in told)])

    def _heads_up(self, reader: str, due: datetime) -> datetime:
        """When a share of the time is over; before people leave, where they only come back when it is late."""
        started, share = self.entry.started_at, self.rule.ladder.heads_up or 1
        if due - started <= AT_ONCE or self.colleagues.has_left(self.owner):
            return started
        early = started + (due - started) * share
        if self.colleagues.may_write(reader, early, early) < due:
            return early
        return max(started, min(early, self.colleagues.calendar(reader).last_open(due) - AT_ONCE))

    def _welcome(self, person: str, rung: int, due: datetime, now: datetime) -> datetime:
        """When this person may be written to: in the hours that are welcome, and once a working day at most."""
        moment, last = self._moment(person, rung, due, now), self._last(person, now)
        if last and not self.entry.snooze:
            moment = max(moment, self.colleagues.calendar(person).next_morning(last))
        return self.colleagues.may_write(person, moment, now)

    def _last(self, person: str, now: datetime) -> datetime | None:
        """When this person was reminded last; what lies after today is of a clock that was wrong."""
        last, calendar = self.entry.told_at.get(person), self.colleagues.calendar(person)
        if last is None or (last > now and calendar.local(last).date() != calendar.local(now).date()):
            return None
        return last


def watches(handoff: Handoff, playbook: Playbook, colleagues: Colleagues) -> list[Watch]:
    """Every deadline that has begun, in the playbook's order."""
    rules = rules_of(handoff, playbook)
    return [Watch(rule, handoff, playbook, colleagues) for rule in rules if rule.id in handoff.awaited]


@dataclass(frozen=True)
class Shift:
    """A deadline that an event would move; None where it is not known, or not owed."""

    rule: DeadlineRule
    before: datetime | None
    after: datetime | None


def shifts(event: Event, handoff: Handoff, playbook: Playbook, colleagues: Colleagues) -> list[Shift]:
    """The open deadlines that `event` would move."""
    after = follow(event, handoff, playbook)
    before_it, after_it = (
        {watch.rule.id: watch for watch in watches(one, playbook, colleagues) if watch.is_owed}
        for one in (handoff, after)
    )
    moved = []
    for kind in dict.fromkeys((*before_it, *after_it)):
        sides = [side[kind].due(event.at) if kind in side else None for side in (before_it, after_it)]
        if sides[0] != sides[1]:
            moved.append(Shift((after_it.get(kind) or before_it[kind]).rule, *sides))
    return moved
