"""The form that starts a handoff."""

from collections.abc import Mapping

from blocks import kit
from blocks.cards import move_button
from blocks.contracts import timing_input
from blocks.forms import choices, element_of
from blocks.ids import Id, Ref
from blocks.kit import Block, View
from blocks.responsibilities import responsibilities
from bot.deals import DEAL_DATES, OWNER_LABELS
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.steps import Move

_NOTHING = Ref()
_OVERVIEW = ("company_name", "website", "segment", "contract_value", "currency")


def start_view(playbook: Playbook, known: Mapping[str, str], live: Handoff | None = None, ref: Ref = _NOTHING) -> View:
    """Everything that is known when a deal will probably close; `known`: by field. `live`: the handoff that this
    customer has already."""
    overview = playbook.section("company_overview")
    fields = overview.by_id if overview else {}
    first = {"currency": playbook.currencies[0]} | dict(known)
    blocks = [_live_already(live)] if live else []
    for name in _OVERVIEW:
        if name == "segment":
            sizes = choices(playbook.segments)
            element, label = kit.select(sizes, first.get(name, ""), "How big is the deal?"), "Segment"
        else:
            element, label = element_of(playbook, fields[name], first.get(name, "")), fields[name].label
        blocks.append(
            kit.field_input(name, label, element, optional=name not in ("company_name", "segment", "currency"))
        )
    blocks.append(timing_input(playbook, playbook.timing_models[0].id))
    blocks += [
        kit.field_input(one.id, one.label, kit.date_input(first.get(one.id, "")), hint=one.hint) for one in DEAL_DATES
    ]
    for role, label in OWNER_LABELS.items():
        element = kit.person_select(first.get(role))
        blocks.append(kit.field_input(role, label, element, optional=role != "ae"))
    blocks += responsibilities(playbook)
    return kit.modal(
        "Start a handoff", blocks, callback_id=Id.START_SUBMIT, submit="Start", close="Cancel", metadata=ref.pack()
    )


def _live_already(live: Handoff) -> Block:
    where = f" in <#{live.channel.id}>" if live.channel.id else ""
    text = f":warning: *{kit.escape(live.customer)}* has a live handoff already{where}: {live.stage.clause}."
    return kit.section(text, move_button(Move.VIEW, live))
