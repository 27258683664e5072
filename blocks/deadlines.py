"""Deadlines as people see them: one line of state, the whole story of each, and the forms that put one off."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from blocks import kit
from blocks.completion import feedback_buttons
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from blocks.promises import keep_buttons, open_button
from blocks.questions import answer_buttons, ask_buttons
from blocks.surveys import heard_buttons
from bot.assignments import Suggestion
from bot.calendars import Calendar
from bot.handoffs import Handoff
from bot.nudges import NEVER, Watch
from bot.playbook import Playbook
from bot.promises import is_removed
from bot.records import MeetingKind
from bot.steps import notable, noted
from bot.teams import Lateness
from bot.timing import Fact, Owner
from bot.waits import Rest

NOTES = {
    Fact.CS_ALERTED: "Alert CS",
    Fact.FIRST_CONTACT: "First contact made",
    Fact.INTERNAL_MEETING_SCHEDULED: "Meeting scheduled",
    Fact.QUESTIONS_PREPARED: "No more questions",
    Fact.INTERNAL_MEETING_HELD: "Internal meeting held",
    Fact.INTRODUCTION_SCHEDULED: "Introduction scheduled",
    Fact.INTRODUCTION_PREPARED: "Introduction prepared",
    Fact.INTRODUCTION_DONE: "Introduction done",
    Fact.KICKOFF_HELD: "Kickoff held",
    Fact.PHASE_OVER: "This phase is over",
}
May = Callable[[str], bool]  # whether the reader may put off what is owed of one item; "": of the whole
_RESTS = {
    Rest.HOUR: "1 hour",
    Rest.TOMORROW: "Tomorrow morning",
    Rest.WORKDAY: "Next workday",
    Rest.PICK: "Pick a time…",
}
_MOST = 30  # open ones in a modal: each is three blocks of its hundred
_LATELY = 15  # done ones: a line each, in one paragraph
_JUST = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)  # a reminder that waited for the working day comes with its first seconds
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def state(watch: Watch, now: datetime) -> str:
    """Where it stands, on both clocks: done, waiting, how much time is left, or how late it is."""
    entry, due = watch.entry, watch.due(now)
    if entry.met_at:
        return _over(watch, now)
    if entry.pause:
        return f":hourglass: Waiting on the customer. Baton asks again {kit.moment(entry.pause.until)}."
    if due is None:
        return "Due once the expected close is known."
    if now < due:
        return f"Due {kit.moment(due)}: {kit.span(due - now)} left{_working(watch.calendar, now, due)}."
    if now - due < _JUST:
        return f":alarm_clock: *Due now* ({kit.moment(due)})."
    late, worked = kit.span(now - due), _working(watch.calendar, due, now)
    if watch.colleagues.team.lateness is Lateness.WORKING:
        worked_late = kit.span(watch.calendar.working_time(due, now), days=False)
        late, worked = f"{worked_late} of working time", f" ({late} by the wall clock)"
    return f":warning: *{late} late*{worked}. It was due {kit.moment(due)}."


def _working(calendar: Calendar, start: datetime, end: datetime) -> str:
    worked = calendar.working_time(start, end)
    return f" ({kit.span(worked, days=False)} of working time)" if worked >= _MINUTE else " (no working time)"


def _over(watch: Watch, now: datetime) -> str:
    if watch.rule.starts is Fact.PROMISED and is_removed(watch.handoff, watch.rule.item):
        by, at = _by(watch.entry.met_by), kit.moment(watch.entry.met_at or now)
        return f":wastebasket: Removed from the document {by}{at}."
    return f":white_check_mark: Done {_ending(watch, now)}"


def _ending(watch: Watch, now: datetime) -> str:
    met_at, due = watch.entry.met_at or now, watch.due(now)
    late = f"{kit.span(met_at - due)} late" if due and met_at > due else "in time"
    return f"{_by(watch.entry.met_by)}{kit.moment(met_at)}, {late}."


def ended(watch: Watch) -> str:
    """How the round before this one ended: another submission's review, another phase."""
    done = watch.entry.ended
    return f":white_check_mark: Done {_by(done.by)}{kit.moment(done.at)}." if done else "This is over."


def _by(person: str) -> str:
    return f"by {kit.person(person)} " if person.startswith(("U", "W")) else ""


def deadlines_view(
    handoff: Handoff, playbook: Playbook, watches: Sequence[Watch], reader: str, now: datetime, *, may_act: May
) -> View:
    """Why Baton did, or did not, say something: each deadline, its clock, pauses, snoozes, the next reminder."""
    open_ones = sorted((w for w in watches if w.is_owed), key=lambda w: (w.due(now) or NEVER, w.rule.id))
    done = sorted((w for w in watches if not w.is_owed), key=lambda w: w.entry.met_at or now)[-_LATELY:]
    blocks: list[Block] = [kit.context(f"{kit.escape(handoff.customer)} · {_deciding(watches)}")]
    if not open_ones:
        blocks.append(kit.section("Nothing is due here now."))
    for watch in open_ones[:_MOST]:
        blocks += [kit.section(_headline(watch, now)), kit.context(_story(watch, now))]
        blocks += [kit.actions(*actions(watch, reader))] if may_act(watch.rule.item) else []
    if len(open_ones) > _MOST:
        blocks.append(kit.context(f"And {len(open_ones) - _MOST} more, which are due later than these."))
    if handoff.planned:
        meetings = kit.button("Meetings", Id.MEETINGS_OPEN, Ref(handoff=handoff.id).pack())
        blocks.append(kit.section("*A meeting was held, is moved, or somebody did not come?*", meetings))
    others = [step for step in notable(handoff, playbook) if step not in {w.rule.ends_with for w in open_ones}]
    if others and may_act(""):
        pick = _step_select(handoff, others, "Note it", Id.STEP_NOTE)
        blocks += [kit.divider(), kit.section("*Something else happened?*", pick)]
    if done:
        lines = (f"*{kit.escape(watch.rule.label)}* {_over(watch, now)}" for watch in done)
        blocks += [kit.divider(), kit.section("\n".join(lines))]
    if may_act("") and (steps := noted(handoff)):
        pick = _step_select(handoff, steps, "Take back", Id.STEP_TAKE_BACK)
        blocks.append(kit.section("Was something noted by mistake?", pick))
    here = Ref(handoff=handoff.id, below=Id.DEADLINES_OPEN)
    return kit.modal("Deadlines", blocks, metadata=here.pack())


def _deciding(watches: Sequence[Watch]) -> str:
    working = bool(watches) and watches[0].colleagues.team.lateness is Lateness.WORKING
    return "The owner's working time decides what is late." if working else "The wall clock decides what is late."


def _headline(watch: Watch, now: datetime) -> str:
    entry, lines = watch.entry, [f"*{kit.escape(watch.rule.label)}* — {kit.person(watch.owner)}", state(watch, now)]
    if entry.pause:
        lines.append(f"{kit.person(entry.pause.by)}: {_said(entry.pause.reason)}")
    if entry.snooze and entry.snooze.until > now:
        lines.append(f":zzz: {kit.person(entry.snooze.by)} snoozed it until {kit.moment(entry.snooze.until)}.")
    return "\n".join([*lines, _next(watch, now)])


def _story(watch: Watch, now: datetime) -> str:
    entry = watch.entry
    lines = [f"{_target(watch)} {kit.moment(entry.started_at)}. {hours(watch.calendar)}."]
    if entry.pause:
        lines.append(f"The clock stands still since {kit.moment(entry.pause.since)}.")
    for begin, end in entry.pauses[-3:]:
        lines.append(f"Waited on the customer {kit.moment(begin)} – {kit.moment(end)}, which is not counted.")
    for person, at in entry.told_at.items():
        lines.append(f"{kit.person(person)} was reminded last {kit.moment(at)}.")
    return "\n".join(lines)


def _target(watch: Watch) -> str:
    rule, working = watch.rule, watch.colleagues.team.lateness is Lateness.WORKING
    if rule.days_before_close is not None:
        return f"Target: {rule.days_before_close} days before the close; asked since"
    if rule.by == "promise":
        return "Target: the day that was promised; asked since"
    if rule.by:
        return "Target: the fade plan of the timing model, from"
    hours_given = f"{rule.working_target} working hours" if working else f"{rule.hours} hours"
    return f"Target: {hours_given} from"


def hours(calendar: Calendar) -> str:
    """When somebody works."""
    days = "–".join(dict.fromkeys((_DAYS[calendar.workdays[0]], _DAYS[calendar.workdays[-1]])))
    if len(calendar.workdays) != calendar.workdays[-1] - calendar.workdays[0] + 1:
        days = ", ".join(_DAYS[day] for day in calendar.workdays)
    holidays = f", holidays of {kit.escape(calendar.country)}" if calendar.country else ""
    return f"Works {days} {calendar.starts:%H:%M}–{calendar.ends:%H:%M} ({kit.escape(calendar.zone)}{holidays})"


def _next(watch: Watch, now: datetime) -> str:
    if watch.entry.pause:
        return "No reminder while the customer is waited for."
    coming = watch.next_reminder(now)
    if coming is None:
        return f"No reminder is coming{_why_none(watch, now)}."
    person, moment = coming
    wanted = watch.wanted_at(now)
    held = ", when reminders are welcome" if wanted and moment > max(wanted, now) else ""
    stands_in = f" for {kit.person(watch.owner)}" if person != watch.owner else ""
    return f"Next reminder: {kit.person(person)}{stands_in}, {kit.moment(moment)}{held}."


def _why_none(watch: Watch, now: datetime) -> str:
    if watch.due(now) is None:
        return ": it is not known when this is due"
    if watch.is_off:
        return f": {kit.person(watch.owner)} has turned reminders off"
    if watch.is_climbed(now):
        return ": everybody who should know has heard"
    return ": nobody who may be written to is there"


def clock_lines(watch: Watch, now: datetime) -> Iterator[str]:
    """What is owed: since when it is late or when it is due, and who put it off."""
    due, entry = watch.due(now), watch.entry
    if not watch.is_owed or due is None:
        return
    what = f"{kit.escape(watch.rule.label)} — {kit.person(watch.owner)}{_away(watch, now)}"
    if entry.pause:
        reason = kit.escape(kit.clip(entry.pause.reason, 150))
        late = ", overdue before that" if entry.missed_at else ""
        yield f":hourglass: *Waiting on the customer{late}:* {what}: “{reason}”, until {kit.moment(entry.pause.until)}"
    elif now >= due:
        yield f":warning: *Overdue:* {what}, since {kit.moment(due)}"
    else:
        yield f":clock3: *Due {kit.moment(due)}:* {what}"
    if entry.snooze and entry.snooze.until > now:
        yield f":zzz: {kit.person(entry.snooze.by)} snoozed it until {kit.moment(entry.snooze.until)}"


def _away(watch: Watch, now: datetime) -> str:
    if not watch.colleagues.is_away(watch.owner, now):
        return ""
    acting = watch.colleagues.acting_for(watch.owner, watch.leaders, now)
    return f" (away{f'; {kit.person(acting)} stands in' if acting else ''})"


def _said(words: str) -> str:
    return f"“{kit.escape(kit.clip(words, 300))}”"


# -- what to press


def note_button(handoff: Handoff, step: Fact, style: kit.Style = kit.Style.PLAIN, text: str = "") -> Element:
    """Note that a step is done."""
    ref = Ref(handoff=handoff.id, choice=step.value, phase=handoff.phase)
    return kit.button(text or NOTES[step], Id.STEP_NOTE, ref.pack(), style)


def _step_select(handoff: Handoff, steps: Sequence[Fact], words: str, action: Id) -> Element:
    ref = Ref(handoff=handoff.id, phase=handoff.phase)
    options = [kit.option(NOTES[step], ref.model_copy(update={"choice": step.value}).pack()) for step in steps]
    return kit.select(options, placeholder=words) | {"action_id": action}


def actions(watch: Watch, reader: str, suggestion: Suggestion | None = None) -> list[Element]:
    """What does it, then what puts it off. `suggestion`: who could be the CSM."""
    ref = Ref(handoff=watch.handoff.id, deadline=watch.rule.id)
    resume = kit.button("Customer answered", Id.RESUME, ref.pack())
    wait = kit.button("Waiting on customer", Id.WAIT_OPEN, ref.pack())
    rests = [kit.option(words, ref.model_copy(update={"choice": rest.value}).pack()) for rest, words in _RESTS.items()]
    snooze = kit.select(rests, placeholder="Snooze") | {"action_id": Id.SNOOZE}
    whose = "Not mine" if reader == watch.owner else "Reassign"
    reassign = kit.button(whose, Id.REASSIGN_OPEN, ref.pack())
    off = [resume] if watch.entry.pause else [snooze] if watch.rule.owner is Owner.CS_LEADER else [snooze, wait]
    return [*_doing(watch, suggestion), *off, reassign]


def _doing(watch: Watch, suggestion: Suggestion | None) -> list[Element]:
    step, primary, ref = watch.rule.ends_with, kit.Style.PRIMARY, Ref(handoff=watch.handoff.id)
    if step is Fact.SUBMITTED:
        return [
            kit.button("Edit document", Id.DOCUMENT_EDIT, ref.pack(), primary),
            kit.button("Submit for review", Id.SUBMIT, ref.pack()),
        ]
    if step is Fact.REVIEWED:
        view = kit.button("View document", Id.DOCUMENT_VIEW, ref.pack(), primary)
        return [
            view,
            kit.button("Accept", Id.ACCEPT_OPEN, ref.pack()),
            kit.button("Return", Id.RETURN_OPEN, ref.pack()),
        ]
    if step is Fact.CSM_NAMED:
        choose = kit.button("Choose the CSM", Id.ASSIGN_OPEN, ref.pack())
        if suggestion is None:
            return [choose]
        taken = ref.model_copy(update={"choice": suggestion.csm}).pack()
        return [kit.button(f"Assign {suggestion.name}", Id.CSM_ASSIGN, taken, primary), choose]
    return _doing_later(watch)


def _doing_later(watch: Watch) -> list[Element]:
    """What does it, where it goes on after the acceptance."""
    handoff, step, item, primary = watch.handoff, watch.rule.ends_with, watch.rule.item, kit.Style.PRIMARY
    ref = Ref(handoff=handoff.id)
    if step is Fact.QUESTION_ANSWERED:
        view = kit.button("View document", Id.DOCUMENT_VIEW, ref.pack())
        return [*answer_buttons(handoff.questions[int(item)], handoff), view]
    if step is Fact.PROMISE_ENDED:
        return [*keep_buttons(handoff, item), open_button(handoff, item)]
    if step is Fact.QUESTIONS_PREPARED:
        return ask_buttons(handoff)
    if kind := next((kind for kind in MeetingKind if kind.scheduled is step), None):
        plan = ref.model_copy(update={"meeting": kind.value}).pack()
        return [kit.button("Schedule", Id.MEETING_OPEN, plan, primary), note_button(handoff, kind.scheduled)]
    if step is Fact.FEEDBACK_GIVEN:
        return feedback_buttons(watch.handoff)
    if step is Fact.CUSTOMER_HEARD:
        return heard_buttons(watch.handoff)
    if step is not None and step.is_noted:
        return [note_button(handoff, step, primary)]
    return []
