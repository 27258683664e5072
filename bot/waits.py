"""Putting a deadline off: quiet for a while, waiting on the customer, or somebody else's to do."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from bot import promises, questions
from bot.calendars import Calendar
from bot.events import Event, OwnersChanged
from bot.nudges import Watch
from bot.playbook import Kind, PlaybookField
from bot.refusals import Refusal
from bot.reminders import DeadlineReassigned, Snoozed, WaitingBegan, WaitingEnded
from bot.timing import Fact, Owner
from bot.values import read

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LONGEST = timedelta(days=92)

REASON = PlaybookField(id="reason", label="The reason", kind=Kind.LONG_TEXT, max_length=500)


class Rest(StrEnum):
    """For how long a reminder may rest."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    WORKDAY = "workday"
    PICK = "pick"


def find(watches: list[Watch], deadline: str) -> Watch:
    """The deadline that somebody wants to put off; refuses when it is not owed (any more)."""
    watch = next((watch for watch in watches if watch.rule.id == deadline), None)
    if watch is None or not watch.is_owed:
        done = f", by <@{watch.entry.met_by}>" if watch and watch.entry.met_by.startswith(("U", "W")) else ""
        ended = watch and not watch.entry.met_at and watch.handoff.stage.clause
        what = f"This handoff is {ended}" if ended else f"This is done{done}"
        raise Refusal(f"{what}: there is nothing left to put off.")
    return watch


def rest_until(rest: Rest, calendar: Calendar, now: datetime) -> datetime:
    """When a reminder comes again for somebody who works by `calendar`."""
    if rest is Rest.HOUR:
        return now + _HOUR
    if rest is Rest.TOMORROW:
        return calendar.at(calendar.local(now).date() + _DAY, calendar.starts)
    return calendar.next_morning(now)


def snooze(watch: Watch, until: datetime, *, by: str, now: datetime) -> Snoozed:
    """No reminders of it until then."""
    if until <= now:
        raise _refusal("until", "Choose a moment that is still to come.")
    if until - now > _LONGEST:
        raise _refusal("until", "That is more than three months away. Is it waiting on the customer, or not yours?")
    return Snoozed(by=by, at=now, deadline=watch.rule.id, until=until)


def wait(watch: Watch, reason: str, look_again: date | None, *, by: str, now: datetime) -> WaitingBegan:
    """The customer is waited for: the clock stands still until the morning of `look_again`."""
    reason = read(REASON, reason)
    if not reason:
        raise _refusal("reason", "Say what you are waiting for, so that everybody understands the pause.")
    today = watch.calendar.local(now).date()
    if look_again is None or look_again <= today:
        raise _refusal("look_again", "Choose a day after today: then Baton asks again.")
    if look_again - today > _LONGEST:
        raise _refusal("look_again", "That is more than three months away. Choose a day to look again before that.")
    until = watch.calendar.opening(watch.calendar.at(look_again, watch.calendar.starts))
    return WaitingBegan(by=by, at=now, deadline=watch.rule.id, reason=reason, until=until)


def resume(watch: Watch, *, by: str, now: datetime) -> WaitingEnded:
    """The customer has answered: the clock runs again."""
    if watch.entry.pause is None:
        raise Refusal("The clock of this runs already.")
    return WaitingEnded(by=by, at=now, deadline=watch.rule.id)


def reassign(watch: Watch, to: str | None, *, by: str, now: datetime) -> Event:
    """Somebody else owes it: another AE or CSM of the whole handoff, or (a question, a promise, the CS leader's
    part) of this alone."""
    handoff, rule = watch.handoff, watch.rule
    if not to:
        raise _refusal("to", "Name who takes it.")
    if to == watch.owner:
        raise _refusal("to", "It is with this person already. Name somebody else.")
    if rule.starts is Fact.QUESTION_ASKED:
        question = handoff.questions[int(rule.item)]
        return questions.pass_on(handoff, question, to, watch.playbook, watch.colleagues.team, by=by, now=now)
    if rule.starts is Fact.PROMISED:
        return promises.assign(handoff, rule.item, to, by=by, now=now)
    if rule.owner is Owner.CS_LEADER:
        return DeadlineReassigned(by=by, at=now, deadline=rule.id, to=to)
    ae, csm = (to, handoff.csm) if rule.owner is Owner.AE else (handoff.ae, to)
    return OwnersChanged(by=by, at=now, ae=ae, csm=csm, se=handoff.se)


def _refusal(field: str, words: str) -> Refusal:
    return Refusal(words, {field: words})
