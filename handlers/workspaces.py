"""The workspace's members: remembered at start, kept fresh by Slack's events, looked up when unknown."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.refusals import Refusal
from bot.teams import Person
from handlers.requests import UNWELL, Desk
from handlers.slack import Postponed, Refused, Unanswered, ask
from store.work import Work

log = structlog.get_logger()
_LOOK_UP_SECONDS = 1.5
_PAGE_SECONDS = 10.0
_LONGEST_PAUSE = 300.0


async def person_changed(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`user_change`, `team_join`."""
    person = person_of(event["user"])
    await desk.store.commit(team, lambda work: work.remember(person))


async def known_person(desk: Desk, team: str, user: str) -> Person:
    """Who this is: as remembered, else as Slack says now. Refuses when neither knows in time."""
    person = await desk.store.read(team, lambda work: work.person(user))
    if person:
        return person
    try:
        answer = await asyncio.wait_for(desk.client.users_info(user=user), _LOOK_UP_SECONDS)
    except UNWELL:
        raise Refusal("Slack did not say in time who you are. Try again in a moment.") from None
    person = person_of(answer["user"])
    await desk.store.commit(team, lambda work: work.remember(person))
    return person


async def learn_people(desk: Desk, team: str) -> None:
    """Read the whole member list (1,000 a page)."""
    cursor = ""
    while True:
        answer = await _page(desk.client, cursor)
        if answer is None:
            return
        members = [person_of(member) for member in answer["members"]]

        def remember(work: Work, members: list[Person] = members) -> None:
            for person in members:
                work.remember(person)

        await desk.store.commit(team, remember)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def person_of(user: dict[str, Any]) -> Person:
    """From Slack's user object."""
    profile = user.get("profile") or {}
    ends = int(profile.get("status_expiration") or 0)
    return Person(
        id=user["id"],
        name=profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name") or "",
        email=profile.get("email") or "",
        tz=user.get("tz") or "UTC",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        deleted=bool(user.get("deleted")),
        status_emoji=profile.get("status_emoji") or "",
        status_until=datetime.fromtimestamp(ends, UTC) if ends else None,
    )


async def _page(client: AsyncWebClient, cursor: str) -> Any | None:
    """One page of the members, however long Slack is unwell; None when Slack refuses."""
    pause = 1.0
    while True:
        try:
            return await ask(client.users_list, {"limit": 1000, "cursor": cursor}, seconds=_PAGE_SECONDS)
        except Refused as refused:
            log.warning("members not read", error=refused.code)
            return None
        except Postponed as postponed:
            await asyncio.sleep(postponed.pause.total_seconds())
        except Unanswered as unanswered:
            log.info("members not read yet", error=str(unanswered))
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
