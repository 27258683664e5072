"""The Web API's refusals in Slack's words, what survives, who sees what, faults and rate limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import PersonSeed, Workspace, conversations, seed_team
from sandbox.api.calls import META, METHODS, answer, load_methods
from sandbox.person import Person
from sandbox.server import Server
from tests.sandbox.manifest import manifest

BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Go"}}


def call(team: Workspace, method: str, **arguments: Any) -> dict[str, Any]:
    return answer(team, method, arguments, team.bot_token, "http://127.0.0.1")


def done(team: Workspace, method: str, **arguments: Any) -> dict[str, Any]:
    body = call(team, method, **arguments)
    assert body["ok"], body
    return body


def channel(team: Workspace, name: str = "acme", *, private: bool = False) -> str:
    return str(done(team, "conversations.create", name=name, is_private=private)["channel"]["id"])


def general(team: Workspace) -> str:
    return next(c.id for c in team.channels.values() if c.name == "general")


def test_every_documented_method_is_served() -> None:
    load_methods()
    assert set(METHODS) == set(META)


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("chat.nonsense", {}, "unknown_method"),
    ("chat.postMessage", {"text": "hi"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "C404", "text": "hi"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "ACME", "text": ""}, "no_text"),
    ("chat.postMessage", {"channel": "ACME", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "ACME", "text": "x", "colour": "red"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "ACME", "text": "x", "blocks": [None]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": "ACME", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "ACME", "text": "x", "metadata": {"event_type": "a b"}},
     "invalid_metadata_format"),
    ("chat.postMessage", {"channel": "ACME", "text": "x", "username": "Else"}, "missing_scope"),
    ("chat.postMessage", {"channel": "GENERAL", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "GONE", "text": "x"}, "user_disabled"),
    ("chat.postEphemeral", {"channel": "ACME", "text": "x", "user": "ANA"}, "user_not_in_channel"),
    ("chat.update", {"channel": "ACME", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("conversations.create", {"name": "acme"}, "name_taken"),
    ("conversations.create", {"name": "Acme Corp"}, "invalid_name_specials"),
    ("conversations.create", {"name": "../../x"}, "invalid_name_specials"),
    ("conversations.create", {"name": "---"}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "a" * 81}, "invalid_name_maxlength"),
    ("conversations.invite", {"channel": "ACME", "users": "U404"}, "user_not_found"),
    ("conversations.invite", {"channel": "ACME", "users": "GONE"}, "cant_invite"),
    ("conversations.invite", {"channel": "ACME", "users": "BOT"}, "cant_invite_self"),
    ("conversations.setTopic", {"channel": "ACME", "topic": "x" * 251}, "too_long"),
    ("conversations.setTopic", {"channel": "GENERAL", "topic": "x"}, "not_in_channel"),
    ("conversations.rename", {"channel": "ACME", "name": "general"}, "name_taken"),
    ("conversations.unarchive", {"channel": "ACME"}, "not_archived"),
    ("conversations.history", {"channel": "GENERAL"}, "not_in_channel"),
    ("conversations.open", {"users": "GONE"}, "user_disabled"),
    ("users.info", {"user": "U404"}, "user_not_found"),
    ("users.profile.get", {"user": "ANA"}, "missing_scope"),
    ("users.lookupByEmail", {"email": "nobody@nowhere.example"}, "users_not_found"),
    ("views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}, "invalid_trigger_id"),
    ("views.publish", {"user_id": "ANA", "view": {"type": "modal"}}, "invalid_arguments"),
    ("views.update", {"view_id": "V404", "view": {}}, "not_found"),
    ("pins.add", {"channel": "ACME", "timestamp": "1.000001"}, "message_not_found"),
    ("bookmarks.add", {"channel_id": "ACME", "title": "x", "type": "link", "link": "javascript:x"}, "invalid_link"),
    ("canvases.edit", {"canvas_id": "F404", "changes": [{}]}, "canvas_not_found"),
    ("files.getUploadURLExternal", {"filename": "x", "length": 0}, "invalid_arguments"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "arguments", "error"), REFUSALS)
def test_refusals(team: Workspace, method: str, arguments: dict[str, Any], error: str) -> None:
    gone = team.enrol(PersonSeed("Gone", deleted=True))
    names = {"ACME": channel(team), "GENERAL": general(team), "GONE": gone.id, "BOT": team.bot_user_id}
    names["ANA"] = team.person("Ana Lima").id
    given = {key: names.get(value, value) if isinstance(value, str) else value for key, value in arguments.items()}
    assert call(team, method, **given)["error"] == error


def test_missing_scope_names_what_is_needed() -> None:
    team = Workspace(manifest(without=("pins:write",)), seed_team())
    body = call(team, "pins.add", channel="C1", timestamp="1")
    assert (body["error"], body["needed"]) == ("missing_scope", "pins:write")
    assert "chat:write" in body["provided"]


def test_a_manifest_without_the_scopes_it_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="commands"):
        Workspace(manifest(without=("commands",)), seed_team())


def test_tokens(team: Workspace) -> None:
    assert answer(team, "auth.test", {}, None, "")["error"] == "not_authed"
    assert answer(team, "auth.test", {}, "xoxb-other", "")["error"] == "invalid_auth"


def test_a_message_to_a_person_opens_the_direct_message(team: Workspace, ana: Person) -> None:
    posted = done(team, "chat.postMessage", channel=ana.id, text="Hi <@" + ana.id + ">")
    assert posted["channel"].startswith("D")
    assert ana.dm().last.text == "Hi @Ana Lima"
    assert ana.dm().unread == 1


def test_private_channels_and_ephemerals_are_seen_by_whom_they_concern(
    team: Workspace, ana: Person, ben: Person
) -> None:
    secret = channel(team, "secret", private=True)
    done(team, "conversations.invite", channel=secret, users=ana.id)
    done(team, "chat.postMessage", channel=secret, text="for members")
    done(team, "chat.postEphemeral", channel=secret, user=ana.id, text="for Ana")
    assert [m.text for m in ana.conversation("secret").messages] == ["for members", "for Ana"]
    with pytest.raises(LookupError):
        ben.conversation("secret")
    history = done(team, "conversations.history", channel=secret)["messages"]
    assert [m["text"] for m in history if "subtype" not in m] == ["for members"]


def test_metadata_is_returned_only_when_asked_for(team: Workspace) -> None:
    acme = channel(team)
    metadata = {"event_type": "told", "event_payload": {"id": "7"}}
    done(team, "chat.postMessage", channel=acme, text="x", metadata=metadata)
    assert "metadata" not in done(team, "conversations.history", channel=acme)["messages"][0]
    history = done(team, "conversations.history", channel=acme, include_all_metadata=True)
    assert history["messages"][0]["metadata"] == metadata


def test_archived_channels_refuse(team: Workspace) -> None:
    acme = channel(team)
    done(team, "conversations.archive", channel=acme)
    for method, arguments in (
        ("chat.postMessage", {"channel": acme, "text": "x"}),
        ("conversations.setTopic", {"channel": acme, "topic": "x"}),
        ("conversations.join", {"channel": acme}),
    ):
        assert call(team, method, **arguments)["error"] == "is_archived"
    assert call(team, "conversations.archive", channel=acme)["error"] == "already_archived"


def test_lists_are_paged(team: Workspace) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = done(team, "users.list", limit=4, cursor=cursor)
        seen += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == list(team.members)


def test_canvas_sections(team: Workspace, ana: Person) -> None:
    acme = channel(team)
    done(team, "conversations.invite", channel=acme, users=ana.id)
    content = {"type": "markdown", "markdown": "# Acme\nfirst\n\n## Goals\n- one\n- two"}
    canvas = done(team, "conversations.canvases.create", channel_id=acme, document_content=content)["canvas_id"]
    criteria = {"section_types": ["h2"], "contains_text": "Goals"}
    found = done(team, "canvases.sections.lookup", canvas_id=canvas, criteria=criteria)["sections"]
    fresh = {"type": "markdown", "markdown": "## Aims"}
    change = {"operation": "replace", "section_id": found[0]["id"], "document_content": fresh}
    done(team, "canvases.edit", canvas_id=canvas, changes=[change])
    assert ana.canvas("acme") == "# Acme\n\nfirst\n\n## Aims\n\n- one\n- two"
    assert call(team, "canvases.edit", canvas_id=canvas, changes=[change, change])["error"] == "invalid_arguments"
    again = call(team, "conversations.canvases.create", channel_id=acme)
    assert again["error"] == "channel_canvas_already_exists"


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "team.db"
    team = Workspace(manifest(), seed_team(), path=path)
    acme = channel(team)
    posted = done(
        team, "chat.postMessage", channel=acme, text="kept", blocks=[{"type": "actions", "elements": [BUTTON]}]
    )
    done(team, "pins.add", channel=acme, timestamp=posted["ts"])
    again = Workspace(manifest(), seed_team(), path=path)  # the first was never closed, as after kill -9
    assert (again.bot_token, again.team_id, list(again.members)) == (team.bot_token, team.team_id, list(again.members))
    assert again.messages[acme] == team.messages[acme]
    assert again.channels == team.channels
    assert float(done(again, "chat.postMessage", channel=acme, text="next")["ts"]) > float(posted["ts"])


async def test_files_are_announced_sent_and_completed(team: Workspace, client: AsyncWebClient, ana: Person) -> None:
    acme = channel(team)
    done(team, "conversations.invite", channel=acme, users=ana.id)
    await client.files_upload_v2(channel=acme, filename="acme.md", content="# Acme", initial_comment="Here")
    assert (ana.conversation("acme").last.text, ana.conversation("acme").last.files) == ("Here", ["acme.md"])


async def test_faults(team: Workspace, client: AsyncWebClient) -> None:
    acme = channel(team)
    expected = {
        "429": (0, "ratelimited"), "500": (0, None), "500_after": (1, None),
        "internal_error_after": (1, "internal_error"),
        "drop": (0, None), "drop_after": (1, None), "timeout_after": (1, "ok"),
        "error": (0, "is_archived"),
    }  # fmt: skip
    waits: list[str | None] = []
    for kind, (effects, outcome) in expected.items():
        before = len(team.messages[acme])
        team.faults.add("chat.postMessage", kind, retry_after=7, delay=0.01, code="is_archived")
        got: str | None
        try:
            await client.chat_postMessage(channel=acme, text=kind)
            got = "ok"
        except SlackApiError as error:
            got = error.response.get("error") if isinstance(error.response.data, dict) else None
            waits.append(error.response.headers.get("Retry-After"))
        except aiohttp.ClientError:
            got = None
        assert (len(team.messages[acme]) - before, got) == (effects, outcome), kind
    assert team.faults.pending == []
    assert waits[0] == "7"


def test_a_workspace_that_refuses_charts_takes_all_else(team: Workspace) -> None:
    acme = channel(team)
    axis = {"categories": ["W1"]}
    series = [{"name": "Held", "data": [{"label": "W1", "value": 1}]}]
    drawn = {"type": "line", "series": series, "axis_config": axis}
    blocks = [{"type": "data_visualization", "title": "Trend", "chart": drawn}]
    table = [{"type": "table", "rows": [[{"type": "raw_text", "text": "Held"}]]}]
    home = {"type": "home", "blocks": blocks}
    posted = done(team, "chat.postMessage", channel=acme, text="x", blocks=blocks)
    team.refused_blocks.add("data_visualization")
    refused = call(team, "chat.postMessage", channel=acme, text="x", blocks=blocks)
    assert refused["error"] == "invalid_blocks"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: data_visualization [json-pointer:/blocks/0/type]"
    ]
    assert call(team, "chat.update", channel=acme, ts=posted["ts"], blocks=blocks)["error"] == "invalid_blocks"
    assert call(team, "views.publish", user_id=team.person("Ana Lima").id, view=home)["error"] == "invalid_arguments"
    done(team, "chat.postMessage", channel=acme, text="x", blocks=table)


def test_a_private_channel_without_the_app(team: Workspace, ana: Person) -> None:
    secret = conversations.create(team, ana.id, "secret", private=True)
    post = {"channel": secret.id, "text": "x"}
    for method, arguments in (
        ("chat.postMessage", post),
        ("chat.postEphemeral", {**post, "user": ana.id}),
        ("conversations.info", {"channel": secret.id}),
        ("conversations.members", {"channel": secret.id}),
        ("conversations.join", {"channel": secret.id}),
    ):
        assert call(team, method, **arguments)["error"] == "channel_not_found", method
    conversations.invite(team, ana.id, secret, [team.bot_user_id])
    done(team, "chat.postMessage", **post)
    found = done(team, "conversations.members", channel=secret.id)["members"]
    assert found == [ana.id, team.bot_user_id]


async def test_late_effects_come_after_the_connection_is_lost(team: Workspace, client: AsyncWebClient) -> None:
    acme = channel(team)
    before = len(team.messages[acme])
    team.faults.add("chat.postMessage", "late", delay=0.05)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=acme, text="late")
    assert len(team.messages[acme]) == before
    await team.until(lambda: len(team.messages[acme]) == before + 1)


async def test_rate_limits(team: Workspace, client: AsyncWebClient) -> None:
    team.enforce_rate_limits = True
    created = await client.conversations_create(name="acme")
    acme = created["channel"]["id"]
    await client.chat_postMessage(channel=acme, text="one")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=acme, text="two")
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "1")


async def test_a_workspace_takes_so_many_messages_a_minute(team: Workspace, client: AsyncWebClient) -> None:
    team.enforce_rate_limits, team.rate_limits.messages_per_minute = True, 3
    ana, ben, mia, leila = (team.person(name).id for name in ("Ana Lima", "Ben Okafor", "Mia Chen", "Leila Haddad"))
    for person in (ana, ben, mia):
        await client.chat_postMessage(channel=person, text="hello")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=leila, text="hello")
    wait = int(refused.value.response.headers["Retry-After"])
    assert 50 < wait <= 60
    team.clock.move(timedelta(seconds=wait))
    await client.chat_postMessage(channel=leila, text="hello")


async def test_only_this_machine_and_this_page(team: Workspace, server: Server) -> None:
    act = {"as": team.person("Ana Lima").id, "do": "clock", "move": 3600}
    url = f"{server.url}/ui/act"
    async with aiohttp.ClientSession() as session:
        statuses = []
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": server.url}):
            async with session.post(url, json=act, headers=headers) as response:
                statuses.append(response.status)
        async with session.post(url, data="{}", headers={"Content-Type": "text/plain"}) as response:
            statuses.append(response.status)
    assert statuses == [403, 403, 200, 415]
    assert round(team.clock.offset.total_seconds()) == 3600
    with pytest.raises(ValueError, match="loopback"):
        Server(team, host="0.0.0.0")
