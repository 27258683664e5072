"""What follows from each event in Slack: who is told, what is redrawn."""

from collections.abc import Iterator
from datetime import datetime

from bot import captures, completion, escalations, events, fades, meetings, promises, questions, reminders, surveys
from bot.errands import (
    Errand,
    Kind,
    Picture,
    describe,
    draw,
    draw_card,
    invite,
    lane_of,
    mark_card,
    post_line,
    redraw_dms,
    remind,
    write_canvas,
)
from bot.events import Event
from bot.handoffs import Handoff
from bot.owners import leavers, newcomers
from bot.records import Meeting, Question


def errands_of(event: Event, before: Handoff | None, after: Handoff) -> Iterator[Errand]:
    """Everything that follows from `event` in Slack."""
    match event:
        case events.HandoffStarted():
            yield Errand(Kind.OPEN_CHANNEL, lane_of(after))
            yield from (_tell_named(person, event) for person in after.people if person != event.by)
        case events.ChannelRetried():
            yield from (_furnish(after) if after.channel.id else (Errand(Kind.OPEN_CHANNEL, lane_of(after)),))
        case events.ChannelOpened():
            yield from _furnish(after)
        case events.ChannelTroubled() if after.completion is None:  # a channel that is done with may go
            yield draw(Picture.CHANNEL_TROUBLE, after.ae, int(event.at.timestamp()))
        case events.InviteRefused():
            yield draw(Picture.INVITE_REFUSED, after.ae, event.person)
        case events.SectionSaved():
            yield from _saved(event, before, after)
        case _ if isinstance(event, NO_LINE):
            return
        case _:
            yield from _with_line(event, before or after, after)


def _saved(event: events.SectionSaved, before: Handoff | None, after: Handoff) -> Iterator[Errand]:
    yield draw_card(after)
    yield write_canvas(after)
    if after.planned or event.section == promises.SECTION:
        yield redraw_dms(after)  # with them what a meeting is to talk about, and a promise that is reminded of
    if before and before.customer != after.customer:
        yield describe(after)


def _with_line(event: Event, before: Handoff, after: Handoff) -> Iterator[Errand]:
    match event:
        case reminders.DeadlineEvent() | events.StepNoted() | events.StepTakenBack():
            yield from _of_time(event, after)
        case questions.QuestionEvent() | questions.QuestionsPrepared():
            yield from _of_questions(event, after)
        case promises.PromiseEvent() | escalations.EscalationRaised() | escalations.EscalationClosed():
            yield from _of_promises(event, after)
        case meetings.MeetingEvent() | meetings.FirstContactMade():
            yield from _of_meetings(event, after)
        case completion.ChannelKept() | completion.ChannelPutAway() | completion.FeedbackGiven():
            yield from _news(after)
        case surveys.CustomerRepeated() | surveys.NothingRepeated() | surveys.SurveyAnswered():
            yield from _news(after)
        case completion.ChannelPutOff():
            yield from _news(after)
            yield from _part_with_channel(after, event.at)
        case captures.CaptureEvent():
            yield draw_card(after)
            if not isinstance(event, captures.CaptureReviewed):
                yield post_line(after)
        case _:
            yield from _stage_change(event, before, after)


def _news(after: Handoff) -> Iterator[Errand]:
    """Everybody sees it where they look, and reads it in the card's thread."""
    yield draw_card(after)
    yield post_line(after)
    yield redraw_dms(after)


def _of_time(event: Event, after: Handoff) -> Iterator[Errand]:
    if isinstance(event, reminders.Nudged):
        yield remind(event.to)
        if event.was_snoozed:
            yield draw_card(after)  # which said so
        return
    yield draw_card(after)
    if not isinstance(event, reminders.Snoozed):
        yield post_line(after)
    yield redraw_dms(after)
    if isinstance(event, events.StepTakenBack):
        yield write_canvas(after)  # of the internal meeting the document speaks, too
    if isinstance(event, reminders.DeadlineMissed) and event.told:
        edition = fades.silence_of(after)  # one message, however many questions
        about = {"picture": Picture.SILENCE, "recipient": event.told, "edition": edition}
        lane = f"silence:{after.id}:{event.told}:{edition}"
        yield Errand(Kind.DRAW_MESSAGE, lane, about, merges=True, due_at=event.told_at)


def _of_questions(event: Event, after: Handoff) -> Iterator[Errand]:
    yield from _news(after)
    if not isinstance(event, questions.QuestionEvent):
        return
    question = after.questions[event.question]
    if not isinstance(event, questions.QuestionPassed):
        yield write_canvas(after)
    if question.is_open:
        yield _ask(question, after)
    else:
        told = dict.fromkeys(one for one in (*question.askers, after.csm) if one and one != event.by)
        yield from (draw(Picture.ANSWER, person, f"{question.id}.{len(question.thread)}") for person in told)


def _ask(question: Question, handoff: Handoff) -> Errand:
    return draw(Picture.QUESTION, questions.answers(question, handoff), question.edition)


def _of_meetings(event: Event, after: Handoff) -> Iterator[Errand]:
    yield from _news(after)
    match event:
        case meetings.MeetingScheduled():
            yield from (invite(after, person) for person in event.meeting.attendees)
            yield from _convene(event.meeting, after)
            yield from _think_of(event.meeting, after)
        case meetings.MeetingFellThrough():
            yield _send_invitation(after.meetings[event.kind], after)
        case meetings.MeetingHeld():
            yield write_canvas(after)


def _convene(meeting: Meeting, handoff: Handoff) -> Iterator[Errand]:
    """What stands in the channel: the pack, and below it the invitation."""
    pack = {"picture": Picture.MEETING_PACK, "recipient": "", "edition": meeting.edition}
    yield Errand(Kind.DRAW_MESSAGE, lane_of(handoff), pack, merges=True)
    yield _send_invitation(meeting, handoff)


def _send_invitation(meeting: Meeting, handoff: Handoff) -> Errand:
    return Errand(Kind.SEND_INVITATION, lane_of(handoff), _said_of(meeting))


def _think_of(meeting: Meeting, handoff: Handoff) -> Iterator[Errand]:
    """Remind those who take part a while before, and ask afterwards how it went; if it is still so, is asked then."""
    for picture, due_at in ((Picture.MEETING_SOON, meeting.remind_at), (Picture.MEETING_OVER, meeting.ends_at)):
        if due_at:
            lane = f"{picture}:{handoff.id}:{meeting.kind}:{meeting.sequence}"
            yield Errand(Kind.ANNOUNCE_MEETING, lane, _said_of(meeting) | {"picture": picture}, due_at=due_at)


def _said_of(meeting: Meeting) -> dict[str, str]:
    return {"meeting": meeting.kind, "sequence": str(meeting.sequence)}


def _of_promises(event: Event, after: Handoff) -> Iterator[Errand]:
    yield from _news(after)
    match event:
        case promises.PromiseAssigned() if event.owner and event.owner != event.by:
            yield draw(Picture.PROMISE, event.owner, f"{event.row} {int(event.at.timestamp())}")
        case escalations.EscalationRaised():
            yield from (draw(Picture.ESCALATION, person, event.escalation) for person in event.told)
        case escalations.EscalationClosed():
            told = dict.fromkeys((after.ae, after.csm, after.escalations[event.escalation].by))
            yield from (draw(Picture.DECISION, one, event.escalation) for one in told if one and one != event.by)


def _stage_change(event: Event, before: Handoff, after: Handoff) -> Iterator[Errand]:
    yield draw_card(after)
    yield post_line(after)
    yield describe(after)
    yield write_canvas(after)
    yield redraw_dms(after)
    match event:
        case events.HandoffCancelled():
            yield from (_send_invitation(after.meetings[meeting.kind], after) for meeting in before.planned)
        case completion.HandoffCompleted():
            yield from (draw(Picture.COMPLETED, one, _seconds(event)) for one in after.people if one != event.by)
            yield from _part_with_channel(after, event.warned_at)
        case events.HandoffReopened() if after.channel.trouble:
            yield draw(Picture.CHANNEL_TROUBLE, after.ae, int(event.at.timestamp()))
        case events.HandoffSubmitted() if after.csm:
            yield draw(Picture.REVIEW_REQUEST, after.csm, event.number)
        case events.HandoffReturned():
            yield draw(Picture.RETURNED, after.ae, after.submissions)
        case events.HandoffAccepted():
            yield draw(Picture.ACCEPTED, after.ae, after.submissions)
        case events.OwnersChanged():
            yield from _of_owners(event, before, after)


def _of_owners(event: Event, before: Handoff, after: Handoff) -> Iterator[Errand]:
    yield from (invite(after, person) for person in after.people if person not in before.people)
    yield from (_tell_named(person, event) for person in newcomers(before, after) if person != event.by)
    for person, role in leavers(before, after).items():
        if person != event.by:
            yield draw(Picture.THANKED, person, f"{_seconds(event)} {role}")
    if after.stage == "in_review" and after.csm and after.csm != before.csm:
        yield draw(Picture.REVIEW_REQUEST, after.csm, after.submissions)
    if after.stage == "returned" and after.ae != before.ae:
        yield draw(Picture.RETURNED, after.ae, after.submissions)
    for one in questions.open_questions(after):
        if questions.answers(one, after) != questions.answers(before.questions[one.id], before):
            yield _ask(one, after)
    for meeting in after.planned:
        if meeting != before.meetings[meeting.kind]:
            yield from _convene(meeting, after)
            yield from _think_of(meeting, after)


def _tell_named(person: str, event: Event) -> Errand:
    """What is now theirs, and what happened until then."""
    return draw(Picture.ASSIGNED, person, f"{_seconds(event)} {event.by}")


def _part_with_channel(after: Handoff, warned_at: datetime | None) -> Iterator[Errand]:
    """Say some days before that the channel goes, and then let it go; whether that is still so, is asked then."""
    done = after.completion
    if done and done.channel_at:
        which = f"{after.id}:{done.edition}"  # what an earlier completion planned holds up nothing
        about = {"picture": Picture.FAREWELL, "recipient": "", "edition": done.edition}
        yield Errand(Kind.DRAW_MESSAGE, f"farewell:{which}", about, merges=True, due_at=warned_at)
        at = {"at": str(done.channel_at.timestamp())}
        yield Errand(Kind.PUT_AWAY_CHANNEL, f"put_away:{which}", at, due_at=done.channel_at)


def _seconds(event: Event) -> str:
    return f"{event.at.timestamp():.3f}"


def _furnish(handoff: Handoff) -> Iterator[Errand]:
    yield draw_card(handoff)
    for person in handoff.people:
        yield invite(handoff, person)
    yield invite(handoff, "")  # the CS leader, when known by then
    yield describe(handoff)
    yield from mark_card(handoff)
    yield write_canvas(handoff)
    for meeting in handoff.planned:
        yield from _convene(meeting, handoff)
    yield from (_send_invitation(meeting, handoff) for meeting in handoff.meetings.values() if meeting.ended)
    yield redraw_dms(handoff)  # the trouble, if there was one, is over


# What is told elsewhere than in the card's thread, or is no change of state.
NO_LINE = (
    *(events.HandoffStarted, events.SectionSaved, events.SectionRead, events.InviteRefused, events.CanvasOpened),
    *(events.ChannelOpened, events.ChannelRenamed, events.ChannelTroubled, events.ChannelRetried),
)
