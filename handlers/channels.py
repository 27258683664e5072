"""What people do to a customer's channel in Slack: rename, archive, delete; and asking for it again."""

from collections.abc import Callable
from typing import Any

from blocks.ids import Id
from bot.events import BATON, ChannelRenamed, ChannelRetried, ChannelTroubled, Event
from bot.handoffs import Handoff
from bot.permissions import Act, demand
from bot.refusals import Refusal
from handlers.conversations import put_in_order
from handlers.requests import Click, Desk
from store import queries
from store.work import Work


async def renamed(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`channel_rename`, `group_rename`: the id stays, so only the name is news."""
    channel = event["channel"]
    name = str(channel["name"])

    def rule(handoff: Handoff) -> Event | None:
        return None if name == handoff.channel.name else ChannelRenamed(by=BATON, at=desk.clock.now(), name=name)

    await _of_channel(desk, team, channel["id"], rule)


async def archived(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`channel_archive`, `group_archive`: the AE is told."""
    await _trouble(desk, team, event, "is_archived")


async def deleted(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`channel_deleted`, `group_deleted`: the AE is told."""
    await _trouble(desk, team, event, "channel_not_found")


async def left(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`channel_left`, `group_left`: Baton was removed, and the AE is told."""
    await _trouble(desk, team, event, "not_in_channel")


async def unarchived(desk: Desk, team: str, event: dict[str, Any]) -> None:
    """`channel_unarchive`, `group_unarchive`: what was missed is drawn."""

    def run(work: Work) -> None:
        found = queries.of_channel(work, event["channel"])
        if found and found.channel.trouble:
            put_in_order(work, work.handoff(found.id), ChannelRetried(by=BATON, at=desk.clock.now(), anew=False))

    await desk.store.commit(team, run)


async def retry(click: Click) -> None:
    """The AE asks for the channel again, or for another."""

    def run(work: Work) -> None:
        handoff = work.handoff(click.ref.handoff)
        demand(Act.CHANGE, click.user, handoff, work.settings())
        if handoff.channel.trouble is None:
            raise Refusal("The channel is in order already.")
        anew = click.action == Id.CHANNEL_ANEW
        put_in_order(work, handoff, ChannelRetried(by=click.user, at=click.now, anew=anew))

    await click.commit(run)


async def _trouble(desk: Desk, team: str, event: dict[str, Any], error: str) -> None:
    def rule(handoff: Handoff) -> Event | None:
        if handoff.channel.trouble == error:
            return None
        return ChannelTroubled(by=BATON, at=desk.clock.now(), error=error)

    await _of_channel(desk, team, event["channel"], rule)


async def _of_channel(desk: Desk, team: str, channel: str, rule: Callable[[Handoff], Event | None]) -> None:
    def run(work: Work) -> None:
        if found := queries.of_channel(work, channel):
            handoff = work.handoff(found.id)
            work.record(handoff, rule(handoff))

    await desk.store.commit(team, run)
