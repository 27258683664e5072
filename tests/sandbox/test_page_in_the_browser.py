"""The page itself in a real browser: what only its scripts do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Workspace
from sandbox.person import Person
from sandbox.server import Server
from tests.sandbox.conftest import over_http
from tests.sandbox.forms import field, modal

CSV = field("Deals", "file_input", element={"filetypes": ["csv"], "max_files": 1})
WEEKS = [f"{day} {month}" for month in ("Sep", "Oct", "Nov") for day in (7, 14, 21, 28)]


def chosen(name: str) -> Any:
    return {"name": name, "mimeType": "text/csv", "buffer": b"Company,Closed\n"}


@pytest_asyncio.fixture
async def submitted(bolt: AsyncApp, team: Workspace) -> AsyncIterator[list[dict[str, Any]]]:
    """The files that the app was sent."""
    heard: list[dict[str, Any]] = []

    @bolt.view("form")
    async def take(ack: Any, view: Any) -> None:
        heard.extend(view["state"]["values"]["deals"]["value"]["files"])
        await ack()

    async with over_http(bolt, team):
        yield heard


async def test_files_are_chosen_taken_back_and_sent(
    page: Page, team: Workspace, server: Server, ana: Person, client: AsyncWebClient, submitted: list[dict[str, Any]]
) -> None:
    await client.views_open(trigger_id=team.triggers.new(ana.id), view=modal(CSV))
    await page.goto(f"{server.url}/?as={ana.id}")
    chooser, form = page.locator("input[type=file]"), page.get_by_role("dialog")
    await chooser.set_input_files(chosen("deals.pdf"))
    await expect(form).to_contain_text("deals.pdf can't be added: only csv files can.")
    await chooser.set_input_files(chosen("old.csv"))
    await expect(form).to_contain_text("old.csv")
    await expect(page.get_by_text("Add a file")).to_be_hidden()
    await chooser.set_input_files(chosen("one-more.csv"))
    await expect(form).to_contain_text("one-more.csv can't be added: one file at most.")
    await page.get_by_role("button", name="Remove old.csv").click()
    await chooser.set_input_files(chosen("deals.csv"))
    await page.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()
    assert [file["name"] for file in submitted] == ["deals.csv"]


@pytest.mark.parametrize("width", [390, 1280])
async def test_a_chart_is_read_at_any_width(
    page: Page, server: Server, ana: Person, client: AsyncWebClient, width: int
) -> None:
    series = [
        {"name": name, "data": [{"label": week, "value": value} for value, week in enumerate(WEEKS)]}
        for name in ("Documents complete", "Meetings held", "First contact < 48 h", "Smooth transition")
    ]
    drawn = {"type": "line", "series": series, "axis_config": {"categories": WEEKS}}
    chart = {"type": "data_visualization", "title": "Trend", "chart": drawn}
    posted = await client.chat_postMessage(channel=ana.id, text="Trend", blocks=[chart])
    await page.set_viewport_size({"width": width, "height": 844})
    await page.goto(f"{server.url}/?as={ana.id}&channel={posted['channel']}")
    plot = page.get_by_role("img", name="Meetings held: 7 Sep 0, 14 Sep 1")
    await expect(plot).to_be_visible()
    ticks = [await tick.bounding_box() for tick in await plot.locator(".tick-x").all()]
    assert len(ticks) >= 4
    for left, right in pairwise(box for box in ticks if box):
        assert left["x"] + left["width"] < right["x"]
        assert right["height"] > 10  # px: the letters do not shrink with the page
