"""Errands that post: living messages drawn from state, and lines in the card's thread."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from blocks import cards, channels, reviews
from blocks.kit import Block
from blocks.lines import PERHAPS_AGAIN, line
from blocks.setups import set_aside
from bot import errands
from bot.errands import Picture, mark_card
from bot.events import InviteRefused
from bot.handoffs import Handoff
from bot.playbook import Playbook
from handlers.conversations import in_channel, usable
from handlers.delivery import Job
from handlers.slack import Method, Refused
from store import outbox, queries
from store.queries import Message
from store.work import Work

Drawn = tuple[list[Block], str]
_GONE = {"message_not_found", "cant_update_message", "channel_not_found"}
_METADATA = "baton_errand"
_PAGE = 200


async def draw(job: Job) -> None:
    """Post a living message, or redraw it in place."""
    handoff_id, about = job.entry.handoff_id, job.entry.about
    channel = about["recipient"]
    if about["picture"] == Picture.CARD:
        handoff = await usable(job)
        if handoff is None:
            return
        channel = handoff.channel_id
    wanted = Message(about["picture"], about["recipient"], about["edition"], channel, "")
    key = (wanted.picture, wanted.recipient, wanted.edition)
    standing = await job.read(lambda work: queries.message_of(work, handoff_id, *key))
    if standing and not wanted.recipient and standing.channel != channel:
        standing = None  # the card of a channel that was lost
    drawn = await job.read(lambda work: _drawing(work, handoff_id, wanted))
    if drawn is None or (standing and await _redraw(job, standing, drawn)):
        return
    if posted := await _found(job, channel) or await _post(job, channel, *drawn):
        message = replace(wanted, channel=posted["channel"], ts=posted["ts"])
        await job.commit(lambda work: _keep(work, handoff_id, message, job.now))


def _keep(work: Work, handoff_id: int, message: Message, now: datetime) -> None:
    queries.keep_message(work, handoff_id, message)
    if message.picture == Picture.CARD:
        handoff = work.handoff(handoff_id)
        work.post(mark_card(handoff), now, handoff)


async def redraw_dms(job: Job) -> None:
    """Bring every message that went to a person about this handoff up to date."""
    for message in await job.read(lambda work: queries.messages_of(work, job.entry.handoff_id)):
        if message.picture != Picture.CARD:
            drawn = await job.read(partial(_drawing, handoff_id=job.entry.handoff_id, about=message))
            if drawn:
                await _redraw(job, message, drawn)


async def post_line(job: Job) -> None:
    """One line in the card's thread; it is kept for later while there is no thread to take it."""
    handoff_id, event_id = job.entry.handoff_id, int(job.entry.about["event"])
    card = await job.read(lambda work: queries.message_of(work, handoff_id, Picture.CARD))
    found = await _found(job, card.channel, card.ts) if card else None
    if found:
        return
    text = await job.read(lambda work: line(work.event(event_id), work.playbook(work.handoff(handoff_id))))
    text += PERHAPS_AGAIN if found is not None else ""
    card = await job.read(lambda work: _open_thread(work, handoff_id))
    if card and await _post(job, card.channel, None, text, thread_ts=card.ts):
        return

    def keep(work: Work) -> None:
        if _open_thread(work, handoff_id):  # since we looked
            handoff = work.handoff(handoff_id)
            work.post([errands.post_line(handoff)], job.now, handoff, event_id)
        else:
            outbox.miss(work.connection, job.entry)

    await job.commit(keep)


def _open_thread(work: Work, handoff_id: int) -> Message | None:
    """The card, if its channel can be used now."""
    channel = work.handoff(handoff_id).channel
    card = queries.message_of(work, handoff_id, Picture.CARD)
    return card if card and card.channel == channel.id and not channel.trouble else None


async def _redraw(job: Job, message: Message, drawn: Drawn) -> bool:
    """False when the message is gone, so that a new one is owed."""
    blocks, text = drawn
    update = partial(_call(job, message.channel), job.client.chat_update)
    try:
        await update(channel=message.channel, ts=message.ts, blocks=blocks, text=text)
    except Refused as refused:
        if refused.code not in _GONE:
            raise
        await job.commit(lambda work: queries.forget_message(work, job.entry.handoff_id, message))
        return False
    return True


def _call(job: Job, channel: str) -> Callable[..., Awaitable[Any]]:
    """How to call Slack about a conversation: that a customer's channel is lost is news for the AE."""
    return partial(in_channel, job) if channel.startswith(("C", "G")) else job.call


async def _post(
    job: Job, channel: str, blocks: list[Block] | None, text: str, thread_ts: str | None = None
) -> dict[str, Any] | None:
    """Where the new message stands; None when the channel is lost."""
    metadata = {"event_type": _METADATA, "event_payload": {"errand": job.token}}
    message = {"channel": channel, "blocks": blocks, "text": text, "thread_ts": thread_ts}
    post = partial(_call(job, channel), job.client.chat_postMessage)
    answer = await post(**message, metadata=metadata, unfurl_links=False)
    return {"channel": answer["channel"], "ts": answer["ts"]} if answer else None


async def _found(job: Job, channel: str, thread_ts: str | None = None) -> dict[str, Any] | None:
    """The message that an attempt with a lost answer posted; None when it did not, {} when nobody may look.

    No moments are compared, for Slack's clock is not ours: the newest of a conversation are read, and a thread whole.
    """
    if job.entry.unknown_since is None:
        return None
    look: dict[str, Any] = {"limit": _PAGE, "include_all_metadata": True}
    method: Method = job.client.conversations_history
    if thread_ts:
        look["ts"], method = thread_ts, job.client.conversations_replies
    try:
        if channel.startswith(("U", "W")):
            channel = (await job.call(job.client.conversations_open, users=channel))["channel"]["id"]
        cursor = None
        while cursor != "":
            page = await job.call(method, channel=channel, cursor=cursor, **look)
            for message in page["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("errand") == job.token:
                    return {"channel": channel, "ts": message["ts"]}
            cursor = ((page.get("response_metadata") or {}).get("next_cursor") or "") if thread_ts else ""
    except Refused:
        return {}
    return None


def _drawing(work: Work, handoff_id: int, about: Message) -> Drawn | None:
    """The picture as the state of this moment makes it, with its plain text."""
    if about.picture == Picture.SET_ASIDE:
        aside = outbox.aside(work.connection, work.team)
        return (set_aside(aside), f"Slack refused {len(aside)} deliveries.") if aside else None
    handoff = work.handoff(handoff_id)
    playbook = work.playbook(handoff)
    if about.picture == Picture.CARD:
        return cards.card(handoff, playbook, work.settings()), cards.card_text(handoff, playbook)
    blocks = _PICTURES[Picture(about.picture)](work, handoff, playbook, about)
    return blocks, blocks[0]["text"]["text"]  # the first sentence is what a notification says


def _invite_refused(work: Work, handoff: Handoff, person: str) -> list[Block]:
    refusals = (event for _, event in work.events(handoff.id, kinds=("InviteRefused",)))
    last = [event for event in refusals if isinstance(event, InviteRefused) and event.person == person][-1]
    return channels.invite_refused(handoff, last.person, last.error)


_PICTURES: dict[Picture, Callable[[Work, Handoff, Playbook, Message], list[Block]]] = {
    Picture.REVIEW_REQUEST: lambda _, handoff, playbook, about: reviews.review_request(
        handoff, playbook, int(about.edition), about.recipient
    ),
    Picture.RETURNED: lambda _, handoff, playbook, about: reviews.returned(
        handoff, playbook, int(about.edition), about.recipient
    ),
    Picture.ACCEPTED: lambda _w, handoff, _p, _a: reviews.accepted(handoff),
    Picture.CHANNEL_TROUBLE: lambda _w, handoff, _p, _a: channels.trouble(handoff),
    Picture.INVITE_REFUSED: lambda work, handoff, _p, about: _invite_refused(work, handoff, about.edition),
}
