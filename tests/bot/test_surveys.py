"""What the customer said: what is kept of it, from whom, from when on, and what is no news."""

import pytest

from bot import surveys
from bot.events import Event, StepTakenBack
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, may
from bot.refusals import Refusal
from bot.surveys import CustomerRepeated, NothingRepeated, SurveyAnswered
from bot.timing import Fact
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SALES_LEADER, SE, TEAM, after, at, empty
from tests.happenings import DAY, HOUR, accepted, cancelled, noted, signed, submitted

AGAIN = {"repeated": "stakeholders", "repeated_words": "Who signs."}
NOTHING = {"nothing": "yes"}
CONTENT = {"score": "4", "score_words": "Quick and friendly."}


def met(*events: Event) -> Handoff:
    """The customer has met the CSM, and then these happen."""
    steps = (noted(Fact.INTERNAL_MEETING_HELD), noted(Fact.INTRODUCTION_DONE))
    return after(empty(), signed(), submitted(), accepted(), *steps, *events)


def note(handoff: Handoff, by: str = CSM, **typed: str) -> list[Event]:
    """Somebody fills in the form."""
    return surveys.note(handoff, PLAYBOOK, typed, by=by, now=NOW + HOUR)


def test_nothing_is_an_answer_too_and_what_is_noted_later_stands_beside_it() -> None:
    assert met().heard is None
    handoff = after(met(), *note(met(), **NOTHING))
    assert handoff.heard
    assert (handoff.heard.by, handoff.heard.at, handoff.repeats) == (CSM, NOW + HOUR, ())
    later = after(handoff, *note(handoff, by=CS_LEADER, **AGAIN))
    assert (later.heard, [one.sections for one in later.repeats]) == (handoff.heard, [("stakeholders",)])


def test_nothing_does_not_erase_what_had_to_be_explained_again() -> None:
    handoff = after(met(), *note(met(), **AGAIN))
    assert handoff.heard
    with pytest.raises(
        Refusal, match="It is noted already that the customer had to explain something again"
    ) as refused:
        note(handoff, **NOTHING)
    assert refused.value.fields.keys() == {"nothing"}
    with pytest.raises(Refusal, match="and that stays"):
        surveys.nothing_repeated(handoff, by=CSM, now=NOW + HOUR)


@pytest.mark.parametrize("by", [CSM, CS_LEADER])
def test_nothing_twice_is_no_news(by: str) -> None:
    handoff = after(met(), *note(met(), **NOTHING))
    assert note(handoff, by=by, **NOTHING) == []
    assert surveys.nothing_repeated(handoff, by=by, now=NOW + DAY) is None
    assert [type(event) for event in note(met(), **NOTHING, **CONTENT)] == [NothingRepeated, SurveyAnswered]


def test_each_time_is_kept_and_of_the_survey_the_last_answer() -> None:
    handoff = after(met(), *note(met(), **AGAIN, **CONTENT))
    assert [(one.sections, one.words, one.by) for one in handoff.repeats] == [(("stakeholders",), "Who signs.", CSM)]
    assert handoff.survey
    assert (handoff.survey.score, handoff.survey.words) == (4, "Quick and friendly.")
    both = {"repeated": "technical_context,company_overview"}  # as they were picked
    handoff = after(handoff, *note(handoff, **both, score="2", score_words=" "))
    assert [one.sections for one in handoff.repeats] == [("stakeholders",), ("company_overview", "technical_context")]
    assert (handoff.survey and handoff.survey.score, handoff.survey and handoff.survey.words) == (2, "")


@pytest.mark.parametrize(
    ("typed", "by", "news"),
    [
        (AGAIN | CONTENT, CSM, []),
        (AGAIN, CS_LEADER, [CustomerRepeated]),
        (AGAIN | {"repeated_words": "Who pays."}, CSM, [CustomerRepeated]),
        (AGAIN | {"repeated": "stakeholders,success_criteria"}, CSM, [CustomerRepeated]),
        (CONTENT, CS_LEADER, []),
        (CONTENT | {"score": "5"}, CSM, [SurveyAnswered]),
        (CONTENT | {"score_words": ""}, CSM, [SurveyAnswered]),
        (AGAIN | {"score": "3"}, CSM, [SurveyAnswered]),
    ],
)
def test_the_same_again_is_no_news(typed: dict[str, str], by: str, news: list[type[Event]]) -> None:
    known = after(met(), *note(met(), **AGAIN, **CONTENT))
    assert [type(event) for event in note(known, by=by, **typed)] == news


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"repeated"}),
        ({"repeated": "", "repeated_words": " ", "score": "", "score_words": "\n"}, {"repeated"}),
        ({"nothing": ""}, {"repeated"}),
        (NOTHING | AGAIN, {"nothing"}),
        (NOTHING | {"repeated_words": "Who signs."}, {"repeated"}),
        ({"repeated": "horoscope"}, {"repeated"}),
        ({"repeated": "stakeholders,horoscope"}, {"repeated"}),
        ({"repeated_words": "Who signs."}, {"repeated"}),
        ({"score_words": "Quick."}, {"score"}),
        ({"score": "0"}, {"score"}),
        ({"score": "6"}, {"score"}),
        ({"score": "4.5"}, {"score"}),
        ({"repeated_words": "Who signs.", "score_words": "Quick."}, {"repeated", "score"}),
        ({"repeated": "stakeholders", "repeated_words": "x" * 1001}, {"repeated_words"}),
        ({"score": "4", "score_words": "x" * 1001}, {"score_words"}),
    ],
)
def test_what_is_not_said_or_strange_names_its_field(typed: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(Refusal) as refused:
        note(met(), **typed)
    assert refused.value.fields.keys() == fields


@pytest.mark.parametrize(
    ("handoff", "words"),
    [
        (empty(), "The customer has met nobody of CS yet"),
        (at(Stage.ACCEPTED), "The customer has met nobody of CS yet"),
        (after(met(), cancelled()), "This handoff is cancelled. Reopen it to go on."),
    ],
)
def test_nothing_is_noted_before_the_customer_met_cs_or_of_a_lost_deal(handoff: Handoff, words: str) -> None:
    for rule in (surveys.note, surveys.told):
        with pytest.raises(Refusal, match=words):
            rule(handoff, PLAYBOOK, AGAIN, by=CSM, now=NOW)


@pytest.mark.parametrize(
    "handoff",
    [
        after(empty(), signed(), noted(Fact.FIRST_CONTACT)),
        after(at(Stage.ACCEPTED), noted(Fact.KICKOFF_HELD)),
        at(Stage.COMPLETED),
    ],
    ids=["first contact", "kickoff", "completed, in a practice without these steps"],
)
def test_the_customer_may_have_met_cs_in_other_ways(handoff: Handoff) -> None:
    assert surveys.has_met(handoff)
    assert len(note(handoff, **AGAIN, **CONTENT)) == 2


def test_an_introduction_that_is_taken_back_unsays_nothing() -> None:
    handoff = after(met(), *note(met(), **AGAIN, **CONTENT))
    back = after(handoff, StepTakenBack(by=AE, at=NOW + DAY, step=Fact.INTRODUCTION_DONE))
    assert (back.repeats, back.survey) == (handoff.repeats, handoff.survey)


def test_the_csm_and_the_leaders_note_it_and_not_the_ae() -> None:
    allowed = [who for who in (AE, CSM, SE, CS_LEADER, SALES_LEADER, "U0CSM2") if may(Act.SURVEY, who, met(), TEAM)]
    assert allowed == [CSM, CS_LEADER, SALES_LEADER]
