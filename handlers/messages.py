"""Errands that post: living messages drawn from state, and lines in the card's thread."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from blocks import cards, channels, completion, escalations, promises, questions, reviews
from blocks.captures import filed
from blocks.fades import silence
from blocks.kit import Block
from blocks.lines import PERHAPS_AGAIN, line
from blocks.meetings import edition_of, over, pack, soon
from blocks.setups import set_aside
from bot import errands, meetings
from bot.captures import MessageCaptured
from bot.errands import Picture, mark_card
from bot.events import Event, InviteRefused
from bot.fades import left_open
from bot.handoffs import Handoff
from bot.permissions import Act, may, may_see_sensitive
from bot.playbook import Playbook
from bot.preferences import Nudging
from bot.promises import commitment_of
from bot.records import MeetingKind
from handlers import digests, lessons, nudges, owners
from handlers.conversations import usable
from handlers.delivery import Job
from handlers.meetings import brief
from handlers.posting import Drawn, found, post, redraw
from store import outbox, queries
from store.queries import Message
from store.work import Work


async def draw(job: Job) -> None:
    """Post a living message, or redraw it in place."""
    handoff_id, about = job.entry.handoff_id, job.entry.about
    channel = about["recipient"]
    if not channel:  # the handoff's own
        handoff = await usable(job)
        if handoff is None:
            return
        channel = handoff.channel_id
    wanted = Message(about["picture"], about["recipient"], about["edition"], channel, "")
    key = (wanted.picture, wanted.recipient, wanted.edition)
    standing = await job.read(lambda work: queries.message_of(work, handoff_id, *key))
    if standing and not wanted.recipient and standing.channel != channel:
        standing = None  # in a channel that was lost
    drawn = await job.read(lambda work: _drawing(work, handoff_id, standing or wanted, job.now))
    if drawn is None or (standing and await redraw(job, standing, drawn)):
        return
    if posted := await found(job, channel) or await post(job, channel, *drawn):
        message = replace(wanted, channel=posted["channel"], ts=posted["ts"])
        await job.commit(lambda work: _keep(work, handoff_id, message, job.now))


def _keep(work: Work, handoff_id: int, message: Message, now: datetime) -> None:
    queries.keep_message(work, handoff_id, message)
    if message.picture == Picture.CARD:
        handoff = work.handoff(handoff_id)
        work.post(mark_card(handoff), now, handoff)


async def redraw_dms(job: Job) -> None:
    """Bring every message that went to a person about this handoff up to date."""
    await nudges.redraw_reminders(job)
    for message in await job.read(lambda work: queries.messages_of(work, job.entry.handoff_id)):
        if message.picture not in (Picture.CARD, Picture.REMINDER) and await _is_within_reach(job, message):
            drawn = await job.read(partial(_drawing, handoff_id=job.entry.handoff_id, about=message, now=job.now))
            if drawn:
                await redraw(job, message, drawn)


async def _is_within_reach(job: Job, message: Message) -> bool:
    """Not in a channel that was lost: what is refused there is no news of the channel of now."""
    handoff = None if message.recipient else await usable(job)
    return bool(message.recipient) or (handoff is not None and handoff.channel_id == message.channel)


async def announce(job: Job) -> None:
    """Remind those who take part, or ask the AE how it went, if the meeting is still as it was planned then."""
    about = job.entry.about
    picture = Picture(about["picture"])

    def tell(work: Work) -> None:
        handoff = work.handoff(job.entry.handoff_id)
        meeting = meetings.planned(handoff, MeetingKind(about["meeting"]))
        if meeting is None or str(meeting.sequence) != about["sequence"]:
            return
        people = (handoff.ae,) if picture is Picture.MEETING_OVER else meeting.attendees if meeting.at > job.now else ()
        welcome = [one for one in people if work.preferences(one).nudging is not Nudging.OFF]
        work.post([errands.draw(picture, one, edition_of(meeting)) for one in welcome], job.now, handoff)

    await job.commit(tell)


async def post_line(job: Job) -> None:
    """One line in the card's thread; it is kept for later while there is no thread to take it."""
    handoff_id, event_id = job.entry.handoff_id, int(job.entry.about["event"])
    card = await job.read(lambda work: queries.message_of(work, handoff_id, Picture.CARD))
    known = await found(job, card.channel, card.ts) if card else None
    if known:
        return
    event, handoff, playbook = await job.read(lambda work: _happened(work, handoff_id, event_id))
    text = line(event, playbook) + (PERHAPS_AGAIN if known is not None else "")
    blocks = filed(event, handoff, text) if isinstance(event, MessageCaptured) and event.is_draft else None
    card = await job.read(lambda work: _open_thread(work, handoff_id))
    if card and await post(job, card.channel, blocks, text, thread_ts=card.ts):
        return

    def keep(work: Work) -> None:
        if _open_thread(work, handoff_id):  # since we looked
            handoff = work.handoff(handoff_id)
            work.post([errands.post_line(handoff)], job.now, handoff, event_id)
        else:
            outbox.miss(work.connection, job.entry)

    await job.commit(keep)


def _happened(work: Work, handoff_id: int, event_id: int) -> tuple[Event, Handoff, Playbook]:
    handoff = work.handoff(handoff_id)
    return work.event(event_id), handoff, work.playbook(handoff)


def _open_thread(work: Work, handoff_id: int) -> Message | None:
    """The card, if its channel can be used now."""
    channel = work.handoff(handoff_id).channel
    card = queries.message_of(work, handoff_id, Picture.CARD)
    return card if card and card.channel == channel.id and not channel.trouble else None


def _drawing(work: Work, handoff_id: int, about: Message, now: datetime) -> Drawn | None:
    """The picture as the state of this moment makes it, with its plain text."""
    if drawing := _OF_THE_WORKSPACE.get(Picture(about.picture)):
        return drawing(work, about, now)
    handoff = work.handoff(handoff_id)
    playbook = work.playbook(handoff)
    if about.picture == Picture.CARD:
        drawn = cards.card(handoff, playbook, work.settings(), work.watches(handoff), now)
        return drawn, cards.card_text(handoff, playbook)
    if about.picture == Picture.ASSIGNED:
        blocks = owners.assigned(work, handoff, about, now)
    else:
        blocks = _PICTURES[Picture(about.picture)](work, handoff, playbook, about)
    return (blocks, blocks[0]["text"]["text"]) if blocks else None  # a notification says the first sentence


def _set_aside(work: Work, _: Message, _now: datetime) -> Drawn | None:
    aside = outbox.aside(work.connection, work.team)
    return (set_aside(aside), f"Slack refused {len(aside)} deliveries.") if aside else None


_OF_THE_WORKSPACE: dict[Picture, Callable[[Work, Message, datetime], Drawn | None]] = {  # about no one handoff
    Picture.SET_ASIDE: _set_aside,
    Picture.DIGEST_DETAIL: digests.detail,
    Picture.LESSONS: lessons.monthly,
}


def _silence(work: Work, handoff: Handoff, playbook: Playbook, about: Message) -> list[Block]:
    """Nothing to say of what was answered before the leader could hear of it."""
    silent = about.edition.partition(" ")[0]
    is_said = about.ts or (left_open(handoff) and silent == handoff.ae)
    return silence(handoff, playbook, silent) if is_said else []


def _invite_refused(work: Work, handoff: Handoff, person: str) -> list[Block]:
    refusals = (event for _, event in work.events(handoff.id, kinds=("InviteRefused",)))
    last = [event for event in refusals if isinstance(event, InviteRefused) and event.person == person][-1]
    return channels.invite_refused(handoff, last.person, last.error)


def _question(work: Work, handoff: Handoff, playbook: Playbook, about: Message) -> list[Block]:
    sensitive = may_see_sensitive(about.recipient, handoff, work.settings())
    asked = handoff.questions[int(about.edition.partition(".")[0])]
    return questions.question(handoff, playbook, asked, about.edition, about.recipient, sensitive=sensitive)


def _answer(work: Work, handoff: Handoff, playbook: Playbook, about: Message) -> list[Block]:
    number, seen = map(int, about.edition.split("."))
    sensitive = may_see_sensitive(about.recipient, handoff, work.settings())
    return questions.answer(handoff, playbook, handoff.questions[number], seen, sensitive=sensitive)


def _escalation(work: Work, handoff: Handoff, _: Playbook, about: Message) -> list[Block]:
    team = work.settings()
    may_decide = may(Act.DECIDE, about.recipient, handoff, team)
    one = handoff.escalations[int(about.edition)]
    return escalations.escalation(handoff, one, may_decide=may_decide, has_leaders=bool(team.leaders))


def _promise(_w: Work, handoff: Handoff, _: Playbook, about: Message) -> list[Block]:
    row = about.edition.partition(" ")[0]
    return promises.promise(handoff, commitment_of(handoff, row), about.recipient)


_PICTURES: dict[Picture, Callable[[Work, Handoff, Playbook, Message], list[Block]]] = {
    Picture.REVIEW_REQUEST: lambda _, handoff, playbook, about: reviews.review_request(
        handoff, playbook, int(about.edition), about.recipient
    ),
    Picture.RETURNED: lambda _, handoff, playbook, about: reviews.returned(
        handoff, playbook, int(about.edition), about.recipient
    ),
    Picture.ACCEPTED: lambda _w, handoff, _p, _a: reviews.accepted(handoff),
    Picture.QUESTION: _question,
    Picture.ANSWER: _answer,
    Picture.ESCALATION: _escalation,
    Picture.DECISION: lambda _w, handoff, _p, about: escalations.decision(
        handoff, handoff.escalations[int(about.edition)]
    ),
    Picture.PROMISE: _promise,
    Picture.MEETING_PACK: lambda work, handoff, _, about: pack(brief(work, handoff), about.edition),
    Picture.MEETING_SOON: lambda work, handoff, _, about: soon(brief(work, handoff), about.edition),
    Picture.MEETING_OVER: lambda work, handoff, _, about: over(brief(work, handoff), about.edition),
    Picture.THANKED: lambda work, handoff, _, about: owners.thanked(work, handoff, about),
    Picture.COMPLETED: lambda _w, handoff, _p, about: completion.completed(handoff, about.recipient),
    Picture.FAREWELL: lambda _w, handoff, _p, about: completion.farewell(handoff, about.edition, stands=bool(about.ts)),
    Picture.SILENCE: _silence,
    Picture.CHANNEL_TROUBLE: lambda _w, handoff, _p, _a: channels.trouble(handoff),
    Picture.INVITE_REFUSED: lambda work, handoff, _p, about: _invite_refused(work, handoff, about.edition),
}
