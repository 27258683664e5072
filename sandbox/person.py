"""A person at Slack's client, for tests: acts and reads only through what that person may see, by visible labels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox import acts, canvases, conversations, interactions, members, messages
from sandbox.reading import plain, visible
from sandbox.records import Channel, Json, Message
from sandbox.surfaces import Home, Modal, Surface
from sandbox.workspace import Workspace


class SeenMessage(Surface):
    """A message as this person sees it, always as it is now."""

    def __init__(self, team: Workspace, me: str, message: Message) -> None:
        super().__init__(team, me)
        self._channel, self.ts = message.channel, message.ts

    def _place(self) -> Message:
        return acts.message_of(self._team, self._me, self._channel, self.ts)

    @property
    def text(self) -> str:
        """All visible text: the blocks where there are blocks, else the text."""
        message = self._place()
        return visible(self._team, self.blocks) if self.blocks else plain(self._team, message.text)

    @property
    def fallback(self) -> str:
        """What a notification or a screen reader says."""
        return plain(self._team, self._place().text)

    @property
    def raw(self) -> Message:
        return self._place()

    @property
    def author(self) -> str:
        return self._team.members[self._place().user].real_name

    @property
    def is_ephemeral(self) -> bool:
        return self._place().only_for is not None

    @property
    def is_edited(self) -> bool:
        return self._place().edited is not None

    @property
    def is_pinned(self) -> bool:
        return any(pin["ts"] == self.ts for pin in self._team.channels[self._channel].pins)

    @property
    def reactions(self) -> list[str]:
        return [reaction["name"] for reaction in self._place().reactions]

    @property
    def files(self) -> list[str]:
        return [self._team.files[file_id].name for file_id in self._place().files]

    @property
    def replies(self) -> list[SeenMessage]:
        seen = messages.seen(self._team, self._team.channels[self._channel], self._me)
        return [SeenMessage(self._team, self._me, m) for m in seen if m.is_reply and m.thread_ts == self.ts]

    def __repr__(self) -> str:
        return f"<message {self.text!r}>"


class Conversation:
    """A channel or direct message as this person sees it."""

    def __init__(self, team: Workspace, me: str, channel: Channel) -> None:
        self._team, self._me, self._channel = team, me, channel
        self.id, self.name = channel.id, channel.name

    @property
    def messages(self) -> list[SeenMessage]:
        """Oldest first, replies left to their threads, "joined" and the like left out."""
        seen = [m for m in messages.seen(self._team, self._channel, self._me) if not m.is_reply or m.broadcast]
        people = [m for m in seen if m.subtype in (None, "thread_broadcast")]
        return [SeenMessage(self._team, self._me, message) for message in people]

    @property
    def last(self) -> SeenMessage:
        found = self.messages
        if not found:
            raise LookupError(f"no message in {self.name or 'this direct message'}")
        return found[-1]

    def message(self, words: str) -> SeenMessage:
        """The newest message with these words."""
        for message in reversed(self.messages):
            if words in message.text:
                return message
        raise LookupError(f"no message says {words!r}; there are {[m.text for m in self.messages]}")

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages)

    @property
    def topic(self) -> str:
        return plain(self._team, self._channel.topic["value"])

    @property
    def purpose(self) -> str:
        return plain(self._team, self._channel.purpose["value"])

    @property
    def members(self) -> list[str]:
        return [self._team.members[member].real_name for member in self._channel.members]

    @property
    def bookmarks(self) -> dict[str, str]:
        return {bookmark["title"]: bookmark["link"] for bookmark in self._channel.bookmarks}

    @property
    def pins(self) -> list[SeenMessage]:
        here = self._team.messages[self.id]
        return [SeenMessage(self._team, self._me, here[pin["ts"]]) for pin in self._channel.pins if pin["ts"] in here]

    @property
    def is_private(self) -> bool:
        return self._channel.type == "private"

    @property
    def is_archived(self) -> bool:
        return self._channel.is_archived

    @property
    def unread(self) -> int:
        return messages.unread(self._team, self._channel, self._me)[0]


class Person:
    """`Person(workspace, "Ana Lima")`; what the app does not answer raises AppDidNotRespond."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self._team = workspace
        self.name = name
        self.id = workspace.person(name).id

    # --- reading

    def channels(self) -> list[str]:
        """Names of all channels this person may see."""
        return [c.name for c in self._team.channels.values() if c.name and self._team.sees(self.id, c)]

    def conversation(self, name: str) -> Conversation:
        """A channel by name, or a direct message by the other's name."""
        for channel in self._team.channels.values():
            if channel.name == name.lstrip("#") and channel.name and self._team.sees(self.id, channel):
                return Conversation(self._team, self.id, channel)
        if any(name in (m.id, m.real_name, m.name) for m in self._team.members.values()):
            return self.dm(name)
        raise LookupError(f"{self.name} sees no {name!r}; there are {self.channels()}")

    def dm(self, other: str | None = None) -> Conversation:
        """The direct message with the app (or with somebody by name); empty if nobody ever wrote."""
        partner = self._team.person(other).id if other else self._team.bot_user_id
        channel = self._team.direct(self.id, partner)
        return Conversation(self._team, self.id, channel or Channel("", "", "dm", self.id, 0, [self.id, partner]))

    def ephemerals(self, into: str) -> list[SeenMessage]:
        return [message for message in self.conversation(into).messages if message.is_ephemeral]

    @property
    def modal(self) -> Modal:
        """The top of this person's open modals."""
        stack = self._team.stack(self.id)
        if not stack:
            raise LookupError(f"{self.name} has no modal open")
        return Modal(self._team, self.id, stack[-1].id)

    @property
    def modals(self) -> list[Modal]:
        return [Modal(self._team, self.id, view.id) for view in self._team.stack(self.id)]

    @property
    def home(self) -> Home:
        return Home(self._team, self.id)

    def canvas(self, name: str) -> str:
        """The Markdown of the channel's canvas."""
        channel = self._team.channels[self.conversation(name).id]
        if channel.canvas is None:
            raise LookupError(f"{name} has no canvas")
        return canvases.markdown(self._team.canvases[channel.canvas])

    async def until(self, true: Callable[[], Any], within: float = 5.0) -> None:
        """Waits until `true()`: LookupError counts as not yet; TimeoutError after `within` real seconds."""

        def now() -> bool:
            try:
                return bool(true())
            except LookupError:
                return False

        await self._team.until(now, within)

    async def sees(self, words: str, into: str, within: float = 5.0) -> SeenMessage:
        """Waits for a message with these words in that conversation, threads included."""
        found: list[SeenMessage] = []

        def arrived() -> bool:
            here = self.conversation(into).messages
            every = [each for message in here for each in (message, *message.replies)]
            found[:] = [message for message in every if words in message.text]
            return bool(found)

        try:
            await self.until(arrived, within)
        except TimeoutError:
            try:
                text = self.conversation(into).text
            except LookupError as missing:
                text = str(missing)
            raise TimeoutError(f"{self.name} does not see {words!r} in {into}:\n{text}") from None
        return found[-1]

    # --- acting

    async def types(self, text: str, into: str | SeenMessage) -> list[SeenMessage]:
        """Writes a message, a reply (into a message) or a command; answers what then newly appeared there."""
        body: Json = {"text": text}
        if isinstance(into, SeenMessage):
            body |= {"channel": into.raw.channel, "thread_ts": into.raw.thread_ts or into.ts}
        else:
            body["channel"] = self._writable(into)
        channel = self._team.channels[body["channel"]]
        before = {message.ts for message in messages.seen(self._team, channel, self.id)}
        await acts.write(self._team, self.id, body)
        await self._team.events.delivered()
        fresh = [m for m in messages.seen(self._team, channel, self.id) if m.ts not in before and m.subtype is None]
        return [SeenMessage(self._team, self.id, message) for message in fresh]

    def _writable(self, name: str) -> str:
        conversation = self.conversation(name)
        if conversation.id:
            return conversation.id
        return conversations.open_direct(self._team, self.id, self._team.person(name).id).id

    async def clicks(self, label: str, into: str | SeenMessage, *, nth: int = 0, near: str | None = None) -> None:
        """Presses a button or an overflow menu's entry on a message: the newest one in `into` that has it."""
        await self._on(into, label, near).press(label, nth=nth, near=near)

    async def selects(
        self, label: str, option: Any, into: str | SeenMessage, *, nth: int = 0, near: str | None = None
    ) -> None:
        await self._on(into, label, near).choose(label, option, nth=nth, near=near)

    def _on(self, into: str | SeenMessage, label: str, near: str | None) -> SeenMessage:
        if isinstance(into, SeenMessage):
            return into
        here = self.conversation(into).messages
        every = sorted((each for m in here for each in (m, *m.replies)), key=lambda m: m.ts, reverse=True)
        for message in every:
            if message.offers(label, near=near):
                return message
        seen = {message.text: message.buttons + message.menus for message in every}
        raise LookupError(f"{self.name} sees no {label!r} in {into}; there are {seen}")

    async def opens_home(self) -> Home:
        interactions.open_home(self._team, self.id)
        await self._team.events.delivered()
        return self.home

    async def uses_shortcut(self, name: str, message: SeenMessage | None = None) -> None:
        """A global shortcut, or one in a message's menu, by its name."""
        kind = "message" if message else "global"
        for each in self._team.manifest.shortcuts:
            if each.name == name and each.type == kind:
                await interactions.shortcut(self._team, self.id, each.callback_id, message.raw if message else None)
                return
        raise LookupError(f"no {kind} shortcut {name!r}; there are {[s.name for s in self._team.manifest.shortcuts]}")

    async def reacts(self, name: str, message: SeenMessage, *, remove: bool = False) -> None:
        change = messages.unreact if remove else messages.react
        change(self._team, message.raw, self.id, name.strip(":"))
        await self._team.events.delivered()

    async def sets_status(self, emoji: str, text: str = "", until: datetime | None = None) -> None:
        """Shows an emoji (`:palm_tree:`) and words beside the name, until that moment at most; "" takes it off."""
        members.set_status(self._team, self._team.members[self.id], emoji, text, until)
        await self._team.events.delivered()

    async def does(self, what: str, **body: Any) -> Json:
        """Any other act of the page (join, leave, invite, rename, archive, read...), refused as there."""
        answer = await acts.ACTS[what](self._team, self.id, body)
        await self._team.events.delivered()
        return answer
