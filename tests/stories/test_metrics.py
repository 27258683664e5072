"""The figures: asked for, opened down to the deal, for whom they are, and as files that no spreadsheet misreads."""

import csv
import io
import itertools
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import yaml
from sqlalchemy import insert

from bot.periods import EXAMPLES
from bot.playbook import Playbook
from bot.refusals import either
from bot.teams import Group
from bot.yardsticks import Clock
from sandbox.person import Person, SeenMessage
from store.tables import deals
from store.work import Work
from tests.office import Office, on_sqlite
from tests.stories.test_fade import introduced

NUMBERS = itertools.count(1000)  # of handoffs of which only the deals are there
BREAKS = "=cmd|' /C calc'!A0 <!channel>"
DONE = {"documented_at": 20, "met_at": 30, "contacted_at": 40, "introduced_at": 50, "completed_at": 90, "scored_at": 90}
DONE |= {"heard_at": 50}
ALL_SIX = [
    "Handoff doc completion",
    "Handoff meeting completion",
    "Time to first CS contact",
    "Customer repeat rate",
    "Handoff satisfaction",
    "Smooth transition",
]


async def closed(office: Office, *rows: dict[str, Any]) -> None:
    """Deals that closed five days ago, by Ana with Ben, with all done well but what the rows say."""
    day = office.workspace.clock.now() - timedelta(days=5)
    usual: dict[str, Any] = {name: day + timedelta(hours=hours) for name, hours in DONE.items()}
    usual |= {f"wait_{clock}": 40 * 60 for clock in ("wall", "wall_unpaused")}
    usual |= {f"wait_{clock}": 13 * 60 for clock in ("working", "working_unpaused")}
    usual |= {
        "team_id": office.workspace.team_id,
        "closed_at": day,
        "ae": office.ana.id,
        "csm": office.ben.id,
        "score": 5,
    }
    usual |= {"segment": "smb", "timing_model": "at_close", "repeated": "", "domain": "", "is_escalated": False}
    usual |= {"is_cancelled": False, "crm_closed_at": None}
    rows = tuple({"customer_key": row["customer"].casefold(), "handoff_id": next(NUMBERS)} | row for row in rows)

    def tell(work: Work) -> None:
        work.connection.execute(insert(deals), [usual | row for row in rows])

    await office.baton.store.commit(office.baton.team, tell)


UNDONE: dict[str, Any] = dict.fromkeys((*DONE, *(f"wait_{clock}" for clock in Clock), "score", "handoff_id"))


async def a_month(office: Office) -> None:
    """Ten deals of thirty days: seven went well, one was late, one nobody started, one had to be explained again."""
    await office.names_leaders()
    late = {"wait_wall": 60 * 60, "wait_wall_unpaused": 45 * 60, "score": 3}
    await closed(
        office,
        *({"customer": f"Customer {number}"} for number in range(7)),
        {"customer": "Slowcoach", **late},
        {"customer": BREAKS, "csm": "", **UNDONE},
        {"customer": "Repeaters", "repeated": ",stakeholders,success_criteria,", "is_escalated": True},
    )


async def asks(who: Person, what: str = "") -> SeenMessage:
    """Somebody types `/handoff metrics …`; what only that person sees."""
    (answer,) = await who.types(f"/handoff metrics {what}".strip(), into="general")
    assert answer.is_ephemeral
    return answer


async def exported(office: Office, who: Person, answer: SeenMessage, button: str) -> list[dict[str, str]]:
    """The file that comes by DM, as a spreadsheet reads it."""
    await who.clicks(button, into=answer)
    await office.settles()
    text = office.exported()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


async def test_a_leader_asks_and_opens_what_is_behind_a_figure(office: Office) -> None:
    await a_month(office)
    answer = await asks(office.leila)
    seen = answer.text
    assert "25 October – 23 November 2026 · all deals · 10 deals closed" in seen
    assert [label for label in ALL_SIX if label in seen] == ALL_SIX
    assert "90 % · target 100 % · 9 of 10 deals" in seen
    assert "median 40 h · target under 48 h for 90 %" in seen
    assert "8 of 10 customers in time (80 %), 1 still waiting · 9 of 10 within 60 h" in seen
    assert "11 % · target 0 %\n1 of 9 handoffs explained something again" in seen
    await office.leila.clicks("See", into=answer, near="Time to first CS contact")
    listed = office.leila.modal.text()
    assert "Wall clock, without pauses" in listed
    assert (
        listed.index("Late, or not contacted · 2") < listed.index("No handoff was started") < listed.index("Slowcoach")
    )
    assert "Contacted after 60 h" in listed
    assert "Not contacted for 120 h" in listed
    await office.leila.modal.press("Start")
    assert office.leila.modal.value("Company Name") == BREAKS


async def test_pages_of_a_list_and_back_to_all_figures(office: Office) -> None:
    await a_month(office)
    await office.leila.clicks("See", into=await asks(office.leila), near="Customer repeat rate")
    modal = office.leila.modal
    assert "Explained something again · 1" in modal.text()
    assert "Explained again: Stakeholders, Success Criteria" in modal.text()
    await modal.press("All figures")
    assert "Time to first CS contact" in office.leila.modal.text()
    await office.leila.modal.press("See", near="Handoff doc completion")
    assert "No complete document · 1" in office.leila.modal.text()
    await closed(office, *({"customer": f"More {number}"} for number in range(5)))
    await office.leila.modal.press("All figures")
    await office.leila.modal.press("See", near="Handoff doc completion")
    assert "More 4" not in office.leila.modal.text()
    await office.leila.modal.press("Next page")
    assert "More 4" in office.leila.modal.text()
    await office.leila.modal.press("Previous page")
    assert "No complete document · 1" in office.leila.modal.text()


async def test_a_real_handoff_is_behind_the_figures_with_its_channel_and_its_document(office: Office) -> None:
    await introduced(office)
    await office.leila.clicks("See", into=await asks(office.leila, "segment:smb this month"), near="meeting completion")
    listed = office.leila.modal.text()
    assert "Internal meeting held · 1" in listed
    assert "#handoff-acme-gmbh" in listed
    await office.leila.modal.press("View")
    assert "Dispatchers retype each booking" in office.leila.modal.text()


async def test_the_form_asks_for_other_days_and_other_deals(office: Office) -> None:
    await a_month(office)
    await office.leila.clicks("Other period or slice", into=await asks(office.leila))
    modal = office.leila.modal
    modal.fill("Or another period", "soon")
    said = (await modal.submit())["Or another period"]
    assert said == f"“soon” is no period I know. Try {either(EXAMPLES)}."
    assert f"Such as {either(EXAMPLES)}." in modal.text()
    modal.fill("Or another period", "<soon> & later")
    assert "“<soon> & later” is no period I know" in (await modal.submit())["Or another period"]
    modal.fill("Or another period", "2026-11")
    modal.fill("Deals", "Segment: SMB")
    modal.fill("Or those of one CSM", "Mia Chen")
    both = "Choose one of these only."
    assert await modal.submit() == {"Deals": both, "Or those of one CSM": both}
    modal.fill("Or those of one CSM", None)
    assert await modal.submit() == {}
    assert "1–30 November 2026 · segment SMB · 10 deals closed" in office.leila.modal.text()


@on_sqlite
async def test_other_figures_again_and_again_leave_room_for_what_opens_from_them(office: Office) -> None:
    await a_month(office)
    await office.leila.clicks("Other period or slice", into=await asks(office.leila))
    for days in ("90d", "60d", "30d"):
        office.leila.modal.fill("Or another period", days)
        assert await office.leila.modal.submit() == {}
        assert "10 deals closed" in office.leila.modal.text()
        await office.leila.modal.press("Other period or slice")
        assert office.leila.modal.title == "Other figures"
    await office.leila.modal.press("Back to the figures")
    await office.leila.modal.press("Export handoffs (CSV)")
    assert office.leila.modal.title == "On its way"


async def test_a_row_for_each_csm_is_for_leaders_and_ranks_nobody(office: Office) -> None:
    await a_month(office)
    seen = (await asks(office.leila, "by csm")).text
    assert seen.index("CSM @Ben Okafor · 9 closed") < seen.index("No CSM named · 1 closed")
    assert "40 h · 89 % in time (n = 9)" in seen
    for who in (office.ana, office.ben):
        assert (await asks(who, "by csm")).text.startswith("Only leaders see the figures of others.")
    assert "team EMEA" not in (await asks(office.ana, "by team")).text


@on_sqlite
async def test_segments_and_timing_models_are_called_as_the_practice_calls_them(office: Office) -> None:
    await a_month(office)
    assert "· timing model At Close · 10 deals closed" in (await asks(office.leila, "timing:at_close")).text
    assert "segment SMB · 10 closed" in (await asks(office.leila, "by segment")).text
    assert "timing model At Close · 10 closed" in (await asks(office.leila, "by timing")).text


async def test_who_asks_for_whom(office: Office) -> None:
    await a_month(office)
    assert "CSM @Ben Okafor · 9 deals closed" in (await asks(office.ben, "csm:me")).text
    assert "CSM @Ben Okafor · 9 deals closed" in (await asks(office.leila, "csm:@ben 30d")).text
    refused = "Only leaders see the figures of others. Yours are /handoff metrics csm:me and ae:me."
    assert (await asks(office.ana, "csm:Ben Okafor")).text == refused
    assert "The figures are for Sales and CS" in (await asks(office.arjun)).text
    await office.becomes_guest("Mia Chen")
    assert "not for its guests" in (await asks(office.mia)).text


@on_sqlite
async def test_a_team_of_one_or_two_is_for_leaders_and_its_own(office: Office) -> None:
    await a_month(office)
    people = {"Solo": (office.ben.id,), "EMEA": (office.ana.id, office.ben.id, office.mia.id)}
    groups = tuple(Group(name, ids) for name, ids in people.items())
    settled = {"aes": (office.ana.id,), "csms": (office.ben.id, office.mia.id), "cs_leader": office.leila.id}
    await office.settles_on(**settled, groups=groups)
    refused = "The figures of a team of one or two AEs and CSMs are for leaders and for its own members."
    assert (await asks(office.mia, "team:Solo")).text == refused
    for who in (office.ben, office.leila):
        assert "team Solo · 9 deals closed" in (await asks(who, "team:Solo")).text
    assert "team EMEA · 10 deals closed" in (await asks(office.mia, "team:EMEA")).text
    shown = await asks(office.mia, "by team")
    assert "team EMEA" in shown.text
    assert "Solo" not in shown.text
    assert "team Solo" in (await asks(office.leila, "by team")).text
    rows = await exported(office, office.mia, shown, "Export figures (CSV)")
    assert {row["slice"] for row in rows} == {"all deals", "team:EMEA"}
    await office.mia.clicks("Other period or slice", into=shown)
    assert [one for one in office.mia.modal.choices("Deals") if "Team" in one] == ["Team: EMEA"]


@on_sqlite
async def test_a_file_is_not_sent_to_who_may_not_see_it_any_more(office: Office) -> None:
    await a_month(office)
    office.workspace.faults.add("conversations.open", "429", times=3, retry_after=60)
    for who, what in ((office.leila, "by csm"), (office.leila, "csm:Ben"), (office.grace, "")):
        await who.clicks("Export figures (CSV)", into=await asks(who, what))
    await office.settles()
    await office.settles_on(csms=(office.ben.id, office.leila.id), cs_leader=office.mia.id)
    await office.becomes_guest("Grace Whitfield")
    await office.goes_on(minutes=5)
    assert office.workspace.files == {}


@on_sqlite
async def test_a_file_that_slack_does_not_take_is_told_to_who_waits_for_it(office: Office) -> None:
    await a_month(office)
    office.workspace.faults.add("files.getUploadURLExternal", "500", times=100)
    await office.leila.clicks("Export handoffs (CSV)", into=await asks(office.leila))
    await office.settles()
    assert office.leila.dm().messages == []
    await office.goes_on(minutes=30)
    (told,) = office.leila.dm().messages
    assert told.text.startswith("The file that you asked for did not come: Slack did not take it")


async def test_an_ae_sees_the_totals_and_only_the_deals_that_are_hers(office: Office) -> None:
    await a_month(office)
    await closed(office, {"customer": "Somebody Else's", "ae": office.grace.id})
    await office.ana.clicks("See", into=await asks(office.ana), near="Handoff doc completion")
    assert "Customer 0" in office.ana.modal.text()
    assert "And 1 that is not yours to read: the CSMs and the leaders may read" in office.ana.modal.text()
    assert "Somebody Else's" not in office.ana.modal.text()
    rows = await exported(office, office.ana, await asks(office.ana), "Export handoffs (CSV)")
    assert len(rows) == 10
    assert "Somebody Else's" not in {row["customer"] for row in rows}


async def test_an_admin_reads_of_the_deals_without_a_handoff_and_of_no_other(office: Office) -> None:
    await a_month(office)
    await office.noah.clicks("See", into=await asks(office.noah), near="Handoff doc completion")
    assert "No handoff was started" in office.noah.modal.text()
    assert "And 9 that are not yours to read: the CSMs and the leaders may read" in office.noah.modal.text()
    rows = await exported(office, office.noah, await asks(office.noah), "Export handoffs (CSV)")
    assert [row["handoff_id"] for row in rows] == [""]


async def test_the_handoffs_as_a_file(office: Office) -> None:
    await a_month(office)
    rows = await exported(office, office.leila, await asks(office.leila), "Export handoffs (CSV)")
    by_name = {row["customer"]: row for row in rows}
    assert len(rows) == 10
    assert by_name["Slowcoach"]["wait_hours_wall"] == "60.0"
    assert by_name["Slowcoach"]["ae"] == "Ana Lima"
    assert by_name["Repeaters"]["repeated_sections"] == "stakeholders, success_criteria"
    assert by_name["Customer 0"]["closed_at"] == "2026-11-18T09:00:00Z"
    (hostile,) = (row for name, row in by_name.items() if "cmd" in name)
    assert hostile["customer"] == f"'{BREAKS}"
    assert hostile["handoff_id"] == ""
    assert office.leila.dm().last.files == ["handoffs-2026-10-25-to-2026-11-23.csv"]


async def test_the_figures_as_a_file(office: Office) -> None:
    await a_month(office)
    rows = await exported(office, office.leila, await asks(office.leila, "by csm"), "Export figures (CSV)")
    first = {
        (row["metric"], row["clock"], row["section"]): row for row in reversed(rows) if row["slice"] == "all deals"
    }
    document = first["document_completion", "", ""]
    assert [document[name] for name in ("n", "hits", "value", "unit", "verdict")] == [
        "10",
        "9",
        "90.0",
        "percent",
        "off_target",
    ]
    waits = {clock: (row["n"], row["hits"]) for (metric, clock, _), row in first.items() if metric == "first_contact"}
    assert waits == {
        "wall": ("10", "8"), "wall_unpaused": ("10", "9"), "working": ("10", "9"), "working_unpaused": ("10", "9"),
    }  # fmt: skip
    assert first["repeat_rate", "", "stakeholders"]["hits"] == "1"
    assert {"csm:Ben Okafor", "csm:"} <= {row["slice"] for row in rows}
    week = next(row for row in rows if row["from"] == "2026-11-17" and row["metric"] == "first_contact")
    assert [week[name] for name in ("n", "value", "median_hours", "ninetieth_hours")] == ["10", "40.0", "40.0", "60.0"]


@on_sqlite
async def test_the_file_holds_each_slice_to_the_targets_of_its_segment(office: Office) -> None:
    written = yaml.safe_load(office.baton.settings.playbook.read_text("utf-8"))
    target = next(one for one in written["metrics"]["targets"] if one["id"] == "first_contact")
    target["segments"] = {"smb": 24}
    office.baton.store.playbooks.current = Playbook.load(written)
    await a_month(office)
    rows = await exported(office, office.leila, await asks(office.leila, "segment:smb by csm"), "Export figures (CSV)")
    waits = [row for row in rows if row["metric"] == "first_contact"]
    assert {row["target"] for row in waits if row["clock"] == "wall"} == {"24.0"}
    assert {row["target"] for row in waits if row["clock"] == "working"} == {"8.0"}
    assert "segment:smb csm:Ben Okafor" in {row["slice"] for row in waits}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_file_that_never_comes_is_told_to_who_waits_for_it(office: Office) -> None:
    await a_month(office)
    answer = await asks(office.leila)
    await office.leila.clicks("Export figures (CSV)", into=answer)
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as busy:
        busy.execute("LOCK TABLE deals")
        await office.settles()
        assert office.leila.dm().messages == []
        await office.goes_on(minutes=5)
    (told,) = office.leila.dm().messages
    assert told.text.startswith("The file that you asked for did not come: these are too many deals")
    assert told.files == []
    await office.leila.clicks("Export figures (CSV)", into=answer)
    await office.settles()
    assert len(office.leila.dm().last.files) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_figures_that_are_too_many_to_show_come_as_a_file(office: Office) -> None:
    await a_month(office)
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as busy:
        busy.execute("LOCK TABLE deals")
        answer = await asks(office.leila, "segment:smb year")
    rows = await exported(office, office.leila, answer, "Export figures (CSV)")
    assert {(row["from"], row["slice"]) for row in rows[:6]} == {("2025-01-01", "segment:smb")}


@on_sqlite
async def test_a_team_that_is_no_more_is_named_and_not_told_as_nothing(office: Office) -> None:
    await a_month(office)
    await office.settles_on(cs_leader=office.leila.id, groups=(Group("EMEA <b>", (office.ana.id,)),))
    answer = await asks(office.leila, "team:EMEA b")
    assert "10 deals closed" in answer.text
    await office.settles_on(cs_leader=office.leila.id)
    await office.leila.clicks("See", into=answer, near="Handoff doc completion")
    assert "There is no team “EMEA <b>” any more" in office.leila.conversation("general").last.text


async def test_the_same_click_twice_sends_one_file(office: Office) -> None:
    await a_month(office)
    answer = await asks(office.leila)
    for _ in range(2):
        await office.leila.clicks("Export handoffs (CSV)", into=answer)
    await office.settles()
    await office.leila.clicks("Export handoffs (CSV)", into=answer)
    await office.settles()
    assert len([message for message in office.leila.dm().messages if message.files]) == 1
    await office.later(minutes=1)
    await office.leila.clicks("Export handoffs (CSV)", into=answer)
    await office.settles()
    assert len([message for message in office.leila.dm().messages if message.files]) == 2


@on_sqlite
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("enterprize", "“enterprize” is no period I know."),
        ("enterprize", "Did you mean segment:enterprise?"),
        ("segment:smbs", "“smbs” is no segment I know. Did you mean segment:SMB?"),
        ("csm:Bem Okafor", "Did you mean csm:Ben Okafor?"),
        ("team:EMEA", "“EMEA” is no team I know."),
        ("nonsense <!channel>", "“nonsense <!channel>” is no period I know."),
        ("csm:me segment:smb", "One of these at a time: csm: or segment:."),
        ("by csm by ae", "One of these at a time: by csm or by ae."),
        (
            "week by region",
            "“by region” is nothing I know: a row for each comes with by ae, by csm, by team, by segment",
        ),
        ("by", "By what: a row for each comes with by ae"),
        ("region:north", "“region:” is no slice I know. Slices are ae: and csm: with a name or me, team:, segment:"),
        ("week month", "One period at a time: take week or month."),
        ("csm:me 2026-11-20..2026-11-01", "The first day, 2026-11-20, is after the last, 2026-11-01."),
        ("csm:me and more", "“and more” is no period I know."),
    ],
)
async def test_what_is_unknown_is_named_with_what_there_is(office: Office, typed: str, words: str) -> None:
    await office.names_leaders()
    assert words in (await asks(office.leila, typed)).text


@on_sqlite
async def test_more_deals_than_a_file_takes_are_refused_in_words(office: Office) -> None:
    await office.names_leaders()
    await closed(office, {"customer": "One too many"})
    for _ in range(4):
        await closed(office, *({"customer": str(number)} for number in range(5_000)))
    answer = await asks(office.leila)
    await office.leila.clicks("Export handoffs (CSV)", into=answer)
    assert "One file takes 20,000 deals, and these are more." in office.leila.conversation("general").last.text
    await office.settles()
    assert office.leila.dm().messages == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_figures_that_take_too_long_say_so_in_time(office: Office) -> None:
    await a_month(office)
    with psycopg.connect(office.database_url.replace("+psycopg", "")) as busy:
        busy.execute("LOCK TABLE deals")
        answer = await asks(office.leila, "year")
    assert "These figures did not come in the time that Slack gives. Take a shorter stretch" in answer.text
    assert "10 deals closed" in (await asks(office.leila)).text


@on_sqlite
async def test_nothing_at_all_says_so(office: Office) -> None:
    assert "Nothing to tell" in (await asks(office.arjun, "2024")).text
