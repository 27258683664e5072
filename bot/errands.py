"""What Baton does in Slack because of an event: the entries of the outbox, decided here and drawn at delivery."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot import captures, escalations, events, meetings, promises, questions, reminders
from bot.events import Event
from bot.handoffs import Handoff
from bot.owners import leavers, newcomers
from bot.records import Meeting, Question


class Kind(StrEnum):
    """The kinds of errand; each has one sender in handlers/."""

    OPEN_CHANNEL = "channel.open"
    INVITE = "channel.invite"
    DESCRIBE_CHANNEL = "channel.describe"
    BOOKMARK_CARD = "channel.bookmark"
    DRAW_MESSAGE = "message.draw"
    REDRAW_DMS = "message.redraw_dms"
    PIN_CARD = "message.pin"
    POST_LINE = "message.line"
    WRITE_CANVAS = "canvas.write"
    FILE_MESSAGE = "message.file"
    PUBLISH_HOME = "home.publish"
    SEND_EXPORT = "export.send"
    SEND_INVITATION = "meeting.invite"
    ANNOUNCE_MEETING = "meeting.announce"
    REMIND = "person.remind"


class Picture(StrEnum):
    """The living messages: one message each, redrawn in place from the handoff's state."""

    CARD = "card"
    REVIEW_REQUEST = "review_request"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CHANNEL_TROUBLE = "channel_trouble"
    INVITE_REFUSED = "invite_refused"
    ASSIGNED = "assigned"
    THANKED = "thanked"
    QUESTION = "question"
    ANSWER = "answer"
    ESCALATION = "escalation"
    DECISION = "decision"
    PROMISE = "promise"
    MEETING_PACK = "meeting_pack"
    MEETING_SOON = "meeting_soon"
    MEETING_OVER = "meeting_over"
    SET_ASIDE = "set_aside"
    REMINDER = "reminder"


@dataclass(frozen=True)
class Errand:
    """One intention. One lane (a conversation) is served in order. `merges` lets waiting twins become one."""

    kind: Kind
    lane: str
    about: dict[str, str] = field(default_factory=dict)
    merges: bool = False
    is_shared: bool = False  # by several handoffs: it belongs to none of them
    due_at: datetime | None = None  # later than at once; in a lane of its own, for it holds up what comes behind it


def draw(picture: Picture, recipient: str, edition: int | str = 1) -> Errand:
    """Send a person the living message `picture`; a new `edition` is a new message."""
    about = {"picture": picture, "recipient": recipient, "edition": str(edition)}
    return Errand(Kind.DRAW_MESSAGE, f"person:{recipient}", about, merges=True)


def remind(person: str) -> Errand:
    """Write to a person about everything that the person is to be reminded of."""
    return Errand(Kind.REMIND, f"person:{person}", {"recipient": person}, merges=True, is_shared=True)


def draw_card(handoff: Handoff) -> Errand:
    """Redraw the channel's card."""
    return Errand(
        Kind.DRAW_MESSAGE, _lane(handoff), {"picture": Picture.CARD, "recipient": "", "edition": "1"}, merges=True
    )


def mark_card(handoff: Handoff) -> Iterator[Errand]:
    """Let the card be found: pinned, and with a bookmark that leads to it."""
    yield Errand(Kind.PIN_CARD, _lane(handoff), merges=True)
    yield Errand(Kind.BOOKMARK_CARD, _lane(handoff), merges=True)


def post_line(handoff: Handoff) -> Errand:
    """Say what happened in a line of the card's thread."""
    return Errand(Kind.POST_LINE, _lane(handoff))


def errands_of(event: Event, before: Handoff | None, after: Handoff) -> Iterator[Errand]:
    """Everything that follows from `event` in Slack."""
    match event:
        case events.HandoffStarted():
            yield Errand(Kind.OPEN_CHANNEL, _lane(after))
            yield from (_tell_named(person, event) for person in after.people if person != event.by)
        case events.ChannelRetried():
            yield from (_furnish(after) if after.channel.id else (Errand(Kind.OPEN_CHANNEL, _lane(after)),))
        case events.ChannelOpened():
            yield from _furnish(after)
        case events.ChannelTroubled():
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
    yield _write_canvas(after)
    if after.planned or event.section == promises.SECTION:
        yield redraw_dms(after)  # with them what a meeting is to talk about, and a promise that is reminded of
    if before and before.customer != after.customer:
        yield _describe(after)


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
        case captures.CaptureEvent():
            yield draw_card(after)
            if not isinstance(event, captures.CaptureReviewed):
                yield post_line(after)
        case _:
            yield from _stage_change(event, before, after)


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


def _of_questions(event: Event, after: Handoff) -> Iterator[Errand]:
    yield draw_card(after)
    yield post_line(after)
    yield redraw_dms(after)
    if not isinstance(event, questions.QuestionEvent):
        return
    question = after.questions[event.question]
    if not isinstance(event, questions.QuestionPassed):
        yield _write_canvas(after)
    if question.is_open:
        yield _ask(question, after)
    else:
        told = dict.fromkeys(one for one in (*question.askers, after.csm) if one and one != event.by)
        yield from (draw(Picture.ANSWER, person, f"{question.id}.{len(question.thread)}") for person in told)


def _ask(question: Question, handoff: Handoff) -> Errand:
    return draw(Picture.QUESTION, questions.answers(question, handoff), f"{question.id}.{question.round}")


def _of_meetings(event: Event, after: Handoff) -> Iterator[Errand]:
    yield draw_card(after)
    yield post_line(after)
    yield redraw_dms(after)
    match event:
        case meetings.MeetingScheduled():
            yield from (_invite(after, person) for person in event.meeting.attendees)
            yield from _convene(event.meeting, after)
            yield from _think_of(event.meeting, after)
        case meetings.MeetingFellThrough():
            yield _send_invitation(after.meetings[event.kind], after)
        case meetings.MeetingHeld():
            yield _write_canvas(after)


def _convene(meeting: Meeting, handoff: Handoff) -> Iterator[Errand]:
    """What stands in the channel: the pack, and below it the invitation."""
    pack = {"picture": Picture.MEETING_PACK, "recipient": "", "edition": meeting.edition}
    yield Errand(Kind.DRAW_MESSAGE, _lane(handoff), pack, merges=True)
    yield _send_invitation(meeting, handoff)


def _send_invitation(meeting: Meeting, handoff: Handoff) -> Errand:
    return Errand(Kind.SEND_INVITATION, _lane(handoff), _said_of(meeting))


def _think_of(meeting: Meeting, handoff: Handoff) -> Iterator[Errand]:
    """Remind those who take part a while before, and ask afterwards how it went; if it is still so, is asked then."""
    for picture, due_at in ((Picture.MEETING_SOON, meeting.remind_at), (Picture.MEETING_OVER, meeting.ends_at)):
        if due_at:
            lane = f"{picture}:{handoff.id}:{meeting.kind}:{meeting.sequence}"
            yield Errand(Kind.ANNOUNCE_MEETING, lane, _said_of(meeting) | {"picture": picture}, due_at=due_at)


def _said_of(meeting: Meeting) -> dict[str, str]:
    return {"meeting": meeting.kind, "sequence": str(meeting.sequence)}


def _of_promises(event: Event, after: Handoff) -> Iterator[Errand]:
    yield draw_card(after)
    yield post_line(after)
    yield redraw_dms(after)
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
    yield _describe(after)
    yield _write_canvas(after)
    yield redraw_dms(after)
    match event:
        case events.HandoffCancelled():
            yield from (_send_invitation(after.meetings[meeting.kind], after) for meeting in before.planned)
        case events.HandoffSubmitted() if after.csm:
            yield draw(Picture.REVIEW_REQUEST, after.csm, event.number)
        case events.HandoffReturned():
            yield draw(Picture.RETURNED, after.ae, after.submissions)
        case events.HandoffAccepted():
            yield draw(Picture.ACCEPTED, after.ae, after.submissions)
        case events.OwnersChanged():
            yield from _of_owners(event, before, after)


def _of_owners(event: Event, before: Handoff, after: Handoff) -> Iterator[Errand]:
    yield from (_invite(after, person) for person in after.people if person not in before.people)
    yield from (_tell_named(person, event) for person in newcomers(before, after) if person != event.by)
    for person, role in leavers(before, after).items():
        if person != event.by:
            yield draw(Picture.THANKED, person, f"{event.at.timestamp():.3f} {role}")
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
    return draw(Picture.ASSIGNED, person, f"{event.at.timestamp():.3f} {event.by}")


def _furnish(handoff: Handoff) -> Iterator[Errand]:
    yield draw_card(handoff)
    for person in handoff.people:
        yield _invite(handoff, person)
    yield _invite(handoff, "")  # the CS leader, when known by then
    yield _describe(handoff)
    yield from mark_card(handoff)
    yield _write_canvas(handoff)
    for meeting in handoff.planned:
        yield from _convene(meeting, handoff)
    yield redraw_dms(handoff)  # the trouble, if there was one, is over


def _lane(handoff: Handoff) -> str:
    return f"handoff:{handoff.id}"


def _describe(handoff: Handoff) -> Errand:
    # In a lane of its own: Slack limits topics more than messages, and nothing waits for a topic.
    return Errand(Kind.DESCRIBE_CHANNEL, f"topic:{handoff.id}", merges=True)


def _invite(handoff: Handoff, person: str) -> Errand:
    return Errand(Kind.INVITE, _lane(handoff), {"person": person}, merges=True)


def redraw_dms(handoff: Handoff) -> Errand:
    """Bring what went to people about the handoff up to date."""
    return Errand(Kind.REDRAW_DMS, f"redraw:{handoff.id}", merges=True)


def _write_canvas(handoff: Handoff) -> Errand:
    return Errand(Kind.WRITE_CANVAS, f"canvas:{handoff.id}", merges=True)


# What is told elsewhere than in the card's thread, or is no change of state.
NO_LINE = (
    *(events.HandoffStarted, events.SectionSaved, events.SectionRead, events.InviteRefused, events.CanvasOpened),
    *(events.ChannelOpened, events.ChannelRenamed, events.ChannelTroubled, events.ChannelRetried),
)
