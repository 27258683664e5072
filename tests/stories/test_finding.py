"""Finding a handoff with `/handoff`: help, list, status, suggestions; by name or in the customer's channel."""

import pytest

from blocks.finding import COMMANDS
from sandbox.people import PersonSeed
from tests.office import Office, on_sqlite

WORDS = [command.split()[0] for command, _ in COMMANDS]
FORMS = {
    "start": "Start a handoff", "view": "Handoff document", "edit": "Edit document", "signed": "Contract signed",
    "submit": "Not ready yet", "owners": "Change owners", "assign": "Change owners", "who": "Who owns what",
    "deal": "Change deal", "history": "History",
    "cancel": "Cancel handoff", "setup": "Set up Baton", "settings": "Your reminders", "why": "Deadlines",
    "ask": "Ask a question", "questions": "Questions", "promises": "Promises", "escalate": "Escalate",
    "meetings": "Meetings", "introduce": "Warm introduction", "complete": "Not complete yet",
}  # fmt: skip
ANSWERED = {
    "list": "Your handoffs", "mine": "You owe nothing just now.", "status": "Acme GmbH · Preparing the document",
    "help": "/handoff start [customer]",
    "accept": "The document is not submitted yet.", "return": "The document is not submitted yet.",
    "contact": "This comes after the contract is signed.", "feedback": "This comes when the handoff is completed.",
    "survey": "The customer has met nobody of CS yet", "keep": "Nothing is planned for this channel",
    "reopen": "This handoff is neither cancelled nor completed", "export": "comes to you in a direct message",
}  # fmt: skip
OF_NO_CUSTOMER = {"away", "metrics", "digest", "lessons", "deals", "teams"}  # told in stories of their own


@on_sqlite
@pytest.mark.parametrize("word", ["", "help"])
async def test_help_lists_every_word_and_only_i_see_it(office: Office, word: str) -> None:
    (answer,) = await office.ana.types(f"/handoff {word}".strip(), into="general")
    assert answer.is_ephemeral
    assert all(f"/handoff {command} — {words}" in answer.text for command, words in COMMANDS)
    assert office.ben.ephemerals("general") == []
    await office.ana.clicks("Start a handoff", into=answer)
    assert office.ana.modal.title == "Start a handoff"


@on_sqlite
@pytest.mark.parametrize("word", [word for word in WORDS if word not in OF_NO_CUSTOMER])
async def test_every_word_works_by_name_and_in_the_channel(office: Office, word: str) -> None:
    channel = await office.starts(office.ana)
    of_ben = dict.fromkeys(("accept", "return", "complete", "feedback", "survey"), office.ben)
    who = (of_ben | {"setup": office.noah}).get(word, office.ana)
    for text, into in ((f"/handoff {word} acme", "general"), (f"/handoff {word}", channel)):
        answers = await who.types(text, into=into if channel in who.channels() else "general")
        if word in FORMS:
            assert answers == []
            assert who.modal.title == FORMS[word]
            await who.modal.close()
        else:
            assert ANSWERED[word] in answers[0].text


@on_sqlite
async def test_forty_handoffs_are_listed_mine_first_page_by_page(office: Office) -> None:
    for number in range(40):
        ae = "Tom Becker" if number % 4 else "Ana Lima"
        assert not await office.asks_to_start(
            office.person(ae),
            **{"Company Name": f"Customer {number:02}", "Website": None, "Customer success manager": "Mia Chen"},
        )
    (page,) = await office.ana.types("/handoff list", into="general")
    seen = page.text
    while "Next page" in page.buttons:
        await office.ana.clicks("Next page", into=page)
        page = office.ana.ephemerals("general")[-1]
        seen += "\n" + page.text
    mine = [f"Customer {number:02}" for number in range(0, 40, 4)]
    assert all(seen.count(f"Customer {number:02} ·") == 1 for number in range(40))
    assert max(seen.index(one) for one in mine) < seen.index("Other handoffs")
    assert seen.index("Your handoffs") < min(seen.index(one) for one in mine)


async def test_my_handoffs_come_first_even_when_others_lack_a_csm(office: Office) -> None:
    await office.starts(office.ana, Website=None, **{"Company Name": "Mine", "Solutions engineer": "Arjun Rao"})
    other = {"Company Name": "Somebody else's", "Customer success manager": None}
    await office.starts(office.mia, Website=None, **other)
    for who in (office.ana, office.ben, office.arjun):
        (answer,) = await who.types("/handoff list", into="general")
        assert answer.text.index("Your handoffs") < answer.text.index("Mine") < answer.text.index("Somebody else's")


@on_sqlite
async def test_status_says_where_it_stands_what_is_next_and_who_owes_it(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    (answer,) = await office.mia.types("/handoff status ACME", into="general")
    assert "Acme GmbH · In review · #handoff-acme-gmbh" in answer.text
    assert "Next: Read the document, then accept it or return it — @Ben Okafor" in answer.text
    assert "AE @Ana Lima · CSM @Ben Okafor" in answer.text
    await office.mia.clicks("View document", into=answer)
    assert office.mia.modal.title == "Handoff document"


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/handoff stauts acme", "/handoff stauts is nothing I know. Did you mean /handoff status?"),
        ("/handoff acme", "/handoff acme is nothing I know. Did you mean /handoff status Acme GmbH?"),
        ("/handoff xyzzy", "/handoff xyzzy is nothing I know. /handoff help lists what there is."),
        ("/handoff status Akme", "There is no handoff for Akme. Did you mean Acme GmbH?"),
        ("/handoff view brightwatr", "There is no handoff for brightwatr. Did you mean Brightwater Logistics"),
        ("/handoff view Zzz", "There is no handoff for Zzz. /handoff list shows those that there are."),
        ("/handoff view <!channel>", "There is no handoff for <!channel>."),
        ("/handoff status", "Which customer? Name one, as in /handoff status Acme"),
        ("/handoff status bright", "Which one do you mean: Brightwell, Brightwater Logistics?"),
    ],
)
async def test_what_is_not_understood_gets_a_suggestion(office: Office, typed: str, words: str) -> None:
    await office.starts(office.ana)
    for name in ("Brightwater Logistics", "Brightwell"):
        await office.starts(office.ana, Website=None, **{"Company Name": name})
    (answer,) = await office.ana.types(typed, into="general")
    assert answer.text.startswith(words)


@on_sqlite
async def test_the_whole_cs_team_reads_and_strangers_are_refused_politely(office: Office) -> None:
    await office.starts(office.ana)
    office.workspace.add_person(PersonSeed("Gus Grey"))
    stranger = office.person("Gus Grey")
    await stranger.types("/handoff view acme", into="general")
    assert stranger.modal.title == "Handoff document"
    await stranger.modal.close()

    await office.names_leaders()
    await office.mia.types("/handoff view acme", into="general")
    assert office.mia.modal.title == "Handoff document"
    for word in ("view", "status", "history", "export"):
        (answer,) = await stranger.types(f"/handoff {word} acme", into="general")
        assert (
            answer.text == "Only the people of this handoff may read it. Ask @Ana Lima, @Ben Okafor or @Leila Haddad."
        )
    (answer,) = await stranger.types("/handoff list", into="general")
    assert "Acme" not in answer.text
    (answer,) = await stranger.types("/handoff status akme", into="general")
    assert "Acme" not in answer.text


@on_sqlite
@pytest.mark.parametrize("word", ["edit", "signed", "submit", "owners", "deal", "cancel", "reopen"])
async def test_only_the_people_of_a_handoff_change_it(office: Office, word: str) -> None:
    await office.starts(office.ana)
    (answer,) = await office.mia.types(f"/handoff {word} acme", into="general")
    assert answer.text == "Only the people of this handoff may change it. Ask @Ana Lima or @Ben Okafor."


@on_sqlite
async def test_it_works_in_the_direct_message_with_baton(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.submits(office.ana, channel)
    for text, words in (("/handoff status acme", "In review"), ("/handoff list", "Your handoffs")):
        (answer,) = await office.ben.types(text, into="Baton")
        assert words in answer.text
    await office.ben.types("/handoff accept acme", into="Baton")
    assert office.ben.modal.title == "Accept handoff"


@on_sqlite
async def test_submitting_an_incomplete_document_by_word_does_not_claim_it_was_sent(office: Office) -> None:
    channel = await office.starts(office.ana)
    assert await office.ana.types("/handoff submit", into=channel) == []
    assert office.ana.modal.title == "Not ready yet"
    await office.ana.modal.close()
    await office.fills(office.ana, channel)
    (answer,) = await office.ana.types("/handoff submit", into=channel)
    assert answer.text == "Submitted. The CSM is told and has the document now."


@on_sqlite
async def test_a_button_pressed_where_baton_is_no_member_is_answered(office: Office) -> None:
    await office.starts(office.ana)
    (answer,) = await office.mia.types("/handoff status acme", into="general")
    await office.settles_on(csms=(office.ben.id,))
    await office.mia.clicks("View document", into=answer)
    assert "Only the people of this handoff may read it." in office.mia.ephemerals("general")[-1].text


@on_sqlite
async def test_a_customer_spelt_in_two_ways_is_still_found(office: Office) -> None:
    first = await office.starts(office.ana, **{"Company Name": "Acme Labs"})
    await office.cancels(office.ana, first)
    await office.starts(office.ana, **{"Company Name": "Acme Labs Inc"})
    for name in ("acme labs", "Acme Labs Inc"):
        (answer,) = await office.ana.types(f"/handoff status {name}", into="general")
        assert answer.text.startswith("Acme Labs Inc · Preparing")
    (answer,) = await office.ana.types("/handoff reopen acme labs", into="general")
    assert "has another live handoff" in answer.text


@on_sqlite
async def test_a_wrong_word_of_9000_characters_is_not_read_out(office: Office) -> None:
    (answer,) = await office.ana.types(f"/handoff {'x' * 9_000}", into="general")
    assert len(answer.text) < 300


@on_sqlite
async def test_a_misspelt_customer_of_my_own_is_suggested_before_longer_names(office: Office) -> None:
    await office.names_leaders()
    await office.starts(office.ana, **{"Company Name": "Acme"})
    await office.starts(office.ana, **{"Company Name": "Acme Labs", "Website": "https://labs.example"})
    (answer,) = await office.ana.types("/handoff status Akme", into="general")
    assert "Did you mean Acme" in answer.text
