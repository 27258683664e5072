"""The card, and the words on forms and buttons that people (and the docs) know by heart."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from blocks import contracts, kit, owners, preferences, reviews, setups, starts
from blocks.cards import card, card_text
from bot.events import ContractSigned, HandoffCancelled, HandoffSubmitted, StepNoted
from bot.handoffs import Handoff, Stage
from bot.nudges import watches
from bot.preferences import Preferences
from bot.reminders import Snoozed, WaitingBegan
from bot.teams import Team
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SE, TEAM, TODAY, after, at, colleagues, empty, typical

LOOKS = ("View document", "Questions", "Meetings", "Promises")
SELDOM = ("Change owners", "Change deal", "History", "Escalate")  # in a menu
BUTTONS = {
    Stage.PREPARING: [
        *("Edit document", "Submit for review", "Contract signed", *LOOKS, "Deadlines", *SELDOM, "Cancel handoff")
    ],
    Stage.IN_REVIEW: [
        *("Accept", "Return", *LOOKS, "Contract signed", "Edit document", "Deadlines", *SELDOM, "Cancel handoff")
    ],
    Stage.ACCEPTED: ["Deadlines", *LOOKS, "Contract signed", "Edit document", "Complete handoff", *SELDOM],
    Stage.COMPLETED: [
        *("How was the document?", "View document", "Questions", "Promises", "Deadlines", "Contract signed"),
        *("Edit document", "Keep this channel", "Reopen", "Change owners", "History", "Escalate"),
        "What the customer said",
    ],
    Stage.CANCELLED: ["View document", "Questions", "Promises", "Reopen", "History"],
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
    options = [option for element in row["elements"] for option in element.get("options", [element])]
    assert [option["text"]["text"] for option in options] == BUTTONS[stage]


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


def clocks(handoff: Handoff, now: datetime) -> list[str]:
    """The lines of the card that tell of time."""
    watched = watches(handoff, PLAYBOOK, colleagues())
    drawn = "\n".join(texts(card(handoff, PLAYBOOK, TEAM, watched, now)))
    return [line for line in drawn.splitlines() if re.match(r":(warning|clock3|hourglass|zzz):", line)]


DAY = timedelta(days=1)
CONTACTED = StepNoted(by=CSM, at=NOW, step=Fact.FIRST_CONTACT)
SIGNED = after(empty(), ContractSigned(by=AE, at=NOW, signed_at=NOW), CONTACTED)
WAITING = WaitingBegan(by=AE, at=NOW, deadline="complete_document", reason="<Legal> is on holiday", until=NOW + DAY)
TOMORROW = kit.moment(NOW + DAY)
OWED = f"Complete handoff document — <@{AE}>"


@pytest.mark.parametrize(
    ("handoff", "now", "lines"),
    [
        (empty(), NOW, []),
        (SIGNED, NOW, [f":clock3: *Due {TOMORROW}:* {OWED}"]),
        (SIGNED, NOW + DAY, [f":warning: *Overdue:* {OWED}, since {TOMORROW}"]),
        (
            after(SIGNED, WAITING),
            NOW,
            [f":hourglass: *Waiting on the customer:* {OWED}: “&lt;Legal&gt; is on holiday”, until {TOMORROW}"],
        ),
        (
            after(SIGNED, Snoozed(by=CSM, at=NOW, deadline="complete_document", until=NOW + DAY / 2)),
            NOW,
            [
                f":clock3: *Due {TOMORROW}:* {OWED}",
                f":zzz: <@{CSM}> snoozed it until {kit.moment(NOW + DAY / 2)}",
            ],
        ),
        (
            after(SIGNED, HandoffSubmitted(by=AE, at=NOW, number=1)),
            NOW + DAY * 2,
            [f":warning: *Overdue:* Review document — <@{CSM}>, since {TOMORROW}"],
        ),
        (after(SIGNED, HandoffCancelled(by=AE, at=NOW, reason="deal_lost", words="")), NOW + DAY, []),
    ],
    ids=["nothing owed", "due", "overdue", "waiting", "snoozed", "done, and the next is late", "cancelled"],
)
def test_the_card_tells_what_is_owed_by_when(handoff: Handoff, now: datetime, lines: list[str]) -> None:
    assert clocks(handoff, now) == lines


def test_the_fade_plan_and_the_completion_have_a_paragraph_of_their_own() -> None:
    introduced = after(empty(), StepNoted(by=AE, at=NOW, step=Fact.INTRODUCTION_DONE))
    drawn = card(introduced, PLAYBOOK, TEAM)
    assert [one["text"]["text"].split("*")[1] for one in drawn if one["type"] == "section" and "text" in one] == [
        *("Next:", "Fade plan:", "Document")
    ]


def test_the_card_shows_the_fade_plan_once_the_customer_knows_the_csm() -> None:
    phased = at(Stage.ACCEPTED, timing_model="phased")
    assert "Fade plan" not in drawn_card(phased)
    introduced = after(phased, StepNoted(by=AE, at=NOW, step=Fact.INTRODUCTION_DONE))
    plan = "AE leads until 30 November 2026 → Shared until 7 December 2026 → AE on call until 21 December 2026"
    assert f"*Fade plan:* {plan}" in drawn_card(introduced)
    shared = after(introduced, StepNoted(by=AE, at=NOW, step=Fact.PHASE_OVER))
    assert f"*Fade plan:* ~AE leads until 30 November 2026~ → {plan.partition(' → ')[2]}" in drawn_card(shared)


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
            starts.start_view(PLAYBOOK, {"company_name": "Acme", "ae": AE}),
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
            """Set up Baton, AEs, CSMs, CS leader, Sales leader, Channel privacy, Channel prefix,
            Reaction that files a commitment, When a handoff is completed, its channel is, Days until then,
            Digest channel, Day of the digest, Hour of the digest, Time zone,
            Which clock decides what is late, Working days, Working hours from,
            Working hours to, Public holidays of, Save""",
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
    assert ", ".join(labels(view)) == " ".join(words.split())
