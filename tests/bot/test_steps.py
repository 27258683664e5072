"""What is next after acceptance, which steps may be noted when, and who leads the customer."""

import pytest

from bot.handoffs import Handoff, Stage
from bot.refusals import Refusal
from bot.steps import leads, next_step, notable, note, take_back
from bot.steps import noted as noted_steps
from bot.timing import Fact
from tests.examples import AE, CSM, NOW, PLAYBOOK, after, at, empty
from tests.happenings import HOUR, accepted, cancelled, noted, signed, submitted

MODELS = [model.id for model in PLAYBOOK.timing_models]


def accepted_handoff(model: str = "at_close", *steps: Fact) -> Handoff:
    """Accepted and signed, with these steps noted."""
    handoff = after(empty(timing_model=model), signed(), submitted(), accepted())
    return after(handoff, *(noted(step) for step in steps))


NEXT = [
    ("Schedule the internal handoff meeting", AE, Fact.INTERNAL_MEETING_SCHEDULED),
    ("Hold the internal handoff meeting, then note it", AE, Fact.INTERNAL_MEETING_HELD),
    ("Schedule the customer introduction", AE, Fact.INTRODUCTION_SCHEDULED),
    ("Introduce the CSM to the customer, then note it", AE, Fact.INTRODUCTION_DONE),
]


@pytest.mark.parametrize("model", MODELS)
def test_after_acceptance_one_step_follows_the_other_to_the_end_of_the_fade_plan(model: str) -> None:
    handoff = accepted_handoff(model)
    for words, owner, step in NEXT:
        found = next_step(handoff, PLAYBOOK)
        assert (found.words, found.owner) == (words, owner)
        handoff = after(handoff, note(step, handoff, PLAYBOOK, by=owner, now=NOW))
    timing = PLAYBOOK.timing_model(model)
    assert timing
    for _ in timing.fade:
        assert next_step(handoff, PLAYBOOK).words == "Follow the fade plan"
        handoff = after(handoff, note(Fact.PHASE_OVER, handoff, PLAYBOOK, by=AE, now=NOW))
    last = next_step(handoff, PLAYBOOK)
    assert (last.words, last.owner) == ("Lead the customer, and complete the handoff", CSM)
    assert Fact.PHASE_OVER not in notable(handoff, PLAYBOOK)


AFTER_ACCEPTANCE = {
    *(Fact.FIRST_CONTACT, Fact.INTERNAL_MEETING_SCHEDULED, Fact.INTERNAL_MEETING_HELD),
    *(Fact.INTRODUCTION_SCHEDULED, Fact.INTRODUCTION_PREPARED, Fact.INTRODUCTION_DONE),
}
MEETING = {Fact.INTERNAL_MEETING_SCHEDULED, Fact.INTERNAL_MEETING_HELD}


@pytest.mark.parametrize(
    ("handoff", "steps"),
    [
        (empty(csm=None), {Fact.CS_ALERTED}),
        (empty(), set()),  # where a CSM is named, CS knows
        (after(empty(csm=None), noted(Fact.CS_ALERTED)), set()),
        (after(empty(), signed()), {Fact.FIRST_CONTACT}),
        (after(empty(), signed(), submitted()), {Fact.FIRST_CONTACT}),
        (accepted_handoff(), AFTER_ACCEPTANCE),
        (accepted_handoff("at_kickoff"), AFTER_ACCEPTANCE | {Fact.KICKOFF_HELD}),
        (accepted_handoff("at_close", Fact.INTERNAL_MEETING_HELD), AFTER_ACCEPTANCE - MEETING),
        (accepted_handoff("at_close", Fact.INTERNAL_MEETING_HELD, Fact.INTRODUCTION_DONE), {Fact.PHASE_OVER}),
        (after(accepted_handoff(), cancelled()), set()),
    ],
)
def test_which_steps_may_be_noted(handoff: Handoff, steps: set[Fact]) -> None:
    assert set(notable(handoff, PLAYBOOK)) == steps


@pytest.mark.parametrize(
    ("handoff", "step", "words"),
    [
        (at(Stage.CANCELLED), Fact.CS_ALERTED, "This handoff is cancelled. Reopen it to go on."),
        (empty(), Fact.INTERNAL_MEETING_HELD, "This comes after CS has accepted the document."),
        (empty(), Fact.FIRST_CONTACT, "This comes after the contract is signed."),
        (accepted_handoff(), Fact.PHASE_OVER, "The fade plan begins when the customer introduction is done, and ends"),
        (
            accepted_handoff("at_close", Fact.INTERNAL_MEETING_HELD),
            Fact.INTERNAL_MEETING_HELD,
            f"^<@{AE}> has noted this already.$",
        ),
        (accepted_handoff("at_close", Fact.INTERNAL_MEETING_HELD), Fact.QUESTIONS_PREPARED, "^This is noted already.$"),
        (empty(), Fact.CS_ALERTED, "^This is noted already.$"),
    ],
)
def test_a_step_that_cannot_be_noted_says_why(handoff: Handoff, step: Fact, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        note(step, handoff, PLAYBOOK, by=AE, now=NOW)


def test_a_phase_is_over_once_however_often_it_is_pressed() -> None:
    shown = accepted_handoff("phased", Fact.INTRODUCTION_DONE)
    later = after(shown, note(Fact.PHASE_OVER, shown, PLAYBOOK, by=AE, now=NOW, phase=shown.phase))
    with pytest.raises(Refusal, match="noted already"):
        note(Fact.PHASE_OVER, later, PLAYBOOK, by=CSM, now=NOW, phase=shown.phase)
    assert later.phase == 1


@pytest.mark.parametrize("step", [Fact.INTERNAL_MEETING_HELD, Fact.INTRODUCTION_DONE, Fact.PHASE_OVER])
def test_what_was_noted_by_mistake_is_taken_back_once(step: Fact) -> None:
    steps = [Fact.INTERNAL_MEETING_HELD, Fact.INTRODUCTION_DONE, Fact.PHASE_OVER]
    before = accepted_handoff("phased", *steps[: steps.index(step)])
    handoff = after(before, noted(step, at=NOW + HOUR))
    assert noted_steps(handoff)[0] is step
    handoff = after(handoff, take_back(step, handoff, by=CSM, now=NOW + HOUR))
    assert (handoff.steps, handoff.phase) == (before.steps, before.phase)
    assert step in notable(handoff, PLAYBOOK)
    with pytest.raises(Refusal, match="there is nothing to take back"):
        take_back(step, handoff, by=AE, now=NOW)


def test_of_what_is_cancelled_nothing_is_taken_back() -> None:
    handoff = after(accepted_handoff("at_close", Fact.FIRST_CONTACT), cancelled())
    with pytest.raises(Refusal, match="This handoff is cancelled"):
        take_back(Fact.FIRST_CONTACT, handoff, by=AE, now=NOW)


@pytest.mark.parametrize(
    ("model", "passes_with"),
    [
        ("at_close", accepted()),
        ("at_kickoff", noted(Fact.KICKOFF_HELD)),
        ("during_sales", accepted()),
        ("phased", noted(Fact.PHASE_OVER)),
    ],
)
def test_the_timing_model_says_when_the_csm_leads(model: str, passes_with: object) -> None:
    handoff = after(empty(timing_model=model), signed(), submitted())
    led = [leads(handoff, PLAYBOOK)]
    for event in (accepted(), *(noted(step) for step in (Fact.KICKOFF_HELD, Fact.INTRODUCTION_DONE, Fact.PHASE_OVER))):
        handoff = after(handoff, event)
        led.append(leads(handoff, PLAYBOOK))
        if event == passes_with:
            break
    assert led == [*[AE] * (len(led) - 1), CSM]
