"""Modals, choices, Homes, shortcuts and response URLs as Slack treats them, through real Bolt."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Workspace, conversations, messages
from sandbox.errors import AppDidNotRespond, Refused
from sandbox.person import Person
from tests.sandbox.conftest import over_http
from tests.sandbox.forms import field, modal, option, words


@pytest.fixture
def bodies() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def acks() -> list[dict[str, Any]]:
    """How the app answers its next submissions."""
    return []


@pytest.fixture
def opened() -> list[dict[str, Any]]:
    """The views that the app opens on /tell."""
    return []


@pytest_asyncio.fixture(autouse=True)
async def app(
    bolt: AsyncApp,
    team: Workspace,
    bodies: list[dict[str, Any]],
    acks: list[dict[str, Any]],
    opened: list[dict[str, Any]],
) -> AsyncIterator[AsyncApp]:
    every = re.compile(".*")

    @bolt.event(every)
    async def hear(body: Any, event: Any, client: Any) -> None:
        bodies.append(body)
        if event["type"] == "app_home_opened":
            home = {"type": "home", "blocks": [{"type": "section", "text": words("Welcome"), "accessory": {
                "type": "button", "action_id": "start", "text": words("Start")}}]}  # fmt: skip
            await client.views_publish(user_id=event["user"], view=home)

    @bolt.command(every)
    async def tell(ack: Any, body: Any, client: Any) -> None:
        bodies.append(body)
        if body["text"] == "plainly":
            await ack("As you say.")
            return
        await client.views_open(trigger_id=body["trigger_id"], view=opened.pop(0) if opened else modal())
        await ack()

    @bolt.options(every)
    async def offer(ack: Any, body: Any) -> None:
        bodies.append(body)
        await ack(options=[option("Acme"), option("Apex")])

    for listen in (bolt.action(every), bolt.view(every), bolt.shortcut(every), bolt.view_closed(every)):

        @listen
        async def take(ack: Any, body: Any) -> None:
            bodies.append(body)
            await ack(**(acks.pop(0) if acks and body["type"] == "view_submission" else {}))

    async with over_http(bolt, team):
        yield bolt


async def open_form(ana: Person, opened: list[dict[str, Any]], *blocks: dict[str, Any], **more: Any) -> None:
    opened.append(modal(*blocks, **more))
    await ana.types("/tell", into="general")


async def test_an_acknowledgement_with_words_is_ephemeral(ana: Person, ben: Person) -> None:
    fresh = await ana.types("/tell plainly", into="general")
    assert [message.text for message in fresh] == ["As you say."]
    assert ben.ephemerals("general") == []


async def test_should_escape(ana: Person, team: Workspace, bodies: list[dict[str, Any]]) -> None:
    await ana.types("/tell @Ben Okafor <b> #general", into="general")
    await ana.types("/raw @Ben Okafor <b>", into="general")
    general = ana.conversation("general").id
    commands = [body["text"] for body in bodies if "command" in body]
    assert commands == [f"<@{team.person('Ben Okafor').id}> &lt;b&gt; <#{general}|general>", "@Ben Okafor <b>"]


async def test_every_kind_of_value(
    ana: Person, team: Workspace, opened: list[dict[str, Any]], bodies: list[dict[str, Any]]
) -> None:
    pair = {"options": [option("Red"), option("Blue")]}
    await open_form(
        ana, opened, field("Words", "plain_text_input"),
        field("Number", "number_input", element={"is_decimal_allowed": False}),
        field("Mail", "email_text_input"), field("Site", "url_text_input"), field("Day", "datepicker"),
        field("One", "static_select", element=pair), field("Some", "multi_static_select", element=pair),
        field("Ticks", "checkboxes", element=pair), field("Radio", "radio_buttons", element=pair),
        field("Who", "users_select"), field("Where", "conversations_select"),
        field("Empty", "plain_text_input", optional=True),
    )  # fmt: skip
    form = ana.modal
    for label, wrong in {"Number": "many", "Mail": "nobody", "Site": "nowhere"}.items():
        form.fill(label, wrong)
    errors = await form.submit()
    assert errors["Number"] == "Please enter a number."
    assert errors["Mail"] == "Please enter a valid email address."
    assert errors["Site"] == "Please enter a valid URL."
    assert errors["Day"] == "Please complete this required field."
    filled = {
        "Words": "a", "Number": 3, "Mail": "a@b.example", "Site": "https://b.example", "Day": date(2026, 12, 1),
        "One": "Red", "Some": ["Blue"], "Ticks": ["Red", "Blue"], "Radio": "Blue", "Who": "Ben Okafor",
        "Where": "general",
    }  # fmt: skip
    for label, value in filled.items():
        form.fill(label, value)
    assert (form.value("Who"), form.value("Some")) == ("Ben Okafor", ["Blue"])
    assert await form.submit() == {}
    values = {block: held["value"] for block, held in bodies[-1]["view"]["state"]["values"].items()}
    assert values["number"] == {"type": "number_input", "value": "3"}
    assert values["day"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert values["one"] == {"type": "static_select", "selected_option": option("Red")}
    assert values["some"] == {"type": "multi_static_select", "selected_options": [option("Blue")]}
    assert values["who"] == {"type": "users_select", "selected_user": team.person("Ben Okafor").id}
    assert values["empty"] == {"type": "plain_text_input", "value": None}


async def test_response_actions(ana: Person, opened: list[dict[str, Any]], acks: list[dict[str, Any]]) -> None:
    await open_form(ana, opened)
    ana.modal.fill("Name", "Acme")
    second = modal(field("Name", "plain_text_input"), title=words("Second"))
    acks += [{"response_action": "push", "view": second}, {"response_action": "update", "view": {**second, "title":
             words("Third")}}, {"response_action": "clear"}]  # fmt: skip
    await ana.modal.submit()
    assert [each.title for each in ana.modals[-1:]] == ["Second"]
    ana.modal.fill("Name", "Apex")
    await ana.modal.submit()
    assert (ana.modal.title, ana.modal.value("Name"), len(ana.modals)) == ("Third", "Apex", 2)
    await ana.modal.submit()
    assert ana.modals == []


async def test_answers_that_slack_would_not_take_keep_the_form(
    ana: Person, opened: list[dict[str, Any]], acks: list[dict[str, Any]]
) -> None:
    await open_form(ana, opened)
    ana.modal.fill("Name", "Acme")
    bad_view = {**modal(), "title": words("x" * 25)}
    acks += [
        {"response_action": "errors", "errors": {"nowhere": "No."}},
        {"response_action": "update", "view": bad_view},
    ]
    with pytest.raises(AppDidNotRespond, match="nowhere"):
        await ana.modal.submit()
    with pytest.raises(AppDidNotRespond, match="less than 25"):
        await ana.modal.submit()
    assert ana.modal.value("Name") == "Acme"


async def test_the_stack_is_three_deep(ana: Person, opened: list[dict[str, Any]], acks: list[dict[str, Any]]) -> None:
    await open_form(ana, opened)
    acks += [{"response_action": "push", "view": modal()}] * 3
    for _ in range(2):
        ana.modal.fill("Name", "x")
        await ana.modal.submit()
    ana.modal.fill("Name", "x")
    with pytest.raises(AppDidNotRespond, match="push_limit_reached"):
        await ana.modal.submit()
    assert len(ana.modals) == 3


async def test_update_keeps_what_was_typed_and_refuses_stale_hashes(
    ana: Person, client: AsyncWebClient, team: Workspace, opened: list[dict[str, Any]]
) -> None:
    await open_form(ana, opened)
    ana.modal.fill("Name", "typed")
    view = team.stack(ana.id)[0]
    old = view.hash
    await client.views_update(view_id=view.id, hash=old, view=modal(field("Name", "plain_text_input", optional=True)))
    assert ana.modal.value("Name") == "typed"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view.id, hash=old, view=modal())
    renamed = field("Name", "plain_text_input") | {"block_id": "other"}
    await client.views_update(view_id=view.id, view=modal(renamed))
    assert ana.modal.value("Name") is None


async def test_triggers_live_three_seconds_and_once(client: AsyncWebClient, team: Workspace, ana: Person) -> None:
    trigger = team.triggers.new(ana.id)
    await client.views_open(trigger_id=trigger, view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=modal())
    team.triggers.lifetime_seconds = -1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=team.triggers.new(ana.id), view=modal())


async def test_external_selects_ask_the_app(
    ana: Person, opened: list[dict[str, Any]], bodies: list[dict[str, Any]]
) -> None:
    await open_form(ana, opened, field("Customer", "external_select"))
    await ana.modal.choose("Customer", "Apex")
    assert bodies[-1]["type"] == "block_suggestion"
    assert ana.modal.value("Customer") == "Apex"
    assert await ana.modal.submit() == {}
    assert bodies[-1]["view"]["state"]["values"]["customer"]["value"]["selected_option"] == option("Apex")


async def test_closing_tells_those_who_asked(
    ana: Person, opened: list[dict[str, Any]], bodies: list[dict[str, Any]]
) -> None:
    await open_form(ana, opened, notify_on_close=True)
    await ana.modal.close()
    assert (bodies[-1]["type"], bodies[-1]["is_cleared"], ana.modals) == ("view_closed", False, [])


async def test_home_is_published_and_pressed(ana: Person, bodies: list[dict[str, Any]]) -> None:
    with pytest.raises(LookupError):
        ana.home.text  # noqa: B018
    home = await ana.opens_home()
    assert home.text == "Welcome\nStart"
    await home.press("Start")
    assert bodies[-1]["container"] == {"type": "view", "view_id": bodies[-1]["view"]["id"]}
    assert bodies[-1]["view"]["type"] == "home"


async def test_a_home_tells_where_and_what_was_chosen(
    ana: Person, client: AsyncWebClient, bodies: list[dict[str, Any]]
) -> None:
    slices = {"type": "static_select", "action_id": "slice", "placeholder": words("Slice"), "options": [option("Team")]}
    menu = {"type": "overflow", "action_id": "menu", "options": [option("Open"), option("Snooze")]}
    rows = [{"type": "section", "text": words(f"Customer {number}"), "accessory": menu} for number in range(99)]
    blocks = [{"type": "actions", "block_id": "top", "elements": [slices]}, *rows]
    home = {"type": "home", "private_metadata": "page 2", "callback_id": "home", "blocks": blocks}
    await client.views_publish(user_id=ana.id, view=home)
    await ana.home.choose("Slice", "Team")
    said = bodies[-1]
    assert (said["type"], said["container"]) == ("block_actions", {"type": "view", "view_id": said["view"]["id"]})
    assert (said["actions"][0]["selected_option"], said["actions"][0]["block_id"]) == (option("Team"), "top")
    assert said["view"]["state"]["values"]["top"]["slice"]["selected_option"] == option("Team")
    assert [said["view"][name] for name in ("type", "private_metadata", "callback_id")] == ["home", "page 2", "home"]
    assert said["view"]["hash"]
    await ana.home.press("Snooze", near="Customer 98")
    assert bodies[-1]["actions"][0]["selected_option"] == option("Snooze")


async def test_a_home_is_published_not_updated_and_once_from_each_hash(ana: Person, client: AsyncWebClient) -> None:
    one = {"type": "section", "text": words("One")}
    home = {"type": "home", "blocks": [one]}
    first = (await client.views_publish(user_id=ana.id, view=home))["view"]
    second = (await client.views_publish(user_id=ana.id, view=home, hash=first["hash"]))["view"]
    assert (second["id"], second["hash"] == first["hash"]) == (first["id"], False)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ana.id, view=home, hash=first["hash"])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=first["id"], view=home)
    with pytest.raises(SlackApiError, match="no more than 100 items"):
        await client.views_publish(user_id=ana.id, view=home | {"blocks": [one] * 101})


async def test_a_conversation_is_chosen_among_those_one_sees(
    team: Workspace, ana: Person, opened: list[dict[str, Any]], bodies: list[dict[str, Any]]
) -> None:
    secret = conversations.create(team, ana.id, "leaders", private=True)
    conversations.create(team, team.person("Ben Okafor").id, "others", private=True)
    where = field("Where", "conversations_select", element={"filter": {"include": ["private", "public"]}})
    await open_form(ana, opened, where, field("Public", "channels_select", optional=True))
    with pytest.raises(LookupError, match="'leaders'"):
        ana.modal.fill("Where", "others")
    with pytest.raises(LookupError):
        ana.modal.fill("Public", "leaders")
    ana.modal.fill("Where", "leaders")
    assert await ana.modal.submit() == {}
    assert bodies[-1]["view"]["state"]["values"]["where"]["value"]["selected_conversation"] == secret.id


async def test_shortcuts(team: Workspace, ana: Person, bodies: list[dict[str, Any]]) -> None:
    [message] = await ana.types("Remember <this> @Ben Okafor", into="general")
    assert message.text == "Remember <this> @Ben Okafor"
    await ana.uses_shortcut("Tell it", message)
    assert (bodies[-1]["type"], bodies[-1]["message"]["ts"]) == ("message_action", message.ts)
    await ana.uses_shortcut("Tell all")
    assert bodies[-1]["type"] == "shortcut"
    with pytest.raises(LookupError, match="Tell all"):
        await ana.uses_shortcut("Nothing")
    messages.post_ephemeral(team, team.channels[message.raw.channel], ana.id, "Only you see this")
    with pytest.raises(Refused, match="no shortcuts"):
        await ana.uses_shortcut("Tell it", ana.ephemerals("general")[-1])


async def test_choices_on_messages(ana: Person, client: AsyncWebClient, bodies: list[dict[str, Any]]) -> None:
    rows: list[dict[str, Any]] = []
    for name in ("Acme", "Apex"):
        menu = {"type": "overflow", "action_id": "menu", "options": [option("Open"), option("Remove")]}
        button = {"type": "button", "action_id": "go", "text": words("Go"), "value": name}
        rows += [{"type": "section", "text": words(name), "accessory": menu}, {"type": "actions", "elements": [button]}]
    select = {"type": "static_select", "action_id": "pick", "placeholder": words("Pick"), "options": [option("Red")]}
    rows.append({"type": "actions", "block_id": "last", "elements": [select]})
    await client.chat_postMessage(channel=ana.id, text="rows", blocks=rows)
    await client.chat_postMessage(channel=ana.id, text="newer", blocks=rows[:2])
    await ana.clicks("Remove", into="Teller", near="Apex")
    assert bodies[-1]["actions"][0]["selected_option"] == option("Remove")
    await ana.clicks("Go", into="Teller", near="Apex")
    assert bodies[-1]["actions"][0]["value"] == "Apex"
    await ana.selects("Pick", "Red", into="Teller")
    assert bodies[-1]["state"]["values"]["last"]["pick"]["selected_option"] == option("Red")
    with pytest.raises(LookupError, match="'Open', 'Remove'"):
        await ana.clicks("Stop", into=ana.dm().last)
    await ana.types("a word to the app", into="Teller")
    assert (bodies[-1]["event"]["channel_type"], bodies[-1]["event"]["text"]) == ("im", "a word to the app")


async def test_response_urls_run_out(
    ana: Person, team: Workspace, opened: list[dict[str, Any]], bodies: list[dict[str, Any]]
) -> None:
    await open_form(ana, opened)
    url = next(body["response_url"] for body in bodies if "command" in body)
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(6):
            async with session.post(url, json={"text": "again"}) as response:
                statuses.append(response.status)
        assert statuses == [200] * 5 + [404]
        team.clock.move(timedelta(minutes=31))
        async with session.post(url, json={"text": "late"}) as response:
            assert (await response.json())["error"] == "expired_url"
    assert len(ana.ephemerals("general")) == 5
