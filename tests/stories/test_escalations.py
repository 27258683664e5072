"""Escalations: from the card, by command and from a promise that cannot be done; to both leaders, who decide."""

from tests.office import Office, on_sqlite
from tests.stories.test_promises import API, in_review, judges, opens, taken_over

WHAT = "The customer wants to leave before the kickoff."


async def escalates(office: Office, who: str = "Ana Lima", words: str = WHAT, severity: str = "High") -> None:
    """Somebody escalates by command."""
    person = office.person(who)
    await person.types("/handoff escalate Acme", into="general")
    person.modal.fill("What do they have to decide?", words)
    person.modal.fill("How bad is it?", severity)
    await person.modal.submit()
    await office.settles()


async def decides(office: Office, who: str, words: str, decision: str = "") -> None:
    """A leader decides in the message that asks."""
    person = office.person(who)
    await person.clicks("Decide", into=person.dm().last)
    if decision:
        person.modal.fill("What happens with the promise?", decision)
    person.modal.fill("In your words", words)
    assert await person.modal.submit() == {}
    await office.settles()


async def test_the_leaders_decide_and_everybody_concerned_hears(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await escalates(office)
    assert "@Leila Haddad and @Grace Whitfield have it now." in office.ana.modal.text()
    assert f"Escalated: “{WHAT}” (high) — @Ana Lima" in office.card(office.ana, channel).text
    to_leila, to_grace = office.leila.dm().last, office.grace.dm().last
    for told in (to_leila, to_grace):
        assert told.fallback == ":rotating_light: @Ana Lima escalated about Acme GmbH (high)."
        assert told.buttons == ["Decide", "View document", "Promises"]
    await decides(office, "Grace Whitfield", "Leila calls Helena on Tuesday.")
    assert "Decide" not in to_leila.buttons
    assert "is settled: @Grace Whitfield decided." in to_leila.text
    assert "Leila calls Helena on Tuesday." in to_leila.text
    for person in (office.ana, office.ben):
        assert person.dm().last.fallback == "About Acme GmbH: @Grace Whitfield decided."
        assert "Decided: Leila calls Helena on Tuesday." in person.dm().last.text
    assert "Escalated" not in office.card(office.ana, channel).text
    assert office.lines(office.ana, channel)[-2:] == [
        f"@Ana Lima escalated (high): “{WHAT}”",
        f"@Grace Whitfield settled what was escalated: “{WHAT}” Decided: “Leila calls Helena on Tuesday.”",
    ]


@on_sqlite
async def test_what_cannot_be_done_is_withdrawn_by_the_leaders_and_counts_as_broken(office: Office) -> None:
    channel = await in_review(office)
    await judges(office, "Arjun Rao", channel, "Cannot be done", "There is no team for it.")
    assert "with the leaders" in office.arjun.modal.text()
    asked = office.leila.dm().last
    assert f"Cannot be done: {API}" in asked.text
    assert "@Arjun Rao: There is no team for it." in asked.text
    await decides(office, "Leila Haddad", "We offer two days of consulting.", "Withdraw")
    for person in (office.ana, office.ben, office.arjun):
        assert "@Leila Haddad decided to withdraw the promise." in person.dm().last.text
    await opens(office, "Ben Okafor", channel)
    read = office.ben.modal.text()
    assert "Broken" in read
    assert "Decided · @Leila Haddad: withdraw the promise. We offer two days of consulting." in read
    assert "Open it again" not in office.ben.modal.buttons
    await opens(office, "Leila Haddad")
    assert "Open it again" in office.leila.modal.buttons
    await office.accepts(office.ben, channel)
    await office.goes_on(days=30)
    assert not office.told(office.ben, "Keep a promise")


@on_sqlite
async def test_a_promise_that_is_to_be_honoured_stays_owed(office: Office) -> None:
    channel = await taken_over(office)
    await judges(office, "Ben Okafor", channel, "Cannot be done", "There is no team for it.")
    await opens(office, "Grace Whitfield")
    await office.grace.modal.press("Decide")
    assert "What happens with the promise?" in await _refused(office, "Because we said so.", "")
    office.grace.modal.fill("What happens with the promise?", "Honour")
    assert await office.grace.modal.submit() == {}
    await office.settles()
    assert "Decided · @Grace Whitfield: honour the promise. Because we said so." in office.grace.modal.text()
    await office.goes_on(until="2026-12-04 18:00")
    assert office.told(office.ben, "Keep a promise")


async def _refused(office: Office, words: str, decision: str) -> dict[str, str]:
    office.grace.modal.fill("In your words", words)
    return await office.grace.modal.submit()


@on_sqlite
async def test_without_leaders_it_is_said_and_the_admin_and_the_ae_hear(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.becomes_admin("Noah Fraser")
    await office.knows("Noah Fraser", deleted=False)
    await escalates(office, "Ben Okafor")
    assert "nobody can decide yet: no leaders are named" in office.ben.modal.text()
    for person in (office.ana, office.noah):
        told = person.dm().last
        assert "No leaders are named, so nobody can decide." in told.text
        assert "Decide" not in told.buttons
    await office.names_leaders()
    await office.leila.types("/handoff escalate Acme", into="general")
    await office.leila.modal.press("Decide")
    office.leila.modal.fill("In your words", "We stay.")
    assert await office.leila.modal.submit() == {}
    await office.settles()
    assert "Escalated" not in office.card(office.ana, channel).text


@on_sqlite
async def test_two_leaders_at_once_one_decides_and_the_other_hears_who(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await escalates(office)
    for person in (office.leila, office.grace):
        await person.clicks("Decide", into=person.dm().last)
        person.modal.fill("In your words", "We stay.")
    await office.submits_twice(office.leila)
    refused = await office.grace.modal.submit()
    assert "Leila Haddad has decided this already" in " ".join(refused.values())
    assert sum("settled what was escalated" in line for line in office.lines(office.ana, channel)) == 1


@on_sqlite
async def test_the_same_submit_twice_escalates_once_and_the_same_words_are_refused_by_name(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    await office.ana.clicks("Escalate", into=channel)  # in the card's menu
    office.ana.modal.fill("What do they have to decide?", WHAT)
    await office.sends_unanswered(office.ana)
    await office.ana.modal.submit()
    await office.settles()
    assert office.card(office.ana, channel).text.count(WHAT) == 1
    assert len(office.told(office.leila, WHAT)) == 1
    await office.ben.types("/handoff escalate Acme", into="general")
    office.ben.modal.fill("What do they have to decide?", WHAT)
    assert await office.ben.modal.submit() == {"What do they have to decide?": "Ana Lima has escalated this already."}


@on_sqlite
async def test_only_the_people_of_the_handoff_escalate_and_only_leaders_decide(office: Office) -> None:
    await office.names_leaders()
    channel = await office.starts(office.ana)
    (reply,) = await office.noah.types("/handoff escalate Acme", into="general")
    assert "Only the people of this handoff may" in reply.text
    await escalates(office)
    told = office.leila.dm().last
    await office.settles_on(cs_leader=office.mia.id, sales_leader=office.grace.id)
    await office.leila.clicks("Decide", into=told)
    assert "Only the leaders may decide about an escalation." in office.leila.dm().last.text
    assert WHAT in office.card(office.ana, channel).text
