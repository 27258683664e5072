"""One clock: whoever shifts the clock of the process shifts all that Baton does; nothing reads the time elsewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "blocks", "handlers", "store", "web")
FILES = [ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]
CLOCK = ROOT / "store/clock.py"

# What a database calls its own clock. (Ruff knows Python's; of `time` only store/clock.py may know at all.)
_FUNCTIONS = (
    *("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", "sysdate", "sysdatetime"),
    *("julianday", "unixepoch", "strftime", "datetime", "date", "current_timestamp", "current_date", "current_time"),
    *("localtime", "localtimestamp", "age"),
)
_IN_SQL = re.compile(
    rf"\b({'|'.join(_FUNCTIONS)})\s*\(|\b(current_(timestamp|date|time)|localtime|localtimestamp)\b|'now'",
    re.IGNORECASE,
)


def readings(source: str) -> Iterator[str]:
    """Where a program reads the time past the clock it was given."""
    tree = ast.parse(source)
    prose = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) if any(name.name == "time" for name in names):
                yield "import time"
            case ast.ImportFrom(module="time"):
                yield "from time import"
            case ast.Attribute(value=ast.Name(id="func") | ast.Attribute(attr="func"), attr=name) if name in _FUNCTIONS:
                yield f"func.{name}"
            case ast.Constant(value=str(text)) if id(node) not in prose and _IN_SQL.search(text):
                yield text


def _has_docstring(node: ast.AST) -> bool:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_only_the_clock_reads_the_time(path: Path) -> None:
    assert list(readings(path.read_text("utf-8"))) == (["import time"] if path == CLOCK else [])


@pytest.mark.parametrize(
    "source",
    [
        "import time",
        "from time import monotonic",
        "Column(server_default=func.now())",
        "sa.Column(server_default=sa.func.current_timestamp())",
        "text('UPDATE outbox SET due_at = now()')",
        'sa.text("CURRENT_TIMESTAMP")',
        "text(\"SELECT strftime('%s', 'now')\")",
    ],
)
def test_a_clock_elsewhere_would_be_noticed(source: str) -> None:
    assert list(readings(source))
