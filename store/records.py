"""What handoffs, events, reminders and errands look like as rows."""

import json
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.customers import customer_key, industry_key, web_domain
from bot.errands import Errand, Picture
from bot.events import Event
from bot.handoffs import Handoff, SectionContent
from bot.reminders import Nudged
from bot.teams import Team

_DOCUMENT = TypeAdapter(dict[str, SectionContent])


def of_handoff(team: str, handoff: Handoff, now: datetime) -> dict[str, Any]:
    """The row of a handoff, without its id."""
    return {
        "team_id": team,
        "customer": handoff.customer,
        "customer_key": customer_key(handoff.customer),
        "domain": web_domain(handoff.website),
        "stage": handoff.stage.value,
        "is_live": handoff.is_live,
        "ae": handoff.ae,
        "csm": handoff.csm,
        "se": handoff.se,
        "segment": handoff.segment,
        "industry": industry_key(handoff.industry),
        "channel_id": handoff.channel.id,
        "changed_at": now,
        "state": state_of(handoff),
        "document": _DOCUMENT.dump_json(handoff.document, exclude_defaults=True).decode(),
    }


def state_of(handoff: Handoff) -> str:
    """The handoff without its document."""
    return handoff.model_dump_json(exclude={"id", "document"}, exclude_defaults=True)


def to_handoff(handoff_id: int, state: str, document: str = "{}") -> Handoff:
    """The handoff of a row."""
    read = _DOCUMENT.validate_json(document)
    return Handoff.model_validate({"id": handoff_id, "document": read} | json.loads(state))


def to_team(settings: str | None) -> Team:
    """What setup has settled; as Baton comes, where nothing is."""
    return Team.model_validate_json(settings) if settings else Team()


def of_event(team: str, event: Event, after: Handoff) -> dict[str, Any]:
    """The entry of the history."""
    data = event.model_dump_json(exclude_defaults=True)
    row = {"team_id": team, "handoff_id": after.id, "kind": type(event).__name__}
    return row | {"by": event.by, "at": event.at, "data": data}


def of_reminder(team: str, event: Nudged, after: Handoff) -> dict[str, Any]:
    """The message that is owed to whom Baton reminds."""
    about = {"team_id": team, "handoff_id": after.id, "picture": Picture.REMINDER, "recipient": event.to}
    round_ = after.awaited[event.deadline].round
    return about | {"edition": f"{event.deadline} {event.at.timestamp():.3f} {round_}", "channel": "", "ts": ""}


def of_errand(team: str, errand: Errand, now: datetime, handoff: Handoff | None, event_id: int) -> dict[str, Any]:
    """The entry of the outbox."""
    about = json.dumps(errand.about | ({} if errand.merges or not event_id else {"event": str(event_id)}))
    handoff_id = handoff.id if handoff and not errand.is_shared else None
    merge_key = f"{handoff_id}:{errand.kind}:{about}" if errand.merges else None
    row = {"team_id": team, "handoff_id": handoff_id, "lane": errand.lane, "kind": errand.kind.value}
    return row | {"about": about, "merge_key": merge_key, "due_at": errand.due_at or now, "created_at": now}
