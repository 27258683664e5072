"""Errands that write documents: the channel's canvas, and the Markdown file that a person asked for."""

from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slugify import slugify

from blocks import invitations
from blocks.markdown import canvas as canvas_text
from blocks.markdown import document, literal
from bot.agendas import MeetingPlan
from bot.errands import Picture
from bot.events import BATON, CanvasOpened
from bot.handoffs import Handoff
from bot.permissions import may_see_sensitive
from bot.records import MeetingKind
from handlers.conversations import in_channel, record, usable
from handlers.delivery import Job
from handlers.posting import found, post
from handlers.slack import Refused
from store import queries
from store.queries import Message
from store.work import Work

log = structlog.get_logger()
_PAGE = 200
_TRIED = timedelta(minutes=10)  # from the first attempt whose outcome is not known
_NOT_TAKEN = (
    "The file that you asked for did not come: Slack did not take it, though Baton tried several times. Ask for it "
    "again later."
)
_GONE = {"canvas_not_found", "canvas_deleted", "file_not_found", "file_deleted"}


async def write_canvas(job: Job) -> None:
    """Bring the channel's canvas up to date; the sensitive fields are never on it."""
    handoff = await usable(job)
    if handoff is None:
        return
    playbook = await job.read(lambda work: work.playbook(handoff))
    content = {"type": "markdown", "markdown": canvas_text(handoff, playbook)}
    try:
        canvas = handoff.canvas
        if canvas is None:
            canvas, is_new = await _open_canvas(job, handoff, content)
            if is_new or canvas is None:
                return
        await _rewrite(job, handoff, canvas, content)
    except Refused as refused:
        # Not every plan has canvases: the document itself is in Baton.
        log.warning("canvas refused", handoff=handoff.id, error=refused.code)


async def _rewrite(job: Job, handoff: Handoff, canvas: str, content: dict[str, str]) -> None:
    changes = [{"operation": "replace", "document_content": content}]
    try:
        await job.call(job.client.canvases_edit, canvas_id=canvas, changes=changes)
    except Refused as refused:
        if refused.code not in _GONE:
            raise
        await _open_canvas(job, handoff, content)


async def send_export(job: Job) -> None:
    """Send the document as a file in a DM, with the sensitive fields only for those who may see them."""
    person = job.entry.about["person"]

    def draw(work: Work) -> tuple[Handoff, str]:
        handoff = work.handoff(job.entry.handoff_id)
        sensitive = may_see_sensitive(person, handoff, work.settings())
        return handoff, document(handoff, work.playbook(handoff), sensitive=sensitive, name=partial(_name, work))

    handoff, text = await job.read(draw)
    await send_file(job, person, f"handoff-{slugify(handoff.customer) or handoff.id}.md", text)


async def send_file(job: Job, person: str, name: str, text: str) -> None:
    """Send a file in a DM, once; or say there that it does not come, when several attempts were in vain."""
    dm = (await job.call(job.client.conversations_open, users=person))["channel"]["id"]
    title = f"{name} ({job.entry.created_at:%Y-%m-%d %H:%M:%S} UTC)"  # unlike any other export's
    if job.entry.unknown_since and await _came(job, dm, title):
        return
    if job.entry.unknown_since and job.now - job.entry.unknown_since > _TRIED:
        await say_instead(job, person, _NOT_TAKEN)
        return
    await job.call(job.client.files_upload_v2, channel=dm, content=text, filename=name, title=title)


async def say_instead(job: Job, person: str, words: str) -> None:
    """Say in a DM why the file does not come, once."""
    if not await found(job, person):
        await post(job, person, None, words)


async def send_invitation(job: Job) -> None:
    """Put the calendar file below the meeting's pack, unless it is there or a later one follows."""
    handoff = await usable(job)
    meeting = handoff.meetings[MeetingKind(job.entry.about["meeting"])] if handoff else None
    if handoff is None or meeting is None or str(meeting.sequence) != job.entry.about["sequence"]:
        return

    def draw(work: Work) -> tuple[MeetingPlan, str, Message | None]:
        plan = work.playbook(handoff).meeting(meeting.kind)
        text = invitations.calendar_file(handoff, plan, meeting, work.person, job.now)
        return plan, text, queries.message_of(work, handoff.id, Picture.MEETING_PACK, edition=meeting.edition)

    plan, text, pack = await job.read(draw)
    channel, title = handoff.channel_id, invitations.file_title(handoff, plan, meeting)
    thread = pack.ts if pack and pack.channel == channel else None
    if await _came(job, channel, title, thread):
        return
    file = {"content": text, "filename": invitations.file_name(meeting), "title": title}
    said = invitations.comment(plan, meeting)
    upload = partial(in_channel, job, job.client.files_upload_v2)
    await upload(channel=channel, thread_ts=thread, initial_comment=said, **file)


async def _came(job: Job, channel: str, title: str, thread: str | None = None) -> bool:
    """Whether the file is there: the answer that was lost was a good one."""
    try:
        if thread:
            page = await job.call(job.client.conversations_replies, channel=channel, ts=thread, limit=_PAGE)
        else:
            page = await job.call(job.client.conversations_history, channel=channel, limit=_PAGE)
    except Refused:
        return False
    return any(file.get("title") == title for message in page["messages"] for file in message.get("files") or ())


async def _open_canvas(job: Job, handoff: Handoff, content: dict[str, str]) -> tuple[str | None, bool]:
    """The canvas and whether it was made with `content` just now."""
    channel = handoff.channel_id
    try:
        create = job.client.conversations_canvases_create
        answer: Any = await in_channel(job, create, channel_id=channel, document_content=content)
        canvas, is_new = (answer["canvas_id"] if answer else None), True
    except Refused as refused:
        if refused.code != "channel_canvas_already_exists" or job.entry.unknown_since is None:
            raise  # a canvas that a person made is theirs
        info = await job.call(job.client.conversations_info, channel=channel)
        canvas, is_new = ((info["channel"].get("properties") or {}).get("canvas") or {}).get("file_id"), False
    if canvas:
        await record(job, CanvasOpened(by=BATON, at=job.now, canvas=canvas))
    return canvas, is_new


def _name(work: Work, user: str) -> str:
    person = work.person(user)
    return literal(person.name if person else user)
