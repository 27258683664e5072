"""GET /health: whether the database answers. In Socket Mode there is nothing else."""

from typing import Any

import pytest
from starlette.types import Message

from web.site import site


async def ask(method: str, path: str, *, well: bool = True) -> tuple[int, bytes]:
    """One request to the site, as status and body."""
    answer: list[Message] = []

    async def is_well() -> bool:
        return well

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        answer.append(message)

    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
    await site(is_well)(scope, receive, send)
    return answer[0]["status"], b"".join(part.get("body", b"") for part in answer[1:])


async def test_health_says_that_baton_is_well() -> None:
    assert await ask("GET", "/health") == (200, b'{"ok":true}')


async def test_health_says_that_the_database_does_not_answer() -> None:
    assert await ask("GET", "/health", well=False) == (503, b'{"ok":false}')


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/", 404), ("POST", "/health", 405), ("POST", "/slack/events", 404)]
)
async def test_there_is_nothing_else(method: str, path: str, status: int) -> None:
    assert (await ask(method, path))[0] == status
