"""The form that names other owners."""

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from bot.deals import OWNER_LABELS
from bot.handoffs import Handoff


def owners_view(handoff: Handoff, parent: str = "") -> View:
    """AE, CSM and SE as they are now. `parent`: the view below, to be redrawn."""
    now = {"ae": handoff.ae, "csm": handoff.csm, "se": handoff.se}
    blocks = [
        kit.field_input(role, label, kit.person_select(now[role]), optional=role != "ae")
        for role, label in OWNER_LABELS.items()
    ]
    ref = Ref(handoff=handoff.id, parent=parent).pack()
    return kit.modal("Change owners", blocks, callback_id=Id.OWNERS_SAVE, submit="Save", close="Cancel", metadata=ref)
