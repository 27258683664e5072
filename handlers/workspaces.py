"""The workspace's members: remembered at start, kept fresh by Slack's events, looked up when unknown."""

import asyncio
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.teams import Person
from handlers.requests import Desk
from handlers.slack import code_of
from store.work import Work

log = structlog.get_logger()
_LOOK_UP_SECONDS = 1.5


async def person_changed(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`user_change`, `team_join`."""
    person = person_of(event["user"])
    await desk.store.commit(team, lambda work: work.remember(person))


async def known_person(desk: Desk, team: str, user: str) -> Person | None:
    """Who this is: as remembered, else as Slack says now; None when neither knows in time."""
    person = await desk.store.read(team, lambda work: work.person(user))
    if person:
        return person
    try:
        answer = await asyncio.wait_for(desk.client.users_info(user=user), _LOOK_UP_SECONDS)
    except (TimeoutError, SlackApiError, OSError):
        return None
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
    return Person(
        id=user["id"],
        name=profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name") or "",
        tz=user.get("tz") or "UTC",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        deleted=bool(user.get("deleted")),
    )


async def _page(client: AsyncWebClient, cursor: str) -> Any | None:
    for attempt in range(5):
        try:
            return await client.users_list(limit=1000, cursor=cursor)
        except SlackApiError as error:
            if error.response.status_code != 429:
                log.warning("members not read", error=code_of(error))
                return None
            await asyncio.sleep(int(error.response.headers.get("Retry-After", 2**attempt)))
        except OSError as error:
            log.warning("members not read", error=str(error))
            await asyncio.sleep(2**attempt)
    return None
