"""What a handoff comes to in the figures: which of the things that are counted were done, and when."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from bot.calendars import Calendar
from bot.documents import rows_of
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.records import MeetingKind
from bot.timing import Fact

_NONE = timedelta(0)
FAR = timedelta(days=90)  # what lies further apart is another deal of the same customer
# What no two customers say in the same words.
_OWN_WORDS = (
    ("why_they_bought", "primary_business_drivers", ("driver",)),
    ("success_criteria", "outcomes", ("outcome", "metric")),
)
_FEW_LETTERS = 40  # under so many they may agree by chance
_WORD = re.compile(r"\w+")
# Where the document names the champion: in a field, or by the role of a stakeholder.
_CHAMPION = ("relationship_history", "champion")
_STAKEHOLDERS, _ROLE, _CHAMPIONS = ("stakeholders", "stakeholders"), "role", "champion"


class Outcome(NamedTuple):
    """A handoff as the figures see it. A cancelled one has done nothing, whatever was done in it."""

    customer: str
    website: str
    ae: str
    csm: str | None
    segment: str
    timing_model: str
    started_at: datetime
    signed_at: datetime | None
    is_cancelled: bool
    csm_named_at: datetime | None
    documented_at: datetime | None = None  # since when a complete document is with CS
    substance: str | None = None  # of that document, the same for two that say the same; None where it says too little
    champion_assumed_at: datetime | None = None  # when CS accepted one that names no champion
    met_at: datetime | None = None  # when the internal meeting was held
    introduced_at: datetime | None = None
    contacted_at: datetime | None = None  # when CS first spoke with the customer
    heard_at: datetime | None = None  # since when it is known whether the customer had to explain something again
    repeated: tuple[str, ...] = ()  # the sections that the customer had to explain again
    scored_at: datetime | None = None
    score: int | None = None  # of the customer's survey, 1 to 5
    completed_at: datetime | None = None
    is_escalated: bool = False  # before it was completed


def outcome_of(handoff: Handoff, playbook: Playbook) -> Outcome:
    """As it stands, on the `playbook` that it began with."""
    plain = Outcome(
        customer=handoff.customer,
        website=handoff.website,
        ae=handoff.ae,
        csm=handoff.csm,
        segment=handoff.segment,
        timing_model=handoff.timing_model,
        started_at=handoff.started_at,
        signed_at=handoff.signed_at,
        is_cancelled=handoff.stage is Stage.CANCELLED,
        csm_named_at=handoff.csm_named_at,
    )
    if plain.is_cancelled:
        return plain
    completed_at = handoff.completion.at if handoff.completion else None
    raised = (one.at for one in handoff.escalations.values())
    is_documented = handoff.stage in (Stage.IN_REVIEW, Stage.ACCEPTED, Stage.COMPLETED)
    return plain._replace(
        documented_at=handoff.submitted_at if is_documented else None,
        substance=_substance(_own_words(handoff)) if is_documented else None,
        champion_assumed_at=handoff.accepted_at if _is_champion_assumed(handoff, playbook) else None,
        met_at=_took_place(handoff, MeetingKind.INTERNAL),
        introduced_at=_took_place(handoff, MeetingKind.INTRODUCTION),
        contacted_at=_contacted_at(handoff),
        heard_at=handoff.heard.at if handoff.heard else None,
        repeated=tuple(dict.fromkeys(section for repeat in handoff.repeats for section in repeat.sections)),
        scored_at=handoff.survey.at if handoff.survey else None,
        score=handoff.survey.score if handoff.survey else None,
        completed_at=completed_at,
        is_escalated=any(completed_at is None or at <= completed_at for at in raised),
    )


def apart(started_at: datetime, signed_at: datetime | None, closed_at: datetime) -> timedelta | None:
    """How well the deal that the CRM calls closed at `closed_at` fits a handoff of the same customer: how far from the
    signature, or before there is one from the start; None where it must be another deal."""
    far = abs(closed_at - (signed_at or started_at))
    is_later = signed_at is None and closed_at > started_at  # it may take long until a deal closes
    return far if is_later or far <= FAR else None


def _own_words(handoff: Handoff) -> tuple[str, ...]:
    rows = ((row, columns) for section, field, columns in _OWN_WORDS for row in rows_of(handoff, section, field))
    return tuple(row[column] for row, columns in rows for column in columns if column in row)


@lru_cache(maxsize=1)  # each change is compared with what was before it, and seldom touches these
def _substance(texts: tuple[str, ...]) -> str | None:
    """The words without their order, case and punctuation, in short."""
    words = sorted(_WORD.findall("\n".join(texts).casefold()))
    if sum(map(len, words)) < _FEW_LETTERS:
        return None
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_champion_assumed(handoff: Handoff, playbook: Playbook) -> bool:
    """Whether CS has accepted a document that names no champion, where the practice asks for one."""
    if not handoff.is_accepted or handoff.text(*_CHAMPION):
        return False
    if any(_CHAMPIONS in row.get(_ROLE, "").casefold() for row in rows_of(handoff, *_STAKEHOLDERS)):
        return False
    people = playbook.field(".".join(_STAKEHOLDERS))
    roles = (role for column in (people.columns if people else ()) if column.id == _ROLE for role in column.options)
    return bool(playbook.field(".".join(_CHAMPION))) or any(_CHAMPIONS in role.casefold() for role in roles)


def _took_place(handoff: Handoff, kind: MeetingKind) -> datetime | None:
    """When it was held: at its planned time, for what was held yesterday is often noted today."""
    done = handoff.steps.get(kind.held)
    meeting = handoff.meetings.get(kind)
    if done is None or meeting is None or meeting.ended:
        return done.at if done else None
    return min(meeting.at, done.at)


def _contacted_at(handoff: Handoff) -> datetime | None:
    """The introduction and the kickoff are contacts too: the first of them counts."""
    steps = (handoff.steps.get(fact) for fact in (Fact.FIRST_CONTACT, Fact.KICKOFF_HELD))
    moments = (_took_place(handoff, MeetingKind.INTRODUCTION), *(done.at for done in steps if done))
    return min((moment for moment in moments if moment), default=None)


@dataclass(frozen=True)
class Wait:
    """How long the customer waited for the first contact: by the clock on the wall and in working time, each with and
    without the time in which CS waited for the customer. No wait is shorter than none."""

    wall: timedelta
    wall_unpaused: timedelta
    working: timedelta
    working_unpaused: timedelta


def wait_of(handoff: Handoff, playbook: Playbook, calendar: Calendar, start: datetime | None) -> Wait | None:
    """From the close (`start`) to the first contact, on the `calendar` of who owed it; None before both are known."""
    end = outcome_of(handoff, playbook).contacted_at
    if start is None or end is None:
        return None
    wall, working = max(_NONE, end - start), calendar.working_time(start, end)
    pauses = [(max(start, since), min(end, until)) for since, until in _pauses(handoff, playbook, end)]
    paused = [(since, until) for since, until in pauses if since < until]
    return Wait(
        wall=wall,
        wall_unpaused=wall - sum((until - since for since, until in paused), _NONE),
        working=working,
        working_unpaused=working - sum((calendar.working_time(since, until) for since, until in paused), _NONE),
    )


def _pauses(handoff: Handoff, playbook: Playbook, end: datetime) -> list[tuple[datetime, datetime]]:
    """When the first contact waited for the customer; the pauses of one deadline never overlap."""
    rules = (rule.id for rule in playbook.rules(handoff.timing_model) if rule.ends_with is Fact.FIRST_CONTACT)
    entry = next((handoff.awaited[rule] for rule in rules if rule in handoff.awaited), None)
    if entry is None:
        return []
    return [*entry.pauses, *([(entry.pause.since, end)] if entry.pause else [])]
