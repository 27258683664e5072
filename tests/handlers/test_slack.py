"""Connections to Slack: shared, and not kept until Slack hangs up. Files: the token for them goes to Slack alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack import Postponed, Refused, Unanswered, download, new_session

SERVERS_PATIENCE = 5.0  # s; uvicorn's, for one


async def test_no_call_leaves_on_a_connection_that_the_server_is_about_to_close() -> None:
    callers = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line == b"\r\n":
                callers.append(writer.get_extra_info("peername"))
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with new_session() as session:
        for pause in (0.0, 0.1, SERVERS_PATIENCE - 0.5):
            await asyncio.sleep(pause)
            await _call(session, url)
    server.close()
    first, soon, late = callers
    assert soon == first
    assert late != first


async def _call(session: aiohttp.ClientSession, url: str) -> None:
    async with session.post(url) as response:
        assert response.status == 200


@asynccontextmanager
async def answering(*lines: str, body: bytes = b"") -> AsyncIterator[tuple[str, list[str]]]:
    """A server that answers every request so; its address, and the headers that it was sent."""
    heard: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (line := (await reader.readline()).decode().strip()) != "":
            heard.append(line)
        writer.write("\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()


async def fetched(base: str, url: str, most: int = 100) -> bytes:
    """The file, as a Baton whose Slack is at `base` gets it."""
    async with new_session() as session:
        client = AsyncWebClient(token="xoxb-secret", base_url=f"{base}/api/", session=session)
        return await download(client, url, most)


async def test_a_file_is_read_with_the_token_as_far_as_it_may_be() -> None:
    async with answering("HTTP/1.1 200 OK", body=b"x" * 500) as (base, heard):
        assert len(await fetched(base, f"{base}/files/1")) == 500
        assert "Authorization: Bearer xoxb-secret" in heard


async def test_the_token_goes_to_no_other_host() -> None:
    async with answering("HTTP/1.1 200 OK", body=b"x") as (other, heard):
        for url in (f"{other}/files/1", f"{other}/slack.test", "http://127.0.0.1/x", "ftp://slack.test/x", "nothing"):
            with pytest.raises(Refused, match="not_in_slack"):
                await fetched("http://slack.test", url)
        assert heard == []
        async with answering("HTTP/1.1 302 Found", f"location: {other}/") as (base, _):
            with pytest.raises(Refused, match="access_denied"):
                await fetched(base, f"{base}/files/1")
        assert heard == []


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("HTTP/1.1 404 Not Found", Refused),
        ("HTTP/1.1 403 Forbidden", Refused),
        ("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8", Refused),
        ("HTTP/1.1 429 Too Many Requests\r\nretry-after: 7", Postponed),
        ("HTTP/1.1 503 Service Unavailable", Unanswered),
        ("nonsense", Unanswered),
    ],
)
async def test_what_slack_answers_instead_of_a_file_means_one_of_three_things(
    line: str, outcome: type[Exception]
) -> None:
    async with answering(line) as (base, _):
        with pytest.raises(outcome) as raised:
            await fetched(base, f"{base}/files/1")
    if isinstance(raised.value, Postponed):
        assert raised.value.pause.total_seconds() == 7
