"""What Baton does in Slack: the entries of the outbox, each an intention that is drawn at delivery."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.handoffs import Handoff


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
    SEND_FIGURES = "figures.send"
    SEND_INVITATION = "meeting.invite"
    ANNOUNCE_MEETING = "meeting.announce"
    PUT_AWAY_CHANNEL = "channel.put_away"
    REMIND = "person.remind"
    IMPORT_DEALS = "deals.import"
    TELL_IMPORT = "deals.tell"
    SEND_DIGEST = "digest.send"


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
    COMPLETED = "completed"
    FAREWELL = "farewell"
    SILENCE = "silence"
    SET_ASIDE = "set_aside"
    REMINDER = "reminder"
    DIGEST = "digest"
    DIGEST_DETAIL = "digest_detail"
    LESSONS = "lessons"


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
        Kind.DRAW_MESSAGE, lane_of(handoff), {"picture": Picture.CARD, "recipient": "", "edition": "1"}, merges=True
    )


def mark_card(handoff: Handoff) -> Iterator[Errand]:
    """Let the card be found: pinned, and with a bookmark that leads to it."""
    yield Errand(Kind.PIN_CARD, lane_of(handoff), merges=True)
    yield Errand(Kind.BOOKMARK_CARD, lane_of(handoff), merges=True)


def post_line(handoff: Handoff) -> Errand:
    """Say what happened in a line of the card's thread."""
    return Errand(Kind.POST_LINE, lane_of(handoff))


def lane_of(handoff: Handoff) -> str:
    """Where the errands of the handoff's channel wait for each other."""
    return f"handoff:{handoff.id}"


def describe(handoff: Handoff) -> Errand:
    """Bring topic and purpose of the channel up to date."""
    # In a lane of its own: Slack limits topics more than messages, and nothing waits for a topic.
    return Errand(Kind.DESCRIBE_CHANNEL, f"topic:{handoff.id}", merges=True)


def invite(handoff: Handoff, person: str) -> Errand:
    """Bring somebody into the channel; "" is the CS leader, when known by then."""
    return Errand(Kind.INVITE, lane_of(handoff), {"person": person}, merges=True)


def redraw_dms(handoff: Handoff) -> Errand:
    """Bring what went to people about the handoff up to date."""
    return Errand(Kind.REDRAW_DMS, f"redraw:{handoff.id}", merges=True)


def write_canvas(handoff: Handoff) -> Errand:
    """Write the document on the channel's canvas."""
    return Errand(Kind.WRITE_CANVAS, f"canvas:{handoff.id}", merges=True)
