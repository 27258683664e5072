"""A reminder and the deadlines in words: where each stands on both clocks, why its reader has it, what to press."""

from datetime import datetime, timedelta

import pytest

from blocks import kit
from blocks.deadlines import deadlines_view, state
from blocks.nudges import MOST_ITEMS, Item, mine, reminder, reminder_text
from bot.assignments import Suggestion
from bot.colleagues import Colleagues
from bot.documents import drop_row
from bot.events import BATON
from bot.handoffs import Handoff, Stage
from bot.nudges import Watch, watches
from bot.preferences import Nudging, Preferences
from bot.promises import FIELD, SECTION
from bot.reminders import Nudged, Snoozed
from bot.teams import Person
from bot.timing import Fact
from tests.blocks.test_cards import texts
from tests.bot.ticking import COVER, office
from tests.examples import AE, CS_LEADER, CSM, NOW, PLAYBOOK, SALES_LEADER, TODAY, after, at, colleagues, empty, written
from tests.happenings import DAY, HOUR, accepted, cancelled, introduced, noted, owners, signed, submitted, utc, waits

DUE = kit.moment(NOW + DAY)
SIGNED = after(empty(), signed())
LATER = NOW + 3 * DAY
REMINDED = after(SIGNED, Nudged(by=BATON, at=NOW + DAY, deadline="complete_document", to=AE, owner=AE, rung=1))


def watch(handoff: Handoff = SIGNED, name: str = "complete_document", people: Colleagues | None = None) -> Watch:
    """One deadline of a handoff."""
    return next(one for one in watches(handoff, PLAYBOOK, people or office()) if one.rule.id == name)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NOW, f"Due {DUE}: 1 d left (9 h of working time)."),
        (NOW + 10 * HOUR, f"Due {DUE}: 14 h left (no working time)."),
        (NOW + DAY, f":alarm_clock: *Due now* ({DUE})."),
        (NOW + DAY + timedelta(minutes=4), f":alarm_clock: *Due now* ({DUE})."),
        (NOW + DAY + 2 * HOUR, f":warning: *2 h late* (2 h of working time). It was due {DUE}."),
        (NOW + 6 * DAY, f":warning: *5 d late* (36 h of working time). It was due {DUE}."),  # a weekend between
    ],
)
def test_both_clocks_are_told(now: datetime, words: str) -> None:
    assert state(watch(), now) == words


@pytest.mark.parametrize(
    ("handoff", "name", "words"),
    [
        (after(SIGNED, submitted(at=NOW + HOUR)), "complete_document", "Done by <@U0AE> {at}, in time."),
        (after(SIGNED, submitted(at=LATER)), "complete_document", "Done by <@U0AE> {at}, 2 d late."),
        (after(SIGNED, *waits(NOW)), "complete_document", "Waiting on the customer. Baton asks again {until}."),
        (empty(csm=None), "alert_cs", "Due once the expected close is known."),
    ],
)
def test_what_is_not_just_due_says_why(handoff: Handoff, name: str, words: str) -> None:
    entry = handoff.awaited[name]
    at = kit.moment(entry.met_at) if entry.met_at else ""
    until = kit.moment(entry.pause.until) if entry.pause else ""
    assert state(watch(handoff, name), LATER).endswith(words.format(at=at, until=until))


def test_a_promise_that_was_taken_out_of_the_document_was_not_kept() -> None:
    rows = [{"id": "api", "commitment": "An API", "due": "2026-11-24"}]
    handoff = after(written(at(Stage.IN_REVIEW), SECTION, promised=rows), accepted(NOW))
    gone = after(handoff, drop_row(SECTION, FIELD, handoff, "api", by=AE, now=LATER))
    said = state(watch(gone, "keep_promise.api"), LATER)
    assert said == f":wastebasket: Removed from the document by <@{AE}> {kit.moment(LATER)}."
    assert "Removed from the document" in why(gone, office(), LATER)


AWAY = Preferences(away_until=TODAY + 30 * DAY)
COVERED = AWAY.model_copy(update={"cover": COVER})


@pytest.mark.parametrize(
    ("reader", "people", "words"),
    [
        (SALES_LEADER, office(), f"<@{AE}> takes care of this now."),  # nobody has been told as a leader
        (COVER, office({AE: COVERED}), f"<@{AE}> is away and you cover."),
        (
            CSM,
            office({AE: COVERED, COVER: AWAY.model_copy(update={"cover": CSM})}),
            f"<@{AE}> is away and you cover.",
        ),
        (SALES_LEADER, office({AE: AWAY}), f"<@{AE}> is away, and nobody covers."),
        (COVER, office(), f"<@{AE}> takes care of this now."),
        (
            SALES_LEADER,
            colleagues(Person(id=AE, name="Ana", deleted=True)),
            f"It was with <@{AE}>, whose account is deactivated. Do it, or say whose it is now.",
        ),
        (
            SALES_LEADER,
            office({AE: Preferences(nudging=Nudging.OFF)}),
            f"<@{AE}> owes this and has turned reminders off. You hear of it once, as a leader.",
        ),
    ],
)
def test_whoever_reads_it_knows_why(reader: str, people: Colleagues, words: str) -> None:
    drawn = "\n".join(texts(reminder([Item(watch(people=people))], reader, LATER)))
    assert words in drawn.splitlines()


def test_a_leader_who_hears_as_a_leader_knows_that_the_owner_was_reminded() -> None:
    drawn = "\n".join(texts(reminder([Item(watch(REMINDED))], SALES_LEADER, LATER)))
    words = f"<@{AE}> owes this and has been reminded. You hear of it once, as a leader."
    assert words in drawn.splitlines()


def buttons(item: Item, reader: str) -> list[str]:
    """What may be pressed on a reminder of one thing."""
    rows = [block for block in reminder([item], reader, LATER) if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"] if element["type"] == "button"]


OWNERS = ["Waiting on customer", "Not mine"]
MET = after(SIGNED, submitted(), accepted(), noted(Fact.INTERNAL_MEETING_HELD))
NAMELESS = empty(csm=None, expected_close=TODAY)


TOM = Suggestion(CSM, "Tom", "Ana", count=2, load=2, apart=0, industry="")


@pytest.mark.parametrize(
    ("item", "reader", "pressed"),
    [
        (Item(watch()), AE, ["Edit document", "Submit for review", *OWNERS]),
        (Item(watch(name="first_contact")), CSM, ["First contact made", *OWNERS]),
        (
            Item(watch(after(SIGNED, submitted()), "review_document")),
            CSM,
            ["View document", "Accept", "Return", *OWNERS],
        ),
        (Item(watch(MET, "schedule_introduction")), AE, ["Schedule", "Introduction scheduled", *OWNERS]),
        (Item(watch(introduced("at_close"), "lead_relationship")), CSM, ["This phase is over", *OWNERS]),
        (Item(watch(NAMELESS, "assign_csm")), CS_LEADER, ["Choose the CSM", "Not mine"]),  # no customer to wait for
        (
            Item(watch(NAMELESS, "assign_csm"), TOM),
            CS_LEADER,
            ["Assign Tom", "Choose the CSM", "Not mine"],
        ),
        (
            Item(watch(after(SIGNED, *waits(NOW)))),
            AE,
            ["Edit document", "Submit for review", "Customer answered", "Not mine"],
        ),
        (Item(watch()), SALES_LEADER, []),
        (Item(watch(REMINDED)), SALES_LEADER, ["See the deadlines", "View document", "Give it to somebody else"]),
        (Item(watch(after(SIGNED, submitted()))), AE, []),
        (Item(watch(after(SIGNED, cancelled()))), AE, []),
        (Item(watch(), is_superseded=True), AE, []),
        (Item(watch(after(SIGNED, owners(CSM, ae="U0AE2")))), AE, []),
    ],
)
def test_what_does_it_can_be_pressed_by_whoever_does_it(item: Item, reader: str, pressed: list[str]) -> None:
    assert buttons(item, reader) == pressed


def test_who_snoozed_is_said_while_it_lasts() -> None:
    handoff = after(SIGNED, Snoozed(by=CSM, at=NOW, deadline="complete_document", until=LATER + HOUR))
    words = f":zzz: <@{CSM}> snoozed it until {kit.moment(LATER + HOUR)}."
    assert words in "\n".join(texts(reminder([Item(watch(handoff))], AE, LATER)))
    assert words not in "\n".join(texts(reminder([Item(watch(handoff))], AE, LATER + HOUR)))


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([Item(watch())], "Complete handoff document: Acme GmbH — 2 d late"),
        ([Item(watch(name="first_contact"))], "First CS contact: Acme GmbH — 1 d late"),
        ([Item(watch(after(SIGNED, submitted())))], "Complete handoff document: Acme GmbH"),
        ([Item(watch())] * 2, "2 things need you: Acme GmbH"),
    ],
)
def test_a_reminder_is_heard_in_one_line(items: list[Item], words: str) -> None:
    assert reminder_text(items, LATER) == words


def test_many_customers_are_named_but_not_all() -> None:
    names = ("Acme", "Brightwater", "Cobalt", "<Delta>", "Echo")
    items = [Item(watch(after(empty(company_name=name), signed()))) for name in names]
    assert reminder_text(items, LATER) == "5 things need you: Acme, Brightwater, Cobalt and 2 more"
    assert reminder_text(items[3:], LATER) == "2 things need you: &lt;Delta&gt;, Echo"


@pytest.mark.parametrize(
    ("done", "open_ones", "headline"),
    [(0, 5, "5 things need you."), (4, 1, "One thing needs you."), (5, 0, "All of this is done.")],
)
def test_a_list_counts_what_is_left(done: int, open_ones: int, headline: str) -> None:
    items = [Item(watch(after(SIGNED, submitted())))] * done + [Item(watch())] * open_ones
    assert texts(reminder(items, AE, LATER))[0] == f"*{headline}*"


def test_what_is_done_crowds_out_nothing_that_is_left() -> None:
    done = Item(watch(after(empty(company_name="Done"), signed(NOW - DAY), submitted())))
    left = Item(watch(after(empty(company_name="Left"), signed())))
    drawn = "\n".join(texts(reminder([done] * MOST_ITEMS + [left], AE, LATER)))
    assert "*Left*" in drawn
    assert "And 1 more. `/handoff mine` shows everything." in drawn


def test_who_owes_nothing_is_told_so() -> None:
    assert "You owe nothing just now. :tada:" in texts(mine([], AE, NOW, 0))
    assert "*You owe one thing.*" in texts(mine([watch()], AE, NOW, 1))
    assert "*You owe 2 things, the most urgent first.*" in texts(mine([watch()] * 2, AE, NOW, 2))
    assert "And 8 more, later than these." in texts(mine([watch()] * MOST_ITEMS, AE, NOW, MOST_ITEMS + 8))


# -- why Baton did, or did not, say something


def why(handoff: Handoff, people: Colleagues, now: datetime) -> str:
    """The whole of `/handoff why`."""
    view = deadlines_view(handoff, PLAYBOOK, watches(handoff, PLAYBOOK, people), AE, now, may_act=lambda item: True)
    return "\n".join(texts(view["blocks"]))


NIGHT = NOW + 10 * HOUR


@pytest.mark.parametrize(
    ("handoff", "people", "words"),
    [
        (SIGNED, office(), f"Next reminder: <@{AE}>, {kit.moment(NOW + DAY)}, when reminders are welcome."),
        (SIGNED, office({AE: Preferences(any_hour=True)}), f"Next reminder: <@{AE}>, {kit.moment(NOW + 18 * HOUR)}."),
        (SIGNED, office({AE: COVERED}), f"Next reminder: <@{COVER}> for <@{AE}>, {kit.moment(NOW + DAY)}, when"),
        (SIGNED, office({AE: AWAY, SALES_LEADER: AWAY, CS_LEADER: AWAY}), "nobody who may be written to is there"),
        (empty(csm=None), office(), "No reminder is coming: it is not known when this is due."),
        (after(SIGNED, *waits(NOW)), office(), "No reminder while the customer is waited for."),
        (
            after(SIGNED, *waits(NOW, NOW + HOUR)),
            office(),
            f"Waited on the customer {kit.moment(NOW)} – {kit.moment(NOW + HOUR)}, which is not counted.",
        ),
        (SIGNED, office(), "The wall clock decides what is late."),
        (SIGNED, office(zones={AE: "Asia/Kolkata"}), "Works Mon–Fri 09:00–18:00 (Asia/Kolkata)."),
        (
            SIGNED,
            office({AE: Preferences(workdays=(0, 2, 4), country="DE-BY")}),
            "Works Mon, Wed, Fri 09:00–18:00 (UTC, holidays of DE-BY).",
        ),
        (SIGNED, office({AE: Preferences(workdays=(2,))}), "Works Wed 09:00–18:00 (UTC)."),
    ],
)
def test_why_baton_says_something_or_nothing(handoff: Handoff, people: Colleagues, words: str) -> None:
    assert words in why(handoff, people, NIGHT)


def test_a_ladder_that_is_climbed_says_so_and_one_that_is_off_too() -> None:
    alone = office({AE: Preferences(nudging=Nudging.OFF)}, team=office().team.model_copy(update={"sales_leader": None}))
    assert f"No reminder is coming: <@{AE}> has turned reminders off." in why(SIGNED, alone, utc("2026-12-24 12:00"))
