"""The workspace over HTTP, on loopback only: Web API, Socket Mode, uploads, response URLs and the page."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from sandbox import members, response_urls, ui, web_api
from sandbox.api.files import receive_upload
from sandbox.errors import SlackError
from sandbox.workspace import Workspace

STATIC = Path(__file__).with_name("static")
CONTENT_POLICY = "default-src 'self'; style-src 'self'; img-src 'self' data: https:; frame-ancestors 'none'"


def application(workspace: Workspace) -> Starlette:
    """The ASGI application; serve it on a loopback address only."""
    app = Starlette(
        routes=[
            Route("/api/{method}", web_api.call, methods=["GET", "POST"]),
            WebSocketRoute("/socket", _socket),
            Route("/upload/{file}", _upload, methods=["POST"]),
            Route("/response/{key}", _response_url, methods=["POST"]),
            Route("/files/{file}", _file),
            Route("/archives/{channel}/{message}", _permalink),
            *ui.ROUTES,
            Route("/", _page),
            Mount("/static", StaticFiles(directory=STATIC, check_dir=False)),
        ],
        middleware=[Middleware(LoopbackOnly, workspace=workspace)],
    )
    app.state.workspace = workspace
    return app


class LoopbackOnly:
    """Refuses names that are not this machine's (DNS rebinding) and sets the page's security headers."""

    def __init__(self, app: ASGIApp, workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if not is_loopback(host):
            refusal = PlainTextResponse("This workspace answers on this machine only.", status_code=403)
            await refusal(scope, receive, send)
            return
        if self._workspace.base_url is None:
            self._workspace.base_url = f"http://{host}"

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"content-security-policy", CONTENT_POLICY.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)


def is_loopback(host: str) -> bool:
    """Whether a Host header (name or address, with or without port) is this machine's own."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def _socket(websocket: WebSocket) -> None:
    await websocket.app.state.workspace.delivery.sockets.serve(websocket)


async def _upload(request: Request) -> Response:
    workspace: Workspace = request.app.state.workspace
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return PlainTextResponse("send the bytes as the body", status_code=400)
    try:
        receive_upload(workspace, request.path_params["file"], await request.body())
    except SlackError as refusal:
        return PlainTextResponse(refusal.code, status_code=400)
    return PlainTextResponse(f"OK - {workspace.files[request.path_params['file']].size}")


async def _response_url(request: Request) -> Response:
    try:
        body = json.loads(await request.body())
        response_urls.use(request.app.state.workspace, request.path_params["key"], body)
    except ValueError:
        return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
    except SlackError as refusal:
        status = 404 if refusal.code in ("expired_url", "used_url") else 400
        return JSONResponse(refusal.answer(), status_code=status)
    finally:
        request.app.state.workspace.storage.commit()
    return PlainTextResponse("ok")


async def _file(request: Request) -> Response:
    """url_private: for the app with its token and files:read; anybody else is led to a page to sign in, as in Slack."""
    workspace: Workspace = request.app.state.workspace
    signed_in = request.headers.get("authorization") == f"Bearer {workspace.bot_token}"
    if not signed_in or "files:read" not in workspace.manifest.scopes:
        return Response(status_code=302, headers={"location": f"/?{urlencode({'redir': request.url.path})}"})
    return ui.file_response(workspace, request.path_params["file"], workspace.bot_user_id)


async def _permalink(request: Request) -> Response:
    return Response(status_code=302, headers={"location": f"/?{request.url.query}#{request.url.path}"})


async def _page(_request: Request) -> Response:
    page = STATIC / "index.html"
    return FileResponse(page) if page.exists() else PlainTextResponse("The page is not built in.", status_code=404)


class Server:
    """A real server in the running loop: `async with Server(workspace) as server: server.url`."""

    def __init__(self, workspace: Workspace, host: str = "127.0.0.1", port: int = 0) -> None:
        if not is_loopback(host):
            raise ValueError(f"the sandbox listens on loopback only, not on {host}")
        self._workspace, self._host, self._port = workspace, host, port
        self.url = ""
        self._server: InLoopServer | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def __aenter__(self) -> Server:
        # Named as TCP, or asyncio would leave Nagle's delay on and each larger answer would take 40 ms.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((self._host, self._port))
        self.url = f"http://{self._host}:{listening.getsockname()[1]}"
        self._workspace.base_url = self.url
        config = uvicorn.Config(
            application(self._workspace), log_level="warning", access_log=False, lifespan="off",
            ws="websockets-sansio", ws_ping_interval=None, timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = InLoopServer(config)
        self._workspace.delivery.sockets.cut = self.cut
        self._workspace.delivery.sockets.freeze = self._freeze
        for member in self._workspace.members.values():  # what an earlier run left
            if member.status_expiration:
                self._workspace.soon(members.end_status(self._workspace, member, member.status_expiration))
        self._running = asyncio.get_running_loop().create_task(self._server.serve(sockets=[listening]))
        while not self._server.started:
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._running is not None
        await self._workspace.close()
        await self._server.stop(self._running)

    def cut(self, address: tuple[str, int]) -> None:
        """Ends a client's TCP connection at once, without an answer."""
        for transport in self._transports(address):
            transport.abort()

    def _freeze(self, address: tuple[str, int]) -> None:
        for transport in self._transports(address):
            transport.pause_reading()

    def _transports(self, address: tuple[str, int]) -> list[asyncio.Transport]:
        assert self._server is not None
        found = [c.transport for c in self._server.server_state.connections if c.transport is not None]
        return [transport for transport in found if tuple(transport.get_extra_info("peername") or ())[:2] == address]


class InLoopServer(uvicorn.Server):
    """uvicorn in somebody else's loop: leaves signals alone, and stops at once when told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        ticks = 0
        while not self._stopping.is_set():
            await self.on_tick(ticks)
            ticks = (ticks + 1) % 864_000
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.1)

    async def stop(self, running: asyncio.Task[None]) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)  # lets the aborted connections say that they are gone
        self._stopping.set()
        await running
