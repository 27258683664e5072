"""A workspace, its server, and a real Bolt app connected over Socket Mode or over signed HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import Workspace, seed_team
from sandbox.person import Person
from sandbox.server import InLoopServer, Server
from tests.sandbox.manifest import manifest


@pytest.fixture
def team() -> Workspace:
    return Workspace(manifest(), seed_team())


@pytest_asyncio.fixture
async def server(team: Workspace) -> AsyncIterator[Server]:
    async with Server(team) as running:
        yield running


@pytest_asyncio.fixture
async def client(team: Workspace, server: Server) -> AsyncWebClient:
    return AsyncWebClient(token=team.bot_token, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def bolt(team: Workspace, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=team.signing_secret, process_before_response=True)


@asynccontextmanager
async def over_socket(app: AsyncApp, team: Workspace, connections: int = 1) -> AsyncIterator[None]:
    handlers = [AsyncSocketModeHandler(app, team.app_token, ping_interval=0.3) for _ in range(connections)]
    for handler in handlers:
        await handler.connect_async()
    await team.until(lambda: len(team.delivery.sockets.connections) == connections)
    try:
        yield
    finally:
        for handler in handlers:
            await handler.close_async()


@asynccontextmanager
async def over_http(app: AsyncApp, team: Workspace) -> AsyncIterator[None]:
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    config = uvicorn.Config(
        Starlette(routes=[Route("/slack/events", events, methods=["POST"])]), port=0, log_level="warning"
    )
    running = InLoopServer(config)
    serving = asyncio.create_task(running.serve())
    while not running.started:  # noqa: ASYNC110 (uvicorn offers no event for it)
        await asyncio.sleep(0.005)
    port = running.servers[0].sockets[0].getsockname()[1]
    team.delivery.request_url = f"http://127.0.0.1:{port}/slack/events"
    try:
        yield
    finally:
        await running.stop(serving)


@pytest.fixture
def ana(team: Workspace) -> Person:
    return Person(team, "Ana Lima")


@pytest.fixture
def ben(team: Workspace) -> Person:
    return Person(team, "Ben Okafor")
