"""The draft of a warm introduction: an email from the AE, filled from the document, to copy or to send."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.values import public_rows
from bot.handoffs import Handoff
from bot.meetings import planned
from bot.playbook import Playbook
from bot.records import MeetingKind

Name = Callable[[str], str]
_MOST_GOALS = 3
_LONGEST_GOAL = 500  # characters, so that the letter keeps its end
_MAX_LINK = 2600  # so that the paragraph around it is within Slack's limit


def recipients(handoff: Handoff, playbook: Playbook) -> list[str]:
    """The addresses of the customer's people."""
    return [row["contact"] for row in public_rows(handoff, playbook, "stakeholders.stakeholders") if row.get("contact")]


def subject(handoff: Handoff, name: Name) -> str:
    """What the email is about."""
    return f"{handoff.customer}: meet {name(handoff.csm or '')}, who takes it from here"


def letter(handoff: Handoff, playbook: Playbook, name: Name) -> str:
    """Who the CSM is, what changes, what stays; nothing that is sensitive."""
    csm, ae = name(handoff.csm or ""), name(handoff.ae)
    names = [row["name"] for row in public_rows(handoff, playbook, "stakeholders.stakeholders") if row.get("name")]
    outcomes = public_rows(handoff, playbook, "success_criteria.outcomes")
    goals = [row["outcome"] for row in outcomes if row.get("outcome")]
    paragraphs = [
        f"Hello {', '.join(names[:5])}," if names else "Hello,",
        f"I would like to introduce {csm}, your customer success manager. You are in great hands with {csm}.",
        _goals(csm, goals[:_MOST_GOALS]),
        f"What changes: {csm} leads from here, and is the one to ask about anything.",
        (
            f"What stays: what we agreed. {csm} {'has read' if handoff.is_accepted else 'reads'} all of it, "
            f"so you need not explain anything twice. "
            f"{_fading(handoff, playbook)}"
        ),
        _meeting(handoff),
        f"Best regards\n{ae}",
    ]
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph)


def _goals(csm: str, goals: list[str]) -> str:
    if not goals:
        return ""
    listed = "\n".join(f"- {kit.clip(' '.join(goal.split()), _LONGEST_GOAL)}" for goal in goals)
    return f"{csm} knows what you want to reach:\n{listed}\nDid we capture this correctly?"


def _fading(handoff: Handoff, playbook: Playbook) -> str:
    model = playbook.timing_model(handoff.timing_model)
    return f"And I stay reachable for the first {model.fade[-1].days} days." if model and model.fade else ""


def _meeting(handoff: Handoff) -> str:
    meeting = planned(handoff, MeetingKind.INTRODUCTION)
    when = f"{kit.day(meeting.at)}, {meeting.at:%H:%M} UTC" if meeting else ""
    where = f" ({meeting.place})" if meeting and meeting.place else ""
    return f"We meet on {when}{where}." if meeting else "Let us meet for half an hour: which time would suit you?"


def mail_link(handoff: Handoff, playbook: Playbook, name: Name) -> str:
    """Opens the reader's own mail program; without the text where that is longer than a link may be."""
    to = ",".join(quote(address, safe="@+.-_") for address in recipients(handoff, playbook))
    facts = {"subject": kit.clip(subject(handoff, name), 200), "body": letter(handoff, playbook, name)}
    full = f"mailto:{to}?{urlencode(facts, quote_via=quote)}"
    if len(full) <= _MAX_LINK:
        return full
    short = f"mailto:{to}?{urlencode({'subject': facts['subject']}, quote_via=quote)}"
    return short if len(short) <= _MAX_LINK else f"mailto:?{urlencode({'subject': facts['subject']}, quote_via=quote)}"


def introduction_view(handoff: Handoff, playbook: Playbook, name: Name) -> View:
    """The draft, to copy or to open in a mail program."""
    to = ", ".join(recipients(handoff, playbook)) or "No stakeholder has an address in the document yet."
    link = mail_link(handoff, playbook, name)
    whole = "" if "body=" in link else " The text is too long for a link: copy it from below."
    blocks: list[Block] = [
        kit.section(f"<{kit.escape(link)}|Open it in your mail program>{whole}"),
        kit.rich([kit.strong("To: "), kit.said(kit.clip(to, 1500))]),
        kit.rich([kit.strong("Subject: "), kit.said(kit.clip(subject(handoff, name), 200))]),
        kit.verbatim(kit.clip(letter(handoff, playbook, name), kit.MAX_TEXT)),
        kit.context(f"It goes from you, {kit.person(handoff.ae)}. Change what does not sound like you."),
    ]
    return kit.modal("Warm introduction", blocks, metadata=Ref(handoff=handoff.id, below=Id.INTRODUCTION_OPEN).pack())
