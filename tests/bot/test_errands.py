"""What follows from each event in Slack: who hears, what is redrawn, and what a lost channel missed."""

import pytest

from bot import events, questions
from bot.consequences import errands_of
from bot.errands import Errand, Kind, Picture, draw, draw_card, mark_card
from bot.events import ChannelOpened, ChannelRetried, ChannelTroubled, Event, HandoffStarted, OwnersChanged
from bot.handoffs import Stage
from tests.examples import AE, CSM, NOW, SE, after, at, empty, life

K = Kind
CHANGE = {K.DRAW_MESSAGE: "handoff:1", K.POST_LINE: "handoff:1", K.DESCRIBE_CHANNEL: "topic:1"}
CHANGE |= {K.WRITE_CANVAS: "canvas:1", K.REDRAW_DMS: "redraw:1"}
OF_TIME = {kind: CHANGE[kind] for kind in (K.DRAW_MESSAGE, K.POST_LINE, K.REDRAW_DMS)}
FOLLOW = {
    "HandoffStarted": {K.OPEN_CHANNEL: "handoff:1", K.DRAW_MESSAGE: f"person:{CSM}"},  # who is named
    "SectionSaved": {K.DRAW_MESSAGE: "handoff:1", K.WRITE_CANVAS: "canvas:1"},
    "ChannelTroubled": {K.DRAW_MESSAGE: f"person:{AE}"},
    "InviteRefused": {K.DRAW_MESSAGE: f"person:{AE}"},
    "SectionRead": {},
    "ChannelRenamed": {},
    "CanvasOpened": {},
    **dict.fromkeys(("ContractSigned", "DealChanged", "HandoffCancelled", "HandoffReopened"), CHANGE),
    **dict.fromkeys(("StepNoted", "DeadlineMissed", "WaitingBegan", "WaitingEnded", "DeadlineReassigned"), OF_TIME),
    "Snoozed": {K.DRAW_MESSAGE: "handoff:1", K.REDRAW_DMS: "redraw:1"},  # no news for the thread
    "Nudged": {K.REMIND: f"person:{CSM}"},
}


def follow(event: Event) -> list[Errand]:
    """What follows from `event` for a new handoff."""
    asked = questions.QuestionAsked(by=CSM, at=NOW, question=1, about="", words="?")
    before = asked.change(empty())
    return list(errands_of(event, None if isinstance(event, HandoffStarted) else before, event.change(before)))


@pytest.mark.parametrize(
    "event",
    [one for one in life("Acme") if type(one).__name__ in FOLLOW and not getattr(one, "told", "")],
    ids=lambda e: type(e).__name__,
)
def test_what_follows_and_in_which_lane(event: Event) -> None:
    errands = follow(event)
    assert {errand.kind: errand.lane for errand in errands} == FOLLOW[type(event).__name__]
    assert len(errands) == len(FOLLOW[type(event).__name__])


def test_only_what_draws_from_state_may_wait_with_its_twins() -> None:
    first, *rest = life("Acme")
    assert isinstance(first, HandoffStarted)
    handoff = first.begin(1)
    errands = list(errands_of(first, None, handoff))
    for event in rest:
        before, handoff = handoff, event.change(handoff)
        errands += errands_of(event, before, handoff)
    single = {K.OPEN_CHANNEL, K.POST_LINE, K.SEND_INVITATION, K.ANNOUNCE_MEETING, K.PUT_AWAY_CHANNEL}
    assert {errand.kind for errand in errands if not errand.merges} == single
    assert {errand.kind for errand in errands if errand.merges} == {errand.kind for errand in errands} - single


def test_a_customers_new_name_is_in_the_topic_too() -> None:
    before = empty()
    renamed = events.SectionSaved(
        by=AE, at=NOW, section="company_overview", revision=2, values={"company_name": "Acme AG"}, changes=()
    )
    kinds = [errand.kind for errand in errands_of(renamed, before, after(before, renamed))]
    assert K.DESCRIBE_CHANNEL in kinds
    same = after(before, renamed)
    again = renamed.model_copy(update={"revision": 3})
    assert K.DESCRIBE_CHANNEL not in [errand.kind for errand in errands_of(again, same, after(same, again))]


# -- messages to people


def pictures(errands: list[Errand]) -> list[tuple[str, str, str]]:
    """The messages to people, as (picture, recipient, edition)."""
    drawn = [errand.about for errand in errands if errand.kind is K.DRAW_MESSAGE and errand.about["recipient"]]
    return [(about["picture"], about["recipient"], about["edition"]) for about in drawn]


def owners(ae: str = AE, csm: str = CSM) -> OwnersChanged:
    """Somebody names other owners."""
    return OwnersChanged(by=AE, at=NOW, ae=ae, csm=csm, se=SE)


@pytest.mark.parametrize(
    ("stage", "change", "told"),
    [
        (Stage.IN_REVIEW, owners(csm="U0NEW"), [(Picture.REVIEW_REQUEST, "U0NEW", "1")]),
        (Stage.IN_REVIEW, owners(ae="U0NEW"), []),
        (Stage.RETURNED, owners(ae="U0NEW"), [(Picture.RETURNED, "U0NEW", "1")]),
        (Stage.RETURNED, owners(csm="U0NEW"), []),
        (Stage.PREPARING, owners(ae="U0NEW", csm="U0NEW2"), []),
    ],
)
def test_who_takes_over_hears_what_is_owed_and_is_invited(
    stage: Stage, change: OwnersChanged, told: list[tuple[str, str, str]]
) -> None:
    handoff = at(stage)
    errands = list(errands_of(change, handoff, after(handoff, change)))
    of_owners = (Picture.ASSIGNED, Picture.THANKED)  # test_assignments.py has them
    assert [one for one in pictures(errands) if one[0] not in of_owners] == told
    invited = [errand.about["person"] for errand in errands if errand.kind is K.INVITE]
    assert invited == [person for person in (change.ae, change.csm, SE) if person not in (AE, CSM)]


@pytest.mark.parametrize(
    ("stage", "event", "told"),
    [
        (Stage.PREPARING, events.HandoffSubmitted(by=AE, at=NOW, number=2), (Picture.REVIEW_REQUEST, CSM, "2")),
        (
            Stage.IN_REVIEW,
            events.HandoffReturned(by=CSM, at=NOW, reason="missing", words="?", gaps=()),
            (Picture.RETURNED, AE, "1"),
        ),
        (Stage.IN_REVIEW, events.HandoffAccepted(by=CSM, at=NOW), (Picture.ACCEPTED, AE, "1")),
        (Stage.PREPARING, ChannelTroubled(by="baton", at=NOW, error="x"), (Picture.CHANNEL_TROUBLE, AE, "1795424400")),
        (
            Stage.PREPARING,
            events.InviteRefused(by="baton", at=NOW, person=SE, error="x"),
            (Picture.INVITE_REFUSED, AE, SE),
        ),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Event) else "",
)
def test_who_hears_in_a_direct_message(stage: Stage, event: Event, told: tuple[str, str, str]) -> None:
    handoff = at(stage)
    assert pictures(list(errands_of(event, handoff, after(handoff, event)))) == [told]


def test_a_submission_without_a_csm_tells_nobody() -> None:
    handoff = empty(csm=None)
    submitted = events.HandoffSubmitted(by=AE, at=NOW, number=1)
    assert pictures(list(errands_of(submitted, handoff, after(handoff, submitted)))) == []


def test_a_message_is_sent_once_unless_it_is_a_new_edition() -> None:
    errand = draw(Picture.ACCEPTED, AE)
    assert errand.about == {"picture": "accepted", "recipient": AE, "edition": "1"}
    assert errand == draw(Picture.ACCEPTED, AE, 1) != draw(Picture.ACCEPTED, AE, 2)
    assert draw_card(empty()).about == {"picture": "card", "recipient": "", "edition": "1"}


# -- the channel


@pytest.mark.parametrize(
    "event",
    [ChannelOpened(by="baton", at=NOW, channel="C2", name="y"), ChannelRetried(by=AE, at=NOW, anew=False)],
    ids=["opened", "retried"],
)
def test_a_channel_in_order_again_is_furnished_and_its_trouble_redrawn(event: Event) -> None:
    handoff = after(empty(), ChannelOpened(by="baton", at=NOW, channel="C1", name="x"))
    errands = list(errands_of(event, handoff, after(handoff, event)))
    assert all(errand in errands for errand in (draw_card(handoff), *mark_card(handoff)))
    kinds = [errand.kind for errand in errands]
    assert {K.DESCRIBE_CHANNEL, K.REDRAW_DMS, K.WRITE_CANVAS} < set(kinds)
    assert [errand.about["person"] for errand in errands if errand.kind is K.INVITE] == [AE, CSM, ""]  # the CS leader


def test_a_channel_that_never_was_is_opened_on_retry() -> None:
    retried = ChannelRetried(by=AE, at=NOW, anew=False)
    assert [errand.kind for errand in errands_of(retried, empty(), empty())] == [K.OPEN_CHANNEL]
