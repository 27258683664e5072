"""The load: keep-alive connections that send prepared requests one after the other and note how long each took."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True)
class Load:
    """What a run measured: each answer's milliseconds, and how many answers a second."""

    milliseconds: list[float]
    rate: float

    @property
    def p50(self) -> float:
        """The median, in milliseconds."""
        return quantiles(self.milliseconds, n=100)[49]

    @property
    def p99(self) -> float:
        """What all but one in a hundred stay under, in milliseconds."""
        return quantiles(self.milliseconds, n=100)[98]


async def run(port: int, connections: Sequence[Sequence[bytes]]) -> Load:
    """Send every connection's requests, all connections at once. Raises AssertionError when one is not acknowledged."""
    loop = asyncio.get_running_loop()
    clients = [_Client(requests) for requests in connections]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    began = perf_counter()
    for client in clients:
        client.send()
    await asyncio.gather(*(client.done for client in clients))
    took = perf_counter() - began
    for client in clients:
        client.transport.close()
    milliseconds = [1000 * seconds for client in clients for seconds in client.seconds]
    return Load(milliseconds, len(milliseconds) / took)


class _Client(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, requests: Sequence[bytes]) -> None:
        self._requests = iter(requests)
        self._received = b""
        self._sent = 0.0
        self.seconds: list[float] = []
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            return
        self._received = b""
        self._sent = perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not is_whole(self._received):
            return
        self.seconds.append(perf_counter() - self._sent)
        refused = not self._received.startswith(b"HTTP/1.1 200") or b"response_action" in self._received
        if refused:
            self.done.set_exception(AssertionError(f"not acknowledged: {self._received[:2000]!r}"))
        else:
            self.send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or AssertionError(f"closed after {len(self.seconds)}: {self._received!r}"))


def is_whole(answer: bytes) -> bool:
    """Whether an HTTP answer (or request) has come to its end."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    if not blank:
        return False
    headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    if b"content-length" in headers:
        return len(body) >= int(headers[b"content-length"])
    return b"transfer-encoding" not in headers or body.endswith(b"0\r\n\r\n")
