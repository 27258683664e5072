"""Meetings: on the card, as a list with what may be pressed, their forms, and the messages that carry them."""

from collections.abc import Iterator
from datetime import datetime

from blocks import invitations, kit
from blocks.agendas import Brief, agenda, people, zones
from blocks.deadlines import note_button
from blocks.ids import Id, Ref
from blocks.kit import Block, Element, View
from blocks.responsibilities import responsibilities
from blocks.surveys import repeated_inputs, survey_button
from bot.handoffs import Handoff, Stage
from bot.meetings import DECISIONS, NOTES, PLACE, REASON, Way, is_introduced, needs_override, planned
from bot.playbook import Playbook
from bot.records import Meeting, MeetingEnd, MeetingKind, Minutes
from bot.timing import Fact

_ENDS = {MeetingEnd.NO_SHOW: "No-show", MeetingEnd.CALLED_OFF: "Call off"}
_DONE = {MeetingKind.INTERNAL: "Held", MeetingKind.INTRODUCTION: "Introduction done"}
_WAYS = {Way.CALL: "A call", Way.EMAIL: "An email", Way.MEETING: "A meeting"}
_SHORT = 1500
COLD = (
    ":snowflake: *Cold contact.* Nobody has introduced the CSM to this customer yet. Who hears from a stranger "
    "has to explain everything again. Let the AE introduce you first; or say why it had to be now, for the history."
)


def card_lines(handoff: Handoff, playbook: Playbook) -> Iterator[str]:
    """The meetings that lie ahead."""
    for meeting in handoff.planned:
        yield f":calendar: *{kit.escape(playbook.meeting(meeting.kind).label)}* {kit.moment(meeting.at)}"


# -- the list


def meetings_view(brief: Brief, now: datetime, *, may_act: bool) -> View:
    """Both meetings and the first contact: how they stand, and what may be pressed."""
    handoff = brief.handoff
    blocks: list[Block] = [kit.context(kit.escape(handoff.customer))]
    may_act = may_act and handoff.stage is not Stage.CANCELLED
    for kind in MeetingKind:
        label = kit.escape(brief.playbook.meeting(kind).label)
        blocks += [kit.section(f"*{label}*\n{_state(brief, kind)}"), *_minutes(handoff.minutes.get(kind))]
        buttons = _buttons(handoff, kind, now)
        blocks += [kit.actions(*buttons)] if may_act and buttons else []
        blocks.append(kit.divider())
    blocks.append(kit.section(f"*First contact by CS*\n{_contacted(handoff)}"))
    if may_act and handoff.signed_at and not _contacted_by(handoff):
        blocks.append(kit.actions(note_button(handoff, Fact.FIRST_CONTACT)))
    return kit.modal("Meetings", blocks, metadata=Ref(handoff=handoff.id, below=Id.MEETINGS_OPEN).pack())


def _state(brief: Brief, kind: MeetingKind) -> str:
    handoff = brief.handoff
    if done := handoff.steps.get(kind.held):
        return f":white_check_mark: Held, says {kit.person(done.by)}, {kit.moment(done.at)}."
    meeting = handoff.meetings.get(kind)
    if meeting and meeting.ended:
        return f":warning: It did not take place: {_ENDED[meeting.ended]}."
    return _when(brief, meeting) if meeting else "Not scheduled yet."


_ENDED = {MeetingEnd.NO_SHOW: "somebody did not come", MeetingEnd.CALLED_OFF: "it was called off"}


def _when(brief: Brief, meeting: Meeting) -> str:
    where = f"\n:round_pushpin: {kit.escape(meeting.place)}" if meeting.place else ""
    clocks = zones(brief, meeting.attendees, meeting.at)
    return f":calendar: {kit.moment(meeting.at)}, {meeting.minutes} minutes\n{clocks}{where}"


def _minutes(said: Minutes | None) -> Iterator[Block]:
    for label, words in (("Notes", said.notes), ("Decisions", said.decisions)) if said else ():
        if words:
            yield kit.rich([kit.strong(f"{label}: "), kit.said(kit.clip(words, _SHORT))])


def _contacted_by(handoff: Handoff) -> bool:
    return Fact.FIRST_CONTACT in handoff.steps or is_introduced(handoff)


def _contacted(handoff: Handoff) -> str:
    if done := handoff.steps.get(Fact.FIRST_CONTACT):
        return f":white_check_mark: {kit.moment(done.at)}, noted by {kit.person(done.by)}."
    return ":white_check_mark: With the introduction." if is_introduced(handoff) else "Not made yet."


def _buttons(handoff: Handoff, kind: MeetingKind, now: datetime) -> list[Element]:
    """What may be pressed about one meeting."""
    if kind.held in handoff.steps:
        return [survey_button(handoff)] if kind is MeetingKind.INTRODUCTION else []
    ref = Ref(handoff=handoff.id, meeting=kind)
    held = note_button(handoff, kind.held, text=_DONE[kind])
    draft = [kit.button("Draft the introduction", Id.INTRODUCTION_OPEN, ref.pack())]
    drafting = draft if kind is MeetingKind.INTRODUCTION else []
    meeting = planned(handoff, kind)
    if meeting is None:
        return [kit.button("Schedule", Id.MEETING_OPEN, ref.pack(), kit.Style.PRIMARY), held, *drafting]
    ends = [MeetingEnd.NO_SHOW, MeetingEnd.CALLED_OFF] if now >= meeting.at else [MeetingEnd.CALLED_OFF]
    over = [kit.button(_ENDS[end], _END_IDS[end], ref.pack()) for end in ends]
    return [held, kit.button("Move", Id.MEETING_OPEN, ref.pack()), *over, *drafting]


_END_IDS = {MeetingEnd.NO_SHOW: Id.NO_SHOW_OPEN, MeetingEnd.CALLED_OFF: Id.CALL_OFF_OPEN}


# -- messages


def pack(brief: Brief, edition: str) -> list[Block]:
    """In the channel: when and where, the agenda filled from the document, what to press. Redrawn as things change."""
    handoff, playbook = brief.handoff, brief.playbook
    kind = MeetingKind(edition.partition(".")[0])
    plan, meeting = playbook.meeting(kind), handoff.meetings.get(kind)
    lead = f"*{kit.escape(invitations.title(handoff, plan))}*"
    if meeting is None or meeting.edition != edition:
        return [kit.section(f"{lead}\nIt did not take place. There is another one, below.")]
    if meeting not in handoff.planned:
        return [kit.section(f"{lead}\n{_state(brief, kind)}"), *_minutes(handoff.minutes.get(kind))]
    ref = Ref(handoff=handoff.id, meeting=kind).pack()
    links = [
        kit.link_button("Add to Google Calendar", Id.GOOGLE, invitations.google_link(handoff, plan, meeting)),
        kit.link_button("Add to Outlook", Id.OUTLOOK, invitations.outlook_link(handoff, plan, meeting)),
    ]
    return [
        kit.section(f"{lead}\n{_when(brief, meeting)}"),
        kit.actions(*links, kit.button("People and politics", Id.PEOPLE_OPEN, ref)),
        *agenda(brief, kind, meeting.minutes),
        *(responsibilities(playbook, handoff) if kind is MeetingKind.INTERNAL else ()),
        kit.actions(*_outcomes(handoff, kind)),
    ]


def _outcomes(handoff: Handoff, kind: MeetingKind) -> list[Element]:
    """What may have become of it."""
    ref = Ref(handoff=handoff.id, meeting=kind).pack()
    held = note_button(handoff, kind.held, kit.Style.PRIMARY, text=_DONE[kind])
    over = [kit.button(words, _END_IDS[end], ref) for end, words in _ENDS.items()]
    return [held, kit.button("Move", Id.MEETING_OPEN, ref), *over]


def soon(brief: Brief, edition: str) -> list[Block]:
    """To somebody who takes part, a while before; it says so when it was moved or is over."""
    handoff, (lead, meeting) = brief.handoff, _announced(brief, edition)
    if meeting is None:
        return [kit.section(lead)]
    channel = f"\nThe agenda is in <#{handoff.channel_id}>." if handoff.channel_id else ""
    view = kit.button("View document", Id.DOCUMENT_VIEW, Ref(handoff=handoff.id).pack())
    return [kit.section(f"Soon: {lead}\n{_when(brief, meeting)}{channel}"), kit.actions(view)]


def over(brief: Brief, edition: str) -> list[Block]:
    """To the AE, once its time has passed and nobody has said how it went; it says so when somebody has."""
    lead, meeting = _announced(brief, edition)
    if meeting is None:
        return [kit.section(lead)]
    words = f"How did it go? {lead}\nIt was to take place {kit.moment(meeting.at)}, and nobody has said yet."
    return [kit.section(words), kit.actions(*_outcomes(brief.handoff, meeting.kind))]


def _announced(brief: Brief, edition: str) -> tuple[str, Meeting | None]:
    """The meeting by its name, and itself while it is planned as it was announced; else what became of it."""
    handoff, kind = brief.handoff, MeetingKind(edition.partition(".")[0])
    lead, meeting = f"*{kit.escape(invitations.title(handoff, brief.playbook.meeting(kind)))}*", planned(handoff, kind)
    if meeting is None:
        return f"{lead}\n{_state(brief, kind)}", None
    if edition_of(meeting) != edition:
        return f"{lead}\nThis has changed: {kit.moment(meeting.at)}.", None
    return lead, meeting


def edition_of(meeting: Meeting) -> str:
    """Which announcement: one for each time that the meeting was given."""
    return f"{meeting.kind}.{meeting.sequence}"


# -- forms


def schedule_view(brief: Brief, ref: Ref, kind: MeetingKind, suggested: datetime, attendees: tuple[str, ...]) -> View:
    """When, how long, with whom, where?"""
    handoff, plan, meeting = brief.handoff, brief.playbook.meeting(kind), planned(brief.handoff, kind)
    lengths = [kit.option(f"{length} minutes", str(length)) for length in plan.lengths]
    chosen = str(meeting.minutes) if meeting and meeting.minutes in plan.lengths else str(plan.lengths[0])
    owners = [user for user in (handoff.ae, handoff.csm) if user]
    blocks: list[Block] = [
        kit.section(f"*{kit.escape(invitations.title(handoff, plan))}*"),
        kit.field_input("at", "Day and time", kit.moment_input(suggested), optional=False),
        kit.context(f"You choose by your own clock. That would be: {zones(brief, owners, suggested)}"),
        kit.field_input("minutes", "Length", kit.select(lengths, chosen), optional=False),
        kit.field_input("attendees", "Who takes part", kit.people_select(attendees), optional=False),
        kit.field_input(
            "place", PLACE.label, kit.text_input(meeting.place if meeting else "", max_length=PLACE.max_length)
        ),
    ]
    if kind is MeetingKind.INTRODUCTION:
        blocks.append(
            kit.context("The customer's team is invited by you: the draft of the introduction has addresses.")
        )
    submit = "Move" if meeting else "Schedule"
    return kit.modal(submit, blocks, callback_id=Id.MEETING_SAVE, submit=submit, close="Cancel", metadata=ref.pack())


def held_view(handoff: Handoff, playbook: Playbook, ref: Ref, kind: MeetingKind, *, may_survey: bool) -> View:
    """What was said and decided? Whoever `may_survey` is asked too what the customer had to explain again."""
    lead = kit.escape(invitations.title(handoff, playbook.meeting(kind)))
    blocks: list[Block] = [kit.section(f"*{lead}*")]
    if needs_override(handoff):
        blocks.append(kit.section(f":warning: {kit.person(handoff.csm)} has not accepted the document yet."))
        reason = kit.text_input(multiline=True, max_length=REASON.max_length)
        blocks.append(kit.field_input("reason", "Why it counts all the same", reason, optional=False))
    public = "Stands in the history, for everybody in the channel"
    blocks += [
        kit.field_input(one.id, one.label, kit.text_input(multiline=True), hint=public) for one in (NOTES, DECISIONS)
    ]
    if may_survey and kind is MeetingKind.INTRODUCTION:
        blocks += repeated_inputs(handoff, playbook)
    title = "Meeting held" if kind is MeetingKind.INTERNAL else "Introduction done"
    return kit.modal(title, blocks, callback_id=Id.HELD_SAVE, submit="Note it", close="Cancel", metadata=ref.pack())


def end_view(handoff: Handoff, playbook: Playbook, ref: Ref, kind: MeetingKind, end: MeetingEnd) -> View:
    """It does not take place: why?"""
    lead, meeting = kit.escape(invitations.title(handoff, playbook.meeting(kind))), planned(handoff, kind)
    when = f" · {kit.moment(meeting.at)}" if meeting else ""
    what = "Who did not come, and what now?" if end is MeetingEnd.NO_SHOW else "Why, and what now?"
    blocks = [
        kit.section(f"*{lead}*{when}\nIt is to be scheduled again then. Calendars get a cancellation."),
        kit.field_input("notes", what, kit.text_input(multiline=True)),
    ]
    callback = Id.NO_SHOW_SAVE if end is MeetingEnd.NO_SHOW else Id.CALL_OFF_SAVE
    return kit.modal(_ENDS[end], blocks, callback_id=callback, submit="Note it", close="Cancel", metadata=ref.pack())


def contact_view(handoff: Handoff, ref: Ref, now: datetime) -> View:
    """When and how? Before the introduction also: why?"""
    ways = [kit.option(words, way) for way, words in _WAYS.items()]
    blocks: list[Block] = [] if is_introduced(handoff) else [kit.section(COLD)]
    blocks += [
        kit.field_input("at", "When", kit.moment_input(now), optional=False),
        kit.field_input("way", "How", kit.radio(ways, Way.CALL), optional=False),
    ]
    if not is_introduced(handoff):
        reason = kit.text_input(multiline=True, max_length=REASON.max_length)
        blocks.append(kit.field_input("reason", "Why before the introduction", reason, optional=False))
    return kit.modal(
        "First contact", blocks, callback_id=Id.CONTACT_SAVE, submit="Note it", close="Cancel", metadata=ref.pack()
    )


def people_view(handoff: Handoff, playbook: Playbook) -> View:
    """People and politics: only for those who may see what is sensitive."""
    head = kit.context(f"{kit.escape(handoff.customer)} · Seen by the AE, the CSM and their leaders only")
    return kit.modal("People and politics", [head, *people(handoff, playbook)], metadata=Ref(handoff=handoff.id).pack())
