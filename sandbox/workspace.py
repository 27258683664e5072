"""One Slack team with one installed app: what exists in it, who hears of a change, and where it is kept."""

from __future__ import annotations

import asyncio
import secrets
import string
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox import members
from sandbox.clock import Clock
from sandbox.delivery import Delivery
from sandbox.errors import SlackError
from sandbox.events import Events, missing_scopes
from sandbox.faults import Faults
from sandbox.manifest import read_manifest
from sandbox.people import PersonSeed
from sandbox.rate_limits import RateLimits
from sandbox.records import Canvas, Channel, File, Json, Member, Message, ResponseUrl, Stack, View
from sandbox.storage import Storage
from sandbox.triggers import Triggers

COLORS = ("9f3a38", "2f6f4f", "1f5f99", "7a4b9a", "a8571c", "2b6a72", "8c2f62", "5a6210", "3f51a5", "74502f")
SEED_CHANNELS = ("general", "sales", "customer-success")
ID_CHARACTERS = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Call:
    """One Web API call as it was answered: for assertions."""

    method: str
    arguments: Json
    at: datetime
    answer: Json


@dataclass(frozen=True)
class Change:
    """Something to read anew. `audience` None means everybody."""

    version: int
    topics: tuple[str, ...]
    audience: frozenset[str] | None


class Workspace:
    """The state of the team. Everything that must survive a restart is written through to `path` (an SQLite file)."""

    def __init__(
        self,
        manifest: Mapping[str, Any],
        people: Sequence[PersonSeed],
        *,
        path: Path | None = None,
        clock: Clock | None = None,
        request_url: str | None = None,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107 (a stand-in's)
        name: str = "Northwind Software",
    ) -> None:
        self.manifest = read_manifest(manifest)
        if missing := missing_scopes(self.manifest):
            raise ValueError(f"the manifest asks for things without their scopes: {missing}")
        self.name, self.domain = name, "".join(c for c in name.lower() if c.isalnum() or c == "-")
        self.storage, self.clock, self.signing_secret = Storage(path), clock or Clock(), signing_secret
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self.views: dict[str, View] = {}
        self.stacks: dict[str, Stack] = {}
        self.files: dict[str, File] = {}
        self.canvases: dict[str, Canvas] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.usergroups: list[Json] = []
        self.calls: deque[Call] = deque(maxlen=5000)
        self.version, self._last_ts = 0, 0
        self.base_url: str | None = None
        self.next_moment: Callable[[], datetime | None] | None = None
        self.enforce_rate_limits = False
        self.refused_blocks: set[str] = set()
        self.ack_seconds = 3.0
        self._listeners: list[Callable[[Change], None]] = []
        self._background: set[asyncio.Task[None]] = set()
        self.faults, self.rate_limits = Faults(), RateLimits()
        self.triggers = Triggers()
        self.offered: dict[tuple[str, str, str], Json] = {}  # options an app suggested, by block, action and value
        self.message_state: dict[tuple[str, str, str], Json] = {}  # what a person chose in a message's own inputs
        self.refused_answers: list[str] = []  # acknowledgements that Slack would not take, and why
        self.delivery = Delivery(self, request_url)
        self.events = Events(self)
        self._load()
        self._seed(people)
        self.clock.listeners.append(self._clock_moved)
        self.storage.commit()

    # --- where it comes from

    def _load(self) -> None:
        for team in self.storage.load("team"):
            self._restore(team)
            break
        else:
            self._found()
        self.members = {record["id"]: Member(**record) for record in self.storage.load("member")}
        self.channels = {record["id"]: Channel(**record) for record in self.storage.load("channel")}
        for record in self.storage.load("message"):  # the key ends in ts, so each channel's come oldest first
            self.messages[record["channel"]][record["ts"]] = Message(**record)
            self._last_ts = max(self._last_ts, int(record["ts"].replace(".", "")))
        self.views = {record["id"]: View(**record) for record in self.storage.load("view")}
        self.stacks = {record["user"]: Stack(**record) for record in self.storage.load("stack")}
        self.files = {record["id"]: File(**record) for record in self.storage.load("file")}
        self.canvases = {record["id"]: Canvas(**record) for record in self.storage.load("canvas")}
        self.response_urls = {record["id"]: ResponseUrl(**record) for record in self.storage.load("response_url")}
        for view in self.views.values():
            view.loading = False

    def _found(self) -> None:
        self.team_id, self.app_id, self.bot_id = self.new_id("T"), self.new_id("A"), self.new_id("B")
        self.bot_user_id = self.new_id("U")
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{self.app_id}-{secrets.token_hex(12)}"
        self.verification_token = secrets.token_hex(12)
        self._save_team()

    def _restore(self, team: Json) -> None:
        self.team_id, self.app_id, self.bot_id = team["team_id"], team["app_id"], team["bot_id"]
        self.bot_user_id, self.bot_token, self.app_token = team["bot_user_id"], team["bot_token"], team["app_token"]
        self.verification_token = team["verification_token"]
        self.clock.offset = timedelta(seconds=team["offset_seconds"])

    def _save_team(self) -> None:
        names = ("team_id", "app_id", "bot_id", "bot_user_id", "bot_token", "app_token", "verification_token")
        offset = self.clock.offset.total_seconds()
        self.storage.put("team", "team", {name: getattr(self, name) for name in names} | {"offset_seconds": offset})

    def _seed(self, people: Sequence[PersonSeed]) -> None:
        bot = self.members.get(self.bot_user_id)
        if bot is None:
            bot = Member(self.bot_user_id, self.manifest.bot_name, self.manifest.name, is_bot=True)
            self.members[bot.id] = bot
        bot.name, bot.real_name = self.manifest.bot_name, self.manifest.name
        self.storage.save(bot)
        known = {member.real_name for member in self.members.values()}
        for number, seed in enumerate(people):
            if seed.name not in known:
                self.enrol(seed, COLORS[number % len(COLORS)])
        if not self.channels:
            members = [m.id for m in self.members.values() if not (m.is_bot or m.deleted or m.is_guest)]
            for name in SEED_CHANNELS:
                creator = members[0] if members else self.bot_user_id
                channel = Channel(self.new_id("C"), name, "public", creator, self.epoch(), list(members))
                channel.is_general = name == "general"
                self.channels[channel.id] = channel
                self.storage.save(channel)

    def enrol(self, seed: PersonSeed, color: str = COLORS[0]) -> Member:
        """Adds a member without telling anybody (see members.add_person for the event)."""
        name = "".join(c for c in seed.name.lower().replace(" ", ".") if c.isalnum() or c in "._-")
        email = seed.email or f"{name}@{self.domain}.example"
        member = Member(self.new_id("U"), name, seed.name, seed.title, email, seed.tz, color, updated=self.epoch())
        for each in ("is_admin", "is_owner", "is_bot", "is_guest", "deleted", "status_text"):
            setattr(member, each, getattr(seed, each))
        self.members[member.id] = member
        self.storage.save(member)
        return member

    def add_person(self, seed: PersonSeed) -> Member:
        return members.add_person(self, seed)

    def deactivate(self, name: str) -> None:
        """By id or name, as an admin would."""
        members.deactivate(self, self.person(name))

    # --- time and names

    def epoch(self) -> int:
        return int(self.clock.now().timestamp())

    def timestamp(self) -> str:
        """A message's ts: the clock's microsecond, strictly increasing even when the clock is set back."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    @staticmethod
    def new_id(prefix: str) -> str:
        return f"{prefix}0{''.join(secrets.choice(ID_CHARACTERS) for _ in range(9))}"

    # --- finding

    def person(self, name: str) -> Member:
        """A member by id, real name or user name."""
        for member in self.members.values():
            if name in (member.id, member.real_name, member.name):
                return member
        raise LookupError(f"nobody is called {name!r}; there are {[m.real_name for m in self.members.values()]}")

    def channel(self, channel_id: str, *, seen_by: str) -> Channel:
        """The conversation, or channel_not_found where `seen_by` may not know of it."""
        channel = self.channels.get(channel_id)
        if channel is None or not self.sees(seen_by, channel):
            raise SlackError("channel_not_found")
        return channel

    def sees(self, user: str, channel: Channel) -> bool:
        if user in channel.members:
            return True
        return channel.type == "public" and not self.members[user].is_guest

    def direct(self, one: str, other: str) -> Channel | None:
        pair = {one, other}
        return next((c for c in self.channels.values() if c.type == "dm" and set(c.members) == pair), None)

    def stack(self, user: str) -> list[View]:
        return [self.views[view_id] for view_id in self.stacks[user].views] if user in self.stacks else []

    def home(self, user: str) -> View | None:
        return next((view for view in self.views.values() if view.type == "home" and view.user == user), None)

    # --- telling

    def changed(self, *topics: str, audience: Iterable[str] | None = None) -> None:
        """Ends one change: makes it durable and tells whoever watches."""
        self.storage.commit()
        self.version += 1
        change = Change(self.version, topics, None if audience is None else frozenset(audience))
        for listener in list(self._listeners):
            listener(change)

    def messages_changed(self, channel: Channel, only_for: str | None = None) -> None:
        audience = [only_for] if only_for else None if channel.type == "public" else channel.members
        self.changed(f"messages:{channel.id}", "state", audience=audience)

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `listener` after each change until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def until(self, true: Callable[[], bool], within: float = 5.0) -> None:
        """Waits, without polling, until `true()`; TimeoutError after `within` real seconds."""
        happened = asyncio.Event()
        forget = self.listen(lambda _change: happened.set())
        try:
            async with asyncio.timeout(within):
                while not true():
                    happened.clear()
                    await happened.wait()
        finally:
            forget()

    def _clock_moved(self) -> None:
        self._save_team()
        self.changed("clock")

    # --- running

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Ends deliveries under way and lets go of the file."""
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.delivery.close()
        if self._clock_moved in self.clock.listeners:
            self.clock.listeners.remove(self._clock_moved)
        self.storage.close()
