"""Events: kept as JSON, told again, and followed by errands and deadlines."""

import pytest

from bot.errands import Errand, Kind, Picture, errands_of
from bot.events import ChannelOpened, ChannelRetried, Event, HandoffStarted, OwnersChanged
from bot.handoffs import Stage
from tests.examples import AE, CSM, NOW, SE, after, at, empty, life, wild

EVENTS = {type(event).__name__: event for event in life(wild(400))}


def test_the_life_holds_every_kind_of_event() -> None:
    assert EVENTS.keys() == Event.kinds.keys()


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_an_event_comes_back_from_the_history_as_it_was(event: Event) -> None:
    assert Event.of(type(event).__name__, event.model_dump_json(exclude_defaults=True)) == event


def test_a_whole_life_ends_where_its_last_events_say() -> None:
    first, *rest = life("Acme")
    assert isinstance(first, HandoffStarted)
    handoff = after(first.begin(7), *rest)
    assert (handoff.id, handoff.customer, handoff.stage) == (7, "Acme", Stage.PREPARING)
    assert (handoff.channel.id, handoff.channel.trouble, handoff.canvas) == ("C1", None, "F1")


def pictures(errands: list[Errand]) -> list[tuple[str, str]]:
    """The messages to people, as (picture, recipient)."""
    drawn = [errand.about for errand in errands if errand.kind is Kind.DRAW_MESSAGE]
    return [(about["picture"], about["recipient"]) for about in drawn if about["recipient"]]


def owners(ae: str = AE, csm: str = CSM) -> OwnersChanged:
    """Somebody names other owners."""
    return OwnersChanged(by=AE, at=NOW, ae=ae, csm=csm, se=SE)


@pytest.mark.parametrize(
    ("stage", "change", "told"),
    [
        (Stage.IN_REVIEW, owners(csm="U0NEW"), [(Picture.REVIEW_REQUEST, "U0NEW")]),
        (Stage.RETURNED, owners(ae="U0NEW"), [(Picture.RETURNED, "U0NEW")]),
        (Stage.PREPARING, owners(ae="U0NEW", csm="U0NEW2"), []),
    ],
)
def test_who_takes_over_hears_what_is_owed_and_is_invited(
    stage: Stage, change: OwnersChanged, told: list[tuple[str, str]]
) -> None:
    handoff = at(stage)
    errands = list(errands_of(change, handoff, after(handoff, change)))
    assert pictures(errands) == told
    invited = [errand.about["person"] for errand in errands if errand.kind is Kind.INVITE]
    assert invited == [person for person in (change.ae, change.csm, SE) if person not in (AE, CSM)]


@pytest.mark.parametrize(
    "event",
    [ChannelOpened(by="baton", at=NOW, channel="C2", name="y"), ChannelRetried(by=AE, at=NOW, anew=False)],
    ids=["opened", "retried"],
)
def test_a_channel_in_order_again_is_furnished_and_its_trouble_redrawn(event: Event) -> None:
    handoff = after(empty(), ChannelOpened(by="baton", at=NOW, channel="C1", name="x"))
    kinds = [errand.kind for errand in errands_of(event, handoff, after(handoff, event))]
    assert {Kind.DRAW_MESSAGE, Kind.PIN_CARD, Kind.DESCRIBE_CHANNEL, Kind.REDRAW_DMS, Kind.WRITE_CANVAS} < set(kinds)
    assert kinds.count(Kind.INVITE) == 3  # the AE, the CSM and the CS leader
