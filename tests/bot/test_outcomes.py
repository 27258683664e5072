"""What a handoff comes to: how long the customer waited for CS, the champion, and the document's own words."""

import copy
from datetime import datetime, timedelta

import pytest

from bot.deadlines import follow
from bot.events import Event, HandoffReopened
from bot.handoffs import Handoff, Stage
from bot.meetings import FirstContactMade, Way
from bot.outcomes import Wait, outcome_of, wait_of
from bot.playbook import Playbook
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, at, brought, completed, empty, written
from tests.happenings import DAY, HOUR, OFFICE, cancelled, due, signed, waits

CONTACT = "first_contact"  # the rule's id


def contacted(when: datetime, noted: datetime | None = None) -> Event:
    """CS reaches the customer, and says so at once or later."""
    return FirstContactMade(by=CSM, at=noted or when, contacted_at=when, way=Way.CALL)


def waited(*events: Event) -> Wait | None:
    """After a signature on Monday at ten in Berlin, and what followed."""
    return wait_of(after(empty(), signed(), *events), PLAYBOOK, OFFICE, NOW)


def hours(*figures: float) -> Wait:
    """By the four clocks."""
    return Wait(*(timedelta(hours=figure) for figure in figures))


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        ([contacted(NOW + DAY)], hours(24, 24, 9, 9)),
        ([contacted(NOW - DAY)], hours(0, 0, 0, 0)),
        ([*waits(NOW + HOUR, NOW + 3 * HOUR, CONTACT), contacted(NOW + DAY)], hours(24, 22, 9, 7)),
        ([*waits(NOW + HOUR, name=CONTACT), contacted(NOW + DAY)], hours(24, 1, 9, 1)),
        ([*waits(NOW + 2 * HOUR, name=CONTACT), contacted(NOW + HOUR, NOW + DAY)], hours(1, 1, 1, 1)),
        ([*waits(NOW + HOUR, NOW + 3 * HOUR), contacted(NOW + DAY)], hours(24, 24, 9, 9)),
        (
            [
                *waits(NOW, name=CONTACT),
                cancelled(NOW + HOUR),
                HandoffReopened(by=AE, at=NOW + 3 * HOUR),
                *waits(NOW + 5 * HOUR, NOW + 6 * HOUR, CONTACT),
                contacted(NOW + DAY),
            ],
            hours(24, 20, 9, 5),
        ),
    ],
    ids=[
        "nobody has spoken with them",
        "the next day",
        "before they signed",
        "after they were waited for",
        "while they are waited for",
        "before they were waited for, as somebody noted later",
        "while they were waited for with something else",
        "reopened",
    ],
)
def test_the_wait(events: list[Event], expected: Wait | None) -> None:
    assert waited(*events) == expected


def test_what_was_waited_for_before_a_handoff_was_reopened_moves_no_deadline_after_that() -> None:
    begun = after(empty(), signed(), *waits(NOW, NOW + 3 * HOUR, CONTACT), cancelled(NOW + DAY))
    again = follow(HandoffReopened(by=AE, at=NOW + 2 * DAY), begun, PLAYBOOK)
    assert again.awaited[CONTACT].pauses == ((NOW, NOW + 3 * HOUR),)
    assert due(again, CONTACT) == NOW + 4 * DAY


# -- the champion

ASKED = PLAYBOOK.model_dump(mode="json", exclude_unset=True)


def practice(*, field: bool = True, role: bool = True) -> Playbook:
    """The practice, with or without the field and the stakeholders' role that name the champion."""
    data = copy.deepcopy(ASKED)
    for section in data["sections"]:
        section["fields"] = [one for one in section["fields"] if field or one["id"] != "champion"]
        roles = [column for one in section["fields"] for column in one.get("columns", ()) if column["id"] == "role"]
        for column in roles if not role else ():
            column["options"] = [one for one in column["options"] if "Champion" not in one]
    return Playbook.load(data)


def known(**people: str) -> Handoff:
    """A handoff that CS has accepted, with that champion and that role of a stakeholder."""
    handoff = written(at(Stage.PREPARING), "relationship_history", champion=people.get("champion", ""))
    row = {"id": "1", "name": "Ruth", "role": people.get("role", "Executive Sponsor")}
    return brought(written(handoff, "stakeholders", stakeholders=[row]), Stage.ACCEPTED)


@pytest.mark.parametrize(
    ("handoff", "playbook", "assumed_at"),
    [
        (known(), PLAYBOOK, NOW),
        (known(champion="Ruth"), PLAYBOOK, None),
        (known(role="End User Champion"), PLAYBOOK, None),
        (known(), practice(field=False), NOW),
        (known(), practice(role=False), NOW),
        (known(), practice(field=False, role=False), None),
        (written(at(Stage.IN_REVIEW), "relationship_history", champion=""), PLAYBOOK, None),
        (after(known(), completed(at=NOW + DAY)), PLAYBOOK, NOW),
        (after(known(), cancelled(NOW + DAY)), PLAYBOOK, None),
    ],
    ids=[
        "nobody is named",
        "a champion is named",
        "a stakeholder is the champion",
        "only the role is asked for",
        "only the name is asked for",
        "nobody asks for a champion",
        "CS still reviews it",
        "completed since",
        "cancelled since",
    ],
)
def test_the_champion_is_assumed_where_cs_accepts_a_document_that_names_none(
    handoff: Handoff, playbook: Playbook, assumed_at: datetime | None
) -> None:
    assert outcome_of(handoff, playbook).champion_assumed_at == assumed_at


# -- what the document says

ROWS = (("why_they_bought", "primary_business_drivers", "driver"), ("success_criteria", "outcomes", "outcome"))
SAID = ["Spare parts are found by e-mail.", "Faster spare parts."]


def saying(texts: list[str], stage: Stage = Stage.IN_REVIEW, **outcome: str) -> str | None:
    """How a document is remembered that has these drivers and, last, this outcome."""
    handoff = at(Stage.PREPARING)
    for (section, field, column), some in zip(ROWS, (texts[:-1], texts[-1:]), strict=True):
        rows = [{"id": str(number), column: text, **outcome} for number, text in enumerate(some) if text]
        handoff = written(handoff, section, **{field: rows})
    return outcome_of(brought(handoff, stage), PLAYBOOK).substance


@pytest.mark.parametrize(
    ("texts", "is_same"),
    [
        (["spare parts: are found BY E-Mail", "Faster – spare parts"], True),
        ([*reversed(["Spare parts", "are found by e-mail."]), "Faster spare parts."], True),
        (["Spare parts are found by phone.", "Faster spare parts."], False),
        (["Spare parts are found by e-mail.", "Cheaper spare parts."], False),
    ],
    ids=["in other letters", "in another order", "another driver", "another outcome"],
)
def test_two_documents_say_the_same_in_the_same_words(texts: list[str], is_same: bool) -> None:
    assert (saying(texts) == saying(SAID)) is is_same


def test_another_metric_is_another_document_and_another_day_is_not() -> None:
    assert saying(SAID, metric="2 %") != saying(SAID)
    assert saying(SAID, by="2027-03-31") == saying(SAID)


@pytest.mark.parametrize(("letters", "is_told"), [(0, False), (39, False), (40, True)])
def test_a_document_of_few_words_says_nothing_of_its_own(letters: int, is_told: bool) -> None:
    assert bool(saying(["Wait " * (letters // 4), "x" * (letters % 4)])) is is_told


@pytest.mark.parametrize(
    ("stage", "is_with_cs"),
    [
        (Stage.PREPARING, False),
        (Stage.IN_REVIEW, True),
        (Stage.RETURNED, False),
        (Stage.ACCEPTED, True),
        (Stage.COMPLETED, True),
        (Stage.CANCELLED, False),
    ],
)
def test_only_a_document_that_is_with_cs_is_compared(stage: Stage, is_with_cs: bool) -> None:
    assert bool(saying(SAID, stage)) is is_with_cs
