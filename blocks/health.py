"""The admins' tab of the Home: what is settled, and how Baton is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from blocks import kit
from blocks.ids import Id
from blocks.kit import Block
from bot.digests import is_news, lateness, skipped_slot
from bot.teams import Lateness, Team

_LONG = timedelta(minutes=5)  # nothing should wait so long
_LONG_FOR_A_DIGEST = timedelta(hours=1)
_TICKS = timedelta(minutes=1)  # in which there are a dozen


@dataclass(frozen=True)
class Health:
    """How Baton is at a moment. `missing`: scopes that Slack did not give; None when Slack did not say."""

    now: datetime
    waiting: int
    waiting_since: datetime | None
    aside: int
    ticked_at: datetime | None
    unasked: int
    missing: Collection[str] | None
    digest: date | None = None  # the day of the last one
    is_digest_posted: bool = False  # or else it is on its way


def admin_blocks(team: Team, health: Health) -> list[Block]:
    """Settings, then health; what is not well stands first and says what to do."""
    lines = [*_outbox(health), *_ticks(health), *_digest(team, health), *_scopes(health)]
    lines.sort(key=lambda line: not line.startswith(":warning:"))
    bad = sum(line.startswith(":warning:") for line in lines)
    state = f"{bad} thing{'s' if bad > 1 else ''} to look at" if bad else "all is well"
    retry = [kit.actions(kit.button("Try them again", Id.OUTBOX_REVIVE))] if health.aside else []
    return [
        kit.section("\n".join(["*Settings*", *_settings(team)])),
        kit.actions(
            kit.button("Open setup", Id.SETUP_OPEN),
            kit.button("Name teams", Id.TEAMS_OPEN),
            kit.button("Closed deals", Id.DEALS_OPEN),
        ),
        kit.divider(),
        kit.section("\n".join([f"*Health: {state}*", *lines])),
        *retry,
    ]


def _settings(team: Team) -> list[str]:
    digest = f"<#{team.digest_channel}>" if team.digest_channel else "_none yet_"
    privacy = "private" if team.channels_private else "public"
    clock = "the clock on the wall" if team.lateness is Lateness.WALL else "the owner's working time"
    return [
        f"CS leader {kit.person(team.cs_leader)} · Sales leader {kit.person(team.sales_leader)}",
        f"AEs: {len(team.aes) or '_none yet_'} · CSMs: {len(team.csms) or '_none yet_'}",
        f"Digest channel {digest} · customers' channels are {privacy}, `{team.channel_prefix}…`",
        f"Teams: {', '.join(kit.escape(group.name) for group in team.groups) or '_none yet_'}",
        f"What is late is decided by {clock}.",
    ]


def _outbox(health: Health) -> list[str]:
    lines = []
    if health.waiting_since:
        age = health.now - health.waiting_since
        mark = ":warning:" if age > _LONG else ":white_check_mark:"
        lines.append(f"{mark} *Outbox:* {health.waiting} waiting, the oldest for {kit.span(age)}.")
    else:
        lines.append(":white_check_mark: *Outbox:* nothing is waiting.")
    if health.aside:
        lines.append(f":warning: *Set aside:* {health.aside} that Slack refused. Setup says why; mend that first.")
    return lines


def _ticks(health: Health) -> list[str]:
    lines = []
    if health.ticked_at is None:
        lines.append(":hourglass: *Last tick:* not yet, since this Baton started.")
    else:
        mark = ":warning:" if health.now - health.ticked_at > _TICKS else ":white_check_mark:"
        lines.append(f"{mark} *Last tick:* {kit.moment(health.ticked_at)}.")
    if health.unasked:
        what = "deadlines" if health.unasked > 1 else "deadline"
        why = "had passed before the last tick and nobody was asked. The log says why."
        lines.append(f":warning: *Deadlines:* {health.unasked} {what} {why}")
    elif health.ticked_at:
        lines.append(":white_check_mark: *Deadlines:* all that had passed at the last tick were asked about.")
    return lines


def _digest(team: Team, health: Health) -> list[str]:
    if not team.digest_channel:
        return [":white_circle: *Last digest:* none is posted. *Open setup*, above, chooses a channel for it."]
    if health.digest is None:
        return [":hourglass: *Last digest:* none yet. Setup says when it comes."]
    last, day, late = "*Last digest:*", kit.day(health.digest), lateness(team, health.digest, health.now)
    is_lost = not health.is_digest_posted and not is_news(team, health.digest, health.now)
    skipped = skipped_slot(team, health.now, health.digest)
    if skipped or is_lost:
        known = f" {day}." if health.is_digest_posted else ""
        why = "for a day after it was due Baton was away, Slack refused it, or setup named no channel."
        return [f":warning: {last}{known} That of {kit.day(skipped.day) if skipped else day} was left out: {why}"]
    if health.is_digest_posted:
        return [f":white_check_mark: {last} {day}."]
    if late > _LONG_FOR_A_DIGEST:
        return [f":warning: {last} that of {day} is not posted. If it was set aside, setup says what to do."]
    return [f":white_check_mark: {last} {day}, on its way."]


def _scopes(health: Health) -> list[str]:
    if health.missing is None:
        return [":warning: *Scopes:* Slack did not say now which ones Baton has."]
    if not health.missing:
        return [":white_check_mark: *Scopes:* Baton has all that its manifest asks for."]
    names = ", ".join(f"`{kit.escape(scope)}`" for scope in sorted(health.missing))
    return [f":warning: *Scopes:* {names} missing. Add them on the app's page at Slack and install it again."]
