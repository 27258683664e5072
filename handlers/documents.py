"""Writing and reading the document: the section list, one section's form, reading whole, export."""

from typing import Any

from blocks import kit
from blocks.documents import missing_view, section_view, sections_view
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.pages import pager
from blocks.reading import read_proof, reading
from bot import documents
from bot.documents import missing_fields
from bot.errands import Errand, Kind
from bot.handoffs import Handoff, Stage
from bot.permissions import Act, demand, may, may_see_sensitive
from bot.playbook import Playbook, Section
from bot.refusals import Refusal
from handlers.pages import page, tell
from handlers.requests import Click, Form, Request
from store.work import Work


async def open_sections(request: Request) -> None:
    """Show every section with its state."""

    def look(work: Work) -> View:
        handoff = editable(work, request)
        return sections_view(handoff, work.playbook(handoff))

    await request.open(await request.read(look))


async def open_section(click: Click) -> None:
    """Show one section's form."""
    ref = click.ref.model_copy(update={"parent": click.view.get("id", "")})
    await click.open(await click.read(lambda work: section_form(work, editable(work, click), ref, click.user)))


async def save_section(form: Form) -> dict[str, Any] | None:
    """Save what was typed (twice changes nothing); when somebody saved meanwhile, show both and lose neither."""

    def save(work: Work) -> tuple[View | None, View | None]:
        handoff = editable(work, form)
        playbook = work.playbook(handoff)
        section = section_of(playbook, form.ref.section)
        saved = documents.save_section(section, handoff, form.answers, by=form.user, now=form.now)
        content, seen = handoff.content(section.id), form.ref.revision
        if saved and content.revision != seen:
            # One's own saves count too: the form may have stood open on another device.
            saves = work.saves_since(handoff, section.id, seen)
            unsaved = content if content.revision - seen > len(saves) else None
            merged = documents.merge(form.answers, handoff, saves, unsaved)
            if merged.by_others:
                return section_form(work, handoff, form.ref, form.user, merged), None
        return None, view_below(work.record(handoff, saved), playbook, form.ref)

    merge, parent = await form.commit(save)
    if merge:
        return {"response_action": "update", "view": merge}
    if parent:
        await form.update(form.ref.parent, parent)
    return None


async def open_reading(request: Request) -> None:
    """Show the document whole, page by page."""
    await request.open(await reading_page(request))


@page(Id.DOCUMENT_VIEW)
async def reading_page(request: Request) -> View:
    """One page of the document, as the person may see it."""
    return await request.look(
        Act.READ, lambda work, handoff: reading_view(work, handoff, request.user, request.ref.page)
    )


def reading_view(work: Work, handoff: Handoff, user: str, page: int) -> View:
    """One page of the document, as `user` may see it."""
    team = work.settings()
    marks = (handoff.stage is Stage.IN_REVIEW or handoff.is_accepted) and may(Act.REVIEW, user, handoff, team)
    sensitive = may_see_sensitive(user, handoff, team)
    pages = reading(handoff, work.playbook(handoff), sensitive=sensitive, reader=user, marks=marks)
    page = min(max(page, 0), len(pages) - 1)
    here = Ref(handoff=handoff.id, page=page, below=Id.DOCUMENT_VIEW)
    export_it = kit.button("Export as Markdown", Id.DOCUMENT_EXPORT, Ref(handoff=handoff.id).pack())
    head: list[Block] = [kit.section(f"*{kit.escape(handoff.customer)}* · {handoff.stage.label}", export_it)]
    if proof := read_proof(handoff, work.playbook(handoff)):
        head.append(kit.context(proof))
    if len(pages) > 1:
        head.append(kit.context(f"Page {page + 1} of {len(pages)}"))
    blocks = [*head, *pages[page], *pager(here, more=page + 1 < len(pages))]
    return kit.modal("Handoff document", blocks, metadata=here.pack())


async def mark_read(click: Click) -> None:
    """The reviewer has read a section."""
    page = Ref.unpack(click.view.get("private_metadata", "")).page

    def mark(work: Work) -> View:
        handoff = work.handoff(click.ref.handoff)
        demand(Act.REVIEW, click.user, handoff, work.settings())
        read = documents.mark_read(click.ref.section, handoff, click.ref.revision, by=click.user, now=click.now)
        return reading_view(work, work.record(handoff, read), click.user, page)

    await click.redraw(await click.commit(mark))


async def export(request: Request) -> str:
    """Send the document as a Markdown file, by DM."""
    words = "The Markdown file comes to you in a direct message."

    def send(work: Work) -> None:
        handoff = work.handoff(request.ref.handoff)
        demand(Act.READ, request.user, handoff, work.settings())
        errand = Errand(Kind.SEND_EXPORT, f"person:{request.user}", {"person": request.user}, merges=True)
        work.post([errand], request.now, handoff)

    await request.commit(send)
    if isinstance(request, Click) and request.view:
        await tell(request, "On its way", words)
    return words


def section_of(playbook: Playbook, section_id: str) -> Section:
    """The section of that id."""
    section = playbook.section(section_id)
    if section is None:
        raise Refusal("The playbook of this handoff has no such section.")
    return section


def editable(work: Work, request: Request) -> Handoff:
    """The handoff this is about, if the person may write in it now."""
    handoff = work.handoff(request.ref.handoff)
    demand(Act.CHANGE, request.user, handoff, work.settings())
    documents.refuse_unless_editable(handoff)
    return handoff


def section_form(work: Work, handoff: Handoff, ref: Ref, user: str, merged: documents.Merge | None = None) -> View:
    """One section's form as `user` may see it."""
    playbook = work.playbook(handoff)
    sensitive = may_see_sensitive(user, handoff, work.settings())
    return section_view(handoff, playbook, section_of(playbook, ref.section), ref, sensitive=sensitive, merged=merged)


def view_below(handoff: Handoff, playbook: Playbook, ref: Ref) -> View | None:
    """The view under a section's form as it should look now, if there is one."""
    if not ref.parent:
        return None
    if ref.below == Id.SUBMIT:
        return missing_view(handoff, playbook, missing_fields(playbook, handoff))
    return sections_view(handoff, playbook) if ref.below == Id.DOCUMENT_EDIT else None
