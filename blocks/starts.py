"""The form that starts a handoff."""

from blocks import kit
from blocks.forms import choices, element_of
from blocks.ids import Id
from blocks.kit import View
from bot.deals import DEAL_DATES, OWNER_LABELS
from bot.playbook import Playbook

_OVERVIEW = ("company_name", "website", "segment", "contract_value", "currency")


def start_view(playbook: Playbook, customer: str, caller: str) -> View:
    """Everything that is known when a deal will probably close; the caller is the AE unless another is chosen."""
    overview = playbook.section("company_overview")
    known = overview.by_id if overview else {}
    first = {"company_name": customer, "currency": playbook.currencies[0]}
    blocks = []
    for name in _OVERVIEW:
        if name == "segment":
            element, label = kit.select(choices(playbook.segments), placeholder="How big is the deal?"), "Segment"
        else:
            element, label = element_of(playbook, known[name], first.get(name, "")), known[name].label
        blocks.append(
            kit.field_input(name, label, element, optional=name not in ("company_name", "segment", "currency"))
        )
    timing = [kit.option(model.label, model.id, model.in_one_line) for model in playbook.timing_models]
    blocks.append(
        kit.field_input("timing_model", "Timing model", kit.radio(timing, timing[0]["value"]), optional=False)
    )
    blocks += [kit.field_input(field.id, field.label, kit.date_input(), hint=field.hint) for field in DEAL_DATES]
    for role, label in OWNER_LABELS.items():
        element = kit.person_select(caller if role == "ae" else None)
        blocks.append(kit.field_input(role, label, element, optional=role != "ae"))
    return kit.modal("Start a handoff", blocks, callback_id=Id.START_SUBMIT, submit="Start", close="Cancel")
