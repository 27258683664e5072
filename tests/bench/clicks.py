"""What is sent: signed clicks and forms about typical handoffs, as Slack would send them."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import yaml

from app import Settings
from blocks.documents import section_view
from blocks.ids import Id, Ref
from bot import documents
from bot.events import ChannelOpened, HandoffStarted
from bot.handoffs import Deal, Handoff
from bot.playbook import Playbook
from bot.values import Values
from sandbox.state_values import state_values
from store.database import Database
from store.migrate import migrate
from store.playbooks import load_playbook
from store.work import Work
from tests.bench.bare import SECRET
from tests.bench.servers import ROOT
from tests.bench.slack import AE, CSM, TEAM

SECTION, FIELD = "relationship_history", "champion_notes"
_BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)
_unique = itertools.count(1)
_playbooks = load_playbook(Settings.model_fields["playbook"].default)


def prepare(url: str, count: int) -> list[Handoff]:
    """Migrate the database and put `count` typical handoffs into it, with channels and nothing owed to Slack."""
    database = Database(url)
    migrate(database)
    typical = yaml.safe_load((ROOT / "sandbox/customers/brightwater.yml").read_text("utf-8"))["document"]
    with database.engine.begin() as connection:
        work = Work(connection, TEAM, _playbooks)
        made = [_typical(work, number, typical) for number in range(count)]
        connection.exec_driver_sql("DELETE FROM outbox")
    database.close()
    return made


def _typical(work: Work, number: int, document: dict[str, dict[str, Any]]) -> Handoff:
    overview = {key: str(value) for key, value in document["company_overview"].items()}
    overview |= {"company_name": f"Brightwater {number}", "website": f"https://brightwater-{number}.example"}
    facts = {key: overview[key] for key in ("company_name", "website", "contract_value", "currency")}
    deal = Deal.model_validate(facts | {"segment": "mid_market", "timing_model": "at_close"})
    handoff = work.start(HandoffStarted(by=AE, at=_BEGUN, playbook=_playbooks.digest, deal=deal, ae=AE, csm=CSM))
    opened = ChannelOpened(by=AE, at=_BEGUN, channel=f"C{number:09}", name=f"handoff-{number}")
    handoff = work.record(handoff, opened)
    for section, answers in (document | {"company_overview": overview}).items():
        handoff = work.record(handoff, documents.save_values(handoff, section, _values(answers), by=AE, now=_BEGUN))
    return handoff


def _values(answers: dict[str, Any]) -> Values:
    return {
        field: [{"id": str(n)} | {key: str(text) for key, text in row.items()} for n, row in enumerate(value, 1)]
        if isinstance(value, list)
        else str(value)
        for field, value in answers.items()
    }


def saves(handoff: Handoff) -> Iterator[bytes]:
    """Submits of one section's form, each changing one answer and each having seen the save before it."""
    revision = handoff.content(SECTION).revision
    for number in itertools.count(revision):
        ref = Ref(handoff=handoff.id, section=SECTION, revision=number)
        view = drawn(handoff, _playbooks.current, ref.pack())
        view["state"]["values"][FIELD]["answer"]["value"] = f"Noted for the {number}th time: likes short letters."
        yield signed({"type": "view_submission", "view": view})


def opens(handoff: Handoff) -> Iterator[bytes]:
    """Clicks on the button that opens the same section's form."""
    ref = Ref(handoff=handoff.id, section=SECTION).pack()
    while True:
        action = {"type": "button", "action_id": Id.SECTION_OPEN, "block_id": "b1", "value": ref}
        where = {"container": {"type": "message"}, "channel": {"id": handoff.channel_id}}
        yield signed({"type": "block_actions", "actions": [action], **where})


def drawn(handoff: Handoff, playbook: Playbook, metadata: str) -> dict[str, Any]:
    """The section's form as Slack sends it back, with what is typed in it."""
    section = playbook.section(SECTION)
    assert section is not None
    view = section_view(handoff, playbook, section, Ref(handoff=handoff.id), sensitive=True)
    number = next(_unique)
    known = {"id": f"V{number:09}", "hash": f"{number}.abc", "team_id": TEAM, "app_id": "A0BATON", "bot_id": "B0BATON"}
    state = {"values": state_values(view["blocks"], {})}
    return view | known | {"private_metadata": metadata, "state": state, "root_view_id": known["id"]}


def signed(payload: dict[str, Any]) -> bytes:
    """The whole HTTP request."""
    who = {"user": {"id": AE, "username": "ana", "team_id": TEAM}, "team": {"id": TEAM, "domain": "bench"}}
    sent = payload | who | {"api_app_id": "A0BATON", "token": "t", "trigger_id": f"{next(_unique)}.1.abc"}
    return request(urlencode({"payload": json.dumps(sent)}).encode())


def request(body: bytes) -> bytes:
    """A signed POST of a form to Slack's door."""
    timestamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = (
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Slack-Request-Timestamp: {timestamp}",
        f"X-Slack-Signature: v0={digest}",
        f"Content-Length: {len(body)}",
        "\r\n",
    )
    return "\r\n".join(headers).encode() + body
