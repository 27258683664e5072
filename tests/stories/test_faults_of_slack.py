"""Slack is slow, refuses, or loses its answers: what a person did is safe, and its effects arrive once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from app import Baton
from bot.errands import Picture, draw
from handlers.delivery import Patience
from store.tables import outbox
from tests.office import Office

NO_ANSWER = ["500", "500_after", "internal_error_after", "drop", "drop_after", "late", "timeout_after"]
ONCE = ["conversations.create", "chat.postMessage", "bookmarks.add"]
REPEATABLE = [
    *("pins.add", "conversations.info", "conversations.setTopic", "conversations.setPurpose", "conversations.invite"),
    *("chat.getPermalink", "bookmarks.list", "conversations.canvases.create"),
]
LOST = [(method, kind) for method in ONCE for kind in NO_ANSWER]
LOST += [(method, kind) for method in REPEATABLE for kind in ("500_after", "drop")]
NOBODY_TOLD = {"Customer success manager": "Ana Lima"}  # so that the first message is the card
INITECH = {"Website": "https://initech.example", "Company Name": "Initech", "Customer success manager": None}
HERE = {"Website": "https://globex.example", "Company Name": "Globex"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What Slack does is the same to every database."""
    return sqlite_url


@pytest_asyncio.fixture
async def impatient(office: Office) -> AsyncIterator[Office]:
    """An office whose Baton waits less than a second for an answer, not twenty."""
    await office.closes()
    patience = Patience(attempt=timedelta(seconds=0.7))
    office.baton = Baton(office.baton.settings, office.workspace.clock, patience)
    await office.baton.start()
    await office.workspace.until(lambda: bool(office.workspace.delivery.sockets.connections))
    yield office


def all_is_done_once(office: Office, channel: str = "handoff-acme-gmbh") -> None:
    """The channel of a new handoff, exactly as it should be."""
    names = [name for name in office.ana.channels() if name.startswith("handoff-acme")]
    assert names == [channel]
    here = office.ana.conversation(channel)
    assert [message.ts for message in here.messages] == [here.pins[0].ts]
    assert "Edit document" in here.pins[0].buttons
    assert set(here.members) >= {"Ana Lima", "Baton"}
    assert here.topic.startswith("Preparing the document")
    assert "Handoff of Acme GmbH" in here.purpose
    assert list(here.bookmarks) == ["Handoff card"]
    assert "Acme GmbH" in office.ana.canvas(channel)


async def owed(office: Office) -> list[tuple[str, str | None]]:
    """What the outbox still holds: (kind, state)."""
    open_or_aside = select(outbox.c.kind, outbox.c.state).where(outbox.c.state != "done")
    found = await office.baton.store.database.read(lambda connection: connection.execute(open_or_aside).all())
    return [(row.kind, row.state) for row in found]


@pytest.mark.parametrize(("method", "kind"), LOST)
async def test_an_answer_that_never_comes_delays_and_doubles_nothing(impatient: Office, method: str, kind: str) -> None:
    office = impatient
    delay = {"timeout_after": 1, "late": 0.05}.get(kind, 0)
    office.workspace.faults.add(method, kind, delay=delay)
    calls = office.workspace.calls
    errors = await office.asks_to_start(office.ana, **NOBODY_TOLD)
    assert errors == {}
    await office.settles()
    assert not office.workspace.faults.pending, f"{method} was never called"
    if kind == "late":
        await office.workspace.until(lambda: any(call.method == method for call in calls))
    for _ in range(3):
        await office.later(seconds=21)
    all_is_done_once(office)
    assert await owed(office) == []


@pytest.mark.parametrize("method", [*ONCE, *REPEATABLE])
async def test_a_rate_limit_is_waited_for(office: Office, method: str) -> None:
    office.workspace.faults.add(method, "429", retry_after=30)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    assert await owed(office) != []
    await office.later(seconds=31)
    all_is_done_once(office)
    assert await owed(office) == []


async def test_an_hour_of_rate_limit_is_probed_after_five_minutes(office: Office) -> None:
    office.workspace.faults.add("conversations.create", "429", retry_after=3600)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    await office.later(minutes=4)
    assert not [name for name in office.ana.channels() if name.startswith("handoff-acme")]
    await office.later(minutes=1, seconds=1)
    all_is_done_once(office)


async def test_a_rate_limit_stops_the_limited_method_and_nothing_else(office: Office) -> None:
    office.workspace.faults.add("conversations.setTopic", "429", retry_after=60)
    await office.starts(office.ana)
    office.workspace.calls.clear()
    channel = await office.starts(office.mia, **HERE)
    assert "Edit document" in office.mia.conversation(channel).pins[0].buttons
    assert "conversations.setTopic" not in [call.method for call in office.workspace.calls]
    await office.later(seconds=61)
    all_is_done_once(office)
    assert office.mia.conversation(channel).topic.startswith("Preparing")


async def test_a_rate_limit_of_one_conversation_stops_no_other(office: Office) -> None:
    office.workspace.faults.add("chat.postMessage", "429", retry_after=60)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    channel = await office.starts(office.mia, **HERE)
    assert "Edit document" in office.mia.conversation(channel).pins[0].buttons
    assert "handoff-acme-gmbh" not in office.ana.channels()
    await office.later(seconds=61)
    all_is_done_once(office)


async def test_a_rate_limit_of_the_workspace_stops_every_post_and_nothing_else(office: Office) -> None:
    channel = await office.starts(office.mia, **HERE)
    office.workspace.faults.add("chat.postMessage", "429", times=2, retry_after=60)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.asks_to_start(office.leila, **INITECH)
    await office.settles()
    assert not office.workspace.faults.pending
    office.workspace.calls.clear()
    await office.signs(office.mia, channel)
    called = [call.method for call in office.workspace.calls]
    assert "chat.update" in called
    assert "chat.postMessage" not in called
    await office.later(seconds=61)
    assert await owed(office) == []
    assert "noted the signature" in office.lines(office.mia, channel)[-1]
    assert "handoff-initech" in office.leila.channels()
    all_is_done_once(office)


async def test_many_dms_in_a_workspace_that_takes_few_come_once_and_hold_up_no_click(office: Office) -> None:
    channel = await office.starts(office.ana)
    people = [member.id for member in office.workspace.members.values() if not member.is_bot]
    office.workspace.enforce_rate_limits, office.workspace.rate_limits.messages_per_minute = True, 5
    waiting = len(people) - 5
    told = [draw(Picture.CHANNEL_TROUBLE, person) for person in people]
    now = office.workspace.clock.now()
    await office.baton.store.commit(office.baton.team, lambda work: work.post(told, now, work.handoff(1)))
    await office.settles()
    assert len(await owed(office)) == waiting
    office.workspace.calls.clear()
    await office.writes(office.ana, channel, "Company Overview", Industry="Freight")
    assert "chat.update" in [call.method for call in office.workspace.calls]
    while await owed(office):
        await office.later(seconds=2)
    assert office.workspace.clock.now() - now < 1.2 * timedelta(minutes=len(people) / 5)
    told_now = [call.arguments["channel"] for call in office.workspace.calls if call.method == "chat.postMessage"]
    assert len(told_now) == len(set(told_now)) == waiting


async def test_a_rate_limit_between_an_unknown_outcome_and_its_look_up_doubles_nothing(office: Office) -> None:
    office.workspace.faults.add("chat.postMessage", "drop_after")
    office.workspace.faults.add("conversations.history", "429", retry_after=5)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    await office.later(seconds=21)
    await office.later(seconds=6)
    all_is_done_once(office)


async def test_a_second_unknown_outcome_waits_as_long_as_the_first(office: Office) -> None:
    office.workspace.faults.add("chat.postMessage", "drop")
    office.workspace.faults.add("chat.postMessage", "late", delay=0.05)
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    await office.later(seconds=21)
    posted = office.workspace.calls
    await office.workspace.until(lambda: any(call.method == "chat.postMessage" for call in posted))
    await office.later(seconds=10)
    await office.later(seconds=11)
    all_is_done_once(office)


async def test_where_history_may_not_be_read_a_message_comes_at_least_once(office: Office) -> None:
    office.workspace.faults.add("chat.postMessage", "drop")
    office.workspace.faults.add("conversations.history", "error", code="missing_scope")
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    await office.later(seconds=21)
    all_is_done_once(office)


async def test_a_line_of_a_long_thread_is_found_again(office: Office) -> None:
    channel = await office.starts(office.ana)
    card = office.ana.conversation(channel).pins[0]
    for number in range(210):
        await office.ana.types(f"number {number}", into=card)
    office.workspace.faults.add("chat.postMessage", "drop_after")
    await office.signs(office.ana, channel)
    await office.later(seconds=21)
    assert len([reply for reply in card.replies if "noted the signature" in reply.text]) == 1
    assert await owed(office) == []


async def test_a_revoked_token_loses_nothing(office: Office) -> None:
    office.workspace.faults.add("conversations.create", "error", code="token_revoked")
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    assert await owed(office) == [("channel.open", "open")]
    await office.later(seconds=3)
    all_is_done_once(office)


async def test_a_reviewer_whose_account_was_closed_is_set_aside_and_an_admin_is_told(office: Office) -> None:
    channel = await office.starts(office.ana)
    await office.fills(office.ana, channel)
    office.workspace.deactivate("Ben Okafor")
    await office.ana.clicks("Submit for review", into=channel)
    await office.settles()
    admins = [office.person(m.real_name) for m in office.workspace.members.values() if m.is_admin or m.is_owner]
    told = [admin.dm().last.text for admin in admins if admin.dm().messages]
    assert any("user_disabled" in text for text in told), told
    assert "In review" in office.ana.conversation(channel).pins[0].text


async def test_what_was_set_aside_goes_out_when_an_admin_revives_it(office: Office) -> None:
    office.workspace.faults.add("chat.getPermalink", "error", code="some_new_error")
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    await office.settles()
    assert await owed(office) == [("channel.bookmark", "aside")]
    await office.noah.types("/handoff setup", into="general")
    await office.noah.modal.press("Try them again")
    await office.settles()
    all_is_done_once(office)
    assert await owed(office) == []


async def test_a_plan_without_canvases_has_everything_else(office: Office) -> None:
    office.workspace.faults.add("conversations.canvases.create", "error", code="free_team_not_allowed", times=9)
    channel = await office.starts(office.ana)
    assert "Edit document" in office.ana.conversation(channel).pins[0].buttons
    assert await owed(office) == []


async def test_an_export_whose_answer_is_lost_is_sent_once(office: Office) -> None:
    channel = await office.starts(office.ana)
    office.workspace.faults.add("files.completeUploadExternal", "drop_after")
    await office.ana.clicks("View document", into=channel)
    await office.ana.modal.press("Export as Markdown")
    await office.ana.modal.close(everything=True)
    await office.settles()
    await office.later(seconds=21)
    files = [name for message in office.ana.dm().messages for name in message.files]
    assert files == ["handoff-acme-gmbh.md"]
    assert await owed(office) == []


async def test_a_file_of_figures_may_take_longer_than_a_message(impatient: Office) -> None:
    await impatient.names_leaders()
    (figures,) = await impatient.leila.types("/handoff metrics", into="general")
    impatient.workspace.faults.add("files.completeUploadExternal", "timeout_after", delay=1.2)
    await impatient.leila.clicks("Export handoffs (CSV)", into=figures)
    await impatient.settles()
    (sent,) = [row for row in await impatient.rows(outbox) if row.kind == "figures.send"]
    assert (sent.state, sent.attempts, sent.error) == ("done", 1, None)


async def test_slack_down_for_half_a_day_loses_nothing(office: Office) -> None:
    await office.asks_to_start(office.ana, **NOBODY_TOLD)
    office.workspace.faults.add("*", "500", times=10_000)
    await office.settles()
    for _ in range(144):
        await office.later(minutes=5)
    office.workspace.faults.clear()
    await office.later(minutes=6)
    await office.later(minutes=6)
    all_is_done_once(office)


@pytest.mark.parametrize("code", ["expired_trigger_id", "trigger_expired"])
async def test_a_form_that_came_too_late_says_press_again(office: Office, code: str) -> None:
    office.workspace.faults.add("views.open", "error", code=code)
    (answer,) = await office.ana.types("/handoff start", into="general")
    assert "Press again" in answer.text
    await office.ana.types("/handoff start", into="general")
    assert office.ana.modal.title == "Start a handoff"


async def test_a_form_that_did_open_is_no_error(office: Office) -> None:
    office.workspace.faults.add("views.open", "error", code="exchanged_trigger_id")
    assert await office.ana.types("/handoff start", into="general") == []
