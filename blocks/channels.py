"""The words of a customer's channel: topic, purpose, and what is said when Slack refuses it."""

from blocks import kit
from blocks.cards import stage_words
from blocks.ids import Id, Ref
from blocks.kit import Block
from bot.handoffs import Handoff

_MAX_TOPIC = 250


def topic(handoff: Handoff) -> str:
    """Stage and owners."""
    owners = f"AE {kit.person(handoff.ae)} · CSM {kit.person(handoff.csm) if handoff.csm else 'nobody yet'}"
    return kit.clip(f"{stage_words(handoff)} · {owners}", _MAX_TOPIC)


def purpose(handoff: Handoff) -> str:
    """What the channel is for."""
    return kit.clip(f"Handoff of {kit.escape(handoff.customer)} from Sales to Customer Success", _MAX_TOPIC)


def trouble(handoff: Handoff) -> list[Block]:
    """To the AE: the channel can't be used, why, and what to do. Redrawn when it is mended."""
    customer = kit.escape(handoff.customer)
    if handoff.channel.trouble is None:
        where = f"<#{handoff.channel.id}>" if handoff.channel.id else "soon"
        return [kit.section(f"The channel of *{customer}* is in order again: {where}.")]
    name = f" #{kit.escape(handoff.channel.name)}" if handoff.channel.name else ""
    words = _TROUBLES.get(handoff.channel.trouble, f"Slack says `{kit.escape(handoff.channel.trouble)}`.")
    text = f":warning: The channel{name} of *{customer}* can't be used. {words}"
    text += "\nThe document and its history are safe; `/handoff` works without the channel."
    ref = Ref(handoff=handoff.id).pack()
    buttons = [kit.button("Try again", Id.CHANNEL_RETRY, ref, kit.Style.PRIMARY)]
    if handoff.channel.id:
        buttons.append(kit.button("Make a new channel", Id.CHANNEL_ANEW, ref))
    return [kit.section(text), kit.actions(*buttons)]


def invite_refused(handoff: Handoff, person: str, error: str) -> list[Block]:
    """To the AE: somebody could not be invited."""
    where = f"<#{handoff.channel.id}>" if handoff.channel.id else "the channel"
    words = _INVITES.get(error, f"Slack says `{kit.escape(error)}`.")
    text = (
        f":warning: {kit.person(person)} could not be invited to {where} for *{kit.escape(handoff.customer)}*. {words}"
    )
    return [kit.section(text), kit.actions(kit.button("Change owners", Id.OWNERS_OPEN, Ref(handoff=handoff.id).pack()))]


_TROUBLES = {
    "is_archived": "It is archived. Unarchive it in Slack, then press Try again, or make a new one.",
    "channel_not_found": "It is gone, or Baton was removed. Invite it and try again, or make a new one.",
    "not_in_channel": "Baton was removed. Invite Baton and press Try again, or make a new one.",
    "restricted_action": "No app may make channels here. Ask a Slack admin to allow it, then press Try again.",
    "missing_scope": "Baton lacks a permission. Ask an admin to install it again, then press Try again.",
}
_INVITES = {
    "user_not_found": "The account is not in this workspace. Name somebody who is.",
    "cant_invite": "The account is deactivated or may not join. Name somebody else.",
    "user_is_restricted": "The account is a guest's. Name a member, or let an admin invite the guest.",
    "ura_max_channels": "The account is a single-channel guest's. Name a member.",
    "org_user_not_in_team": "The account is not in this workspace. Name somebody who is.",
}
