"""The outbox on real databases: lanes, leases, merging, the fence, and what is owed after a lost answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.errands import Errand, Kind
from store import outbox
from store.database import Database
from store.outbox import Entry
from store.tables import outbox as table

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LEASE = timedelta(seconds=40)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def work(database_url: str) -> Iterator[Connection]:
    """One connection in one transaction: what is asked here needs no other."""
    database = Database(database_url)
    with database.engine.connect() as connection, connection.begin():
        yield connection
    database.close()


def post(work: Connection, lane: str, **values: Any) -> int:
    """Put one errand in; its id."""
    row = {"team_id": "T", "lane": lane, "kind": "k", "about": "{}", "due_at": NOW, "created_at": NOW} | values
    return int(work.execute(insert(table).values(row).returning(table.c.id)).scalar_one())


def lease(_: str) -> timedelta:
    """As long for every kind."""
    return LEASE


def claim(work: Connection, at: datetime = NOW, busy: tuple[int, ...] = ()) -> list[Entry]:
    """What may be done now."""
    return outbox.claim(work, at, 8, lease, busy)


def row(work: Connection, entry_id: int) -> Any:
    """The entry as it stands."""
    return work.execute(select(table).where(table.c.id == entry_id)).one()


def test_a_lane_is_served_in_order_one_at_a_time(work: Connection) -> None:
    first, second, other = post(work, "a"), post(work, "a"), post(work, "b")
    claimed = claim(work)
    assert [entry.id for entry in claimed] == [first, other]
    assert claim(work) == []
    outbox.finish(work, claimed[0])
    assert [entry.id for entry in claim(work)] == [second]


def test_a_teams_dms_are_taken_one_at_a_time_and_beside_them_whatever_else_is_due(work: Connection) -> None:
    first, _, card = post(work, "person:U1"), post(work, "person:U2"), post(work, "handoff:1")
    other = post(work, "person:U1", team_id="T2")
    assert [entry.id for entry in claim(work)] == [first, card, other]


def test_dms_of_a_team_that_is_held_wait_and_hold_up_nothing(work: Connection) -> None:
    post(work, "person:U1")
    assert outbox.next_due(work, {"T"}) is None
    assert outbox.claim(work, NOW, 8, lease, held={"T"}) == []
    card, other = post(work, "handoff:1", due_at=LATER), post(work, "person:U1", team_id="T2", due_at=LATER)
    assert outbox.next_due(work, {"T"}) == LATER
    assert [entry.id for entry in outbox.claim(work, LATER, 8, lease, held={"T"})] == [card, other]


def test_the_newest_may_be_asked_for_first(work: Connection) -> None:
    post(work, "a"), post(work, "b")
    newest, later = post(work, "c"), post(work, "d", due_at=LATER)
    assert [entry.id for entry in outbox.claim(work, NOW, 1, lease, newest=True)] == [newest]
    assert [entry.id for entry in outbox.claim(work, LATER, 1, lease, newest=True)] == [later]


def test_a_lease_that_expired_is_taken_over_and_tells_since_when_the_outcome_is_unknown(work: Connection) -> None:
    post(work, "a")
    (first,) = claim(work)
    assert first.unknown_since is None
    assert claim(work, NOW + LEASE - timedelta(seconds=1)) == []
    (second,) = claim(work, NOW + LEASE)
    assert second.unknown_since == NOW
    outbox.finish(work, first)  # the slow first worker: the fence keeps it out
    assert row(work, first.id).state == "open"
    outbox.finish(work, second)
    assert row(work, first.id).state == "done"


def test_what_is_under_way_here_is_not_taken_again_when_the_clock_leaps(work: Connection) -> None:
    post(work, "a")
    (entry,) = claim(work)
    assert claim(work, NOW + timedelta(hours=1), busy=(entry.id,)) == []


@pytest.mark.parametrize("known", [True, False])
def test_a_first_attempt_is_forgotten_only_when_it_certainly_did_nothing(work: Connection, known: bool) -> None:
    post(work, "a")
    (entry,) = claim(work)
    outbox.postpone(work, entry, LATER, "why", outcome_known=known)
    (again,) = claim(work, LATER)
    assert again.unknown_since == (None if known else NOW)


def test_an_attempt_that_did_nothing_does_not_make_an_earlier_one_known(work: Connection) -> None:
    post(work, "a")
    (first,) = claim(work)
    outbox.postpone(work, first, LATER, "lost", outcome_known=False)
    (second,) = claim(work, LATER)
    outbox.postpone(work, second, LATER + LEASE, "rate limited", outcome_known=True)
    (third,) = claim(work, LATER + LEASE)
    assert third.unknown_since == NOW


def test_those_behind_a_waiting_one_wait_with_it(work: Connection) -> None:
    post(work, "a")
    behind, beside = post(work, "a"), post(work, "b", due_at=LATER)
    (entry,) = claim(work)
    outbox.postpone(work, entry, LATER + LEASE, "why", outcome_known=True)
    assert row(work, behind).due_at == LATER + LEASE
    assert row(work, beside).due_at == LATER
    assert outbox.next_due(work) == LATER


def test_waiting_twins_are_one_and_a_change_under_way_makes_one_more(work: Connection) -> None:
    post(work, "a", merge_key="card")
    with pytest.raises(IntegrityError), work.begin_nested():
        post(work, "a", merge_key="card")
    claim(work)
    post(work, "a", merge_key="card")


def test_of_those_that_wait_only_the_newest_is_done(work: Connection) -> None:
    def put(person: str, where: str) -> None:
        about = {"person": person, "where": where}
        outbox.put(work, "T", Errand(Kind.PUBLISH_HOME, f"home:{person}", about), NOW)

    for where in ("admin", "team"):
        put("U1", where)
    put("U2", "cs")
    taken = claim(work)
    assert [entry.about["where"] for entry in taken] == ["team", "cs"]
    for where in ("cs", "admin"):
        put("U1", where)
    outbox.finish(work, taken[0])
    assert [entry.about["where"] for entry in claim(work)] == ["admin"]


def test_what_was_set_aside_lets_the_lane_go_on_and_can_be_revived(work: Connection) -> None:
    first, second = post(work, "a", merge_key="card"), post(work, "a", merge_key="card2")
    (entry,) = claim(work)
    outbox.set_aside(work, entry, "is_archived")
    assert [one.id for one in claim(work)] == [second]
    assert [(one[0], one[2]) for one in outbox.aside(work, "T")] == [(first, "is_archived")]
    assert outbox.aside(work, "another team") == []
    post(work, "a", merge_key="card")  # a twin that waits is no obstacle
    assert outbox.revive(work, "T", LATER) == 1
    assert first in [one.id for one in claim(work, LATER)]


def test_a_row_that_is_not_json_is_claimed_like_any_other(work: Connection) -> None:
    post(work, "a", about="{")
    post(work, "b", about='{"a": "b"}')
    assert [entry.about for entry in claim(work)] == [{}, {"a": "b"}]


def test_behind_however_many_that_wait_what_is_done_is_dropped(work: Connection) -> None:
    old = NOW - timedelta(days=8)
    waiting = {"team_id": "T", "kind": "k", "about": "{}", "due_at": LATER, "created_at": old}
    work.execute(insert(table), [waiting | {"lane": f"warning:{number}"} for number in range(2_001)])
    done = post(work, "a", state="done", created_at=old)
    outbox.tidy(work, NOW)
    assert work.execute(select(table.c.id).where(table.c.id == done)).first() is None


def test_what_is_long_done_is_dropped_and_nothing_else(work: Connection) -> None:
    old = NOW - timedelta(days=8)
    post(work, "a", state="done", created_at=old)
    kept = [post(work, "b", state=state, created_at=old) for state in ("open", "aside")]
    kept.append(post(work, "c", state="done"))
    assert outbox.tidy(work, NOW) is False
    assert list(work.execute(select(table.c.id).order_by(table.c.id)).scalars()) == kept
