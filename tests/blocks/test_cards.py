"""The card, and the words on forms and buttons that people (and the docs) know by heart."""

from datetime import date
from typing import Any

import pytest

from blocks import contracts, kit, owners, preferences, reviews, setups, starts
from blocks.cards import card, card_text
from bot.handoffs import Handoff, Stage
from bot.preferences import Preferences
from bot.reminders import DeadlineMissed
from bot.teams import Team
from tests.examples import AE, CS_LEADER, NOW, PLAYBOOK, SE, TEAM, TODAY, after, at, empty, typical

BUTTONS = {
    Stage.PREPARING: [
        *("Edit document", "Submit for review", "Contract signed", "View document", "Change owners", "Change deal"),
        *("History", "Cancel handoff"),
    ],
    Stage.IN_REVIEW: [
        *("Accept", "Return", "View document", "Contract signed", "Edit document", "Change owners", "Change deal"),
        *("History", "Cancel handoff"),
    ],
    Stage.ACCEPTED: ["View document", "Contract signed", "Edit document", "Change owners", "History"],
    Stage.CANCELLED: ["View document", "History", "Reopen"],
}
BUTTONS[Stage.RETURNED] = BUTTONS[Stage.PREPARING]


def texts(drawn: Any) -> list[str]:
    """Every text of a picture, in order."""
    if isinstance(drawn, dict):
        return [drawn["text"]] if isinstance(drawn.get("text"), str) else [t for v in drawn.values() for t in texts(v)]
    return [text for part in drawn for text in texts(part)] if isinstance(drawn, list) else []


def drawn_card(handoff: Handoff, team: Team = TEAM) -> str:
    """The card in one text."""
    return "\n".join(texts(card(handoff, PLAYBOOK, team)))


@pytest.mark.parametrize("stage", Stage)
def test_only_the_buttons_that_may_be_pressed_now(stage: Stage) -> None:
    row = card(at(stage), PLAYBOOK, TEAM)[-1]
    assert [button["text"]["text"] for button in row["elements"]] == BUTTONS[stage]


def test_a_signed_contract_is_not_signed_again() -> None:
    signed = typical()["brightwater"].model_copy(update={"signed_at": NOW})
    assert "Contract signed" not in texts(card(signed, PLAYBOOK, TEAM)[-1])
    assert "*Contract signed*\n23 November 2026" in drawn_card(signed)


@pytest.mark.parametrize(
    "line",
    [
        "Acme GmbH",
        "*Stage*\nPreparing the document",
        "*Contract value*\nUSD 84,000",
        f"*Account executive*\n<@{AE}>",
        "*Customer success manager*\n_nobody yet_",
        f"*Solutions engineer*\n<@{SE}>",
        f"*CS leader*\n<@{CS_LEADER}>",
        "*Expected close*\n16 December 2026",
        "*Segment*\nSMB · At Close",
        f"*Next:* Complete the document: 6 required answers to go — <@{AE}>",
        "○ Stakeholders · 1 required to go",
        "◐ Company Overview · 2 required to go",
        "○ Promises &amp; Commitments · 1 required to go",
        "○ Sign-off · optional",
    ],
)
def test_the_card_says_where_things_stand(line: str) -> None:
    handoff = empty(csm=None, se=SE, expected_close=date(2026, 12, 16))
    assert f"\n{line}\n" in f"\n{drawn_card(handoff)}\n"


def test_what_is_overdue_is_on_the_card() -> None:
    late = after(empty(), DeadlineMissed(by="baton", at=NOW, deadline="complete_document"))
    assert ":warning: *Overdue:* Complete handoff document" in drawn_card(late)
    assert "Overdue" not in drawn_card(empty())


def test_a_resubmission_is_counted_on_the_card() -> None:
    again = at(Stage.IN_REVIEW).model_copy(update={"submissions": 2})
    assert "*Stage*\nIn review (submission 2)" in drawn_card(again)


def test_a_deal_without_a_value_has_a_dash() -> None:
    assert "*Contract value*\n—" in drawn_card(empty(contract_value=""))


def test_the_card_is_heard_in_one_sentence() -> None:
    assert card_text(empty(company_name="<!channel>"), PLAYBOOK) == (
        "Handoff of &lt;!channel&gt;: Preparing the document. Next: Complete the document: 6 required answers to go."
    )


def labels(view: kit.View) -> list[str]:
    """The title of a form, the labels of its inputs, and its submit button."""
    inputs = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    return [view["title"]["text"], *inputs, view["submit"]["text"]]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (
            starts.start_view(PLAYBOOK, "Acme", AE),
            """Start a handoff, Company Name, Website, Segment, Contract Value, Currency, Timing model,
            Expected close date, Contract signed on, Account executive, Customer success manager, Solutions engineer,
            Start""",
        ),
        (contracts.sign_view(empty(), TODAY), "Contract signed, Contract signed on, Save"),
        (contracts.cancel_view(empty(), PLAYBOOK), "Cancel handoff, Reason, In your words, Cancel handoff"),
        (
            owners.owners_view(empty()),
            "Change owners, Account executive, Customer success manager, Solutions engineer, Save",
        ),
        (
            reviews.return_view(empty(), PLAYBOOK),
            "Return handoff, Reason, What needs work, In your words, Return",
        ),
        (
            setups.setup_view(TEAM, ()),
            """Set up Baton, AEs, CSMs, CS leader, Sales leader, Digest channel, Channel privacy, Channel prefix,
            Which clock decides what is late, Working days, Working hours from, Working hours to, Public holidays of,
            Save""",
        ),
        (
            preferences.settings_view(Preferences(), TEAM, "UTC", TODAY),
            """Your reminders, How reminders come, When they come, Quiet hours from, Quiet hours to, Working days,
            Working hours from, Working hours to, Public holidays of, Save""",
        ),
        (preferences.away_view(Preferences(), TODAY, None), "Away, First day back, Who covers, Save"),
    ],
    ids=lambda view: view["callback_id"] if isinstance(view, dict) else "",
)
def test_forms_ask_in_the_words_that_people_know(view: kit.View, words: str) -> None:
    assert labels(view) == " ".join(words.split()).split(", ")
