"""Completing a handoff, what then becomes of its channel, and how its document was."""

from datetime import UTC, datetime
from functools import partial

from blocks import completion as pictures
from blocks.kit import View
from bot import completion
from bot.completion import DONE, ChannelKept, ChannelPutAway, ChannelPutOff
from bot.customers import channel_name
from bot.errands import Picture
from bot.events import BATON, Event
from bot.handoffs import Handoff
from bot.permissions import Act
from bot.records import Completion
from bot.teams import ChannelEnd
from handlers.conversations import in_channel, usable
from handlers.delivery import Job
from handlers.requests import Click, Form, Request
from handlers.slack import Refused
from handlers.surveys import told
from store import queries
from store.work import Work

_NAMES = 20


async def open_form(request: Request) -> None:
    """Ask once more; or say exactly what is missing."""

    def draw(work: Work, handoff: Handoff) -> View:
        completion.refuse_unless_completable(handoff)
        playbook = work.playbook(handoff)
        if gaps := completion.gaps(handoff, playbook):
            return pictures.gaps_view(handoff, playbook, gaps)
        return pictures.complete_view(handoff, work.settings())

    view = await request.look(Act.COMPLETE, draw)
    if isinstance(request, Click) and request.view.get("type") == "modal":  # Check again
        await request.redraw(view)
    else:
        await request.open(view)


async def complete(form: Form) -> None:
    """The handoff is over."""

    def rule(work: Work, handoff: Handoff) -> completion.HandoffCompleted:
        return completion.complete(handoff, work.playbook(handoff), work.settings(), by=form.user, now=form.now)

    await form.change(Act.COMPLETE, rule)


async def open_feedback(request: Request) -> None:
    """Ask what was missing or untrue."""

    def draw(work: Work, handoff: Handoff) -> View:
        completion.refuse_unless_assessable(handoff)
        return pictures.feedback_view(handoff, work.playbook(handoff))

    await request.open(await request.look(Act.ASSESS, draw))


async def feedback(form: Form) -> None:
    """This was missing or untrue, and this is what the customer says."""
    typed = form.answers
    missing, untrue = (tuple(filter(None, typed.get(field, "").split(","))) for field in ("missing", "untrue"))

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        said, playbook = (missing, untrue, typed.get("words", "")), work.playbook(handoff)
        given = completion.give_feedback(handoff, playbook, *said, by=form.user, now=form.now)
        return [given, *told(work, handoff, form)]

    await form.change(Act.ASSESS, rule)


async def all_good(click: Click) -> None:
    """Nothing was."""
    await click.change(Act.ASSESS, lambda _, handoff: completion.all_good(handoff, by=click.user, now=click.now))


# -- the channel


async def keep_channel(request: Request) -> str:
    """The channel stays as it is."""
    await request.change(
        Act.CHANGE, lambda _, handoff: completion.keep_channel(handoff, by=request.user, now=request.now)
    )
    return "Kept: the channel stays as it is."


async def put_away(job: Job) -> None:
    """Rename or archive the channel, if that is still so and it was warned; one that is lost is left alone."""
    handoff = await job.read(lambda work: work.handoff(job.entry.handoff_id))
    if not _is_planned(handoff.completion, job):
        return
    if await usable(job) is None:
        await job.commit(partial(_note, job=job, event=ChannelKept(by=BATON, at=job.now)))
        return
    if later := await job.read(partial(_put_off, done=handoff.completion, job=job)):
        await job.commit(partial(_note, job=job, event=later))
        return
    name = ""
    if handoff.completion.channel is ChannelEnd.RENAME:
        name = await _rename(job, handoff)
    else:
        await _archive(job, handoff)
    await job.commit(partial(_note, job=job, event=ChannelPutAway(by=BATON, at=job.now, name=name)))


def _is_planned(done: Completion | None, job: Job) -> bool:
    """Whether this errand is the one of the completion that stands: neither reopened nor kept."""
    return (
        done is not None and done.channel_at is not None and str(done.channel_at.timestamp()) == job.entry.about["at"]
    )


def _put_off(work: Work, done: Completion, job: Job) -> ChannelPutOff | None:
    """What is recorded instead of putting it away, while the warning has not stood there for long enough."""
    warning = queries.message_of(work, job.entry.handoff_id, Picture.FAREWELL, edition=done.edition)
    warned_at = datetime.fromtimestamp(float(warning.ts), UTC) if warning else None
    return completion.put_off(done, warned_at, now=job.now)


def _note(work: Work, job: Job, event: ChannelKept | ChannelPutAway | ChannelPutOff) -> None:
    handoff = work.handoff(job.entry.handoff_id)
    if _is_planned(handoff.completion, job):
        work.record(handoff, event)


async def _archive(job: Job, handoff: Handoff) -> None:
    try:
        await job.call(job.client.conversations_archive, channel=handoff.channel_id)
    except Refused as refused:
        if refused.code not in ("already_archived", "is_archived"):
            raise


async def _rename(job: Job, handoff: Handoff) -> str:
    """The name that Slack gave; an attempt whose answer was lost may have renamed it already."""
    info = await in_channel(job, job.client.conversations_info, channel=handoff.channel_id)
    name = str(info["channel"]["name"]) if info else ""
    if not info or name.startswith(DONE):
        return name
    for attempt in range(1, _NAMES + 1):
        wanted = channel_name(DONE, name, attempt)
        try:
            answer = await job.call(job.client.conversations_rename, channel=handoff.channel_id, name=wanted)
        except Refused as refused:
            if refused.code != "name_taken":
                raise
        else:
            return str(answer["channel"]["name"])
    raise Refused("name_taken")
