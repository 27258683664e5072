"""The small forms of the deal: contract signed, its facts, and cancelling."""

from collections.abc import Mapping, Sequence
from datetime import date

from blocks import kit
from blocks.forms import choices
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from bot.handoffs import Handoff
from bot.nudges import Shift
from bot.playbook import Playbook, label_of


def sign_view(handoff: Handoff, today: date) -> View:
    """When did the customer sign? Today by default."""
    blocks = [
        kit.section(f"{kit.escape(handoff.customer)} signed. The clocks of the handoff start with the signature."),
        kit.field_input("signed_on", "Contract signed on", kit.date_input(today.isoformat()), optional=False),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal("Contract signed", blocks, callback_id=Id.SIGN_SUBMIT, submit="Save", close="Cancel", metadata=ref)


def deal_view(handoff: Handoff, playbook: Playbook) -> View:
    """The facts of the deal that are not in the document."""
    close = handoff.expected_close.isoformat() if handoff.expected_close else ""
    facts = {"segment": handoff.segment, "timing_model": handoff.timing_model, "expected_close": close}
    return _deal_form(handoff, playbook, facts)


def moving_view(handoff: Handoff, playbook: Playbook, typed: Mapping[str, str], moved: Sequence[Shift]) -> View:
    """The same with what was typed, and the deadlines that it moves: asked before it is done."""
    lines = "\n".join(f"• {_shift(shift)}" for shift in moved)
    label = kit.escape(label_of(playbook.timing_models, typed["timing_model"]))
    what = "these deadlines" if len(moved) > 1 else "this deadline"
    asked = f":warning: *{label}* moves {what}:\n{lines}\nPress *Change and move* if that is right."
    return _deal_form(handoff, playbook, typed, kit.section(asked))


def confirmation(typed: Mapping[str, str]) -> str:
    """What was asked about, so that only that is confirmed."""
    return " ".join(typed.get(field, "") for field in ("segment", "timing_model", "expected_close"))


def _shift(shift: Shift) -> str:
    before, after = (kit.moment(side) if side else "no date" for side in (shift.before, shift.after))
    return f"*{kit.escape(shift.rule.label)}*: {before} → {after}"


def _deal_form(handoff: Handoff, playbook: Playbook, facts: Mapping[str, str], asked: Block | None = None) -> View:
    segment = kit.select(choices(playbook.segments), facts["segment"])
    blocks = [
        *([asked] if asked else []),
        kit.field_input("segment", "Segment", segment, optional=False),
        timing_input(playbook, facts["timing_model"]),
        kit.field_input("expected_close", "Expected close date", kit.date_input(facts.get("expected_close", ""))),
    ]
    ref = Ref(handoff=handoff.id, choice=confirmation(facts) if asked else "").pack()
    submit = "Change and move" if asked else "Save"
    return kit.modal("Change deal", blocks, callback_id=Id.DEAL_SAVE, submit=submit, close="Cancel", metadata=ref)


def timing_input(playbook: Playbook, chosen: str) -> Block:
    """The timing models, each with its trigger, what speaks for it and what against."""
    models = [kit.option(model.label, model.id, model.in_one_line) for model in playbook.timing_models]
    return kit.field_input("timing_model", "Timing model", kit.radio(models, chosen), optional=False)


def cancel_view(handoff: Handoff, playbook: Playbook) -> View:
    """Why does this handoff end?"""
    blocks = [
        kit.section(f"{kit.escape(handoff.customer)} stays on record and can be reopened."),
        kit.field_input("reason", "Reason", kit.select(choices(playbook.cancel_reasons)), optional=False),
        kit.field_input("words", "In your words", kit.text_input(multiline=True)),
    ]
    ref = Ref(handoff=handoff.id).pack()
    return kit.modal(
        "Cancel handoff", blocks, callback_id=Id.CANCEL_SUBMIT, submit="Cancel handoff", close="Keep it", metadata=ref
    )
