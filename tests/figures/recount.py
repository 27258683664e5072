"""The figures once more, in plain Python over the exported history and what the CRM told: by the definitions alone."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, inf
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.calendars import Calendar
from bot.customers import customer_key, web_domain
from bot.periods import Period

CLOCKS = ("wall", "wall_unpaused", "working", "working_unpaused")
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_FAR = timedelta(days=90)  # a signature and a close that lie further apart are two deals
_CONTACTS = ("first_contact", "introduction_done", "kickoff_held")
_HELD = {"internal": "internal_meeting_held", "introduction": "introduction_done"}
Pair = tuple[datetime, datetime]


class Entry(NamedTuple):
    """One row of the exported history: `data` is JSON. Of the kind "crm" it is what the CRM told; no handoff then."""

    handoff: int
    kind: str
    at: datetime
    data: str


@dataclass
class Story:
    """A handoff as its history tells it."""

    id: int
    customer: str = ""
    website: str = ""
    ae: str = ""
    csm: str = ""
    segment: str = ""
    timing: str = ""
    named_at: datetime | None = None
    signed_at: datetime | None = None
    submitted_at: datetime | None = None
    is_with_cs: bool = False  # the document: sent, and neither returned nor begun anew
    accepted_at: datetime | None = None  # None again when it was cancelled
    document: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_cancelled: bool = False
    completed_at: datetime | None = None
    score: tuple[datetime, int] | None = None
    steps: dict[str, datetime] = field(default_factory=dict)
    planned: dict[str, datetime] = field(default_factory=dict)  # meetings that were not called off
    raised: list[datetime] = field(default_factory=list)
    heard: bool = False
    repeated: list[str] = field(default_factory=list)
    pauses: list[Pair] = field(default_factory=list)
    waiting_since: datetime | None = None
    crm: "Word | None" = None
    waits: dict[str, int] = field(default_factory=dict)  # minutes, by the calendar of whoever owed the contact
    waited: tuple[datetime, datetime] | None = None  # from when until when

    @property
    def closed_at(self) -> datetime | None:
        """The signature; else the CRM's word."""
        return self.signed_at or (self.crm.closed_at if self.crm else None)

    def took_place(self, step: str) -> datetime | None:
        """When it was held: what was held yesterday is often noted today."""
        kinds = [kind for kind, held in _HELD.items() if held == step]
        moments = [self.planned[kind] for kind in kinds if kind in self.planned]
        return min([self.steps[step], *moments]) if step in self.steps else None

    @property
    def contacted_at(self) -> datetime | None:
        """When CS first spoke with the customer."""
        return min((moment for step in _CONTACTS if (moment := self.took_place(step))), default=None)


@dataclass
class Word:
    """What the CRM says of one deal, and whose handoff that is."""

    customer: str
    closed_at: datetime
    website: str = ""
    external_id: str = ""
    ae: str = ""
    csm: str = ""
    segment: str = ""
    story: Story | None = None


class Deal(NamedTuple):
    """What is counted: a handoff, or a deal of the CRM without one."""

    ae: str
    csm: str
    segment: str
    timing: str
    closed_at: datetime | None
    is_crm: bool
    story: Story | None

    @property
    def is_cancelled(self) -> bool:
        """Whether its handoff is."""
        return self.story is not None and self.story.is_cancelled

    @property
    def lived(self) -> Story:
        """What was done for it: nothing where there is no handoff, or only a cancelled one."""
        return Story(0) if self.story is None or self.story.is_cancelled else self.story


def deals_of(
    entries: Iterable[Entry], calendars: Callable[[str], Calendar], contact_rules: Sequence[str]
) -> list[Deal]:
    """Everything that is counted, after all that the history and the CRM told, in the order in which they did."""
    stories: dict[int, Story] = {}
    words: list[Word] = []
    for entry in entries:
        data = json.loads(entry.data)
        if entry.kind == "crm":
            _hear(words, Word(**data | {"closed_at": _moment(data["closed_at"])}))
        else:
            story = stories.setdefault(entry.handoff, Story(entry.handoff))
            _tell(story, entry, data, contact_rules)
        _match(stories.values(), words)
        for story in stories.values():
            _wait(story, calendars)
    told = [
        Deal(one.ae, one.csm, one.segment, one.timing, one.closed_at, one.crm is not None, one)
        for one in stories.values()
    ]
    silent = [one for one in words if one.story is None]
    return told + [Deal(one.ae, one.csm, one.segment, "", one.closed_at, True, None) for one in silent]


# -- what happened


def _tell(story: Story, entry: Entry, data: dict[str, Any], contact_rules: Sequence[str]) -> None:
    was_contacted = story.contacted_at is not None
    if entry.kind in _WAITING:
        if data["deadline"] in contact_rules:
            _WAITING[entry.kind](story, entry.at, data)
    elif entry.kind in _TOLD:
        _TOLD[entry.kind](story, entry.at, data)
    if story.contacted_at and not was_contacted:
        _end_waiting(story, _moment(data["contacted_at"]) if "contacted_at" in data else entry.at)


def _started(story: Story, at: datetime, data: dict[str, Any]) -> None:
    deal = data["deal"]
    story.customer, story.website = deal["company_name"], deal["website"]
    story.segment, story.timing = deal["segment"], deal["timing_model"]
    _owned(story, at, data)


def _owned(story: Story, at: datetime, data: dict[str, Any]) -> None:
    had = story.csm
    story.ae, story.csm = data["ae"], data.get("csm") or ""
    if not story.csm or not had:
        story.named_at = at if story.csm else None


def _saved(story: Story, at: datetime, data: dict[str, Any]) -> None:
    story.document[data["section"]] = data["values"]
    if data["section"] == "company_overview":
        story.customer, story.website = data["values"]["company_name"], data["values"].get("website", "")


def _submitted(story: Story, at: datetime, data: dict[str, Any]) -> None:
    story.submitted_at, story.is_with_cs = at, True


def _scheduled(story: Story, at: datetime, data: dict[str, Any]) -> None:
    story.planned[data["kind"]] = _moment(data["meeting"]["at"])


def _cancelled(story: Story, at: datetime, data: dict[str, Any]) -> None:
    story.is_cancelled, story.is_with_cs, story.accepted_at = True, False, None
    story.planned = {kind: one for kind, one in story.planned.items() if _HELD[kind] in story.steps}


def _reopened(story: Story, at: datetime, data: dict[str, Any]) -> None:
    if story.is_cancelled and not any(step in story.steps for step in _CONTACTS):
        _end_waiting(story, at)
    story.is_cancelled, story.completed_at = False, None


def _repeated(story: Story, at: datetime, data: dict[str, Any]) -> None:
    story.heard = True
    story.repeated += [one for one in data["sections"] if one not in story.repeated]


def _end_waiting(story: Story, at: datetime) -> None:
    if story.waiting_since:
        story.pauses.append((story.waiting_since, at))
    story.waiting_since = None


Tell = Callable[[Story, datetime, dict[str, Any]], Any]
_TOLD: dict[str, Tell] = {
    "HandoffStarted": _started,
    "OwnersChanged": _owned,
    "SectionSaved": _saved,
    "HandoffSubmitted": _submitted,
    "HandoffReturned": lambda story, at, data: setattr(story, "is_with_cs", False),
    "HandoffAccepted": lambda story, at, data: setattr(story, "accepted_at", at),
    "HandoffCancelled": _cancelled,
    "HandoffReopened": _reopened,
    "HandoffCompleted": lambda story, at, data: setattr(story, "completed_at", at),
    "ContractSigned": lambda story, at, data: setattr(story, "signed_at", _moment(data["signed_at"])),
    "DealChanged": lambda story, at, data: story.__dict__.update(segment=data["segment"], timing=data["timing_model"]),
    "StepNoted": lambda story, at, data: story.steps.update({data["step"]: at}),
    "StepTakenBack": lambda story, at, data: story.steps.pop(data["step"], None),
    "MeetingScheduled": _scheduled,
    "MeetingFellThrough": lambda story, at, data: story.planned.pop(data["kind"], None),
    "MeetingHeld": lambda story, at, data: story.steps.update({_HELD[data["kind"]]: at}),
    "FirstContactMade": lambda story, at, data: story.steps.update(first_contact=_moment(data["contacted_at"])),
    "EscalationRaised": lambda story, at, data: story.raised.append(at),
    "CustomerRepeated": _repeated,
    "NothingRepeated": lambda story, at, data: setattr(story, "heard", True),
    "SurveyAnswered": lambda story, at, data: setattr(story, "score", (at, data["score"])),
}
_WAITING: dict[str, Tell] = {
    "WaitingBegan": lambda story, at, data: setattr(story, "waiting_since", story.waiting_since or at),
    "WaitingEnded": lambda story, at, data: _end_waiting(story, at),
}


def _wait(story: Story, calendars: Callable[[str], Calendar]) -> None:
    """How long the customer waited. It is told once, by the calendar of that time, and anew when an end of it moves."""
    start, end = story.closed_at, None if story.is_cancelled else story.contacted_at
    waited = (start, end) if start and end else None
    if waited is None or waited == story.waited:
        story.waited, story.waits = waited, story.waits if waited else {}
        return
    assert start is not None
    assert end is not None
    story.waited = waited
    calendar = calendars(story.csm or story.ae)
    pauses = _within([*story.pauses, *([(story.waiting_since, end)] if story.waiting_since else [])], start, end)
    found = {
        "wall": max(end - start, timedelta()),
        "working": calendar.working_time(start, end),
        "wall_unpaused": sum((until - since for since, until in pauses), timedelta()),
        "working_unpaused": sum((calendar.working_time(since, until) for since, until in pauses), timedelta()),
    }
    found |= {f"{clock}_unpaused": found[clock] - found[f"{clock}_unpaused"] for clock in ("wall", "working")}
    story.waits = {clock: found[clock] // _MINUTE for clock in CLOCKS}


def _within(pauses: Iterable[Pair], start: datetime, end: datetime) -> list[Pair]:
    inside = ((max(since, start), min(until, end)) for since, until in pauses)
    return [(since, until) for since, until in inside if since < until]


# -- what the CRM told


def _hear(words: list[Word], news: Word) -> None:
    """A deal is the same by the CRM's id, else by customer and day; the last word counts."""
    by_id = [one for one in words if news.external_id and one.external_id == news.external_id]
    alike = [one for one in words if _same(one, news) and one.closed_at == news.closed_at]
    open_to = [one for one in alike if not one.external_id or not news.external_id]
    known = next(iter(by_id or open_to), None)
    if known is None:
        words.append(news)
        return
    for name in ("customer", "closed_at", "website", "external_id", "ae", "csm", "segment"):
        if value := getattr(news, name):
            setattr(known, name, value)


def _match(stories: Iterable[Story], words: list[Word]) -> None:
    """A deal of the CRM belongs to the handoff of its customer that goes on; once it does, names may change."""
    for word in words:
        if word.story and not word.story.is_cancelled:
            continue
        fits = [one for one in stories if not one.crm and not one.is_cancelled and _same(word, one)]
        near = [one for one in fits if one.signed_at is None or abs(one.signed_at - word.closed_at) <= _FAR]
        if near:
            if word.story:
                word.story.crm = None
            word.story = near[-1]
            word.story.crm = word


def _same(one: "Word | Story", other: "Word | Story") -> bool:
    domains = [web_domain(each.website) if each.website else "" for each in (one, other)]
    return customer_key(one.customer) == customer_key(other.customer) or domains[0] == domains[1] != ""


# -- counting


@dataclass(frozen=True)
class Measure:
    """By what it is measured: `metrics` of the practice as written, the workspace's clock, calendar and zone."""

    metrics: Mapping[str, Any]
    is_working: bool
    office: Calendar
    zone: str
    now: datetime

    def target(self, metric: str) -> dict[str, Any]:
        """What the practice wants of it."""
        found: dict[str, Any] = next(one for one in self.metrics["targets"] if one["id"] == metric)
        return found

    def wanted(self, metric: str, segment: str) -> float:
        """The target of a segment."""
        target = self.target(metric)
        return float(target.get("segments", {}).get(segment, target["target"]))

    def hours(self, segment: str, *, is_working: bool) -> float:
        """Within which a customer should be contacted; a segment's share of the target is that of the working one."""
        target, wanted = self.target("first_contact"), self.wanted("first_contact", segment)
        return target["working_target"] * wanted / target["target"] if is_working else wanted

    def is_due(self, metric: str, deal: Deal) -> bool:
        """Whether it should be done by now."""
        assert deal.closed_at is not None
        if metric == "first_contact":
            hours = self.hours(deal.segment, is_working=self.is_working)
        else:
            hours = self.target(metric)["working_due" if self.is_working else "due"]
        passed = self.now - deal.closed_at
        return (self.office.working_time(deal.closed_at, self.now) if self.is_working else passed) >= hours * _HOUR


def tally(deals: Sequence[Deal], first: date, end: date, by: Measure) -> dict[str, Any]:
    """Every count of the local days from `first` until before `end`."""

    def told(moment: datetime | None) -> bool:
        return moment is not None and _midnight(first, by.zone) <= moment < _midnight(end, by.zone)

    otherwise = replace(by, is_working=not by.is_working)
    of_crm = [one for one in deals if told(one.closed_at)]
    closed = [one for one in of_crm if one.is_crm or not one.is_cancelled]
    introduced = [one.lived for one in deals if told(one.lived.took_place("introduction_done"))]
    scores = [one.lived.score[1] for one in deals if one.lived.score and told(one.lived.score[0])]
    completed = [one.lived for one in deals if told(one.lived.completed_at)]
    documented, met = [one.lived.is_with_cs for one in closed], [_is_met(one) for one in closed]
    contacted = [one.lived.contacted_at is not None for one in closed]
    counts = {
        "closed": len(closed),
        "cancelled": len(of_crm) - len(closed),
        "without_handoff": sum(one.story is None or one.is_cancelled for one in closed),
        "documented": sum(documented),
        "document_not_due": _not_due("document_completion", closed, documented, by),
        "met": sum(met),
        "meeting_not_due": _not_due("meeting_completion", closed, met, by),
        "contacted": sum(contacted),
        "contact_not_due": _not_due("first_contact", closed, contacted, by),
        "contact_not_due_otherwise": _not_due("first_contact", closed, contacted, otherwise),
        **{
            f"{what}_unstarted": sum(by.is_due(metric, one) and (not one.story or one.is_cancelled) for one in closed)
            for what, metric in _CLOSED.items()
        },
        "unnamed_at_close": sum(_is_afterthought(one) for one in closed),
        "introduced": len(introduced),
        "unheard": sum(not one.heard for one in introduced),
        "repeated": sum(bool(one.repeated) for one in introduced),
        "scored": len(scores),
        "points": sum(scores),
        "completed": len(completed),
        "smooth": sum(all(at > (one.completed_at or at) for at in one.raised) for one in completed),
    }
    counts |= {f"within_{clock}": sum(_is_quick(one, clock, by) for one in closed) for clock in CLOCKS}
    names = {section for one in introduced for section in one.repeated}
    return counts | {"sections": {name: sum(name in one.repeated for one in introduced) for name in names}}


_CLOSED = {"document": "document_completion", "meeting": "meeting_completion", "contact": "first_contact"}


def _is_met(deal: Deal) -> bool:
    return deal.lived.took_place("internal_meeting_held") is not None


def _is_afterthought(deal: Deal) -> bool:
    """For some time since the close nobody in CS was named, in a handoff that goes on."""
    if deal.story is None or deal.is_cancelled:
        return False
    named = deal.story.named_at
    return named is None or (deal.closed_at is not None and named > deal.closed_at)


def _is_quick(deal: Deal, clock: str, by: Measure) -> bool:
    limit = by.hours(deal.segment, is_working=clock.startswith("working")) * 60
    return clock in deal.lived.waits and deal.lived.waits[clock] < limit


def _not_due(metric: str, closed: Sequence[Deal], done: Sequence[bool], by: Measure) -> int:
    return sum(not is_done and not by.is_due(metric, one) for one, is_done in zip(closed, done, strict=True))


def spread(deals: Sequence[Deal], first: date, end: date, clock: str, by: Measure) -> dict[str, Any]:
    """How long customers of deals closed then waited: who waits still, though it is due, waits longest of all."""
    start, stop = _midnight(first, by.zone), _midnight(end, by.zone)
    by = replace(by, is_working=clock.startswith("working"))
    closed = [one for one in deals if one.closed_at and start <= one.closed_at < stop]
    counting = [one for one in closed if one.is_crm or not one.is_cancelled]
    waits = sorted(
        float(one.lived.waits[clock]) if one.lived.contacted_at else inf
        for one in counting
        if one.lived.contacted_at or by.is_due("first_contact", one)
    )
    ranked = {name: waits[ceil(len(waits) * share) - 1] if waits else inf for name, share in _RANKS.items()}
    counts = {"n": len(waits), "waiting": waits.count(inf), "within": sum(_is_quick(one, clock, by) for one in closed)}
    return counts | {name: None if value == inf else int(value) for name, value in ranked.items()}


_RANKS = {"median": 0.5, "ninetieth": 0.9}


def figures(deals: Sequence[Deal], first: date, end: date, by: Measure, segment: str = "") -> dict[str, dict[str, Any]]:
    """The six: what they come to, of how many, and whether that is as the handbook wants it."""
    count = tally(deals, first, end, by)
    clock = "working" if by.is_working else "wall"
    waited = spread(deals, first, end, clock, by)
    lines: dict[str, tuple[int, int]] = {
        "document_completion": (count["documented"], count["closed"] - count["document_not_due"]),
        "meeting_completion": (count["met"], count["closed"] - count["meeting_not_due"]),
        "first_contact": (waited["within"], waited["n"]),
        "repeat_rate": (count["repeated"], count["introduced"]),
        "satisfaction": (count["points"], count["scored"]),
        "smooth_transition": (count["smooth"], count["completed"]),
    }
    values = {name: 100 * hits / n if n else None for name, (hits, n) in lines.items()}
    share = values["first_contact"]
    values["satisfaction"] = count["points"] / count["scored"] if count["scored"] else None
    values["first_contact"] = None if waited["median"] is None else waited["median"] / 60
    found = {}
    for name, (hits, n) in lines.items():
        wanted = by.wanted(name, segment)
        if name == "first_contact":
            is_good = share is not None and share >= by.target(name).get("share", 90)
            wanted = by.hours(segment, is_working=by.is_working)
        else:
            is_good = _is_good(name, values[name], wanted)
        enough = n >= by.metrics["enough"]
        if name == "repeat_rate" and is_good:  # silence is no good news
            spoken = n - count["unheard"]
            enough = spoken >= by.metrics["enough"] and 100 * spoken >= by.target(name).get("share", 90) * n
        verdict = ("on_target" if is_good else "off_target") if enough else "not_enough"
        found[name] = {"n": n, "hits": hits, "value": values[name], "target": wanted, "verdict": verdict}
    return found


def _is_good(name: str, value: float | None, wanted: float) -> bool:
    """100 %, 0 %, and more than 4.5 or 90, where there can be more."""
    if value is None:
        return False
    more = value > wanted or value == wanted == {"satisfaction": 5}.get(name, 100)
    return {"repeat_rate": value <= wanted, "satisfaction": more, "smooth_transition": more}.get(name, value >= wanted)


def champions_assumed(deals: Sequence[Deal], period: Period) -> int:
    """Documents that CS accepted though they name no champion."""
    accepted = [one.story.document for one in deals if one.story and _told(one.story.accepted_at, period)]
    named = [said.get("relationship_history", {}).get("champion") for said in accepted]
    people = [said.get("stakeholders", {}).get("stakeholders", []) for said in accepted]
    roles = [[row.get("role") for row in rows] for rows in people]
    return sum(not name and "End User Champion" not in some for name, some in zip(named, roles, strict=True))


def copies(deals: Sequence[Deal], period: Period) -> int:
    """Documents sent whose drivers and outcomes are those of another customer, word for word."""
    with_cs = [(one.story, _words(one.story)) for one in deals if one.story and one.story.is_with_cs]
    telling = [(story, words) for story, words in with_cs if len("".join(words)) >= 40]
    return sum(
        any(words == others and not _same(story, other) for other, others in telling)
        for story, words in telling
        if _told(story.submitted_at, period)
    )


def _words(story: Story) -> list[str]:
    bought, success = (story.document.get(name, {}) for name in ("why_they_bought", "success_criteria"))
    texts = [row["driver"] for row in bought.get("primary_business_drivers", [])]
    texts += [row.get(column, "") for row in success.get("outcomes", []) for column in ("outcome", "metric")]
    plain = "".join(letter if letter.isalnum() else " " for letter in " ".join(texts).casefold())
    return sorted(plain.split())


def _told(moment: datetime | None, period: Period) -> bool:
    start, end = _midnight(period.first, period.zone), _midnight(period.end, period.zone)
    return moment is not None and start <= moment < end


def well_scored(deals: Sequence[Deal], first: date, end: date, by: Measure) -> int:
    """How many customers were as satisfied as the target of their segment wants."""
    start, stop = _midnight(first, by.zone), _midnight(end, by.zone)
    scored = [(one, one.lived.score[1]) for one in deals if one.lived.score and start <= one.lived.score[0] < stop]
    return sum(_is_good("satisfaction", score, by.wanted("satisfaction", one.segment)) for one, score in scored)


def before(first: date, end: date) -> tuple[date, date]:
    """As long before; of whole months as many months."""
    if first.day == end.day == 1:
        months = (end.year - first.year) * 12 + end.month - first.month
        number = first.year * 12 + first.month - 1 - months
        return date(number // 12, number % 12 + 1, 1), first
    return first - (end - first), first


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
