"""The App Home tab: my handoffs and what I owe."""

from collections.abc import Sequence
from datetime import datetime

from blocks import kit
from blocks.cards import move_button
from blocks.finding import Sight, summary
from blocks.ids import Id
from blocks.kit import Block, View
from blocks.nudges import mine
from bot.handoffs import Stage
from bot.nudges import Watch
from bot.steps import Move, next_step

_SHOWN = 25


def home_view(rows: Sequence[Sight], owed: Sequence[Watch], me: str, now: datetime, total: int) -> View:
    """What `me` owes (`total` things in all), then `me`'s handoffs: those with the next step first."""
    start = kit.actions(kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY))
    blocks: list[Block] = [kit.header("Your handoffs"), start]
    if owed:
        blocks += [kit.divider(), *mine(owed, me, now, total)]
    elif not rows:
        words = "You have no handoffs yet. Start one when a deal will probably close: Baton makes its channel."
        return kit.home([*blocks, kit.section(words)])
    to_do = sorted((row for row in rows if _is_next(row, me)), key=lambda row: row.first_due)
    for title, part in (("Yours to do", to_do), ("Going on", [row for row in rows if row not in to_do])):
        if part:
            blocks += [kit.divider(), kit.section(f"*{title}*")]
            for row in part[:_SHOWN]:
                move = Move.EDIT if part is to_do and me == row.handoff.ae and row.handoff.is_live else Move.VIEW
                blocks.append(kit.section(summary(row), move_button(move, row.handoff)))
    return kit.home(blocks)


def _is_next(row: Sight, me: str) -> bool:
    return next_step(row.handoff, row.playbook).owner == me and row.handoff.stage is not Stage.CANCELLED
