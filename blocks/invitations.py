"""Invitations: the calendar file, and links that fill in Google's and Outlook's own forms."""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlencode

from blocks.kit import clip, escape, moment, person
from bot.agendas import MeetingPlan
from bot.handoffs import Handoff
from bot.records import Meeting
from bot.teams import Person

Who = Callable[[str], Person | None]
_NOBODY = "invalid:nomail"  # what calendars write where an address is not known
_MAX_URL = 3000  # of a button
_LONGEST = 300  # of a name, in a link


def title(handoff: Handoff, plan: MeetingPlan) -> str:
    """What the calendar shows."""
    return f"{plan.label}: {handoff.customer}"


def description(plan: MeetingPlan, minutes: int) -> str:
    """The agenda alone: an invitation may be forwarded to the customer."""
    boxes = zip(plan.agenda, plan.time_boxes(minutes), strict=True)
    return "\n".join(f"{number}. {item.label} ({box} min)" for number, (item, box) in enumerate(boxes, 1))


def calendar_file(handoff: Handoff, plan: MeetingPlan, meeting: Meeting, who: Who, now: datetime) -> str:
    """The invitation as iCalendar (RFC 5545, 5546): a request, or a cancellation of the same UID."""
    # Imported only where it is needed: a cold start should not pay for it.
    from icalendar import Calendar, Event  # noqa: PLC0415

    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", meeting.at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", title(handoff, plan))
    event.add("description", description(plan, meeting.minutes))
    event.add("status", "CANCELLED" if meeting.ended else "CONFIRMED")
    if meeting.place:
        event.add("location", meeting.place)
    event.add("organizer", _address(handoff.ae, who), encode=False)
    for user in meeting.attendees:
        event.add("attendee", _address(user, who), encode=False)
    calendar = Calendar()
    calendar.add("prodid", "-//Baton//Handoff//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.ended else "REQUEST")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def file_name(meeting: Meeting) -> str:
    """What the file is called."""
    return f"{meeting.kind}-meeting.ics"


def file_title(handoff: Handoff, plan: MeetingPlan, meeting: Meeting) -> str:
    """What stands above the file in Slack; unlike that of any other invitation to the same meeting."""
    update = f" (update {meeting.sequence})" if meeting.sequence else ""
    return f"{'Cancelled: ' if meeting.ended else ''}{_short(title(handoff, plan))}{update}"


def comment(plan: MeetingPlan, meeting: Meeting) -> str:
    """What stands beside the file: to whom it matters, and what to do with it."""
    people = ", ".join(person(user) for user in meeting.attendees)
    what = "does not take place" if meeting.ended else f"is {moment(meeting.at)}"
    return f"{people}: *{escape(plan.label)}* {what}. Open the file to bring your calendar up to date."


def google_link(handoff: Handoff, plan: MeetingPlan, meeting: Meeting) -> str:
    """Opens Google Calendar with everything filled in."""
    begin, end = (f"{at:%Y%m%dT%H%M%SZ}" for at in (meeting.at, meeting.ends_at))
    facts = {"action": "TEMPLATE", "text": _short(title(handoff, plan)), "dates": f"{begin}/{end}"}
    return _link(
        "https://calendar.google.com/calendar/render",
        [*facts.items(), ("location", meeting.place), ("details", description(plan, meeting.minutes))],
    )


def outlook_link(handoff: Handoff, plan: MeetingPlan, meeting: Meeting) -> str:
    """Opens Outlook with everything filled in."""
    begin, end = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (meeting.at, meeting.ends_at))
    facts = {"path": "/calendar/action/compose", "rru": "addevent", "subject": _short(title(handoff, plan))}
    facts |= {"startdt": begin, "enddt": end}
    return _link(
        "https://outlook.office.com/calendar/0/deeplink/compose",
        [*facts.items(), ("location", meeting.place), ("body", description(plan, meeting.minutes))],
    )


def _short(text: str) -> str:
    return clip(text, _LONGEST)


def _link(base: str, facts: Iterable[tuple[str, str]]) -> str:
    """With as many of the facts, the first ones first, as a button's address holds."""
    kept = base
    for fact in facts:
        longer = f"{kept}{'&' if '?' in kept else '?'}{urlencode([fact])}"
        kept = longer if len(longer) <= _MAX_URL and fact[1] else kept
    return kept


def _address(user: str, who: Who) -> object:
    from icalendar import vCalAddress, vText  # noqa: PLC0415

    known = who(user)
    address = vCalAddress(f"mailto:{known.email}" if known and known.email else _NOBODY)
    address.params["CN"] = vText(known.name if known else user)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    return address
