"""One event in one line: for the card's thread and for the history."""

from blocks import kit
from bot import events
from bot.events import Change, Event
from bot.playbook import Playbook, label_of
from bot.values import Value


def line(event: Event, playbook: Playbook) -> str:
    """What happened, in mrkdwn; typed words are escaped. The sensitive fields are never in it."""
    who = "Baton" if event.by == events.BATON else kit.person(event.by)
    return f"{who} {_did(event, playbook)}"


def _did(event: Event, playbook: Playbook) -> str:
    match event:
        case events.HandoffStarted():
            return f"started the handoff of *{kit.escape(event.deal.company_name)}*."
        case events.ContractSigned():
            return f"noted the signature of {kit.day(event.signed_at)}."
        case events.DealChanged():
            return "corrected the facts of the deal."
        case events.OwnersChanged():
            team = f"AE {kit.person(event.ae)}, CSM {kit.person(event.csm)}"
            return f"changed the owners: {team}{f', SE {kit.person(event.se)}' if event.se else ''}."
        case events.SectionSaved():
            section = playbook.section(event.section)
            return f"saved *{section.label if section else event.section}* (revision {event.revision})."
        case events.SectionRead():
            section = playbook.section(event.section)
            return f"read *{section.label if section else event.section}*."
        case _:
            return _moved(event, playbook)


def _moved(event: Event, playbook: Playbook) -> str:
    match event:
        case events.HandoffSubmitted():
            return "submitted the document for review" + (f" (submission {event.number})." if event.number > 1 else ".")
        case events.HandoffReturned():
            reason = label_of(playbook.return_reasons, event.reason)
            return f"returned the document: {kit.escape(reason)}. “{kit.escape(kit.clip(event.words, 1000))}”"
        case events.HandoffAccepted():
            return "accepted the handoff. :handshake:"
        case events.HandoffCancelled():
            words = f" “{kit.escape(kit.clip(event.words, 1000))}”" if event.words else ""
            return f"cancelled the handoff: {kit.escape(label_of(playbook.cancel_reasons, event.reason))}.{words}"
        case events.HandoffReopened():
            return "reopened the handoff."
        case events.DeadlineMissed():
            return f"noticed that this is overdue: *{kit.escape(label_of(playbook.deadlines, event.deadline))}*."
        case _:
            return _in_slack(event)


def _in_slack(event: Event) -> str:
    match event:
        case events.ChannelOpened():
            return f"opened the channel <#{event.channel}>."
        case events.ChannelRenamed():
            return f"saw the channel renamed to {kit.escape(event.name)}."
        case events.ChannelTroubled():
            return f"could not use the channel ({kit.escape(event.error)})."
        case events.ChannelRetried():
            return "asked for the channel again."
        case events.InviteRefused():
            return f"could not invite {kit.person(event.person)} ({kit.escape(event.error)})."
        case events.CanvasOpened():
            return "opened the canvas."
        case _:
            return type(event).__name__


def changes(event: events.SectionSaved, playbook: Playbook, *, sensitive: bool) -> list[str]:
    """What a save changed, field by field, in literal text."""
    return [words for change in event.changes if (words := _change(event.section, change, playbook, sensitive))]


def _change(section: str, change: Change, playbook: Playbook, sensitive: bool) -> str:
    field = playbook.field(f"{section}.{change.field.partition('[')[0]}")
    if field is None or (field.sensitive and not sensitive):
        return ""
    before, after = _short(change.before), _short(change.after)
    if before and after:
        return f"{field.label}: {before} → {after}" if before != after else f"{field.label}: put in another order"
    return f"{field.label}: {after} (added)" if after else f"{field.label}: {before} (removed)"


def _short(value: Value | dict[str, str] | None) -> str:
    if isinstance(value, dict):
        value = " · ".join(text for key, text in value.items() if key != "id" and text)
    if isinstance(value, list):
        value = f"{len(value)} rows"
    return kit.clip(value or "", 200)
