"""The floor: a Bolt app that acknowledges a click and a form and does nothing, on Bolt's own ASGI adapter."""

import re
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

SECRET = "bench-signing-secret"


def app(api_url: str) -> AsyncApp:
    """Two listeners."""
    client = AsyncWebClient(token="xoxb-bench", base_url=api_url)
    bolt = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)

    @bolt.action(re.compile(".*"))
    async def click(ack: Any) -> None:
        await ack()

    @bolt.view(re.compile(".*"))
    async def form(ack: Any) -> None:
        await ack()

    return bolt


if __name__ == "__main__":
    port, url = int(sys.argv[1]), sys.argv[2]
    asgi: Any = AsyncSlackRequestHandler(app(url))
    uvicorn.run(asgi, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
