"""The Web API's door: reads form or JSON, answers in Slack's shape, and brings about the faults that were ordered."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.api.calls import META, answer
from sandbox.errors import SlackError
from sandbox.faults import Fault
from sandbox.records import Json
from sandbox.workspace import Workspace


async def call(request: Request) -> Response:
    team: Workspace = request.app.state.workspace
    method = request.path_params["method"]
    arguments = await _arguments(request)
    if isinstance(arguments, SlackError):
        return _response(team, arguments.answer())
    if (refusal := _limited(team, method, arguments)) is not None:
        return refusal
    fault = team.faults.take(method)
    if fault is None:
        return _response(team, _run(request, method, arguments))
    return await _faulty(request, method, arguments, fault)


def _run(request: Request, method: str, arguments: Json) -> Json:
    bearer = request.headers.get("authorization", "")
    token = bearer[7:] if bearer.startswith("Bearer ") else arguments.get("token")
    return answer(request.app.state.workspace, method, arguments, token, str(request.base_url).rstrip("/"))


async def _arguments(request: Request) -> Json | SlackError:
    arguments: Json = dict(request.query_params)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if request.method == "GET":
        return arguments
    if content_type == "application/json":
        try:
            body: Any = json.loads(await request.body() or b"{}")
        except ValueError:
            return SlackError("invalid_json")
        return arguments | body if isinstance(body, dict) else SlackError("json_not_object")
    if content_type == "multipart/form-data":
        return SlackError("invalid_post_type")
    if content_type in ("application/x-www-form-urlencoded", ""):
        return arguments | dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    return SlackError("invalid_post_type")


def _limited(team: Workspace, method: str, arguments: Json) -> Response | None:
    if not team.enforce_rate_limits or method not in META:
        return None
    wait = team.rate_limits.wait(method, META[method]["tier"], arguments.get("channel"), team.clock.now())
    return _ratelimited(wait) if wait else None


def _ratelimited(seconds: int) -> Response:
    body = {"ok": False, "error": "ratelimited"}
    return JSONResponse(body, status_code=429, headers={"Retry-After": str(seconds)})


def _response(team: Workspace, body: Json) -> Response:
    return JSONResponse(body, headers={"x-oauth-scopes": ",".join(team.manifest.scopes)})


async def _faulty(request: Request, method: str, arguments: Json, fault: Fault) -> Response:
    team: Workspace = request.app.state.workspace
    if fault.kind == "429":
        return _ratelimited(int(fault.seconds("retry_after", 1)))
    if fault.kind == "500":
        return Response("Internal Server Error", status_code=500)
    if fault.kind == "error":
        return _response(team, SlackError(str(fault.options.get("code", "internal_error"))).answer())
    if fault.kind in ("drop", "late"):
        if fault.kind == "late":
            team.soon(_later(request, method, arguments, fault.seconds("delay", 1)))
        return await _cut(request)
    return await _faulty_after(request, fault, _run(request, method, arguments))


async def _faulty_after(request: Request, fault: Fault, body: Json) -> Response:
    """The work is done; its answer goes wrong."""
    if fault.kind == "500_after":
        return Response("Internal Server Error", status_code=500)
    if fault.kind == "internal_error_after":
        return _response(request.app.state.workspace, SlackError("internal_error").answer())
    if fault.kind == "drop_after":
        return await _cut(request)
    await asyncio.sleep(fault.seconds("delay", 1))  # timeout_after
    return _response(request.app.state.workspace, body)


async def _later(request: Request, method: str, arguments: Json, seconds: float) -> None:
    await asyncio.sleep(seconds)
    _run(request, method, arguments)


async def _cut(request: Request) -> Response:
    """Closes the connection under the request: the client never learns what became of it."""
    cut = request.app.state.workspace.delivery.sockets.cut
    if cut is None or request.client is None:
        return Response(status_code=502)
    cut((request.client.host, request.client.port))
    while not await request.is_disconnected():  # noqa: ASYNC110 (starlette offers no event for it)
        await asyncio.sleep(0)
    return Response(status_code=502)
