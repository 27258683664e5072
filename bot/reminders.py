"""What can happen to one deadline: missed, reminded of, put off, waited with, passed on."""

from datetime import datetime

from bot.events import BATON, Event
from bot.handoffs import Awaited, Handoff, Pause, Snooze


class DeadlineEvent(Event):
    """Something that happened to the deadline of that rule."""

    deadline: str

    def change(self, handoff: Handoff) -> Handoff:
        """With the deadline's story gone on."""
        entry = handoff.awaited.get(self.deadline)
        if entry is None:
            return handoff
        return handoff.model_copy(update={"awaited": handoff.awaited | {self.deadline: self.go_on(entry)}})

    def go_on(self, entry: Awaited) -> Awaited:
        """The story after this."""
        return entry


class DeadlineMissed(DeadlineEvent):
    """What `deadline` asked for was not done in time. `is_disappearance`: after the introduction the AE left a question
    unanswered; `told`: the leader who hears of that, from `told_at` on."""

    is_disappearance: bool = False
    told: str = ""
    told_at: datetime | None = None

    def go_on(self, entry: Awaited) -> Awaited:
        """Late, and on record as late."""
        return entry.model_copy(update={"missed_at": self.at})


class Nudged(DeadlineEvent):
    """Baton reminded `to`. `owner`: whose deadline it was; `is_last`: everybody of this rung has heard now."""

    to: str
    owner: str
    rung: int
    is_last: bool = True
    was_snoozed: bool = False  # until now, so that it may be the second of a day

    def go_on(self, entry: Awaited) -> Awaited:
        """One rung further, or one person of it."""
        told, rung = entry.told if entry.ladder_of == self.owner else (), self.rung + self.is_last
        heard = (*told, self.to) if not self.is_last else told if rung == entry.rung else ()
        update = {"told": heard, "rung": rung}
        asked = entry.asked if entry.ladder_of == self.owner != self.to else ()  # an owner who is back stands alone
        news = {"snooze": None, "ladder_of": self.owner, "told_at": entry.told_at | {self.to: self.at}}
        return entry.model_copy(update=update | news | {"asked": tuple(dict.fromkeys((*asked, self.to)))})


class Snoozed(DeadlineEvent):
    """No reminders until then."""

    until: datetime

    def go_on(self, entry: Awaited) -> Awaited:
        """Quiet for a while."""
        return entry.model_copy(update={"snooze": Snooze(until=self.until, by=self.by)})


class WaitingBegan(DeadlineEvent):
    """The customer is the one being waited for; the clock stands still until then at the latest."""

    reason: str
    until: datetime

    def go_on(self, entry: Awaited) -> Awaited:
        """Paused."""
        since = entry.pause.since if entry.pause else self.at
        pause = Pause(reason=self.reason, by=self.by, since=since, until=self.until)
        return entry.model_copy(update={"pause": pause, "snooze": None})


class WaitingEnded(DeadlineEvent):
    """The clock runs again: somebody said so, or the day to look again has come (then `by` is Baton)."""

    def go_on(self, entry: Awaited) -> Awaited:
        """Running; where nobody has said so, whoever owes it is asked at once."""
        if entry.pause is None:
            return entry
        pauses = (*entry.pauses, (entry.pause.since, self.at))
        look = Snooze(until=self.at, by=entry.pause.by) if self.by == BATON else None
        return entry.model_copy(update={"pause": None, "pauses": pauses, "snooze": look})


class DeadlineReassigned(DeadlineEvent):
    """Somebody else owes it from now on."""

    to: str

    def go_on(self, entry: Awaited) -> Awaited:
        """With another owner."""
        return entry.model_copy(update={"reassigned_to": self.to, "snooze": None, "asked": ()})
