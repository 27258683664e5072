"""The people a workspace is seeded with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

SEED_FILE = Path(__file__).with_name("people.yml")


@dataclass(frozen=True)
class PersonSeed:
    """A person to be; `name` is what everyone sees. tz is an IANA zone name."""

    name: str
    title: str = ""
    tz: str = "UTC"
    email: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    status_text: str = ""


def seed_team(path: Path = SEED_FILE) -> Sequence[PersonSeed]:
    """The fictional team of `path`: a list of mappings with PersonSeed's names."""
    return [PersonSeed(**person) for person in yaml.safe_load(path.read_text(encoding="utf-8"))["people"]]
