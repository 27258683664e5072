"""`/handoff` and its words: help, list, status, and every move by its name."""

import difflib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from blocks import finding as pictures
from blocks.ids import Id, Ref
from blocks.kit import Block, escape
from bot.handoffs import Handoff
from bot.permissions import Act, demand
from bot.refusals import Refusal
from handlers import contracts, documents, history, owners, reviews, setups, starts
from handlers.requests import Click, Command, Request
from store import queries
from store.work import Work

Reply = dict[str, Any]

MOVES: dict[str, tuple[Callable[[Request], Awaitable[None]], str]] = {
    "view": (documents.open_reading, ""),
    "edit": (documents.open_sections, ""),
    "signed": (contracts.open_form, ""),
    "submit": (reviews.submit, "Submitted: the CSM is told."),
    "accept": (reviews.open_accept, ""),
    "return": (reviews.open_return, ""),
    "owners": (owners.open_form, ""),
    "deal": (contracts.open_deal, ""),
    "history": (history.open_history, ""),
    "export": (documents.export, "The Markdown file comes to you in a direct message."),
    "cancel": (contracts.open_cancel, ""),
    "reopen": (contracts.reopen, "Reopened."),
}


async def answer(command: Command) -> Reply:
    """What `/handoff …` answers, seen only by who typed it; {} when a form answers instead."""
    word, _, rest = command.text.partition(" ")
    word, rest = word.lower(), rest.strip()
    match word:
        case "" | "help":
            return _reply(pictures.help_blocks(), "What /handoff can do")
        case "start":
            await starts.open_form(command, rest)
            return {}
        case "setup":
            await setups.open_form(command)
            return {}
        case "list":
            return _reply(await _list(command, 0), "Handoffs")
        case "status":
            return await _status(command, rest)
    if word not in MOVES:
        raise Refusal(_unknown(word))
    door, done = MOVES[word]
    handoff = await command.read(lambda work: _named(work, command, rest, live_first=word != "reopen"))
    await door(replace(command, ref=Ref(handoff=handoff.id)))
    return _reply([], done) if done else {}


async def turn_page(click: Click) -> None:
    """Another page of a list, the history or the document."""
    if click.ref.below == Id.HISTORY_OPEN:
        await click.redraw(await history.history_page(click))
    elif click.ref.below == Id.DOCUMENT_VIEW:
        await click.redraw(await documents.reading_page(click))
    else:
        blocks = await _list(click, click.ref.page)
        await click.reply(blocks, "Handoffs")


async def _status(command: Command, rest: str) -> Reply:
    def look(work: Work) -> list[Block]:
        handoff = _named(work, command, rest)
        demand(Act.READ, command.user, handoff, work.settings())
        return pictures.status_blocks(handoff, work.playbook(handoff))

    return _reply(await command.read(look), "Status")


async def _list(request: Request, page: int) -> list[Block]:
    def look(work: Work) -> list[Block]:
        team = work.settings()
        everybody = not team.cs_team or request.user in team.cs_team
        offset = page * pictures.PER_PAGE
        found = queries.page_of(work, request.user, everybody=everybody, offset=offset, limit=pictures.PER_PAGE)
        rows = [(handoff, work.playbook(handoff)) for handoff in found.handoffs]
        return pictures.list_blocks(rows, request.user, page, found.total)

    return await request.read(look)


def _named(work: Work, command: Command, name: str, *, live_first: bool = True) -> Handoff:
    """The handoff that is meant: by name, or by the channel where the command was typed."""
    if not name:
        if handoff := queries.of_channel(work, command.channel):
            return handoff
        raise Refusal("Which customer? Name one, as in `/handoff status Acme`, or type it in the customer's channel.")
    found = queries.by_customer(work, name)
    if not found:
        raise Refusal(_no_customer(work, command, name))
    if len({handoff.customer for handoff in found}) > 1:
        names = ", ".join(f"*{escape(handoff.customer)}*" for handoff in found[:5])
        raise Refusal(f"Which one do you mean: {names}?")
    cancelled = [handoff for handoff in found if not handoff.is_live]
    return found[0] if live_first or not cancelled else cancelled[0]


def _no_customer(work: Work, command: Command, name: str) -> str:
    team = work.settings()
    readable = not team.cs_team or command.user in team.cs_team
    near = difflib.get_close_matches(name, queries.customer_names(work), n=3) if readable else []
    hint = (
        f" Did you mean {' or '.join(f'*{escape(one)}*' for one in near)}?" if near else " `/handoff list` shows all."
    )
    return f"There is no handoff for *{escape(name)}*.{hint}"


def _unknown(word: str) -> str:
    words = [*MOVES, "start", "list", "status", "setup", "help"]
    near = difflib.get_close_matches(word, words, n=1)
    hint = f"Did you mean `/handoff {near[0]}`?" if near else "`/handoff help` lists what there is."
    return f"`/handoff {escape(word)}` is nothing I know. {hint}"


def _reply(blocks: list[Block], text: str) -> Reply:
    return {"response_type": "ephemeral", "text": text} | ({"blocks": blocks} if blocks else {})
