"""Who is suggested as CSM and why, and what goes along when the owners change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from blocks.owners import reason
from bot import questions
from bot.assignments import Suggestion, Tally, assign, suggestions
from bot.consequences import errands_of
from bot.errands import Errand, Kind, Picture
from bot.events import OwnersChanged
from bot.handoffs import Awaited, Handoff, Stage
from bot.owners import merge
from bot.playbook import Playbook
from bot.preferences import Preferences
from bot.records import MeetingKind, Promise, PromiseStatus
from bot.refusals import Refusal
from bot.teams import Person
from tests.bot.test_playbook import changed
from tests.examples import (
    AE,
    CS_LEADER,
    CSM,
    NOW,
    PLAYBOOK,
    SE,
    STRANGER,
    after,
    at,
    colleagues,
    empty,
    planned,
    starts,
    written,
)

BEN, MIA = CSM, "U0CSM2"
NEWCOMER = "U0NEW"
AWAY = Preferences(away_until=date(2099, 1, 1))
NAMELESS = written(empty(csm=None), "company_overview", industry="Logistics")


def person(user: str, name: str, zone: str = "Europe/Berlin", *, deleted: bool = False) -> Person:
    """Somebody in a time zone."""
    return Person(id=user, name=name, tz=zone, deleted=deleted)


PEOPLE = {AE: person(AE, "Ana"), BEN: person(BEN, "Ben"), MIA: person(MIA, "Mia")}


def tally(csm: str, count: int, stage: str = "in_review", segment: str = "smb", alike: int = 0) -> Tally:
    """Some handoffs of a CSM."""
    return Tally(csm, stage, segment, count, alike)


def fitting(
    *tallies: Tally, settled: dict[str, Preferences] | None = None, now: datetime = NOW, **people: Person
) -> list[Suggestion]:
    """Who fits, the best first."""
    known = PEOPLE | {one.id: one for one in people.values()}
    return suggestions(NAMELESS, PLAYBOOK, tallies, colleagues(*known.values(), settled=settled), now)


def order(found: list[Suggestion]) -> list[str]:
    """Their names."""
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("tallies", "names"),
    [
        ((), ["Ben", "Mia"]),  # nothing between them: as setup names them
        ((tally(BEN, 1),), ["Mia", "Ben"]),
        ((tally(BEN, 2, "preparing"), tally(MIA, 2)), ["Ben", "Mia"]),  # what is only prepared is half the work
        (
            (tally(BEN, 3), tally(MIA, 2, segment="enterprise")),
            ["Ben", "Mia"],
        ),  # two big ones are more than three small
        ((tally(BEN, 2), tally(MIA, 2, segment="mid_market")), ["Ben", "Mia"]),
        ((tally(BEN, 9, "completed"), tally(MIA, 1)), ["Ben", "Mia"]),  # what is over is no work any more
        ((tally(BEN, 1, "accepted"), tally(MIA, 9, "completed")), ["Mia", "Ben"]),  # what was accepted goes on
        ((tally(BEN, 1, segment="of a former practice"), tally(MIA, 2)), ["Ben", "Mia"]),
        ((tally(BEN, 1, alike=1), tally(MIA, 1)), ["Ben", "Mia"]),
        ((tally(MIA, 5, "completed", alike=2),), ["Mia", "Ben"]),  # past work counts, however long ago
        ((tally(BEN, 3, alike=1), tally(MIA, 1)), ["Mia", "Ben"]),  # but nobody drowns for it
        ((tally(STRANGER, 0),), ["Ben", "Mia"]),
    ],
)
def test_the_csm_with_the_least_to_do_who_knows_the_industry(tallies: tuple[Tally, ...], names: list[str]) -> None:
    assert order(fitting(*tallies)) == names


@pytest.mark.parametrize(
    ("ben", "mia", "when", "apart", "first"),
    [
        ("Europe/Berlin", "Europe/Paris", NOW, (0, 0), "Ben"),
        ("America/New_York", "Europe/London", NOW, (6, 1), "Mia"),
        ("Asia/Kolkata", "Asia/Kathmandu", NOW, (4.5, 4.75), "Ben"),
        ("Pacific/Kiritimati", "Pacific/Honolulu", NOW, (11, 11), "Ben"),  # the shorter way around the world
        ("America/New_York", "America/Sao_Paulo", datetime(2026, 10, 28, 12, tzinfo=UTC), (5, 4), "Mia"),  # DST differs
        ("Mars/Base", "Europe/Berlin", NOW, (1, 0), "Mia"),
    ],
)
def test_who_works_when_the_ae_works(
    ben: str, mia: str, when: datetime, apart: tuple[float, float], first: str
) -> None:
    found = fitting(ben=person(BEN, "Ben", ben), mia=person(MIA, "Mia", mia), now=when)
    assert order(found)[0] == first
    assert tuple(one.apart for one in sorted(found, key=lambda one: one.name)) == apart


def test_who_is_away_or_gone_is_not_suggested() -> None:
    assert order(fitting(settled={BEN: AWAY})) == ["Mia"]
    assert order(fitting(ben=person(BEN, "Ben", deleted=True))) == ["Mia"]
    assert fitting(settled={BEN: AWAY, MIA: AWAY}) == []


BEN_NOW = Suggestion(BEN, "Ben", "Ana", count=2, load=3, apart=0, industry="Logistics")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (BEN_NOW, "2 open handoffs (load 3), works in the same hours as Ana, has handled Logistics before"),
        (replace(BEN_NOW, load=2, industry=""), "2 open handoffs, works in the same hours as Ana"),
        (replace(BEN_NOW, count=0, load=0, apart=1, industry=""), "no open handoffs, works 1 hour apart from Ana"),
        (
            replace(BEN_NOW, count=1, load=0.5, apart=5.5, industry=""),
            "1 open handoff (load 0.5), works 5.5 hours apart from Ana",
        ),
    ],
)
def test_the_reason_is_one_line_of_words(one: Suggestion, words: str) -> None:
    assert reason(one) == words


def test_a_practice_from_before_there_were_weights_counts_every_handoff_as_one() -> None:
    data = changed(("segments",), [{"id": "smb", "label": "SMB"}, {"id": "enterprise", "label": "Enterprise"}])
    for name in ("workload", "responsibilities"):
        data.pop(name)
    for section in data["sections"]:
        for field in section["fields"]:
            field["required"] = "all" if field.get("required") else []
    playbook = Playbook.load(data)
    tallies = [tally(BEN, 2, "preparing", "enterprise"), tally(MIA, 3, "accepted")]
    found = suggestions(NAMELESS, playbook, tallies, colleagues(*PEOPLE.values()), NOW)
    assert [(one.name, one.load) for one in found] == [("Ben", 2), ("Mia", 3)]
    assert playbook.responsibilities == ()


# -- naming the CSM


def test_the_csm_is_named_once() -> None:
    named = assign(NAMELESS, BEN, by=CS_LEADER, now=NOW)
    assert named
    handoff = after(NAMELESS, named)
    assert (handoff.ae, handoff.csm) == (AE, BEN)
    assert assign(handoff, BEN, by=CS_LEADER, now=NOW) is None  # pressed twice


@pytest.mark.parametrize(
    ("handoff", "csm", "words"),
    [
        (NAMELESS, "", "Choose the CSM."),
        (empty(), MIA, f"<@{BEN}> is the CSM already: somebody was quicker. Change owners names another."),
        (at(Stage.CANCELLED, csm=None), MIA, "This handoff is cancelled. Reopen it before you name other owners."),
    ],
)
def test_why_nobody_is_named(handoff: Handoff, csm: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        assign(handoff, csm, by=CS_LEADER, now=NOW)
    assert refusal.value.words == words


def trio(ae: str | None = AE, csm: str | None = BEN, se: str | None = None) -> dict[str, str | None]:
    """Owners by role."""
    return {"ae": ae, "csm": csm, "se": se}


@pytest.mark.parametrize(
    ("seen", "named", "merged"),
    [
        (trio(), trio(), trio()),
        (trio(), trio(csm=MIA), trio(csm=MIA)),
        (trio(csm=None), trio(csm=None, se=SE), trio(se=SE)),  # somebody named Ben meanwhile: he stays
        (trio(csm=None), trio(), trio()),  # both named Ben
        (trio(ae=STRANGER), trio(ae=STRANGER, se=SE), trio(se=SE)),
    ],
)
def test_what_a_form_did_not_change_stays_as_it_is_now(
    seen: dict[str, str | None], named: dict[str, str | None], merged: dict[str, str | None]
) -> None:
    assert merge(empty(), seen, named) == merged


def test_two_who_name_different_people_do_not_override_each_other() -> None:
    with pytest.raises(Refusal) as refusal:
        merge(empty(), trio(csm=None), trio(csm=MIA))
    assert refusal.value.fields == {
        "csm": f"<@{BEN}> was named while this form was open. Close it and open it again if you mean another."
    }
    with pytest.raises(Refusal, match="Nobody is named any more"):
        merge(empty(csm=None), trio(), trio(csm=MIA))


# -- who comes, who goes, what goes along


def change(handoff: Handoff, /, by: str = CS_LEADER, **roles: Any) -> tuple[Handoff, list[Errand]]:
    """The handoff with other owners, and what follows from that."""
    owners = {"ae": handoff.ae, "csm": handoff.csm, "se": handoff.se} | roles
    event = OwnersChanged.model_validate({"by": by, "at": NOW, **owners})
    changed_one = after(handoff, event)
    return changed_one, list(errands_of(event, handoff, changed_one))


def told(errands: list[Errand], picture: Picture) -> list[str]:
    """Who gets that message."""
    return [errand.about["recipient"] for errand in errands if errand.about.get("picture") == picture]


@pytest.mark.parametrize(
    ("roles", "by", "come", "go"),
    [
        ({"csm": MIA}, CS_LEADER, [MIA], [BEN]),
        ({"csm": MIA}, MIA, [], [BEN]),  # who did it knows
        ({"csm": MIA}, BEN, [MIA], []),
        ({"ae": NEWCOMER, "csm": MIA}, CS_LEADER, [NEWCOMER, MIA], [BEN, AE]),
        ({"se": SE}, AE, [SE], []),
        ({"csm": None}, AE, [], [BEN]),
        ({"ae": BEN, "csm": MIA}, CS_LEADER, [BEN, MIA], [AE]),  # Ben stays, in another part
    ],
)
def test_who_comes_is_told_and_who_goes_is_thanked(
    roles: dict[str, str | None], by: str, come: list[str], go: list[str]
) -> None:
    _, errands = change(empty(), by, **roles)
    assert (told(errands, Picture.ASSIGNED), told(errands, Picture.THANKED)) == (come, go)
    assert {errand.about["person"] for errand in errands if errand.kind is Kind.INVITE} == {
        one for one in roles.values() if one and one not in (AE, BEN)
    }


@pytest.mark.parametrize(
    ("people", "named"),
    [({}, [BEN]), ({"csm": None}, []), ({"csm": AE}, []), ({"ae": MIA, "se": SE}, [MIA, BEN, SE])],
)
def test_who_is_named_at_the_start_is_told_too(people: dict[str, str | None], named: list[str]) -> None:
    event = starts(**people)
    assert told(list(errands_of(event, None, event.begin(1))), Picture.ASSIGNED) == named


def asked_of(to: str | None) -> Handoff:
    """A handoff with one question, passed to somebody."""
    handoff = after(empty(se=SE), questions.QuestionAsked(by=BEN, at=NOW, question=1, about="", words="?"))
    return after(handoff, questions.QuestionPassed(by=AE, at=NOW, question=1, about="", to=to)) if to else handoff


@pytest.mark.parametrize(
    ("to", "roles", "answers", "is_told"),
    [
        (None, {"ae": NEWCOMER}, NEWCOMER, True),
        (None, {"csm": MIA}, AE, False),
        (SE, {"se": NEWCOMER}, NEWCOMER, True),
        (SE, {"se": None}, AE, True),
        (SE, {"ae": NEWCOMER}, SE, False),
        (SE, {"ae": SE, "se": None}, SE, False),
        (STRANGER, {"ae": NEWCOMER}, STRANGER, False),
    ],
)
def test_what_was_asked_of_who_goes_is_asked_of_who_comes(
    to: str | None, roles: dict[str, str | None], answers: str, *, is_told: bool
) -> None:
    handoff, errands = change(asked_of(to), CS_LEADER, **roles)
    assert questions.answers(handoff.questions[1], handoff) == answers
    assert told(errands, Picture.QUESTION) == ([answers] if is_told else [])


@pytest.mark.parametrize(
    ("owner", "ended", "roles", "then"),
    [
        (None, None, {"csm": MIA}, None),  # whoever is the CSM
        (AE, None, {"ae": NEWCOMER}, NEWCOMER),
        (SE, None, {"se": None}, None),
        (AE, None, {"ae": NEWCOMER, "csm": AE}, None),
        (STRANGER, None, {"ae": NEWCOMER}, STRANGER),
        (AE, PromiseStatus.KEPT, {"ae": NEWCOMER}, AE),  # history stays as it was
    ],
)
def test_promises_go_along(
    owner: str | None, ended: PromiseStatus | None, roles: dict[str, str | None], then: str | None
) -> None:
    promise = Promise(row="1", owner=owner, ended=ended)
    handoff, _ = change(empty(se=SE).model_copy(update={"promises": {"1": promise}}), CS_LEADER, **roles)
    assert handoff.promises["1"].owner == then


def test_what_was_passed_on_alone_goes_to_who_comes() -> None:
    passed = {"first_contact": Awaited(started_at=NOW, reassigned_to=SE)}
    handoff = empty(se=SE).model_copy(update={"awaited": passed})
    event = OwnersChanged(by=AE, at=NOW, ae=AE, csm=CSM, se=NEWCOMER)
    assert event.change(handoff).awaited["first_contact"].reassigned_to == NEWCOMER


def test_a_planned_meeting_gets_who_comes_in_the_place_of_who_goes() -> None:
    meeting = planned(attendees=(AE, BEN, CS_LEADER))
    before = empty().model_copy(update={"meetings": {MeetingKind.INTERNAL: meeting}})
    handoff, errands = change(before, csm=MIA)
    news = handoff.meetings[MeetingKind.INTERNAL]
    assert (news.attendees, news.sequence, news.uid) == ((AE, MIA, CS_LEADER), meeting.sequence + 1, meeting.uid)
    assert Kind.SEND_INVITATION in {errand.kind for errand in errands}
    same, errands = change(before, se=SE)
    assert same.meetings == before.meetings
    assert Kind.SEND_INVITATION not in {errand.kind for errand in errands}
