"""The draft of the introduction says what is so, to its end."""

from blocks.introductions import letter
from bot.handoffs import Stage
from tests.examples import PLAYBOOK, at, written


def test_the_csm_has_read_it_once_it_is_accepted() -> None:
    said = {stage: letter(at(stage), PLAYBOOK, str) for stage in (Stage.IN_REVIEW, Stage.ACCEPTED)}
    assert ["has read all of it" in words for words in said.values()] == [False, True]


def test_long_goals_leave_room_for_the_end() -> None:
    goals = [{"id": str(number), "outcome": "x" * 3000} for number in range(3)]
    words = letter(written(at(Stage.ACCEPTED), "success_criteria", outcomes=goals), PLAYBOOK, str)
    assert len(words) < 3000
    assert words.count("x…") == 3
    assert words.endswith("Best regards\nU0AE")
