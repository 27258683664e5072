"""Adding a message to a handoff: the shortcut with its forms, the reaction that files a draft, and undoing it."""

import asyncio
from dataclasses import replace
from typing import Any

from blocks import captures as pictures
from blocks.ids import Ref
from blocks.kit import View
from bot import captures, deals
from bot.documents import refuse_unless_editable
from bot.errands import Errand, Kind
from bot.events import Event
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, demand, may
from bot.records import CaptureKind, Source
from bot.refusals import Refusal
from handlers.delivery import Job
from handlers.requests import UNWELL, Click, Desk, Form, Shortcut
from handlers.slack import Refused
from store import queries
from store.work import Work

_SAID = {None, "thread_broadcast", "file_share", "bot_message", "me_message"}  # not that somebody joined, and the like
_LINK_SECONDS = 0.7  # of the 3 in which the form has to open


async def open_form(shortcut: Shortcut) -> None:
    """Ask into which handoff, and as what; the words are filled in."""
    if shortcut.is_ours:
        raise Refusal("This is Baton's own message. Use the shortcut on what people say.")
    link = await _link(shortcut)

    def look(work: Work) -> View:
        source = _source(work, shortcut.channel, shortcut.message, link)
        here = queries.of_channel(work, shortcut.channel)
        if here:
            demand(Act.CHANGE, shortcut.user, here, work.settings())
            refuse_unless_editable(here)
        choice = [here] if here else _choice(work, shortcut.user)
        ref = Ref(handoff=here.id if here else 0, source=source)
        return pictures.capture_view(choice, work.playbook(here), _words(work, shortcut.message), ref)

    await shortcut.open(await shortcut.read(look))


async def choose(form: Form) -> dict[str, Any]:
    """The row's form (or the question's), filled in as far as the message goes."""
    typed = form.answers
    kind = CaptureKind(typed["as_what"])
    ref = form.ref.model_copy(update={"handoff": form.ref.handoff or int(typed["handoff"]), "choice": kind.value})

    def draw(work: Work, handoff: Handoff) -> View:
        refuse_unless_editable(handoff)
        source, playbook, words = _of(ref), work.playbook(handoff), typed["words"]
        captures.refuse_known(handoff, source, kind)
        if kind is CaptureKind.QUESTION:
            where = " ".join(one for one in (source.said_by, source.link) if one)
            values = {"words": f"{words}\n({where})" if where else words}
        else:
            values = captures.prefilled(playbook, kind, words, source)
        return pictures.details_view(handoff, playbook, kind, values, form.user, ref)

    view = await replace(form, ref=ref).look(Act.CHANGE, draw)
    return {"response_action": "update", "view": view}


async def save(form: Form) -> None:
    """Put it into the handoff."""
    typed, source, kind = form.answers, _of(form.ref), CaptureKind(form.ref.choice)

    def rule(work: Work, handoff: Handoff) -> list[Event]:
        playbook = work.playbook(handoff)
        if kind is not CaptureKind.QUESTION:
            return captures.capture(handoff, playbook, kind, typed, source, by=form.user, now=form.now)
        to = typed.get("to") or None
        deals.refuse_unfit([("to", work.person(to))])
        return captures.ask(handoff, playbook, typed.get("words", ""), to, source, by=form.user, now=form.now)

    await form.change(Act.CHANGE, rule)


async def reacted(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`reaction_added`: when it is the one of setup, by somebody who may, the message is read and filed."""
    item, user = event.get("item") or {}, event.get("user") or ""

    def look(work: Work) -> Handoff | None:
        wanted = work.settings().capture_reaction
        if not wanted or item.get("type") != "message" or event["reaction"].partition("::")[0] != wanted:
            return None
        found = queries.of_channel(work, item["channel"])
        is_open = found is not None and found.stage is not Stage.CANCELLED
        return found if found and is_open and may(Act.CHANGE, user, found, work.settings()) else None

    if handoff := await desk.store.read(team, look):
        about = {"channel": item["channel"], "ts": item["ts"], "by": user}
        errand = Errand(Kind.FILE_MESSAGE, f"capture:{handoff.id}", about, merges=True)
        await desk.store.commit(team, lambda work: work.post([errand], desk.clock.now(), handoff))


async def file_message(job: Job) -> None:
    """Read the message to which somebody reacted, and file it as a draft commitment; that it is gone is no trouble."""
    about = job.entry.about
    channel, ts, by = about["channel"], about["ts"], about["by"]
    look = {"oldest": ts, "latest": ts, "inclusive": True}
    try:
        answer = await job.call(job.client.conversations_replies, channel=channel, ts=ts, **look)
        message = next((one for one in answer["messages"] if one["ts"] == ts), None)
        if message is None or message.get("subtype") not in _SAID or message.get("user") == await _me(job):
            return
        link = (await job.call(job.client.chat_getPermalink, channel=channel, message_ts=ts))["permalink"]
    except Refused:
        return
    try:
        await job.commit(lambda work: _file(work, job, message, link))
    except Refusal as refusal:
        await job.call(job.client.chat_postEphemeral, channel=channel, user=by, text=refusal.words)


async def undo(click: Click) -> None:
    """Take out what a reaction filed."""
    ref = click.ref
    await click.change(Act.CHANGE, lambda _, handoff: captures.undo(handoff, ref.row, by=click.user, now=click.now))


def _file(work: Work, job: Job, message: dict[str, Any], link: str) -> None:
    by, kind = job.entry.about["by"], CaptureKind.COMMITMENT
    handoff = work.handoff(job.entry.handoff_id)
    source = _source(work, job.entry.about["channel"], message, link)
    known = captures.known(handoff, source, kind)
    if (known and known.by == by) or not may(Act.CHANGE, by, handoff, work.settings()):
        return
    playbook, words = work.playbook(handoff), _words(work, message)
    if not words:
        raise Refusal("This message has no words to file. Press *Add to handoff* in its menu, and write them.")
    typed = captures.prefilled(playbook, kind, words, source)
    for event in captures.capture(handoff, playbook, kind, typed, source, by=by, now=job.now, is_draft=True):
        handoff = work.record(handoff, event)


async def _me(job: Job) -> str:
    return str((await job.call(job.client.auth_test))["user_id"])


async def _link(shortcut: Shortcut) -> str:
    """A link to the message; "" where Baton is no member, or where Slack takes long."""
    call = shortcut.desk.client.chat_getPermalink(channel=shortcut.channel, message_ts=shortcut.message["ts"])
    try:
        return str((await asyncio.wait_for(call, _LINK_SECONDS))["permalink"])
    except UNWELL:
        return ""


def _choice(work: Work, user: str) -> list[Handoff]:
    team = work.settings()
    page = queries.page_of(work, user, everybody=user in team.leaders, offset=0, limit=pictures.MOST_HANDOFFS)
    found = [handoff for handoff in page.handoffs if may(Act.CHANGE, user, handoff, team)]
    if not found:
        raise Refusal("You have no handoff to add this to. `/handoff start` begins one.")
    return found


def _source(work: Work, channel: str, message: dict[str, Any], link: str) -> Source:
    person = work.person(message.get("user"))
    name = person.name if person else message.get("username") or (message.get("bot_profile") or {}).get("name") or ""
    return Source(channel=channel, ts=message["ts"], link=link, said_by=name)


def _words(work: Work, message: dict[str, Any]) -> str:
    """What the message says; of one without words, the names of its files."""

    def name_of(user: str) -> str:
        person = work.person(user)
        return person.name if person else ""

    files = ", ".join(str(file.get("name") or "a file") for file in message.get("files") or ())
    return captures.plain_words(message.get("text") or "", name_of) or files


def _of(ref: Ref) -> Source:
    if ref.source is None:
        raise Refusal("This form has lost its message. Use the shortcut once more.")
    return ref.source
