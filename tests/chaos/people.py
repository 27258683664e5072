"""The people of a trial: each takes a customer from start to accepted, pressing again whenever Slack says to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import Workspace
from sandbox.errors import Refused
from sandbox.person import Person, SeenMessage
from tests.office import NOTHING, START

WAIT_SECONDS = 120.0  # longer than a nemesis reigns


@dataclass
class Journal:
    """What people were told is done."""

    started: list[str] = field(default_factory=list)
    saved: list[tuple[str, str]] = field(default_factory=list)  # customer, the words typed
    accepted: list[str] = field(default_factory=list)


class Customer:
    """One customer's passage, as its AE and its CSM live it."""

    def __init__(self, workspace: Workspace, name: str, ae: Person, csm: Person, journal: Journal) -> None:
        self.workspace, self.name, self.ae, self.csm, self.journal = workspace, name, ae, csm, journal
        self.channel = f"handoff-{name.lower().replace(' ', '-')}"

    async def passes(self, *, returned: bool) -> None:
        """From `/handoff start` to accepted."""
        start = START | {"Company Name": self.name, "Website": f"https://{self.channel}.example"}
        await self._form(self.ae, self._start, start | {"Customer success manager": self.csm.name})
        self.journal.started.append(self.name)
        await self._see(lambda: "Edit document" in self._card.buttons)
        await self._save("Company Overview", "Industry", {"Start Date": "2026-12-01"})
        await self._save("Promises & Commitments", None, {"Nothing was promised": [NOTHING]})
        await self._add("Stakeholders", "Add stakeholder", "Name", {"Role": "Executive Sponsor"})
        await self._add("Why They Bought", "Add driver", "Driver", {})
        await self._add("Success Criteria", "Add outcome", "Outcome", {"Metric": "half of it"})
        await self._submits(1)
        if returned:
            await self._answers("Return", {"Reason": "Something is unclear", "In your words": f"Why, {self.name}?"}, 1)
            await self._save("Company Overview", "Industry", {})
            await self._submits(2)
        await self._answers("Accept", {}, 2 if returned else 1)
        self.journal.accepted.append(self.name)

    @property
    def _card(self) -> Any:
        return self.ae.conversation(self.channel).pins[0]

    async def _start(self) -> None:
        await self.ae.types("/handoff start", into="general")

    async def _save(self, section: str, label: str | None, answers: dict[str, Any]) -> None:
        words = f"{label} {len(self.journal.saved)} of {self.name}"

        async def open_section() -> None:
            await self.ae.clicks("Edit document", into=self.channel)
            await self.ae.modal.press("Edit", near=section)

        await self._form(self.ae, open_section, answers | ({label: words} if label else {}))
        if label:
            self.journal.saved.append((self.name, words))

    async def _add(self, section: str, button: str, label: str, row: dict[str, Any]) -> None:
        words = f"{label} {len(self.journal.saved)} of {self.name}"

        async def open_row() -> None:
            await self.ae.clicks("Edit document", into=self.channel)
            await self.ae.modal.press("Edit", near=section)
            await self.ae.modal.press(button)

        await self._form(self.ae, open_row, row | {label: words})
        self.journal.saved.append((self.name, words))

    @property
    def _requests(self) -> list[SeenMessage]:
        """What asks the CSM to review, a message for each submission."""
        return [message for message in self.csm.dm().messages if f"handoff of {self.name}" in message.text]

    async def _submits(self, number: int) -> None:
        while len(self._requests) < number:
            try:
                await self.ae.clicks("Submit for review", into=self.channel)
                assert not self.ae.modals, self.ae.modal.text()
                await self._see(lambda: len(self._requests) >= number)
            except (Refused, LookupError):  # not answered, or the card shows already that it is done
                await self._pause()

    async def _answers(self, button: str, answers: dict[str, Any], number: int) -> None:
        async def press() -> None:
            await self.csm.clicks(button, into=self._requests[number - 1])

        await self._form(self.csm, press, answers)

    async def _form(self, who: Person, opened: Callable[[], Awaitable[None]], answers: dict[str, Any]) -> None:
        """Opens a form and presses its button until it is taken."""
        while True:
            try:
                await opened()
                for label, value in answers.items():
                    who.modal.fill(label, value)
                break
            except (Refused, LookupError):
                await self._close(who)
                await self._pause()
        form = who.modal
        while form.is_open:
            try:
                errors = await form.submit()
            except Refused:
                await self._pause()
                continue
            if errors and not any("Not saved" in words for words in errors.values()):
                raise AssertionError(f"{self.name}: {form.title} is refused: {errors}")
        await self._close(who)

    async def _close(self, who: Person) -> None:
        while who.modals:
            try:
                await who.modal.close(everything=True)
            except Refused:
                await self._pause()

    async def _see(self, true: Callable[[], Any]) -> None:
        def seen() -> bool:
            try:
                return bool(true())
            except IndexError:
                return False

        try:
            await self.ae.until(seen, WAIT_SECONDS)
        except TimeoutError:
            raise AssertionError(f"{self.name} waits in vain; {self.ae.name} sees {self._sight()}") from None

    def _sight(self) -> str:
        if self.channel not in self.ae.channels():
            return "no channel"
        here = self.ae.conversation(self.channel)
        return f"{here.text} / {[message.text for message in self.ae.ephemerals(self.channel)]}"

    async def _pause(self) -> None:
        await asyncio.sleep(0.02)
        await self.workspace.until(lambda: bool(self.workspace.delivery.sockets.connections), WAIT_SECONDS)
