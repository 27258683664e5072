"""Slack's requests in Baton's words: commands, clicks and forms, and the few things a door may do with them."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot.events import Event
from bot.handoffs import Handoff
from bot.permissions import Act, demand
from handlers.pulse import Pulse
from handlers.slack import NotOpened, code_of
from store.clock import Clock
from store.store import Store
from store.work import Work

log = structlog.get_logger()
T = TypeVar("T")
_NOT_THERE = {"not_in_channel", "channel_not_found"}  # Baton's answer to a command stands where Baton is no member
_VIEW_SECONDS = 1.8  # Slack gives 3 for the whole answer,
_SLOW = "Slack is slow just now and the form may not open. Press again in a moment."
_LATE = "That took too long for Slack to open the form. Press again."
_FULL = "Slack shows no more than three forms above each other. Close this one, and press again."
_SAID = {"expired_trigger_id": _LATE, "trigger_expired": _LATE, "push_limit_reached": _FULL}
_PASSING = {"", "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"}
UNWELL = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
_ANSWER_KEYS = ("value", *(f"selected_{what}" for what in ("date", "time", "date_time", "user", "conversation")))
_TELL_SECONDS = 0.8  # in which a form that does not open must be told too


@dataclass(frozen=True)
class Desk:
    """What every door works with."""

    store: Store
    clock: Clock
    client: AsyncWebClient
    pulse: Pulse = field(default_factory=Pulse)


@dataclass(frozen=True)
class Request:
    """Who asks, where, and the trigger that may open one view within 3 seconds."""

    desk: Desk
    team: str
    user: str
    trigger: str
    channel: str = ""
    ref: Ref = field(default_factory=Ref)

    @property
    def key(self) -> str:
        """The same for the same request, however often it is delivered; "" where twice does no harm."""
        return ""

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.desk.clock.now()

    async def look(self, act: Act, draw: Callable[[Work, Handoff], T]) -> T:
        """What `draw` makes of the handoff this is about, for somebody who may `act`."""
        return await self.read(lambda work: draw(work, self._handoff(work, act)))

    async def change(self, act: Act, rule: Callable[[Work, Handoff], Event | list[Event] | None]) -> None:
        """Record what `rule` says of the handoff this is about, if the person may `act`; the same request only once."""
        now = self.now

        def run(work: Work) -> None:
            if not self.key or work.first_time(self.key, now):
                handoff = self._handoff(work, act)
                said = rule(work, handoff)
                for event in said if isinstance(said, list) else [said]:
                    handoff = work.record(handoff, event)

        await self.commit(run)

    def _handoff(self, work: Work, act: Act) -> Handoff:
        handoff = work.handoff(self.ref.handoff)
        demand(act, self.user, handoff, work.settings(), self.ref.item)
        return handoff

    async def commit(self, function: Callable[[Work], T]) -> T:
        """One transaction of this team."""
        return await self.desk.store.commit(self.team, function)

    async def read(self, function: Callable[[Work], T]) -> T:
        """One look at this team's data."""
        return await self.desk.store.read(self.team, function)

    async def open(self, view: View) -> None:
        """Show a view: over the one that was clicked in, else alone."""
        await self._show(self.desk.client.views_open(trigger_id=self.trigger, view=view))

    async def update(self, view_id: str, view: View) -> None:
        """Redraw an open view. That it was closed, or that Slack is unwell, is no trouble: the work is done."""
        try:
            await asyncio.wait_for(self.desk.client.views_update(view_id=view_id, view=view), _VIEW_SECONDS)
        except UNWELL as error:
            log.info("a view was not redrawn", error=str(error) or type(error).__name__)

    async def _show(self, call: Any) -> None:
        try:
            await asyncio.wait_for(call, _VIEW_SECONDS)
        except SlackApiError as error:
            if (code := code_of(error)) == "exchanged_trigger_id":
                return  # it did open
            if code in _SAID:
                raise NotOpened(_SAID[code]) from None
            if code not in _PASSING:
                raise
            raise NotOpened(_SLOW) from None
        except UNWELL:
            raise NotOpened(_SLOW) from None


@dataclass(frozen=True)
class Command(Request):
    """`/handoff` with its text."""

    text: str = ""


@dataclass(frozen=True)
class Click(Request):
    """A button, or an entry of a menu."""

    action: str = ""
    chosen: str = ""  # the menu entry
    response_url: str = ""
    view: dict[str, Any] = field(default_factory=dict)

    async def open(self, view: View) -> None:
        """Show a view: on top of the modal that was clicked in, else alone."""
        if self.view.get("type") == "modal":
            await self._show(self.desk.client.views_push(trigger_id=self.trigger, view=view))
        else:
            await super().open(view)

    async def reply(self, blocks: list[Block], text: str) -> None:
        """Say it where the person clicked, seen only by that person."""
        said: dict[str, Any] = {"text": text, "blocks": blocks or None}
        call = self.desk.client.chat_postEphemeral(channel=self.channel, user=self.user, **said)
        try:
            await asyncio.wait_for(call, _TELL_SECONDS)
        except SlackApiError as error:
            if code_of(error) not in _NOT_THERE or not self.response_url:
                raise
            webhook = AsyncWebhookClient(self.response_url, session=self.desk.client.session)
            await asyncio.wait_for(webhook.send(**said, response_type="ephemeral"), _TELL_SECONDS)

    async def redraw(self, view: View) -> None:
        """Put `view` in the place of the modal that was clicked in."""
        await self.update(self.view["id"], view)


@dataclass(frozen=True)
class Shortcut(Click):
    """An entry of a message's own menu; `is_ours`: Baton posted the message."""

    message: dict[str, Any] = field(default_factory=dict)
    is_ours: bool = False


@dataclass(frozen=True)
class Form(Request):
    """A submitted form."""

    callback: str = ""
    view: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for the same submit, however often it is delivered; another once something else is typed."""
        typed = hashlib.sha256(repr(sorted(self.answers.items())).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"form:{self.view['id']}:{self.view.get('hash', '')}:{typed}"

    @property
    def answers(self) -> dict[str, str]:
        """Field id -> what was typed or chosen ("" for nothing); several people are joined by commas."""
        state = self.view.get("state", {}).get("values", {})
        return {
            field_of(block_id): _answer(next(iter(inputs.values()))) for block_id, inputs in state.items() if inputs
        }

    def block_of(self, field_id: str) -> str | None:
        """The input block that asks for `field_id`, if this form has it."""
        blocks = (block["block_id"] for block in self.view.get("blocks", ()) if block.get("type") == "input")
        return next((block for block in blocks if field_of(block) == field_id), None)

    @property
    def first_input(self) -> str | None:
        """The first input block of the form."""
        return next((block["block_id"] for block in self.view.get("blocks", ()) if block.get("type") == "input"), None)


def field_of(block_id: str) -> str:
    """The field an input block asks for; a redrawn input carries a `~` suffix."""
    return block_id.partition("~")[0]


def _answer(state: dict[str, Any]) -> str:
    if state.get("type", "") in ("static_select", "radio_buttons"):
        return str((state.get("selected_option") or {}).get("value", ""))
    for key in ("selected_options", "selected_users", "files"):
        if key in state:
            several = state[key] or ()
            return ",".join(one if isinstance(one, str) else one.get("value") or one["id"] for one in several)
    for key in _ANSWER_KEYS:
        if key in state:
            return str(state[key] or "")
    return ""


def command_of(desk: Desk, body: dict[str, Any]) -> Command:
    """A slash command."""
    return Command(
        desk=desk,
        team=body.get("team_id") or body.get("enterprise_id") or "",
        user=body["user_id"],
        trigger=body.get("trigger_id", ""),
        channel=body.get("channel_id", ""),
        text=(body.get("text") or "").strip(),
    )


def click_of(desk: Desk, body: dict[str, Any]) -> Click:
    """A block action."""
    action = body["actions"][0]
    chosen = (action.get("selected_option") or {}).get("value", "")
    view = body.get("view") or {}
    return Click(
        desk=desk,
        team=_team(body),
        user=body["user"]["id"],
        trigger=body.get("trigger_id", ""),
        channel=(body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id", ""),
        action=action["action_id"],
        ref=_ref_of(action, view),
        chosen=chosen.partition(" ")[0],
        response_url=body.get("response_url") or "",
        view=view,
    )


def shortcut_of(desk: Desk, body: dict[str, Any]) -> Shortcut:
    """A message shortcut."""
    message = body.get("message") or {}
    return Shortcut(
        desk=desk,
        team=_team(body),
        user=body["user"]["id"],
        trigger=body.get("trigger_id", ""),
        channel=(body.get("channel") or {}).get("id", ""),
        action=body.get("callback_id", ""),
        response_url=body.get("response_url") or "",
        message=message,
        is_ours="app_id" in message and message["app_id"] == body.get("api_app_id"),
    )


def form_of(desk: Desk, body: dict[str, Any]) -> Form:
    """A view submission."""
    view = body["view"]
    return Form(
        desk=desk,
        team=_team(body),
        user=body["user"]["id"],
        trigger=body.get("trigger_id", ""),
        callback=view.get("callback_id", ""),
        ref=Ref.unpack(view.get("private_metadata", "")),
        view=view,
    )


def _team(body: dict[str, Any]) -> str:
    return (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or body.get("team_id") or ""


def _ref_of(action: dict[str, Any], view: dict[str, Any]) -> Ref:
    """What was pressed or chosen carries it. A row's menu has `verb field row`, and the form knows the rest."""
    chosen = (action.get("selected_option") or {}).get("value", "")
    if action.get("type") == "plain_text_input":
        return Ref(seen=action.get("value") or "")
    if action.get("action_id") != Id.ROW_MENU:
        return Ref.unpack(chosen or action.get("value") or "")
    _, field_id, row = chosen.split(" ")
    return Ref.unpack(view.get("private_metadata", "")).model_copy(update={"field": field_id, "row": row})
