"""The playbook holds the practice of the handbook: its template, its timing models and its timing framework."""

import pytest

from bot.documents import rows_of
from bot.playbook import Kind, Section
from bot.timing import Leaders
from bot.values import read
from tests.examples import PLAYBOOK, typical

# The handbook's document template: section -> the labels in it, as people read them.
TEMPLATE = {
    "Company Overview": [
        "Company Name",
        "Industry",
        "Size (employees)",
        "Revenue (if relevant)",
        "Website",
        "Contract Value",
        "Contract Term",
        "Start Date",
    ],
    "Stakeholders": ["Name", "Title", "Role", "Contact", "Notes"],
    "Why They Bought": [
        "Primary Business Drivers",
        "What influenced the decision — feature or capability",
        "What influenced the decision — competitive advantage",
        "What influenced the decision — reference or case study",
        "Alternative Solutions Considered",
        "Why not chosen",
    ],
    "Success Criteria": [
        "What the customer said success looks like",
        "Outcome",
        "Metric",
        "Quick wins by",
        "Full rollout by",
        "ROI expected by",
    ],
    "Technical Context": [
        "Systems to integrate",
        "Data sources",
        "Technical constraints",
        "Technical Concerns Raised",
        "Concern",
        "How addressed in sales",
    ],
    "Relationship History": [
        "First contact",
        "Cycle length",
        "Key meetings",
        "Champion",
        "Notes on the relationship with the champion",
        "Detractor (if any)",
        "The detractor's concerns",
        "Political considerations",
    ],
    "Promises & Commitments": [
        "What was promised during sales",
        "Commitment",
        "What was explicitly out of scope",
    ],
    "Risks & Red Flags": ["Risk", "Severity", "Mitigation"],
    "Implementation Notes": [
        "Preferred approach",
        "Hard deadline (if any)",
        "Blackout periods",
        "Resource availability",
    ],
    "Additional Context": ["Any other relevant information for CS success"],
    "Sign-off": ["Handed off by", "Handed off to", "Handoff date", "Handoff call completed"],
}


def test_the_sections_are_those_of_the_template_in_its_order() -> None:
    assert [section.label for section in PLAYBOOK.sections] == list(TEMPLATE)


@pytest.mark.parametrize("section", PLAYBOOK.sections, ids=lambda section: section.id)
def test_every_field_of_the_template_is_there(section: Section) -> None:
    there = {name for field in section.fields for name in (field.label, *(column.label for column in field.columns))}
    assert [name for name in TEMPLATE[section.label] if name not in there] == []


def test_the_roles_and_severities_are_those_of_the_template() -> None:
    role, severity = PLAYBOOK.field("stakeholders.stakeholders"), PLAYBOOK.field("risks_and_red_flags.risks")
    assert role
    assert severity
    options = {column.id: column.options for field in (role, severity) for column in field.columns}
    assert {"Executive Sponsor", "Project Lead", "Technical Lead", "End User Champion"} < set(options["role"])
    assert options["severity"] == ("High", "Med", "Low")


def test_repeated_things_are_rows() -> None:
    rows = {field.id for _, field in PLAYBOOK.fields() if field.kind is Kind.ROWS}
    assert rows == {
        *("stakeholders", "primary_business_drivers", "alternatives_considered", "outcomes", "concerns"),
        *("key_meetings", "promised", "out_of_scope", "risks", "blackout_periods"),
    }


def test_detractor_and_politics_are_sensitive_and_nothing_else() -> None:
    sensitive = {field.id for _, field in PLAYBOOK.fields() if field.sensitive}
    assert sensitive == {"detractor", "detractor_concerns", "political_considerations"}


def test_the_timing_models_are_those_of_the_handbook() -> None:
    assert {model.label: model.in_one_line for model in PLAYBOOK.timing_models} == {
        "At Close": "Contract signed · + Clean transition · − No context transfer time",
        "At Kickoff": "First onboarding call · + CS meets during sale · − Resource overhead",
        "During Sales": "Demo/evaluation · + Early relationship · − Premature investment",
        "Phased": "Gradual over 2-4 weeks · + Smooth transition · − Extended ownership",
    }


def test_the_deadlines_are_those_of_the_handbook() -> None:
    targets = [(r.id, r.starts, r.hours or r.days_before_close, r.owner, r.ends_with) for r in PLAYBOOK.deadlines]
    assert targets == [
        ("alert_cs", "started", 14, "ae", "cs_alerted"),
        ("assign_csm", "started", 7, "cs_leader", "csm_named"),
        ("complete_document", "contract_signed", 24, "ae", "submitted"),
        ("review_document", "submitted", 24, "csm", "reviewed"),
        ("fix_returned", "returned", 24, "ae", "submitted"),
        ("first_contact", "contract_signed", 48, "csm", "first_contact"),
        ("schedule_internal_meeting", "accepted", 48, "ae", "internal_meeting_scheduled"),
        ("prepare_questions", "accepted", 48, "csm", "questions_prepared"),
        ("schedule_introduction", "internal_meeting_held", 24, "ae", "introduction_scheduled"),
        ("prepare_introduction", "internal_meeting_held", 24, "csm", "introduction_prepared"),
        ("note_internal_meeting", "internal_meeting_over", 24, "ae", "internal_meeting_held"),
        ("note_introduction", "introduction_over", 24, "ae", "introduction_done"),
        ("fade_to_background", "introduction_done", None, "ae", "phase_over"),
        ("lead_relationship", "introduction_done", None, "csm", "phase_over"),
        ("hear_customer", "introduction_done", 72, "csm", "customer_heard"),
        ("answer_question", "question_asked", 24, "ae", "question_answered"),
        ("give_feedback", "completed", 800, "csm", "feedback_given"),
        ("keep_promise", "promised", None, "csm", "promise_ended"),
    ]
    assert all(rule.why for rule in PLAYBOOK.deadlines)
    told = [rule.id for rule in PLAYBOOK.deadlines if rule.ladder.leaders is Leaders.BOTH]
    assert told == ["first_contact", "keep_promise"]


@pytest.mark.parametrize("name", typical())
def test_the_local_workspaces_customers_answer_as_people_would_be_asked(name: str) -> None:
    handoff = typical()[name]
    for section in PLAYBOOK.sections:
        values = handoff.content(section.id).values
        assert values.keys() <= section.by_id.keys()
        for field in section.fields:
            for row in rows_of(handoff, section.id, field.id):
                assert row.keys() <= {"id", *(column.id for column in field.columns)}
                assert all(read(column, row.get(column.id, "")) == row.get(column.id, "") for column in field.columns)
                assert not [column.id for column in field.columns if column.required and not row.get(column.id)]
            assert read(field, text := handoff.text(section.id, field.id)) == text


AGENDAS = {  # the handbook's two meetings: how long, with whom, and each item with its time box
    "internal": (
        (30, 45),
        ["ae", "csm", "se", "cs_leader"],
        [
            ("Document Review", 5),
            ("Customer Context", 15),
            ("Commitments & Risks", 10),
            ("Success Definition", 5),
            ("Transition Plan", 5),
            ("Q&A", 5),
        ],
    ),
    "introduction": (
        (30,),
        ["ae", "csm"],
        [
            ("Welcome & Introductions", 5),
            ("Transition Overview", 5),
            ("Context Validation", 10),
            ("Next Steps Preview", 5),
            ("Open Discussion", 5),
        ],
    ),
}


def test_the_meetings_are_those_of_the_handbook() -> None:
    found = {
        plan.kind: (plan.lengths, list(plan.attendees), [(item.label, item.minutes) for item in plan.agenda])
        for plan in PLAYBOOK.meetings
    }
    assert found == AGENDAS
