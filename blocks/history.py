"""The history of a handoff: who, when, what changed, newest first."""

from collections.abc import Sequence

from blocks import kit
from blocks.ids import Id, Ref
from blocks.kit import View
from blocks.lines import changes, line
from blocks.pages import pager
from bot.events import Event, SectionSaved
from bot.handoffs import Handoff
from bot.playbook import Playbook
from bot.questions import QuestionAnswered, QuestionAsked

PER_PAGE = 15


def history_view(handoff: Handoff, playbook: Playbook, events: Sequence[Event], page: int, *, sensitive: bool) -> View:
    """One page of the history."""
    newest = list(reversed(events))[page * PER_PAGE : (page + 1) * PER_PAGE]
    blocks = [kit.context(f"{kit.escape(handoff.customer)} · {len(events)} entries, newest first")]
    for event in newest:
        blocks.append(kit.section(f"{kit.moment(event.at)}\n{line(event, playbook)}"))
        if isinstance(event, SectionSaved) and (said := changes(event, playbook, sensitive=sensitive)):
            blocks.append(kit.rich([kit.said(kit.clip("\n".join(said), kit.MAX_TEXT))]))
        if isinstance(event, QuestionAsked | QuestionAnswered) and playbook.is_sensitive(event.about) and sensitive:
            blocks.append(kit.rich([kit.said(event.words)]))
    blocks += pager(Ref(handoff=handoff.id, page=page, below=Id.HISTORY_OPEN), more=(page + 1) * PER_PAGE < len(events))
    return kit.modal("History", blocks)
