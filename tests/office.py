"""A whole office for stories: a local workspace with its people, and a real Baton that works in it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from pydantic import SecretStr
from sqlalchemy import Table, select

from app import Baton, Settings
from bot.teams import Team
from handlers.schedule import post_digests, tick
from sandbox import Clock, Workspace, conversations, members, seed_team
from sandbox.payloads import view_object
from sandbox.person import Person, SeenMessage
from sandbox.server import Server

ROOT = Path(__file__).parent.parent
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

A_MOMENT = timedelta(seconds=1)
NAMED = "named you"

# For stories in which the database plays no part.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

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
        settings = Settings(
            _env_file=None,
            slack_api_url=self.server.api_url,
            slack_bot_token=SecretStr(self.workspace.bot_token),
            slack_app_token=SecretStr(self.workspace.app_token),
            database_url=self.database_url,
        )
        self.baton = Baton(settings, self.workspace.clock)
        await self.baton.start()
        await self.workspace.until(lambda: bool(self.workspace.delivery.sockets.connections))

    async def closes(self) -> None:
        """Baton goes home."""
        await self.baton.stop()

    async def settles(self) -> None:
        """Everything that is owed to Slack by now is done."""
        await self.baton.delivery.settle()

    async def rows(self, table: Table) -> list[Any]:
        """Everything in one table of Baton's."""
        return await self.baton.store.database.read(lambda connection: list(connection.execute(select(table))))

    async def later(self, **time: float) -> None:
        """Time passes, and Baton notices."""
        self.workspace.clock.move(timedelta(**time))
        await tick(self.baton.desk)
        await post_digests(self.baton.desk)
        await self.settles()
        if (due := await self.baton.delivery.next_moment()) and due - self.workspace.clock.now() <= A_MOMENT:
            self.workspace.clock.move(A_MOMENT)  # a reminder that waited for the tick to end
            await self.settles()

    async def goes_on(self, until: str = "", **time: float) -> None:
        """Time passes (`until`: a moment of UTC), and Baton is awake at each moment at which something is due."""
        clock = self.workspace.clock
        end = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else clock.now() + timedelta(**time)
        asked = 0
        while (due := await self._next_moment()) and due <= end:
            clock.set(max(due, clock.now()))
            await self.later()
            asked += 1
            assert asked < 1_000, "Baton asks again and again about the same"
        clock.set(max(end, clock.now()))
        await self.later()

    async def _next_moment(self) -> datetime | None:
        """When there is something to ask or to deliver."""
        moments = (self.baton.next_moment(), await self.baton.delivery.next_moment())
        return min(filter(None, moments), default=None)

    async def becomes_admin(self, name: str, *, no: bool = False) -> None:
        """The workspace makes somebody an admin, or no admin any more."""
        members.change(self.workspace, self.workspace.person(name), is_admin=not no)
        await self.workspace.events.delivered()

    async def becomes_guest(self, name: str) -> None:
        """The workspace makes a guest of somebody."""
        members.change(self.workspace, self.workspace.person(name), is_guest=True)
        await self.workspace.events.delivered()

    async def names_leaders(self) -> None:
        """What `/handoff setup` would settle."""
        await self.settles_on(
            aes=(self.ana.id,),
            csms=(self.ben.id, self.mia.id),
            cs_leader=self.leila.id,
            sales_leader=self.grace.id,
        )

    async def settles_on(self, **settings: Any) -> None:
        """These are the workspace's settings from now on."""
        await self.baton.store.commit(self.baton.team, lambda work: work.settle(Team(**settings)))

    # -- what people do again and again

    async def asks_to_start(self, who: Person, **answers: Any) -> dict[str, str]:
        """Somebody fills "Start a handoff" and presses Start; what the form then says under its labels."""
        await who.types("/handoff start", into="general")
        for label, value in (START | {"Customer success manager": "Ben Okafor"} | answers).items():
            if value is not None:
                who.modal.fill(label, value)
        return await who.modal.submit()

    async def starts(self, who: Person, **answers: Any) -> str:
        """Somebody starts a handoff; the channel's name."""
        known = set(who.channels())
        errors = await self.asks_to_start(who, **answers)
        assert errors == {}, errors
        await self.settles()
        return next(name for name in who.channels() if name not in known)

    async def opens_section(self, who: Person, channel: str, section: str) -> None:
        """Somebody opens one section's form from the card."""
        await who.clicks("Edit document", into=channel)
        await who.modal.press("Edit", near=section)

    async def writes(self, who: Person, channel: str, section: str, **answers: Any) -> None:
        """Somebody saves one section."""
        await self.opens_section(who, channel, section)
        for label, value in answers.items():
            who.modal.fill(label, value)
        assert await who.modal.submit() == {}
        await who.modal.close(everything=True)
        await self.settles()

    async def adds(self, who: Person, channel: str, section: str, button: str, **row: Any) -> None:
        """Somebody adds one row to a section."""
        await self.opens_section(who, channel, section)
        await who.modal.press(button)
        for label, value in row.items():
            who.modal.fill(label, value)
        assert await who.modal.submit() == {}
        await who.modal.close(everything=True)
        await self.settles()

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

    async def signs(self, who: Person, channel: str, day: str | None = None) -> None:
        """Somebody notes the signature: of today, or of `day`."""
        await who.clicks("Contract signed", into=channel)
        if day:
            who.modal.fill("Contract signed on", day)
        assert await who.modal.submit() == {}
        await self.settles()

    async def accepts(self, who: Person, channel: str) -> None:
        """Somebody accepts from the card."""
        await who.clicks("Accept", into=channel)
        assert await who.modal.submit() == {}
        await self.settles()

    async def returns(self, who: Person, channel: str, *gaps: str, words: str = "Please say more.") -> None:
        """Somebody returns the document from the card."""
        await who.clicks("Return", into=channel)
        who.modal.fill("Reason", "Something is missing")
        who.modal.fill("What needs work", list(gaps))
        who.modal.fill("In your words", words)
        assert await who.modal.submit() == {}
        await self.settles()

    async def cancels(self, who: Person, channel: str, reason: str = "Deal lost") -> None:
        """Somebody cancels from the card."""
        await who.clicks("Cancel handoff", into=channel)
        who.modal.fill("Reason", reason)
        assert await who.modal.submit() == {}
        await self.settles()

    async def submits_twice(self, who: Person) -> None:
        """The form on top arrives twice at the same moment, as when Slack or the network repeats it."""
        payload = self.submission(who)
        answers = [self.workspace.delivery.send("interactive", payload) for _ in range(2)]
        assert await asyncio.gather(*answers) == [{}, {}]
        await who.modal.close()
        await self.settles()

    async def sends_unanswered(self, who: Person) -> None:
        """The form on top arrives, and its answer gets lost: the form stays open as it was."""
        await self.workspace.delivery.send("interactive", self.submission(who))

    async def knows(self, name: str, *, deleted: bool) -> None:
        """Until Baton has heard of a change to a member."""
        while (known := await self._known(name)) is None or known.deleted is not deleted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _known(self, name: str) -> Any:
        user = self.workspace.person(name).id
        return await self.baton.store.read(self.workspace.team_id, lambda work: work.person(user))

    async def loses(self, channel: str, act: str) -> None:
        """The channel is lost: `archive`, `delete` it, or `kick` Baton out."""
        lost = self.workspace.channels[self.ana.conversation(channel).id]
        if act == "archive":
            conversations.archive(self.workspace, self.ana.id, lost)
        elif act == "kick":
            conversations.kick(self.workspace, self.ana.id, lost, self.workspace.bot_user_id)
        else:
            self.workspace.events.about_channel("deleted", {"channel": lost.id, "actor_id": self.noah.id}, lost)
            del self.workspace.channels[lost.id]
        await self.workspace.events.delivered()
        await self.settles()

    async def tells_of_contact(self, who: Person) -> None:
        """Somebody fills the open form: CS contacted the customer now, before anybody introduced the CSM."""
        who.modal.fill("Why before the introduction", "They called us.")
        assert await who.modal.submit() == {}
        await self.settles()

    async def names_owner(self, who: Person, channel: str, role: str, name: str) -> None:
        """Somebody names another AE, CSM or SE."""
        await who.clicks("Change owners", into=channel)
        who.modal.fill(role, name)
        assert await who.modal.submit() == {}
        await self.settles()

    def submission(self, who: Person) -> dict[str, Any]:
        """The form on top as Slack would send it now."""
        return {
            "type": "view_submission",
            "team": {"id": self.workspace.team_id, "domain": self.workspace.domain},
            "user": {"id": who.id, "team_id": self.workspace.team_id},
            "trigger_id": self.workspace.triggers.new(who.id, in_modal=True),
            "view": view_object(self.workspace, self.workspace.stack(who.id)[-1]),
        }

    # -- what people look at

    def exported(self) -> str:
        """What the newest file says."""
        return base64.b64decode(next(reversed(self.workspace.files.values())).content).decode()

    def heard(self, who: Person, words: str = "") -> list[SeenMessage]:
        """What Baton wrote to somebody with these words; that somebody was named only when it is asked for."""
        messages = [message for message in who.dm().messages if words in message.text]
        return [message for message in messages if NAMED in words or NAMED not in message.text]

    def told(self, who: Person, words: str = "") -> list[str]:
        """When Baton wrote to somebody in messages with these words, in UTC."""
        posted = [message.ts for message in self.heard(who, words)]
        return [f"{datetime.fromtimestamp(float(ts), UTC):%a %d %b %H:%M}" for ts in posted]

    def card(self, who: Person, channel: str) -> SeenMessage:
        """The handoff card, where it is pinned."""
        return who.conversation(channel).pins[0]

    def lines(self, who: Person, channel: str) -> list[str]:
        """The lines in the card's thread."""
        return [line.text for line in self.card(who, channel).replies]


@asynccontextmanager
async def office_on(database_url: str) -> AsyncIterator[Office]:
    """An office on one particular database, on Monday morning."""
    workspace = Workspace(manifest(), seed_team(), clock=Clock(MONDAY))
    async with Server(workspace) as server:
        made = Office(workspace, server, database_url)
        await made.opens()
        try:
            yield made
        finally:
            await made.closes()


@pytest_asyncio.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """Monday morning, Baton is at work, nothing has happened yet."""
    async with office_on(database_url) as made:
        yield made
