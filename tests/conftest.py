"""What every test may use: databases, a browser, and no network but this machine's loopback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import Database
from store.migrate import migrate

pytest_plugins = ["tests.browser", "tests.databases", "tests.network", "tests.office"]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def prepare_database() -> Callable[[str], None]:
    """Lay Baton's tables."""

    def prepare(url: str) -> None:
        database = Database(url)
        migrate(database)
        database.close()

    return prepare
