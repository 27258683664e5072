"""Finding a handoff: help, the list, one status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from blocks import kit
from blocks.cards import move_button, stage_words
from blocks.deadlines import clock_lines
from blocks.ids import Id, Ref
from blocks.kit import Block
from blocks.pages import pager
from bot.handoffs import Handoff
from bot.nudges import NEVER, Watch
from bot.playbook import Playbook
from bot.steps import Move, next_step

COMMANDS = (
    ("start [customer]", "start a handoff"),
    ("mine", "what I owe, the most urgent first"),
    ("why [customer]", "the deadlines, their clocks, and when Baton reminds whom"),
    ("list", "my handoffs first, then all others"),
    ("status [customer]", "where it stands and who owes the next step"),
    ("view [customer]", "read the document"),
    ("ask [customer]", "ask about a section or an answer"),
    ("questions [customer]", "what was asked and answered"),
    ("promises [customer, mine or overdue]", "what was promised, and how it stands"),
    ("escalate [customer]", "let the leaders decide"),
    ("meetings [customer]", "schedule, move and note the meetings, and the first contact"),
    ("introduce [customer]", "draft the warm introduction"),
    ("contact [customer]", "note the first contact with the customer"),
    ("edit [customer]", "write the document"),
    ("signed [customer]", "note that the contract is signed"),
    ("submit [customer]", "send the document to the CSM"),
    ("accept [customer]", "take the customer over"),
    ("return [customer]", "send the document back with the gaps named"),
    ("assign [customer]", "name the CSM, with a suggestion"),
    ("owners [customer]", "name another AE, CSM or SE"),
    ("who [customer]", "who is who, and who owns what before and after"),
    ("deal [customer]", "correct segment, timing model or expected close"),
    ("complete [customer]", "end the handoff: the customer is with CS for good"),
    ("feedback [customer]", "say what was missing or untrue in the document"),
    ("survey [customer]", "note what the customer had to explain again, and how satisfied they are"),
    ("keep [customer]", "keep the channel of a completed handoff as it is"),
    ("history [customer]", "who changed what, and when"),
    ("export [customer]", "get the document as a Markdown file"),
    ("cancel [customer]", "end a handoff: the deal is lost"),
    ("reopen [customer]", "take a cancelled or completed handoff up again"),
    ("metrics [period, csm:name, team:name, by csm]", "the six figures, and the deals behind each"),
    ("settings", "how reminders reach me, and when I work"),
    ("away [until 2026-12-01 or back]", "be away with a colleague who covers, or be back"),
    ("digest [preview]", "when the weekly digest comes, and how it would look (leaders and admins)"),
    ("lessons [month]", "what a month says of the playbook, and what to change (leaders and admins)"),
    ("deals [import]", "closed deals without a handoff, and those of your CRM (leaders and admins)"),
    ("teams", "who belongs to which team, for the figures (admins)"),
    ("setup", "people, channels and habits of this workspace (admins)"),
    ("help", "this list"),
)
PER_PAGE = 15


def help_blocks() -> list[Block]:
    """What `/handoff` can do."""
    lines = "\n".join(f"• `/handoff {command}` — {words}" for command, words in COMMANDS)
    start = kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY)
    tip = "In a customer's channel you need not name the customer."
    return [
        kit.section(f"*Baton hands a customer from Sales to Customer Success.*\n{lines}"),
        kit.context(tip),
        kit.actions(start),
    ]


@dataclass(frozen=True)
class Sight:
    """A handoff as it stands at a moment, with its practice and its clocks."""

    handoff: Handoff
    playbook: Playbook
    watches: Sequence[Watch]
    now: datetime

    @property
    def first_due(self) -> datetime:
        """When the most urgent thing is due; far away when nothing is."""
        owed = (due for watch in self.watches if watch.is_owed and (due := watch.due(self.now)))
        return min(owed, default=NEVER)


def status_blocks(sight: Sight) -> list[Block]:
    """One handoff in brief, with its buttons."""
    handoff = sight.handoff
    buttons = (move_button(move, handoff) for move in (Move.VIEW, Move.WHY, Move.HISTORY))
    owners = f"AE {kit.person(handoff.ae)} · CSM {kit.person(handoff.csm)}"
    return [kit.section(f"{summary(sight)}\n{owners}"), kit.actions(*buttons)]


def list_blocks(rows: Sequence[Sight], me: str, page: int, total: int) -> list[Block]:
    """A page of handoffs, mine first."""
    if not rows:
        start = kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY)
        return [
            kit.section("There is no handoff here that you may see yet."),
            kit.actions(start),
        ]
    mine = [kit.section(summary(row)) for row in rows if me in row.handoff.people]
    others = [kit.section(summary(row)) for row in rows if me not in row.handoff.people]
    blocks = [*_headed("Your handoffs", mine), *_headed("Other handoffs", others)]
    return [*blocks, *pager(Ref(page=page, below=Id.LIST_PAGE), more=(page + 1) * PER_PAGE < total)]


def summary(sight: Sight) -> str:
    """Customer, stage, next step, what is overdue or put off, and what is due first."""
    handoff = sight.handoff
    step = next_step(handoff, sight.playbook)
    channel = f" · <#{handoff.channel.id}>" if handoff.channel.id else ""
    owes = f" — {kit.person(step.owner)}" if step.owner else ""
    lines = [f"*{kit.escape(handoff.customer)}* · {stage_words(handoff)}{channel}", f"Next: {step.words}{owes}"]
    pressing = max(sight.now, sight.first_due)
    for watch in sight.watches:
        due = watch.due(sight.now)
        if due and (due <= pressing or watch.entry.pause):
            lines += clock_lines(watch, sight.now)
    return "\n".join(lines)


def _headed(title: str, blocks: list[Block]) -> Iterable[Block]:
    return [kit.header(title), *blocks] if blocks else []
