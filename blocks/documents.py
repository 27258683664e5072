"""The document in modals: the list of sections, what is missing, one section's form, one row's form."""

from collections.abc import Iterable, Sequence

from blocks import kit
from blocks.captures import note
from blocks.cards import section_line
from blocks.forms import inputs
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.values import row_words, value_words
from bot.captures import to_review
from bot.documents import Merge, Missing, missing_in, rows_of
from bot.events import Change
from bot.handoffs import Handoff
from bot.playbook import Kind, Playbook, PlaybookField, Section
from bot.values import Row, Value, Values


def sections_view(handoff: Handoff, playbook: Playbook) -> View:
    """Every section with its state and a button to its form."""
    blocks = [kit.context(f"{kit.escape(handoff.customer)} — save section by section; half an answer is welcome.")]
    for section in playbook.sections:
        open_it = _open_button(handoff, section, Id.DOCUMENT_EDIT, "Edit")
        blocks.append(kit.section(section_line(section, handoff), open_it))
    return kit.modal("Edit document", blocks, callback_id=Id.READ_ONLY)


def missing_view(handoff: Handoff, playbook: Playbook, missing: Sequence[Missing]) -> View:
    """What still stands before a submission, each with a button that opens it."""
    blocks: list[Block] = []
    if not handoff.csm:
        owners = kit.button("Change owners", Id.OWNERS_OPEN, Ref(handoff=handoff.id).pack())
        blocks.append(kit.section("*Customer success manager*\nNobody is named to review it.", owners))
    for section in playbook.sections:
        labels = [gap.field.label for gap in missing if gap.section is section]
        if captured := len(to_review(handoff, section.id)):
            labels.append(f"{captured} captured from messages, to be reviewed")
        if labels:
            text = kit.escape(f"*{section.label}*\n" + "\n".join(f"• {label}" for label in labels))
            blocks.append(kit.section(text, _open_button(handoff, section, Id.SUBMIT, f"Open {section.label}")))
    if blocks:
        count, captured = len(missing), len(to_review(handoff))
        what = (
            f"{count} required answer{'s are' if count > 1 else ' is'} missing."
            if count
            else f"{captured} captured message{'s are' if captured > 1 else ' is'} to be reviewed."
            if captured
            else "One thing is missing."
        )
        return kit.modal("Not ready yet", [kit.section(what), *blocks], callback_id=Id.READ_ONLY)
    submit = kit.button("Submit for review", Id.SUBMIT, Ref(handoff=handoff.id).pack(), kit.Style.PRIMARY)
    return kit.modal(
        "Ready", [kit.section("Every required answer is there."), kit.actions(submit)], callback_id=Id.READ_ONLY
    )


def section_view(
    handoff: Handoff, playbook: Playbook, section: Section, ref: Ref, *, sensitive: bool, merged: Merge | None = None
) -> View:
    """One section's form, prefilled. With `merged`: what others saved meanwhile is shown, what was typed is kept."""
    content = handoff.content(section.id)
    fields = [field for field in section.fields if sensitive or not field.sensitive]
    shown: Values = merged.values if merged else content.values
    redrawn = dict.fromkeys(merged.by_others, f"~{content.revision}") if merged else {}
    blocks: list[Block] = []
    if merged and merged.by_others:
        blocks.append(
            kit.section(":warning: *Somebody saved this section while you were writing.* Look, then save again.")
        )
        blocks += [_changed_by_other(section, *one) for one in merged.by_others.values()]
    for field in fields:
        if field.kind is Kind.ROWS:
            blocks += _rows(handoff, section, field)
        else:
            blocks += inputs(playbook, [field], shown, segment=handoff.segment, redrawn=redrawn)
    blocks += _gaps(handoff, section)
    simple = any(field.kind is not Kind.ROWS for field in fields)
    metadata = ref.model_copy(update={"section": section.id, "revision": content.revision}).pack()
    return kit.modal(
        section.label,
        blocks,
        callback_id=Id.SECTION_SAVE,
        submit="Save" if simple else "",
        close="Close",
        metadata=metadata,
    )


def row_view(
    playbook: Playbook, field: PlaybookField, ref: Ref, row: Row, theirs: Row | None = None, by: str = ""
) -> View:
    """One repeated row's form. `theirs`: what somebody saved in it meanwhile; what the two agree on is redrawn."""
    values: dict[str, Value] = dict(row)
    agreed = [key for key, text in (theirs or {}).items() if text == row.get(key)]
    redrawn = dict.fromkeys(agreed, f"~{ref.revision}")
    blocks: list[Block] = []
    if theirs is not None:
        now = row_words(field, theirs) or "removed"
        blocks.append(kit.section(f":warning: *{kit.person(by)} changed this meanwhile.* Look, then save again."))
        blocks.append(kit.literal(f"Theirs: {now}"))
    for column in field.columns:
        blocks += inputs(playbook, [column], values, redrawn=redrawn)
        blocks[-1]["optional"] = not column.required
    verb = "Add" if ref.is_new else "Edit"
    title = kit.clip(f"{verb} {field.item}", kit.MAX_TITLE)
    return kit.modal(title, blocks, callback_id=Id.ROW_SAVE, submit="Save", close="Cancel", metadata=ref.pack())


def _open_button(handoff: Handoff, section: Section, below: Id, text: str) -> kit.Element:
    ref = Ref(handoff=handoff.id, section=section.id, below=below).pack()
    return kit.button(text, Id.SECTION_OPEN, ref, label=f"{text} {section.label}" if text == "Edit" else "")


def _rows(handoff: Handoff, section: Section, field: PlaybookField) -> Iterable[Block]:
    needed = " — needed before review" if field.is_required(handoff.segment) else ""
    yield {**kit.section(f"*{kit.escape(field.label)}*{needed}"), "block_id": f"rows-{field.id}"}
    unreviewed = to_review(handoff, section.id)
    for row in rows_of(handoff, section.id, field.id):
        verbs = [("Edit", "edit"), ("Move up", "up"), ("Move down", "down"), ("Remove", "remove")]
        if row["id"] in unreviewed:
            verbs.insert(0, ("Looks right", "right"))
        menu = kit.overflow(Id.ROW_MENU, [kit.option(text, f"{verb} {field.id} {row['id']}") for text, verb in verbs])
        yield {**kit.literal(row_words(field, row), menu), "block_id": f"row-{field.id}-{row['id']}"}
        yield from note(handoff, row["id"])
    ref = Ref(handoff=handoff.id, section=section.id, field=field.id).pack()
    yield {**kit.actions(kit.button(f"Add {field.item}", Id.ROW_ADD, ref)), "block_id": f"add-{field.id}"}


def _gaps(handoff: Handoff, section: Section) -> Iterable[Block]:
    missing = missing_in(section, handoff)
    if missing:
        yield kit.context(f"Still to go: {', '.join(kit.escape(gap.field.label) for gap in missing)}.")


def _changed_by_other(section: Section, change: Change, who: str) -> Block:
    field = section.by_id[change.field]
    theirs = change.after if isinstance(change.after, str) else ""
    if field.kind is Kind.PERSON:
        said = kit.person(theirs)
    else:
        said = kit.escape(kit.clip(value_words(field, theirs), 500)) or "nothing"
    return kit.section(f"{kit.person(who)} set *{kit.escape(field.label)}* to: {said}")
