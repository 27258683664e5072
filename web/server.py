"""The web server: uvicorn, which leaves the signals to whoever runs it."""

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette

_GRACE_SECONDS = 2  # for requests that are being answered


async def serve(website: Starlette, host: str, port: int) -> None:
    """Serve until cancelled; what is being answered by then is answered."""
    server = _Server(
        uvicorn.Config(
            website, host, port, log_config=None, access_log=False, lifespan="off",
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )  # fmt: skip
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """There is more to stop than the web server."""
        yield
