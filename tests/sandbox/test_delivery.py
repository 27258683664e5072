"""Events and their retries, and the faults of Socket Mode."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import PersonSeed, Workspace
from sandbox.person import Person
from tests.sandbox.conftest import over_http, over_socket


class Heard(list[dict[str, Any]]):
    """What the app was sent; counts() waits for more."""

    def __init__(self) -> None:
        super().__init__()
        self.more = asyncio.Event()

    def append(self, entry: dict[str, Any]) -> None:
        super().append(entry)
        self.more.set()

    async def counts(self, number: int) -> None:
        async with asyncio.timeout(3):
            while len(self) < number:
                self.more.clear()
                await self.more.wait()


def listen(app: AsyncApp, failing: list[str]) -> Heard:
    """Takes every event, except that it fails once for each type named in `failing`."""
    heard = Heard()

    @app.event(re.compile(".*"))
    async def hear(event: Any, request: Any) -> None:
        retry = request.headers.get("x-slack-retry-num", ["0"])[0]
        heard.append({"type": event["type"], "subtype": event.get("subtype"), "retry": retry, "event": event})
        if event["type"] in failing:
            failing.remove(event["type"])
            raise ValueError("not yet")

    @app.command(re.compile(".*"))
    async def answer(ack: Any, body: Any) -> None:
        heard.append({"type": "command", "body": body})
        await ack()

    return heard


async def test_events_reach_the_app_where_it_is_a_member(
    bolt: AsyncApp, team: Workspace, client: AsyncWebClient, ana: Person
) -> None:
    heard = listen(bolt, [])
    async with over_http(bolt, team):
        await ana.types("not heard", into="sales")
        assert heard == []
        sales = ana.conversation("sales").id
        await client.conversations_join(channel=sales)
        [message] = await ana.types(f"@{team.manifest.bot_name} hello", into="sales")
        await ana.reacts("tada", message)
        await ana.does("rename", channel=sales, name="deals")
        team.add_person(PersonSeed("New Colleague"))
        team.deactivate("New Colleague")
        await team.events.delivered()
    kinds = [each["type"] for each in heard]
    for expected in ("member_joined_channel", "message", "app_mention", "reaction_added", "team_join", "user_change"):
        assert expected in kinds
    assert "channel_rename" not in kinds  # not subscribed


async def test_events_are_retried_at_once_and_after_a_minute(bolt: AsyncApp, team: Workspace, ana: Person) -> None:
    heard = listen(bolt, ["message", "message"])
    channel = team.channels[ana.conversation("general").id]
    channel.members.append(team.bot_user_id)
    async with over_http(bolt, team):
        await ana.types("hello", into="general")
        await heard.counts(2)
        await team.events.delivered()
        assert [each["retry"] for each in heard] == ["0", "1"]
        team.clock.move(timedelta(minutes=1))
        await heard.counts(3)
        await team.events.delivered()
    assert [each["retry"] for each in heard] == ["0", "1", "2"]
    assert len({each["event"]["client_msg_id"] for each in heard}) == 1


async def test_two_sockets_share_the_envelopes_and_survive_a_drop(bolt: AsyncApp, team: Workspace, ana: Person) -> None:
    heard = listen(bolt, [])
    sockets = team.delivery.sockets
    async with over_socket(bolt, team, connections=2):
        await ana.types("/tell one", into="general")
        first = list(sockets.connections)
        await sockets.refresh(warning_seconds=0.05)
        await team.until(lambda: len([c for c in sockets.connections if c not in first]) == 2)
        await ana.types("/tell two", into="general")
        dropped = list(sockets.connections)
        sockets.drop_all()
        await team.until(lambda: len([c for c in sockets.connections if c not in dropped]) == 2)
        await ana.types("/tell three", into="general")
    assert [each["body"]["text"] for each in heard] == ["one", "two", "three"]


async def test_a_half_open_socket_is_noticed_by_its_client(bolt: AsyncApp, team: Workspace) -> None:
    sockets = team.delivery.sockets
    listen(bolt, [])
    async with over_socket(bolt, team):
        deaf = list(sockets.connections)
        sockets.half_open()
        await team.until(lambda: any(c not in deaf for c in sockets.connections), within=10)


async def test_connections_can_be_refused(team: Workspace, client: AsyncWebClient) -> None:
    opened = await client.apps_connections_open(app_token=team.app_token)
    assert opened["url"].startswith("ws://127.0.0.1:")
    team.delivery.sockets.refuse_open = "internal_error"
    with pytest.raises(SlackApiError, match="internal_error"):
        await client.apps_connections_open(app_token=team.app_token)
