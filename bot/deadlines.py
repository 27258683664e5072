"""Deadlines: which facts start and end them, and when they are due. They follow the handoff; nothing is cancelled."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot import promises
from bot.calendars import Calendar
from bot.events import (
    CanvasOpened,
    ChannelOpened,
    ChannelRenamed,
    ChannelRetried,
    ChannelTroubled,
    DealChanged,
    Event,
    SectionRead,
    SectionSaved,
    StepNoted,
    StepTakenBack,
)
from bot.facts import IMPLIED_BY, has, is_said, moment_of
from bot.handoffs import Awaited, Done, Handoff, Snooze, Stage
from bot.playbook import Playbook
from bot.records import MeetingKind, Question
from bot.teams import Lateness
from bot.timing import DeadlineRule, Fact, Owner

CONFIDENTIAL = "confidential"  # in the place of words that are not for everybody
_SHORT = 40  # of a question or a promise, in the label of its deadline
AT_ONCE = timedelta(hours=1)  # to answer in, where the moment to count back from is too near or past

_TO_AGREE = timedelta(days=7)  # on the day of a promise that has none
_NO_DAY = "No day was agreed for it. Name one, or say how it ended: else it is forgotten."
_REMOVED = "not in the document any more"

_AT_REST = {"pause": None, "snooze": None}
_OVER = {kind.over for kind in MeetingKind}
_TIMELESS = (SectionRead, ChannelOpened, ChannelRenamed, ChannelTroubled, ChannelRetried, CanvasOpened)


def rules_of(handoff: Handoff, playbook: Playbook) -> list[DeadlineRule]:
    """The practice's rules, those about questions and promises once for each of them."""
    found: list[DeadlineRule] = []
    for rule in playbook.rules(handoff.timing_model):
        if rule.starts is Fact.QUESTION_ASKED:
            found += [_one_of(rule, str(one.id), _asked(one, playbook)) for one in handoff.questions.values()]
        elif rule.starts is Fact.PROMISED:
            found += _of_promises(rule, handoff)
        elif rule.by == "timing_model":
            entry = handoff.awaited.get(rule.id)
            found.append(of_phase(rule, entry.round if entry else handoff.phase, handoff, playbook))
        else:
            found.append(rule)
    return found


def _of_promises(rule: DeadlineRule, handoff: Handoff) -> Iterator[DeadlineRule]:
    """One for each commitment, and for each that was owed before it was taken out of the document."""
    known = promises.ledger(handoff)
    for one in known:
        mine = _one_of(rule, one.id, one.words)
        yield mine if one.due else mine.model_copy(update={"why": _NO_DAY})
    gone = handoff.awaited.keys() - {f"{rule.id}.{one.id}" for one in known}
    for kind in sorted(one for one in gone if one.startswith(f"{rule.id}.")):
        yield _one_of(rule, kind.removeprefix(f"{rule.id}."), _REMOVED)


def of_phase(rule: DeadlineRule, number: int, handoff: Handoff, playbook: Playbook) -> DeadlineRule:
    """The check-in at the end of that phase, named after it."""
    plain = next(one for one in playbook.rules(handoff.timing_model) if one.id == rule.id)
    model = playbook.timing_model(handoff.timing_model)
    if model is None or number >= len(model.fade):
        return plain
    return plain.model_copy(update={"label": f"{plain.label}: {model.fade[number].label}"})


def _asked(question: Question, playbook: Playbook) -> str:
    """The question's words, where everybody may read them."""
    return CONFIDENTIAL if playbook.is_sensitive(question.about) else question.thread[0].words


def _one_of(rule: DeadlineRule, item: str, words: str) -> DeadlineRule:
    words = " ".join(words.split())
    short = f"{words[:_SHORT].rstrip()}…" if len(words) > _SHORT else words
    return rule.model_copy(update={"id": f"{rule.id}.{item}", "item": item, "label": f"{rule.label}: {short}"})


def follow(event: Event, handoff: Handoff, playbook: Playbook) -> Handoff:
    """The handoff after `event`, with its deadlines begun, met, or owed again, as its facts then say."""
    after = event.change(handoff)
    if _is_timeless(event, after) or after.stage is Stage.CANCELLED:  # nothing is owed, and nothing was done
        return after
    awaited = dict(after.awaited)
    for rule in rules_of(after, playbook):
        begun, entry = _beginning(rule, after, playbook), awaited.get(rule.id)
        if begun and (entry is None or begun != (entry.started_at, entry.round)):
            entry = _begin(entry, *begun, _is_met(rule, after, playbook, begun[1]), event)
        taken_back = isinstance(event, StepTakenBack) and rule.starts.is_noted and rule.starts not in after.steps
        fell_through = rule.starts in _OVER and begun is None and not _is_met(rule, after, playbook, 0)
        if taken_back or fell_through or (rule.starts is Fact.COMPLETED and after.completion is None):
            awaited.pop(rule.id, None)  # what began with it is not owed
        elif entry is not None:
            if entry.snooze and owner_of(rule, handoff, None) != owner_of(rule, after, None):
                entry = entry.model_copy(update={"snooze": None})  # whose it is now has put nothing off
            entry = _goes_on(entry, rule, event, after, playbook)
            is_moved = isinstance(event, (DealChanged, SectionSaved)) and _target(
                rule, entry, handoff, playbook
            ) != _target(rule, entry, after, playbook)
            awaited[rule.id] = _from_the_foot(entry) if is_moved and entry.is_open else entry
    return after if awaited == after.awaited else after.model_copy(update={"awaited": awaited})


def _is_timeless(event: Event, after: Handoff) -> bool:
    if isinstance(event, SectionSaved):
        return event.section != promises.SECTION or after.accepted_at is None
    return isinstance(event, _TIMELESS)


def _begin(before: Awaited | None, started_at: datetime, round_: int, is_met: bool, event: Event) -> Awaited:
    """The story as it begins; what is done already was not late, and stays as it was done."""
    if is_met:
        return before or Awaited(started_at=started_at, round=round_, met_at=started_at, met_by=event.by)
    pauses = _pauses(before, event.at) if before else ()
    if before and before.round == round_:
        anew = {"told_at": before.told_at, "asked": before.asked, "ended": before.ended, "pauses": pauses}
        return Awaited(started_at=started_at, round=round_).model_copy(update=anew)
    ended = None
    if before and before.met_at:
        ended = Done(by=before.met_by, at=before.met_at)
    elif before and isinstance(event, StepNoted):  # with the same note one phase ends and the next begins
        ended = Done(by=event.by, at=event.at)
    return Awaited(started_at=started_at, round=round_, ended=ended, pauses=pauses)


def _pauses(entry: Awaited, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Those that are over when the one that goes on, if one does, ends now."""
    return (*entry.pauses, (entry.pause.since, now)) if entry.pause and entry.pause.since < now else entry.pauses


def _goes_on(entry: Awaited, rule: DeadlineRule, event: Event, handoff: Handoff, playbook: Playbook) -> Awaited:
    is_met = _is_met(rule, handoff, playbook, entry.round)
    if is_met and entry.is_open:
        implied = rule.ends_with in IMPLIED_BY and not is_said(rule.ends_with, handoff)
        met = {"met_at": event.happened_at, "met_by": "" if implied else event.by}
        return entry.model_copy(update={**met, "pauses": _pauses(entry, event.happened_at), **_AT_REST})
    if not is_met and not entry.is_open:
        return _from_the_foot(entry).model_copy(update={"met_at": None, "met_by": ""})
    alerted = isinstance(event, StepNoted) and event.step is Fact.CS_ALERTED
    if alerted and rule.ends_with is Fact.CSM_NAMED and entry.is_open:
        return entry.model_copy(update={"snooze": Snooze(until=event.at, by=event.by)})  # ask at once
    return entry


def _from_the_foot(entry: Awaited) -> Awaited:
    """Owed at another moment: not late yet, and the ladder begins anew."""
    return entry.model_copy(update={"missed_at": None, "rung": 0, "told": ()})


def _target(rule: DeadlineRule, entry: Awaited, handoff: Handoff, playbook: Playbook) -> datetime | None:
    """What the deadline of that id asked for at that time, wherever its owner is."""
    here = next((one for one in rules_of(handoff, playbook) if one.id == rule.id), rule)
    return _wall_target(here, entry, handoff, playbook, Calendar())


def owes_promises(handoff: Handoff, playbook: Playbook) -> bool:
    """Whether a clock runs for a promise; known without the document, in which its words and its day stand."""
    kinds = tuple(f"{rule.id}." for rule in playbook.rules(handoff.timing_model) if rule.starts is Fact.PROMISED)
    return any(kind.startswith(kinds) and entry.is_open for kind, entry in handoff.awaited.items())


def is_owed(rule: DeadlineRule, handoff: Handoff) -> bool:
    """Whether somebody still has to do it. Promises and questions, and what begins with it, outlive the completion."""
    entry = handoff.awaited.get(rule.id)
    over = handoff.completion is not None and not rule.item and rule.starts is not Fact.COMPLETED
    return entry is not None and entry.is_open and handoff.stage is not Stage.CANCELLED and not over


def due_at(
    rule: DeadlineRule, handoff: Handoff, playbook: Playbook, calendar: Calendar, lateness: Lateness, now: datetime
) -> datetime | None:
    """When it is due by the clock that decides, each pause added; None while the expected close is not known.

    `calendar` is the owner's. A pause that goes on counts up to `now`.
    """
    entry = handoff.awaited[rule.id]
    pauses = [(max(begin, entry.started_at), end) for begin, end in _pauses(entry, now)]
    if rule.hours and lateness is Lateness.WORKING:
        target = timedelta(hours=rule.working_target)
        due = calendar.after(entry.started_at, target)
        for begin, end in pauses:
            if begin < due:
                target += calendar.working_time(begin, end)
                due = calendar.after(entry.started_at, target)
        return due
    moment = _wall_target(rule, entry, handoff, playbook, calendar)
    for begin, end in pauses:
        if moment and begin < min(moment, end):
            moment += end - begin
    return moment


def _wall_target(
    rule: DeadlineRule, entry: Awaited, handoff: Handoff, playbook: Playbook, calendar: Calendar
) -> datetime | None:
    if rule.hours:
        return entry.started_at + timedelta(hours=rule.hours)
    if rule.by == "promise":
        known = promises.commitment_of(handoff, rule.item)
        return calendar.closing(known.due) if known and known.due else entry.started_at + _TO_AGREE
    if rule.days_before_close is None:
        model = playbook.timing_model(handoff.timing_model)
        phases = model.fade if model else ()
        if entry.round >= len(phases):
            return None
        introduced = moment_of(rule.starts, handoff) or entry.started_at
        return calendar.closing(introduced.date() + timedelta(days=phases[entry.round].days))  # one day for everybody
    anchors = [handoff.signed_at + AT_ONCE] if handoff.signed_at else []
    if handoff.expected_close:
        anchors.append(calendar.closing(handoff.expected_close - timedelta(days=rule.days_before_close)))
    return max(min(anchors), entry.started_at + AT_ONCE) if anchors else None


def owner_of(rule: DeadlineRule, handoff: Handoff, cs_leader: str | None) -> str:
    """Who owes it: its usual owner or whom it was passed on to; where nobody is named, the CS leader, then the AE."""
    entry = handoff.awaited.get(rule.id)
    if entry and entry.reassigned_to:
        return entry.reassigned_to
    if rule.starts is Fact.QUESTION_ASKED:
        return handoff.questions[int(rule.item)].to or handoff.ae
    if rule.item in handoff.promises and (owner := handoff.promises[rule.item].owner):
        return owner
    usual = {Owner.AE: handoff.ae, Owner.CSM: handoff.csm, Owner.CS_LEADER: cs_leader}[rule.owner]
    return usual or cs_leader or handoff.ae


def _beginning(rule: DeadlineRule, handoff: Handoff, playbook: Playbook) -> tuple[datetime, int] | None:
    """Since when it is owed and in which round; None when nothing has started it (lately)."""
    if rule.starts is Fact.QUESTION_ASKED:
        question = handoff.questions[int(rule.item)]
        return max(question.asked_at, handoff.reopened_at or question.asked_at), question.round
    if rule.starts is Fact.PROMISED and rule.id in handoff.awaited:
        return handoff.awaited[rule.id].started_at, 0
    started = moment_of(rule.starts, handoff)
    if started is None:
        return None
    model = playbook.timing_model(handoff.timing_model)
    if rule.by == "timing_model":
        return (started, handoff.phase) if model and handoff.phase < len(model.fade) else None
    if rule.starts in (Fact.SUBMITTED, Fact.RETURNED):
        return started, handoff.submissions
    chosen = handoff.timing_since if model and rule in model.deadlines else None
    lost = [one.ended_at for one in handoff.meetings.values() if one.kind.scheduled is rule.ends_with]
    anew = [moment for moment in (handoff.reopened_at, chosen, *lost) if moment]
    return max([started, *anew]), handoff.reopened_after


def _is_met(rule: DeadlineRule, handoff: Handoff, playbook: Playbook, since: int) -> bool:
    """Whether what the deadline asks for is done, or is asked for anew, since round `since` began."""
    if rule.starts in (Fact.SUBMITTED, Fact.RETURNED) and handoff.stage is Stage.PREPARING:
        return True  # reopened: the whole document is
    if rule.ends_with is Fact.QUESTION_ANSWERED:
        return not handoff.questions[int(rule.item)].is_open
    if rule.ends_with is Fact.PROMISE_ENDED:
        here = promises.commitment_of(handoff, rule.item)
        return here is None or not here.is_open
    return _is_true(rule.ends_with, handoff, playbook, since)


def _is_true(fact: Fact | None, handoff: Handoff, playbook: Playbook, since: int) -> bool:
    """Whether a fact has become true after round `since` began."""
    if fact is Fact.PHASE_OVER:
        return handoff.phase > since or has(Fact.FADED, handoff, playbook)  # by a shorter plan, perhaps
    if fact is Fact.SUBMITTED:
        return handoff.submissions > since
    if fact is Fact.REVIEWED:
        return handoff.stage is not Stage.IN_REVIEW or handoff.submissions > since
    return fact is not None and has(fact, handoff, playbook)
