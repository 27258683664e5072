"""The checker: what the database and the workspace must agree on when everything is quiet."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from app import Settings
from blocks.cards import card
from blocks.channels import topic
from blocks.lines import line
from bot.consequences import errands_of
from bot.errands import Kind
from bot.events import Event, HandoffStarted, SectionSaved
from bot.handoffs import Handoff
from sandbox import Workspace
from sandbox.reading import visible
from sandbox.records import Message
from store import queries
from store.playbooks import load_playbook
from store.records import to_handoff
from store.store import Store
from store.tables import handoffs, outbox
from store.work import Work
from tests.chaos.people import Journal


async def violations(url: str, workspace: Workspace, journal: Journal) -> list[str]:
    """Every promise that was broken, in words."""
    store = Store(url, load_playbook(Settings.model_fields["playbook"].default))
    try:
        return await store.read(workspace.team_id, lambda work: list(_all(work, workspace, journal)))
    finally:
        store.close()


def _all(work: Work, workspace: Workspace, journal: Journal) -> Iterator[str]:
    rows = work.connection.execute(select(handoffs.c.id, handoffs.c.state, handoffs.c.document)).all()
    found = [to_handoff(*row) for row in rows]
    twice = [name for name, count in Counter(handoff.customer for handoff in found).items() if count > 1]
    yield from (f"{name} was started twice" for name in twice)
    lost = set(journal.started) - {handoff.customer for handoff in found}
    yield from (f"the start of {name} was acknowledged and is lost" for name in lost)
    mine = {c.id: c.name for c in workspace.channels.values() if c.creator == workspace.bot_user_id and c.name}
    strays = set(mine) - {handoff.channel_id for handoff in found}
    yield from (f"#{mine[stray]} belongs to no handoff" for stray in strays)
    aside = work.connection.execute(select(outbox.c.kind, outbox.c.error).where(outbox.c.state == "aside"))
    yield from (f"{row.kind} was set aside: {row.error}" for row in aside)
    drawn: set[tuple[int, str, str, str]] = set()
    for handoff in found:
        words = [typed for customer, typed in journal.saved if customer == handoff.customer]
        events = [event for _, event in work.events(handoff.id)]
        yield from _history(handoff, events, words)
        if handoff.customer in journal.accepted and handoff.stage != "accepted":
            yield f"{handoff.customer} was accepted, and is {handoff.stage}"
        yield from _channel(work, workspace, handoff, events)
        drawn |= _expected_messages(handoff, events)
    yield from _direct_messages(work, workspace, drawn)


def _history(handoff: Handoff, events: list[Event], words: list[str]) -> Iterator[str]:
    saves = [event for event in events if isinstance(event, SectionSaved)]
    changed = Counter(text for save in saves for text in _texts(save))
    yield from (f"{text!r} was acknowledged and saved {changed[text]} times" for text in words if changed[text] != 1)
    numbers = [(save.section, save.revision) for save in saves]
    yield from (f"{handoff.customer}: revision {one} exists twice" for one, n in Counter(numbers).items() if n > 1)
    for section in {section for section, _ in numbers}:
        if max(n for name, n in numbers if name == section) != handoff.content(section).revision:
            yield f"{handoff.customer}: {section} is not at its last revision"


def _texts(save: SectionSaved) -> Iterator[str]:
    for change in save.changes:
        if isinstance(change.after, dict):
            yield from change.after.values()
        elif isinstance(change.after, str):
            yield change.after


def _channel(work: Work, workspace: Workspace, handoff: Handoff, events: list[Event]) -> Iterator[str]:
    channel = workspace.channels.get(handoff.channel_id)
    if channel is None:
        yield f"{handoff.customer} has no channel"
        return
    said = [m for m in workspace.messages[channel.id].values() if m.by_app and not (m.subtype or m.only_for)]
    top, replies = [m for m in said if not m.is_reply], [m for m in said if m.is_reply]
    playbook, now = work.playbook(handoff), workspace.clock.now()
    drawn = card(handoff, playbook, work.settings(), work.watches(handoff), now)
    if len(top) != 1:
        yield f"#{channel.name} has {len(top)} cards: {[(message.metadata, message.text) for message in top]}"
    elif visible(workspace, top[0].blocks or []) != visible(workspace, drawn):
        yield f"#{channel.name}: the card does not say how things stand"
    lines = Counter(line(event, playbook) for event, kinds in _errands(events) if Kind.POST_LINE in kinds)
    if lines != Counter(message.text for message in replies):
        yield f"#{channel.name}: owed {dict(lines)}, said {[message.text for message in replies]}"
    if [pin["ts"] for pin in channel.pins] != [message.ts for message in top]:
        yield f"#{channel.name}: {len(channel.pins)} pins"
    if len(channel.bookmarks) != 1:
        yield f"#{channel.name}: {len(channel.bookmarks)} bookmarks"
    if not set(handoff.people) <= set(channel.members):
        yield f"#{channel.name}: somebody was not invited"
    if channel.topic["value"] != topic(handoff):
        yield f"#{channel.name}: the topic is {channel.topic['value']!r}"


def _direct_messages(work: Work, workspace: Workspace, expected: set[tuple[int, str, str, str]]) -> Iterator[str]:
    direct = [channel for channel in workspace.channels.values() if channel.type == "dm"]
    said: list[Message] = [m for c in direct for m in workspace.messages[c.id].values() if m.by_app]
    handoff_ids = {handoff_id for handoff_id, *_ in expected}
    known = {
        (handoff_id, m.picture, m.recipient, m.edition): (m.channel, m.ts)
        for handoff_id in handoff_ids
        for m in queries.messages_of(work, handoff_id)
        if m.recipient
    }
    yield from (f"never sent: {one}" for one in expected - set(known))
    strays = [message.text for message in said if (message.channel, message.ts) not in known.values()]
    yield from (f"sent twice, or for nothing: {text!r}" for text in strays)
    if len(said) != len(known):
        yield f"{len(known)} direct messages are known and {len(said)} were sent"


def _expected_messages(handoff: Handoff, events: list[Event]) -> set[tuple[int, str, str, str]]:
    drawn = set()
    for before, event, after in _replayed(events):
        for errand in errands_of(event, before, after):
            if errand.kind is Kind.DRAW_MESSAGE and errand.about["recipient"]:
                about = errand.about
                drawn.add((handoff.id, str(about["picture"]), about["recipient"], about["edition"]))
    return drawn


def _errands(events: list[Event]) -> Iterator[tuple[Event, set[Kind]]]:
    for before, event, after in _replayed(events):
        yield event, {errand.kind for errand in errands_of(event, before, after)}


def _replayed(events: list[Event]) -> Iterator[tuple[Handoff | None, Event, Handoff]]:
    handoff: Handoff | None = None
    for event in events:
        after = event.begin(1) if isinstance(event, HandoffStarted) else event.change(handoff) if handoff else None
        assert after is not None, "a history begins with a start"
        yield handoff, event, after
        handoff = after
