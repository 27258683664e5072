"""The pack of a meeting: what of this customer's document stands below which item."""

from typing import Any

import pytest

from blocks.agendas import Brief, agenda, people
from blocks.introductions import introduction_view
from bot import promises, questions
from bot.agendas import MeetingPlan
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook
from bot.records import MeetingKind, Verdict
from tests.examples import CSM, NOW, PLAYBOOK, SE, after, at, colleagues, planned, written

INTERNAL, INTRODUCTION = MeetingKind


def items(handoff: Handoff, kind: MeetingKind = INTERNAL, minutes: int = 45) -> dict[str, str]:
    """What stands below each item of the agenda, by its headline."""
    drawn = texts(handoff, PLAYBOOK, kind, minutes)
    return {headline: rest for headline, _, rest in (text.partition("\n") for text in drawn)}


def texts(handoff: Handoff, playbook: Playbook, kind: MeetingKind = INTERNAL, minutes: int = 45) -> list[str]:
    """What the blocks of the agenda say."""
    return [block["text"]["text"] for block in agenda(Brief(handoff, playbook, colleagues()), kind, minutes)]


def item(handoff: Handoff, number: int, kind: MeetingKind = INTERNAL) -> str:
    """What stands below the item of that number."""
    return list(items(handoff, kind).values())[number - 1]


def test_the_items_are_the_handbooks_with_their_time_boxes() -> None:
    assert list(items(at(Stage.ACCEPTED))) == [
        "*1. Document Review* · 5 min",
        "*2. Customer Context* · 15 min",
        "*3. Commitments &amp; Risks* · 10 min",
        "*4. Success Definition* · 5 min",
        "*5. Transition Plan* · 5 min",
        "*6. Q&amp;A* · 5 min",
    ]
    assert list(items(at(Stage.ACCEPTED), INTRODUCTION, 30)) == [
        "*1. Welcome &amp; Introductions* · 5 min",
        "*2. Transition Overview* · 5 min",
        "*3. Context Validation* · 10 min",
        "*4. Next Steps Preview* · 5 min",
        "*5. Open Discussion* · 5 min",
    ]


def with_rows(section: str, field: str, *rows: dict[str, str]) -> Handoff:
    """A handoff in review with these rows."""
    numbered: Any = [{"id": str(number)} | row for number, row in enumerate(rows, 1)]
    return written(at(Stage.IN_REVIEW, se=SE), section, **{field: numbered})


def test_commitments_come_by_their_day_with_what_is_doubted() -> None:
    rows = (
        {"commitment": "Training"},
        {"commitment": "SSO", "due": "2027-02-01"},
        {"commitment": "CSV", "due": "2027-01-01"},
    )
    handoff = with_rows("promises_and_commitments", "promised", *rows)
    seen = promises.shown(promises.find(handoff, "2"), handoff)
    doubts = promises.judge(handoff, "2", Verdict.AT_RISK, "Needs a partner", seen, (), by=CSM, now=NOW)
    handoff = after(handoff, *doubts)
    said = [line for line in item(handoff, 3).splitlines() if line.startswith("• “")]
    assert said == [
        "• “CSV” — due 1 January 2027",
        "• “SSO” — due 1 February 2027, :warning: at risk",
        "• “Training” — :warning: no date",
    ]


def test_risks_without_a_mitigation_come_first() -> None:
    rows = ({"risk": "Leave", "severity": "Low", "mitigation": "Wait"}, {"risk": "Budget", "severity": "High"})
    said = item(with_rows("risks_and_red_flags", "risks", *rows), 3)
    assert said.index("• High: Budget — :warning: no mitigation yet") < said.index("• Low: Leave — Wait")


@pytest.mark.parametrize(("rows", "more"), [(6, False), (9, True)])
def test_a_long_list_says_how_much_more_there_is(rows: int, more: bool) -> None:
    many = [{"item": f"Item {number}"} for number in range(rows)]
    said = item(with_rows("promises_and_commitments", "out_of_scope", *many), 3)
    assert said.count("• Item") == 6
    assert ("… and 3 more, in the document" in said) is more


def test_what_is_asked_stands_there_until_it_is_answered_and_secrets_only_as_a_number() -> None:
    handoff = at(Stage.IN_REVIEW)
    for path, words in (("company_overview.industry", "Which?"), ("relationship_history.detractor", "Leon?")):
        event = questions.ask(handoff, PLAYBOOK, path, words, by=CSM, now=NOW, sensitive=True)
        handoff = after(handoff, event)
    said = item(handoff, 1)
    assert "“Which?”" in said
    assert "Leon" not in said
    assert "1 more, about what is not for everybody: see Questions" in said
    for question in questions.open_questions(handoff):
        handoff = after(handoff, questions.answer(handoff, question, "Yes", 9, by="U0AE", now=NOW))
    assert "No question is open." in item(handoff, 1)


def test_whether_cs_has_confirmed_the_document_and_what_is_unread() -> None:
    assert ":warning: <@U0CSM> has not confirmed yet" in item(at(Stage.IN_REVIEW), 1)
    assert "Not read by <@U0CSM> since it changed: Company Overview, " in item(at(Stage.IN_REVIEW), 1)
    assert ":white_check_mark: <@U0CSM> has received, reviewed and accepted" in item(at(Stage.ACCEPTED), 1)


def test_the_transition_names_the_introduction_the_fading_and_whom_to_escalate_to() -> None:
    handoff = at(Stage.ACCEPTED)
    said = item(handoff, 5)
    assert ":warning: Customer introduction: not scheduled yet." in said
    assert "AE on call for 14 days" in said
    assert "*Escalation:* <@U0CSLEAD> and <@U0SALES>" in said
    ahead = handoff.model_copy(update={"meetings": {INTRODUCTION: planned(INTRODUCTION)}})
    assert "Customer introduction: <!date^" in item(ahead, 5)


LISTS = ["commitments", "out_of_scope", "risks", "outcomes", "drivers", "people", "timeline", "relationship"]


@pytest.mark.parametrize(
    ("section", "field", "column"),
    [
        ("promises_and_commitments", "promised", "commitment"),
        ("promises_and_commitments", "out_of_scope", "item"),
        ("risks_and_red_flags", "risks", "risk"),
        ("success_criteria", "outcomes", "outcome"),
        ("why_they_bought", "primary_business_drivers", "driver"),
        ("stakeholders", "stakeholders", "name"),
    ],
)
def test_what_a_practice_marks_sensitive_is_not_in_the_pack_nor_in_the_customers_letter(
    section: str, field: str, column: str
) -> None:
    handoff = with_rows(section, field, {column: "Leon said", "contact": "leon@acme.example"})
    plan = PLAYBOOK.meeting(INTERNAL)
    everything = [{"label": label, "minutes": 5, "shows": [label]} for label in LISTS]
    shown = PLAYBOOK.model_copy(
        update={"meetings": (MeetingPlan.model_validate(plan.model_dump() | {"agenda": everything}),)}
    )
    hidden = Playbook.model_validate(_marked(shown.model_dump(), section, field))

    def seen(playbook: Playbook) -> str:
        return "\n".join([*texts(handoff, playbook), str(introduction_view(handoff, playbook, str))])

    assert "Leon said" in seen(shown)
    assert "Leon said" not in seen(hidden)
    assert "leon@" not in seen(hidden)
    assert "not for everybody here, press" in seen(hidden)
    assert "Leon said" in str(people(handoff, hidden))


def _marked(data: dict[str, Any], section: str, field: str) -> dict[str, Any]:
    (one,) = [one for part in data["sections"] if part["id"] == section for one in part["fields"] if one["id"] == field]
    one["sensitive"] = True
    return data


def test_a_full_document_stands_in_the_pack_whole_up_to_the_most_of_each_kind() -> None:
    words = "x & y " * 28  # 168 characters
    rows: dict[tuple[str, str], str] = {
        ("promises_and_commitments", "promised"): "commitment",
        ("promises_and_commitments", "out_of_scope"): "item",
        ("risks_and_red_flags", "risks"): "risk",
    }
    handoff = at(Stage.IN_REVIEW, se=SE)
    for (section, field), column in rows.items():
        many: Any = [{"id": str(number), column: f"{number} {words}", "mitigation": words} for number in range(7)]
        handoff = written(handoff, section, **{field: many})
    said = texts(handoff, PLAYBOOK)
    assert all(len(text) <= 3000 for text in said)
    assert "\n".join(said).count("… and 1 more, in the document") == 3
    assert "\n".join(said).count("\n• ") >= 3 * 7
    endless = PLAYBOOK.model_copy(update={"meetings": tuple(_endless(plan) for plan in PLAYBOOK.meetings)})
    said = texts(handoff, endless)
    assert len(said) == 45
    assert "more than one message holds" in said[-1]


def _endless(plan: MeetingPlan) -> MeetingPlan:
    item = {"label": "All", "minutes": 1, "shows": ["risks"] * 6}
    return MeetingPlan.model_validate(plan.model_dump() | {"agenda": [item] * 10})
