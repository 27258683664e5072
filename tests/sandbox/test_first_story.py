"""A command, a modal, a message and a click, through real Bolt over both transports."""

from __future__ import annotations

import re
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from sandbox import Workspace
from sandbox.person import Person
from tests.sandbox.conftest import over_http, over_socket


def form(**fields: Any) -> dict[str, Any]:
    name = {"type": "plain_text_input", "action_id": "name"}
    text = {"type": "plain_text", "text": "Name"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Tell a name"},
        "submit": {"type": "plain_text", "text": "Tell"},
        "blocks": [{"type": "input", "block_id": "name", "label": text, "element": name}],
        **fields,
    }


def told(name: str) -> list[dict[str, Any]]:
    button = {"type": "button", "action_id": "well", "text": {"type": "plain_text", "text": "Well told"}, "value": name}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*Told:* {name}"}},
        {"type": "actions", "elements": [button]},
    ]


def install(app: AsyncApp, team: Workspace) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []

    @app.event(re.compile(".*"))
    async def hear(event: Any) -> None:
        """Takes every event, so that none is sent again."""

    @app.command("/tell")
    async def tell(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form(private_metadata=body["channel_id"]))
        await ack()

    @app.view("form")
    async def submit(ack: Any, view: Any, client: Any) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        if name == "Nobody":
            await ack(response_action="errors", errors={"name": "Somebody, please."})
            return
        await client.conversations_join(channel=view["private_metadata"])
        await client.chat_postMessage(channel=view["private_metadata"], text=f"Told: {name}", blocks=told(name))
        await ack()

    @app.action("well")
    async def well(ack: Any, body: Any, respond: Any) -> None:
        seen.append(body)
        await respond("Thank you.")
        await ack()

    return seen


@pytest.mark.parametrize("transport", [over_socket, over_http])
async def test_a_whole_story(transport: Any, bolt: AsyncApp, team: Workspace, ana: Person, ben: Person) -> None:
    seen = install(bolt, team)
    async with transport(bolt, team):
        await ana.types("/tell", into="general")
        assert ana.modal.title == "Tell a name"
        assert await ana.modal.submit() == {"Name": "Please complete this required field."}
        ana.modal.fill("Name", "Nobody")
        assert await ana.modal.submit() == {"Name": "Somebody, please."}
        ana.modal.fill("Name", "Payload Inc.")
        assert await ana.modal.submit() == {}
        assert ana.modals == []
        message = ben.conversation("general").last
        assert (message.text, message.buttons) == ("Told: Payload Inc.\nWell told", ["Well told"])
        await ben.clicks("Well told", into="general")
        assert [m.text for m in ben.ephemerals("general")] == ["Thank you."]
        assert ana.ephemerals("general") == []
    assert seen[0]["actions"][0]["value"] == "Payload Inc."
    assert seen[0]["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": ana.conversation("general").id,
        "is_ephemeral": False,
    }  # fmt: skip
    assert seen[0]["message"]["blocks"][0]["text"]["text"] == "*Told:* Payload Inc."
