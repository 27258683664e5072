"""How long a customer waited for the first contact, with and without the time in which CS waited for the customer."""

from datetime import datetime, timedelta

import pytest

from bot.deadlines import follow
from bot.events import Event, HandoffReopened
from bot.meetings import FirstContactMade, Way
from bot.outcomes import Wait, wait_of
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, empty
from tests.happenings import DAY, HOUR, OFFICE, cancelled, due, signed, waits

CONTACT = "first_contact"  # the rule's id


def contacted(at: datetime, noted: datetime | None = None) -> Event:
    """CS reaches the customer, and says so at once or later."""
    return FirstContactMade(by=CSM, at=noted or at, contacted_at=at, way=Way.CALL)


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
