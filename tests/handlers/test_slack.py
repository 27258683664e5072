"""The connections to Slack: shared while calls come one after the other, and not kept until Slack hangs up."""

import asyncio

import aiohttp

from handlers.slack import new_session

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
