"""The App Home tab: my handoffs and what I owe."""

from collections.abc import Sequence

from blocks import kit
from blocks.cards import move_button
from blocks.finding import Sight, summary
from blocks.ids import Id
from blocks.kit import Block, View
from bot.steps import Move, next_step

_SHOWN = 30


def home_view(rows: Sequence[Sight], me: str) -> View:
    """What `me` owes first, the most urgent before the others, then the rest of `me`'s handoffs."""
    owed = sorted((row for row in rows if _owes(row, me)), key=lambda row: row.first_due)
    rest = [row for row in rows if row not in owed]
    start = kit.actions(kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY))
    blocks: list[Block] = [kit.header("Your handoffs"), start]
    if not rows:
        words = "You have no handoffs yet. Start one when a deal will probably close: Baton makes its channel."
        return kit.home([*blocks, kit.section(words)])
    for title, part in (("Yours to do", owed), ("Going on", rest)):
        if part:
            blocks += [kit.divider(), kit.section(f"*{title}*")]
            for row in part[:_SHOWN]:
                writes = part is owed and me == row.handoff.ae and row.handoff.is_live
                move = Move.EDIT if writes else Move.VIEW
                blocks.append(kit.section(summary(row), move_button(move, row.handoff)))
    return kit.home(blocks)


def _owes(row: Sight, me: str) -> bool:
    step = next_step(row.handoff, row.playbook)
    return any(watch.is_owed and watch.owner == me for watch in row.watches) or (
        step.owner == me and row.handoff.is_live
    )
