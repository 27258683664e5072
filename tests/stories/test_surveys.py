"""What the customer said: noted by the CSM, never by the AE; corrected, and asked for where somebody writes anyway."""

from tests.office import Office, on_sqlite
from tests.stories.test_completion import completes, faded
from tests.stories.test_fade import introduced
from tests.stories.test_steps import STEPS, accepted, notes

ANYTHING = "Did the customer have to explain anything again?"
REPEATED = "What did the customer have to explain again?"
SCORE = "Customer survey: satisfaction"
WORDS = "The customer's words"


async def fills(office: Office, **answers: object) -> None:
    """Ben fills the open form."""
    for label, value in answers.items():
        office.ben.modal.fill(label, value)
    assert await office.ben.modal.submit() == {}
    await office.settles()


async def test_the_csm_notes_what_had_to_be_explained_again_and_the_survey(office: Office) -> None:
    channel = await introduced(office)
    await office.ben.clicks("What the customer said", into=channel)
    modal = office.ben.modal
    assert (modal.title, modal.labels()) == (
        "What the customer said",
        [ANYTHING, REPEATED, "What it was", SCORE, WORDS],
    )
    empty = "Say what the customer had to explain again, if anything, or below how satisfied the customer is."
    assert await modal.submit() == {REPEATED: empty}
    modal.fill("What it was", "Who signs, & <!here> why")
    assert await modal.submit() == {REPEATED: "Choose the sections that the customer had to explain again."}
    again = {REPEATED: ["Success Criteria", "Stakeholders"]}
    await fills(office, **again, **{SCORE: "4 · Satisfied", WORDS: "Quick, but twice."})
    assert office.lines(office.ben, channel)[-2:] == [
        (
            "@Ben Okafor noted: the customer had to explain Stakeholders and Success Criteria again. "
            "“Who signs, & <!here> why”"
        ),
        "@Ben Okafor noted: the customer gave 4 of 5. “Quick, but twice.”",
    ]
    await office.leila.types("/handoff history Acme", into="general")
    assert "the customer gave 4 of 5. “Quick, but twice.”" in office.leila.modal.text()


@on_sqlite
async def test_a_correction_replaces_and_what_is_known_stands_above_the_form(office: Office) -> None:
    channel = await introduced(office)
    for score, section in (("2 · Dissatisfied", "Stakeholders"), ("5 · Very satisfied", "Stakeholders")):
        await office.ben.types("/handoff survey Acme", into="general")
        await fills(office, **{SCORE: score, REPEATED: [section], "What it was": score})
    await office.leila.types("/handoff survey", into=channel)
    seen = office.leila.modal.text()
    assert "Explained again so far: Stakeholders (2 times). @Ben Okafor" in seen
    assert "Survey: 5 of 5. @Ben Okafor" in seen
    assert "2 of 5" not in seen
    given = [line for line in office.lines(office.ben, channel) if "the customer gave" in line]
    assert [line[-7:] for line in given] == ["2 of 5.", "5 of 5."]


async def test_the_same_twice_is_noted_once(office: Office) -> None:
    channel = await introduced(office)
    before = len(office.lines(office.ben, channel))
    for _ in range(2):  # each a double click, and the same again a minute later
        await office.ben.types("/handoff survey Acme", into="general")
        office.ben.modal.fill(REPEATED, ["Stakeholders"])
        office.ben.modal.fill(SCORE, "3 · Neutral")
        await office.submits_twice(office.ben)
        await office.goes_on(minutes=1)
    assert len(office.lines(office.ben, channel)) == before + 2


@on_sqlite
async def test_it_is_not_for_the_ae_to_say_and_not_before_the_customer_met_cs(office: Office) -> None:
    channel = await accepted(office)
    assert not office.card(office.ben, channel).offers("What the customer said")
    (early,) = await office.ben.types("/handoff survey Acme", into="general")
    assert early.text == "The customer has met nobody of CS yet: note the introduction or the first contact first."
    for step, _ in STEPS:
        await notes(office, channel, step)
    (refused,) = await office.ana.types("/handoff survey Acme", into="general")
    assert refused.text.startswith("Only the CSM and the leaders may note what the customer said. Ask @Ben Okafor")


async def test_a_leader_who_notes_the_introduction_says_it_there_and_the_ae_is_not_asked(office: Office) -> None:
    channel = await accepted(office)
    for who in (office.ana, office.leila):
        await who.clicks("Meetings", into=channel)
        await who.modal.press("Introduction done")
        assert (REPEATED in who.modal.labels()) is (who is office.leila)
    office.leila.modal.fill(REPEATED, ["Technical Context"])
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert office.lines(office.ben, channel)[-2:] == [
        "@Leila Haddad noted: the CSM was introduced to the customer.",
        "@Leila Haddad noted: the customer had to explain Technical Context again.",
    ]
    await office.ben.clicks("Meetings", into=channel)
    await office.ben.modal.press("What the customer said")
    assert "Explained again so far: Technical Context. @Leila Haddad" in office.ben.modal.text()


@on_sqlite
async def test_who_may_not_say_it_any_more_when_the_form_comes_back_is_refused_and_nothing_is_noted(
    office: Office,
) -> None:
    channel = await accepted(office)
    await office.leila.clicks("Meetings", into=channel)
    await office.leila.modal.press("Introduction done")
    office.leila.modal.fill(REPEATED, ["Technical Context"])
    await office.settles_on(csms=(office.ben.id,), cs_leader=office.grace.id)
    refused = await office.leila.modal.submit()
    assert "Only the AE and the leaders may" in refused["Notes"]
    assert not any("Technical Context" in line for line in office.lines(office.ben, channel))


async def test_a_month_later_the_feedback_takes_the_survey_too(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    await office.ben.types("/handoff feedback Acme", into="general")
    office.ben.modal.fill("In your words", "All of it was there.")
    office.ben.modal.fill(WORDS, "Smooth.")
    assert await office.ben.modal.submit() == {SCORE: "Choose how satisfied the customer is."}
    await fills(office, **{SCORE: "5 · Very satisfied"})
    assert [line.partition(" ")[2] for line in office.lines(office.ben, channel)[-2:]] == [
        "Okafor said how the document was: all was there and true. “All of it was there.”",
        "Okafor noted: the customer gave 5 of 5. “Smooth.”",
    ]


async def test_where_all_was_true_the_survey_is_one_click_away_unless_it_is_known(office: Office) -> None:
    channel = await faded(office)
    await completes(office, channel)
    await office.goes_on(until="2026-12-23 20:00")
    asked = office.ben.dm().message("Say how the document was")
    await office.ben.clicks("Nothing: all was there and true", into=asked)
    await office.settles()
    assert "Done by @Ben Okafor" in asked.text
    assert asked.buttons == ["What the customer said"]
    await office.ben.clicks("What the customer said", into=asked)
    await fills(office, **{SCORE: "5 · Very satisfied"})
    assert office.lines(office.ben, channel)[-1] == "@Ben Okafor noted: the customer gave 5 of 5."


@on_sqlite
async def test_where_the_survey_is_known_nobody_is_asked_again(office: Office) -> None:
    channel = await faded(office)
    await office.ben.types("/handoff survey Acme", into="general")
    await fills(office, **{SCORE: "5 · Very satisfied"})
    await completes(office, channel)
    await office.goes_on(until="2026-12-23 20:00")
    asked = office.ben.dm().message("Say how the document was")
    await office.ben.clicks("Nothing: all was there and true", into=asked)
    await office.settles()
    assert asked.buttons == []


ASKED = "Say what the customer had to explain again"


async def repeat_rate(office: Office) -> str:
    """What a leader reads of these thirty days."""
    (answer,) = await office.leila.types("/handoff metrics", into="general")
    return next(line for line in answer.text.splitlines() if "explained something again" in line)


async def test_the_csm_is_asked_before_it_is_due_and_one_click_says_that_all_was_known(office: Office) -> None:
    channel = await introduced(office)
    await office.goes_on(until="2026-11-25 06:00")
    assert office.told(office.ben, ASKED) == []
    assert "0 of 1 handoffs explained something again, 1 not answered yet" in await repeat_rate(office)
    await office.goes_on(until="2026-11-26 06:00")
    assert len(office.told(office.ben, ASKED)) == 1
    asked = office.ben.dm().message(ASKED)
    await office.ben.clicks("Nothing, all was known", into=asked)
    await office.settles()
    assert "Done by @Ben Okafor" in asked.text
    assert office.lines(office.ben, channel)[-1] == "@Ben Okafor noted: the customer had to explain nothing again."
    assert "not answered" not in await repeat_rate(office)
    await office.goes_on(days=10)
    assert len(office.told(office.ben, ASKED)) == 1
    assert office.told(office.ana, ASKED) == office.told(office.leila, ASKED) == []


@on_sqlite
async def test_the_list_behind_the_figure_has_first_who_was_not_answered_for(office: Office) -> None:
    await introduced(office)
    (answer,) = await office.leila.types("/handoff metrics", into="general")
    await office.leila.clicks("See", into=answer, near="Customer repeat rate")
    assert "Not answered yet" in office.leila.modal.text()
    await office.ben.types("/handoff survey Acme", into="general")
    await fills(office, **{ANYTHING: ["No, all was known"]})
    await office.leila.modal.press("All figures")
    await office.leila.modal.press("See", near="Customer repeat rate")
    assert "Nothing explained again\nClosed" in office.leila.modal.text()
    assert "ot answered yet" not in office.leila.modal.text().replace("what is not answered yet", "")


@on_sqlite
async def test_the_reminder_leads_to_the_form_and_what_was_said_twice_is_asked_no_more(office: Office) -> None:
    channel = await introduced(office)
    await office.goes_on(until="2026-11-26 20:00")
    asked = office.ben.dm().message(ASKED)
    await office.ben.clicks("What the customer said", into=asked)
    office.ben.modal.fill(ANYTHING, ["No, all was known"])
    office.ben.modal.fill(REPEATED, ["Stakeholders"])
    assert await office.ben.modal.submit() == {ANYTHING: "Tick this, or choose sections below: not both."}
    await fills(office, **{ANYTHING: []})
    assert "Done by @Ben Okafor" in asked.text
    assert "the customer had to explain Stakeholders again" in office.lines(office.ben, channel)[-1]
    await office.ben.types("/handoff survey Acme", into="general")
    assert ANYTHING not in office.ben.modal.labels()


@on_sqlite
async def test_a_form_opened_before_somebody_else_noted_more_erases_nothing(office: Office) -> None:
    channel = await introduced(office)
    await office.ben.types("/handoff survey Acme", into="general")
    await office.leila.types("/handoff survey Acme", into="general")
    office.leila.modal.fill(REPEATED, ["Stakeholders"])
    assert await office.leila.modal.submit() == {}
    office.ben.modal.fill(ANYTHING, ["No, all was known"])
    stays = "It is noted already that the customer had to explain something again, and that stays."
    assert await office.ben.modal.submit() == {ANYTHING: stays}
    await office.settles()
    assert "Stakeholders again" in office.lines(office.ben, channel)[-1]


@on_sqlite
async def test_who_says_it_with_the_introduction_is_not_asked(office: Office) -> None:
    channel = await accepted(office)
    await office.leila.clicks("Meetings", into=channel)
    await office.leila.modal.press("Introduction done")
    office.leila.modal.fill(ANYTHING, ["No, all was known"])
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert office.lines(office.ben, channel)[-1] == "@Leila Haddad noted: the customer had to explain nothing again."
    await office.ben.clicks("Meetings", into=channel)
    await office.ben.modal.press("What the customer said")
    assert "Nothing explained again so far. @Leila Haddad" in office.ben.modal.text()
    await office.goes_on(days=10)
    assert office.told(office.ben, ASKED) == []
