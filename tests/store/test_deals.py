"""Deals on real databases: what the CRM tells of a customer goes with the handoffs of that customer, in any order."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from bot.events import HandoffReopened
from bot.handoffs import Handoff
from bot.imports import Closed
from bot.timing import Fact
from store import deals
from store.database import Database
from store.matches import Ledger, News
from store.playbooks import load_playbook
from store.tables import deals as table
from store.work import Work
from tests.examples import AE, ROOT, starts
from tests.happenings import accepted, cancelled, noted, signed

BOOKS = load_playbook(ROOT / "playbook.yml")
FIRST = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME, SITE = "Acme GmbH", "https://acme.example"
teams = (f"T{number}" for number in itertools.count())


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    """One transaction of one team: what is asked here needs no other."""
    database = Database(database_url)
    with database.engine.connect() as connection, connection.begin():
        yield Work(connection, "T", BOOKS)
    database.close()


def at(day: float) -> datetime:
    """So many days after the first."""
    return FIRST + timedelta(days=day)


def start(work: Work, day: float = 0, customer: str = ACME, website: str = SITE) -> Handoff:
    """A handoff begins."""
    event = starts(company_name=customer, website=website)
    return work.start(event.model_copy(update={"at": at(day), "playbook": work.playbook_digest}))


def sign(work: Work, handoff: Handoff, day: float) -> Handoff:
    """Its contract is signed."""
    return work.record(work.handoff(handoff.id), signed(at(day), at(day)))


def tell(work: Work, day: float, number: str = "", customer: str = ACME, website: str = SITE, **more: str) -> News:
    """The CRM calls a deal closed."""
    closed = Closed(customer, at(day), website, number, **more)
    return deals.learn(work.connection, work.team, closed)[0]


def rows(work: Work) -> list[tuple[Any, ...]]:
    """Every deal: the handoff's id (0 for none), the CRM's, the day it closed and the day that the CRM says."""
    query = select(table).where(table.c.team_id == work.team)
    return sorted(
        (row.handoff_id or 0, row.external_id or "", _day(row.closed_at), _day(row.crm_closed_at))
        for row in work.connection.execute(query)
    )


def wait(work: Work, handoff: Handoff) -> int | None:
    """How long the customer waited, in minutes by the clock on the wall."""
    query = select(table.c.wait_wall).where(table.c.team_id == work.team, table.c.handoff_id == handoff.id)
    found: int | None = work.connection.execute(query).scalar_one()
    return found


def _day(moment: datetime | None) -> float | None:
    return None if moment is None else round((moment - FIRST) / timedelta(days=1), 1)


def test_a_deal_told_before_its_handoff_starts_or_after_is_one_row(work: Work) -> None:
    assert tell(work, -3, "006") is News.NEW
    handoff = start(work)
    assert rows(work) == [(handoff.id, "006", -3, -3)]
    other = start(work, customer="Nordlicht AG", website="")
    assert tell(work, -3, "007", "Nordlicht", "") is News.NEW
    assert rows(work) == [(handoff.id, "006", -3, -3), (other.id, "007", -3, -3)]
    sign(work, handoff, -1)
    assert rows(work)[0] == (handoff.id, "006", -1, -3)


def test_the_same_word_twice_changes_nothing_and_another_day_does(work: Work) -> None:
    handoff = sign(work, start(work), -1)
    assert [tell(work, -3, "006"), tell(work, -3, "006"), tell(work, -4, "006")] == [News.NEW, News.KNOWN, News.CHANGED]
    assert rows(work) == [(handoff.id, "006", -1, -4)]
    news = [tell(work, day, "7", "Nordlicht", "") for day in (-9, -9, -8)]
    assert news == [News.NEW, News.KNOWN, News.CHANGED]
    assert rows(work)[0] == (0, "7", -8, -8)


def test_the_signature_counts_even_on_the_very_moment_that_the_crm_told(work: Work) -> None:
    handoff = sign(work, start(work), -3)
    tell(work, -3, "006")
    tell(work, -5, "006")
    assert rows(work) == [(handoff.id, "006", -3, -5)]


def test_another_name_with_the_same_web_address_is_the_same_customer(work: Work) -> None:
    tell(work, -3, "006", "ACME Holding", "www.acme.example")
    handoff = start(work)
    assert rows(work) == [(handoff.id, "006", -3, -3)]
    tell(work, -4, "", "Acme Freight", "https://acme.example/about")
    assert rows(work) == [(0, "", -4, -4), (handoff.id, "006", -3, -3)]


def test_two_names_that_share_a_web_address_are_two_deals_of_a_day(work: Work) -> None:
    handoff = start(work)
    assert tell(work, -3, "", "ACME Holding") is News.NEW
    assert rows(work) == [(handoff.id, "", -3, -3)]
    assert [tell(work, -3, "", "Acme Freight"), tell(work, -3, "", "Acme Freight")] == [News.NEW, News.KNOWN]
    assert tell(work, -3, "", "ACME Holding") is News.KNOWN
    assert rows(work) == [(0, "", -3, -3), (handoff.id, "", -3, -3)]


def test_a_deal_is_known_by_the_crms_name_also_when_its_handoff_takes_another(work: Work) -> None:
    handoff = start(work)
    tell(work, -3, "", "ACME Holding")
    tell(work, -70, "", "ACME Holding")
    sign(work, handoff, -70)
    assert rows(work) == [(0, "", -3, -3), (handoff.id, "", -70, -70)]
    assert [tell(work, day, "", "ACME Holding") for day in (-3, -70)] == [News.KNOWN, News.KNOWN]
    (deal,) = deals.without_handoff(work.connection, work.team, 0, 9)
    assert deal.customer == "ACME Holding"


@pytest.mark.parametrize("website", ["N/A", "-", "https://gmail.com"])
def test_what_is_no_web_address_makes_no_customers_one(work: Work, website: str) -> None:
    names = ("Alpha", "Beta", "Gamma")
    assert [tell(work, -1, "", name, website) for name in names] == [News.NEW] * 3
    assert len(rows(work)) == 3


def test_names_without_a_web_address_are_compared_without_their_legal_form(work: Work) -> None:
    handoff = start(work)
    tell(work, 1, "006", "ACME, Inc.", "")
    tell(work, 1, "007", "Acme Nord", "")
    assert rows(work) == [(0, "007", 1, 1), (handoff.id, "006", 1, 1)]


def test_a_cancelled_handoff_leaves_the_deal_to_the_next_one(work: Work) -> None:
    tell(work, -3, "006")
    first = start(work)
    work.record(first, cancelled(at(1)))
    assert rows(work) == [(first.id, "006", -3, -3)]
    assert deals.count_closed(work.connection, work.team) == (1, 1)
    second = start(work, 2)
    assert rows(work) == [(first.id, "", None, None), (second.id, "006", -3, -3)]
    assert deals.count_closed(work.connection, work.team) == (1, 0)


def test_of_a_cancelled_handoff_the_crm_does_not_speak_until_it_is_reopened(work: Work) -> None:
    handoff = work.record(start(work), cancelled(at(1)))
    tell(work, 2, "006")
    assert rows(work) == [(0, "006", 2, 2), (handoff.id, "", None, None)]
    work.record(handoff, HandoffReopened(by=AE, at=at(3)))
    assert rows(work) == [(handoff.id, "006", 2, 2)]


def test_a_handoff_that_starts_late_takes_the_deal_of_its_signature(work: Work) -> None:
    tell(work, -200, "006")
    tell(work, -2, "007")
    handoff = start(work)
    assert rows(work) == [(0, "006", -200, -200), (handoff.id, "007", -2, -2)]
    sign(work, handoff, -200)
    assert rows(work) == [(0, "007", -2, -2), (handoff.id, "006", -200, -200)]


def test_a_deal_of_long_ago_is_another_one(work: Work) -> None:
    handoff = start(work)
    tell(work, -91, "006")
    assert rows(work) == [(0, "006", -91, -91), (handoff.id, "", None, None)]
    tell(work, 300, "007")  # it took long to close
    assert rows(work) == [(0, "006", -91, -91), (handoff.id, "007", 300, 300)]
    sign(work, handoff, 301)
    tell(work, 310, "008")
    assert rows(work) == [(0, "006", -91, -91), (0, "008", 310, 310), (handoff.id, "007", 301, 300)]


def test_two_deals_of_a_day_are_told_apart_by_their_ids_alone(work: Work) -> None:
    assert [tell(work, -1, "006"), tell(work, -1, "007"), tell(work, -1)] == [News.NEW, News.NEW, News.KNOWN]
    assert rows(work) == [(0, "006", -1, -1), (0, "007", -1, -1)]


def test_an_id_that_comes_later_is_that_of_the_same_deal(work: Work) -> None:
    assert [tell(work, -1), tell(work, -1, "006"), tell(work, -1)] == [News.NEW, News.CHANGED, News.KNOWN]
    assert rows(work) == [(0, "006", -1, -1)]


def test_a_day_stays_the_same_when_the_workspaces_zone_changes(work: Work) -> None:
    assert [tell(work, -1), tell(work, -1 + 8 / 24)] == [News.NEW, News.CHANGED]
    assert len(rows(work)) == 1


def test_what_the_crm_corrects_is_kept_and_what_it_leaves_out_stays(work: Work) -> None:
    tell(work, -1, "006", ae="U1", csm="U2", segment="smb")
    tell(work, -1, "006", "Acme Nord", "", ae="U3")
    (deal,) = deals.without_handoff(work.connection, work.team, 0, 9)
    assert (deal.customer, deal.domain, deal.ae, deal.csm, deal.segment) == (
        "Acme Nord",
        "acme.example",
        "U3",
        "U2",
        "smb",
    )
    assert deals.waiting(work.connection, work.team, deal.id) == deal
    assert deals.waiting(work.connection, "another team", deal.id) is None


def test_those_without_a_handoff_are_paged_newest_first(work: Work) -> None:
    for number in range(5):
        tell(work, -number, str(number), f"Customer {number}", "")
    found = [deals.without_handoff(work.connection, work.team, offset, 2) for offset in (0, 2, 4, 6)]
    assert [[one.customer[-1] for one in page] for page in found] == [["0", "1"], ["2", "3"], ["4"], []]


def test_of_a_customers_many_deals_only_those_are_held_that_may_fit(work: Work) -> None:
    days = [*range(-400, -95), *range(-30, 30), 200]
    told = [Closed(ACME, at(day), SITE, f"id {day}") for day in days]
    deals.learn(work.connection, work.team, *told)
    handoff = start(work)
    assert (handoff.id, "id 0", 0, 0) in rows(work)
    sign(work, handoff, -200)
    assert (handoff.id, "id -200", -200, -200) in rows(work)
    assert len(Ledger(work.connection, work.team, {"acme"}, {"acme.example"}).deals) < 50
    assert deals.learn(work.connection, work.team, *told) == [News.KNOWN] * len(told)
    assert len(rows(work)) == len(days)


def test_a_wait_is_told_again_when_the_close_moves_and_stays_while_it_does_not(work: Work) -> None:
    handoff = work.record(start(work), noted(Fact.FIRST_CONTACT, at(9)))
    tell(work, 3, "006")
    assert deals.untold(work.connection) == [("T", handoff.id)]
    work.count(work.handoff(handoff.id))
    assert (deals.untold(work.connection), wait(work, handoff)) == ([], 6 * 24 * 60)
    work.connection.execute(update(table).values(wait_wall=1))  # by another calendar, say
    work.count(work.handoff(handoff.id))
    assert wait(work, handoff) == 1
    tell(work, 6, "007")
    sign(work, handoff, 6)
    assert (deals.untold(work.connection), wait(work, handoff)) == ([], 3 * 24 * 60)


def test_what_is_untold_is_found_without_reading_all_deals(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with database.engine.connect() as connection:
        deals.untold(connection)
        (plan,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[-1]}").all()
    database.close()
    assert "USING INDEX deals_untold" in plan.detail


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[tuple[str, int, str]], int, int]:
    """A customer's deals in the CRM, told in any order before and after one handoff starts and is signed: the steps,
    when it starts, and when it is signed."""
    lately = st.integers(-40, 40)
    days, started, signed_on = draw(st.lists(lately, unique=True, max_size=4)), draw(lately), draw(lately)
    told = [("tell", day, draw(st.sampled_from(["", f"id {day}"]))) for day in days]
    twice = draw(st.lists(st.sampled_from(told), max_size=2)) if told else []
    steps = draw(st.permutations([*told, *twice, ("start", 0, ""), ("sign", 0, "")]))
    first, second = sorted(steps.index((what, 0, "")) for what in ("start", "sign"))
    steps[first], steps[second] = ("start", 0, ""), ("sign", 0, "")
    return steps, started, signed_on


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(lives())
def test_in_whatever_order_it_is_told_it_comes_to_the_same(
    work: Work, life: tuple[list[tuple[str, int, str]], int, int]
) -> None:
    steps, started, signed_on = life
    mine = Work(work.connection, next(teams), BOOKS)
    begun: list[Handoff] = []
    signature = signed_on + 0.2  # never as far from one day as from another
    for what, day, number in steps:
        if what == "tell":
            tell(mine, day, number)
        elif what == "start":
            begun.append(start(mine, started))
        else:
            mine.record(sign(mine, begun[0], signature), accepted(at(signature)))
    told = {day: number for what, day, number in steps if what == "tell"}
    nearest = min(told, key=lambda day: abs(day - signature), default=None)
    expected = [(0, number, day, day) for day, number in told.items() if day != nearest]
    of_handoff = (begun[0].id, told.get(nearest, "") if nearest is not None else "", round(signature, 1), nearest)
    assert rows(mine) == sorted([*expected, of_handoff])
    before = rows(mine)
    assert {tell(mine, day, number) for day, number in told.items()} <= {News.KNOWN}
    assert rows(mine) == before
