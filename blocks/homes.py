"""The App Home tab: my handoffs and what I owe."""

from collections.abc import Sequence

from blocks import kit
from blocks.cards import move_button
from blocks.finding import summary
from blocks.ids import Id
from blocks.kit import Block, View
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.steps import Move, next_step

_SHOWN = 30


def home_view(rows: Sequence[tuple[Handoff, Playbook]], me: str) -> View:
    """What `me` owes first, then the rest of `me`'s handoffs."""
    owed = [row for row in rows if next_step(*row).owner == me and row[0].is_live]
    rest = [row for row in rows if row not in owed]
    start = kit.actions(kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY))
    blocks: list[Block] = [kit.header("Your handoffs"), start]
    if not rows:
        words = "You have no handoffs yet. Start one when a deal will probably close: Baton makes its channel."
        return kit.home([*blocks, kit.section(words)])
    for title, part in (("Yours to do", owed), ("Going on", rest)):
        if part:
            blocks += [kit.divider(), kit.section(f"*{title}*")]
            for handoff, playbook in part[:_SHOWN]:
                move = Move.EDIT if (handoff, playbook) in owed and me == handoff.ae else Move.VIEW
                blocks.append(kit.section(summary(handoff, playbook), move_button(move, handoff)))
    return kit.home(blocks)
