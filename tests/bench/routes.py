"""What a route costs: dispatching a form among 2 and among 60 routes, through Baton's table and through bare Bolt's."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import Any, cast

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from handlers import routes
from handlers.requests import Desk, Form

_ROUNDS, _REQUESTS = 15, 300
_TARGET = "bench.last"
_BODY = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "view": {"type": "modal", "id": "V1", "callback_id": _TARGET, "state": {"values": {}}, "private_metadata": ""},
}


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0")


def _app() -> AsyncApp:
    return AsyncApp(
        client=AsyncWebClient(),
        authorize=_authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )


async def _nothing(_: Form) -> None:
    """Answers a form."""


def through_table(count: int) -> tuple[AsyncApp, dict[str, Any]]:
    """Baton's app, and a table of `count` forms for it."""
    app = _app()
    nothing = cast("Any", None)  # no door of these looks at it
    routes.listen(app, Desk(store=nothing, clock=nothing, client=nothing))
    return app, dict.fromkeys([*(f"bench.{n}" for n in range(count - 1)), _TARGET], _nothing)


def through_listeners(count: int) -> AsyncApp:
    """A bare Bolt app with a listener for each of `count` forms."""
    app = _app()

    async def acknowledge(ack: Any) -> None:
        await ack()

    for name in (*(f"bench.{n}" for n in range(count - 1)), _TARGET):
        app.view(name)(acknowledge)
    return app


async def microseconds(dispatch: Callable[[], Awaitable[None]]) -> float:
    """The median cost of one request."""
    took = []
    for _ in range(_REQUESTS):
        began = perf_counter()
        await dispatch()
        took.append(perf_counter() - began)
    return 1e6 * median(took)


async def measure() -> dict[str, float]:
    """Name -> microseconds; the candidates take turns."""
    table = {count: through_table(count) for count in (2, 60)}
    listeners = {count: through_listeners(count) for count in (2, 60)}
    rounds: dict[str, list[float]] = {}

    async def send(app: AsyncApp) -> None:
        answer = await app.async_dispatch(AsyncBoltRequest(body=_BODY, mode="socket_mode"))
        assert answer.status == 200

    for _ in range(_ROUNDS):
        for count, (app, forms) in table.items():
            routes.FORMS.clear()
            routes.FORMS.update(forms)
            rounds.setdefault(f"table {count}", []).append(await microseconds(lambda app=app: send(app)))  # type: ignore[misc]
        for count, app in listeners.items():
            rounds.setdefault(f"bolt {count}", []).append(await microseconds(lambda app=app: send(app)))  # type: ignore[misc]
    return {name: median(values) for name, values in rounds.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure())))
