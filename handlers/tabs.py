"""What stands on each tab of the App Home, gathered for the person who looks."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from blocks import tabs as pictures
from blocks.homes import Standing, home_of, tab_in
from blocks.ids import Ref
from blocks.kit import Block
from blocks.tabs import ALL, FEW, PER_PAGE, SLIPPING, UNASSIGNED, Listing, Owed, Part
from bot.assignments import load_of
from bot.handoffs import Stage
from bot.homes import Tab, tabs_of
from bot.periods import read_period
from bot.timing import Fact
from handlers.deadlines import all_owed, sight, watches_of
from handlers.promises import commitments_of
from store import deadlines as stored
from store import figures, homes, queries
from store.homes import GOING_ON, Which
from store.queries import Page
from store.work import Work

_SOON = timedelta(days=7)  # in which promises are shown before they are due


def standing_of(work: Work, person: str, asked: Ref, now: datetime) -> Standing:
    """Which tabs are the person's, and which of them is shown."""
    goes_on = homes.at(*GOING_ON)
    sells = homes.any_of(work, homes.sold_by(work, person), goes_on)
    leads = homes.any_of(work, homes.led_by(work, person), goes_on)
    tabs = tabs_of(person, work.person(person), work.settings(), sells=sells, leads=leads)
    tab = tab_in(asked, tabs)
    is_there = asked.below == home_of(tab).below
    return Standing(person, now, tabs, tab, asked if is_there else home_of(tab))


def _sales(work: Work, standing: Standing) -> list[Block]:
    """What I owe, the answers that are waited for, and my handoffs."""
    listing = _listing(work, standing, homes.sold_by(work, standing.me))
    asked, owed = _parted(all_owed(work, standing.me, standing.now), work.rules_from(Fact.QUESTION_ASKED))
    if not (listing.counts or asked or owed):
        person = work.person(standing.me)
        return pictures.beginning(is_guest=person is not None and person.is_guest)
    to_do = [
        *pictures.due_blocks("You owe", _owed(work, owed), standing),
        *pictures.asked_blocks(_owed(work, asked), standing.now),
    ]
    return [
        pictures.headline(listing),
        *(to_do or pictures.settled()),
        *pictures.list_blocks("Your handoffs", listing, standing),
    ]


def _cs(work: Work, standing: Standing) -> list[Block]:
    """What I am to review and to keep, what else I owe, whom I am to prepare for, and my customers."""
    me, now, mine = standing.me, standing.now, homes.led_by(work, standing.me)
    reviews, owed = _parted(all_owed(work, me, now), work.rules_from(Fact.SUBMITTED))
    promised, owed = _parted(owed, work.rules_from(Fact.PROMISED))
    due = [one for one in promised if one.due_at < now + _SOON]
    reviewed = [sight(work, watch.handoff, now) for watch in watches_of(work, reviews[:FEW])]
    to_do = [
        *pictures.review_blocks(Part(reviewed, len(reviews))),
        *pictures.promise_blocks(commitments_of(work, due[:FEW]), len(due), now),
        *pictures.due_blocks("Also yours to do" if reviews or due else "You owe", _owed(work, owed), standing),
    ]
    to_prepare, listing = homes.most_urgent(work, mine, homes.to_prepare(), limit=FEW), _listing(work, standing, mine)
    return [
        pictures.headline(listing),
        *(to_do or pictures.settled()),
        *pictures.prepare_blocks(_part(work, to_prepare, now)),
        *pictures.list_blocks("Your customers", listing, standing),
    ]


def _team(work: Work, standing: Standing) -> list[Block]:
    """What has no CSM, what slips, who has how much to do; and what I owe myself."""
    now, team, ref = standing.now, work.settings(), standing.ref
    unassigned = partial(homes.most_urgent, work, homes.led_by(work, None), homes.at(*GOING_ON))
    slipping = partial(homes.slipping, work, now)
    if ref.choice == UNASSIGNED:
        return pictures.unassigned_blocks(_paged(work, standing, unassigned), ref)
    if ref.choice == SLIPPING:
        return pictures.slipping_blocks(_paged(work, standing, slipping), ref)
    tallies, colleagues = queries.tallies(work, team.csms, ""), work.colleagues(others=team.csms)
    loads = sorted(((csm, load_of(csm, tallies, work.playbook())) for csm in team.csms), key=lambda one: -one[1].weight)
    away = [csm for csm in team.csms if colleagues.is_away(csm, now)]
    overdue = homes.overdue_of(work, team.csms, now)
    naming = {rule.id for rule in work.playbook().deadlines if rule.ends_with is Fact.CSM_NAMED}
    _, owed = _parted(all_owed(work, standing.me, now), naming)  # those stand under what is unassigned
    return [
        *pictures.unassigned_blocks(_part(work, unassigned(limit=FEW), now), ref),
        *pictures.slipping_blocks(_part(work, slipping(limit=FEW), now), ref),
        *pictures.load_blocks(loads, overdue, away, may_settle=Tab.ADMIN in standing.tabs),
        *pictures.figures_blocks(figures.summary(work, read_period("", now, team.zone), now)),
        *pictures.due_blocks("You owe", _owed(work, owed), standing),
    ]


TABS: dict[Tab, Callable[[Work, Standing], list[Block]]] = {Tab.SALES: _sales, Tab.CS: _cs, Tab.TEAM: _team}


def _listing(work: Work, standing: Standing, whose: Which) -> Listing:
    ref, counts = standing.ref, homes.by_stage(work, whose)
    which = [whose, *([homes.named(ref.seen)] if ref.seen else [])]
    if ref.choice != ALL:
        which.append(homes.at(*([Stage(ref.choice)] if ref.choice else GOING_ON)))
    return Listing(_paged(work, standing, partial(homes.newest, work, *which)), counts)


def _paged(work: Work, standing: Standing, find: Callable[..., Page]) -> Part:
    """The page that is asked for; the first one where that is none (any more)."""
    page = standing.ref.page
    found = find(offset=page * PER_PAGE, limit=PER_PAGE)
    if page and not found.handoffs:
        found, page = find(offset=0, limit=PER_PAGE), 0
    return _part(work, found, standing.now, page)


def _part(work: Work, found: Page, now: datetime, page: int = 0) -> Part:
    return Part([sight(work, handoff, now) for handoff in found.handoffs], found.total, page)


def _owed(work: Work, owed: Collection[stored.Owed]) -> Owed:
    return Owed(watches_of(work, list(owed)[:FEW]), len(owed))


def _parted(owed: list[stored.Owed], rules: set[str]) -> tuple[list[stored.Owed], list[stored.Owed]]:
    """Those of some rules, and the others."""
    parts: tuple[list[stored.Owed], list[stored.Owed]] = [], []
    for one in owed:
        parts[one.kind.partition(".")[0] not in rules].append(one)
    return parts
