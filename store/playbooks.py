"""The practice: read from its file and checked, and every version that a handoff still stays on."""

import hashlib
from pathlib import Path

import yaml
from pydantic import ValidationError
from sqlalchemy import Connection, select

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C half: the same, only slower
    from yaml import SafeLoader  # type: ignore[assignment]

from bot.playbook import Playbook
from bot.timing import Fact
from store.tables import playbooks


class PlaybookError(Exception):
    """The playbook can't be used; the text names the file and the path of what is wrong."""


class Playbooks:
    """Every version of the practice that is in use, by digest; `current` is the one new handoffs begin with."""

    def __init__(self, current: Playbook, digest: str) -> None:
        self.current = current
        self.digest = digest
        self._known = {digest: current}

    def of(self, connection: Connection, team: str, digest: str) -> Playbook:
        """The version `digest`, from memory or from the database; what it is silent about is as today."""
        if digest not in self._known:
            where = (playbooks.c.team_id == team, playbooks.c.digest == digest)
            data = connection.execute(select(playbooks.c.data).where(*where)).scalar_one()
            self._known[digest] = Playbook.model_validate_json(data).caught_up(self.current)
        return self._known[digest]

    def rules_from(self, connection: Connection, team: str, fact: Fact) -> set[str]:
        """The ids of the rules, in every version, that begin with `fact`."""
        digests = connection.execute(select(playbooks.c.digest).where(playbooks.c.team_id == team)).scalars().all()
        versions = (self.current, *(self.of(connection, team, digest) for digest in digests))
        return {rule.id for version in versions for rule in version.deadlines if rule.starts is fact}


def load_playbook(path: Path) -> Playbooks:
    """Read and check `path`. Raises PlaybookError."""
    try:
        playbook = Playbook.load(yaml.load(path.read_text("utf-8"), Loader=SafeLoader))
    except OSError as error:
        raise PlaybookError(f"PLAYBOOK: {path} can't be read: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise PlaybookError(f"PLAYBOOK: {path} is not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise PlaybookError(f"PLAYBOOK: {path}: {where}: {first['msg'].removeprefix('Value error, ')}{more}") from None
    digest = hashlib.sha256(playbook.model_dump_json(exclude_unset=True).encode()).hexdigest()[:16]
    return Playbooks(playbook, digest)
