"""A whole office for stories: a local workspace with its people, and a real Baton that works in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
import yaml
from pydantic import SecretStr

from app import Baton, Settings
from bot.teams import Team
from handlers.schedule import tick
from sandbox import Clock, Workspace, seed_team
from sandbox.person import Person
from sandbox.server import Server

ROOT = Path(__file__).parent.parent
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

START = {"Company Name": "Acme GmbH", "Website": "https://acme.example", "Segment": "SMB", "Contract Value": "84000"}

# The least an SMB document needs, by section: one-value answers by label, and rows by their button.
ANSWERS: dict[str, dict[str, Any]] = {
    "Company Overview": {"Industry": "Freight", "Start Date": "2026-12-01"},
    "Promises & Commitments": {
        "Nothing was promised": [NOTHING := "I asked myself twice. Nothing was promised beyond the standard contract."]
    },
}
ROWS = {
    "Stakeholders": ("Add stakeholder", {"Name": "Helena Sorensen", "Role": "Executive Sponsor"}),
    "Why They Bought": ("Add driver", {"Driver": "Dispatchers retype each booking"}),
    "Success Criteria": ("Add outcome", {"Outcome": "Errors down", "Metric": "from 9 % to under 2 %"}),
}


def manifest() -> dict[str, Any]:
    """The app's own manifest."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    return loaded


class Office:
    """The people by first name, the workspace they work in, and Baton."""

    def __init__(self, workspace: Workspace, server: Server, database_url: str) -> None:
        self.workspace = workspace
        self.server = server
        self.database_url = database_url
        self.ana, self.ben = self.person("Ana Lima"), self.person("Ben Okafor")
        self.leila, self.grace = self.person("Leila Haddad"), self.person("Grace Whitfield")
        self.noah, self.arjun = self.person("Noah Fraser"), self.person("Arjun Rao")
        self.mia = self.person("Mia Chen")

    def person(self, name: str) -> Person:
        """One of the people."""
        return Person(self.workspace, name)

    async def opens(self) -> None:
        """Baton comes to work."""
        tokens = {"slack_bot_token": self.workspace.bot_token, "slack_app_token": self.workspace.app_token}
        secrets = {name: SecretStr(token) for name, token in tokens.items()}
        settings = Settings(
            _env_file=None, slack_api_url=self.server.api_url, database_url=self.database_url, **secrets
        )  # type: ignore[arg-type, call-arg]
        self.baton = Baton(settings, self.workspace.clock)
        await self.baton.start()
        await self.workspace.until(lambda: self.workspace.delivery.sockets.connections)

    async def closes(self) -> None:
        """Baton goes home."""
        await self.baton.stop()

    async def settles(self) -> None:
        """Everything that is owed to Slack by now is done."""
        await self.baton.delivery.settle()

    async def later(self, **time: float) -> None:
        """Time passes, and Baton notices."""
        self.workspace.clock.move(timedelta(**time))
        await tick(self.baton.desk)
        await self.settles()

    async def names_leaders(self) -> None:
        """What `/handoff setup` would settle."""
        team = Team(
            aes=(self.ana.id,),
            csms=(self.ben.id, self.mia.id),
            cs_leader=self.leila.id,
            sales_leader=self.grace.id,
        )
        await self.baton.store.commit(self.baton.team, lambda work: work.settle(team))

    # -- what people do again and again

    async def starts(self, who: Person, **answers: Any) -> str:
        """Somebody starts a handoff; the channel's name."""
        await who.types("/handoff start", into="general")
        for label, value in (START | {"Customer success manager": "Ben Okafor"} | answers).items():
            if value is not None:
                who.modal.fill(label, value)
        errors = await who.modal.submit()
        assert errors == {}, errors
        await self.settles()
        return next(name for name in reversed(who.channels()) if name.startswith("handoff-"))

    async def fills(self, who: Person, channel: str) -> None:
        """Somebody writes the least that an SMB document needs."""
        await who.clicks("Edit document", into=channel)
        for section, answers in ANSWERS.items():
            await who.modal.press("Edit", near=section)
            for label, value in answers.items():
                who.modal.fill(label, value)
            assert await who.modal.submit() == {}
        for section, (button, row) in ROWS.items():
            await who.modal.press("Edit", near=section)
            await who.modal.press(button)
            for label, value in row.items():
                who.modal.fill(label, value)
            assert await who.modal.submit() == {}
            await who.modal.close()
        await who.modal.close()
        await self.settles()

    async def submits(self, who: Person, channel: str) -> None:
        """Somebody fills the document and sends it to the CSM."""
        await self.fills(who, channel)
        await who.clicks("Submit for review", into=channel)
        await self.settles()


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """Monday morning, Baton is at work, nothing has happened yet."""
    workspace = Workspace(manifest(), seed_team(), clock=Clock(MONDAY))
    async with Server(workspace) as server:
        made = Office(workspace, server, database_url)
        await made.opens()
        try:
            yield made
        finally:
            await made.closes()
