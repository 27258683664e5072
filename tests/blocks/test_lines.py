"""Every event in a line, and what the history says that a save changed."""

from datetime import timedelta

import pytest

from blocks import kit
from blocks.lines import changes, line
from bot.events import Change, Event, HandoffSubmitted, SectionSaved
from tests.examples import AE, NOW, PLAYBOOK, life

QUOTED = "“&lt;!here&gt; &amp; co”"
MESSAGE = "<https://slack.example/archives/C1/p1|a message>"
SECTIONS = ", ".join(f"*{kit.escape(section.label)}*" for section in PLAYBOOK.sections)
LINES: dict[str, str | tuple[str, ...]] = {  # several, where an event is told in several ways
    "HandoffStarted": "<@U0AE> started the handoff of *&lt;!here&gt; &amp; co*.",
    "ContractSigned": "<@U0AE> noted the signature of 23 November 2026.",
    "DealChanged": "<@U0AE> corrected the deal: SMB · Phased, expected close 23 November 2026.",
    "OwnersChanged": (
        "<@U0AE> changed the owners: AE <@U0AE>, CSM <@U0CSM>, SE <@U0SE>.",
        "<@U0AE> changed the owners: AE <@U0AE>, CSM <@U0CSM>.",
    ),
    "SectionSaved": "<@U0AE> saved *Relationship History* (revision 1).",
    "SectionRead": "<@U0CSM> read *Relationship History*.",
    "HandoffSubmitted": "<@U0AE> submitted the document for review (submission 2).",
    "HandoffReturned": "<@U0CSM> returned the document: Something is missing. “&lt;!here&gt; &amp; co”",
    "HandoffAccepted": "<@U0CSM> accepted the handoff. :handshake:",
    "HandoffCancelled": "<@U0AE> cancelled the handoff: Deal lost. “&lt;!here&gt; &amp; co”",
    "HandoffReopened": "<@U0AE> reopened the handoff.",
    "StepNoted": "<@U0AE> noted: CS made the first contact with the customer.",
    "StepTakenBack": "<@U0AE> took back: CS made the first contact with the customer.",
    "QuestionAsked": "<@U0CSM> asked about *Company Overview: Industry*. “&lt;!here&gt; &amp; co”",
    "QuestionPassed": "<@U0AE> passed a question about *Company Overview: Industry* to <@U0SE>.",
    "QuestionAnswered": "<@U0SE> answered about *Company Overview: Industry*. “&lt;!here&gt; &amp; co”",
    "QuestionsPrepared": "<@U0CSM> has no more questions (1 asked).",
    "DeadlineMissed": (
        "Baton noticed that this is overdue: *Review document*.",
        (
            "Baton noticed that this is overdue: *Answer a question*. "
            "The customer has met the CSM, and the AE does not answer any more."
        ),
    ),
    "Nudged": "Baton reminded <@U0CSM> of *Review document*.",
    "Snoozed": f"<@U0AE> snoozed *Review document* until {kit.moment(NOW)}.",
    "WaitingBegan": "<@U0AE> waits on the customer with *Review document*: “&lt;!here&gt; &amp; co” "
    f"Baton asks again {kit.moment(NOW)}.",
    "WaitingEnded": "<@U0AE> ended the waiting on the customer with *Review document*: the clock runs again.",
    "DeadlineReassigned": "<@U0AE> gave *Review document* to <@U0SE>.",
    "ChannelOpened": "Baton opened the channel <#C1>.",
    "ChannelRenamed": "Baton saw the channel renamed to &lt;!here&gt; &amp; co.",
    "ChannelTroubled": "Baton could not use the channel (&lt;!here&gt; &amp; co).",
    "ChannelRetried": "<@U0AE> asked for the channel again.",
    "InviteRefused": "Baton could not invite <@U0SE> (&lt;!here&gt; &amp; co).",
    "CanvasOpened": "Baton opened the canvas.",
    "MeetingScheduled": tuple(
        line
        for label in ("Internal handoff meeting", "Customer introduction")
        for line in (
            f"<@U0AE> scheduled *{label}* for {kit.moment(NOW + timedelta(days=2))}, 30 minutes.",
            f"<@U0AE> moved *{label}* to {kit.moment(NOW + timedelta(days=3))}.",
            f"<@U0AE> changed *{label}* of {kit.moment(NOW + timedelta(days=3))}.",
        )
    ),
    "MeetingFellThrough": (
        f"<@U0AE> noted a no-show at *Internal handoff meeting*. {QUOTED}",
        f"<@U0AE> called off *Internal handoff meeting*. {QUOTED}",
        f"<@U0AE> noted a no-show at *Customer introduction*. {QUOTED}",
        f"<@U0AE> called off *Customer introduction*. {QUOTED}",
    ),
    "MeetingHeld": tuple(
        f"<@U0AE> noted: {what}. CS had not accepted the document: {QUOTED}\nNotes: {QUOTED}\nDecisions: {QUOTED}"
        for what in ("the internal handoff meeting was held", "the CSM was introduced to the customer")
    ),
    "FirstContactMade": "<@U0AE> noted the first contact with the customer, by email "
    f"{kit.moment(NOW)} before the introduction: {QUOTED}",
    "HandoffCompleted": tuple(
        f"<@U0CSM> completed the handoff. :checkered_flag: The channel {what} {kit.moment(NOW + timedelta(days=30))}."
        for what in ("is archived", "gets a name that begins with done-")
    ),
    "ChannelPutOff": f"Baton keeps the channel until {kit.moment(NOW + timedelta(days=30))}: its warning came late.",
    "ChannelKept": "<@U0AE> keeps the channel as it is.",
    "ChannelPutAway": ("Baton archived the channel.", "Baton renamed the channel to #&lt;!here&gt; &amp; co."),
    "FeedbackGiven": (
        "<@U0CSM> said how the document was: all was there and true.",
        (
            f"<@U0CSM> said how the document was: something was missing in {SECTIONS} and untrue in {SECTIONS}. "
            "(confidential)"
        ),
    ),
    "CustomerRepeated": (
        f"<@U0CSM> noted: the customer had to explain *Company Overview* again. {QUOTED}",
        (
            "<@U0CSM> noted: the customer had to explain *Company Overview*, *Stakeholders* and *Why They Bought* "
            f"again. {QUOTED}"
        ),
        (f"<@U0CSM> noted: the customer had to explain {' and '.join(SECTIONS.rsplit(', ', 1))} again. (confidential)"),
    ),
    "NothingRepeated": "<@U0CSM> noted: the customer had to explain nothing again.",
    "SurveyAnswered": f"<@U0CSM> noted: the customer gave *4 of 5*. {QUOTED}",
    "PromiseAssigned": f"<@U0AE> gave the promise {QUOTED} to <@U0SE>.",
    "PromiseJudged": tuple(
        f"<@U0CSM> gave a verdict on the promise {QUOTED}: {how}. {QUOTED}"
        for how in ("fine", "at risk", "cannot be done")
    ),
    "PromiseEnded": tuple(
        f"<@U0CSM> closed the promise {QUOTED}: {how}. {QUOTED}" for how in ("kept", "renegotiated", "broken")
    ),
    "PromiseReopened": f"<@U0AE> opened the promise {QUOTED} again.",
    "EscalationRaised": f"<@U0AE> escalated (high): {QUOTED}",
    "EscalationClosed": tuple(
        f"<@U0CSLEAD> settled what was escalated: {QUOTED} {how}: {QUOTED}"
        for how in (
            "Decided",
            *(f"Decided to {done} the promise" for done in ("honour", "renegotiate", "withdraw")),
        )
    ),
    "MessageCaptured": (
        f"<@U0AE> added {MESSAGE} as a commitment. {QUOTED}",
        f"<@U0CSM> added a message as a draft commitment. {QUOTED}",
        f"<@U0AE> added {MESSAGE} as a risk. {QUOTED}",
        f"<@U0CSM> added a message as a draft risk. {QUOTED}",
        f"<@U0AE> added {MESSAGE} as a stakeholder. {QUOTED}",
        f"<@U0CSM> added a message as a draft stakeholder. {QUOTED}",
        f"<@U0AE> added {MESSAGE} as a success criterion. {QUOTED}",
        f"<@U0CSM> added a message as a draft success criterion. {QUOTED}",
        f"<@U0AE> added {MESSAGE} as a question.",
        "<@U0CSM> added a message as a question.",
    ),
    "CaptureReviewed": (
        "<@U0AE> reviewed a captured commitment.",
        "<@U0AE> reviewed a captured risk.",
        "<@U0AE> reviewed a captured stakeholder.",
        "<@U0AE> reviewed a captured success criterion.",
        "<@U0AE> reviewed a captured question.",
    ),
    "CaptureUndone": (
        "<@U0AE> took a captured commitment out again.",
        "<@U0AE> took a captured risk out again.",
        "<@U0AE> took a captured stakeholder out again.",
        "<@U0AE> took a captured success criterion out again.",
        "<@U0AE> took a captured question out again.",
    ),
}


@pytest.mark.parametrize("event", list(life("<!here> & co")), ids=lambda event: type(event).__name__)
def test_an_event_in_a_line(event: Event) -> None:
    told = LINES[type(event).__name__]
    assert line(event, PLAYBOOK) in ((told,) if isinstance(told, str) else told)


def test_only_a_resubmission_is_numbered() -> None:
    first = HandoffSubmitted(by=AE, at=NOW, number=1)
    assert line(first, PLAYBOOK) == "<@U0AE> submitted the document for review."


ROW = {"id": "1", "risk": "Engineer on leave", "severity": "High"}
LONG = "x" * 300


@pytest.mark.parametrize(
    ("section", "change", "words"),
    [
        ("relationship_history", {"field": "champion", "before": "Mia", "after": "Tom"}, "Champion: Mia → Tom"),
        ("relationship_history", {"field": "champion", "after": "Tom"}, "Champion: Tom (added)"),
        ("relationship_history", {"field": "champion", "before": "Mia"}, "Champion: Mia (removed)"),
        (
            "relationship_history",
            {"field": "first_contact", "before": "2026-05-01", "after": "2026-05-11"},
            "First contact: 1 May 2026 → 11 May 2026",
        ),
        (
            "risks_and_red_flags",
            {"field": "risks[1]", "after": ROW},
            "Risks: Engineer on leave · High (added)",
        ),
        ("risks_and_red_flags", {"field": "no_known_risks", "after": "yes"}, "No known risks: Yes (added)"),
        (
            "risks_and_red_flags",
            {"field": "risks", "before": [ROW, {"id": "2"}], "after": [{"id": "2"}, ROW]},
            "Risks: put in another order",
        ),
        (
            "additional_context",
            {"field": "additional_context", "before": LONG + "a", "after": LONG + "b"},
            f"Any other relevant information for CS success: {'x' * 199}… (changed further on)",
        ),
        ("sign_off", {"field": "handed_off_by", "before": "U1", "after": "U2"}, "Handed off by: changed"),
    ],
)
def test_a_change_in_words(section: str, change: dict[str, object], words: str) -> None:
    changed = (Change.model_validate(change),)
    saved = SectionSaved(by=AE, at=NOW, section=section, revision=2, values={}, changes=changed)
    assert changes(saved, PLAYBOOK, sensitive=False) == [words]


def test_a_field_that_left_the_playbook_is_not_told() -> None:
    changed = (Change(field="horoscope", before="Leo", after="Virgo"),)
    saved = SectionSaved(by=AE, at=NOW, section="sign_off", revision=2, values={}, changes=changed)
    assert changes(saved, PLAYBOOK, sensitive=True) == []
