"""Two years of made-up customers of which the right figures are known: every week is like every other, but some."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import yaml
from sqlalchemy import insert

from bot import documents, escalations, meetings
from bot.completion import FeedbackGiven, HandoffCompleted
from bot.deadlines import follow
from bot.events import (
    BATON,
    ContractSigned,
    Event,
    HandoffAccepted,
    HandoffCancelled,
    HandoffReturned,
    HandoffStarted,
    HandoffSubmitted,
    OwnersChanged,
    StepNoted,
)
from bot.handoffs import Deal, Handoff, Stage
from bot.imports import Closed
from bot.records import Meeting, MeetingKind, Severity
from bot.reminders import DeadlineMissed, WaitingBegan, WaitingEnded
from bot.surveys import CustomerRepeated, NothingRepeated, SurveyAnswered
from bot.timing import Fact
from bot.values import Value, Values
from store import records, statements
from store.deals import learn
from store.tables import history
from store.work import Work
from tests.examples import ROOT

WEEKS, A_WEEK = 104, 20
BAD = range(60, 73)  # weeks: a quarter in which much was sold, and few handoffs were started
SLOW = (8, 12)  # months in which every second deal is missing
SEGMENTS, TIMINGS = ("smb", "mid_market", "enterprise"), ("at_close", "at_kickoff", "during_sales", "phased")
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_WEEK = 7 * _DAY
_MOMENT = timedelta(minutes=1)  # after which Baton asks again
_NOTICED = 60 * _DAY  # since the close: of older deals only what is told of them was late
_AHEAD = 10 * _DAY  # of the close a handoff is started
_FADE = {"at_close": (14,), "at_kickoff": (7, 14), "during_sales": (14,), "phased": (7, 14)}  # days, while it goes on
_FIRST = "Amber Birch Cobalt Delta Ember Falcon Garnet Harbor Indigo Juniper Kestrel Lumen Maple Nimbus Ochre Prairie"
_FIRST += " Quartz Raven Sable Tundra Umbra Vertex Willow Xenon Yarrow Zephyr Aurora Beacon Cedar Drift Everest Fjord"
_SECOND = "Foods Labs Motors Robotics Textiles Energy Travel Media Optics Health Marine Logistics Paper Games Steel"
_SECOND += " Credit Furniture Aviation Schools Farms Chemicals Cloud Bikes Toys Dental Solar Glass Hotels Music Tools"


@dataclass(frozen=True)
class Cast:
    """Who sells and who takes over, by team. The customers of the team `APAC` wait for four days."""

    aes: Mapping[str, Sequence[str]]
    csms: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sold:
    """A deal: the `place` in its week says what becomes of it."""

    week: int
    place: int
    closed_at: datetime
    team: str
    ae: str
    csm: str

    @property
    def customer(self) -> str:
        """A name that no other customer has."""
        first, second = _FIRST.split(), _SECOND.split()
        pair, round_ = (
            divmod((WEEKS + 2 - self.week) * A_WEEK + self.place, len(first))[::-1],
            ("", " Group", " Partners"),
        )
        return f"{first[pair[0]]} {second[pair[1] % len(second)]}{round_[pair[1] // len(second)]}"

    @property
    def has_handoff(self) -> bool:
        """Whether somebody started one."""
        return self.place < (11 if self.week in BAD else 19)

    @property
    def segment(self) -> str:
        """Of three."""
        return SEGMENTS[self.place % 3]

    @property
    def timing(self) -> str:
        """Of four."""
        return TIMINGS[self.place % 4]


def sold(cast: Cast, end: datetime, weeks: int = WEEKS, places: Sequence[int] = range(A_WEEK)) -> Iterator[Sold]:
    """The deals of that many weeks and of the next two, the oldest first: those that are still to close, too."""
    monday = (end - end.weekday() * _DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    for week in range(weeks + 2):
        begins = monday - (weeks - week) * _WEEK
        is_slow = begins.month in SLOW and week not in BAD
        for place in sorted(places, key=lambda one: one % 4):
            closed_at = begins + place % 4 * _DAY + (9 + place % 7) * _HOUR
            if not (is_slow and place % 2 == 0):
                team = "APAC" if place in (4, 5) else "Americas" if 6 <= place <= 12 else "EMEA"
                aes, csms = cast.aes[team], cast.csms[team]
                yield Sold(
                    week, place, closed_at, team, aes[(week + place) % len(aes)], csms[(week + place) % len(csms)]
                )


# -- what becomes of them


def life(one: Sold, leader: str, playbook: str) -> list[Event]:
    """Everything that happens to its handoff, in order."""
    closed = one.closed_at
    deal = Deal(
        company_name=one.customer,
        website=f"https://{one.customer.lower().replace(' ', '-')}.example",
        segment=one.segment,
        contract_value=str(12_000 + 7_000 * one.place),
        currency="EUR",
        timing_model=one.timing,
        expected_close=closed.date(),
    )
    is_afterthought = one.place == 10
    csm = None if is_afterthought else one.csm
    begun = HandoffStarted(by=one.ae, at=closed - _AHEAD, playbook=playbook, deal=deal, ae=one.ae, csm=csm)
    told: list[Event] = [begun, ContractSigned(by=one.ae, at=closed, signed_at=closed)]
    if one.place == 18:
        return [*told, HandoffCancelled(by=one.ae, at=closed + 30 * _HOUR, reason="deal_lost", words="They withdrew.")]
    if is_afterthought:
        told.append(OwnersChanged(by=leader, at=closed + 3 * _HOUR, ae=one.ae, csm=one.csm, se=None))
    return sorted([*told, *_document(one), *_meetings(one), *_contact(one), *_end(one)], key=lambda event: event.at)


def _document(one: Sold) -> Iterator[Event]:
    sent = one.closed_at + (30 if one.place == 7 else 6) * _HOUR
    if one.place == 7:
        yield DeadlineMissed(by=BATON, at=one.closed_at + _DAY, deadline="complete_document")
    yield HandoffSubmitted(by=one.ae, at=sent, number=1)
    if one.place == 9:
        words, gaps = "Who signs off the security review?", ("stakeholders.stakeholders",)
        yield HandoffReturned(by=one.csm, at=sent + 4 * _HOUR, reason="missing", words=words, gaps=gaps)
        yield HandoffSubmitted(by=one.ae, at=sent + 8 * _HOUR, number=2)
    yield HandoffAccepted(by=one.csm, at=sent + 12 * _HOUR)


def _meetings(one: Sold) -> Iterator[Event]:
    for kind, after in ((MeetingKind.INTERNAL, 2 * _DAY), (MeetingKind.INTRODUCTION, _WEEK)):
        if kind is MeetingKind.INTERNAL and one.place == 17:
            continue
        at = one.closed_at + after
        meeting = Meeting(
            kind=kind, uid=f"{kind}-{one.week}-{one.place}@baton", at=at, minutes=30, attendees=(one.ae, one.csm)
        )
        yield meetings.MeetingScheduled(by=one.ae, at=one.closed_at + 44 * _HOUR, kind=kind, meeting=meeting)
        yield meetings.MeetingHeld(by=one.ae, at=at + _HOUR, kind=kind)
    yield StepNoted(by=one.csm, at=one.closed_at + 60 * _HOUR, step=Fact.INTRODUCTION_PREPARED)
    for days in _FADE[one.timing]:
        yield StepNoted(by=one.ae, at=one.closed_at + _WEEK + days * _DAY - _HOUR, step=Fact.PHASE_OVER)


def _contact(one: Sold) -> Iterator[Event]:
    """After 20 hours; late at some customers, and at all of one team."""
    rule, closed = "first_contact", one.closed_at
    hours = 96 if one.team == "APAC" else 60 if one.place in (8, 15, 16) else 20
    if one.place == 8:
        until = closed + 44 * _HOUR
        yield WaitingBegan(by=one.csm, at=closed + _DAY - 4 * _HOUR, deadline=rule, reason="On holiday", until=until)
        yield WaitingEnded(by=one.csm, at=until, deadline=rule)
    elif hours > 48 or one.place == 14:
        yield DeadlineMissed(by=BATON, at=closed + 2 * _DAY, deadline=rule)
    if one.place != 14:  # nobody writes to that customer before the introduction
        at = closed + hours * _HOUR
        cold = "They asked" if one.place in (4, 13) else ""
        yield meetings.FirstContactMade(by=one.csm, at=at, contacted_at=at, way=meetings.Way.CALL, cold=cold)


def _end(one: Sold) -> Iterator[Event]:
    by, closed = one.csm, one.closed_at
    if one.place in (12, 13):
        sections = ("why_they_bought", "technical_context")[: one.place - 11]
        yield CustomerRepeated(by=by, at=closed + 8 * _DAY, sections=sections, words="What they had told us in May")
    elif one.place not in (7, 17):  # of those nobody says it
        yield NothingRepeated(by=by, at=closed + 8 * _DAY)
    if one.place == 11:
        what, at = "The import was promised for May; it comes in July.", closed + 9 * _DAY
        raised = escalations.EscalationRaised(by=by, at=at, escalation=1, what=what, severity=Severity.HIGH, told=())
        outcome = "They agreed to July."
        yield raised
        yield escalations.EscalationClosed(by=one.ae, at=at + _DAY, escalation=1, what=what, outcome=outcome)
    if one.place < 10:
        yield SurveyAnswered(by=by, at=closed + 21 * _DAY, score=5 if one.place < 6 else 4 if one.place < 9 else 3)
    yield HandoffCompleted(by=by, at=closed + 28 * _DAY)
    missing = ("technical_context",) if one.place == 12 else ()
    yield FeedbackGiven(
        by=by, at=closed + 58 * _DAY, missing=missing, words="No word of their sign-on." if missing else ""
    )


# -- written down


def lay(work: Work, deals: Sequence[Sold], leader: str, end: datetime) -> list[Handoff]:
    """Write down what had happened to them by `end`, owing Slack nothing; the handoffs that go on."""
    papers = _documents()
    going_on = []
    for one in deals:
        if one.has_handoff and one.closed_at - _AHEAD <= end:
            handoff = _write(work, one, leader, end, _paper(one, papers))
            going_on += [handoff] if handoff.stage not in (Stage.COMPLETED, Stage.CANCELLED) else []
    unstarted = [one for one in deals if not one.has_handoff and one.closed_at <= end]
    if unstarted:
        learn(
            work.connection,
            work.team,
            *(Closed(one.customer, one.closed_at, ae=one.ae, segment=one.segment) for one in unstarted),
        )
    return going_on


def _write(work: Work, one: Sold, leader: str, end: datetime, paper: Mapping[str, Values]) -> Handoff:
    first, *rest = [event for event in life(one, leader, work.playbook_digest) if event.at <= end]
    assert isinstance(first, HandoffStarted)
    playbook = work.playbook()
    told: list[tuple[Event, Handoff]] = [(first, follow(first, first.begin(0), playbook))]

    def happen(event: Event | None) -> None:
        if event:
            told.append((event, follow(event, told[-1][1], playbook)))

    def notice(until: datetime) -> None:
        """Baton asks at their time what the deadlines mean."""
        now = told[-1][0].at
        while watches := [w for w in work.watches(told[-1][1]) if (at := w.look_again(now)) and at < until]:
            now, watch = min(((w.look_again(now) or now, w) for w in watches), key=lambda one: one[0])
            happen(watch.event(now))
            now += _MOMENT

    if end - one.closed_at < 28 * _DAY:  # who looks at it wants to read something
        for section, values in paper.items():
            kept = told[-1][1].content(section).values
            happen(documents.save_values(told[-1][1], section, {**values, **kept}, by=one.ae, now=first.at))
    for event in rest:
        if end - one.closed_at < _NOTICED:
            notice(event.at)
        is_known = isinstance(event, DeadlineMissed) and told[-1][1].awaited[event.deadline].missed_at
        happen(None if is_known else event)
    if end - one.closed_at < _NOTICED:
        notice(end + _MOMENT)
    row = records.of_handoff(work.team, told[-1][1], told[-1][0].at)
    key = work.connection.execute(statements.ADD_HANDOFF, row).inserted_primary_key
    assert key
    handoff = told[-1][1].model_copy(update={"id": int(key[0])})
    rows = [records.of_event(work.team, event, after.model_copy(update={"id": handoff.id})) for event, after in told]
    work.connection.execute(insert(history), rows)
    work.watch(handoff, end)
    work.count(handoff)
    return handoff


def _paper(one: Sold, papers: Sequence[Mapping[str, Values]]) -> Mapping[str, Values]:
    """What its AE wrote: in the customer's own words, but at place 17; with a champion, but at place 0."""
    brightwater, kestrel, _ = papers
    if one.place == 17:
        return brightwater
    paper = kestrel if one.place == 0 else papers[(one.week + one.place) % len(papers)]
    bought, history = paper["why_they_bought"], paper["relationship_history"]
    drivers = bought["primary_business_drivers"]
    own = [row | {"driver": f"{one.customer}: {row['driver']}"} for row in drivers if isinstance(row, dict)]
    nobody: Values = {name: value for name, value in history.items() if one.place or not name.startswith("champion")}
    return {**paper, "why_they_bought": {**bought, "primary_business_drivers": own}, "relationship_history": nobody}


def _documents() -> list[dict[str, Values]]:
    """Those of the local workspace's customers, without who the customer is."""
    found = []
    for path in sorted((ROOT / "sandbox/customers").glob("*.yml")):
        document = yaml.safe_load(path.read_text("utf-8"))["document"]
        found.append(
            {section: {name: _stored(value) for name, value in values.items()} for section, values in document.items()}
        )
    return found


def _stored(value: object) -> Value:
    if isinstance(value, list):
        return [{"id": str(n)} | {key: str(text) for key, text in row.items()} for n, row in enumerate(value, 1)]
    return str(value)
