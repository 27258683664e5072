"""The nouns of a Slack team as they are stored: members, channels, messages, views, files and canvases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

Json = dict[str, Any]


@dataclass
class Member:
    kind: ClassVar[str] = "member"
    id: str
    name: str
    real_name: str
    title: str = ""
    email: str = ""
    tz: str = "UTC"
    color: str = "4b5563"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0  # when Slack clears the status; 0 for never
    updated: int = 0

    @property
    def key(self) -> str:
        return self.id


@dataclass
class Channel:
    kind: ClassVar[str] = "channel"
    id: str
    name: str
    type: str  # "public", "private" or "dm"
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    is_general: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False  # with another company
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    previous_names: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    pins: list[Json] = field(default_factory=list)
    canvas: str | None = None
    last_read: dict[str, str] = field(default_factory=dict)
    updated: int = 0

    @property
    def key(self) -> str:
        return self.id

    def partner(self, of: str) -> str:
        """The other side of a direct message."""
        return next((member for member in self.members if member != of), of)


@dataclass
class Message:
    kind: ClassVar[str] = "message"
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: Json | None = None
    only_for: str | None = None
    subtype: str | None = None
    by_app: bool = False
    reactions: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    extra: Json = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.ts}"

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal in somebody's stack, or somebody's App Home."""

    kind: ClassVar[str] = "view"
    id: str
    user: str
    type: str
    hash: str
    blocks: list[Json]
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    private_metadata: str = ""
    callback_id: str = ""
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    root_view_id: str = ""
    previous_view_id: str | None = None
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    loading: bool = False

    @property
    def key(self) -> str:
        return self.id


@dataclass
class Stack:
    """One person's open modals, bottom first."""

    kind: ClassVar[str] = "stack"
    user: str
    views: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.user


@dataclass
class File:
    kind: ClassVar[str] = "file"
    id: str
    name: str
    size: int
    mimetype: str
    owner: str
    title: str = ""
    created: int = 0
    channels: list[str] = field(default_factory=list)
    uploaded: bool = False
    completed: bool = False
    content: str = ""  # base64
    chosen_in: str = ""  # the file_input where a person picked it
    handed_over: bool = False  # to the app, with a form
    deleted: bool = False

    @property
    def key(self) -> str:
        return self.id


@dataclass
class Canvas:
    kind: ClassVar[str] = "canvas"
    id: str
    title: str
    owner: str
    updated: str
    channel: str | None = None
    sections: list[Json] = field(default_factory=list)  # {"id", "markdown"}
    access: Json = field(default_factory=dict)  # channel or user id -> level

    @property
    def key(self) -> str:
        return self.id


@dataclass
class ResponseUrl:
    """Where an app may answer an interaction: five times within thirty minutes."""

    kind: ClassVar[str] = "response_url"
    id: str
    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    uses: int = 0

    @property
    def key(self) -> str:
        return self.id


Record = Member | Channel | Message | View | Stack | File | Canvas | ResponseUrl
