"""Time passes for a handoff: at each moment that Baton chose it is asked, as the tick asks, and who heard is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.colleagues import Colleagues
from bot.events import Event
from bot.handoffs import Awaited, Handoff
from bot.nudges import Watch, watches
from bot.preferences import Preferences
from bot.reminders import DeadlineEvent, Nudged
from bot.teams import Person, Team
from bot.timing import Leaders
from tests.examples import AE, CSM, NOW, PLAYBOOK, TEAM, after, colleagues, empty
from tests.happenings import signed

COVER = "U0COVER"
MOST_EVENTS_AT_ONCE = 50  # a loop that never ends is a failure, not a wait


@dataclass(frozen=True)
class Heard:
    """Somebody was reminded; `before` is the deadline's story until then."""

    watch: Watch
    event: Nudged

    @property
    def before(self) -> Awaited:
        """The deadline's own story, just before."""
        return self.watch.entry


@dataclass
class Life:
    """A handoff among its people, with everything that Baton did about its deadlines."""

    handoff: Handoff
    people: Colleagues
    told: list[DeadlineEvent] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    fixed: tuple[str, ...] = ()  # only these deadlines are asked about; all when empty

    def happen(self, *events: Event) -> None:
        """Somebody did something."""
        self.handoff = after(self.handoff, *events)

    def watch(self, deadline: str) -> Watch:
        """One deadline as it stands."""
        return next(one for one in self._watches() if one.rule.id == deadline)

    def ask(self, now: datetime) -> None:
        """The tick at `now`: every deadline says what has to be recorded, until there is nothing left."""
        for begun in self._watches():
            watch, events = begun, 0
            while (event := watch.event(now)) is not None:
                events += 1
                assert events < MOST_EVENTS_AT_ONCE
                if isinstance(event, Nudged):
                    self.heard.append(Heard(watch, event))
                self.told.append(event)
                watch = watch.after(event)
            again = watch.look_again(now)
            assert again is None or again > now
            self.handoff = watch.handoff

    def next_question(self, now: datetime) -> datetime | None:
        """When Baton would ask again."""
        return min((at for one in self._watches() if (at := one.look_again(now))), default=None)

    def pass_time(self, now: datetime, until: datetime) -> datetime:
        """Ask at `now` and whenever Baton wanted to, until there is nothing to ask before `until`; when it was last."""
        self.ask(now)
        while (again := self.next_question(now)) and again <= until:
            now = again
            self.ask(now)
        return now

    def reminders(self, person: str) -> list[str]:
        """When a person heard, on that person's clock: Tue 24 Nov 09:00."""
        known = self.people.person(person)
        zone = ZoneInfo(known.tz if known else "UTC")
        at = (one.event.at for one in self.heard if one.event.to == person)
        return [f"{moment.astimezone(zone):%a %d %b %H:%M}" for moment in at]

    def _watches(self) -> Iterator[Watch]:
        """Each as the handoff stands when it is its turn."""
        for one in watches(self.handoff, PLAYBOOK, self.people):
            if not self.fixed or one.rule.id in self.fixed:
                yield Watch(one.rule, self.handoff, PLAYBOOK, self.people)


def office(
    settled: Mapping[str, Preferences] | None = None, *, zones: Mapping[str, str] | None = None, team: Team = TEAM
) -> Colleagues:
    """The people around a handoff, in UTC unless `zones` says where."""
    users = (AE, CSM, COVER, *TEAM.leaders)
    known = [Person(id=user, name=user, tz=(zones or {}).get(user, "UTC")) for user in users]
    return colleagues(*known, team=team, settled=settled)


def owing_document(people: Colleagues | None = None, at: datetime = NOW, **known: Any) -> Life:
    """A handoff signed at `at`, of which only the document is asked."""
    return Life(after(empty(**known), signed(at)), people or office(), fixed=("complete_document",))


def refuse_what_is_unwelcome(one: Heard) -> None:
    """Fails when a reminder should not have been sent: not owed, put off, or outside of the hours that are welcome."""
    people, event, before = one.watch.colleagues, one.event, one.before
    assert one.watch.is_owed
    assert before.pause is None
    assert before.snooze is None or before.snooze.until <= event.at
    own, calendar = people.preferences(event.to), people.calendar(event.to)
    assert own.any_hour or calendar.is_open(event.at)
    clock = calendar.local(event.at).time()
    if own.quiet_from and own.quiet_to:
        over_midnight = own.quiet_from > own.quiet_to
        inside = own.quiet_from <= clock < own.quiet_to
        assert not (clock >= own.quiet_from or clock < own.quiet_to if over_midnight else inside)
    assert not people.has_left(event.to)
    assert own.nudging != "off"


def refuse_nagging(heard: list[Heard]) -> None:
    """Fails when somebody hears of the same thing twice on one day, unless a snooze ended."""
    days: set[tuple[str, int, str, object]] = set()
    for one in heard:
        day = one.watch.colleagues.calendar(one.event.to).local(one.event.at).date()
        key = (one.event.deadline, one.before.round, one.event.to, day)
        assert key not in days or one.before.snooze is not None
        days.add(key)


MOST_LEADERS = {Leaders.NOBODY: 0, Leaders.OWNERS: 1, Leaders.BOTH: 2}


def refuse_long_ladders(heard: list[Heard]) -> None:
    """Fails when more than the ladder's reminders come, or a leader hears twice."""
    for kind in {one.event.deadline for one in heard}:
        mine = [one for one in heard if one.event.deadline == kind]
        rule = mine[0].watch.rule
        leaders_rung = rule.ladder.daily + 2
        early = [one for one in mine if one.event.rung < leaders_rung]
        late = [one.event.to for one in mine if one.event.rung >= leaders_rung]
        assert len(early) <= leaders_rung
        assert (
            len(late) == len(set(late)) <= {Leaders.NOBODY: 0, Leaders.OWNERS: 1, Leaders.BOTH: 2}[rule.ladder.leaders]
        )
        assert [one.event.rung for one in mine] == sorted(one.event.rung for one in mine)
