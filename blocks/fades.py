"""The fade plan with its dates, and the word to a leader when the AE disappears instead."""

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import Block
from blocks.values import place
from bot.fades import left_open, plan
from bot.handoffs import Handoff
from bot.playbook import Playbook

_SHOWN = 5


def fade_plan(handoff: Handoff, playbook: Playbook) -> list[str]:
    """From the introduction on: until when which phase lasts (what is over is struck through), and what that means."""
    phases = plan(handoff, playbook)
    if not phases:
        return []
    words = [f"{kit.escape(phase.label)} until {kit.day(phase.until)}" for phase in phases]
    marked = (f"~{one}~" if phase.is_over else one for one, phase in zip(words, phases, strict=True))
    ae, last = kit.person(handoff.ae), kit.day(phases[-1].until)
    now = next((kit.escape(phase.label) for phase in phases if not phase.is_over), None)
    means = (
        f"*Now:* {now}. {ae} is reachable until {last}." if now else f"{ae} has faded, and was reachable until {last}."
    )
    return [f"*Fade plan:* {' → '.join(marked)}", means]


def silence(handoff: Handoff, playbook: Playbook, silent: str) -> list[Block]:
    """To a leader: questions stay open although the AE who is `silent` should still be there. Redrawn when they are
    not, or have another AE."""
    customer, ae, csm = kit.escape(handoff.customer), kit.person(silent), kit.person(handoff.csm)
    ref = Ref(handoff=handoff.id).pack()
    view = kit.button("View document", Id.DOCUMENT_VIEW, ref)
    waiting = left_open(handoff) if silent == handoff.ae else []
    if not waiting:
        return [kit.section(f"Of *{customer}* no late answer is with {ae} any more."), kit.actions(view)]
    count = f"{len(waiting)} questions" if len(waiting) > 1 else "a question"
    lead = f":ghost: {ae} has left {count} about *{customer}* unanswered, after the customer met {csm}."
    lines = (
        f"• {kit.escape(place(playbook, one.about))}, asked {kit.moment(one.asked_at)}" for one in waiting[:_SHOWN]
    )
    why = "An AE should fade, not disappear: what nobody answers now, the customer has to explain again."
    questions = kit.button("Questions", Id.QUESTIONS_OPEN, ref, kit.Style.PRIMARY)
    owners = kit.button("Change owners", Id.OWNERS_OPEN, ref)
    return [kit.section(lead), kit.section("\n".join(lines)), kit.context(why), kit.actions(questions, view, owners)]
