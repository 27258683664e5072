"""Made-up customers for a fresh local workspace, lived through the same rules as real ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import documents, reviews
from bot.events import ContractSigned, HandoffStarted
from bot.handoffs import Deal, Handoff
from bot.playbook import Playbook
from bot.teams import Team
from bot.timing import Choice
from bot.values import Value, Values
from handlers.requests import Desk
from handlers.workspaces import learn_people
from store import queries
from store.work import Work


async def plant(desk: Desk, team: str, customers: Iterable[Any]) -> None:
    """Plant every customer, unless this workspace has handoffs already."""
    await learn_people(desk, team)

    def grow(work: Work) -> None:
        if not queries.customer_names(work, limit=1):
            ids = {person.name: person.id for person in queries.members(work)}
            work.settle(_team(ids))
            for customer in customers:
                _Seed(work, ids, desk.clock.now(), customer).grow()

    await desk.store.commit(team, grow)


def _team(ids: dict[str, str]) -> Team:
    return Team(
        aes=tuple(ids[name] for name in ("Ana Lima", "Tom Becker", "Keiko Mori")),
        csms=tuple(ids[name] for name in ("Ben Okafor", "Sofía Navarro", "Mia Chen")),
        cs_leader=ids["Leila Haddad"],
        sales_leader=ids["Grace Whitfield"],
        capture_reaction="handshake",
    )


@dataclass
class _Seed:
    work: Work
    ids: dict[str, str]
    now: datetime
    data: dict[str, Any]

    def grow(self) -> None:
        playbook = self.work.playbook()
        signed_hours = self.data.get("signed_hours_ago", 0)
        begun = self.now - timedelta(hours=signed_hours, days=3)
        handoff = self._start(playbook, begun)
        for section, values in self.data["document"].items():
            at = begun + timedelta(minutes=20)
            saved = documents.save_values(handoff, section, _numbered(values), by=handoff.ae, now=at)
            handoff = self.work.record(handoff, saved)
        if signed_hours:
            at = self.now - timedelta(hours=signed_hours)
            handoff = self.work.record(handoff, ContractSigned(by=handoff.ae, at=at, signed_at=at))
        if self.data["stage"] != "preparing":
            at = self.now - timedelta(hours=signed_hours / 2)
            handoff = self.work.record(handoff, reviews.submit(handoff, playbook, by=handoff.ae, now=at))
        if back := self.data.get("return"):
            at = self.now - timedelta(hours=signed_hours / 4)
            by = handoff.csm or ""
            returned = reviews.send_back(handoff, playbook, back["reason"], back["words"], back["gaps"], by=by, now=at)
            self.work.record(handoff, returned)

    def _start(self, playbook: Playbook, at: datetime) -> Handoff:
        overview = {key: str(value) for key, value in self.data["document"]["company_overview"].items()}
        close = self.data.get("expected_close_in_days")
        deal = Deal(
            company_name=overview["company_name"],
            website=overview["website"],
            contract_value=overview["contract_value"],
            currency=overview["currency"],
            segment=_id_of(playbook.segments, self.data["segment"]),
            timing_model=_id_of(playbook.timing_models, self.data["timing_model"]),
            expected_close=(self.now.astimezone(UTC) + timedelta(days=close)).date() if close else None,
        )
        owners = {role: self.ids[self.data[role]] for role in ("ae", "csm", "se") if role in self.data}
        ae = owners.pop("ae")
        return self.work.start(
            HandoffStarted(by=ae, at=at, playbook=self.work.playbook_digest, deal=deal, ae=ae, **owners)
        )


def _id_of(choices: tuple[Choice, ...], label: str) -> str:
    return next(choice.id for choice in choices if choice.label == label)


def _numbered(values: dict[str, Any]) -> Values:
    """Texts as they are typed, and rows with their ids."""
    return {field: _value(value) for field, value in values.items()}


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return [{"id": str(n)} | {key: str(text) for key, text in row.items()} for n, row in enumerate(value, 1)]
    return str(value)
