"""One event in one line: for the card's thread and for the history."""

from blocks import kit
from blocks.captures import said
from blocks.completion import said as completed
from blocks.escalations import did
from blocks.promises import ENDINGS, VERDICTS
from blocks.surveys import said as heard
from blocks.values import place, row_words, value_words
from bot import captures, completion, escalations, events, meetings, promises, questions, reminders, surveys
from bot.events import Change, Event
from bot.playbook import Kind, Playbook, PlaybookField, label_of
from bot.records import MeetingEnd
from bot.timing import Fact
from bot.values import Value

_SHORT = 200
_QUOTED = 500
PERHAPS_AGAIN = " :repeat: possibly said twice"


def line(event: Event, playbook: Playbook) -> str:
    """What happened, in mrkdwn; typed words are escaped. The sensitive fields are never in it."""
    who = "Baton" if event.by == events.BATON else kit.person(event.by)
    return f"{who} {_did(event, playbook)}"


def _did(event: Event, playbook: Playbook) -> str:
    match event:
        case events.HandoffStarted():
            return f"started the handoff of *{kit.escape(event.deal.company_name)}*."
        case events.ContractSigned():
            return f"noted the signature of {kit.day(event.signed_at)}."
        case events.DealChanged():
            return f"corrected the deal: {_deal(event, playbook)}."
        case events.OwnersChanged():
            team = f"AE {kit.person(event.ae)}, CSM {kit.person(event.csm)}"
            return f"changed the owners: {team}{f', SE {kit.person(event.se)}' if event.se else ''}."
        case events.SectionSaved():
            return f"saved *{_section(playbook, event.section)}* (revision {event.revision})."
        case events.SectionRead():
            return f"read *{_section(playbook, event.section)}*."
        case _:
            return _moved(event, playbook)


def _deal(event: events.DealChanged, playbook: Playbook) -> str:
    model, segment = label_of(playbook.timing_models, event.timing_model), label_of(playbook.segments, event.segment)
    close = f", expected close {kit.day(event.expected_close)}" if event.expected_close else ""
    return kit.escape(f"{segment} · {model}") + close


def _section(playbook: Playbook, section_id: str) -> str:
    section = playbook.section(section_id)
    return kit.escape(section.label if section else section_id)


def _moved(event: Event, playbook: Playbook) -> str:
    match event:
        case events.HandoffSubmitted():
            return "submitted the document for review" + (f" (submission {event.number})." if event.number > 1 else ".")
        case events.HandoffReturned():
            reason = label_of(playbook.return_reasons, event.reason)
            return f"returned the document: {kit.escape(reason)}. “{kit.escape(kit.clip(event.words, 1000))}”"
        case events.HandoffAccepted():
            return "accepted the handoff. :handshake:"
        case events.HandoffCancelled():
            words = f" “{kit.escape(kit.clip(event.words, 1000))}”" if event.words else ""
            return f"cancelled the handoff: {kit.escape(label_of(playbook.cancel_reasons, event.reason))}.{words}"
        case events.HandoffReopened():
            return "reopened the handoff."
        case (
            completion.HandoffCompleted()
            | completion.ChannelKept()
            | completion.ChannelPutAway()
            | completion.ChannelPutOff()
            | completion.FeedbackGiven()
        ):
            return completed(event, playbook)
        case surveys.CustomerRepeated() | surveys.NothingRepeated() | surveys.SurveyAnswered():
            return f"noted: {heard(event, playbook)}"
        case _:
            return _owed(event, playbook)


def _owed(event: Event, playbook: Playbook) -> str:
    match event:
        case questions.QuestionEvent() | questions.QuestionsPrepared():
            return _of_questions(event, playbook)
        case meetings.MeetingEvent() | meetings.FirstContactMade():
            return _of_meetings(event, playbook)
        case promises.PromiseEvent():
            return _of_promises(event)
        case escalations.EscalationRaised() | escalations.EscalationClosed():
            return _of_escalations(event)
        case reminders.DeadlineEvent():
            return _of_deadline(event, kit.escape(label_of(playbook.deadlines, event.deadline.partition(".")[0])))
        case captures.CaptureEvent():
            return said(event, playbook)
        case events.StepNoted() | events.StepTakenBack():
            return f"{'noted' if isinstance(event, events.StepNoted) else 'took back'}: {STEPS[event.step]}."
        case _:
            return _in_slack(event)


STEPS = {
    Fact.CS_ALERTED: "CS knows that this deal will probably close",
    Fact.FIRST_CONTACT: "CS made the first contact with the customer",
    Fact.INTERNAL_MEETING_SCHEDULED: "the internal handoff meeting is scheduled",
    Fact.QUESTIONS_PREPARED: "the questions for the internal meeting are prepared",
    Fact.INTERNAL_MEETING_HELD: "the internal handoff meeting was held",
    Fact.INTRODUCTION_SCHEDULED: "the customer introduction is scheduled",
    Fact.INTRODUCTION_PREPARED: "the introduction is prepared",
    Fact.INTRODUCTION_DONE: "the CSM was introduced to the customer",
    Fact.KICKOFF_HELD: "the kickoff was held",
    Fact.PHASE_OVER: "a phase of the fade plan is over",
}


def _of_deadline(event: reminders.DeadlineEvent, label: str) -> str:
    match event:
        case reminders.DeadlineMissed():
            gone = (
                " The customer has met the CSM, and the AE does not answer any more." if event.is_disappearance else ""
            )
            return f"noticed that this is overdue: *{label}*.{gone}"
        case reminders.Nudged():
            return f"reminded {kit.person(event.to)} of *{label}*."
        case reminders.Snoozed():
            return f"snoozed *{label}* until {kit.moment(event.until)}."
        case reminders.WaitingBegan():
            reason = kit.escape(kit.clip(event.reason, 1000))
            return f"waits on the customer with *{label}*: “{reason}” Baton asks again {kit.moment(event.until)}."
        case reminders.WaitingEnded():
            return f"ended the waiting on the customer with *{label}*: the clock runs again."
        case reminders.DeadlineReassigned():
            return f"gave *{label}* to {kit.person(event.to)}."
        case _:
            return type(event).__name__


def _of_meetings(event: Event, playbook: Playbook) -> str:
    if isinstance(event, meetings.FirstContactMade):
        cold = f" before the introduction:{_words(event.cold)}" if event.cold else "."
        return f"noted the first contact with the customer, {_WAYS[event.way]} {kit.moment(event.contacted_at)}{cold}"
    label = kit.escape(playbook.meeting(event.kind).label) if isinstance(event, meetings.MeetingEvent) else ""
    match event:
        case meetings.MeetingScheduled(moved_from=None):
            return f"scheduled *{label}* for {kit.moment(event.meeting.at)}, {event.meeting.minutes} minutes."
        case meetings.MeetingScheduled():
            if event.moved_from == event.meeting.at:
                return f"changed *{label}* of {kit.moment(event.meeting.at)}."
            return f"moved *{label}* to {kit.moment(event.meeting.at)}."
        case meetings.MeetingFellThrough():
            what = "called off" if event.end is MeetingEnd.CALLED_OFF else "noted a no-show at"
            return f"{what} *{label}*.{_words(event.words)}"
        case meetings.MeetingHeld():
            why = f" CS had not accepted the document:{_words(event.override)}" if event.override else ""
            notes = f"\nNotes:{_words(event.notes)}" if event.notes else ""
            decisions = f"\nDecisions:{_words(event.decisions)}" if event.decisions else ""
            return f"noted: {STEPS[event.kind.held]}.{why}{notes}{decisions}"
        case _:
            return type(event).__name__


_WAYS = {meetings.Way.CALL: "by call", meetings.Way.EMAIL: "by email", meetings.Way.MEETING: "in a meeting"}


def _of_promises(event: promises.PromiseEvent) -> str:
    promise = f"the promise{_words(event.promised)}"
    match event:
        case promises.PromiseJudged():
            return f"gave a verdict on {promise}: {VERDICTS[event.verdict][0].lower()}.{_words(event.words)}"
        case promises.PromiseEnded():
            return f"closed {promise}: {ENDINGS[event.status][0].lower()}.{_words(event.words)}"
        case promises.PromiseReopened():
            return f"opened {promise} again."
        case promises.PromiseAssigned():
            return f"gave {promise} to {kit.person(event.owner) if event.owner else 'the CSM'}."
        case _:
            return type(event).__name__


def _of_escalations(event: escalations.EscalationRaised | escalations.EscalationClosed) -> str:
    if isinstance(event, escalations.EscalationRaised):
        return f"escalated ({event.severity}):{_words(event.what)}"
    decided = f" Decided to {did(event.decision)}:" if event.decision else " Decided:"
    return f"settled what was escalated:{_words(event.what)}{decided}{_words(event.outcome)}"


def _words(typed: str) -> str:
    return f" “{kit.escape(kit.clip(typed, _QUOTED))}”" if typed else ""


def _of_questions(event: Event, playbook: Playbook) -> str:
    match event:
        case questions.QuestionAsked():
            to = f" {kit.person(event.to)}" if event.to else ""
            return f"asked{to}{' again' if event.again else ''} {_about(event, playbook)}.{_quoted(event, playbook)}"
        case questions.QuestionAnswered():
            did = "corrected the answer" if event.corrects else "answered"
            return f"{did} {_about(event, playbook)}.{_quoted(event, playbook)}"
        case questions.QuestionPassed():
            return f"passed a question {_about(event, playbook)} to {kit.person(event.to)}."
        case questions.QuestionsPrepared():
            return f"has no more questions ({event.asked} asked)." if event.asked else "has no questions."
        case _:
            return type(event).__name__


def _about(event: questions.QuestionEvent, playbook: Playbook) -> str:
    return f"about *{kit.escape(place(playbook, event.about))}*"


def _quoted(event: questions.QuestionAsked | questions.QuestionAnswered, playbook: Playbook) -> str:
    """The words, where everybody may read them."""
    if playbook.is_sensitive(event.about):
        return " (confidential)"
    return f" “{kit.escape(kit.clip(event.words, _QUOTED))}”"


def _in_slack(event: Event) -> str:
    match event:
        case events.ChannelOpened():
            return f"opened the channel <#{event.channel}>."
        case events.ChannelRenamed():
            return f"saw the channel renamed to {kit.escape(event.name)}."
        case events.ChannelTroubled():
            return f"could not use the channel ({kit.escape(event.error)})."
        case events.ChannelRetried():
            return "asked for the channel again."
        case events.InviteRefused():
            return f"could not invite {kit.person(event.person)} ({kit.escape(event.error)})."
        case events.CanvasOpened():
            return "opened the canvas."
        case _:
            return type(event).__name__


def changes(event: events.SectionSaved, playbook: Playbook, *, sensitive: bool) -> list[str]:
    """What a save changed, field by field, in literal text."""
    return [words for change in event.changes if (words := _change(event.section, change, playbook, sensitive))]


def _change(section: str, change: Change, playbook: Playbook, sensitive: bool) -> str:
    field = playbook.field(f"{section}.{change.field.partition('[')[0]}")
    if field is None or (field.sensitive and not sensitive):
        return ""
    if field.kind is Kind.PERSON:
        return f"{field.label}: changed"
    before, after = _short(field, change.before), _short(field, change.after)
    if isinstance(change.before, list) and isinstance(change.after, list):
        return f"{field.label}: put in another order"
    if before and after:
        return (
            f"{field.label}: {before} → {after}" if before != after else f"{field.label}: {after} (changed further on)"
        )
    return f"{field.label}: {after} (added)" if after else f"{field.label}: {before} (removed)"


def _short(field: PlaybookField, value: Value | dict[str, str] | None) -> str:
    if isinstance(value, list):
        return f"{len(value)} rows"
    return (
        row_words(field, value, _SHORT)
        if isinstance(value, dict)
        else kit.clip(value_words(field, value or ""), _SHORT)
    )
