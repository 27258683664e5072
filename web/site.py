"""The web application: health, and Slack's door when Slack comes by HTTP."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Door = Callable[[Request], Awaitable[Response]]


def site(is_well: Callable[[], Awaitable[bool]], slack: Door | None = None) -> Starlette:
    """`GET /health` (200 or 503), and `POST /slack/events` when there is a door for it."""

    async def health(_: Request) -> Response:
        well = await is_well()
        return JSONResponse({"ok": well}, 200 if well else 503)

    routes: Sequence[Route] = [Route("/health", health)]
    return Starlette(routes=[*routes, *([Route("/slack/events", slack, methods=["POST"])] if slack else [])])
