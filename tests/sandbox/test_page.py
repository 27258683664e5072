"""The page's doors: what each person reads, acts on, and hears of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import Workspace, conversations, messages, seed_team
from sandbox.errors import AppDidNotRespond, Refused
from sandbox.person import Person
from sandbox.server import Server
from tests.sandbox.manifest import manifest


async def read(server: Server, path: str, **query: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/ui/{path}", params=query) as response:
        body: dict[str, Any] = await response.json()
        return body


async def act(server: Server, **body: Any) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/ui/act", json=body) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def test_state_is_each_persons_own(team: Workspace, server: Server, ana: Person, ben: Person) -> None:
    secret = conversations.create(team, ana.id, "secret", private=True)
    seen = await read(server, "state", **{"as": ana.id})
    assert {c["name"] for c in seen["conversations"]} == {"general", "sales", "customer-success", "secret"}
    assert {c["name"] for c in (await read(server, "state", **{"as": ben.id}))["conversations"]} == {
        "general", "sales", "customer-success",
    }  # fmt: skip
    refused = await read(server, "messages", **{"as": ben.id, "channel": secret.id})
    assert refused == {"ok": False, "error": "There is no such conversation."}
    assert {"version", "team", "app", "clock", "me", "people", "modals", "home"} < set(seen)
    assert seen["app"]["commands"][0] == {"command": "/tell", "description": "Tell", "usage_hint": "[word]"}


async def test_messages_threads_and_unread(team: Workspace, server: Server, ana: Person, ben: Person) -> None:
    general = ana.conversation("general").id
    told = await act(server, **{"as": ana.id, "do": "message", "channel": general, "text": "hello @Ben Okafor"})
    reply = {"as": ana.id, "do": "message", "channel": general, "text": "more", "thread_ts": told["ts"]}
    assert (await act(server, **reply))["ok"]
    conversation = next(
        c for c in (await read(server, "state", **{"as": ben.id}))["conversations"] if c["id"] == general
    )
    assert (conversation["unread"], conversation["mentions"]) == (1, 1)
    [message] = (await read(server, "messages", **{"as": ben.id, "channel": general}))["messages"]
    assert (message["text"], message["reply_count"]) == (f"hello <@{ben.id}>", 1)
    thread = await read(server, "messages", **{"as": ben.id, "channel": general, "thread": told["ts"]})
    assert [m["text"] for m in thread["messages"]] == [f"hello <@{ben.id}>", "more"]
    assert (await act(server, **{"as": ben.id, "do": "read", "channel": general, "ts": told["ts"]}))["ok"]
    assert ben.conversation("general").unread == 0


async def test_acts_are_refused_in_sentences(team: Workspace, server: Server, ana: Person) -> None:
    general = ana.conversation("general").id
    cases: list[tuple[dict[str, Any], str]] = [
        ({"do": "fly"}, "Nobody can do 'fly' here."),
        ({"do": "message", "channel": "C404", "text": "x"}, "There is no such conversation."),
        ({"do": "message", "channel": general, "text": " "}, "There is nothing to send."),
        ({"do": "message", "channel": general}, "This request lacks something: KeyError('text')"),
        ({"do": "submit", "view_id": "V404"}, "This modal is not open any more."),
        ({"do": "clock", "to": "next_moment"}, "Nothing is awaited."),
        ({"do": "command", "channel": general, "text": "/tell"},
         "/tell failed because the app did not respond (dispatch_failed)"),
    ]  # fmt: skip
    for body, sentence in cases:
        assert await act(server, **{"as": ana.id, **body}) == {"ok": False, "error": sentence}
    assert (await act(server, **{"as": team.bot_user_id, "do": "home"}))["error"] == "There is no such person."


async def test_the_clock(team: Workspace, server: Server, ana: Person) -> None:
    moment = datetime(2030, 1, 1, 9, tzinfo=UTC)
    team.next_moment = lambda: moment
    assert (await read(server, "state", **{"as": ana.id}))["clock"]["next_moment"] == "2030-01-01T09:00:00Z"
    await act(server, **{"as": ana.id, "do": "clock", "to": "next_moment"})
    assert moment <= team.clock.now() < moment + timedelta(seconds=10)
    await act(server, **{"as": ana.id, "do": "clock", "reset": True})
    assert team.clock.offset == timedelta(0)


async def test_the_stream_tells_only_those_concerned(team: Workspace, server: Server, ana: Person, ben: Person) -> None:
    secret = conversations.create(team, ana.id, "secret", private=True)
    stream = f"{server.url}/ui/stream?as={ben.id}"
    async with aiohttp.ClientSession() as session, session.get(stream) as response:
        await response.content.readline()
        await response.content.readline()
        messages.post(team, secret, ana.id, "unheard")
        messages.post(team, team.channels[ben.conversation("general").id], ana.id, "heard")
        line = (await response.content.readline()).decode()
    changed = json.loads(line.removeprefix("data: "))["changed"]
    assert changed == [f"messages:{ben.conversation('general').id}", "state"]


async def test_faults_are_ordered_from_elsewhere(team: Workspace, server: Server) -> None:
    async with aiohttp.ClientSession() as session:
        statuses = []
        for body in (
            {"add": {"method": "chat.update", "kind": "429"}},
            {"refused_blocks": ["data_visualization"]},
            {"add": {"method": "x", "kind": "rain"}},
        ):
            async with session.post(f"{server.url}/ui/faults", json=body) as response:
                statuses.append(response.status)
    assert (statuses, [fault.method for fault in team.faults.pending]) == ([200, 200, 400], ["chat.update"])
    assert team.refused_blocks == {"data_visualization"}


@pytest.mark.usefixtures("server")
async def test_an_app_that_does_not_answer(ana: Person, team: Workspace) -> None:
    team.ack_seconds = 0.05
    team.delivery.request_url = "http://127.0.0.1:9/slack/events"
    with pytest.raises(AppDidNotRespond, match="/tell failed because the app did not respond"):
        await ana.types("/tell", into="general")


async def test_what_a_person_may_not_do(ana: Person, team: Workspace) -> None:
    team.deactivate("Ben Okafor")
    [message] = await ana.types("here", into="general")
    with pytest.raises(Refused, match="not supported in threads"):
        await ana.types("/tell", into=message)
    with pytest.raises(Refused, match="/nonsense is not a valid command"):
        await ana.types("/nonsense", into="general")
    with pytest.raises(LookupError, match="sees no 'nowhere'"):
        await ana.types("hi", into="nowhere")
    with pytest.raises(LookupError, match="no modal open"):
        ana.modal  # noqa: B018
    assert "Ben Okafor" not in ana.conversation("general").members


async def test_a_status_stands_beside_the_name_until_it_ends(team: Workspace, server: Server, ana: Person) -> None:
    ends = team.clock.now() + timedelta(hours=8)
    await ana.sets_status(":palm_tree:", "On holiday", until=ends)
    profile = (await read(server, "state", **{"as": ana.id}))["people"][1]
    assert profile["name"] == "ana.lima"
    assert (profile["status_emoji"], profile["status_text"]) == (":palm_tree:", "On holiday")
    assert profile["status_expiration"] == int(ends.timestamp())
    team.clock.move(timedelta(hours=7))
    await ana.sets_status(":coffee:", until=team.clock.now() + timedelta(hours=2))
    team.clock.set(ends + timedelta(minutes=1))
    profile = (await read(server, "state", **{"as": ana.id}))["people"][1]
    assert profile["status_emoji"] == ":coffee:"  # the first one's end is not the second one's
    team.clock.move(timedelta(hours=1))
    await team.until(lambda: not team.person(ana.id).status_emoji)
    assert team.person(ana.id).status_expiration == 0


async def test_what_is_no_status_is_refused_in_words(team: Workspace, server: Server, ana: Person) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"emoji": "palm tree"}, "This is no emoji."),
        ({"emoji": "", "text": "x" * 101}, "A status has at most 100 characters."),
        ({"emoji": ":wave:", "until": team.epoch() - 1}, "A status can't end in the past."),
    ]
    for body, sentence in cases:
        assert await act(server, **{"as": ana.id, "do": "status", **body}) == {"ok": False, "error": sentence}
    assert (await act(server, **{"as": ana.id, "do": "status", "emoji": "", "text": "Out"}))["ok"]
    assert team.person(ana.id).status_emoji == ":speech_balloon:"  # as Slack fills it in
    assert (await act(server, **{"as": ana.id, "do": "status", "emoji": ""}))["ok"]
    assert team.person(ana.id).status_emoji == ""


async def test_a_status_ends_though_the_workspace_was_closed_meanwhile(tmp_path: Path) -> None:
    team = Workspace(manifest(), seed_team(), path=tmp_path / "team.db")
    async with Server(team):
        ana = Person(team, "Ana Lima")
        await ana.sets_status(":palm_tree:", until=team.clock.now() + timedelta(hours=1))
    again = Workspace(manifest(), seed_team(), path=tmp_path / "team.db")
    async with Server(again):
        assert again.person(ana.id).status_emoji == ":palm_tree:"
        again.clock.move(timedelta(hours=2))
        await again.until(lambda: not again.person(ana.id).status_emoji)
