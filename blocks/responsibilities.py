"""Who owns what, Sales before the customer passes over and CS after it: the practice's table in a few lines."""

from blocks import kit
from blocks.kit import Block
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.steps import is_with_cs


def responsibilities(playbook: Playbook, handoff: Handoff | None = None) -> list[Block]:
    """The table, with a handoff also the people and whose turn it is; nothing where the practice has no table."""
    if not playbook.responsibilities:
        return []
    lines = ["*Who owns what:* Sales first → CS from the handover on"]
    if handoff:
        side = "CS" if is_with_cs(handoff, playbook) else "Sales"
        sales, cs = f"Sales ({kit.person(handoff.ae)})", f"CS ({kit.person(handoff.csm)})"
        lines = [f"*Who owns what:* {sales} → {cs}. Now it is with *{side}*."]
    lines += [
        f"• *{kit.escape(one.topic)}:* {kit.escape(one.sales)} → {kit.escape(one.cs)}"
        for one in playbook.responsibilities
    ]
    return [kit.section("\n".join(lines))]
