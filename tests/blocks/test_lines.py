"""What the history says that a save changed."""

import pytest

from blocks.lines import changes
from bot.events import Change, SectionSaved
from tests.examples import AE, NOW, PLAYBOOK

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
