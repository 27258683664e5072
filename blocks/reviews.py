"""Reviewing: the accept and return forms, and the messages that carry a review between CSM and AE."""

from blocks import kit
from blocks.cards import move_button, stage_words
from blocks.forms import choices
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.promises import undated_line
from blocks.questions import card_line
from blocks.responsibilities import responsibilities
from bot.documents import has_read
from bot.handoffs import Handoff, Stage
from bot.playbook import Playbook, label_of
from bot.steps import Move


def accept_view(handoff: Handoff, playbook: Playbook, reviewer: str) -> View:
    """The last look before the CSM takes over."""
    unread = [s for s in playbook.sections if handoff.content(s.id).values and not has_read(s.id, handoff, reviewer)]
    new = [s.label for s in unread if reviewer not in handoff.reads.get(s.id, {})]
    changed = [s.label for s in unread if s.label not in new]
    lists = {"Not marked read yet": new, "Changed since you read it": changed}
    words = "\n".join(f"{what}: {', '.join(labels)}." for what, labels in lists.items() if labels)
    words = words or "You have marked every section read."
    blocks = [
        kit.section(f"You take over *{kit.escape(handoff.customer)}* from {kit.person(handoff.ae)}."),
        kit.context(kit.escape(words)),
        *(kit.section(line) for line in (*card_line(handoff), *undated_line(handoff))),
        *responsibilities(playbook, handoff),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "Accept handoff", blocks, callback_id=Id.ACCEPT_SUBMIT, submit="Accept", close="Not yet", metadata=ref
    )


def return_view(handoff: Handoff, playbook: Playbook) -> View:
    """What is to be mended, so that one round is enough."""
    groups = [
        {
            "label": kit.plain(section.label, kit.MAX_OPTION),
            "options": [kit.option(field.label, f"{section.id}.{field.id}") for field in section.fields],
        }
        for section in playbook.sections
    ]
    gaps = {
        "type": "multi_static_select",
        "option_groups": groups,
        "placeholder": kit.plain("Choose the answers to mend"),
    }
    blocks = [
        kit.field_input("reason", "Reason", kit.select(choices(playbook.return_reasons)), optional=False),
        kit.field_input("gaps", "What needs work", gaps, hint="The AE gets exactly these, each with a button"),
        kit.field_input("words", "In your words", kit.text_input(multiline=True), optional=False),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "Return handoff", blocks, callback_id=Id.RETURN_SUBMIT, submit="Return", close="Cancel", metadata=ref
    )


def review_request(handoff: Handoff, playbook: Playbook, edition: int, reader: str) -> list[Block]:
    """To `reader`, the CSM of that moment: please read this. Redrawn when it is settled, or another's to do."""
    customer = kit.escape(handoff.customer)
    if handoff.stage is not Stage.IN_REVIEW or handoff.submissions != edition or handoff.csm != reader:
        return [kit.section(f"The handoff of *{customer}* is settled here: {settled(handoff)}."), _view_only(handoff)]
    again = f" for the {_ordinal(edition)} time" if edition > 1 else ""
    hours = next((rule.hours for rule in playbook.deadlines if rule.starts == "submitted"), None)
    due = f" Please answer within {hours} hours, while the customer is still warm." if hours else ""
    text = f"{kit.person(handoff.submitted_by)} submitted the handoff of *{customer}*{again}.{due}"
    moves = (Move.VIEW, Move.ACCEPT, Move.SEND_BACK)
    return [kit.section(text), *_asked_for(handoff, playbook), kit.actions(*(move_button(m, handoff) for m in moves))]


def _asked_for(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """After a return: each gap that was named, and whether its section was saved since."""
    lines = []
    for path in handoff.returned.gaps if handoff.returned else ():
        section, field = path.partition(".")[0], playbook.field(path)
        saved = handoff.content(section).at
        changed = handoff.returned and saved and saved > handoff.returned.at
        lines.append(f"• {kit.escape(field.label if field else path)}: {'changed since' if changed else 'not changed'}")
    return [kit.section("*What was asked for*\n" + "\n".join(lines))] if lines else []


def returned(handoff: Handoff, playbook: Playbook, edition: int, reader: str) -> list[Block]:
    """To `reader`, the AE of that moment: only the named gaps, each with its button. Redrawn when it is settled."""
    back, customer = handoff.returned, kit.escape(handoff.customer)
    if back is None or handoff.stage is not Stage.RETURNED or handoff.submissions != edition:
        return [kit.section(f"The return of *{customer}* is settled: {settled(handoff)}."), _view_only(handoff)]
    if handoff.ae != reader:
        return [kit.section(f"{kit.person(handoff.ae)} mends the handoff of *{customer}* now."), _view_only(handoff)]
    reason = kit.escape(label_of(playbook.return_reasons, back.reason))
    blocks = [
        kit.section(f"{kit.person(back.by)} returned the handoff of *{customer}*: {reason}."),
        kit.rich([kit.said(back.words[: kit.MAX_TEXT])]),
        *gap_blocks(handoff, playbook),
    ]
    edit = kit.button("Edit document", Id.DOCUMENT_EDIT, Ref(handoff=handoff.id).pack())
    return [*blocks, kit.actions(move_button(Move.SUBMIT, handoff), edit)]


def gap_blocks(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """The returned gaps by section, each section with its button."""
    blocks = []
    paths = handoff.returned.gaps if handoff.returned else ()
    for section in playbook.sections:
        labels = [field.label for field in section.fields if f"{section.id}.{field.id}" in paths]
        if labels:
            ref = Ref(handoff=handoff.id, section=section.id).pack()
            button = kit.button(f"Open {section.label}", Id.SECTION_OPEN, ref)
            text = kit.escape(f"*{section.label}*\n" + "\n".join(f"• {label}" for label in labels))
            blocks.append(kit.section(text, button))
    return blocks


def accepted(handoff: Handoff) -> list[Block]:
    """To the AE: it is done."""
    customer = kit.escape(handoff.customer)
    text = f"{kit.person(handoff.accepted_by)} accepted the handoff of *{customer}*. Thank you: nobody asks twice."
    return [kit.section(text), _view_only(handoff)]


def settled(handoff: Handoff) -> str:
    """Where it went, for a message whose moment has passed."""
    if handoff.is_accepted:
        return f"accepted by {kit.person(handoff.accepted_by)}"
    if handoff.stage is Stage.RETURNED and handoff.returned:
        return f"returned by {kit.person(handoff.returned.by)}"
    if handoff.stage is Stage.IN_REVIEW:
        return f"submitted to {kit.person(handoff.csm)}"
    return stage_words(handoff).lower()


def _view_only(handoff: Handoff) -> Block:
    return kit.actions(move_button(Move.VIEW, handoff))


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third"}.get(number, f"{number}th")
