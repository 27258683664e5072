"""The people around a handoff as the clock sees them: when they work, who stands in, when Baton may write to them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.calendars import Calendar
from bot.preferences import Nudging, Preferences
from bot.teams import Person, Team

_DAY = timedelta(days=1)
_LONGEST_CHAIN = 5  # covers who are away and have covers of their own


@dataclass(frozen=True)
class Colleagues:
    """What is known of everybody. `person` and `preferences` look one up by Slack id."""

    team: Team
    person: Callable[[str], Person | None]
    preferences: Callable[[str], Preferences]
    away_statuses: tuple[str, ...] = ()

    def calendar(self, user: str) -> Calendar:
        """When this person works, in the time zone that Slack tells; as the workspace has settled, where nothing is."""
        person = self.person(user)
        return Calendar(person.tz if person else "UTC", *self.preferences(user).working_time(self.team))

    def has_left(self, user: str) -> bool:
        """Whether the account is deactivated."""
        person = self.person(user)
        return person is not None and person.deleted

    def is_away(self, user: str, now: datetime) -> bool:
        """By `/handoff away`, by a status in Slack, or gone for good."""
        if self.preferences(user).is_away(self.calendar(user).local(now).date()):
            return True
        person = self.person(user)
        if person is None:
            return False
        lasts = person.status_until is None or person.status_until > now
        return person.deleted or (person.status_emoji in self.away_statuses and lasts)

    def back_at(self, user: str, now: datetime) -> datetime | None:
        """When somebody who is away will be there again; None where nobody knows."""
        person, own = self.person(user), self.preferences(user)
        ends = [person.status_until] if person and person.status_until else []
        if own.away_until:
            ends.append(self.calendar(user).at(own.away_until, time()))
        return next((end for end in sorted(ends) if end > now and not self.is_away(user, end)), None)

    def acting_for(self, user: str, leaders: tuple[str, ...], now: datetime) -> str | None:
        """Who hears in the place of `user`: the cover while `user` is away, else a leader, else nobody."""
        chain: list[str] = []
        one: str | None = user
        while one and one not in chain and len(chain) < _LONGEST_CHAIN:
            if self._can_be_told(one, now):
                return one
            chain.append(one)
            one = self.preferences(one).cover if self.is_away(one, now) else None
        return next((leader for leader in leaders if leader not in chain and self._can_be_told(leader, now)), None)

    def _can_be_told(self, user: str, now: datetime) -> bool:
        return not self.is_away(user, now) and self.preferences(user).nudging is not Nudging.OFF

    def may_write(self, user: str, wanted: datetime, now: datetime) -> datetime:
        """The first moment from `wanted` (and from `now`) on at which a reminder is welcome."""
        own, calendar = self.preferences(user), self.calendar(user)
        if own.nudging is Nudging.DAILY:
            wanted = _morning(calendar, wanted)
        return self.welcome(user, max(wanted, now))

    def welcome(self, user: str, moment: datetime) -> datetime:
        """The first moment from then on that lies in this person's hours."""
        own, calendar = self.preferences(user), self.calendar(user)
        for _ in range(_LONGEST_CHAIN):
            welcome = self._out_of_quiet(user, moment if own.any_hour else calendar.opening(moment))
            if welcome == moment:
                break
            moment = welcome
        return moment

    def _out_of_quiet(self, user: str, moment: datetime) -> datetime:
        own, calendar = self.preferences(user), self.calendar(user)
        local = calendar.local(moment)
        begin, end = own.quiet_from, own.quiet_to
        if begin is None or end is None:
            return moment
        now = local.time()
        if not (begin <= now < end if begin < end else now >= begin or now < end):
            return moment
        day = local.date() if now < end else local.date() + _DAY
        return max(moment, calendar.at(day, end))


def _morning(calendar: Calendar, wanted: datetime) -> datetime:
    """The first start of a working day from `wanted` on."""
    today = calendar.next_morning(calendar.closing(calendar.local(wanted).date() - _DAY))
    return today if today >= wanted else calendar.next_morning(wanted)
