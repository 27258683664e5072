"""`/handoff setup`: people, channels and habits, for the workspace's admins."""

import re
from typing import Any

from blocks.setups import setup_view
from bot.deals import refuse_unfit
from bot.permissions import demand_admin
from bot.refusals import Refusal
from bot.teams import Team
from handlers.requests import Click, Form, Request
from handlers.workspaces import known_person
from store import outbox
from store.work import Work


async def open_form(request: Request) -> None:
    """Show what is settled."""
    demand_admin(await known_person(request.desk, request.team, request.user))
    view = await request.read(lambda work: setup_view(work.settings(), outbox.aside(work.connection, work.team)))
    await request.open(view)


async def save(form: Form) -> dict[str, Any] | None:
    """Settle it."""
    demand_admin(await known_person(form.desk, form.team, form.user))
    typed = form.answers
    prefix = typed.get("channel_prefix", "").strip()
    if not re.fullmatch(r"[a-z0-9_-]{0,20}", prefix):
        words = "Only small letters, digits, - and _, at most 20."
        raise Refusal(words, {"channel_prefix": words})
    settings = Team(
        aes=_people(typed.get("aes", "")),
        csms=_people(typed.get("csms", "")),
        cs_leader=typed.get("cs_leader") or None,
        sales_leader=typed.get("sales_leader") or None,
        digest_channel=typed.get("digest_channel") or None,
        channels_private=typed.get("channels_private") != "public",
        channel_prefix=prefix,
    )

    def settle(work: Work) -> None:
        fields = ("aes", "csms", "cs_leader", "sales_leader")
        refuse_unfit((field, work.person(user)) for field in fields for user in _people(typed.get(field, "")))
        work.settle(settings)

    await form.commit(settle)
    return None


async def revive(click: Click) -> None:
    """Try what Slack refused once more."""
    demand_admin(await known_person(click.desk, click.team, click.user))

    def again(work: Work) -> None:
        outbox.revive(work.connection, work.team, click.now)
        work.has_errands = True

    await click.commit(again)
    await click.redraw(await click.read(lambda work: setup_view(work.settings(), ())))


def _people(joined: str) -> tuple[str, ...]:
    return tuple(user for user in joined.split(",") if user)
