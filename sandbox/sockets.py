"""Socket Mode: the app's WebSocket connections, each envelope to one of them, and their faults."""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.errors import SlackError
from sandbox.records import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
WARNING_SECONDS = 10.0


class Connection:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.half_open = False

    async def send(self, message: Json) -> None:
        if not self.half_open:
            await self.websocket.send_text(json.dumps(message))


class Sockets:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.connections: list[Connection] = []
        self.ever_connected = False
        self.refuse_open: str | None = None  # an error code for apps.connections.open
        # Given by the server: cuts a TCP connection, or stops reading it, by the client's address.
        self.cut: Callable[[tuple[str, int]], None] | None = None
        self.freeze: Callable[[tuple[str, int]], None] | None = None
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0

    def ticket(self) -> str:
        if self.refuse_open is not None:
            raise SlackError(self.refuse_open)
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """One connection from its one-use ticket to its end."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=4000)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        connection = Connection(websocket)
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send(self._disconnect("too_many_websockets"))
            await websocket.close()
            return
        self.ever_connected = True
        self.connections.append(connection)
        try:
            await connection.send(self._hello())
            self._workspace.changed("state")
            while True:
                self._receive(await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            if connection in self.connections:
                self.connections.remove(connection)
            self._workspace.changed("state")

    async def send(self, kind: str, payload: Json, retry_attempt: int, retry_reason: str | None) -> Json | None:
        """The app's answer, or None where no connection is there to take the envelope."""
        if not self.connections:
            return None
        envelope_id = str(uuid.uuid4())
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": retry_reason or ""}
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            self._turn += 1
            await self.connections[self._turn % len(self.connections)].send(envelope)
            return await answer
        except (WebSocketDisconnect, RuntimeError):  # starlette's words for a socket closed under our hands
            return None
        finally:
            del self._waiting[envelope_id]

    def _receive(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if waiting is not None and not waiting.done():
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._workspace.app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 3600},
        }

    @staticmethod
    def _disconnect(reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}

    # --- faults

    async def refresh(self, reason: str = "refresh_requested", warning_seconds: float = WARNING_SECONDS) -> None:
        """Asks every connection to be replaced (reasons: refresh_requested, warning, link_disabled), then closes it."""
        old = list(self.connections)
        for connection in old:
            await connection.send(self._disconnect(reason))
            if reason != "warning" and connection in self.connections:
                self.connections.remove(connection)
        self._workspace.soon(self._close_later(old, warning_seconds))

    async def _close_later(self, connections: list[Connection], seconds: float) -> None:
        await asyncio.sleep(seconds)
        for connection in connections:
            if connection.websocket.application_state == WebSocketState.CONNECTED:
                await connection.websocket.close()

    async def close_all(self) -> None:
        """Closes every connection with a close frame."""
        await self._close_later(list(self.connections), 0)

    def drop_all(self) -> None:
        """Cuts every connection without a close frame."""
        for connection in list(self.connections):
            address = connection.websocket.client
            if self.cut is not None and address is not None:
                self.cut((address.host, address.port))

    def half_open(self) -> None:
        """Every present connection stays open but neither hears nor says anything any more."""
        for connection in self.connections:
            connection.half_open = True
            address = connection.websocket.client
            if self.freeze is not None and address is not None:
                self.freeze((address.host, address.port))
