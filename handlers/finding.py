"""`/handoff` and its words: help, list, status, and every move by its name."""

import difflib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from blocks import finding as pictures
from blocks.ids import Id, Ref
from blocks.kit import Block, clip, escape
from bot.customers import customer_key
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, demand, may
from bot.refusals import Refusal
from handlers import (
    completion,
    contracts,
    deadlines,
    deals,
    digests,
    documents,
    escalations,
    history,
    homes,
    imports,
    lessons,
    meetings,
    metrics,
    owners,
    preferences,
    promises,
    questions,
    reviews,
    setups,
    starts,
    surveys,
    teams,
)
from handlers.deadlines import sight
from handlers.requests import Click, Command, Request
from store import queries
from store.work import Work

Reply = dict[str, Any]
_ALIKE = 0.7
_ECHOED = 80  # of what was typed
_REMEMBERED = 200

# Each move answers in words, or (None) with a form.
MOVES: dict[str, Callable[[Request], Awaitable[str | None]]] = {
    "view": documents.open_reading,
    "ask": questions.open_ask,
    "questions": questions.open_list,
    "escalate": escalations.open_form,
    "meetings": meetings.open_list,
    "introduce": meetings.open_introduction,
    "contact": meetings.open_contact,
    "edit": documents.open_sections,
    "signed": contracts.open_form,
    "submit": reviews.submit,
    "accept": reviews.open_accept,
    "return": reviews.open_return,
    "assign": owners.open_assign,
    "owners": owners.open_form,
    "who": owners.open_who,
    "deal": contracts.open_deal,
    "why": deadlines.open_why,
    "complete": completion.open_form,
    "feedback": completion.open_feedback,
    "survey": surveys.open_form,
    "keep": completion.keep_channel,
    "history": history.open_history,
    "export": documents.export,
    "cancel": contracts.open_cancel,
    "reopen": contracts.reopen,
}


async def answer(command: Command) -> Reply:
    """What `/handoff …` answers, seen only by who typed it; {} when a form answers instead."""
    word, _, rest = command.text.partition(" ")
    word, rest = word.lower(), rest.strip()
    if known := WORDS.get(word or "help"):
        return await known(command, rest)
    if word not in MOVES:
        raise Refusal(await command.read(lambda work: _unknown(work, command, word)))
    handoff = await command.read(lambda work: _named(work, command, rest, wanted=_WANTED.get(word)))
    done = await MOVES[word](replace(command, ref=Ref(handoff=handoff.id)))
    return _reply([], done) if done else {}


async def _help(_: Command, _rest: str) -> Reply:
    return _reply(pictures.help_blocks(), "What /handoff can do")


async def _start(command: Command, rest: str) -> Reply:
    await starts.open_form(command, rest)
    return {}


async def _digest(command: Command, rest: str) -> Reply:
    return _reply(*await digests.answer(command, rest))


async def _lessons(command: Command, rest: str) -> Reply:
    return _reply(*await lessons.answer(command, rest))


async def _setup(command: Command, _: str) -> Reply:
    await setups.open_form(command)
    return {}


async def _deals(command: Command, rest: str) -> Reply:
    await (imports.open_form if rest.lower() == "import" else deals.open_list)(command)
    return {}


async def _teams(command: Command, _: str) -> Reply:
    await teams.open_form(command)
    return {}


async def _settings(command: Command, _: str) -> Reply:
    await preferences.open_settings(command)
    return {}


async def _away(command: Command, rest: str) -> Reply:
    said = await preferences.answer_away(command, rest)
    return _reply([], said) if said else {}


async def _mine(command: Command, _: str) -> Reply:
    return _reply(await deadlines.list_mine(command), "What you owe")


async def _metrics(command: Command, rest: str) -> Reply:
    return _reply(await metrics.told(command, rest), "The figures")


async def _promises(command: Command, rest: str) -> Reply:
    if (which := rest.lower()) in ("mine", "overdue"):
        return _reply(await promises.list_across(command, overdue=which == "overdue"), f"Promises: {which}")
    if not rest and not await command.read(lambda work: queries.of_channel(work, command.channel)):
        return _reply(await promises.list_across(command, overdue=False), "Promises: mine")
    handoff = await command.read(lambda work: _named(work, command, rest))
    await promises.open_list(replace(command, ref=Ref(handoff=handoff.id)))
    return {}


async def _all(command: Command, _: str) -> Reply:
    return _reply(await _list(command, 0), "Handoffs")


async def turn_page(click: Click) -> None:
    """Another page of a list, the history or the document."""
    if click.ref.below == Id.HISTORY_OPEN:
        await click.redraw(await history.history_page(click))
    elif click.ref.below == Id.DOCUMENT_VIEW:
        await click.redraw(await documents.reading_page(click))
    elif click.ref.below == Id.QUESTIONS_OPEN:
        await click.redraw(await questions.list_page(click))
    elif click.ref.below == Id.FIGURE_OPEN:
        await click.redraw(await metrics.evidence_page(click))
    elif click.ref.below == Id.DEALS_OPEN:
        await click.redraw(await deals.list_page(click))
    elif click.view.get("type") == "home":
        await homes.turn(click)
    else:
        blocks = await _list(click, click.ref.page)
        await click.reply(blocks, "Handoffs")


async def _status(command: Command, rest: str) -> Reply:
    def look(work: Work) -> list[Block]:
        handoff = _named(work, command, rest)
        demand(Act.READ, command.user, handoff, work.settings())
        return pictures.status_blocks(sight(work, handoff, command.now))

    return _reply(await command.read(look), "Status")


# The words that are not about one handoff.
WORDS: dict[str, Callable[[Command, str], Awaitable[Reply]]] = {
    "help": _help,
    "start": _start,
    "mine": _mine,
    "promises": _promises,
    "list": _all,
    "status": _status,
    "metrics": _metrics,
    "settings": _settings,
    "away": _away,
    "deals": _deals,
    "teams": _teams,
    "setup": _setup,
    "digest": _digest,
    "lessons": _lessons,
}


async def _list(request: Request, page: int) -> list[Block]:
    def look(work: Work) -> list[Block]:
        team = work.settings()
        everybody = not team.cs_team or request.user in team.cs_team
        offset = page * pictures.PER_PAGE
        found = queries.page_of(work, request.user, everybody=everybody, offset=offset, limit=pictures.PER_PAGE)
        rows = [sight(work, handoff, request.now) for handoff in found.handoffs]
        return pictures.list_blocks(rows, request.user, page, found.total)

    return await request.read(look)


_WANTED = {"reopen": Stage.CANCELLED, "complete": Stage.ACCEPTED, "feedback": Stage.COMPLETED, "keep": Stage.COMPLETED}


def _named(work: Work, command: Command, name: str, *, wanted: Stage | None = None) -> Handoff:
    """The handoff that is meant: by name (rather one at the stage `wanted`, else a live one), or by the channel."""
    if not name:
        if handoff := queries.of_channel(work, command.channel):
            return handoff
        raise Refusal("Which customer? Name one, as in `/handoff status Acme`, or type it in the customer's channel.")
    found = queries.by_customer(work, name)
    team = work.settings()
    readable = [handoff for handoff in found if may(Act.READ, command.user, handoff, team)]
    if not found:
        raise Refusal(_no_customer(work, command, name))
    fitting = _fitting(readable, name, wanted)
    if len({handoff.customer for handoff in fitting}) > 1:
        names = ", ".join(f"*{escape(one)}*" for one in dict.fromkeys(handoff.customer for handoff in fitting[:5]))
        raise Refusal(f"Which one do you mean: {names}?")
    return next(iter((*fitting, *found)))


def _fitting(found: list[Handoff], name: str, stage: Stage | None) -> list[Handoff]:
    """Those that fit best: of one customer spelt in two ways the one at `stage` (or live), else the name as spelt."""
    one_customer = len({customer_key(handoff.customer) for handoff in found}) == 1
    wanted = [handoff for handoff in found if (handoff.stage is stage if stage else handoff.is_live)]
    if wanted and (one_customer or len({handoff.customer for handoff in found}) == 1):
        return wanted[:1]
    return [handoff for handoff in found if handoff.customer.casefold() == name.casefold()] or found


def _no_customer(work: Work, command: Command, name: str) -> str:
    near = _like(work, command, name)
    hint = f" Did you mean {' or '.join(near)}?" if near else " `/handoff list` shows those that there are."
    return f"There is no handoff for *{escape(clip(name, _ECHOED))}*.{hint}"


def _unknown(work: Work, command: Command, word: str) -> str:
    words = [*MOVES, *WORDS]
    near = [f"`/handoff status` {name}" for name in _like(work, command, command.text)]
    near = near or [f"`/handoff {known}`" for known in difflib.get_close_matches(word, words, n=1)]
    hint = f"Did you mean {' or '.join(near)}?" if near else "`/handoff help` lists what there is."
    return f"`/handoff {escape(clip(word, _ECHOED))}` is nothing I know. {hint}"


def _like(work: Work, command: Command, name: str) -> list[str]:
    """Customers whose name, or a word of it, is much like `name`, as far as the person may read them."""
    team = work.settings()
    if team.cs_team and command.user not in team.cs_team:
        mine = queries.page_of(work, command.user, everybody=False, offset=0, limit=_REMEMBERED)
        customers = [handoff.customer for handoff in mine.handoffs]
    else:
        customers = queries.customer_names(work)
    keys = [(customer_key(customer), customer) for customer in reversed(customers)]
    spelt = {word: customer for key, customer in keys for word in key.split()} | dict(keys)
    near = difflib.get_close_matches(customer_key(name), spelt, n=3, cutoff=_ALIKE)
    return [f"*{escape(customer)}*" for customer in dict.fromkeys(spelt[key] for key in near)]


def _reply(blocks: list[Block], text: str) -> Reply:
    return {"response_type": "ephemeral", "text": text} | ({"blocks": blocks} if blocks else {})
