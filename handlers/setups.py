"""`/handoff setup`: people, channels and habits, for the workspace's admins."""

from typing import Any

from blocks import kit
from blocks.digests import announced
from blocks.kit import Block, View
from blocks.setups import setup_view
from bot.deals import refuse_unfit
from bot.digests import settled_since
from bot.errands import invite
from bot.permissions import demand_admin
from bot.teams import people_of, read_team
from handlers.requests import Click, Form, Request
from handlers.workspaces import known_person
from store import digests, outbox, queries
from store.work import Work

_PEOPLE = ("aes", "csms", "cs_leader", "sales_leader")


async def open_form(request: Request) -> None:
    """Show what is settled."""
    admin = await known_person(request.desk, request.team, request.user)
    demand_admin(admin)

    def draw(work: Work) -> View:
        return setup_view(work.settings(), outbox.aside(work.connection, work.team), admin.tz)

    await request.open(await request.read(draw))


async def save(form: Form) -> dict[str, Any]:
    """Settle it, and say when the next digest comes and where."""
    demand_admin(await known_person(form.desk, form.team, form.user))
    settings = read_team(form.answers)

    def settle(work: Work) -> list[Block]:
        refuse_unfit((field, work.person(user)) for field in _PEOPLE for user in people_of(form.answers, field))
        before = work.settings()
        if settings.cs_leader not in (None, before.cs_leader):
            for handoff in queries.going_on(work):
                work.post([invite(handoff, "")], form.now, handoff)
        unasked = {"groups": before.groups, "digest_since": settled_since(settings, before, form.now)}
        settled = settings.model_copy(update=unasked)
        work.settle(settled)
        return announced(settled, digests.next_slot(work, settled, form.now), may_settle=True)

    told = await form.commit(settle)
    view = kit.modal("Saved", [kit.section(":white_check_mark: Saved."), *told])
    return {"response_action": "update", "view": view}


async def revive(click: Click) -> None:
    """Try what Slack refused once more."""
    admin = await known_person(click.desk, click.team, click.user)
    demand_admin(admin)

    def again(work: Work) -> None:
        outbox.revive(work.connection, work.team, click.now)
        work.has_errands = True

    await click.commit(again)
    if click.view.get("type") == "modal":
        await click.redraw(await click.read(lambda work: setup_view(work.settings(), (), admin.tz)))
