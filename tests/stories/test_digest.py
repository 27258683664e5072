"""The leader opens one message on Monday: what the digest tells of a week, to the channel and to the leaders."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any

import pytest

from bot.imports import Closed
from bot.records import PromiseStatus
from store.deals import learn
from tests.office import MONDAY, Office, on_sqlite
from tests.stories.weeks import Fate, happens

HERE = "sales"
LAST_TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
SOME_TIME_AGO = datetime(2026, 10, 6, 9, tzinfo=UTC)
AT_TEN = MONDAY + timedelta(hours=1)


async def lives(office: Office, *fates: Fate, **settings: object) -> None:
    """These deals have gone so far; the digest comes into #sales on Mondays at ten."""
    channel = next(one for one in office.workspace.channels.values() if one.name == HERE)
    known: dict[str, object] = {"aes": (office.ana.id,), "csms": (office.ben.id,), "cs_leader": office.leila.id}
    known |= {"sales_leader": office.grace.id, "digest_channel": channel.id, "digest_at": time(10)}
    await office.settles_on(**known | settings)

    for fate in fates:
        await office.baton.store.commit(office.baton.team, partial(happens, fate=fate, until=MONDAY))
    await office.settles()


async def reads(office: Office) -> str:
    """Leila reads #sales at ten."""
    office.workspace.clock.set(AT_TEN)
    await office.later()
    return office.leila.conversation(HERE).message("Handoffs: 16–22 November 2026").text


def fates(office: Office) -> list[Fate]:
    """A week in which a lot went wrong, and an older handoff that went well."""
    people: dict[str, Any] = {"ae": office.ana.id, "csm": office.ben.id}
    slow: dict[str, Any] = {"contacted": 70.0, "introduced": None, "met": None}
    return [
        Fate("Acme GmbH", LAST_TUESDAY, **people, champion=""),
        Fate("Globex", LAST_TUESDAY, **people, document=None, **slow, missed=("complete_document", "first_contact")),
        Fate("Initech", LAST_TUESDAY, office.ana.id, None, **slow, document=None),
        Fate("Umbrella", LAST_TUESDAY, **people, met=None, cold="They called us", missed=("first_contact",)),
        Fate("Hooli", LAST_TUESDAY, **people, named=5, returned="unclear", silent=True, missed=("answer_question.1",)),
        Fate("Vehement", LAST_TUESDAY, **people, contacted=None, introduced=None, met=None, escalated="No end date"),
        Fate("Stark", SOME_TIME_AGO, **people, completed=24 * 44),
        Fate("Wayne", SOME_TIME_AGO, **people, completed=24 * 44, missed=("first_contact",)),
        Fate("Cyberdyne", SOME_TIME_AGO, **people, completed=24 * 44, met=None),
        Fate("Aperture", SOME_TIME_AGO, **people, completed=24 * 44, introduced=None),
        Fate("Soylent", SOME_TIME_AGO, **people, promise=("Verbal", None)),
        Fate("Tyrell", SOME_TIME_AGO, **people, completed=300, escalated="Who pays for the extra day?"),
    ]


async def test_the_week_in_one_message(office: Office) -> None:
    await lives(office, *fates(office))
    told = await reads(office)
    assert "0 of 3 on target, 3 with too little data. 6 deals closed; 1 customer waits for CS longer than 48 h." in told
    assert "Handoff doc completion: 67 % (n = 6) · target 100 %" in told
    assert "Deals closed: 7 Sep 0" not in told
    assert "Deals closed: 31 Aug 0" in told
    assert "4 deadlines missed: First CS contact ×2, Answer a question, Complete handoff document" in told
    assert "1 document returned: Something is unclear" in told
    assert "Documentation optional: 2 deals closed without a complete document" in told
    assert "CS as afterthought: 2 deals closed before a CSM was named" in told
    assert "Cold customer contact: 1 customer contacted before any introduction" in told
    assert "Assumed context: 1 introduction without an internal meeting" in told
    assert "Champion assumption: 1 document accepted that names no champion" in told
    assert "AE disappearance: 1 AE left a question unanswered after the introduction" in told
    assert "Promise amnesia" not in told
    assert "Overdue promises: 1 — Soylent" in told
    overdue = "3 overdue, longest First CS contact (4 d 1 h), CSM Ben Okafor"
    assert f"Vehement #handoff-vehement: 1 escalation to decide · {overdue}" in told
    assert "Tyrell #handoff-tyrell: 1 escalation to decide\n" in told  # it is completed: nothing else is at risk
    assert "Stark: @Ana Lima and @Ben Okafor" in told
    assert [name for name in ("Wayne", "Cyberdyne", "Aperture") if f"{name}: @" in told] == []


@on_sqlite
async def test_a_week_without_figures_begins_with_what_is_at_risk(office: Office) -> None:
    stuck = Fate("Stuck", SOME_TIME_AGO, office.ana.id, office.ben.id, contacted=None, introduced=None, met=None)
    await lives(office, stuck)
    told = await reads(office)
    assert "Too little data for the targets. No deal closed; 1 customer waits for CS longer than 48 h." in told
    assert "No figures this week" in told
    assert "not enough" not in told
    assert told.index("Stuck #handoff-stuck: waits for CS since 6 October 2026") < told.index("Deals closed: ")


@on_sqlite
async def test_a_document_that_says_what_another_customers_says(office: Office) -> None:
    people: dict[str, Any] = {"ae": office.ana.id, "csm": office.ben.id}
    retyping, antwerp, lines = (
        "Dispatchers retype each booking into three systems, with errors.",
        "The branch in Antwerp opens in May, and with few people.",
        "A stopped line costs 14,000 EUR an hour.",
    )
    group: dict[str, Any] = {"website": "https://stark.example"}
    await lives(
        office,
        Fate("Acme", SOME_TIME_AGO, **people, driver=retyping),
        Fate("Globex", LAST_TUESDAY, **people, driver=retyping.upper()),
        Fate("Hooli", LAST_TUESDAY, **people, driver="Two customers left, naming late status updates."),
        Fate("Initech", LAST_TUESDAY, **people, driver="Grow"),
        Fate("Vehement", LAST_TUESDAY, **people, driver="Grow"),
        Fate("Wayne", SOME_TIME_AGO, **people, completed=24 * 30, driver=antwerp),
        Fate("Wayne Inc.", LAST_TUESDAY, **people, driver=antwerp),
        Fate("Stark", SOME_TIME_AGO, **people, **group, completed=24 * 30, driver=lines),
        Fate("Stark Group", LAST_TUESDAY, **people, **group, driver=lines),
    )
    assert "Template neglect: 1 document has another customer's drivers and outcomes" in await reads(office)


async def test_who_waits_for_cs_is_named_first_whenever_the_deal_closed(office: Office) -> None:
    people: dict[str, Any] = {"ae": office.ana.id, "csm": office.ben.id}
    waits: dict[str, Any] = {"contacted": None, "introduced": None, "met": None}
    late = Fate("Late", LAST_TUESDAY, **people, contacted=90, introduced=None, document=None)
    old = Fate("Old", SOME_TIME_AGO, **people, **waits, escalated="Who pays?")
    await lives(office, late, old, Fate("Fresh", MONDAY - timedelta(hours=46), **people, **waits))
    told = [Closed(f"Nobody's {day}", SOME_TIME_AGO + timedelta(days=day), ae=office.ana.id) for day in range(6)]
    told += [Closed("<!here>", LAST_TUESDAY, ae="U0GONE"), Closed("Of today", MONDAY)]
    await office.baton.store.commit(office.baton.team, lambda work: learn(work.connection, work.team, *told))
    seen = await reads(office)
    assert "; 8 customers wait for CS longer than 48 h, 1 of them since this week." in seen
    at_risk = seen.partition("At risk\n")[2].splitlines()
    nobody = ", and nobody has started a handoff"
    assert at_risk[:7] == [
        f"• <!here>: waits for CS since 17 November 2026{nobody} · AE U0GONE",
        *(f"• Nobody's {n}: waits for CS since {6 + n} October 2026{nobody} · AE Ana Lima" for n in (5, 4, 3, 2)),
        "and 3 more who wait for CS",
        at_risk[6],
    ]
    assert at_risk[6].startswith("• Old #handoff-old: 1 escalation to decide")


@on_sqlite
async def test_nothing_confidential_and_no_ranking_leaves(office: Office) -> None:
    secret = Fate("Acme", LAST_TUESDAY, office.ana.id, office.ben.id, escalated="The sponsor is leaving")
    await lives(office, secret, *fates(office)[1:])
    told = await reads(office)
    assert "sponsor" not in told
    assert "A connector" not in told  # the words of a promise
    assert "By person" not in told
    raw = str(office.leila.conversation(HERE).message("Handoffs: 16–22").raw.blocks)
    assert "<@" not in raw.partition("Thank you")[0]  # nobody is called in public but who is thanked


@on_sqlite
async def test_each_figure_is_a_click_from_what_is_behind_it(office: Office) -> None:
    await lives(office, *fates(office))
    await reads(office)
    message = office.leila.conversation(HERE).message("Handoffs: 16–22 November 2026")
    await office.leila.clicks("See", into=message, near="Handoff doc completion")
    assert "Globex" in office.leila.modal.text()


@on_sqlite
async def test_a_hostile_name_pings_nobody(office: Office) -> None:
    name = "<!channel> Evil &amp; <@U1>"
    stuck = Fate(name, LAST_TUESDAY, office.ana.id, office.ben.id, escalated="x", promise=("Verbal", None))
    await lives(office, stuck)
    told = await reads(office)
    assert f"{name} #handoff-channel-evil-u1: 1 escalation to decide" in told
    raw = str(office.leila.conversation(HERE).message("Handoffs: 16").raw.blocks)
    assert "<!channel>" not in raw


@on_sqlite
async def test_only_leaders_hear_of_persons(office: Office) -> None:
    await lives(office, *fates(office))
    await reads(office)
    for leader in (office.leila, office.grace):
        (told,) = office.heard(leader, "Handoffs by person, 16–22 November 2026")
        assert "Ben Okafor | 5 | " in told.text
        assert "Ana Lima | 6 | 4 of 6, 67 % | 0 | 1" in told.text
    for other in (office.ana, office.ben, office.noah):
        assert not office.heard(other, "Handoffs by person")


@on_sqlite
async def test_of_many_people_those_with_something_to_tell_are_shown(office: Office) -> None:
    idle = [f"AA{number}" for number in range(100, 145)]
    await lives(office, *fates(office), aes=(*idle, office.ana.id))
    await reads(office)
    (told,) = office.heard(office.leila, "Handoffs by person")
    assert "Ana Lima | 6 | 4 of 6, 67 % | 0 | 1" in told.text
    assert ("AA138 |" in told.text, "AA139 |" in told.text) == (True, False)
    assert "And 6 AEs more: /handoff metrics by ae" in told.text


@on_sqlite
async def test_a_leader_of_yesterday_hears_nothing_of_persons(office: Office) -> None:
    await lives(office, *fates(office))
    office.workspace.faults.add("chat.postMessage", "429", times=3, retry_after=60)
    office.workspace.clock.set(AT_TEN)
    await office.later()
    await lives(office, cs_leader=office.mia.id)
    for _ in range(3):
        await office.later(minutes=2)
    assert not office.heard(office.leila, "Handoffs by person")
    assert len(office.heard(office.grace, "Handoffs by person")) == 1


@on_sqlite
async def test_a_leader_opens_the_figures_of_one_person(office: Office) -> None:
    await lives(office, *fates(office))
    await reads(office)
    (told,) = office.heard(office.leila, "Handoffs by person")
    await office.leila.selects("Choose a person", "Ben Okafor (CSM)", into=told)
    assert "CSM @Ben Okafor" in office.leila.modal.text()


# -- before it comes


@on_sqlite
async def test_the_preview_is_for_who_asked_and_tells_of_the_days_up_to_now(office: Office) -> None:
    await lives(office, *fates(office))
    (shown,) = await office.noah.types("/handoff digest preview", into="general")
    assert shown.is_ephemeral
    assert "A preview that only you see: 17–23 November 2026" in shown.text
    assert "6 deals closed" in shown.text
    kinds = [block["type"] for block in shown.blocks]
    assert ("table" in kinds, "data_visualization" in kinds) == (True, False)
    assert not [m for m in office.leila.conversation(HERE).messages if "Handoffs" in m.text]


@on_sqlite
async def test_when_and_where_the_next_one_comes(office: Office) -> None:
    await lives(office, zone="Europe/Berlin", digest_at=time(11))
    (said,) = await office.leila.types("/handoff digest", into="general")
    assert "The next digest comes on Monday, 23 November 2026, at 11:00 (Europe/Berlin) in #sales." in said.text
    await office.later(hours=1)
    (said,) = await office.leila.types("/handoff digest", into="general")
    assert "Monday, 30 November 2026" in said.text
    await office.settles_on(cs_leader=office.leila.id)
    (said,) = await office.leila.types("/handoff digest", into="general")
    assert "no channel is settled" in said.text


@on_sqlite
@pytest.mark.parametrize("words", ["digest", "digest preview", "lessons"])
async def test_what_tells_of_everybody_is_for_leaders_and_admins(office: Office, words: str) -> None:
    await lives(office)
    for nobody in (office.ana, office.ben):
        (said,) = await nobody.types(f"/handoff {words}", into="general")
        what = "The lessons are" if words == "lessons" else "The digest is"
        assert said.text == f"{what} for the leaders and the admins of this workspace. Ask one of them."


@on_sqlite
async def test_other_words_are_answered_in_words(office: Office) -> None:
    await lives(office)
    (said,) = await office.leila.types("/handoff digest now", into="general")
    assert "Try /handoff digest for when the next one comes" in said.text
    (said,) = await office.leila.types("/handoff lessons soon", into="general")
    assert "“soon” is no period I know" in said.text
    (said,) = await office.leila.types("/handoff lessons year", into="general")
    assert said.text == "Lessons are of a month at most, as in /handoff lessons 2026-10."


# -- what a month teaches


def taught(office: Office) -> list[Fate]:
    """An October in which much came back, broke, and was missing in the end."""
    people: dict[str, Any] = {"ae": office.ana.id, "csm": office.ben.id}
    gaps = ("success_criteria.outcomes", "why_they_bought.influence_feature")
    lacking = ("technical_context",)
    return [
        Fate("Acme", SOME_TIME_AGO, **people, returned="missing", gaps=gaps),
        Fate("Globex", SOME_TIME_AGO, **people, returned="missing", gaps=gaps[1:]),
        Fate("Initech", SOME_TIME_AGO, **people, promise=("Verbal", PromiseStatus.BROKEN)),
        Fate("Hooli", SOME_TIME_AGO, **people, promise=("Verbal", PromiseStatus.RENEGOTIATED)),
        Fate("Stark", SOME_TIME_AGO, **people, completed=300, missing=lacking, words="The SSO set-up was nowhere."),
        Fate("Wayne", SOME_TIME_AGO, **people, repeated=("why_they_bought",)),
    ]


TAUGHT = [
    "2 documents returned: Something is missing, most often “Why They Bought: What influenced the decision",
    "sections.why_they_bought.influence_feature: make it required: all; now it is asked of Enterprise only",
    "“Success Criteria: What the customer said success looks like” was named in 1 return",
    "sections.success_criteria.outcomes: say in its hint what a good answer has",
    "Verbal promises: 1 broken and 1 renegotiated",
    "sections.promises_and_commitments.promised.due: make it required: all",
    "Technical Context, 30 days on: 1 missing",
    "sections.technical_context.systems_to_integrate: make it, or another field here, required: all",
    "Why They Bought: 1 customer had to explain it again",
    "meetings.internal.agenda: give it a point",
]
WORDS = "The SSO set-up was nowhere."


async def test_a_month_teaches_which_place_of_the_playbook_to_change(office: Office) -> None:
    await lives(office, *taught(office))
    (told,) = await office.leila.types("/handoff lessons 2026-10", into="general")
    assert "Lessons of 1–31 October 2026" in told.text
    assert [line for line in TAUGHT if line not in told.text] == []
    assert WORDS in told.text
    assert told.text.count("→") == 5


@on_sqlite
async def test_what_the_csms_said_is_for_the_leaders_only(office: Office) -> None:
    await lives(office, *taught(office))
    (told,) = await office.noah.types("/handoff lessons 2026-10", into="general")
    assert "Technical Context, 30 days on: 1 missing" in told.text
    assert WORDS not in told.text


@on_sqlite
async def test_a_month_without_any_says_so(office: Office) -> None:
    await lives(office, Fate("Acme", SOME_TIME_AGO, office.ana.id, office.ben.id))
    (told,) = await office.leila.types("/handoff lessons", into="general")
    assert told.text == "Lessons of 1–31 October 2026: nothing was returned, broken, missing or explained again."
    (told,) = await office.leila.types("/handoff lessons 2026-01", into="general")
    nothing = "none, for no deal closed, and no handoff was introduced or completed."
    assert told.text == f"Lessons of 1–31 January 2026: {nothing}"
    (told,) = await office.leila.types("/handoff lessons 2026-12", into="general")
    assert told.text == "1–31 December 2026 has not begun yet, so there are no lessons of it."


@on_sqlite
async def test_with_the_first_digest_of_a_month_leaders_and_admins_hear_the_lessons_once(office: Office) -> None:
    await lives(office, *taught(office))
    await reads(office)
    assert not office.heard(office.leila, "Lessons of")
    for _ in range(3):
        await office.later(days=7)
    for person in (office.leila, office.grace, office.noah):
        assert len(office.heard(person, "Lessons of 1–30 November 2026")) == 1
    assert not office.heard(office.ana, "Lessons of")
