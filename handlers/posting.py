"""Posting and redrawing messages, so that none is said twice and none is lost."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from blocks.kit import Block
from handlers.conversations import in_channel
from handlers.delivery import Job
from handlers.slack import Method, Refused
from store import queries
from store.queries import Message

Drawn = tuple[list[Block], str]
_GONE = {"message_not_found", "cant_update_message", "channel_not_found"}
_METADATA = "baton_errand"
_PAGE = 200


async def redraw(job: Job, message: Message, drawn: Drawn) -> bool:
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
    return partial(in_channel, job) if job.entry.handoff_id and channel.startswith(("C", "G")) else job.call


async def post(
    job: Job, channel: str, blocks: list[Block] | None, text: str, thread_ts: str | None = None
) -> dict[str, Any] | None:
    """Where the new message stands; None when the channel is lost."""
    metadata = {"event_type": _METADATA, "event_payload": {"errand": job.token}}
    message = {"channel": channel, "blocks": blocks, "text": text, "thread_ts": thread_ts}
    post = partial(_call(job, channel), job.client.chat_postMessage)
    answer = await post(**message, metadata=metadata, unfurl_links=False)
    return {"channel": answer["channel"], "ts": answer["ts"]} if answer else None


async def found(job: Job, channel: str, thread_ts: str | None = None) -> dict[str, Any] | None:
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
