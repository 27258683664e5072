"""Completing a handoff: what is missing, the last form, what becomes of the channel, and how the document was."""

from collections.abc import Sequence

from blocks import kit
from blocks.fades import fade_plan
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from blocks.surveys import labels, noted, quoted, read_by, score_inputs, sections_select
from bot.completion import DONE, ChannelKept, ChannelPutAway, ChannelPutOff, FeedbackGiven, Gap, HandoffCompleted
from bot.events import Event
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.promises import ledger
from bot.questions import answers, open_questions
from bot.teams import ChannelEnd, Team

_OPENS = {
    Gap.REVIEW: ("View document", Id.DOCUMENT_VIEW),
    Gap.INTERNAL_MEETING: ("Meetings", Id.MEETINGS_OPEN),
    Gap.INTRODUCTION: ("Meetings", Id.MEETINGS_OPEN),
    Gap.CONTACT: ("Meetings", Id.MEETINGS_OPEN),
    Gap.FADE: ("Deadlines", Id.DEADLINES_OPEN),
    Gap.QUESTIONS: ("Questions", Id.QUESTIONS_OPEN),
    Gap.ESCALATIONS: ("Escalations", Id.ESCALATE_OPEN),
}
_ENDS = {ChannelEnd.RENAME: f"gets a name that begins with {DONE}", ChannelEnd.ARCHIVE: "is archived"}


def gaps_view(handoff: Handoff, playbook: Playbook, gaps: Sequence[Gap]) -> View:
    """Exactly what is missing, each with the button that opens it."""
    ref = Ref(handoff=handoff.id).pack()
    owners = dict.fromkeys(answers(question, handoff) for question in open_questions(handoff))
    waits = f"They are with {', '.join(map(kit.person, owners))}."
    more = {Gap.FADE: fade_plan(handoff, playbook), Gap.QUESTIONS: [waits]}
    blocks = [kit.section(f"*{kit.escape(handoff.customer)}* cannot be completed yet.")]
    for gap in gaps:
        words = "\n".join([gap.words, *more.get(gap, [])])
        blocks.append(kit.section(f":hourglass: {words}", kit.button(*_OPENS[gap], ref)))
    return kit.modal("Not complete yet", [*blocks, kit.actions(kit.button("Check again", Id.COMPLETE_OPEN, ref))])


def complete_view(handoff: Handoff, team: Team) -> View:
    """The last look: what goes on, and what becomes of the channel."""
    waiting = sum(promise.is_open for promise in ledger(handoff))
    goes_on = f"{waiting} promises go on until closed" if waiting > 1 else "One promise goes on until closed"
    promises = goes_on if waiting else "No promise is open"
    end = _ENDS.get(team.channel_end)
    days = f"{team.channel_days} day{'s' if team.channel_days > 1 else ''}"
    channel = f"The channel {end} after {days}, unless somebody keeps it" if end else "The channel stays as it is"
    blocks = [
        kit.section(
            f"*{kit.escape(handoff.customer)}* is with Customer Success: all that belongs to the handoff is done."
        ),
        kit.section(f"• {promises}.\n• All other deadlines end.\n• {channel}."),
        kit.context(f"In a month Baton asks {kit.person(handoff.csm)} what was missing or untrue."),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "Complete handoff", blocks, callback_id=Id.COMPLETE_SUBMIT, submit="Complete", close="Not yet", metadata=ref
    )


def completed(handoff: Handoff, reader: str) -> list[Block]:
    """To the AE, the CSM and the SE: it is done."""
    if handoff.completion is None:
        return [kit.section(f"The handoff of *{kit.escape(handoff.customer)}* was reopened."), _view(handoff)]
    lead = f"{kit.person(handoff.completion.by)} completed the handoff of *{kit.escape(handoff.customer)}*. :tada:"
    thanks = "You are free of it: thank you." if reader in (handoff.ae, handoff.se) else "The customer is yours."
    mine = [one for one in ledger(handoff) if one.is_open and (one.promise.owner or handoff.csm) == reader]
    owes = f" {len(mine)} promise{'s are' if len(mine) > 1 else ' is'} still with you." if mine else ""
    return [kit.section(f"{lead} {thanks}{owes}"), _view(handoff)]


def _view(handoff: Handoff) -> Block:
    return kit.actions(kit.button("View document", Id.DOCUMENT_VIEW, Ref(handoff=handoff.id).pack()))


# -- the channel


def card_lines(handoff: Handoff) -> list[str]:
    """When it was completed, and what becomes of the channel."""
    done = handoff.completion
    if done is None:
        return []
    lines = [f":checkered_flag: *Completed* by {kit.person(done.by)}, {kit.day(done.at)}."]
    if done.channel_at:
        lines.append(f":file_cabinet: This channel {_ENDS[done.channel]} {kit.moment(done.channel_at)}.")
    return lines


def farewell(handoff: Handoff, edition: str, *, stands: bool) -> list[Block]:
    """In the channel, of one completion: it goes soon, and one click keeps it. Nothing when it does not; unless the
    warning `stands`."""
    done = handoff.completion
    if done and done.edition != edition:
        return [kit.section("This channel stayed as it was: its handoff was reopened.")] if stands else []
    if done and done.channel_at:
        when = f"{_ENDS[done.channel]} {kit.moment(done.channel_at)}"
        text = f":file_cabinet: This channel {when}: its handoff is completed."
        keep = kit.button("Keep this channel", Id.CHANNEL_KEEP, Ref(handoff=handoff.id).pack())
        return [kit.section(text), kit.actions(keep)]
    is_gone = done is not None and done.channel is not ChannelEnd.KEEP
    words = f"This channel {'went as announced' if is_gone else 'stays as it is'}: its handoff is completed."
    return [kit.section(words if done else "This channel stays as it is: the handoff goes on.")] if stands else []


# -- a month later


def feedback_buttons(handoff: Handoff) -> list[Element]:
    """All was well, or say what was not."""
    ref = Ref(handoff=handoff.id).pack()
    return [
        kit.button("Nothing: all was there and true", Id.FEEDBACK_GOOD, ref, kit.Style.PRIMARY),
        kit.button("Something was", Id.FEEDBACK_OPEN, ref),
    ]


def feedback_view(handoff: Handoff, playbook: Playbook) -> View:
    """Which sections turned out incomplete or untrue?"""
    choice = sections_select(playbook)
    asked = f"Now that you know *{kit.escape(handoff.customer)}*: what was missing in the document, what untrue?"
    blocks = [
        kit.section(asked),
        kit.field_input("missing", "Something was missing in", choice),
        kit.field_input("untrue", "Something was untrue in", choice),
        kit.field_input(
            "words",
            "In your words",
            kit.text_input(multiline=True),
            hint=read_by(playbook),
        ),
        kit.divider(),
        *noted(handoff, playbook),
        *score_inputs(),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "How was the document?", blocks, callback_id=Id.FEEDBACK_SAVE, submit="Save", close="Cancel", metadata=ref
    )


# -- in the history


def said(event: Event, playbook: Playbook) -> str:
    """What happened, in mrkdwn."""
    match event:
        case HandoffCompleted():
            at = f" The channel {_ENDS[event.channel]} {kit.moment(event.channel_at)}." if event.channel_at else ""
            return f"completed the handoff. :checkered_flag:{at}"
        case ChannelKept():
            return "keeps the channel as it is."
        case ChannelPutAway():
            return f"renamed the channel to #{kit.escape(event.name)}." if event.name else "archived the channel."
        case ChannelPutOff():
            return f"keeps the channel until {kit.moment(event.channel_at)}: its warning came late."
        case FeedbackGiven():
            named = {"missing in": event.missing, "untrue in": event.untrue}
            lists = (f"{what} {', '.join(labels(sections, playbook))}" for what, sections in named.items() if sections)
            named_ones = " and ".join(lists)
            found = f"something was {named_ones}" if named_ones else "all was there and true"
            words = quoted(event.words, (*event.missing, *event.untrue), playbook)
            return f"said how the document was: {found}.{words}"
        case _:
            return type(event).__name__
