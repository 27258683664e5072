"""A file chosen in a form: kept for the person, handed to the app with the form, and what is refused."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Workspace, files, seed_team
from sandbox.api.calls import answer
from sandbox.errors import Refused
from sandbox.manifest import read_manifest
from sandbox.person import Person
from sandbox.server import Server
from tests.sandbox.conftest import over_http
from tests.sandbox.forms import field, modal
from tests.sandbox.manifest import manifest
from tests.sandbox.test_page import act, read

DEALS = b"Company,Closed\nAcme GmbH,2026-11-02\n"
CSV = field("Deals", "file_input", element={"filetypes": ["csv"], "max_files": 2})


@pytest_asyncio.fixture
async def submitted(bolt: AsyncApp, team: Workspace) -> AsyncIterator[list[dict[str, Any]]]:
    """The submissions that the app heard of."""
    heard: list[dict[str, Any]] = []

    @bolt.command("/tell")
    async def tell(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(CSV))
        await ack()

    @bolt.view(re.compile(".*"))
    async def take(ack: Any, body: Any) -> None:
        heard.append(body)
        await ack()

    async with over_http(bolt, team):
        yield heard


async def fetched(team: Workspace, url: str, token: str = "") -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token or team.bot_token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def test_a_chosen_file_reaches_the_app_with_the_form(
    team: Workspace, ana: Person, client: AsyncWebClient, submitted: list[dict[str, Any]]
) -> None:
    await ana.types("/tell", into="general")
    assert await ana.modal.submit() == {"Deals": "Please complete this required field."}
    ana.modal.fill("Deals", ("deals.csv", DEALS))
    assert ana.modal.value("Deals") == ["deals.csv"]
    [chosen] = team.files
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file=chosen)
    assert await ana.modal.submit() == {}
    value = submitted[0]["view"]["state"]["values"]["deals"]["value"]
    [sent] = value["files"]
    assert value["type"] == "file_input"
    names = ("name", "filetype", "mimetype", "size", "user", "mode", "is_public")
    assert [sent[name] for name in names] == ["deals.csv", "csv", "text/csv", len(DEALS), ana.id, "hosted", False]
    assert (await client.files_info(file=sent["id"]))["file"] == sent
    for url in (sent["url_private"], sent["url_private_download"]):
        assert await fetched(team, url) == (200, "text/csv", DEALS)


async def test_who_may_not_have_it_is_led_to_a_page_to_sign_in(
    team: Workspace, ana: Person, submitted: list[dict[str, Any]]
) -> None:
    await ana.types("/tell", into="general")
    ana.modal.fill("Deals", ("deals.csv", DEALS))
    await ana.modal.submit()
    url = submitted[0]["view"]["state"]["values"]["deals"]["value"]["files"][0]["url_private"]
    assert (await fetched(team, url, "xoxb-other"))[:2] == (200, "text/html")
    team.manifest = read_manifest(manifest(without=("files:read",)))
    assert (await fetched(team, url))[:2] == (200, "text/html")


async def test_a_deleted_file_is_gone(
    team: Workspace, ana: Person, client: AsyncWebClient, submitted: list[dict[str, Any]]
) -> None:
    await ana.types("/tell", into="general")
    ana.modal.fill("Deals", ("deals.csv", DEALS))
    await ana.modal.submit()
    [sent] = submitted[0]["view"]["state"]["values"]["deals"]["value"]["files"]
    files.delete(team, sent["id"])
    with pytest.raises(SlackApiError, match="file_deleted"):
        await client.files_info(file=sent["id"])
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file="F404")
    assert (await fetched(team, sent["url_private"]))[0] == 404


@pytest.mark.usefixtures("submitted")
async def test_what_cannot_be_added_is_refused_in_words(ana: Person) -> None:
    await ana.types("/tell", into="general")
    refused = {
        ("deals.pdf", b"%PDF"): "deals.pdf can't be added: only csv files can.",
        ("deals.csv", b""): "deals.csv is empty.",
        ("deals.csv", b"x" * 10_000_001): "deals.csv is too large: a file may have 10 MB.",
    }
    for file, sentence in refused.items():
        with pytest.raises(Refused, match=re.escape(sentence)):
            ana.modal.fill("Deals", file)
    ana.modal.fill("Deals", [(f"{number}.CSV", DEALS) for number in range(3)])
    assert await ana.modal.submit() == {"Deals": "Please select no more than 2 files."}
    ana.modal.fill("Deals", None)
    assert ana.modal.value("Deals") is None


async def test_the_page_adds_files_and_keeps_them(
    team: Workspace, server: Server, ana: Person, ben: Person, submitted: list[dict[str, Any]]
) -> None:
    await ana.types("/tell", into="general")
    where = {"view_id": ana.modal.view_id, "block_id": "deals", "action_id": "value"}
    file = {"name": "deals.csv", "content": base64.b64encode(DEALS).decode()}
    added = await act(server, **{"as": ana.id, "do": "add_file", **where, **file})
    refused = await act(server, **{"as": ben.id, "do": "add_file", **where, **file})
    broken = await act(server, **{"as": ana.id, "do": "add_file", **where, "name": "x.csv", "content": "?"})
    assert (refused["error"], broken["ok"]) == ("This modal is not open any more.", False)
    state = {"deals": {"value": [added["file"]["id"]]}}
    assert (await act(server, **{"as": ana.id, "do": "state", "view_id": ana.modal.view_id, "state": state}))["ok"]
    [shown] = (await read(server, "state", **{"as": ana.id}))["modals"]
    assert shown["typed"] == state
    assert shown["state"]["values"]["deals"]["value"]["files"] == [added["file"]]
    stray = {"deals": {"value": ["F404"]}}
    assert not (await act(server, **{"as": ana.id, "do": "submit", "view_id": shown["id"], "state": stray}))["ok"]
    assert (await act(server, **{"as": ana.id, "do": "submit", "view_id": shown["id"], "state": state}))["ok"]
    assert len(submitted) == 1


def test_without_the_scope_there_is_no_such_input() -> None:
    team = Workspace(manifest(without=("files:read",)), seed_team())
    trigger = team.triggers.new(team.person("Ana Lima").id)
    opened = answer(team, "views.open", {"trigger_id": trigger, "view": modal(CSV)}, team.bot_token, "")
    assert (opened["error"], opened["needed"]) == ("missing_scope", "files:read")
    assert answer(team, "files.info", {"file": "F404"}, team.bot_token, "")["error"] == "missing_scope"


def test_a_chosen_file_survives_a_restart(tmp_path: Path) -> None:
    team = Workspace(manifest(), seed_team(), path=tmp_path / "team.db")
    ana = Person(team, "Ana Lima")
    trigger = team.triggers.new(ana.id)
    assert answer(team, "views.open", {"trigger_id": trigger, "view": modal(CSV)}, team.bot_token, "")["ok"]
    ana.modal.fill("Deals", ("deals.csv", DEALS))
    again = Workspace(manifest(), seed_team(), path=tmp_path / "team.db")
    assert again.files == team.files
    assert Person(again, "Ana Lima").modal.value("Deals") == ["deals.csv"]
