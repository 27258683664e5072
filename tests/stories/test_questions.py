"""Questions: asked while reading, answered beside what they are about, passed on, and owed within a day."""

import pytest

from tests.office import Office, on_sqlite
from tests.stories.test_reading import with_secrets

WHICH = "Which of the two freight systems stays?"
SAYS = "TruckBase stays; the old one is switched off in March."


async def in_review(office: Office) -> str:
    """Ben has the document to read; the channel."""
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.submits(office.ana, channel)
    return channel


async def asks(office: Office, who: str = "Ben Okafor", words: str = WHICH, **more: str) -> None:
    """Somebody fills and sends the open form "Ask a question"."""
    person = office.person(who)
    for label, value in {"Your question": words, **more}.items():
        person.modal.fill(label, value)
    assert await person.modal.submit() == {}
    await office.settles()


async def answers(office: Office, who: str = "Ana Lima", words: str = SAYS) -> None:
    """Somebody answers in the message that asks."""
    person = office.person(who)
    await person.clicks("Answer", into=person.dm().last)
    person.modal.fill("Your answer", words)
    assert await person.modal.submit() == {}
    await office.settles()


async def test_a_question_asked_while_reading_is_answered_beside_the_field(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.clicks("View document", into=channel)
    await office.ben.modal.choose("Ask a question about…", "Industry")
    assert office.ben.modal.value("About") == "Industry"
    await asks(office)
    read = office.ben.modal.text()  # the document, redrawn below the form
    assert f"{WHICH}\n:speech_balloon: Not answered yet. It is with @Ana Lima." in read
    told = office.ana.dm().last
    assert told.fallback == (
        "@Ben Okafor asks you about Company Overview: Industry of Acme GmbH. "
        "Please answer within 24 hours: then nobody has to ask the customer."
    )
    assert told.buttons == ["Answer", "Pass it on", "View document"]
    card = office.card(office.ana, channel).text
    assert "1 open question, asked" in card
    assert "Next: Answer the open question, then the review goes on — @Ana Lima" in card
    await answers(office)
    assert "is settled here: answered by @Ana Lima" in told.text
    heard = office.ben.dm().last
    assert heard.fallback == "@Ana Lima answered about Company Overview: Industry of Acme GmbH."
    assert SAYS in heard.text
    await office.mia.types("/handoff view Acme", into="general")
    read = office.mia.modal.text()
    assert read.index("Industry: Freight") < read.index(WHICH) < read.index(SAYS) < read.index("Stakeholders")
    assert "Answer · @Ana Lima, 23 November 2026: " in read
    assert f"Question* (![](@{office.ben.id}), 23 November 2026): {WHICH}" in office.ana.canvas(channel)
    assert "open question" not in office.card(office.ana, channel).text
    assert office.lines(office.ana, channel)[-2:] == [
        f"@Ben Okafor asked about Company Overview: Industry. “{WHICH}”",
        f"@Ana Lima answered about Company Overview: Industry. “{SAYS}”",
    ]
    await office.ana.types("/handoff export Acme", into="general")
    await office.settles()
    assert f"- *Answer* (Ana Lima, 23 November 2026): {SAYS}" in office.exported()


@on_sqlite
async def test_from_the_card_and_by_command_too(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.clicks("Questions", into=channel)
    assert "Nobody has asked anything yet" in office.ben.modal.text()
    await office.ben.modal.press("Ask a question")
    await asks(office, About="The whole section")
    assert "1 open, 0 answered" in office.ben.modal.text()
    await office.leila.types("/handoff ask Acme", into="general")
    await asks(office, "Leila Haddad", "Is anything at risk?")
    assert office.ana.dm().last.fallback.startswith("@Leila Haddad asks you about the whole handoff of Acme GmbH.")
    await office.ana.types("/handoff questions", into=channel)
    await office.ana.modal.press("Answer", nth=1)
    office.ana.modal.fill("Your answer", "No.")
    assert await office.ana.modal.submit() == {}
    assert "1 open, 1 answered" in office.ana.modal.text()


@on_sqlite
async def test_who_is_to_answer_may_do_it_while_reading(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office, About="Industry")
    await office.ana.clicks("View document", into=channel)
    await office.ana.modal.press("Answer")
    office.ana.modal.fill("Your answer", SAYS)
    assert await office.ana.modal.submit() == {}
    assert SAYS in office.ana.modal.text()
    assert "Answer" not in office.ana.modal.buttons


@on_sqlite
async def test_it_is_passed_to_the_se_who_answers(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    asked = office.ana.dm().last
    await office.ana.clicks("Pass it on", into=asked)
    assert office.ana.modal.value("Who should answer") == "Arjun Rao"
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "@Arjun Rao answers the question" in asked.text
    assert "— @Arjun Rao" in office.card(office.ana, channel).text
    await answers(office, "Arjun Rao")
    assert "@Arjun Rao answered" in office.ben.dm().last.text


@on_sqlite
async def test_a_question_that_is_passed_back_arrives_again(office: Office) -> None:
    channel = await in_review(office)
    await office.names_owner(office.ana, channel, "Solutions engineer", "Arjun Rao")
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    first = office.heard(office.ana, WHICH)
    for who, to in ((office.ana, "Arjun Rao"), (office.arjun, "Ana Lima")):
        await who.clicks("Pass it on", into=who.dm().last)
        who.modal.fill("Who should answer", to)
        assert await who.modal.submit() == {}
        await office.settles()
    old, new = office.heard(office.ana, WHICH)
    assert old.ts == first[0].ts
    assert "asked again, see below" in old.text
    assert "Answer" not in old.buttons
    assert "Answer" in new.buttons


@on_sqlite
async def test_somebody_else_who_knows_may_read_and_answer_but_not_write(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    (refused,) = await office.noah.types("/handoff view Acme", into="general")
    assert "Only the people of this handoff may read it." in refused.text
    await office.ana.clicks("Pass it on", into=office.ana.dm().last)
    office.ana.modal.fill("Who should answer", "Noah Fraser")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    await office.noah.clicks("View document", into=office.noah.dm().last)
    assert WHICH in office.noah.modal.text()
    await office.noah.modal.close()
    await answers(office, "Noah Fraser")
    assert "@Noah Fraser answered" in office.lines(office.ana, channel)[-1]
    (refused,) = await office.noah.types("/handoff edit Acme", into="general")
    assert "Only the people of this handoff may change it." in refused.text


async def test_a_thread_goes_on_with_a_new_clock_and_keeps_what_was_corrected(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    first = office.ana.dm().last
    await answers(office)
    await office.goes_on(hours=30)
    await office.ben.clicks("Ask again", into=office.ben.dm().message("answered"))
    office.ben.modal.fill("What is still to be answered", "And who switches it off?")
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "asks you again" in office.ana.dm().last.text
    assert "answered by" not in first.text
    await answers(office, words="Their IT.")
    await office.ana.clicks("Questions", into=channel)
    await office.ana.modal.press("Correct the answer")
    office.ana.modal.fill("What is right", "Their IT, with our help.")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "corrected the answer" in office.ben.dm().last.fallback
    await office.ben.types("/handoff view Acme", into="general")
    read = office.ben.modal.text()
    assert all(words in read for words in (WHICH, SAYS, "And who switches it off?", "Their IT.", "with our help"))


@on_sqlite
async def test_it_is_owed_within_a_day_and_reminded_of_with_its_buttons(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    await office.goes_on(hours=36)
    reminder = office.ana.dm().message("Answer a question: Which of the two")
    assert reminder.buttons[:3] == ["Answer", "Pass it on", "View document"]
    await office.ana.types("/handoff mine", into="general")
    assert "Answer a question: Which of the two" in office.ana.ephemerals("general")[-1].text
    await office.ana.clicks("Not mine", into=reminder)
    assert "Whoever you name takes this step." in office.ana.modal.text()
    office.ana.modal.fill("Who should do it?", "Arjun Rao")
    assert await office.ana.modal.submit() == {}
    await office.settles()
    assert "asks you about" in office.arjun.dm().last.text
    assert "@Arjun Rao takes care of this now." in reminder.text
    await office.arjun.types("/handoff mine", into="general")
    await office.arjun.clicks("Answer", into=office.arjun.ephemerals("general")[-1])
    office.arjun.modal.fill("Your answer", SAYS)
    assert await office.arjun.modal.submit() == {}
    await office.settles()
    assert "Done" in reminder.text
    assert "open question" not in office.card(office.ana, channel).text


@on_sqlite
async def test_what_is_asked_about_a_secret_stays_with_those_who_may_see_it(office: Office) -> None:
    channel = await with_secrets(office)
    secret, answer = "Does Leon block the roll-out?", "He does, until the CFO decides."
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office, words=secret, About="Political considerations")
    assert secret in office.ana.dm().last.text
    await office.ana.clicks("Pass it on", into=office.ana.dm().last)
    office.ana.modal.fill("Who should answer", "Arjun Rao")
    assert await office.ana.modal.submit() == {
        "Who should answer": "Arjun Rao does not see what this is about: only the AE, the CSM and their leaders do."
    }
    await office.ana.modal.close()
    await office.goes_on(hours=36)
    await answers_from_the_list(office, channel, answer)
    assert answer in office.ben.dm().last.text
    public = [office.card(office.ana, channel).text, *office.lines(office.ana, channel), office.ana.canvas(channel)]
    for who in (office.arjun, office.mia):
        for command in ("view", "questions", "history", "why"):
            await who.types(f"/handoff {command} Acme", into="general")
            public.append(who.modal.text())
        await who.types("/handoff export Acme", into="general")
        await office.settles()
        public.append(office.exported())
    assert not [text for text in public if "Leon" in text or "CFO" in text]
    await office.leila.types("/handoff view Acme", into="general")
    assert secret in office.leila.modal.text()
    assert answer in office.leila.modal.text()
    await office.leila.types("/handoff history Acme", into="general")
    assert secret in office.leila.modal.text()


async def answers_from_the_list(office: Office, channel: str, words: str) -> None:
    """Ana answers the question that is open."""
    await office.ana.clicks("Questions", into=channel)
    await office.ana.modal.press("Answer")
    office.ana.modal.fill("Your answer", words)
    assert await office.ana.modal.submit() == {}
    await office.settles()


@on_sqlite
async def test_a_secret_is_not_offered_to_ask_about_to_those_who_do_not_see_it(office: Office) -> None:
    channel = await with_secrets(office)
    await office.arjun.clicks("Questions", into=channel)
    await office.arjun.modal.press("Ask a question")
    office.arjun.modal.fill("Your question", "Who is against it?")
    with pytest.raises(LookupError):
        office.arjun.modal.fill("About", "Political considerations")


@on_sqlite
async def test_what_is_a_secret_by_now_is_refused_in_words(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.clicks("View document", into=channel)
    await office.names_owner(office.ana, channel, "Customer success manager", "Mia Chen")
    await office.ben.modal.choose("Ask a question about…", "Detractor (if any)", nth=5)
    assert "Only the AE, the CSM and their leaders see this" in office.ben.modal.text()


@on_sqlite
@pytest.mark.parametrize("asked", [True, False])
async def test_that_there_are_no_questions_is_said_on_purpose(office: Office, asked: bool) -> None:
    channel = await in_review(office)
    if asked:
        await office.ben.types("/handoff ask Acme", into="general")
        await asks(office)
        await answers(office)
    await office.accepts(office.ben, channel)
    await office.goes_on(until="2026-11-25 10:00")
    reminder = office.ben.dm().message("Prepare questions")
    label, line = (
        ("That is all", "has no more questions (1 asked).") if asked else ("No questions", "has no questions.")
    )
    await office.ana.clicks("Questions", into=channel)
    await office.ana.modal.press(label)
    assert "Whether there are questions is for CS to say: @Ben Okafor." in office.ana.modal.text()
    await office.ben.clicks(label, into=reminder)
    await office.settles()
    assert office.lines(office.ben, channel)[-1] == f"@Ben Okafor {line}"
    assert "Done by @Ben Okafor" in reminder.text


async def test_a_double_click_asks_and_answers_once(office: Office) -> None:
    channel = await in_review(office)
    for _ in range(2):  # two forms, each of which arrives twice
        await office.ben.types("/handoff ask Acme", into="general")
        office.ben.modal.fill("Your question", WHICH)
        await office.submits_twice(office.ben)
    assert [line for line in office.lines(office.ana, channel) if "asked" in line] == [
        f"@Ben Okafor asked about the whole handoff. “{WHICH}”"
    ]
    await office.ana.clicks("Answer", into=office.ana.dm().last)
    office.ana.modal.fill("Your answer", SAYS)
    await office.submits_twice(office.ana)
    assert len([line for line in office.lines(office.ana, channel) if "answered" in line]) == 1


@on_sqlite
async def test_who_answers_too_late_hears_who_was_faster(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    for who in (office.ana, office.arjun):
        await who.clicks("Questions", into=channel)
        await who.modal.press("Answer")
        who.modal.fill("Your answer", f"So says {who.name}.")
    assert await office.arjun.modal.submit() == {}
    assert await office.ana.modal.submit() == {
        "Your answer": "Arjun Rao has answered this meanwhile: see Questions. There you can correct it."
    }


@on_sqlite
async def test_a_new_ae_gets_what_is_open(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    await office.names_owner(office.leila, channel, "Account executive", "Grace Whitfield")
    assert "asks you about" in office.grace.dm().last.text
    asked, thanked = office.ana.dm().messages[-2:]
    assert "@Grace Whitfield answers the question" in asked.text
    assert "Thank you for your part in Acme GmbH." in thanked.text


@on_sqlite
async def test_nothing_is_asked_of_a_cancelled_handoff(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.types("/handoff ask Acme", into="general")
    await asks(office)
    asked = office.ana.dm().last
    await office.cancels(office.ana, channel)
    assert "the handoff of Acme GmbH is cancelled" in asked.text
    (refused,) = await office.ben.types("/handoff ask Acme", into="general")
    assert refused.text == "This handoff is cancelled. Reopen it to go on asking and answering."
    await office.ben.clicks("Questions", into=channel)
    assert not {"Ask a question", "Answer"} & set(office.ben.modal.buttons)


@on_sqlite
async def test_who_has_read_what_is_seen_by_the_ae_and_the_leaders(office: Office) -> None:
    channel = await in_review(office)
    await office.ana.clicks("View document", into=channel)
    assert "@Ben Okafor has not marked anything read yet." in office.ana.modal.text()
    await office.ben.clicks("View document", into=channel)
    await office.ben.modal.press("Mark read")
    await office.writes(office.ana, channel, "Company Overview", Industry="Air freight")
    for who in (office.ana, office.leila):
        await who.clicks("View document", into=channel)
        assert "Ben Okafor has read 0 of 5 sections as they stand." in who.modal.text()
        assert "Changed since then: Company Overview." in who.modal.text()
        assert "Changed since @Ben Okafor read it." in who.modal.text()
    await office.ben.clicks("Accept", into=channel)
    assert "Changed since you read it: Company Overview." in office.ben.modal.text()


@on_sqlite
async def test_what_changed_while_somebody_read_is_not_marked_read(office: Office) -> None:
    channel = await in_review(office)
    await office.ben.clicks("View document", into=channel)
    await office.writes(office.ana, channel, "Company Overview", Industry="Air freight")
    await office.ben.modal.press("Mark read")
    assert "Air freight" in office.ben.modal.text()
    assert "Changed since @Ben Okafor read it." in office.ben.modal.text()
    await office.ben.modal.press("Mark read")
    assert "You have read this as it stands." in office.ben.modal.text()
