"""What one running Baton remembers of where each Home stands."""

from blocks.ids import Ref
from handlers.pulse import Pulse


def test_it_knows_where_a_home_stands_until_its_owner_leaves() -> None:
    pulse = Pulse()
    pulse.stand("T1", "U1", Ref(page=1))
    pulse.stand("T1", "U1", Ref(page=2))
    assert pulse.home_of("T1", "U1") == Ref(page=2)
    assert pulse.home_of("T2", "U1") is None
    pulse.leave("T1", "U1")
    pulse.leave("T1", "U1")
    assert pulse.home_of("T1", "U1") is None


def test_of_too_many_the_one_that_was_pressed_longest_ago_is_forgotten() -> None:
    pulse = Pulse()
    for number in range(1_000):
        pulse.stand("T1", f"U{number}", Ref())
    pulse.stand("T1", "U0", Ref(page=1))
    pulse.stand("T1", "UNEW", Ref())
    assert pulse.home_of("T1", "U0") == Ref(page=1)
    assert pulse.home_of("T1", "U1") is None
