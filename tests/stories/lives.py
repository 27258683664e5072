"""Random lives of several handoffs: what people may do, in any order, while time passes, leaps and is lost."""

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from bot.preferences import Nudging, Preferences
from sandbox.person import Person
from tests.office import Office

AES = ("Ana Lima", "Tom Becker", "Keiko Mori")
CSMS = ("Ben Okafor", "Mia Chen", "Sofía Navarro")
LEADERS = ("Leila Haddad", "Grace Whitfield")
PEOPLE = (*AES, *CSMS, *LEADERS)
MODELS = ("At Close", "At Kickoff", "During Sales", "Phased")
WISHES: tuple[dict[str, Any], ...] = (
    {},
    {"nudging": Nudging.DAILY},
    {"nudging": Nudging.OFF},
    {"any_hour": True},
    {"any_hour": True, "quiet_from": time(21), "quiet_to": time(7, 30)},
    {"workdays": (6, 0, 1, 2), "day_starts": time(7), "day_ends": time(15)},
)
STEPS = {
    *("Alert CS", "First contact made", "Meeting scheduled", "No questions", "Internal meeting held"),
    *("Introduction scheduled", "Introduction prepared", "Introduction done", "Kickoff held", "This phase is over"),
}
MEETINGS = ("Schedule", "Move", "Held", "Introduction done", "No-show", "Call off")


@dataclass
class Lives:
    """What happens in an office, drawn by `seed`."""

    office: Office
    seed: int
    customers: list[str] = field(default_factory=list)
    wishes: list[tuple[datetime, str, Preferences]] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.moves = (
            *(self.starts, self.presses, self.presses, self.presses, self.notes, self.notes, self.waits, self.snoozes),
            *(self.wishes_otherwise, self.passes, self.passes, self.leaps, self.restarts),
            *(self.slack_stumbles, self.slack_stumbles),
            *(self.passes_on, self.changes_the_deal, self.cancels_or_reopens, self.hands_over),
            *(self.asks, self.answers, self.answers, self.meets, self.meets, self.completes),
        )

    async def go_on(self, steps: int) -> None:
        """So many things happen."""
        await self.office.settles_on(
            csms=tuple(self.person(name).id for name in CSMS),
            cs_leader=self.person(LEADERS[0]).id,
            sales_leader=self.person(LEADERS[1]).id,
        )
        for _ in range(3):
            await self.starts()
        for _ in range(steps):
            move = self.random.choice(self.moves)
            self.journal.append(f"{self.office.workspace.clock.now():%a %d %H:%M:%S} {move.__name__}")
            await move()
            await self.office.settles()
        await self.office.goes_on(days=4)  # over any weekend, so that everything is said
        self.ended = self.office.workspace.clock.now()

    def person(self, name: str) -> Person:
        """One of the people."""
        return self.office.person(name)

    def somebody(self) -> Person:
        """Anybody."""
        return self.person(self.random.choice(PEOPLE))

    # -- what happens

    async def starts(self) -> None:
        """A handoff begins: of a signed contract, of a deal, or of neither."""
        if len(self.customers) == 6:
            return
        name = f"Customer {len(self.customers)}"
        today = self.office.workspace.clock.now().date()
        close = {"Expected close date": str(today + timedelta(days=self.random.randint(1, 40)))}
        signed = {"Contract signed on": str(today - timedelta(days=self.random.randint(1, 3)))}
        errors = await self.office.asks_to_start(
            self.person(self.random.choice(AES)),
            **{
                "Company Name": name,
                "Website": f"https://{self.channel(name)}.example",
                "Customer success manager": self.random.choice((None, *CSMS)),
                "Timing model": self.random.choice(MODELS),
            },
            **self.random.choice((close, signed, {})),
        )
        assert errors == {}, errors
        self.customers.append(name)

    async def opens_deadlines(self, who: Person) -> bool:
        """Somebody looks into the deadlines of a handoff, if that person may act on it."""
        return not await who.types(f"/handoff why {self.random.choice(self.customers)}", into="general")

    async def presses(self) -> None:
        """Somebody presses something in the newest message."""
        who = self.somebody()
        messages = [message for message in who.dm().messages if message.buttons]
        if not messages:
            return
        message = self.random.choice(messages[-3:])
        label = self.random.choice(message.buttons)
        if label in STEPS or label.startswith(("Customer answered", "Assign ")):
            await who.clicks(label, into=message)
            await self._tells(who)

    async def snoozes(self) -> None:
        """Somebody wants to hear of it later."""
        who = self.somebody()
        for message in reversed(who.dm().messages):
            if message.offers("Snooze"):
                await who.selects("Snooze", self.random.choice(("1 hour", "Tomorrow morning", "Next workday")), message)
                return

    async def notes(self) -> None:
        """Somebody notes what has happened outside."""
        who = self.somebody()
        if await self.opens_deadlines(who):
            can = [label for label in who.modal.buttons if label in STEPS]
            if can:
                await who.modal.press(self.random.choice(can))
                await self._tells(who)
            await self.closes_all(who)

    async def meets(self) -> None:
        """Somebody schedules or moves a meeting, or says what became of it."""
        who = self.somebody()
        if not await who.types(f"/handoff meetings {self.random.choice(self.customers)}", into="general"):
            can = [label for label in who.modal.buttons if label in MEETINGS]
            if can:
                await who.modal.press(self.random.choice(can))
                await self._tells(who)
        await self.closes_all(who)

    async def completes(self) -> None:
        """Somebody completes a handoff, if it is ready, or says how its document was."""
        who, customer = self.somebody(), self.random.choice(self.customers)
        word = self.random.choice(("complete", "complete", "feedback"))
        if not await who.types(f"/handoff {word} {customer}", into="general") and who.modal.submit_label:
            await who.modal.submit()
        await self.closes_all(who)

    async def _tells(self, who: Person) -> None:
        """Where a form asks how it went, or why, somebody says so."""
        for label in who.modal.labels() if who.modals else ():
            if label in ("Notes", "Why before the introduction", "Why it counts all the same"):
                who.modal.fill(label, "So it was.")
        if who.modals and who.modal.labels():
            await who.modal.submit()
        await self.closes_all(who)

    async def waits(self) -> None:
        """Somebody waits on the customer, or no longer."""
        who = self.somebody()
        if not await self.opens_deadlines(who):
            return
        modal = who.modal
        if "Customer answered" in modal.buttons and self.random.random() < 0.5:
            await modal.press("Customer answered")
        elif count := modal.buttons.count("Waiting on customer"):
            await modal.press("Waiting on customer", nth=self.random.randrange(count))
            day = self.office.workspace.clock.now() + timedelta(days=self.random.randint(2, 9))
            who.modal.fill("What are you waiting for?", "Their lawyers")
            who.modal.fill("Look again on", day.date())
            assert await who.modal.submit() == {}
        await who.modal.close(everything=True)

    async def passes_on(self) -> None:
        """Somebody says whose it is."""
        who = self.somebody()
        if await self.opens_deadlines(who):
            if count := who.modal.buttons.count("Reassign"):
                await who.modal.press("Reassign", nth=self.random.randrange(count))
                who.modal.fill("Who should do it?", self.random.choice(PEOPLE))
                if await who.modal.submit():
                    await who.modal.close()
            await who.modal.close(everything=True)

    async def wishes_otherwise(self) -> None:
        """Somebody settles reminders otherwise, or is away for some days."""
        who, now = self.somebody(), self.office.workspace.clock.now()
        wish = dict(self.random.choice(WISHES))
        if self.random.random() < 0.4:
            wish |= {"away_until": now.date() + timedelta(days=self.random.randint(2, 5))}
            wish |= {"cover": self.person(self.random.choice([name for name in PEOPLE if name != who.name])).id}
        settled = Preferences(**wish)
        self.wishes.append((now, who.id, settled))
        await self.office.baton.store.commit(self.office.baton.team, lambda work: work.prefer(who.id, settled))

    async def changes_the_deal(self) -> None:
        """The close moves, or the handoff passes otherwise."""
        who, now = self.somebody(), self.office.workspace.clock.now()
        if await who.types(f"/handoff deal {self.random.choice(self.customers)}", into="general"):
            return
        who.modal.fill("Expected close date", now.date() + timedelta(days=self.random.randint(1, 40)))
        who.modal.fill("Timing model", self.random.choice(MODELS))
        await who.modal.submit()
        if who.modals and self.random.random() < 0.8:
            await who.modal.submit()  # it asked whether these deadlines shall move
        await self.closes_all(who)

    async def cancels_or_reopens(self) -> None:
        """A deal is lost, or comes back."""
        who, customer = self.somebody(), self.random.choice(self.customers)
        if self.random.random() < 0.7:
            await who.types(f"/handoff reopen {customer}", into="general")
        elif not await who.types(f"/handoff cancel {customer}", into="general"):
            who.modal.fill("Reason", "Deal lost")
            await who.modal.submit()
        await self.closes_all(who)

    async def hands_over(self) -> None:
        """The CS leader helps: the document is written, sent and accepted."""
        leila, channel = self.person(LEADERS[0]), self.channel(self.random.choice(self.customers))
        if channel in leila.channels() and "Submit for review" in self.office.card(leila, channel).buttons:
            await self.office.submits(leila, channel)
            await self.closes_all(leila)  # where nobody is named to review it
            if "Accept" in self.office.card(leila, channel).buttons:
                await self.office.accepts(leila, channel)

    async def asks(self) -> None:
        """Somebody would like to know something, of the AE or of somebody else."""
        who = self.somebody()
        if not await who.types(f"/handoff ask {self.random.choice(self.customers)}", into="general"):
            who.modal.fill("Your question", f"What about {self.random.randint(1, 9999)}?")
            who.modal.fill("Who should answer", self.random.choice(PEOPLE))
            await who.modal.submit()
        await self.closes_all(who)

    async def answers(self) -> None:
        """Somebody answers, passes on or asks again."""
        who = self.somebody()
        if not await who.types(f"/handoff questions {self.random.choice(self.customers)}", into="general"):
            can = [label for label in who.modal.buttons if label in ("Answer", "Pass it on", "Ask again")]
            if can:
                label = self.random.choice(can)
                await who.modal.press(label)
                if self._says(who, label):
                    await who.modal.submit()
        await self.closes_all(who)

    def _says(self, who: Person, pressed: str) -> bool:
        """Whether that person may, and what was pressed asks for something."""
        asked_for = who.modal.labels()
        for label in asked_for:
            who.modal.fill(label, self.random.choice(PEOPLE) if pressed == "Pass it on" else "Just so.")
        return bool(asked_for)

    @staticmethod
    def channel(customer: str) -> str:
        """The customer's channel."""
        return f"handoff-{customer.lower().replace(' ', '-')}"

    async def closes_all(self, who: Person) -> None:
        """Nothing stays open."""
        if who.modals:
            await who.modal.close(everything=True)

    async def passes(self) -> None:
        """Time passes, and Baton is awake."""
        await self.office.goes_on(hours=self.random.choice((1, 5, 12, 26)))

    async def leaps(self) -> None:
        """Baton slept, or its clock was wrong."""
        await self.office.later(hours=self.random.choice((-1, 1, 3, 16, 70)))

    async def restarts(self) -> None:
        """Baton goes home for a while."""
        await self.office.closes()
        self.office.workspace.clock.move(timedelta(hours=self.random.choice((0, 1, 9, 40))))
        await self.office.opens()
        await self.office.later(seconds=1)

    async def slack_stumbles(self) -> None:
        """Slack does not take the next message, or takes it and does not say so; then time passes."""
        kind = self.random.choice(("429", "500", "drop_after", "500_after"))
        options = {"retry_after": 20} if kind == "429" else {}
        self.office.workspace.faults.add("chat.postMessage", kind, times=2, **options)
        await self.passes()
