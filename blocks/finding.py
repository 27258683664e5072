"""Finding a handoff: help, the list, one status."""

from collections.abc import Iterable, Sequence

from blocks import kit
from blocks.cards import move_button, stage_words
from blocks.history import pager
from blocks.ids import Id, Ref
from blocks.kit import Block
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.steps import Move, next_step, overdue_words

COMMANDS = (
    ("start [customer]", "start a handoff"),
    ("mine", "what I owe, the most urgent first"),
    ("why [customer]", "the deadlines, their clocks, and when Baton reminds whom"),
    ("list", "my handoffs first, then all others"),
    ("status [customer]", "where it stands and who owes the next step"),
    ("view [customer]", "read the document"),
    ("edit [customer]", "write the document"),
    ("signed [customer]", "note that the contract is signed"),
    ("submit [customer]", "send the document to the CSM"),
    ("accept [customer]", "take the customer over"),
    ("return [customer]", "send the document back with the gaps named"),
    ("owners [customer]", "name another AE, CSM or SE"),
    ("deal [customer]", "correct segment, timing model or expected close"),
    ("history [customer]", "who changed what, and when"),
    ("export [customer]", "get the document as a Markdown file"),
    ("cancel [customer]", "end a handoff: the deal is lost"),
    ("reopen [customer]", "take a cancelled handoff up again"),
    ("settings", "how reminders reach me, and when I work"),
    ("away [until 2026-12-01 or back]", "be away with a colleague who covers, or be back"),
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


def status_blocks(handoff: Handoff, playbook: Playbook) -> list[Block]:
    """One handoff in brief, with its buttons."""
    buttons = (move_button(Move.VIEW, handoff), move_button(Move.HISTORY, handoff))
    owners = f"AE {kit.person(handoff.ae)} · CSM {kit.person(handoff.csm)}"
    return [kit.section(f"{summary(handoff, playbook)}\n{owners}"), kit.actions(*buttons)]


def list_blocks(rows: Sequence[tuple[Handoff, Playbook]], me: str, page: int, total: int) -> list[Block]:
    """A page of handoffs, mine first."""
    if not rows:
        start = kit.button("Start a handoff", Id.START_OPEN, style=kit.Style.PRIMARY)
        return [
            kit.section("There is no handoff here that you may see yet."),
            kit.actions(start),
        ]
    mine = [kit.section(summary(*row)) for row in rows if me in row[0].people]
    others = [kit.section(summary(*row)) for row in rows if me not in row[0].people]
    blocks = [*_headed("Your handoffs", mine), *_headed("Other handoffs", others)]
    return [*blocks, *pager(Ref(page=page, below=Id.LIST_PAGE), more=(page + 1) * PER_PAGE < total)]


def summary(handoff: Handoff, playbook: Playbook) -> str:
    """Customer, stage, next step and what is overdue."""
    step = next_step(handoff, playbook)
    channel = f" · <#{handoff.channel.id}>" if handoff.channel.id else ""
    owes = f" — {kit.person(step.owner)}" if step.owner else ""
    late = "".join(f"\n:warning: Overdue: {kit.escape(words)}" for words in overdue_words(handoff, playbook))
    return f"*{kit.escape(handoff.customer)}* · {stage_words(handoff)}{channel}\nNext: {step.words}{owes}{late}"


def _headed(title: str, blocks: list[Block]) -> Iterable[Block]:
    return [kit.header(title), *blocks] if blocks else []
