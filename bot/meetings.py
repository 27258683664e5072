"""The internal handoff meeting and the customer introduction: scheduled, moved, held or not; and the first contact."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.agendas import Attendee, MeetingPlan
from bot.calendars import Calendar
from bot.events import Event
from bot.facts import has
from bot.handoffs import CALL, Done, Handoff, Stage
from bot.playbook import Kind, Playbook, PlaybookField
from bot.records import Meeting, MeetingEnd, MeetingKind, Minutes
from bot.refusals import Refusal
from bot.teams import Team
from bot.timing import Fact
from bot.values import read

Typed = dict[str, str]  # field id -> what a form says
NOTES = PlaybookField(id="notes", label="Notes", kind=Kind.LONG_TEXT)
DECISIONS = PlaybookField(id="decisions", label="Decisions", kind=Kind.LONG_TEXT)
PLACE = PlaybookField(id="place", label="Place or link", kind=Kind.TEXT, max_length=300)
REASON = PlaybookField(id="reason", label="Reason", kind=Kind.LONG_TEXT, max_length=500)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SEARCHED = 14 * 24  # hours in which a common one is looked for


class Way(StrEnum):
    """How the customer was contacted."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"


class MeetingEvent(Event):
    """Something that happened to a meeting."""

    kind: MeetingKind


class MeetingScheduled(MeetingEvent):
    """It has a time; `moved_from` another one."""

    meeting: Meeting
    moved_from: datetime | None = None

    def change(self, handoff: Handoff) -> Handoff:
        """With the meeting."""
        return handoff.model_copy(update={"meetings": handoff.meetings | {self.kind: self.meeting}})


class MeetingFellThrough(MeetingEvent):
    """It was called off, or somebody did not come; `words` say more."""

    end: MeetingEnd
    words: str

    def change(self, handoff: Handoff) -> Handoff:
        """It is owed again, be it noted as scheduled or not."""
        gone = handoff.meetings[self.kind].fell_through(self.end, self.at)
        steps = {step: done for step, done in handoff.steps.items() if step != self.kind.scheduled}
        return handoff.model_copy(update={"meetings": handoff.meetings | {self.kind: gone}, "steps": steps})


class MeetingHeld(MeetingEvent):
    """It was held. `override`: why a leader says so of a document that CS has not accepted."""

    notes: str = ""
    decisions: str = ""
    override: str = ""

    def change(self, handoff: Handoff) -> Handoff:
        """With the step done, its minutes, and the document's own word for it."""
        done = {self.kind.held: Done(by=self.by, at=self.at)}
        said = {self.kind: Minutes(notes=self.notes, decisions=self.decisions, by=self.by, at=self.at)}
        held = handoff.model_copy(update={"steps": handoff.steps | done, "minutes": handoff.minutes | said})
        return held.written(*CALL, "Yes", by=self.by, at=self.at) if self.kind is MeetingKind.INTERNAL else held


class FirstContactMade(Event):
    """CS has contacted the customer. `cold`: why before anybody introduced the CSM."""

    contacted_at: datetime
    way: Way
    cold: str = ""

    @property
    def happened_at(self) -> datetime:
        """When the customer heard."""
        return self.contacted_at

    def change(self, handoff: Handoff) -> Handoff:
        """With the step done."""
        done = Done(by=self.by, at=self.contacted_at)
        return handoff.model_copy(update={"steps": handoff.steps | {Fact.FIRST_CONTACT: done}})


# -- looking


def invited(plan: MeetingPlan, handoff: Handoff, team: Team) -> tuple[str, ...]:
    """Who takes part from our side, as far as they are named, each once."""
    people = {Attendee.AE: handoff.ae, Attendee.CSM: handoff.csm, Attendee.SE: handoff.se}
    people |= {Attendee.CS_LEADER: team.cs_leader, Attendee.SALES_LEADER: team.sales_leader}
    named = (people[one] for one in plan.attendees)
    return tuple(dict.fromkeys(person for person in named if person))


def common_hour(calendars: Sequence[Calendar], length: timedelta, now: datetime) -> datetime:
    """The first full hour from tomorrow on in which all of them work; where there is none, the first one's morning."""
    morning = calendars[0].next_morning(now)
    first = morning.replace(minute=0, second=0, microsecond=0)
    hours = (first + number * _HOUR for number in range(_SEARCHED))
    fit = (one for one in hours if one >= morning and all(_fits(calendar, one, length) for calendar in calendars))
    return next(fit, morning)


def _fits(calendar: Calendar, start: datetime, length: timedelta) -> bool:
    return calendar.working_time(start, start + length) == length


def planned(handoff: Handoff, kind: MeetingKind) -> Meeting | None:
    """The meeting that lies ahead, or of which nobody has said yet how it went."""
    return next((meeting for meeting in handoff.planned if meeting.kind is kind), None)


def _remind_at(plan: MeetingPlan, at: datetime, now: datetime) -> datetime | None:
    moment = at - timedelta(minutes=plan.remind)
    return moment if plan.remind and moment > now else None


def sequence_of(handoff: Handoff, kind: MeetingKind) -> int:
    """What was last said of it, as calendars count; -1 before anything was."""
    meeting = handoff.meetings.get(kind)
    return meeting.sequence if meeting else -1


def is_introduced(handoff: Handoff) -> bool:
    """Whether the customer has met the CSM through the AE."""
    return Fact.INTRODUCTION_DONE in handoff.steps


# -- scheduling


def schedule(
    handoff: Handoff, plan: MeetingPlan, typed: Typed, at: datetime | None, *, seen: int, by: str, now: datetime
) -> MeetingScheduled | None:
    """Give it a time, or another. `typed`: `minutes`, `attendees` (by commas), `place`; `seen`: its sequence then."""
    refuse_unless_schedulable(handoff, plan.kind)
    minutes, attendees = typed.get("minutes", ""), tuple(one for one in typed.get("attendees", "").split(",") if one)
    problems = {}
    if at is None or at <= now:
        problems["at"] = "Choose a time that lies ahead." if at else "Choose day and time."
    if minutes not in {str(length) for length in plan.lengths}:
        problems["minutes"] = "Choose how long it takes."
    if not attendees:
        problems["attendees"] = "Name who takes part."
    if problems or at is None:
        raise Refusal(" ".join(problems.values()), problems)
    fresh = Meeting(
        kind=plan.kind,
        uid=f"{plan.kind}-{handoff.id}-{now:%Y%m%d%H%M%S%f}@baton",
        at=at,
        minutes=int(minutes),
        attendees=attendees,
        place=read(PLACE, typed.get("place", "")),
        remind_at=_remind_at(plan, at, now),
    )
    before = handoff.meetings.get(plan.kind)
    if before and before.ended is None and _facts(before) == _facts(fresh):
        return None
    _refuse_unless_seen(handoff, plan.kind, seen)
    if before is None:
        return MeetingScheduled(by=by, at=now, kind=plan.kind, meeting=fresh)
    again = {"sequence": before.sequence + 1, "round": before.round + bool(before.ended), "ended_at": before.ended_at}
    meeting = fresh.model_copy(update={"uid": before.uid, **again})
    moved_from = before.at if before.ended is None else None
    return MeetingScheduled(by=by, at=now, kind=plan.kind, meeting=meeting, moved_from=moved_from)


def _facts(meeting: Meeting) -> tuple[object, ...]:
    return meeting.at, meeting.minutes, meeting.attendees, meeting.place


def _refuse_unless_seen(handoff: Handoff, kind: MeetingKind, seen: int) -> None:
    if seen != sequence_of(handoff, kind):
        raise Refusal("Somebody has changed this meeting since you opened this form. Close it, and look at Meetings.")


def refuse_unless_schedulable(handoff: Handoff, kind: MeetingKind) -> None:
    """Only what still lies ahead can have a time, and a CSM belongs to it."""
    _refuse_if_over(handoff, kind)
    if not handoff.csm:
        raise Refusal("There is no CSM to meet yet. Use Change owners to name one.")


def fall_through(
    handoff: Handoff, kind: MeetingKind, end: MeetingEnd, words: str, *, seen: int, by: str, now: datetime
) -> MeetingFellThrough:
    """It does not take place: somebody did not come, or it is called off. `seen`: its sequence on the form."""
    meeting = planned(handoff, kind)
    if meeting is None:
        raise Refusal("There is no such meeting ahead (any more): see Meetings.")
    _refuse_unless_seen(handoff, kind, seen)
    if end is MeetingEnd.NO_SHOW and now < meeting.at:
        raise Refusal("It has not begun yet. If it cannot take place, call it off or move it.")
    return MeetingFellThrough(by=by, at=now, kind=kind, end=end, words=read(NOTES, words))


def hold(handoff: Handoff, kind: MeetingKind, typed: Typed, *, by: str, is_leader: bool, now: datetime) -> MeetingHeld:
    """It was held, with `notes` and `decisions`. Before CS has accepted only a leader may say so, with a `reason`."""
    refuse_unless_holdable(handoff, kind, is_leader=is_leader, now=now)
    override = read(REASON, typed.get("reason", ""))
    if needs_override(handoff) and not override:
        words = "Say why it counts although CS has not accepted the document."
        raise Refusal(words, {"reason": words})
    notes, decisions = read(NOTES, typed.get("notes", "")), read(DECISIONS, typed.get("decisions", ""))
    override = override if needs_override(handoff) else ""
    return MeetingHeld(by=by, at=now, kind=kind, notes=notes, decisions=decisions, override=override)


def needs_override(handoff: Handoff) -> bool:
    """Whether CS has yet to confirm that the document was received and reviewed: that is what accepting says."""
    return not handoff.is_accepted


def refuse_unless_holdable(handoff: Handoff, kind: MeetingKind, *, is_leader: bool, now: datetime) -> None:
    """Before it is held, it has begun, and the CSM has received and reviewed the document."""
    _refuse_if_over(handoff, kind)
    meeting = planned(handoff, kind)
    if meeting and now < meeting.at:
        raise Refusal("It has not begun yet: move it first. If it took place earlier, call it off, then note it.")
    if not needs_override(handoff):
        return
    if kind is MeetingKind.INTRODUCTION:
        raise Refusal("This comes after CS has accepted the document.")
    if not is_leader:
        who = f"<@{handoff.csm}>" if handoff.csm else "The CSM, who is not named yet,"
        raise Refusal(
            f"{who} has not confirmed yet that the document was received and reviewed: that is, accepted it. "
            "A CS or Sales leader may note the meeting all the same, with a reason."
        )


def _refuse_if_over(handoff: Handoff, kind: MeetingKind) -> None:
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on.")
    if done := handoff.steps.get(kind.held):
        raise Refusal(f"<@{done.by}> has noted already that it was held.")


# -- first contact


def contact(
    handoff: Handoff, playbook: Playbook, contacted_at: datetime | None, way: str, cold: str, *, by: str, now: datetime
) -> FirstContactMade:
    """CS has contacted the customer; before a warm introduction only with a reason (`cold`)."""
    refuse_unless_contactable(handoff, playbook)
    problems = {}
    began = min(moment for moment in (handoff.started_at, handoff.signed_at) if moment)
    if contacted_at is None or contacted_at > now:
        problems["at"] = "Choose a time that has passed." if contacted_at else "Choose day and time."
    elif contacted_at < began - _DAY:
        problems["at"] = "That is long before the contract was signed, and before this handoff was started."
    if way not in {*Way}:
        problems["way"] = "Choose how."
    cold = "" if is_introduced(handoff) else read(REASON, cold)
    if not is_introduced(handoff) and not cold:
        problems["reason"] = "Say why before the introduction."
    if problems or contacted_at is None:
        raise Refusal(" ".join(problems.values()), problems)
    return FirstContactMade(by=by, at=now, contacted_at=contacted_at, way=Way(way), cold=cold)


def refuse_unless_contactable(handoff: Handoff, playbook: Playbook) -> None:
    """There is a customer, and nobody has noted the first contact yet."""
    if handoff.stage is Stage.CANCELLED:
        raise Refusal("This handoff is cancelled. Reopen it to go on.")
    if has(Fact.FIRST_CONTACT, handoff, playbook):
        done = handoff.steps.get(Fact.FIRST_CONTACT)
        raise Refusal(f"{f'<@{done.by}> has noted this' if done else 'This is noted'} already.")
    if not handoff.signed_at:
        raise Refusal("This comes after the contract is signed.")
