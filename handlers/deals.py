"""`/handoff deals`: the closed deals that nobody has started a handoff for."""

import structlog

from blocks.deals import PER_PAGE, deals_view
from blocks.ids import Id
from blocks.kit import View
from bot.permissions import demand_overview
from handlers.pages import page, redraw
from handlers.requests import Click, Request
from handlers.workspaces import known_person
from store import deals
from store.work import Work

log = structlog.get_logger()
_WHOSE = "Closed deals are"


async def open_list(request: Request) -> None:
    """Show them, the newest first."""
    await request.open(await list_page(request))


@page(Id.DEALS_OPEN)
async def list_page(request: Request) -> View:
    """The page that is meant, or the last one there is."""
    person = await known_person(request.desk, request.team, request.user)

    def draw(work: Work) -> View:
        team = work.settings()
        demand_overview(person, team, _WHOSE)
        closed, waiting = deals.count_closed(work.connection, work.team)
        number = min(request.ref.page, max(0, waiting - 1) // PER_PAGE)
        found = deals.without_handoff(work.connection, work.team, number * PER_PAGE, PER_PAGE)
        return deals_view(work.playbook(), closed, waiting, found, team.zone, number)

    return await request.read(draw)


async def take_off(click: Click) -> None:
    """Forget a deal that was not won after all."""
    person = await known_person(click.desk, click.team, click.user)

    def forget(work: Work) -> bool:
        demand_overview(person, work.settings(), _WHOSE)
        return deals.take_off(work.connection, work.team, click.ref.deal)

    if await click.commit(forget):
        log.info("a deal was taken off", team=click.team, deal=click.ref.deal, by=click.user)
    await redraw(click)
