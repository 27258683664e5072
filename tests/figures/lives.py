"""Random lives of handoffs and of the CRM's deals, lived through the same rules as real ones."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot import deals, documents, escalations, meetings, steps, surveys, waits
from bot.events import Event, HandoffReopened
from bot.handoffs import Handoff, Stage
from bot.imports import Closed
from bot.records import MeetingEnd, MeetingKind, Severity
from bot.refusals import Refusal
from bot.timing import Fact
from bot.values import Values
from store.deals import learn, untold
from store.tables import history
from store.work import Work
from tests.examples import AE, CS_LEADER, CSM, completed, starts
from tests.figures.recount import Entry
from tests.happenings import HOUR, accepted, cancelled, deal, owners, returned, submitted

AES, CSMS = (AE, "U0AE2"), (CSM, "U0CSM2", None)
FIRST = datetime(2027, 3, 15, tzinfo=UTC)  # summer time begins two weeks later
SEGMENTS, TIMINGS = ("smb", "mid_market", "enterprise"), ("at_close", "at_kickoff", "during_sales", "phased")


@dataclass(frozen=True)
class Deed:
    """Somebody does something about a customer, some time later."""

    gap: timedelta
    customer: int
    what: str
    number: int


@dataclass
class World:
    """The customers of one workspace, and what has been told of them in order."""

    work: Work
    now: datetime = FIRST
    handoffs: dict[int, list[int]] = field(default_factory=dict)
    heard: list[tuple[int, Entry]] = field(default_factory=list)  # of the CRM, each after so many rows of the history

    def do(self, deed: Deed) -> None:
        """Let it happen; a refusal is what a person would read."""
        self.now += deed.gap
        if deed.what == "crm":
            self._hear(deed.customer, deed.number)
            return
        ids = self.handoffs.setdefault(deed.customer, [])
        handoff = self.work.handoff(ids[-1]) if ids else None
        if handoff is None or (deed.what == "again" and handoff.stage is Stage.CANCELLED):
            ids.append(self._start(deed.customer, deed.number))
            return
        try:
            events = DEEDS[deed.what](self.work, handoff, self.now, deed.number)
        except Refusal:
            return
        for event in events:
            handoff = self.work.record(handoff, event)
        self._tell_waits()

    def _start(self, customer: int, number: int) -> int:
        known = {"company_name": f"Customer {customer}", "website": website(customer)}
        known |= {"segment": SEGMENTS[number % 3], "timing_model": TIMINGS[number % 4]}
        event = starts(**known, ae=AES[number % 2], csm=CSMS[number % 3])
        event = event.model_copy(update={"at": self.now, "playbook": self.work.playbook_digest})
        handoff = self.work.start(event)
        for saved in _write(self.work, handoff, self.now, number):
            handoff = self.work.record(handoff, saved)
        return handoff.id

    def _hear(self, customer: int, number: int) -> None:
        """An import: with an id or without, under any of the customer's names, of a day lately."""
        told = Closed(
            customer=NAMES[number % 3].format(customer),
            closed_at=(self.now - timedelta(days=number % 5)).replace(hour=12, minute=0),
            website=website(customer),
            external_id=f"006{customer}",
            ae=AES[number % 2],
            segment=SEGMENTS[number % 3],
        )
        learn(self.work.connection, self.work.team, told)
        self._tell_waits()
        facts = {name: str(value) for name, value in told.__dict__.items()}
        rows = len(self.rows())
        self.heard.append((rows, Entry(0, "crm", self.now, json.dumps(facts))))

    def _tell_waits(self) -> None:
        """As Baton does after an import, and now and then."""
        waits = untold(self.work.connection)
        for handoff_id in [one for team, one in waits if team == self.work.team]:
            self.work.count(self.work.handoff(handoff_id))

    def rows(self) -> list[Entry]:
        """The exported history."""
        columns = (history.c.handoff_id, history.c.kind, history.c.at, history.c.data)
        query = select(*columns).where(history.c.team_id == self.work.team).order_by(history.c.id)
        return [Entry(*row) for row in self.work.connection.execute(query)]

    def told(self) -> list[Entry]:
        """The history and what the CRM said meanwhile, in order."""
        entries = self.rows()
        for count, entry in reversed(self.heard):
            entries.insert(count, entry)
        return entries


# What was said; the same in other letters and another order; something else; nothing to speak of.
DRIVERS = (
    "Dispatchers retype each booking into three systems.",
    "Into three systems – dispatchers retype EACH booking!",
    "A stopped line costs 14,000 EUR an hour, and parts are found by e-mail.",
    "Grow",
)
NAMES = ("Customer {}", "Customer {} GmbH", "Kunde {}")


def website(customer: int) -> str:
    """Of that customer."""
    return f"https://customer{customer}.example"


def _move(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    """The document's own next move."""
    match handoff.stage:
        case Stage.IN_REVIEW:
            return [returned(now) if number % 3 == 0 else accepted(now)]
        case Stage.PREPARING | Stage.RETURNED if handoff.csm:
            return [submitted(handoff.submissions + 1, now)]
        case Stage.PREPARING | Stage.RETURNED:
            return [owners(CSM, handoff.ae, now)]
        case _:
            return []


def _meet(kind: MeetingKind, work: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    """Schedule it, call it off, hold it."""
    plan = work.playbook().meeting(kind)
    seen = meetings.sequence_of(handoff, kind)
    if number % 3 == 0:
        typed = {"minutes": "30", "attendees": AE}
        event = meetings.schedule(handoff, plan, typed, now + number * HOUR, seen=seen, by=AE, now=now)
        return [event] if event else []
    if number % 3 == 1 and meetings.planned(handoff, kind):
        return [meetings.fall_through(handoff, kind, MeetingEnd.CALLED_OFF, "", seen=seen, by=AE, now=now)]
    return [meetings.hold(handoff, kind, {"reason": "They met"}, by=CS_LEADER, is_leader=True, now=now)]


def _note(work: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    wanted = (Fact.KICKOFF_HELD, Fact.INTRODUCTION_DONE, Fact.INTERNAL_MEETING_HELD, Fact.FIRST_CONTACT)
    return [steps.note(wanted[number % 4], handoff, work.playbook(), by=AE, now=now)]


def _take_back(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    noted = steps.noted(handoff)
    return [steps.take_back(noted[number % len(noted)], handoff, by=AE, now=now)] if noted else []


def _contact(work: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    when = now if number % 3 == 0 or not handoff.signed_at else handoff.signed_at + number % 8 * 12 * HOUR
    return [meetings.contact(handoff, work.playbook(), when, "call", "They asked", by=AE, now=now)]


def _wait(work: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    watch = waits.find(work.watches(handoff), "first_contact")
    if watch.entry.pause:
        return [waits.resume(watch, by=AE, now=now)]
    return [waits.wait(watch, "On holiday", now.date() + timedelta(days=2 + number), by=AE, now=now)]


def _escalate(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    return [escalations.escalate(handoff, f"Matter {number}", Severity.HIGH, (), by=CSM, now=now)]


def _complete(_: Work, handoff: Handoff, now: datetime, __: int) -> list[Event]:
    return [completed(at=now)] if handoff.stage is Stage.ACCEPTED else []


def _reopen(work: Work, handoff: Handoff, now: datetime, _: int) -> list[Event]:
    other = work.live_handoff_of(handoff.customer, handoff.website)
    event: HandoffReopened = deals.reopen(handoff, other, by=AE, now=now)
    return [event]


def _rename(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    kept = handoff.content("company_overview").values
    stem = handoff.website.removeprefix("https://customer").removesuffix(".example")
    values = {**kept, "company_name": NAMES[number % 3].format(stem)}
    saved = documents.save_values(handoff, "company_overview", values, by=AE, now=now)
    return [saved] if saved else []


def _write(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    """Why they bought, and whether somebody there is for it."""
    champion: Values = {"champion": "Ruth"} if number % 2 else {}
    role = ("Project Lead", "End User Champion")[number % 5 == 0]
    texts: dict[str, Values] = {
        "why_they_bought": {"primary_business_drivers": [{"id": "1", "driver": DRIVERS[number % len(DRIVERS)]}]},
        "success_criteria": {"outcomes": [{"id": "1", "outcome": "Fewer errors", "metric": "2 %"}][: number % 7]},
        "stakeholders": {"stakeholders": [{"id": "1", "name": "Ruth", "role": role}]},
        "relationship_history": champion,
    }
    saved = (documents.save_values(handoff, section, said, by=AE, now=now) for section, said in texts.items())
    return [event for event in saved if event]


def _say(work: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    """The customer had to repeat something or nothing, or answers the survey."""
    section = work.playbook().sections[number % 4].id
    typed = [{"repeated": section}, {"score": str(1 + number % 5)}, {"nothing": "yes"}][number % 3]
    return surveys.told(handoff, work.playbook(), typed, by=CSM, now=now)


def _deal(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    going_on = handoff.stage not in (Stage.CANCELLED, Stage.COMPLETED)
    return [deal(TIMINGS[number % 4], None, now, SEGMENTS[number % 3])] if going_on else []


def _owners(_: Work, handoff: Handoff, now: datetime, number: int) -> list[Event]:
    csm = CSMS[number % 3]
    event = deals.change_owners(handoff, AES[number % 2], csm, None, by=AE, now=now)
    return [event] if event else []


DEEDS: Mapping[str, Callable[[Work, Handoff, datetime, int], list[Event]]] = {
    "sign": lambda work, handoff, now, number: [
        deals.sign(
            handoff,
            now.date() - timedelta(days=number % 4),
            by=AE,
            now=now,
            today=now.date(),
            zone=work.settings().zone,
        )
    ],
    "move": _move,
    "meet": lambda work, handoff, now, number: _meet(MeetingKind.INTERNAL, work, handoff, now, number),
    "introduce": lambda work, handoff, now, number: _meet(MeetingKind.INTRODUCTION, work, handoff, now, number),
    "note": _note,
    "take back": _take_back,
    "contact": _contact,
    "wait": _wait,
    "escalate": _escalate,
    "complete": _complete,
    "cancel": lambda work, handoff, now, number: [cancelled(now)] if handoff.is_live else [],
    "reopen": _reopen,
    "rename": _rename,
    "write": _write,
    "say": _say,
    "deal": _deal,
    "owners": _owners,
    "again": lambda work, handoff, now, number: [],  # only where the one before is cancelled
}
# Not everything happens equally often: what leads a handoff on has to, or little would ever be counted.
OFTEN = ("sign", "move", "contact", "introduce", "say", "complete", "crm")
WHATS = (*DEEDS, *OFTEN, *OFTEN, "sign", "move", "move", "contact")
