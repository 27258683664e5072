"""Repeated rows: add, edit, move, remove. Each is saved at once; what is typed in the section's form stays."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any

from blocks.documents import row_view
from blocks.ids import Ref
from blocks.kit import View
from bot import documents
from bot.captures import review
from bot.events import Event
from bot.handoffs import Handoff
from bot.refusals import Refusal
from bot.values import Row
from handlers.documents import editable, section_form, section_of, view_below
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_row(click: Click) -> None:
    """Show the form of a new row. It has its id from now on: saved twice, it is one row."""
    await open_known(replace(click, ref=click.ref.model_copy(update={"row": secrets.token_hex(4), "is_new": True})))


async def choose(click: Click) -> None:
    """An entry of a row's menu."""
    if click.chosen == "edit":
        await open_known(click)
        return
    under = Ref.unpack(click.view.get("private_metadata", ""))

    def change(work: Work) -> dict[str, View]:
        handoff = editable(work, click)
        where = (click.ref.section, click.ref.field, handoff, click.ref.row)
        event: Event | None
        if click.chosen == "right":
            event = review(handoff, click.ref.row, by=click.user, now=click.now)
        elif click.chosen == "remove":
            event = documents.remove_row(*where, by=click.user, now=click.now)
        else:
            event = documents.move_row(*where, -1 if click.chosen == "up" else 1, by=click.user, now=click.now)
        return _redrawn(work, work.record(handoff, event), click.view["id"], under, click.user)

    await _redraw(click, await click.commit(change))


async def save(form: Form) -> dict[str, Any] | None:
    """Save the row and redraw the section under it. Twice the same changes nothing."""
    ref = form.ref

    def keep(work: Work) -> tuple[View | None, dict[str, View]]:
        handoff = editable(work, form)
        playbook = work.playbook(handoff)
        section = section_of(playbook, ref.section)
        saved = documents.save_row(section, ref.field, handoff, ref.row, form.answers, by=form.user, now=form.now)
        if saved and not ref.is_new and (other := _changed_meanwhile(work, handoff, ref)):
            base, theirs, by = other
            again = ref.model_copy(update={"revision": handoff.content(section.id).revision})
            merged = documents.merge_row(form.answers, base, theirs) if theirs else form.answers
            return row_view(playbook, section.by_id[ref.field], again, merged, theirs, by), {}
        after = work.record(work.record(handoff, saved), review(handoff, ref.row, by=form.user, now=form.now))
        under = Ref(handoff=ref.handoff, section=ref.section, parent=ref.grandparent, below=ref.below)
        return None, _redrawn(work, after, ref.parent, under, form.user) if ref.parent else {}

    again, redrawn = await form.commit(keep)
    if again:
        return {"response_action": "update", "view": again}
    await _redraw(form, redrawn)
    return None


async def open_known(click: Click) -> None:
    """Show the form of a row that is there."""
    ref = click.ref
    under = Ref.unpack(click.view.get("private_metadata", ""))

    def look(work: Work) -> View:
        handoff = editable(work, click)
        playbook = work.playbook(handoff)
        section = section_of(playbook, ref.section)
        row = _row(handoff, ref)
        if not row and not ref.is_new:
            raise Refusal("Somebody removed this row meanwhile.")
        here = {"parent": click.view.get("id", ""), "grandparent": under.parent, "below": under.below}
        opened = ref.model_copy(update=here | {"revision": handoff.content(section.id).revision})
        return row_view(playbook, section.by_id[ref.field], opened, row)

    await click.open(await click.read(look))


def _redrawn(work: Work, handoff: Handoff, view_id: str, under: Ref, user: str) -> dict[str, View]:
    """The section's form (the view `view_id`), and the view below it, as they should look now."""
    views = {view_id: section_form(work, handoff, under, user)}
    below = view_below(handoff, work.playbook(handoff), under)
    return views | ({under.parent: below} if below else {})


async def _redraw(request: Request, views: dict[str, View]) -> None:
    await asyncio.gather(*(request.update(view_id, view) for view_id, view in views.items()))


def _changed_meanwhile(work: Work, handoff: Handoff, ref: Ref) -> tuple[Row, Row, str] | None:
    """The row as it was when it was opened, as it is now ({} when it was removed), and who changed it last."""
    if handoff.content(ref.section).revision == ref.revision:
        return None
    name = f"{ref.field}[{ref.row}]"
    saves = work.saves_since(handoff, ref.section, ref.revision)
    changes = [(change.before, save.by) for save in saves for change in save.changes if change.field == name]
    if not changes:
        return None
    base = changes[0][0]
    return (base if isinstance(base, dict) else {}), _row(handoff, ref), changes[-1][1]


def _row(handoff: Handoff, ref: Ref) -> Row:
    """The row as it stands; {} when it is not there."""
    return next((row for row in documents.rows_of(handoff, ref.section, ref.field) if row["id"] == ref.row), {})
