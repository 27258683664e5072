"""Errands in a customer's channel: open it, furnish it, and say to whom it matters when Slack refuses."""

from functools import partial
from typing import Any

from blocks import channels as pictures
from bot.customers import channel_name
from bot.errands import Picture, post_line
from bot.events import BATON, ChannelOpened, ChannelRetried, ChannelTroubled, Event, InviteRefused
from bot.handoffs import Handoff
from bot.teams import Team
from handlers.delivery import Job
from handlers.slack import Method, Refused, Unanswered
from store import outbox, queries
from store.work import Work

_NAMES = 20
_PAGE = 999
_LOST = {"is_archived", "channel_not_found", "not_in_channel"}
_THERE = {"already_in_channel", "cant_invite_self"}
_CARD = "Handoff card"


async def open_channel(job: Job) -> None:
    """Make the customer's channel, or find it when an earlier answer was lost."""
    handoff, team = await job.read(lambda work: (work.handoff(job.entry.handoff_id), work.settings()))
    if handoff.channel_id:
        return
    names = [channel_name(team.channel_prefix, handoff.customer, attempt) for attempt in range(1, _NAMES + 1)]
    try:
        channel = await _create(job, names, team)
    except Refused as refused:
        await record(job, ChannelTroubled(by=BATON, at=job.now, error=refused.code))
        return
    await record(job, ChannelOpened(by=BATON, at=job.now, channel=channel["id"], name=channel["name"]))


async def invite(job: Job) -> None:
    """Bring one person in ("" is the CS leader); the AE hears of whom Slack refuses."""
    handoff, team = await job.read(lambda work: (work.handoff(job.entry.handoff_id), work.settings()))
    person = job.entry.about["person"] or team.cs_leader
    if not person or not handoff.channel_id:
        return
    try:
        await in_channel(job, job.client.conversations_invite, channel=handoff.channel_id, users=person)
    except Refused as refused:
        if refused.code not in _THERE:
            await record(job, InviteRefused(by=BATON, at=job.now, person=person, error=refused.code))


async def describe(job: Job) -> None:
    """Topic and purpose; set only when they differ, for each setting is a line in the channel."""
    handoff = await usable(job)
    if handoff is None:
        return
    try:
        info = await in_channel(job, job.client.conversations_info, channel=handoff.channel_id)
    except Refused:
        info = {"channel": {}}  # nobody may look: set both
    if info is None:
        return
    topic, purpose = pictures.topic(handoff), pictures.purpose(handoff)
    if _words(info["channel"], "topic") != topic:
        await in_channel(job, job.client.conversations_setTopic, channel=handoff.channel_id, topic=topic)
    if _words(info["channel"], "purpose") != purpose:
        await in_channel(job, job.client.conversations_setPurpose, channel=handoff.channel_id, purpose=purpose)


async def bookmark(job: Job) -> None:
    """A bookmark that leads to the card."""
    handoff = await usable(job)
    card = await job.read(lambda work: queries.message_of(work, job.entry.handoff_id, Picture.CARD))
    if handoff is None or card is None:
        return
    channel = handoff.channel_id
    link = (await job.call(job.client.chat_getPermalink, channel=channel, message_ts=card.ts))["permalink"]
    listed = await in_channel(job, job.client.bookmarks_list, channel_id=channel)
    mine = next((one for one in (listed or {}).get("bookmarks") or [] if one.get("title") == _CARD), None)
    if mine is None:
        await in_channel(job, job.client.bookmarks_add, channel_id=channel, title=_CARD, type="link", link=link)
    elif mine.get("link") != link:
        await in_channel(job, job.client.bookmarks_edit, channel_id=channel, bookmark_id=mine["id"], link=link)


async def pin(job: Job) -> None:
    """Pin the card."""
    card = await job.read(lambda work: queries.message_of(work, job.entry.handoff_id, Picture.CARD))
    if card is None or await usable(job) is None:
        return
    try:
        await in_channel(job, job.client.pins_add, channel=card.channel, timestamp=card.ts)
    except Refused as refused:
        if refused.code != "already_pinned":
            raise


async def usable(job: Job) -> Handoff | None:
    """The handoff, if its channel can be used now; what is missed is drawn when it can."""
    handoff: Handoff = await job.read(lambda work: work.handoff(job.entry.handoff_id))
    return handoff if handoff.channel_id and not handoff.channel.trouble else None


async def in_channel(job: Job, method: Method, **arguments: Any) -> Any | None:
    """Slack's answer; None when the channel is lost, which is recorded so that the AE hears of it."""
    try:
        return await job.call(method, **arguments)
    except Refused as refused:
        if refused.code not in _LOST:
            raise
        await record(job, ChannelTroubled(by=BATON, at=job.now, error=refused.code))
        return None


async def record(job: Job, event: Event) -> None:
    """What Slack did or refused, in the handoff's history."""

    def keep(work: Work) -> None:
        handoff = work.handoff(job.entry.handoff_id)
        known = isinstance(event, ChannelTroubled) and handoff.channel.trouble
        opened = isinstance(event, ChannelOpened) and handoff.channel_id
        if isinstance(event, ChannelOpened) and not opened:
            if queries.of_channel(work, event.channel):
                raise Unanswered("another handoff found this channel first")
            put_in_order(work, handoff, event)
        elif not known and not opened:
            work.record(handoff, event)

    await job.commit(keep)


def put_in_order(work: Work, handoff: Handoff, event: ChannelOpened | ChannelRetried) -> None:
    """Record that the channel can be used (again), and let it have the lines that it missed."""
    after = work.record(handoff, event)
    for event_id in outbox.take_missed(work.connection, work.team, handoff.id) if after.channel.id else ():
        work.post([post_line(after)], event.at, after, event_id)


async def _create(job: Job, names: list[str], team: Team) -> Any:
    ours: dict[str, Any] | None = None
    for name in names:
        try:
            answer = await job.call(job.client.conversations_create, name=name, is_private=team.channels_private)
        except Refused as refused:
            if refused.code != "name_taken":
                raise
        else:
            return answer["channel"]
        ours = await _made_before(job, names) if ours is None else ours
        if name in ours:
            return ours[name]
    raise Refused("name_taken")


async def _made_before(job: Job, names: list[str]) -> dict[str, Any]:
    """Our channels of these names that were never used, for the answer that told of them was lost."""
    me = (await job.call(job.client.auth_test))["user_id"]
    look = {"types": "public_channel,private_channel", "exclude_archived": True, "limit": _PAGE}
    found: dict[str, Any] = {}
    cursor = None
    try:
        while cursor != "":
            page = await job.call(job.client.users_conversations, cursor=cursor, **look)
            for channel in page["channels"]:
                fresh = not (_words(channel, "topic") or _words(channel, "purpose"))  # Baton describes each channel
                if channel.get("name") in names and channel.get("creator") == me and fresh:
                    taken = await job.read(partial(queries.of_channel, channel=channel["id"]))
                    found |= {} if taken else {channel["name"]: channel}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    except Refused as refused:
        if job.entry.unknown_since:  # the taken name may be our own channel's: wait until we may look
            raise Unanswered(f"users.conversations: {refused.code}") from refused
    return found


def _words(channel: dict[str, Any], what: str) -> str:
    """Topic or purpose as Slack tells it."""
    return str((channel.get(what) or {}).get("value") or "")
