"""Events: kept as JSON, and told again."""

import pytest

from bot.events import Event, HandoffStarted
from bot.handoffs import Stage
from tests.examples import after, life, wild

EVENTS = {type(event).__name__: event for event in life(wild(400))}


def test_the_life_holds_every_kind_of_event() -> None:
    assert EVENTS.keys() == {name for name, kind in Event.kinds.items() if not kind.__subclasses__()}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS.keys())
def test_an_event_comes_back_from_the_history_as_it_was(event: Event) -> None:
    assert Event.of(type(event).__name__, event.model_dump_json(exclude_defaults=True)) == event


def test_a_whole_life_ends_where_its_last_events_say() -> None:
    first, *rest = life("Acme")
    assert isinstance(first, HandoffStarted)
    handoff = after(first.begin(7), *rest)
    assert (handoff.id, handoff.customer, handoff.stage) == (7, "Acme", Stage.COMPLETED)
    assert (handoff.channel.id, handoff.channel.trouble, handoff.canvas) == ("C1", "is_archived", "F1")
