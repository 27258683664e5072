"""The App Home: drawn when a person opens it, turns to another tab or page, or presses something in it."""

import asyncio
from contextlib import suppress
from typing import Any

from blocks.homes import home_view
from blocks.ids import Id, Ref
from blocks.tabs import ALL
from bot.errands import Errand, Kind
from bot.homes import Tab
from handlers.delivery import Job
from handlers.health import health_of, missing_scopes
from handlers.requests import Click, Desk, Form
from handlers.tabs import TABS, standing_of
from store import outbox
from store.database import NotSaved
from store.work import Work

_KEEP_UP_SECONDS = 0.4  # Slack waits for the answer to what was pressed
_TURNS = {Id.HOME_TEAM, Id.HOME_CS, Id.HOME_SALES, Id.HOME_ADMIN, Id.HOME_FILTER, Id.HOME_FIND}
_TURNS |= {Id.PAGE_NEWER, Id.PAGE_OLDER}


async def opened(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`app_home_opened`: the tab is the one that was shown last, without what was looked for there."""
    if event.get("tab", "home") != "home":
        desk.pulse.leave(team, event["user"])
        return
    await _post(desk, team, event["user"], Ref(below=_where(event.get("view") or {}).below))


async def turn(click: Click) -> None:
    """Another tab, stage, name or page."""
    stood, asked = _where(click.view), click.ref
    if click.action == Id.HOME_FILTER:
        asked = stood.model_copy(update={"choice": asked.choice, "page": 0})
    elif click.action == Id.HOME_FIND:
        asked = Ref(below=stood.below, choice=ALL if asked.seen.strip() else "", seen=asked.seen.strip())
    await _post(click.desk, click.team, click.user, asked)


async def keep_up(request: Click | Form) -> None:
    """Bring the Home up to date after something was pressed in it, or in what was opened from it."""
    pulse, place = request.desk.pulse, request.view.get("type")
    if place == "home":
        if isinstance(request, Click) and request.action in _TURNS:
            return
        pulse.stand(request.team, request.user, _where(request.view))
    elif place != "modal":
        pulse.leave(request.team, request.user)
    if (stands := pulse.home_of(request.team, request.user)) is not None:
        with suppress(NotSaved, TimeoutError):  # what was pressed is done; the Home is drawn anew when it is opened
            async with asyncio.timeout(_KEEP_UP_SECONDS):
                await _post(request.desk, request.team, request.user, stands)


async def _post(desk: Desk, team: str, person: str, where: Ref) -> None:
    about = {"person": person, "where": where.pack()}
    errand, now = Errand(Kind.PUBLISH_HOME, f"home:{person}", about), desk.clock.now()

    def put(work: Work) -> None:
        work.has_errands = True
        outbox.put(work.connection, work.team, errand, now)

    await desk.store.commit(team, put)


def _where(view: dict[str, Any]) -> Ref:
    return Ref.unpack(view.get("private_metadata", ""))


async def publish(job: Job) -> None:
    """Draw a person's Home as it stands now."""
    person, asked = job.entry.about["person"], Ref.unpack(job.entry.about.get("where", ""))
    standing = await job.read(lambda work: standing_of(work, person, asked, job.now))
    if standing.tab is Tab.ADMIN:
        missing = await missing_scopes(job)
        blocks = await job.read(lambda work: health_of(work, job, missing))
    else:
        blocks = await job.read(lambda work: TABS[standing.tab](work, standing))
    await job.call(job.client.views_publish, user_id=person, view=home_view(standing, blocks))
