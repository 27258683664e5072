"""A real Chromium: finds one, installs one for `make test`, and gives each test a page of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from playwright.sync_api import sync_playwright

INSTALLED_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "No Chromium for the browser tests: apt-get install chromium, or .venv/bin/playwright install chromium"
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def starts(executable: str) -> bool:
    """Tell whether this is a browser that runs: some systems carry a stub that only names a package."""
    try:
        return subprocess.run([executable, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@cache
def installed_chromium() -> str | None:
    """Return the path of a Chromium of this system, or None."""
    found = (shutil.which(name) for name in INSTALLED_NAMES)
    return next((path for path in found if path and starts(path)), None)


def playwright_chromium() -> bool:
    """Tell whether Playwright has a Chromium of its own."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def install() -> None:
    """Install Debian's Chromium as root, else Playwright's."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                ["apt-get", "-o", "DPkg::Lock::Timeout=120", *step],
                check=False,
                env=quiet,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
            )
    installed_chromium.cache_clear()
    if installed_chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr)


def main() -> int:
    """Make sure of a browser; say in one line what to install when that fails."""
    if installed_chromium() or playwright_chromium():
        return 0
    print("Installing Chromium for the browser tests", file=sys.stderr)
    install()
    if installed_chromium() or playwright_chromium():
        return 0
    print(MISSING, file=sys.stderr)
    return 1


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Start a browser in the test's own event loop: half a second, and no state or task is shared between tests."""
    async with async_playwright() as playwright:
        path = installed_chromium()
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.fail(MISSING, pytrace=False)
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """Open a page; a script error or a breach of the content security policy on it fails the test."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)  # ms
    page = await context.new_page()
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", note)
    yield page
    await context.close()
    assert not problems, problems


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser, so that `-m 'not browser'` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


if __name__ == "__main__":
    sys.exit(main())
