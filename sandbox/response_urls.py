"""response_url: five answers to an interaction within thirty minutes, needing no token and no membership."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sandbox import messages
from sandbox.blockkit import problems
from sandbox.errors import SlackError
from sandbox.records import Channel, Json, Message, ResponseUrl
from sandbox.views import with_ids

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

MOST_USES = 5
LIFETIME_SECONDS = 30 * 60


def new(team: Workspace, user: str, channel: Channel, message: Message | None = None) -> str:
    now = team.clock.now().timestamp()
    for old in [url for url in team.response_urls.values() if url.expires < now]:
        del team.response_urls[old.id]
        team.storage.remove(old)
    made = ResponseUrl(
        secrets.token_urlsafe(16), user, channel.id, now + LIFETIME_SECONDS, message.ts if message else None
    )
    team.response_urls[made.id] = made
    team.storage.save(made)
    return f"{team.base_url or 'http://127.0.0.1'}/response/{made.id}"


def use(team: Workspace, key: str, body: Any) -> None:
    made = team.response_urls.get(key)
    if made is None or team.clock.now().timestamp() > made.expires:
        raise SlackError("expired_url")
    if made.uses >= MOST_USES:
        raise SlackError("used_url")
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    made.uses += 1
    team.storage.save(made)
    original = team.messages[made.channel].get(made.message_ts or "")
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        messages.delete(team, original)
        return
    content = checked_content(team, body)
    if body.get("replace_original"):
        if original is None:
            raise SlackError("message_not_found")
        messages.edit(team, original, content, by=team.bot_user_id)
    else:
        answer(team, made.user, team.channels[made.channel], body, content)


def answer(team: Workspace, user: str, channel: Channel, body: Json, content: Json) -> Message:
    """An ephemeral message, or one for everybody with response_type in_channel."""
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_response_type")
    content = content | {"thread_ts": body.get("thread_ts")}
    if body.get("response_type") == "in_channel":
        return messages.post(team, channel, team.bot_user_id, by_app=True, **content)
    return messages.post_ephemeral(team, channel, user, **content)


def checked_content(team: Workspace, body: Json) -> Json:
    text, blocks = body.get("text") or "", body.get("blocks")
    if not isinstance(text, str) or not (text.strip() or blocks or body.get("attachments")):
        raise SlackError("no_text")
    if blocks and (found := problems(blocks, "message", team.refused_blocks)):
        raise SlackError("invalid_blocks", messages=found)
    return {"text": text, "blocks": with_ids(blocks) if blocks else None, "attachments": body.get("attachments")}
