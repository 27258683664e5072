"""The App Home tab: drawn when a person opens it."""

from typing import Any

from blocks.homes import home_view
from blocks.kit import View
from bot.errands import Errand, Kind
from handlers.deadlines import owed_by, sight
from handlers.delivery import Job
from handlers.requests import Desk
from store import queries
from store.work import Work

_SHOWN = 60


async def opened(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`app_home_opened`."""
    if event.get("tab", "home") != "home":
        return
    errand = Errand(Kind.PUBLISH_HOME, f"home:{event['user']}", {"person": event["user"]}, merges=True)
    now = desk.clock.now()
    await desk.store.commit(team, lambda work: work.post([errand], now))


async def publish(job: Job) -> None:
    """Draw a person's Home tab."""
    person = job.entry.about["person"]

    def look(work: Work) -> View:
        everybody = person in work.settings().cs_team  # a leader has none of their own, and must see them all
        found = queries.page_of(work, person, everybody=everybody, offset=0, limit=_SHOWN)
        rows = [sight(work, handoff, job.now) for handoff in found.handoffs]
        return home_view(rows, *owed_by(work, person, job.now))

    await job.call(job.client.views_publish, user_id=person, view=await job.read(look))
