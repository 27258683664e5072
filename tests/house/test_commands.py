"""The commands a newcomer types: listed, explained, and clear in one line where something is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("make", "sh", "rm", "mkdir", "touch", "cmp", "cp", "awk")
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """Lay out a clone and a PATH on which only a shell's tools are found."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is missing here"
        (tmp_path / "bin" / tool).symlink_to(found)
    for name in ("Makefile", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as a newcomer would."""
    environment = {"PATH": str(clone / "bin"), "HOME": str(clone)}
    return subprocess.run(
        ["make", *arguments], cwd=clone, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def own_words(run: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what was said, less make's own closing line."""
    return [line for line in (run.stdout + run.stderr).splitlines() if not line.startswith("make: ***")]


def install_python(clone: Path, script: str) -> None:
    """Put a `python3` on the bare machine's PATH that is the given shell script around the real one."""
    stub = clone / "bin" / "python3"
    stub.write_text(f'#!/bin/sh\nreal="{sys.executable}"\n{script}\n')
    stub.chmod(0o755)


@pytest.mark.parametrize("arguments", [(), ("help",)])
def test_help_lists_every_target_with_a_word_on_each(bare_machine: Path, arguments: tuple[str, ...]) -> None:
    declared = re.search(r"^\.PHONY: (.*) always$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared
    listed = {line.split()[1]: line.split()[2:] for line in make(bare_machine, *arguments).stdout.splitlines()}
    assert set(listed) == set(declared[1].split())
    assert all(listed.values())


@pytest.mark.parametrize("target", ["run", "check"])
def test_a_python_without_venv_is_told_the_package_and_leaves_nothing(bare_machine: Path, target: str) -> None:
    install_python(bare_machine, 'case "$*" in *ensurepip*|*venv*) exit 1;; esac\nexec "$real" "$@"')
    run = make(bare_machine, target)
    assert run.returncode == 2
    assert own_words(run) == ["This Python cannot make a virtual environment: apt-get install python3-venv"]
    assert not (bare_machine / ".venv").exists()


@pytest.mark.parametrize("script", [None, "exit 1"], ids=["no python", "an old python"])
def test_without_a_suitable_python_one_line_says_so(bare_machine: Path, script: str | None) -> None:
    if script:
        install_python(bare_machine, script)
    run = make(bare_machine, "run")
    assert run.returncode == 2
    assert len(own_words(run)) == 1
    assert "Python 3.11 or newer" in own_words(run)[0]
    assert not (bare_machine / ".venv").exists()


def test_a_venv_that_cannot_be_made_leaves_nothing_half_made(bare_machine: Path) -> None:
    install_python(
        bare_machine, 'case "$*" in "-m venv"*) mkdir -p .venv/bin; echo no space >&2; exit 1;; esac\nexec "$real" "$@"'
    )
    run = make(bare_machine, "run")
    assert run.returncode == 2
    assert own_words(run) == ["no space"]
    assert not (bare_machine / ".venv").exists()


def test_dependencies_are_installed_again_only_when_the_lock_changed(bare_machine: Path) -> None:
    (bare_machine / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(bare_machine / LOCKS[0], bare_machine / ".venv")
    python = bare_machine / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\nif [ -n "$1" ] && [ "$1" != -c ]; then echo "$*"; fi\n')
    python.chmod(0o755)
    (bare_machine / ".venv" / "ready").touch()
    assert own_words(make(bare_machine, "run")) == ["app.py"]
    with (bare_machine / LOCKS[0]).open("a") as lock:
        lock.write("# changed\n")
    assert [line.split()[0] for line in own_words(make(bare_machine, "run"))] == ["Installing", "-m", "app.py"]
    assert own_words(make(bare_machine, "run")) == ["app.py"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"https?:|index-url|find-links|file:", text)
    pins = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 0


def test_the_development_lock_holds_the_very_pins_of_the_other() -> None:
    pins = [set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS]
    assert pins[0] < pins[1]


def test_ci_runs_as_a_script() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
