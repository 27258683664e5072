"""Reports to draw: with nothing, with too little, good, bad, and as large and as hostile as they come."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.evidence import Deal, Evidence, Group
from bot.metrics import By, Report, Slice, Tally, figures, spread
from bot.periods import Period
from bot.playbook import labels_of
from bot.teams import Lateness, Team
from bot.yardsticks import Clock, Yardstick
from tests.examples import CSM, NOW, PLAYBOOK, wild

NOVEMBER = Period("month", date(2026, 11, 1), date(2026, 12, 1), "UTC")
GOOD: dict[str, Any] = {
    "closed": 25, "documented": 25, "met": 25, "contacted": 25, "within_wall": 25, "within_wall_unpaused": 25,
    "within_working": 25, "within_working_unpaused": 25, "introduced": 20, "scored": 10, "points": 48,
    "completed": 12, "smooth": 12,
}  # fmt: skip
BAD: dict[str, Any] = GOOD | {
    "cancelled": 1, "without_handoff": 3, "documented": 20, "document_not_due": 2, "met": 22, "meeting_not_due": 2,
    "document_unstarted": 1, "meeting_unstarted": 1, "contact_unstarted": 2,
    "contacted": 23, "contact_not_due": 1, "contact_not_due_otherwise": 1, "within_wall": 20,
    "repeated": 2, "unheard": 4, "points": 45, "smooth": 10,
    "sections": {"stakeholders": 2, "success_criteria": 1},
}  # fmt: skip
HOURS = (3, 20, 21, 26, 44, 70)


def report(
    now: dict[str, Any],
    before: dict[str, Any],
    of: Slice | None = None,
    lateness: Lateness = Lateness.WALL,
    waits: Sequence[tuple[int, int]] = (),
) -> Report:
    """What such counts come to; the contacted waited as `waits` has it, else for HOURS, one after the other."""
    yardstick = Yardstick.of(PLAYBOOK.metrics, labels_of(PLAYBOOK.segments), Team(lateness=lateness), NOW)
    tally, earlier = Tally(**now), Tally(**before)
    waits = waits or waited(tally)
    return Report(
        period=NOVEMBER,
        of=of,
        yardstick=yardstick,
        tally=tally,
        figures=figures(tally, waits, yardstick),
        before=figures(earlier, waited(earlier), yardstick),
        waits={clock: spread(tally, waits, clock, yardstick) for clock in Clock},
        weeks=[Tally()] * 4 + [replace(tally, met=number) for number in (0, 5, 10, 15, 20, 22, 25)] + [Tally()],
    )


def waited(tally: Tally) -> list[tuple[int, int]]:
    """The waits as the database tells them."""
    each, more = divmod(tally.contacted, len(HOURS))
    counts = [each + (number < more) for number in range(len(HOURS))]
    return [(hours * 60, count) for hours, count in zip(HOURS, counts, strict=True) if count]


def reports() -> Iterator[Report]:
    """Of every kind."""
    few = {"closed": 3, "documented": 2, "contact_not_due": 3, "contact_not_due_otherwise": 3, "scored": 1, "points": 5}
    huge: dict[str, Any] = dict.fromkeys(GOOD, 10**7) | {
        "cancelled": 10**6,
        "closed": 11 * 10**6,
        "document_not_due": 10**6,
    }
    huge |= {"sections": {section.id: 10**6 for section in PLAYBOOK.sections}, "repeated": 10**6}
    yield report({}, {})
    yield report(few, GOOD)
    yield report(GOOD, BAD, Slice(By.CSM, CSM), Lateness.WORKING)
    yield report(BAD, GOOD, Slice(By.TEAM, wild(80), (CSM,)))
    yield report(huge, huge, Slice(By.SEGMENT, "enterprise"))


def dealt(number: int, customer: str) -> Deal:
    """A deal of every kind by its number: with and without a handoff, early and late, done and not."""
    done = NOW if number % 2 else None
    return Deal(
        id=number,
        handoff=number % 3 and 10**6,
        channel="C1" if number % 3 == 1 else "",
        customer=customer,
        ae=CSM if number % 4 else "",
        csm="",
        segment="smb",
        timing_model="phased",
        is_cancelled=number % 5 == 0,
        closed_at=NOW if number % 7 else None,
        crm_closed_at=NOW if number % 10 else None,
        documented_at=done,
        met_at=done,
        introduced_at=done,
        contacted_at=done,
        waits=dict.fromkeys(Clock, 10**6 if number % 4 == 1 else None),
        heard_at=done,
        repeated=tuple(section.id for section in PLAYBOOK.sections[:number]),
        scored_at=done,
        score=number % 5 + 1,
        completed_at=done,
        is_escalated=number % 2 == 0,
    )


def evidences(customer: str) -> Iterator[Evidence]:
    """Pages of what is behind a figure: none, the first with all sides, and a later one."""
    rows = [(side, dealt(number, customer)) for side in Group for number in range(4)][:10]
    totals = dict.fromkeys(Group, 10**6)
    yield Evidence([], {}, 0, 0, more=False)
    yield Evidence(rows, totals, 1, 0, more=True)
    yield Evidence(rows, totals, 10**6, 9, more=True)
