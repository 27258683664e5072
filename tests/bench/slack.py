"""A Slack that answers everything at once, so that what is measured is Baton."""

import asyncio
import itertools
import json
import sys
from typing import Any

from tests.bench.load import is_whole

TEAM, AE, CSM = "T0BENCH", "U0ANA", "U0BEN"
_counter = itertools.count(1)


class _Door(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if is_whole(self._received):
            method = self._received.split(b" ", 2)[1].decode().rpartition("/")[2].partition("?")[0]
            self._received = b""
            body = json.dumps({"ok": True} | _answer(method)).encode()
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(head.encode() + body)


def _answer(method: str) -> dict[str, Any]:
    number = next(_counter)
    match method:
        case "auth.test":
            return {"team_id": TEAM, "user_id": "U0BATON", "bot_id": "B0BATON", "user": "baton", "team": "Bench"}
        case "users.list":
            return {"members": []}
        case "conversations.create" | "conversations.info":
            return {"channel": {"id": f"C{number:09}", "name": f"handoff-{number}"}}
        case "chat.postMessage":
            return {"channel": "C000000001", "ts": f"{number}.000001"}
        case "chat.getPermalink":
            return {"permalink": "https://bench.example/archives/C000000001/p1"}
        case "bookmarks.list":
            return {"bookmarks": []}
        case "canvases.create" | "conversations.canvases.create":
            return {"canvas_id": f"F{number:09}"}
        case _:
            return {}


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Door, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
