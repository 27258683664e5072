"""Promises: judged, carried by somebody, reminded of until they are kept, renegotiated or broken; and their lists."""

import pytest

from bot.timing import Fact
from store.playbooks import Playbooks
from tests.office import Office, on_sqlite
from tests.stories.test_steps import notes

API, TRAINING = "A REST API by the end of March", "Two days of training on site"
PROMISES = "Promises & Commitments"
OF_LATE = (Fact.QUESTION_ASKED, Fact.PROMISED, Fact.COMPLETED)  # what older practices had no rules for
KEEP = f"Keep a promise: {API} · Acme GmbH"  # how a reminder begins


async def promises(office: Office, channel: str, words: str = API, due: str = "2026-12-04", **more: str) -> None:
    """Ana writes down a commitment."""
    row = {
        "Commitment": words,
        "Kind": "Verbal",
        "Said by": "Ana",
        "To whom": "Helena Sorensen",
        "Due date": due,
    } | more
    await office.adds(
        office.ana, channel, PROMISES, "Add commitment", **{name: text for name, text in row.items() if text}
    )


async def in_review(office: Office, due: str = "2026-12-04") -> str:
    """Ben has a document to read in which something was promised; the channel."""
    await office.names_leaders()
    channel = await office.starts(office.ana, **{"Solutions engineer": "Arjun Rao"})
    await office.fills(office.ana, channel)
    await office.writes(office.ana, channel, PROMISES, **{"Nothing was promised": []})
    await promises(office, channel, due=due)
    await office.adds(office.ana, channel, PROMISES, "Add out-of-scope item", Item="Migration of old data")
    await office.ana.clicks("Submit for review", into=channel)
    await office.settles()
    return channel


async def taken_over(office: Office, due: str = "2026-12-04") -> str:
    """Ben has accepted it."""
    channel = await in_review(office, due)
    await office.accepts(office.ben, channel)
    return channel


async def opens(office: Office, who: str, channel: str = "", words: str = API) -> None:
    """Somebody opens one promise: from the card in `channel`, or by command."""
    person = office.person(who)
    await (
        person.clicks("Promises", into=channel) if channel else person.types("/handoff promises Acme", into="general")
    )
    await person.modal.press("Details", near=words)


async def listed(office: Office, who: str, which: str) -> str:
    """What a list across customers says to somebody."""
    (reply,) = await office.person(who).types(f"/handoff promises {which}", into="general")
    return reply.text


async def judges(office: Office, who: str, channel: str, verdict: str, words: str = "") -> None:
    """Somebody gives a verdict on the API."""
    person = office.person(who)
    await opens(office, who, channel)
    await person.modal.press("Give a verdict")
    person.modal.fill("Can it be done?", verdict)
    person.modal.fill("In your words", words)
    assert await person.modal.submit() == {}
    await office.settles()


async def test_a_promise_is_judged_reminded_of_and_kept(office: Office) -> None:
    channel = await in_review(office)
    assert "Promises: 1 open" in office.card(office.ben, channel).text
    await judges(office, "Ben Okafor", channel, "At risk", "Only if the platform team ships.")
    read = office.ben.modal.text()  # the promise, redrawn below the form
    assert "At risk · due 4 December 2026 · seen to by @Ben Okafor" in read
    assert "Verdict · @Ben Okafor: At risk. Only if the platform team ships." in read
    assert read.index("To whom: Helena Sorensen") < read.index("Explicitly out of scope\n• Migration of old data")
    await office.ben.modal.close()
    assert "At risk · due 4 December 2026 · @Ben Okafor · at risk" in office.ben.modal.text()  # and the list below
    await office.ben.modal.close(everything=True)
    assert "Promises: 1 open · 1 at risk" in office.card(office.ben, channel).text
    await office.accepts(office.ben, channel)
    await office.goes_on(until="2026-12-07 12:00")
    reminder = next(one for one in reversed(office.ben.dm().messages) if f"Keep a promise: {API}" in one.text)
    assert "1 at risk · 1 overdue" in office.card(office.ben, channel).text
    await office.ben.clicks("Kept", into=reminder)
    await office.settles()
    assert "Done by @Ben Okafor" in reminder.text
    assert "Kept" not in reminder.buttons
    assert "Promises:" not in office.card(office.ben, channel).text
    assert office.lines(office.ana, channel)[-1] == f"@Ben Okafor closed the promise “{API}”: kept."
    told = len(office.told(office.ben, KEEP))
    await office.goes_on(days=14)
    assert len(office.told(office.ben, KEEP)) == told


@on_sqlite
async def test_reminders_go_on_when_the_handoff_is_long_over_and_both_leaders_hear(office: Office) -> None:
    channel = await taken_over(office)
    await office.signs(office.ana, channel)
    for step in ("Internal meeting held", "Introduction done", "This phase is over"):
        await notes(office, channel, step)
    await office.ben.clicks("Complete handoff", into=channel)
    assert "One promise goes on until closed." in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "Promises: 1 open" in office.card(office.ben, channel).text
    await office.goes_on(until="2026-12-31 12:00")
    assert len(office.told(office.ben, KEEP)) >= 5
    assert len(office.told(office.leila, KEEP)) == len(office.told(office.grace, KEEP)) == 1


async def test_the_reminder_of_something_else_does_not_end_a_promise(office: Office) -> None:
    """The tick looks at deadlines without the documents, in which the words and the days of promises stand."""
    channel = await taken_over(office, due="2027-03-31")
    await office.goes_on(days=14)
    assert office.told(office.ana)  # of the meeting that nobody schedules
    assert not office.told(office.ben, KEEP)
    assert "Promises: 1 open" in office.card(office.ben, channel).text
    await office.ben.types("/handoff why Acme", into="general")
    assert f"Keep a promise: {API[:20]}" in office.ben.modal.text()
    await office.closes()
    await office.opens()
    await office.goes_on(until="2027-03-30 12:00")
    assert len(office.told(office.ben, KEEP)) == 1  # before it is due
    assert "noticed that this is overdue: Keep a promise" not in " ".join(office.lines(office.ana, channel))
    await office.goes_on(until="2027-04-01 12:00")
    assert len(office.told(office.ben, KEEP)) > 1
    assert "Baton noticed that this is overdue: Keep a promise." in office.lines(office.ana, channel)


@on_sqlite
async def test_a_promise_without_a_date_asks_for_one_and_gets_it(office: Office) -> None:
    channel = await in_review(office, due="")
    await office.ben.clicks("Accept", into=channel)
    assert f"Promised without a date: Baton asks for one within a week.\n• {API}" in office.ben.modal.text()
    assert await office.ben.modal.submit() == {}
    await office.settles()
    await office.goes_on(days=7)
    reminder = office.ben.dm().last
    assert "No day was agreed for it. Name one, or say how it ended" in reminder.text
    await office.ben.clicks("Open the promise", into=reminder)
    await office.ben.modal.press("Owner and date")
    office.ben.modal.fill("Due date", "2027-01-29")
    assert await office.ben.modal.submit() == {}
    await office.settles()
    assert "due 29 January 2027" in office.ben.modal.text()
    before = office.told(office.ben, KEEP)
    await office.goes_on(until="2027-01-10 12:00")
    assert office.told(office.ben, KEEP) == before
    await office.goes_on(until="2027-01-29 18:00")
    assert len(office.told(office.ben, KEEP)) > len(before)


@on_sqlite
async def test_what_cs_has_taken_over_is_not_removed(office: Office) -> None:
    channel = await taken_over(office)
    await office.opens_section(office.ana, channel, PROMISES)
    await office.ana.modal.press("Remove", near=API)
    assert "CS has taken over this promise: close it under Promises instead." in office.ana.modal.text()
    await office.ana.modal.close(everything=True)
    await opens(office, "Ben Okafor", channel)
    assert "Kept" in office.ben.modal.buttons


@on_sqlite
async def test_what_was_agreed_instead_goes_on_as_a_promise_of_its_own(office: Office) -> None:
    channel = await taken_over(office)
    await opens(office, "Ben Okafor", channel)
    await office.ben.modal.press("Close otherwise")
    office.ben.modal.fill("How did it end?", "Renegotiated")
    assert await office.ben.modal.submit() == {"In your words": "Say what was agreed with the customer instead."}
    office.ben.modal.fill("In your words", "A read-only API by June")
    office.ben.modal.fill("If renegotiated: the new date", "2027-06-01")
    await office.submits_twice(office.ben)
    await office.ana.types("/handoff promises Acme", into="general")
    read = office.ana.modal.text()
    assert "1 open, 1 closed" in read
    assert read.count("A read-only API by June") == 1
    assert read.index("A read-only API by June") < read.index("due 1 June 2027") < read.index(API)
    assert "Renegotiated" in read
    assert office.lines(office.ana, channel)[-1] == (
        f"@Ben Okafor closed the promise “{API}”: renegotiated. “A read-only API by June”"
    )


@on_sqlite
async def test_another_person_sees_to_it_and_finds_it_in_their_list(office: Office) -> None:
    channel = await taken_over(office)
    await opens(office, "Ben Okafor", channel)
    await office.ben.modal.press("Owner and date")
    office.ben.modal.fill("Who sees to it", "Arjun Rao")
    assert await office.ben.modal.submit() == {}
    await office.settles()
    told = office.arjun.dm().last
    assert told.fallback == "You see to this promise to Acme GmbH. It is due 4 December 2026."
    assert told.buttons == ["Kept", "Close otherwise", "Open the promise"]
    mine = await listed(office, "Arjun Rao", "mine")
    assert "1 promise is yours to see to" in mine
    assert f"Acme GmbH: {API}" in mine
    assert "You see to no promise just now." in await listed(office, "Ben Okafor", "mine")
    assert "No promise is overdue." in await listed(office, "Leila Haddad", "overdue")
    await office.goes_on(until="2026-12-07 12:00")
    assert "1 promise is overdue" in await listed(office, "Leila Haddad", "overdue")
    assert office.told(office.arjun, "Keep a promise")
    assert not office.told(office.ben, "Keep a promise")
    await office.arjun.clicks("Kept", into=told)
    await office.settles()
    assert "The promise to Acme GmbH that you were to see to is kept." in told.text


@on_sqlite
async def test_whoever_sees_to_one_promise_may_put_it_off_but_not_change_the_document(office: Office) -> None:
    channel = await taken_over(office)
    await opens(office, "Ben Okafor", channel)
    await office.ben.modal.press("Owner and date")
    office.ben.modal.fill("Who sees to it", "Mia Chen")
    assert await office.ben.modal.submit() == {}
    await office.goes_on(until="2026-12-04 19:00")
    reminder = next(one for one in reversed(office.mia.dm().messages) if "Keep a promise" in one.text)
    await office.mia.clicks("Waiting on customer", into=reminder)
    office.mia.modal.fill("What are you waiting for?", "Their platform team")
    assert await office.mia.modal.submit() == {}
    await office.settles()
    assert "Waiting on the customer" in reminder.text
    (reply,) = await office.mia.types("/handoff cancel Acme", into="general")
    assert "may change it" in reply.text


@on_sqlite
@pytest.mark.parametrize("twice", [True, False])
async def test_kept_twice_counts_once_and_opened_again_it_is_open(office: Office, twice: bool) -> None:
    channel = await taken_over(office)
    await opens(office, "Ben Okafor", channel)
    await opens(office, "Ana Lima", channel)
    await office.ben.modal.press("Kept")
    await office.ana.modal.press("Kept")
    assert "Ben Okafor has closed this promise already: kept." in office.ana.modal.text()
    await office.settles()
    assert sum(API in line for line in office.lines(office.ana, channel)) == 1
    if twice:
        await office.ben.modal.press("Open it again")
        await office.settles()
        assert "Open · due 4 December 2026" in office.ben.modal.text()
        assert "Promises: 1 open" in office.card(office.ana, channel).text


@on_sqlite
async def test_the_command_finds_the_channels_customer_and_elsewhere_what_is_mine(office: Office) -> None:
    channel = await taken_over(office)
    await office.ana.types("/handoff promises", into=channel)
    assert "Acme GmbH · 1 open, 0 closed" in office.ana.modal.text()
    (reply,) = await office.ben.types("/handoff promises", into="general")
    assert "1 promise is yours to see to" in reply.text
    (reply,) = await office.ben.types("/handoff promises Nobody Ltd", into="general")
    assert "There is no handoff for Nobody Ltd." in reply.text


@on_sqlite
async def test_who_may_not_hears_who_may(office: Office) -> None:
    channel = await taken_over(office)
    await opens(office, "Mia Chen")
    assert not {"Kept", "Give a verdict", "Close otherwise"} & {*office.mia.modal.buttons}
    await opens(office, "Ana Lima", channel)
    assert "Give a verdict" not in office.ana.modal.buttons
    assert "Kept" in office.ana.modal.buttons


@on_sqlite
async def test_hostile_words_stay_words(office: Office) -> None:
    channel = await in_review(office)
    evil = f"<!channel> <@{office.mia.id}> & more"
    await promises(office, channel, evil)
    await office.ben.clicks("Promises", into=channel)
    assert evil in office.ben.modal.text()
    await office.ben.modal.press("Details", near="more")
    assert evil in office.ben.modal.text()
    await office.ben.modal.press("Kept")
    await office.settles()
    assert office.lines(office.ana, channel)[-1] == f"@Ben Okafor closed the promise “{evil}”: kept."


@on_sqlite
@pytest.mark.parametrize("older", ["without promises", "by another name"])
async def test_a_handoff_on_an_older_practice_is_reminded_of_promises_and_listed_too(
    office: Office, older: str
) -> None:
    today = office.baton.store.playbooks
    rules = [rule for rule in today.current.deadlines if rule.starts not in OF_LATE]
    if older == "by another name":
        rules = [*rules, *(rule.model_copy(update={"id": "old"}) for rule in today.current.deadlines[-1:])]
    office.baton.store.playbooks = Playbooks(today.current.model_copy(update={"deadlines": tuple(rules)}), "older")
    channel = await office.starts(office.ana)
    office.baton.store.playbooks = today
    await office.names_leaders()
    await office.fills(office.ana, channel)
    await office.writes(office.ana, channel, PROMISES, **{"Nothing was promised": []})
    await promises(office, channel)
    await office.ana.clicks("Submit for review", into=channel)
    await office.settles()
    await office.accepts(office.ben, channel)
    assert f"Acme GmbH: {API}" in await listed(office, "Ben Okafor", "mine")
    await office.goes_on(until="2026-12-07 12:00")
    assert office.told(office.ben, KEEP)


@on_sqlite
async def test_a_guest_sees_to_no_promise_and_is_told_so_in_the_form(office: Office) -> None:
    channel = await taken_over(office)
    await office.becomes_guest("Mia Chen")
    await opens(office, "Ben Okafor", channel)
    await office.ben.modal.press("Owner and date")
    office.ben.modal.fill("Who sees to it", "Mia Chen")
    words = "Mia Chen is a guest here. Choose a colleague who can act."
    assert await office.ben.modal.submit() == {"Who sees to it": words}
