"""Handoffs to judge and to draw: an empty one, the typical ones of the local workspace, and hostile ones."""

# ruff: noqa: RUF001  (names in many scripts)

import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot import captures, completion, escalations, events, meetings, promises, questions, reminders, surveys
from bot.colleagues import Colleagues
from bot.deadlines import follow
from bot.documents import save_values
from bot.events import (
    ChannelOpened,
    ContractSigned,
    Event,
    HandoffAccepted,
    HandoffCancelled,
    HandoffReturned,
    HandoffStarted,
    HandoffSubmitted,
)
from bot.handoffs import Deal, Handoff, Stage
from bot.playbook import MAX_ROWS, Kind, Playbook, PlaybookField, Section
from bot.preferences import Preferences
from bot.records import CaptureKind, Decision, Meeting, MeetingEnd, MeetingKind, Severity, Verdict
from bot.teams import ChannelEnd, Person, Team
from bot.timing import Fact
from bot.values import Value, Values

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
AE, CSM, SE, CS_LEADER, SALES_LEADER, STRANGER = "U0AE", "U0CSM", "U0SE", "U0CSLEAD", "U0SALES", "U0STRANGER"
TEAM = Team(aes=(AE,), csms=(CSM, "U0CSM2"), cs_leader=CS_LEADER, sales_leader=SALES_LEADER)

PLAYBOOK = Playbook.load(yaml.safe_load((ROOT / "playbook.yml").read_text("utf-8")))

# What people type to break things, or by accident.
HOSTILE = (
    "<!channel> <!here> <@U0TYPED> <https://evil.example|click> &amp; *_~` # 1. - | ../../x [a](b) <b>x</b> "
    "![](@U0TYPED) 😀👩‍💻 \u202eשלום עולם مرحبا :tada: {{x}} %s \\ \t"
)


def section(name: str) -> Section:
    """A section of the playbook."""
    found = PLAYBOOK.section(name)
    assert found
    return found


def starts(**known: Any) -> HandoffStarted:
    """An AE starts the handoff of Acme."""
    deal = {"company_name": "Acme GmbH", "website": "https://acme.example", "segment": "smb", "contract_value": "84000"}
    deal |= {"currency": "USD", "timing_model": "at_close"}
    people = {role: known.pop(role) for role in ("ae", "csm", "se") if role in known}
    owners = {"ae": AE, "csm": CSM} | people
    return HandoffStarted(by=AE, at=NOW, playbook="p1", deal=Deal.model_validate(deal | known), **owners)


def empty(**known: Any) -> Handoff:
    """A handoff as it begins."""
    event = starts(**known)
    return follow(event, event.begin(1), PLAYBOOK)


def after(handoff: Handoff, *events: Event | None, playbook: Playbook = PLAYBOOK) -> Handoff:
    """The handoff after these events, with its deadlines."""
    for event in events:
        handoff = follow(event, handoff, playbook) if event else handoff
    return handoff


def colleagues(
    *people: Person, team: Team = TEAM, settled: Mapping[str, Preferences] | None = None, away: tuple[str, ...] = ()
) -> Colleagues:
    """Everybody around a handoff; who is not among `people` is unknown. `away`: statuses that mean it."""
    known = {person.id: person for person in people}
    return Colleagues(team, known.get, lambda user: (settled or {}).get(user, Preferences()), away)


def written(handoff: Handoff, section: str, **values: Value) -> Handoff:
    """The handoff with these answers in a section, beside those it has."""
    merged = {**handoff.content(section).values, **values}
    return after(handoff, save_values(handoff, section, merged, by=AE, now=NOW))


def complete(**known: Any) -> Handoff:
    """A handoff with everything that review asks for, whatever its segment."""
    handoff = empty(**known)
    for section in PLAYBOOK.sections:
        asked = [field for field in section.fields if field.required]
        values = {field.id: answer(field) for field in asked if field.id not in handoff.content(section.id).values}
        handoff = written(handoff, section.id, **values)
    return handoff


def at(stage: Stage, **known: Any) -> Handoff:
    """A complete handoff that has come to `stage` by its own way."""
    return brought(complete(**known), stage)


def brought(handoff: Handoff, stage: Stage, words: str = "Who signs?") -> Handoff:
    """The handoff brought to `stage`, with `words` where a person says why."""
    if stage is Stage.PREPARING:
        return handoff
    if stage is Stage.CANCELLED:
        return after(handoff, HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words=words))
    handoff = after(handoff, HandoffSubmitted(by=AE, at=NOW, number=1))
    if stage is Stage.RETURNED:
        gaps = tuple(f"{section.id}.{field.id}" for section, field in PLAYBOOK.fields())
        return after(handoff, HandoffReturned(by=CSM, at=NOW, reason="missing", words=words, gaps=gaps))
    if stage is Stage.IN_REVIEW:
        return handoff
    handoff = after(handoff, HandoffAccepted(by=CSM, at=NOW))
    return after(handoff, completed()) if stage is Stage.COMPLETED else handoff


def completed(**known: Any) -> completion.HandoffCompleted:
    """The CSM completes the handoff; its channel is archived a month later."""
    plan = {"channel": ChannelEnd.ARCHIVE, "channel_at": NOW + timedelta(days=30)}
    return completion.HandoffCompleted.model_validate({"by": CSM, "at": NOW, **plan, **known})


def typical() -> dict[str, Handoff]:
    """The customers that a fresh local workspace shows, by name."""
    found = {}
    for path in sorted((ROOT / "sandbox/customers").glob("*.yml")):
        data = yaml.safe_load(path.read_text("utf-8"))
        segment = next(one.id for one in PLAYBOOK.segments if one.label == data["segment"])
        handoff = empty(segment=segment, expected_close=date(2026, 12, 16), se=SE)
        for section, values in data["document"].items():
            handoff = written(handoff, section, **{field: _as_stored(value) for field, value in values.items()})
        found[path.stem] = handoff
    return found


def hostile(length: int = 3000) -> Handoff:
    """Every field as full and as wild as it can be: texts of `length` characters, and all the rows there may be."""
    text = wild(length)
    handoff = empty(segment="enterprise", se=SE, company_name=text, website="https://evil.example/" + "x" * 2900)
    for section in PLAYBOOK.sections:
        handoff = written(handoff, section.id, **{field.id: _worst(field, text) for field in section.fields})
    events = (ContractSigned(by=AE, at=NOW, signed_at=NOW), ChannelOpened(by="baton", at=NOW, channel="C1", name="x"))
    return after(handoff, *events)


def wild(length: int) -> str:
    """Hostile text of exactly `length` characters."""
    return (HOSTILE * (length // len(HOSTILE) + 1))[:length]


def answer(field: PlaybookField) -> Value:
    """An honest answer to `field`."""
    match field.kind:
        case Kind.ROWS:
            return [{"id": "1"} | {column.id: str(answer(column)) for column in field.columns}]
        case Kind.SELECT:
            return PLAYBOOK.options(field)[0]
        case kind:
            return _ANSWERS.get(kind, "As they said")


def life(words: str) -> Iterator[Event]:
    """Everything that can happen to a handoff, once each, with `words` wherever a person types."""
    when = (NOW + timedelta(minutes=minute) for minute in itertools.count())

    def happened(kind: type[Event], /, **facts: Any) -> Event:
        return kind(by=facts.pop("by", AE), at=next(when), **facts)

    yield happened(events.HandoffStarted, playbook="p1", deal=starts(company_name=words).deal, ae=AE, csm=CSM)
    yield happened(events.ContractSigned, signed_at=NOW)
    yield happened(events.DealChanged, segment="smb", timing_model="phased", expected_close=TODAY)
    yield happened(events.OwnersChanged, ae=AE, csm=CSM, se=SE)
    values: Values = {"champion": words, "detractor": words}
    yield happened(
        events.SectionSaved,
        section="relationship_history",
        revision=1,
        values=values,
        changes=tuple(events.Change(field=name, before="", after=words) for name in values),
    )
    yield happened(events.SectionRead, by=CSM, section="relationship_history", revision=1)
    yield happened(events.HandoffSubmitted, number=2)
    yield happened(events.HandoffReturned, by=CSM, reason="missing", words=words, gaps=("stakeholders.stakeholders",))
    yield happened(events.HandoffAccepted, by=CSM)
    yield happened(events.HandoffCancelled, reason="deal_lost", words=words)
    yield happened(events.HandoffReopened)
    yield from (happened(noted, step=Fact.FIRST_CONTACT) for noted in (events.StepNoted, events.StepTakenBack))
    yield from _ask(words, happened)
    yield from _meet(words, happened)
    yield from _promise(words, happened)
    late = {"deadline": "review_document"}
    yield happened(reminders.DeadlineMissed, by=events.BATON, **late)
    yield happened(reminders.Nudged, by=events.BATON, **late, to=CSM, owner=CSM, rung=1)
    yield happened(reminders.Snoozed, **late, until=NOW)
    yield happened(reminders.WaitingBegan, **late, reason=words, until=NOW)
    yield happened(reminders.WaitingEnded, **late)
    yield happened(reminders.DeadlineReassigned, **late, to=SE)
    yield happened(events.ChannelOpened, by=events.BATON, channel="C1", name=words)
    yield happened(events.ChannelRenamed, by=events.BATON, name=words)
    yield happened(events.ChannelTroubled, by=events.BATON, error=words)
    yield happened(events.ChannelRetried, anew=False)
    yield happened(events.InviteRefused, by=events.BATON, person=SE, error=words)
    yield happened(events.CanvasOpened, by=events.BATON, canvas="F1")
    yield happened(events.OwnersChanged, ae=AE, csm=CSM, se=None)
    yield from _capture(words, happened)
    yield from _complete(words, happened)


def _capture(words: str, happened: Callable[..., Event]) -> Iterator[Event]:
    for kind in CaptureKind:
        what = {"row": f"{kind}1", "kind": kind}
        number = 1 if kind is CaptureKind.QUESTION else 0
        link = "https://slack.example/archives/C1/p1"
        yield happened(captures.MessageCaptured, **what, words=words, link=link, question=number)
        yield happened(captures.MessageCaptured, by=CSM, **what, words=words, question=number, is_draft=not number)
        yield happened(captures.CaptureReviewed, **what)
        yield happened(captures.CaptureUndone, **what)


def _complete(words: str, happened: Callable[..., Event]) -> Iterator[Event]:
    silent = {"deadline": "answer_question.1", "is_disappearance": True, "told": SALES_LEADER, "told_at": NOW}
    yield happened(reminders.DeadlineMissed, by=events.BATON, **silent)
    for end, kept in ((ChannelEnd.ARCHIVE, True), (ChannelEnd.ARCHIVE, False), (ChannelEnd.RENAME, False)):
        channel_at = NOW + timedelta(days=30)
        yield happened(completion.HandoffCompleted, by=CSM, channel=end, channel_at=channel_at)
        if kept:
            yield happened(completion.ChannelPutOff, by=events.BATON, channel_at=channel_at)
            yield happened(completion.ChannelKept)
        else:
            name = {"name": words} if end is ChannelEnd.RENAME else {}
            yield happened(completion.ChannelPutAway, by=events.BATON, **name)
    everywhere = tuple(section.id for section in PLAYBOOK.sections)
    for sections in (everywhere[:1], everywhere[:3], everywhere):
        yield happened(surveys.CustomerRepeated, by=CSM, sections=sections, words=words)
    yield happened(surveys.NothingRepeated, by=CSM)
    yield happened(surveys.SurveyAnswered, by=CSM, score=4, words=words)
    yield happened(completion.FeedbackGiven, by=CSM)
    yield happened(completion.FeedbackGiven, by=CSM, missing=everywhere, untrue=everywhere, words=words)


def _ask(words: str, happened: Callable[..., Event]) -> Iterator[Event]:
    about = {"question": 1, "about": "company_overview.industry"}
    yield happened(questions.QuestionAsked, by=CSM, **about, words=words)
    yield happened(questions.QuestionPassed, **about, to=SE)
    yield happened(questions.QuestionAnswered, by=SE, **about, words=words)
    yield happened(questions.QuestionsPrepared, by=CSM, asked=1)


def _meet(words: str, happened: Callable[..., Event]) -> Iterator[Event]:
    for kind in MeetingKind:
        meeting = planned(kind, place=words)
        yield happened(meetings.MeetingScheduled, kind=kind, meeting=meeting)
        moved = meeting.model_copy(update={"at": meeting.at + timedelta(days=1), "sequence": 1})
        for before in (meeting.at, moved.at):  # another time, and the same with other people or elsewhere
            yield happened(meetings.MeetingScheduled, kind=kind, meeting=moved, moved_from=before)
        for end in MeetingEnd:
            yield happened(meetings.MeetingFellThrough, kind=kind, end=end, words=words)
        yield happened(meetings.MeetingHeld, kind=kind, notes=words, decisions=words, override=words)
    yield happened(meetings.FirstContactMade, contacted_at=NOW, way=meetings.Way.EMAIL, cold=words)


def _promise(words: str, happened: Callable[..., Event]) -> Iterator[Event]:
    about = {"row": "a1", "promised": words}
    yield happened(promises.PromiseAssigned, **about, owner=SE)
    for verdict in Verdict:
        yield happened(promises.PromiseJudged, by=CSM, **about, verdict=verdict, words=words)
    for status in promises.ENDINGS:
        yield happened(promises.PromiseEnded, by=CSM, **about, status=status, words=words)
    yield happened(promises.PromiseReopened, **about)
    for number, decision in enumerate((None, *Decision), 1):
        raised = {"escalation": number, "what": words}
        row = "a1" if decision else ""
        told = (CS_LEADER, SALES_LEADER)
        yield happened(escalations.EscalationRaised, **raised, severity=Severity.HIGH, told=told, promise=row)
        yield happened(escalations.EscalationClosed, by=CS_LEADER, **raised, outcome=words, decision=decision)


def planned(kind: MeetingKind = MeetingKind.INTERNAL, **facts: Any) -> Meeting:
    """Half an hour, two days from now, with those who own the handoff."""
    usual = {"uid": f"{kind}-1@baton", "at": NOW + timedelta(days=2), "minutes": 30, "attendees": (AE, CSM)}
    return Meeting.model_validate(usual | {"kind": kind, "remind_at": NOW + timedelta(days=2, minutes=-30)} | facts)


_ANSWERS = {
    Kind.NUMBER: "640",
    Kind.DATE: "2026-12-01",
    Kind.EMAIL: "ana@acme.example",
    Kind.URL: "https://acme.example",
    Kind.CONFIRM: "yes",
    Kind.PERSON: AE,
}


def _worst(field: PlaybookField, text: str) -> Value:
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT | Kind.LINES:
            return text
        case Kind.EMAIL:
            return f"{'x' * 2900}@evil.example"
        case Kind.URL:
            return "https://evil.example/" + "x" * 2900
        case Kind.ROWS:
            row = {column.id: str(_worst(column, text)) for column in field.columns}
            return [{"id": str(number)} | row for number in range(1, MAX_ROWS + 1)]
        case _:
            return answer(field)


def _as_stored(value: Any) -> Value:
    if isinstance(value, list):
        return [{"id": str(n)} | _texts(row) for n, row in enumerate(value, 1)]
    return str(value)


def _texts(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(text) for key, text in row.items()}
