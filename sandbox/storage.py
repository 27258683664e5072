"""Write-through persistence: every record as one JSON row of an SQLite file, or nothing at all in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol


class Storable(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...


class Storage:
    """save() and remove() join one transaction that commit() ends, so that kill -9 never leaves half an effect."""

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        # The operating system keeps what a killed process wrote; only a power cut could lose the last moments.
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS records (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))")
        self._db.commit()

    def save(self, record: Storable) -> None:
        self.put(record.kind, record.key, vars(record))

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        if self._db is not None:
            self._db.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (kind, key, json.dumps(body)))

    def remove(self, record: Storable) -> None:
        if self._db is not None:
            self._db.execute("DELETE FROM records WHERE kind = ? AND key = ?", (record.kind, record.key))

    def commit(self) -> None:
        if self._db is not None and self._db.in_transaction:
            self._db.commit()

    def load(self, kind: str) -> Iterator[dict[str, Any]]:
        if self._db is not None:
            for (body,) in self._db.execute("SELECT body FROM records WHERE kind = ? ORDER BY key", (kind,)).fetchall():
                yield json.loads(body)

    def close(self) -> None:
        if self._db is not None:
            self._db.commit()
            self._db.close()
            self._db = None
