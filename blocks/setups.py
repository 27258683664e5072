"""The setup form, and what admins see of deliveries that Slack refused."""

from collections.abc import Sequence
from datetime import datetime

from blocks import kit
from blocks.ids import Id
from blocks.kit import Block, View
from blocks.preferences import DAYS, working_inputs
from bot.completion import DONE
from bot.errands import Kind
from bot.teams import ChannelEnd, Lateness, Team

_LATENESS = {
    Lateness.WALL: ("The clock on the wall", "Nights and weekends count: 24 hours are 24 hours, as the targets say"),
    Lateness.WORKING: ("The owner's working time", "Nights, weekends and public holidays do not count"),
}

_ENDS = {
    ChannelEnd.KEEP: ("Kept", "It stays as it is"),
    ChannelEnd.RENAME: ("Renamed", f"Its name then begins with {DONE}"),
    ChannelEnd.ARCHIVE: ("Archived", "Nobody can write there any more; what was written stays"),
}


def unsettled(words: str, *, may_settle: bool) -> Block:
    """What nobody has settled yet, and who does."""
    if may_settle:
        return kit.section(words, kit.button("Open setup", Id.SETUP_OPEN))
    return kit.section(f"{words} An admin does it in `/handoff setup`.")


def setup_view(team: Team, aside: Sequence[tuple[int, str, str, datetime]], zone: str = "") -> View:
    """People, channels and habits of the workspace; `zone` is proposed where none was settled."""
    privacy = [
        kit.option("Private", "private", "Only the people of a handoff see its channel"),
        kit.option("Public", "public", "Everybody in the workspace may join"),
    ]
    blocks = [
        kit.field_input("aes", "AEs", kit.people_select(team.aes)),
        kit.field_input("csms", "CSMs", kit.people_select(team.csms)),
        kit.field_input("cs_leader", "CS leader", kit.person_select(team.cs_leader)),
        kit.field_input("sales_leader", "Sales leader", kit.person_select(team.sales_leader)),
        kit.field_input(
            "channels_private",
            "Channel privacy",
            kit.radio(privacy, "private" if team.channels_private else "public"),
            optional=False,
        ),
        kit.field_input(
            "channel_prefix",
            "Channel prefix",
            kit.text_input(team.channel_prefix, max_length=20),
            hint="Small letters, digits, - and _. A customer's channel is called prefix + customer.",
        ),
        kit.field_input(
            "capture_reaction",
            "Reaction that files a commitment",
            kit.text_input(f":{team.capture_reaction}:" if team.capture_reaction else "", max_length=102),
            hint="Such as :handshake:. On a message in a customer's channel it files a draft. Empty: none does.",
        ),
        *_channel_inputs(team),
        *_digest_inputs(team, zone),
        *_time_inputs(team),
    ]
    named = ", ".join(kit.escape(group.name) for group in team.groups) or "_none yet_"
    blocks += [kit.divider(), kit.section(f"*Teams:* {named}", kit.button("Name teams", Id.TEAMS_OPEN))]
    if aside:
        blocks += [kit.divider(), kit.section(f"*{len(aside)} deliveries were refused by Slack:*\n{_aside(aside)}")]
        blocks.append(kit.actions(kit.button("Try them again", Id.OUTBOX_REVIVE)))
    return kit.modal("Set up Baton", blocks, callback_id=Id.SETUP_SAVE, submit="Save", close="Cancel")


def _channel_inputs(team: Team) -> list[Block]:
    ends = [kit.option(text, one, more) for one, (text, more) in _ENDS.items()]
    hint = "From 1 to 365. The channel is warned three days before, and anybody of the handoff may keep it."
    return [
        kit.field_input(
            "channel_end",
            "When a handoff is completed, its channel is",
            kit.radio(ends, team.channel_end),
            optional=False,
        ),
        kit.field_input(
            "channel_days", "Days until then", kit.number_input(str(team.channel_days)), optional=False, hint=hint
        ),
    ]


def _digest_inputs(team: Team, zone: str) -> list[Block]:
    ours = {"include": ["public", "private"], "exclude_bot_users": True, "exclude_external_shared_channels": True}
    channel = {"type": "conversations_select", "filter": ours, "placeholder": kit.plain("Choose a channel")}
    channel |= {"initial_conversation": team.digest_channel} if team.digest_channel else {}
    days = [kit.option(name, str(day)) for day, name in enumerate(DAYS)]
    zone = team.zone if "zone" in team.model_fields_set else zone or team.zone
    invite = "Empty: no digest. Into a private channel Baton must be invited: type /invite @Baton there."
    return [
        kit.divider(),
        kit.header("Weekly digest"),
        kit.field_input("digest_channel", "Digest channel", channel, hint=invite),
        kit.field_input("digest_day", "Day of the digest", kit.select(days, str(team.digest_day)), optional=False),
        kit.field_input("digest_at", "Hour of the digest", kit.time_input(f"{team.digest_at:%H:%M}"), optional=False),
        kit.field_input(
            "zone",
            "Time zone",
            kit.text_input(zone, max_length=60),
            optional=False,
            hint="Such as Europe/Berlin. The figures count their days in it, too.",
        ),
    ]


def _time_inputs(team: Team) -> list[Block]:
    lateness = [kit.option(text, one, more) for one, (text, more) in _LATENESS.items()]
    hint = "A country such as DE, or with a region, DE-BY. Empty: no public holidays."
    return [
        kit.divider(),
        kit.header("Time"),
        kit.context("Each person can settle other days, hours and holidays in `/handoff settings`."),
        kit.field_input(
            "lateness", "Which clock decides what is late", kit.radio(lateness, team.lateness), optional=False
        ),
        *working_inputs(team.working_time, team.country, hint, optional=False),
    ]


def set_aside(aside: Sequence[tuple[int, str, str, datetime]]) -> list[Block]:
    """To an admin: Slack refuses something for good."""
    text = f":warning: Slack refused {len(aside)} of Baton's deliveries. Nothing people saved is lost.\n{_aside(aside)}"
    return [kit.section(text), kit.context("Mend the cause in Slack, then press *Try them again* in `/handoff setup`.")]


def _aside(aside: Sequence[tuple[int, str, str, datetime]]) -> str:
    lines = [f"• {kind}: `{kit.escape(error or '')}` {kit.moment(at)}" for _, kind, error, at in aside[:10]]
    of_digest = [error for _, kind, error, _ in aside if kind == Kind.SEND_DIGEST]
    return "\n".join(dict.fromkeys([*lines, *(what for error, what in _OF_DIGEST.items() if error in of_digest)]))


_ANOTHER = "Choose another one in `/handoff setup`."
_UNINVITED = "*No digest is posted:* Baton is not in its channel. Type `/invite @Baton` there."
_OF_DIGEST = {
    "not_in_channel": _UNINVITED,
    "channel_not_found": _UNINVITED,
    "is_archived": f"*No digest is posted:* its channel is archived. {_ANOTHER}",
    "is_ext_shared": f"*No digest is posted:* its channel is shared with another company. {_ANOTHER}",
}
