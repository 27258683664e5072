"""POST /slack/events: only what Slack signed lately comes through, and just as it was typed."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.types import Message

from web.site import site
from web.slack import slack_door

SECRET = "signing-secret"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
COMMAND = {"command": "/handoff", "text": "help", "team_id": "T1", "user_id": "U1", "trigger_id": "1.1"}


async def authorize() -> AuthorizeResult:
    """Every team is the one."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0")


async def is_well() -> bool:
    """Always."""
    return True


class Door:
    """The door with a real Bolt app behind it that remembers what reached it."""

    def __init__(self) -> None:
        self.reached: list[dict[str, Any]] = []
        app = AsyncApp(authorize=authorize, process_before_response=True, request_verification_enabled=False)

        async def remember(ack: Any, body: dict[str, Any]) -> None:
            self.reached.append(body)
            await ack()

        app.command(re.compile(".*"))(remember)
        app.view(re.compile(".*"))(remember)
        app.event(re.compile(".*"))(remember)
        self._site = site(is_well, slack_door(app, SECRET, lambda: NOW))

    async def post(self, body: bytes, headers: dict[str, str], content_type: str = FORM) -> tuple[int, bytes]:
        """Status and body of the answer; the request comes in two parts."""
        answer: list[Message] = []
        half = len(body) // 2
        parts = iter([(body[:half], True), (body[half:], False)])

        async def receive() -> Message:
            part, more = next(parts)
            return {"type": "http.request", "body": part, "more_body": more}

        async def send(message: Message) -> None:
            answer.append(message)

        named = [(name.encode(), value.encode()) for name, value in ({"content-type": content_type} | headers).items()]
        scope = {"type": "http", "method": "POST", "path": "/slack/events", "headers": named, "query_string": b""}
        await self._site(scope, receive, send)
        return answer[0]["status"], b"".join(part.get("body", b"") for part in answer[1:])


def signature(body: bytes, at: datetime = NOW, key: str = SECRET) -> dict[str, str]:
    """Slack's headers."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(key.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}"}


def command(**fields: str) -> bytes:
    """A slash command's body."""
    return urlencode(COMMAND | fields).encode()


SIGNED = signature(command())
UNSIGNED: dict[str, dict[str, str]] = {
    "no signature": {},
    "no timestamp": {"x-slack-signature": SIGNED["x-slack-signature"]},
    "another secret": signature(command(), key="guess"),
    "five minutes late": signature(command(), NOW - timedelta(seconds=301)),
    "five minutes early": signature(command(), NOW + timedelta(seconds=301)),
    "the signature of another body": signature(command(text="list")),
    "another moment's signature": SIGNED | {"x-slack-request-timestamp": str(int(NOW.timestamp()) + 1)},
    "a timestamp in words": SIGNED | {"x-slack-request-timestamp": "now"},
    "no Latin letters": SIGNED | {"x-slack-signature": "v0=ünsigned"},
}


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED)
async def test_what_slack_did_not_sign_lately_is_turned_away(headers: dict[str, str]) -> None:
    door = Door()
    assert (await door.post(command(), headers))[0] == 401
    assert door.reached == []


@pytest.mark.parametrize("seconds", [-299, 0, 299])
async def test_what_slack_signed_within_five_minutes_comes_in(seconds: int) -> None:
    door = Door()
    assert (await door.post(command(), signature(command(), NOW + timedelta(seconds=seconds))))[0] == 200
    assert door.reached == [COMMAND]


@pytest.mark.parametrize(
    "text", ["start Payload Inc.", "start payload=%7B%7D", "start A & B + C = 100 %", "Æ 😀 <!here>", ""]
)
async def test_a_command_arrives_as_it_was_typed(text: str) -> None:
    door = Door()
    body = command(text=text)
    assert (await door.post(body, signature(body)))[0] == 200
    assert door.reached[0]["text"] == text


@settings(max_examples=30, deadline=None)
@given(st.text())
async def test_a_form_arrives_as_it_was_typed(text: str) -> None:
    door = Door()
    view = {"type": "modal", "id": "V1", "callback_id": "form", "private_metadata": text}
    sent = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    body = urlencode({"payload": json.dumps(sent)}).encode()
    assert (await door.post(body, signature(body)))[0] == 200
    assert [one["view"]["private_metadata"] for one in door.reached] == [text]


async def test_an_event_arrives() -> None:
    door = Door()
    event = {"type": "event_callback", "team_id": "T1", "event": {"type": "app_home_opened", "user": "U1"}}
    body = json.dumps(event).encode()
    assert (await door.post(body, signature(body), "application/json"))[0] == 200
    assert door.reached == [event]


async def test_slack_may_check_that_the_address_is_ours() -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    assert await Door().post(body, signature(body), "application/json") == (200, b"abc")


async def test_what_is_too_large_for_slack_is_not_read_to_its_end() -> None:
    body = b"payload=" + b"x" * 8_000_000
    assert (await Door().post(body, signature(body)))[0] == 413


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"payload=%7B", FORM), (b"payload=%5B%5D", FORM), (b"[]", "application/json"), (b"\xff", "application/json")],
)
async def test_what_makes_no_sense_is_a_bad_request(body: bytes, content_type: str) -> None:
    door = Door()
    assert (await door.post(body, signature(body), content_type))[0] in (400, 401)
    assert door.reached == []
