"""The house stays small: short files, short functions, rooms named by what is in them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "blocks", "handlers", "store", "web", "sandbox")
FILES = [ROOT / "app.py", *(path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")))]
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
NO_ROOMS = {"utils", "util", "common", "helpers", "helper", "core", "services", "service", "lib", "misc", "base"}
WEASEL = ("handle_", "process_", "do_")

# What is longer, and why.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS = {
    "sandbox/workspace.py:__init__": "everything a workspace remembers, named in one place",
    "store/migrations/versions/0001_the_house.py:upgrade": "the tables, one after the other",
}

every_file = pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, with its signature and its docstring."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


@every_file
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    is_long = len(path.read_text("utf-8").splitlines()) > MOST_LINES
    assert is_long is (str(path.relative_to(ROOT)) in LONG_FILES)


@every_file
def test_a_function_fits_a_screen(path: Path) -> None:
    where = path.relative_to(ROOT)
    long = {f"{where}:{one.name}" for one in functions(path) if length(one) > MOST_LINES_OF_A_FUNCTION}
    excused = {name for name in LONG_FUNCTIONS if name.startswith(f"{where}:")}
    assert long == excused


@every_file
def test_a_room_says_what_is_in_it(path: Path) -> None:
    room = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(room)
    assert path.stem not in NO_ROOMS
    named = [node.name for node in room.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert not [name for name in named if name.startswith(WEASEL)]


def test_no_folder_is_a_drawer_for_everything() -> None:
    folders = {path.name for floor in FLOORS for path in (ROOT / floor).rglob("*") if path.is_dir()}
    assert not folders & NO_ROOMS


@pytest.mark.parametrize("floor", ["bot", "blocks", "handlers", "store", "web"])
def test_classes_are_named_by_what_they_are(floor: str) -> None:
    classes = [
        node.name
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert not [name for name in classes if name.endswith(("Manager", "Helper", "Util", "Handler", "Processor"))]
