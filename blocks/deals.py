"""The closed deals: how many are known, and those that nobody has started a handoff for."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from blocks.pages import pager
from bot.deals import Waiting
from bot.playbook import Playbook, label_of

PER_PAGE = 15


def deals_view(
    playbook: Playbook, closed: int, waiting: int, deals: Sequence[Waiting], zone: str, page: int = 0
) -> View:
    """A page of those without a handoff, the newest first; `closed` and `waiting` are how many there are, and `zone`
    (IANA) says on which day."""
    here = Ref(below=Id.DEALS_OPEN, page=page)
    many = kit.button("Import a CSV file", Id.DEALS_IMPORT_OPEN, here.pack())
    blocks = [kit.section(_summary(closed, waiting), many)]
    if deals:
        blocks.append(kit.divider())
    for deal in deals:
        value = here.model_copy(update={"deal": deal.id}).pack()
        label = f"Start a handoff for {deal.customer}"
        more = kit.overflow(Id.DEAL_TAKE_OFF, [kit.option("Take off the list", value, "Not won after all")])
        start = kit.button("Start a handoff", Id.START_OPEN, value, label=label)
        blocks += [kit.section(_line(playbook, deal, zone)), kit.actions(start, more)]
    blocks += pager(here, more=(page + 1) * PER_PAGE < waiting)
    return kit.modal("Closed deals", blocks, metadata=here.pack())


def _summary(closed: int, waiting: int) -> str:
    if not closed:
        return "*No closed deal is known yet.* Import those of your CRM, and the figures count them all."
    deals = f"*{closed:,} closed {'deals are' if closed > 1 else 'deal is'} known.*"
    if not waiting:
        return f"{deals} Each has a handoff."
    return f"{deals}\n{waiting:,} of them {'have' if waiting > 1 else 'has'} no handoff, the newest first:"


def _line(playbook: Playbook, deal: Waiting, zone: str) -> str:
    people = [f"{role} {kit.person(user)}" for role, user in (("AE", deal.ae), ("CSM", deal.csm)) if user]
    segment = [kit.escape(label_of(playbook.segments, deal.segment))] if deal.segment else []
    facts = [f"Closed {kit.day(deal.closed_at.astimezone(ZoneInfo(zone)).date())}", *segment]
    lines = [f"*{kit.in_brief(deal.customer, 200)}*", " · ".join(facts), *([" · ".join(people)] if people else [])]
    return "\n".join(lines)
