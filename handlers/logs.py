"""Logs: one line an event, for people or for machines, and never a secret in them."""

import logging
import re
import sys
from typing import Any

import structlog

_SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_QUIET = ("slack_sdk", "apscheduler", "uvicorn", "aiohttp", "alembic", "asyncio")


def configure_logs(level: str, style: str) -> None:
    """`level`: DEBUG to ERROR; `style`: console or json. Everything goes to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    finish = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
    structlog.configure(processors=[*shared, finish], logger_factory=structlog.stdlib.LoggerFactory())
    handler = logging.StreamHandler(sys.stderr)
    final = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _redact, renderer]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=final))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of what is meant so
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level) if level != "DEBUG" else logging.INFO)


def _redact(_logger: Any, _method: str, event: Any) -> Any:
    return {key: _SECRET.sub("***", value) if isinstance(value, str) else value for key, value in event.items()}
